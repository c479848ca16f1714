"""The invented city: the same bytes for the same seed, and a truth that accounts for every row of every file."""

import csv
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from oblik.demo.city import DemoCity, make_city, read_city
from oblik.demo.truth import Truth, all_pairs, read_truth, tellable_pairs, with_tellable
from oblik.intake.formats import read_sheets
from oblik.intake.logic.cleaning import clean_table
from oblik.intake.logic.tables import understand

PROFILES = ("default", "other")
SMALL = 400


@pytest.fixture(scope="module", params=PROFILES)
def small(request, tmp_path_factory) -> DemoCity:
    return make_city(tmp_path_factory.mktemp(request.param), seed=7, cameras=SMALL, profile=request.param)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> DemoCity:
    return make_city(tmp_path_factory.mktemp("whole"))


def sums(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_seed_gives_the_same_bytes_in_every_file(tmp_path, profile):
    for name in ("first", "second"):
        make_city(tmp_path / name, seed=3, cameras=150, profile=profile)
    assert sums(tmp_path / "first") == sums(tmp_path / "second")


def test_the_bytes_do_not_hang_on_the_order_of_hashes(tmp_path):
    code = (
        "import sys, pathlib; from oblik.demo.city import make_city; make_city(pathlib.Path(sys.argv[1]), cameras=80)"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / seed)], check=True, env=os.environ | {"PYTHONHASHSEED": seed}
        )
    assert sums(tmp_path / "1") == sums(tmp_path / "2")


def test_another_seed_gives_another_city_in_every_list(tmp_path):
    a, b = (make_city(tmp_path / str(seed), seed=seed, cameras=150) for seed in (1, 2))
    assert all(x.path.read_bytes() != y.path.read_bytes() for x, y in zip(a.files, b.files, strict=True))


def test_the_profiles_differ_in_formats_streets_and_sharing(tmp_path):
    a, b = (make_city(tmp_path / p, cameras=300, profile=p) for p in PROFILES)
    kept_the_same = {(f.owner, f.path.suffix) for f in a.files} & {(f.owner, f.path.suffix) for f in b.files}
    assert len(kept_the_same) <= 1
    assert a.tables[1].read_text() != b.tables[1].read_text()


def test_a_city_of_the_usual_size_has_the_promised_numbers(whole):
    truth = read_truth(whole.directory)
    lists: dict[str, set[str]] = {}
    for row in truth.rows:
        if row.camera:
            lists.setdefault(row.camera, set()).add(row.file)
    shares = Counter(min(len(files - {"surveillance.osm"}), 3) for files in lists.values())
    assert 3450 <= len(lists) <= 3500
    assert len(whole.owners) >= 8 and len(whole.files) == 10
    assert 0.30 < shares[2] / len(lists) < 0.40
    assert 0.06 < shares[3] / len(lists) < 0.14
    assert 24_000 < len(whole.tables[0].read_text().splitlines()) < 26_000
    assert 38 <= len(whole.tables[1].read_text().splitlines()) - 1 <= 42


def test_the_truth_names_every_row_that_the_readers_see(small):
    truth = read_truth(small.directory)
    for file in small.files:
        told = {(r.sheet, r.row) for r in truth.rows if r.file == file.path.name}
        seen = {
            (sheet.name, number)
            for sheet in read_sheets(file.path)
            for number in (sheet.numbers[1:] if sheet.named else sheet.numbers)
        }
        assert told == seen, file.path.name


def test_one_owner_measured_its_lenses_and_the_reader_understands_it(whole):
    (file,) = (one for one in whole.files if one.owner == "DCT")
    cleaned = clean_table(understand(read_sheets(file.path)[0]))
    columns = [cleaned.values[name] for name in ("hfov_deg", "tilt_deg", "width_px", "height_px")]
    known = [line for line in zip(*columns, strict=True) if all(isinstance(value, int | float) for value in line)]
    assert len(known) > len(cleaned) / 2
    assert all(50 <= hfov <= 110 and 1 <= tilt <= 45 and width > height for hfov, tilt, width, height in known)


