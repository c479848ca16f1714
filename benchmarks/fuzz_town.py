"""A small town of two organisations for fuzzing: one's own, and a foreign one whose words must never come out."""

import io
import json
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

PASSWORD = "sorok-dvi-kamery-na-opori"
OWN, FOREIGN = "OWN", "ALIEN"
RECORDS = 24  # of each organisation; the own ones come first
# No request holds one of these, so an answer that does has it from the foreign organisation.
WORDS = ("Zqforeignname", "Zqforeignplace", "ZQ-INV-", "ZQSERIAL", "zq-foreign-list", "Zqreason", "Zqalienowner",
         "zq-person", "Zqdistrict", "Zqpurpose")  # fmt: skip
HEADER = ("Інв. номер", "Назва", "Адреса", "Широта", "Довгота", "Азимут", "Серійний номер", "Район", "Призначення")


@dataclass
class Caller:
    """Somebody who asks: headers that say who, and whether the foreign organisation is theirs to see."""

    name: str
    headers: dict[str, str]
    sees_foreign: bool


@dataclass
class Town:
    """Codes and numbers that exist, by what a parameter is called; those that are foreign; those who ask."""

    known: dict[str, list[str]] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    callers: list[Caller] = field(default_factory=list)


def build(folder: Path, *, seed: int) -> Town:
    """Fills the empty database through the same actions that people use."""
    from oblik.accounts import actions as accounts
    from oblik.base.actors import Actor
    from oblik.base.clock import now
    from oblik.intake.actions import lists, matching
    from oblik.intake.queries import submissions
    from oblik.inventory import actions as inventory
    from oblik.registry import actions as registry
    from oblik.registry.queries import all_cameras

    by, at, rng = Actor("console", "fuzz"), now(), random.Random(seed)
    registry.add_owner(OWN, name="КП «Своє»", kind="enterprise", by=by, at=at)
    registry.add_owner(FOREIGN, name=WORDS[6], kind="private", by=by, at=at)
    for code in ("C-1", "C-2"):
        days = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
        inventory.open_campaign(code, name=f"Облік {code}", by=by, at=at, **days)
    with TemporaryDirectory() as passing:
        for owner, name, rows in _lists(rng):
            path = _written(Path(passing) / name, rows)
            lists.add_list(path, owner=owner, campaign="C-1", by=by, at=at)
    matching.run_matching("C-1", by=by, at=at)
    cameras = {line.code: line.owner for line in all_cameras()}
    foreign = sorted(code for code, owner in cameras.items() if owner == FOREIGN)
    registry.pin_values(foreign[0], values={"note": WORDS[5]}, by=Actor("person", WORDS[7]), at=at, why=WORDS[5])
    for username, role, owner in _people():
        accounts.add_person(username, role=role, password=PASSWORD, owner_code=owner)
    town = Town(foreign=frozenset(foreign))
    own = sorted(set(cameras) - set(foreign))
    numbers = {line.owner: str(line.id) for line in submissions(campaign="C-1")}
    town.known = {
        "code": [*own[:4], *foreign[:4], OWN, FOREIGN, "C-1", "C-2"], "camera": [*own[:4], *foreign[:4]],
        "owner": [OWN, FOREIGN], "campaign": ["C-1", "C-2"], "number": list(numbers.values()),
        "username": ["own-clerk"],
        "record": [str(n) for n in range(1, 60, 7)], "language": ["uk", "en", "ru"], "name": ["5-workbook.xlsx"],
        "text": ["вул", "Садова", "KHA", "0"], "page": ["1", "2"], "sort": ["code", "sources"], "as_of": ["2026-11-23"],
        "subject": [f"camera:{own[0]}", f"camera:{foreign[0]}"], "cursor": [""],
    }  # fmt: skip
    town.callers = list(_callers(town, at=at))
    return town


