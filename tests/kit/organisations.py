"""A small city of organisations whose every word betrays them: what one must not see of another is easy to find.

ALF keeps alfa words, BRV bravo words, CHL charlie words. BRV hands in first, so that a camera that both list stands on
its books. `grow` adds CHL with more cameras than the others have, afterwards: no number of the others changes by it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.intake import queries as intake
from oblik.intake.actions import lists, matching, uploads
from oblik.intake.jobs import KINDS, start_job, work_off
from oblik.inventory import actions as inventory
from oblik.inventory import queries as counts
from oblik.registry import actions as registry
from oblik.registry import queries as cameras

BY = Actor("console", "test")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLUMNS = (
    "№",
    "Інв. номер",
    "Назва",
    "Адреса",
    "Район",
    "Широта",
    "Довгота",
    "Тип",
    "Серійний номер",
    "MAC",
    "Призначення",
)


@dataclass
class Organisations:
    """codes: owner -> the cameras on its books. shared: one of BRV that ALF lists too. lists: owner -> submission.
    records: owner -> the first row of it. desk: owner -> a file on the desk. jobs: owner -> work on it, done."""

    codes: dict[str, list[str]] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    desk: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    shared: str = ""


def row(word: str, number: int, **changed: str) -> dict[str, str]:
    """The n-th camera of an organisation; only its words tell whose it is."""
    place = sum(word.encode()) % 50
    told = {
        "№": str(number + 1),
        "Інв. номер": f"{word}-inv-{number}",
        "Назва": f"{word} камера {number}",
        "Адреса": f"вул. {word.capitalize()}івська, {number + 1}",
        "Район": f"{word} район",
        "Широта": f"{49 + place / 500 + number / 900:.6f}",
        "Довгота": f"{34 + place / 300 + number / 700:.6f}",
        "Тип": "купольна",
        "Серійний номер": f"{word.upper()}{number:05d}",
        "MAC": f"00:1A:2B:00:{place:02X}:{number:02X}",
        "Призначення": f"{word} нагляд",
    }
    return told | changed


def hand_in(folder: Path, *, owner: str, word: str, rows: list[dict[str, str]], campaign: str = "C1") -> int:
    path = folder / f"{word}-list.csv"
    lines = [";".join(COLUMNS), *(";".join(one[column] for column in COLUMNS) for one in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lists.add_list(path, owner=owner, campaign=campaign, by=BY, at=AT).submission


def lay(folder: Path, made: Organisations, *, owner: str, word: str) -> None:
    """A further list lies on the desk, looked at and not handed in."""
    path = folder / f"{word}-further.csv"
    lines = [";".join(COLUMNS), ";".join(row(word, 40)[column] for column in COLUMNS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    made.desk[owner] = number = uploads.lay(path, owner=owner, campaign="C1", by=BY, at=AT)
    made.jobs[owner] = start_job("look", campaign="C1", owner=owner, args={"upload": number}, by=BY, at=AT)


def build(folder: Path) -> Organisations:
    """Two organisations in one count: BRV with five cameras, ALF with three more and one of BRV's."""
    registry.add_owner("BRV", name="Bravo безпека", kind="private", by=BY, at=AT)
    registry.add_owner("ALF", name="Alfa світло", kind="enterprise", by=BY, at=AT)
    for code, name in (("C1", "Перша"), ("C2", "Друга")):
        inventory.open_campaign(code, name=name, since=AT.date(), until=AT.date(), by=BY, at=AT)
    bravo = [row("bravo", number) for number in range(5)]
    bravo.append(row("bravo", 5, Широта="хтозна", Довгота="де"))
    alfa = [row("alfa", number) for number in range(3)]
    told = {name: bravo[0][name] for name in ("MAC", "Широта", "Довгота", "Тип")}
    alfa.append(row("alfa", 3) | told)
    made = Organisations()
    made.lists["BRV"] = hand_in(folder, owner="BRV", word="bravo", rows=bravo)
    made.lists["ALF"] = hand_in(folder, owner="ALF", word="alfa", rows=alfa)
    lay(folder, made, owner="BRV", word="bravo")
    lay(folder, made, owner="ALF", word="alfa")
    work_off(KINDS)
    matching.run_matching("C1", by=BY, at=AT)
    _look(made)
    rows = counts.rows_of("C1", owner="ALF").lines
    made.records = {owner: counts.rows_of("C1", owner=owner).lines[0].record or 0 for owner in made.lists}
    (made.shared,) = {line.camera for line in rows} & set(made.codes["BRV"])
    return made


def grow(folder: Path, made: Organisations) -> None:
    """CHL comes in with seven cameras of its own; BRV pins a word on one of its cameras."""
    registry.add_owner("CHL", name="Charlie парковки", kind="private", by=BY, at=AT)
    rows = [row("charlie", number) for number in range(7)]
    made.lists["CHL"] = hand_in(folder, owner="CHL", word="charlie", rows=rows)
    matching.run_matching("C1", by=BY, at=AT)
    registry.pin_values(made.codes["BRV"][1], values={"name": "charlie"}, by=BY, at=AT, why="charlie")
    accounts.add_person("charlie-clerk", role="clerk", owner_code="CHL", name="Charlie Clerk")
    _look(made)


def _look(made: Organisations) -> None:
    made.codes.clear()
    for line in cameras.all_cameras():
        made.codes.setdefault(line.owner, []).append(line.code)
    assert all(intake.submission(number).state == "read" for number in made.lists.values())
