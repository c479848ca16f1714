"""Which work waits, runs or is done, and how far it is."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Q

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import NotFound, msg
from oblik.db import leases
from oblik.intake.models import Job

OPEN: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class JobLine:
    """One piece of work. state: waiting | running | done | failed; share in [0, 1] of the step that runs.

    ahead: how many of those that the asker may see were asked for before it and are not done: how much others have to
    do is not told. failure: {code, template, params}, empty while well.
    """

    id: int
    kind: str
    campaign: str
    owner: str
    args: dict[str, object]
    state: str
    step: str
    share: float
    ahead: int
    asked_at: datetime
    asked_by: str
    started_at: datetime | None
    ended_at: datetime | None
    failure: dict[str, object]
    result: dict[str, object]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def jobs(
    *, campaign: str = "", kind: str = "", owner: str = "", open_only: bool = False, limit: int = 20,
    within: Scope = EVERYWHERE,
) -> list[JobLine]:  # fmt: skip
    """Work within a scope, what was asked for last first. Work on the lists of all is seen by who sees all lists."""
    found = Job.objects.filter(_reached(within)).order_by("-id")
    for name, value in (("campaign_code", campaign), ("kind", kind), ("owner_code", owner)):
        if value:
            found = found.filter(**{name: value})
    if open_only:
        found = found.filter(state__in=OPEN)
    return [_line(job, within=within) for job in found[:limit]]


def job(number: int, *, within: Scope = EVERYWHERE) -> JobLine:
    """One piece of work; what lies outside the scope is answered like what is not."""
    found = Job.objects.filter(_reached(within), pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotFound(msg("There is no work with the number {value}."), value=number)
    return _line(found, within=within)


def job_of_list(submission: int, *, within: Scope = EVERYWHERE) -> JobLine | None:
    """The newest reading of a list within a scope."""
    found = Job.objects.filter(_reached(within), kind="read_list", args__submission=submission).order_by("-id").first()
    return _line(found, within=within) if found else None


def lock_path(number: int) -> Path:
    """The file that whoever does the work holds."""
    return Path(settings.OBLIK_DATA) / "jobs" / f"{number}.lock"


def progress_path(number: int) -> Path:
    """Where whoever does the work says how far it is; a file, as pages must see what a transaction has not ended."""
    return Path(settings.OBLIK_DATA) / "jobs" / f"{number}.json"


def _reached(within: Scope) -> Q:
    if within.all:
        return Q()
    condition = Q(pk__in=[])
    for reach in within.reaches:
        if reach.districts or reach.kinds or reach.purposes:
            continue
        part = Q(pk__isnull=False)
        if reach.owners:
            part &= Q(owner_code__in=sorted(reach.owners))
        if reach.campaigns:
            part &= Q(campaign_code__in=sorted(reach.campaigns))
        condition |= part
    return condition


def _line(found: Job, *, within: Scope) -> JobLine:
    state, step, share, ahead = found.state, "", 0.0, 0
    if state == "running" and not leases.is_held(lock_path(found.pk)):
        state = "waiting"  # Whoever did it was killed; the next worker takes it up.
    if state == "running":
        step, share = _progress(found.pk)
    elif state == "waiting":
        before = Job.objects.filter(_reached(within), state__in=OPEN, pk__lt=found.pk)
        ahead = before.exclude(kind="look").count()
    return JobLine(
        found.pk, found.kind, found.campaign_code, found.owner_code, found.args, state, step, share, ahead,
        found.asked_at, found.asked_by, found.started_at, found.ended_at, found.failure, found.result,
    )  # fmt: skip


def _progress(number: int) -> tuple[str, float]:
    try:
        said = json.loads(progress_path(number).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "", 0.0
    return str(said["step"]), float(said["share"])