def _people() -> list[tuple[str, str, str]]:
    return [
        ("own-clerk", "clerk", OWN), ("own-partner", "partner", OWN), ("officer", "officer", ""),
        ("administrator", "administrator", ""), ("auditor", "auditor", ""), ("nobody", "nobody", ""),
        (WORDS[7], "clerk", FOREIGN),
    ]  # fmt: skip


def _lists(rng: random.Random):
    """(owner, file name, rows): the own list, and the foreign one, of which some rows lie beside own cameras."""
    own = [_row(n, rng, foreign=False) for n in range(RECORDS)]
    alien = [_row(n, rng, foreign=True) for n in range(RECORDS)]
    yield OWN, "own-list.csv", own
    yield FOREIGN, "zq-foreign-list.csv", alien


def _row(number: int, rng: random.Random, *, foreign: bool) -> list[object]:
    lat, lon = 49.0 + number / 400, 34.0 + number / 400 + (0.0002 if foreign else 0)
    if foreign:
        words = [f"ZQ-INV-{number}", f"Zqforeignname {number}", f"Zqforeignplace {number}"]
        return [*words, lat + 0.2, lon, number * 13 % 360, f"ZQSERIAL{number:05d}", "Zqdistrict", "Zqpurpose"]
    words = [f"INV-{number}", f"Камера {number}", f"вул. Садова, {number + 1}"]
    return [*words, "х" if number % 11 == 5 else lat, lon, number * 37 % 360, f"SN{number:05d}", "Центр", "огляд"]


def _written(path: Path, rows: list[list[object]]) -> Path:
    lines = [";".join(HEADER), *(";".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _callers(town: Town, *, at):
    from oblik.accounts import tokens
    from oblik.accounts.models import Person
    from oblik.accounts.queries import VERBS, Reach, may
    from oblik.base.actors import Actor

    by = Actor("console", "fuzz")

    def bearer(username: str, reach: Reach | None = None) -> dict[str, str]:
        person = Person.objects.get(username=username)
        verbs = [verb for verb in VERBS if may(person, verb)]
        issued = tokens.issue_token(username, verbs=verbs, days=30, note="fuzz", by=by, at=at, reach=reach)
        return {"Authorization": f"Bearer {issued.token}"}

    yield Caller("stranger", {}, False)
    yield Caller("bad token", {"Authorization": "Bearer oblik_" + "0" * 49}, False)
    yield Caller("clerk's token", bearer("own-clerk"), False)
    yield Caller("partner's token", bearer("own-partner"), False)
    yield Caller("officer's narrowed token", bearer("officer", Reach(owners=frozenset({OWN}))), False)
    yield Caller("administrator's narrowed token", bearer("administrator", Reach(owners=frozenset({OWN}))), False)
    yield Caller("officer's token", bearer("officer"), True)
    yield Caller("administrator's token", bearer("administrator"), True)
    yield Caller("auditor's token", bearer("auditor"), True)
    for username, sees in (("own-clerk", False), ("nobody", False), ("officer", True), ("administrator", True)):
        yield Caller(f"{username}'s browser", {"Cookie": _cookies(username)}, sees)


def _cookies(username: str) -> str:
    """The cookies of a browser in which somebody has signed in and given the second factor."""
    import time

    from django.test import Client

    browser = Client(headers={"host": "localhost"})
    browser.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert "_auth_user_id" in browser.session, username
    session = browser.session
    session["account_authentication_methods"] = [
        *session.get("account_authentication_methods", []),
        {"method": "mfa", "at": time.time(), "type": "totp"},
    ]
    session.save()
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def file_of(body: dict) -> tuple[bytes, str]:
    """A multipart body with its content type."""
    edge, out = "fuzz-edge", io.BytesIO()
    for name, value in body.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        content = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
        if name == "file":
            head += '; filename="list.csv"\r\nContent-Type: text/csv'
        out.write(f"--{edge}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    out.write(f"--{edge}--\r\n".encode())
    return out.getvalue(), f"multipart/form-data; boundary={edge}"


def as_json(body: object) -> bytes:
    return json.dumps(body, default=str).encode("utf-8", "replace")
