"""Rows that need no model: the same row of the owner's other list, or a row that quotes a city code."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput
from oblik.db import turns
from oblik.intake.actions import register
from oblik.intake.actions.register import Link
from oblik.intake.logic.quoting import CITY_CODE, is_far
from oblik.intake.models import Judgement, Record
from oblik.journal import actions as journal
from oblik.registry import queries as registry
from oblik.registry.actions import REGISTER
from oblik.registry.logic.codes import parse_code
from oblik.registry.logic.records import Value, loaded

_QUOTED: Final = "the list quotes the city's code"
_OLDER: Final = "the same row of the owner's older list"
_NEWER: Final = "the same row of the owner's newer list"
_RANK: Final = {"matched": 0, "new": 0, "judged": 1, "duplicate": 2}


def follow_codes(campaign: str, *, by: Actor, at: datetime) -> int:
    """Rows that quote the code of a standing camera stand for it; how many did.

    Left to the model: rows of one list that quote the same code, rows whose own point lies far from the camera, and
    rows of which a person said something.
    """
    with turns.turn(REGISTER):
        waiting = (
            _undecided(campaign)
            .filter(values__contains=f'"{CITY_CODE}":')
            .filter(~Exists(Record.objects.filter(previous=OuterRef("pk")).exclude(verdict="broken")))
            .order_by("id")
            .values_list("id", "submission_id", "values")
        )
        quoted: dict[tuple[int, str], list[tuple[int, dict[str, Value]]]] = {}
        for record, submission, text in waiting.iterator(chunk_size=20_000):
            values = loaded(text)
            quoted.setdefault((submission, _code(values)), []).append((record, values))
        cameras = registry.cameras_quoted({code for _, code in quoted if code})
        held = _held({submission for submission, _ in quoted})
        meant: dict[tuple[int, int], list[int]] = {}  # two codes may mean one camera by now
        for (submission, code), rows in quoted.items():
            camera = cameras.get(code)
            if camera is not None:
                fitting = [record for record, values in rows if len(rows) > 1 or not is_far(values, camera.values)]
                meant.setdefault((submission, camera.id), []).extend(fitting)
        links = {
            rows[0]: Link(camera, "matched")
            for (submission, camera), rows in meant.items()
            if len(rows) == 1 and (submission, camera) not in held
        }
        return _follow(links, campaign=campaign, what="quoted", word=_QUOTED, by=by, at=at)


def _code(values: Mapping[str, Value]) -> str:
    try:
        return parse_code(str(values.get(CITY_CODE, "")))
    except InvalidInput:
        return ""


def follow_older(campaign: str, *, by: Actor, at: datetime) -> None:
    """Rows of a newer list stand for the camera that the older list's row stood for, unless a person said otherwise."""
    while True:
        with turns.turn(REGISTER):
            heirs = (
                _undecided(campaign, camera="previous__camera_id")
                .filter(previous__camera__isnull=False)
                .values_list("id", "submission_id", "previous__camera_id", "previous__decision")
            )
            links = _links(list(heirs))
            if not _follow(links, campaign=campaign, what="inherited", word=_OLDER, by=by, at=at):
                return


def follow_newer(campaign: str, *, by: Actor, at: datetime) -> None:
    """Rows of replaced lists follow the newer row that repeats them: same camera, or waiting with it."""
    while True:
        waiting = _undecided(campaign, camera="next__camera_id").exclude(next__verdict="broken")
        rows = waiting.filter(next__camera__isnull=False).order_by("next__id").values_list(
            "id", "submission_id", "next__camera_id", "next__decision"
        )  # fmt: skip
        links = _links(list(rows), force=True)
        followers = _follow(links, campaign=campaign, what="followed", word=_NEWER, by=by, at=at)
        asked = waiting.filter(decision="", next__decision="review").values_list("id", flat=True)
        questioned = sorted(set(asked))
        register.settle(dict.fromkeys(questioned, ("review", None, 0.0)))
        if not followers and not questioned:
            return


def _undecided(campaign: str, *, camera: str = "") -> QuerySet[Record]:
    """Records of a campaign that stand for no camera and of which no person said otherwise.

    Of a given camera (a field of Record) a person may have said "different"; where "unsure" was said, of whichever
    camera, the record waits for a person. Without a camera, any word of a person's counts.
    """
    human = Judgement.objects.filter(record=OuterRef("pk"), by_kind="human", withdrawn_at__isnull=True)
    if camera:
        human = human.filter(Q(verdict="unsure") | Q(camera_id=OuterRef(camera)))
    return (
        Record.objects.filter(submission__campaign_code=campaign, camera__isnull=True)
        .exclude(verdict="broken")
        .filter(~Exists(human))
    )


def _held(submissions: set[int]) -> set[tuple[int, int]]:
    """(list, camera) of rows of these lists that stand for a camera."""
    rows = Record.objects.filter(submission__in=submissions, camera__isnull=False)
    return set(rows.values_list("submission_id", "camera_id").iterator(chunk_size=20_000))


def _links(heritage: list[tuple[int, int, int, str]], *, force: bool = False) -> dict[int, Link]:
    """Record -> the camera that the other list's row stands for, one row of a list for each camera.

    heritage: record, its list, the camera, how the other row stands for it. What stood twice in the other list stands
    twice in this one; where two rows come to one camera without that, the second is left to the model (force: is a
    duplicate).
    """
    held = _held({submission for _, submission, _, _ in heritage}) if heritage else set()
    links: dict[int, Link] = {}
    for record, submission, camera, decision in sorted(heritage, key=lambda row: (_RANK.get(row[3], 3), row[0])):
        if record in links:
            continue
        if (submission, camera) not in held:
            links[record] = Link(camera, "matched")
            held.add((submission, camera))
        elif force or _RANK.get(decision, 0):
            links[record] = Link(camera, "duplicate")
    return links


def _follow(links: Mapping[int, Link], *, campaign: str, what: str, word: str, by: Actor, at: datetime) -> int:
    if links:
        register.attach(links, at=at, by=by, why=word, words={"matched": word, "duplicate": word})
        journal.record(subject=f"campaign:{campaign}", what=what, by=by, at=at, details={"records": len(links)})
    return len(links)
