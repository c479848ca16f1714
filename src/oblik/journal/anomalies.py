"""What is unusual in the journal: found in the database, told with what is usual for the same person."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from statistics import median
from typing import Final, Literal

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Window
from django.db.models.functions import ExtractHour, Lag, TruncDate

from oblik.journal.models import Entry

Unusual = Literal["many_looks", "much_read", "at_night", "failed_sign_ins", "refused", "rights_changed", "silence"]

_RECENT: Final = timedelta(days=7)
_BEFORE: Final = timedelta(days=60)  # what is usual is taken from the days before the recent ones
_MONTH: Final = timedelta(days=30)
_QUIET: Final = timedelta(days=2)
_MANY: Final = 10  # looks in a day that are worth a glance at all
_TIMES: Final = 3.0  # so many times the person's own median
_NIGHT_FROM, _NIGHT_TO = 22, 6
_NIGHTLY: Final = 0.1  # whose work is at night by a larger share than this is on the night shift
REFUSED: Final = "refused"  # its details tell how many `times` in that hour: not each refusal has an entry
LISTED: Final = "listed"  # its details tell how many `cameras` somebody has been given on that day (UTC) so far
_MUCH: Final = 1_000  # cameras read in a day that are worth a glance at all
_OFTEN: Final = 3  # refusals in the recent days that are worth a glance
FAILED: Final = frozenset({"sign_in_failed", "sign_in_locked", "second_factor_failed"})
RIGHTS: Final = frozenset(
    {"role_set", "role_taken", "enabled", "second_factor_taken_off", "identity_linked", "issued", "key_added",
     "key_removed", "rotated"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing to look into. about: the person, or the subject; usual: the person's own median, where there is one.

    since and last_at frame the entries concerned, so that a page can list them.
    """

    kind: Unusual
    about: str
    count: int
    what: str
    since: datetime
    last_at: datetime
    usual: float | None = None


def anomalies(*, at: datetime, zone: tzinfo) -> list[Anomaly]:
    """Everything unusual in the weeks before an instant, the gravest kinds first; nights are those of `zone`."""
    return [
        *_many_looks(at, zone), *_much_read(at), *_at_night(at, zone), *_failed_sign_ins(at), *_refused(at),
        *_rights_changed(at), *_silence(at),
    ]  # fmt: skip


