"""A town whose second list leaves the model in doubt: the same cameras, no identifier, somewhat beside."""

from datetime import datetime
from pathlib import Path

from tests.kit.lists import camera_row, write_csv

from oblik.base.actors import Actor
from oblik.intake.actions import lists, matching
from oblik.registry.actions import add_owner


def doubtful_row(number: int) -> dict[str, object]:
    """The n-th camera as another owner tells of it: 13 m off, turned by 40 degrees, of another kind, no MAC."""
    changed = {
        "Широта": round(49.0 + number / 900 + 0.00012, 6), "Інв. номер": f"P-{number}", "MAC": "",
        "Азимут": (number * 37 + 40) % 360, "Тип": "поворотна",
    }  # fmt: skip
    return camera_row(number, **changed)


def write_doubts(folder: Path, *, count: int) -> tuple[Path, Path]:
    """Two lists: cameras for certain, four more than `count`, and `count` doubtful rows."""
    sure = write_csv(folder / "kp.csv", [camera_row(number) for number in range(count + 4)])
    return sure, write_csv(folder / "pol.csv", [doubtful_row(number) for number in range(count)])


def hand_in_doubts(folder: Path, *, count: int, by: Actor, at: datetime) -> matching.RunSummary:
    """The two lists handed in by KP and POL in the campaign C1 and matched; each doubtful row becomes a question."""
    add_owner("KP", name="КП «Світло»", kind="enterprise", by=by, at=at)
    add_owner("POL", name="Поліція", kind="state", by=by, at=at)
    sure, doubts = write_doubts(folder, count=count)
    lists.add_list(sure, owner="KP", campaign="C1", by=by, at=at)
    lists.add_list(doubts, owner="POL", campaign="C1", by=by, at=at)
    run = matching.run_matching("C1", by=by, at=at)
    assert run.review == count
    return run
