"""Secrets planted through every door are found nowhere but behind the verb: files, database, pages, documents, logs."""

import base64
import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment
from tests.kit.leaks import files, leaks

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = (
    "№",
    "Інв. номер",
    "Адреса",
    "Широта",
    "Довгота",
    "MAC",
    "RTSP",
    "Логін",
    "Пароль адміністратора",
    "Примітка",
)
_MORE = {"OBLIK_SECRET_LOOKS": "1000", "DJANGO_SETTINGS_MODULE": "oblik.config.settings"}
_WALK = "import django; django.setup(); from tests.kit import leak_walk; leak_walk.main()"


class Planted:
    """Gives unmistakable words and remembers them."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self, door: str) -> str:
        self.words.append(f"Zq{len(self.words):03d}Xw{door}")
        return self.words[-1]

    def row(self, number: int, door: str) -> list[str]:
        """A camera with secrets in four cells."""
        note = ("дах", f"пароль: {self.word(door)}", f"стара адреса rtsp://x:{self.word(door)}@192.0.2.9/1, дах")[
            number % 3
        ]
        return [
            str(number), f"INV-{door}-{number}", f"вул. Садова, {number}", f"{49 + number / 900:.5f}",
            f"{34 + number / 700:.5f}", f"00:1A:2B:00:{len(door):02X}:{number:02X}",
            f"rtsp://admin:{self.word(door)}@192.0.2.{number}:554/{self.word(door)}", self.word(door), self.word(door),
            note,
        ]  # fmt: skip


def csv(path: Path, rows: list[list[str]], *, encoding: str = "utf-8") -> None:
    path.write_text("\n".join(";".join(row) for row in rows) + "\n", encoding=encoding)


def workbook(path: Path, planted: Planted) -> None:
    book = openpyxl.Workbook()
    for name in ("Камери", "Приховані"):
        sheet = book.create_sheet(name)
        sheet.append([f"Пароль до реєстратора: {planted.word('title')}"])
        sheet.append(COLUMNS)
        for number in range(1, 7):
            sheet.append(planted.row(number, f"xlsx{len(name)}"))
        sheet["A3"].comment = Comment(f"пароль {planted.word('comment')}", "x")
    del book["Sheet"]
    sheet.sheet_state = "hidden"
    book.save(path)


def features(planted: Planted) -> list[dict[str, object]]:
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [34.2 + n / 700, 49.2 + n / 900]},
            "properties": {
                "name": f"Камера {n}", "rtsp": f"rtsp://u:{planted.word('geojson')}@192.0.2.{n}/1",
                "password": planted.word("geojson"), "note": f"login: a password: {planted.word('geojson')}",
            },
        }
        for n in range(1, 6)
    ]  # fmt: skip


def placemarks(planted: Planted) -> str:
    marks = "".join(
        f"<Placemark><name>К{n}</name><description>pass: {planted.word('kml')}</description><ExtendedData>"
        f'<Data name="Пароль"><value>{planted.word("kml")}</value></Data>'
        f'<Data name="RTSP"><value>rtsp://u:{planted.word("kml")}@192.0.2.{n}/1</value></Data></ExtendedData>'
        f"<Point><coordinates>{34.3 + n / 700},{49.3 + n / 900}</coordinates></Point></Placemark>"
        for n in range(1, 6)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'


def document(path: Path, planted: Planted) -> None:
    made = docx.Document()
    made.add_paragraph(f"Пароль від архіву: {planted.word('docx')}")
    table = made.add_table(rows=0, cols=len(COLUMNS))
    for row in (COLUMNS, *(planted.row(n, "docx") for n in range(1, 6))):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made.save(path)


def plant(folder: Path) -> Planted:
    planted = Planted()
    lists = folder / "lists"
    lists.mkdir(parents=True)
    title = [f"Логін та пароль до всіх: {planted.word('title')}", *[""] * (len(COLUMNS) - 1)]
    rows = [planted.row(n, "csv") for n in range(1, 9)]
    csv(lists / "list.csv", [title, list(COLUMNS), *rows])
    newer = [[*row[:8], planted.word("newer"), row[9]] for row in rows]
    csv(lists / "list2.csv", [title, list(COLUMNS), *newer], encoding="utf-16")
    csv(lists / "mapped.csv", [["Адреса", "Широта", "Довгота", "Пароль", "Х"], *[
        [f"вул. Нова, {n}", f"{49.4 + n / 900:.5f}", f"{34.4 + n / 700:.5f}", planted.word("mapped"),
         f"pwd={planted.word('mapped')}"]
        for n in range(1, 6)
    ]], encoding="cp1251")  # fmt: skip
    (lists / "mapping.toml").write_text('[columns]\n"Пароль" = "note"\n"Х" = "model"\n', encoding="utf-8")
    csv(lists / "odd.csv", [["Адреса", "Широта", "Азимут", "IP"], *[
        [f"вул. Стара, {n} rtsp://a:{planted.word('odd')}@h/1", f"пароль {planted.word('odd')}",
         f"логін a пароль {planted.word('odd')}", f"192.0.2.{n} pass:{planted.word('odd')}"] for n in range(1, 6)
    ]])  # fmt: skip
    workbook(lists / "book.xlsx", planted)
    (lists / "points.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features(planted)}), encoding="utf-8"
    )
    (lists / "places.kml").write_text(placemarks(planted), encoding="utf-8")
    document(lists / "list.docx", planted)
    (lists / "broken.xlsx").write_bytes(b"PK\x03\x04 password: " + planted.word("broken").encode())
    pin = planted.word("pin")
    typed = {
        "pinned": {
            "device_password": pin, "device_login": planted.word("pin"), "stream_url": f"rtsp://a:{pin}@192.0.2.1/2",
        },
        "refused": f"пароль {planted.word('refused')}", "guess": planted.word("guess"),
        "broken": planted.word("broken"),
    }  # fmt: skip
    (folder / "typed.json").write_text(json.dumps(typed), encoding="utf-8")
    return planted


@pytest.fixture
def walked(installation, tmp_path):
    """The planted words, what was said, and what the verb showed."""
    planted = plant(tmp_path)
    said = tmp_path / "said"
    done = subprocess.run(
        [sys.executable, "-c", _WALK, str(tmp_path / "lists"), str(said)],
        env=installation.env | _MORE, cwd=ROOT, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    (said / "stderr").write_text(done.stderr)
    return planted, said, done.stdout


def dumped(env: dict[str, str], folder: Path) -> None:
    """What a backup of PostgreSQL holds."""
    url = env.get("OBLIK_DATABASE_URL", "")
    if url.startswith("postgres"):
        tool = shutil.which("pg_dump") or str(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1])
        with (folder / "dump.sql").open("wb") as stream:
            subprocess.run([tool, url], stdout=stream, check=True)


def test_no_planted_secret_stands_anywhere(walked, installation, tmp_path):
    planted, said, shown = walked
    dumped(installation.env, said)
    assert leaks(planted.words, within=files(installation.data, said)) == []
    left = [path for path in Path("/dev/shm").glob("oblik-reading-*") if path.stat().st_mtime > said.stat().st_ctime]
    assert not left
    # The doors were open indeed: what rows told of devices can be looked at.
    told = [word for word in planted.words if word in shown]
    assert {word.partition("Xw")[2] for word in told} >= {
        "csv", "newer", "xlsx6", "geojson", "kml", "docx", "mapped", "odd", "pin",
    }  # fmt: skip
    plant_one_leak_and_be_caught(installation.data, planted.words[0])


def plant_one_leak_and_be_caught(data: Path, word: str) -> None:
    """In a copy of what was just found clean: one row of the database, written and deleted again."""
    database = data / "oblik.sqlite3"
    if not database.is_file():
        return
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE leaked (text)")
        connection.execute("INSERT INTO leaked VALUES (?)", [f"пароль {word}"])
    assert any(word in found for found in leaks([word], within=files(data)))


WORD = "Zq001Xwcsv"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain", f"x {WORD} y".encode()),
        ("utf16", WORD.encode("utf-16")),
        ("base64", base64.b64encode(f"admin:{WORD}".encode())),
        ("gzip", gzip.compress(WORD.encode())),
        ("paper.pdf", b"%PDF-1.7\nstream\n" + zlib.compress(WORD.encode()) + b"\nendstream"),
    ],
    ids=["plain", "utf16", "base64", "gzip", "pdf"],
)
def test_the_search_finds_a_leak_in_each_form(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert leaks([WORD], within=files(tmp_path))


def test_the_search_looks_into_packages_and_databases(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings.xml", f"<t>{WORD}</t>")
    assert leaks([WORD], within=files(tmp_path))
    (tmp_path / "a.xlsx").unlink()
    with sqlite3.connect(tmp_path / "x.sqlite3") as connection:
        connection.execute("CREATE TABLE t (text)")
        connection.execute("INSERT INTO t VALUES (?)", [WORD])
    assert leaks([WORD], within=files(tmp_path))