def _since(start: datetime, *, until: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(recorded_at__gte=start, recorded_at__lt=until)


def _many_looks(at: datetime, zone: tzinfo) -> list[Anomaly]:
    """Days on which somebody looked at far more of one sort than on the median of the own days before."""
    rows = (
        _since(at - _RECENT - _BEFORE, until=at)
        .filter(kind="looked")
        .exclude(what__in=(REFUSED, LISTED))
        .annotate(day=TruncDate("recorded_at", tzinfo=zone))
        .values_list("by", "what", "day")
        .annotate(count=Count("number"), last_at=Max("recorded_at"))
        .order_by("day")
    )
    usual: dict[tuple[str, str], list[int]] = defaultdict(list)
    found = []
    for by, what, _day, count, last_at in rows:
        before = usual[by, what]
        if last_at < at - _RECENT:
            before.append(count)
        elif count >= _MANY and (not before or count > _TIMES * median(before)):
            midnight = last_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            found.append(Anomaly("many_looks", by, count, what, midnight, last_at, median(before) if before else None))
    return sorted(found, key=lambda one: -one.count)


def _much_read(at: datetime) -> list[Anomaly]:
    """Days on which somebody was given far more cameras than on the median of the own days before.

    A program that fetches the register each night is at its median; days with little reading have no entry at all.
    """
    rows = _since(at - _RECENT - _BEFORE, until=at).filter(what=LISTED).order_by("number")
    days: dict[tuple[str, date], tuple[int, datetime]] = {}
    for by, text, happened_at, recorded_at in rows.values_list("by", "details", "happened_at", "recorded_at"):
        whose = by, happened_at.astimezone(UTC).date()
        most = max(days.get(whose, (0, recorded_at))[0], int(json.loads(text).get("cameras", 0)))
        days[whose] = most, recorded_at
    usual: dict[str, list[int]] = defaultdict(list)
    found = []
    for (by, day), (count, last_at) in sorted(days.items(), key=lambda one: one[1][1]):
        before = usual[by]
        if last_at < at - _RECENT:
            before.append(count)
        elif count >= _MUCH and (not before or count > _TIMES * median(before)):
            since = datetime.combine(day, time(), tzinfo=UTC)
            found.append(Anomaly("much_read", by, count, LISTED, since, last_at, median(before) if before else None))
    return sorted(found, key=lambda one: -one.count)


def _at_night(at: datetime, zone: tzinfo) -> list[Anomaly]:
    """People active at night in the last days who hardly ever were before."""
    night = Q(hour__gte=_NIGHT_FROM) | Q(hour__lt=_NIGHT_TO)
    recent = Q(recorded_at__gte=at - _RECENT)
    rows = (
        _since(at - _MONTH, until=at)
        .filter(by__startswith="person:")
        .annotate(hour=ExtractHour("recorded_at", tzinfo=zone))
        .values("by")
        .annotate(
            nightly=Count("number", filter=night & recent),
            nightly_before=Count("number", filter=night & ~recent),
            before=Count("number", filter=~recent),
            last_at=Max("recorded_at", filter=night & recent),
        )
        .filter(nightly__gt=0)
    )
    return [
        Anomaly("at_night", row["by"], row["nightly"], "", at - _RECENT, row["last_at"])
        for row in rows
        if row["nightly_before"] <= _NIGHTLY * row["before"]
    ]


def _failed_sign_ins(at: datetime) -> list[Anomaly]:
    rows = (
        _since(at - _MONTH, until=at)
        .filter(what__in=FAILED)
        .values_list("subject", "what")
        .annotate(count=Count("number"), last_at=Max("recorded_at"))
        .order_by("-count")
    )
    return [
        Anomaly("failed_sign_ins", subject, count, what, at - _MONTH, last_at) for subject, what, count, last_at in rows
    ]


def _refused(at: datetime) -> list[Anomaly]:
    """Who was refused more than once or twice what their rights do not reach, or guessed at what is not there."""
    rows = _since(at - _RECENT, until=at).filter(what=REFUSED).order_by("number")
    most: dict[str, dict[tuple[object, datetime], int]] = defaultdict(dict)  # by status and hour of the refusals
    last: dict[str, datetime] = {}
    for by, text, happened_at, recorded_at in rows.values_list("by", "details", "happened_at", "recorded_at"):
        details = json.loads(text)
        counted = details.get("status"), happened_at.replace(minute=0, second=0, microsecond=0)
        most[by][counted] = max(most[by].get(counted, 0), int(details.get("times", 1)))
        last[by] = recorded_at
    counts = {by: sum(hours.values()) for by, hours in most.items()}
    often = sorted((by for by, count in counts.items() if count >= _OFTEN), key=lambda by: -counts[by])
    return [Anomaly("refused", by, counts[by], REFUSED, at - _RECENT, last[by]) for by in often]


def _rights_changed(at: datetime) -> list[Anomaly]:
    """Who gave or took rights, second factors and keys, and how often."""
    rows = (
        _since(at - _MONTH, until=at)
        .filter(what__in=RIGHTS)
        .values_list("by", "what")
        .annotate(count=Count("number"), last_at=Max("recorded_at"))
        .order_by("-last_at")
    )
    return [Anomaly("rights_changed", by, count, what, at - _MONTH, last_at) for by, what, count, last_at in rows]


def _silence(at: datetime) -> list[Anomaly]:
    """Long times in which nothing was recorded: nobody worked, or the program could not write."""
    behind = Window(Lag("recorded_at"), order_by=F("number").asc())
    gap = ExpressionWrapper(F("recorded_at") - F("before_at"), output_field=DurationField())
    rows = (
        _since(at - _MONTH, until=at)
        .annotate(before_at=behind)
        .annotate(gap=gap)
        .filter(gap__gt=_QUIET)
        .values_list("number", "before_at", "recorded_at", "gap")
    )
    return [
        Anomaly("silence", f"journal:{number}", gap.days, "", before_at, last_at)
        for number, before_at, last_at, gap in rows
    ]
