"""What people have answered: the words that stand, one line per answer, the newest first."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.intake.models import Judgement, Submission
from oblik.intake.queries import reached
from oblik.registry import queries as registry

# Why a row stands for a camera that was made for it: told by the program beside what the person said of the others.
OWN_CAMERA: Final = "a camera of its own: judged different from the others"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that stands. verdict: same | different | unsure | new; cameras: of which it speaks; became: the camera
    that the row stands for, "" while it waits."""

    record: int
    campaign: str
    owner: str
    file: str
    sheet: str
    row: int
    part: int
    parts: int
    verdict: str
    cameras: tuple[str, ...]
    became: str
    by: str
    why: str
    made_at: datetime


def answers(
    *, before: datetime | None = None, by: str = "", most: int = 50, within: Scope = EVERYWHERE
) -> list[Answered]:
    """What people said and still stands, newest first, one line per answer; before: older than that, the next page."""
    words = _words(within).order_by("-made_at", "-pk")
    if by:
        words = words.filter(by=by)
    if before is not None:
        words = words.filter(made_at__lt=before)
    return list(_grouped(words, most=most, within=within))


def answer_of(record: int, *, within: Scope = EVERYWHERE) -> Answered | None:
    """The newest answer on a record that stands."""
    return next(_grouped(_words(within).filter(record=record).order_by("-made_at", "-pk"), most=1, within=within), None)


def answered_since(since: datetime, *, within: Scope = EVERYWHERE) -> Counter[str]:
    """Who -> how many rows they have answered since, as far as their words still stand."""
    rows = _words(within).filter(made_at__gte=since).values_list("by", "record_id", "made_at").distinct()
    return Counter(by for by, _record, _at in rows)


def _words(within: Scope) -> QuerySet[Judgement]:
    found = Judgement.objects.filter(by_kind="human", withdrawn_at__isnull=True)
    if not within.all:
        found = found.filter(record__submission__in=Submission.objects.filter(reached(within)))
    return found


def _grouped(words: QuerySet[Judgement], *, most: int, within: Scope) -> Iterator[Answered]:
    """The words that one person said of one row at one instant are one answer."""
    groups: dict[tuple[int, str, datetime], list[Judgement]] = {}
    related = ("camera", "record__camera", "record__row", "record__submission__owner")
    for word in words.select_related(*related)[: most * 6]:
        key = (word.record_id, word.by, word.made_at)
        if key not in groups and len(groups) == most:
            break
        groups.setdefault(key, []).append(word)
    named = {word.camera.code for said in groups.values() for word in said}
    named |= {said[0].record.camera.code for said in groups.values() if said[0].record.camera is not None}
    covered = registry.codes_within(named, within=within)
    for said in groups.values():
        yield _answered(said, covered)


def _answered(said: list[Judgement], covered: Collection[str]) -> Answered:
    record, first = said[0].record, said[0]
    spoken = [word for word in said if word.why != OWN_CAMERA] or said
    is_new = len(spoken) < len(said) or first.why == OWN_CAMERA
    camera = record.camera.code if record.camera is not None else ""
    return Answered(
        record=record.pk, campaign=record.submission.campaign_code, owner=record.submission.owner.code,
        file=record.submission.file_name, sheet=record.row.sheet, row=record.row.number, part=record.part,
        parts=record.parts, verdict="new" if is_new else spoken[0].verdict,
        cameras=tuple(sorted(word.camera.code for word in spoken if word.camera.code in covered)),
        became=camera if camera in covered else "", by=first.by,
        why="" if spoken[0].why == OWN_CAMERA else spoken[0].why, made_at=first.made_at,
    )  # fmt: skip