def test_no_row_is_told_twice_save_for_its_parts(small):
    rows = read_truth(small.directory).rows
    assert len({row.key for row in rows}) == len(rows)
    by_row: dict[tuple[str, str, int], list[int]] = {}
    for row in rows:
        by_row.setdefault(row.key[:3], []).append(row.part)
    assert all(sorted(parts) == list(range(1, len(parts) + 1)) for parts in by_row.values())


def test_rows_that_are_no_cameras_say_why(small):
    rows = read_truth(small.directory).rows
    notes = {row.note for row in rows if not row.camera}
    assert notes <= {"title", "header", "section", "total", "legend", "hidden", "blank", "broken"}
    assert {"title", "header", "total", "hidden", "broken"} <= notes
    assert not any(row.tellable for row in rows if not row.camera)


def test_text_files_hold_their_encodings(small):
    for file in small.files:
        raw = file.path.read_bytes()
        if file.path.suffix == ".csv":
            assert ";" in raw.decode("cp1251")
            with pytest.raises(UnicodeDecodeError):
                raw.decode("utf-8")
        elif file.path.suffix == ".txt":
            assert raw[:2] == b"\xff\xfe" and "\t" in raw.decode("utf-16")
        elif file.path.suffix in (".geojson", ".kml", ".osm"):
            raw.decode("utf-8")


def test_nothing_bears_the_name_of_a_real_city(whole, small):
    real = re.compile(
        r"київ|харків|харьков|одес|львів|львов|дніпр|днепр|полтав|сум[сиы]|запоріж|вінниц|черніг|кременчу|кобеляк|ladyzhyn|"
        r"ладижин|москв|донец|луган|миколаїв|херсон|kyiv|kharkiv|маріупол|ужгород|житомир|рівне\b|луцьк",
        re.IGNORECASE,
    )
    for city in (whole, small):
        for table in (*city.tables, city.directory / "city.toml", city.directory / "evidence.csv"):
            assert not real.search(table.read_text(encoding="utf-8")), table.name
        for file in city.files:
            for sheet in read_sheets(file.path):
                text = "\n".join(" ".join(row) for row in sheet.rows)
                assert not real.search(text), (file.path.name, real.search(text))


def test_the_manifest_gives_back_the_city(small):
    assert read_city(small.directory) == small
    assert all(file.path.exists() for file in (*small.files, *small.updates))
    assert {file.owner for file in small.files} == {owner.code for owner in small.owners}


def test_the_newer_list_tells_what_changed(small):
    update = small.updates[0]
    truth = read_truth(update.path.parent)
    with (update.path.parent / "changes.csv").open(encoding="utf-8", newline="") as source:
        changes = list(csv.DictReader(source))
    listed = {row.camera for row in truth.rows if row.camera}
    before = {
        row.camera for row in read_truth(small.directory).rows if row.file in [f.path.name for f in small.files[:1]]
    }
    vanished = {change["camera"] for change in changes if change["what"] == "vanished"}
    new = {change["camera"] for change in changes if change["what"] == "new"}
    assert {"changed", "vanished", "new"} == {change["what"] for change in changes}
    assert new <= listed and not new & before
    once = Counter(row.camera for row in read_truth(small.directory).rows if row.file == small.files[0].path.name)
    assert all(camera not in listed for camera in vanished if once[camera] == 1)
    told = {(row.sheet, row.row) for row in truth.rows}
    assert told == {(sheet.name, n) for sheet in read_sheets(update.path) for n in sheet.numbers}


def test_less_mess_leaves_fewer_faults(tmp_path):
    clean, messy = (
        read_truth(make_city(tmp_path / str(mess), seed=5, cameras=SMALL, mess=mess).directory) for mess in (0.0, 2.0)
    )
    assert not any(row.note in ("broken", "duplicate", "several") for row in clean.rows)
    assert share_told(clean) > share_told(messy)


def share_told(truth: Truth) -> float:
    return len(tellable_pairs(truth)) / len(all_pairs(truth))


def test_what_is_tellable_can_be_decided_again_from_the_files(small):
    truth = read_truth(small.directory)
    assert [r.tellable for r in with_tellable(truth).rows] == [r.tellable for r in truth.rows]


def test_too_small_a_city_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 50"):
        make_city(tmp_path, cameras=10)
