"""Rounds and what was said on site: whose a round is, its stops in order, checks done, cameras met and not known."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import NotFound, msg
from oblik.db import kept_files
from oblik.intake import queries as intake
from oblik.inventory import queries
from oblik.inventory.models import FieldCheck, FieldPhoto, Round, Stop
from oblik.registry import around
from oblik.registry import queries as registry
from oblik.registry.logic.records import Value

PICKS: Final = ("all", "never", "discrepancy", "waiting")
# What a phone shows of a camera, and no more: enough to find it and to say whether it is as listed.
ON_THE_PHONE: Final = (
    "name", "address", "site", "kind", "mount", "vendor", "model", "height_m", "bearing_deg", "state", "place_origin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StopLine:
    """One camera of a round as a phone shows it. answer: the newest check in this round, "" before it."""

    place: int
    code: str
    owner: str
    version: int
    lon_deg: float | None
    lat_deg: float | None
    values: dict[str, Value]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round with how far it has come."""

    id: int
    campaign: str
    day: date
    worker: str
    name: str
    way_m: float
    stops: int
    checked: int
    made_by: str
    called_off: bool
    start: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check as received. said: as sent; told: as answered. photos: their numbers."""

    id: UUID
    round: int
    campaign: str
    camera: str
    answer: str
    said_at: datetime
    received_at: datetime
    by: str
    note: str
    said: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[int, ...] = ()
    settled_how: str = ""


def candidates(
    campaign: str, *, pick: str, owner: str, district: str, start: tuple[float, float] | None, most: int, within: Scope
) -> list[around.Nearby]:
    """Placed cameras worth looking at on site, nearest to the start first. pick: one of PICKS.

    Cameras that another round of the campaign has still to come to are left out.
    """
    queries.require(campaign, within=within)
    codes: frozenset[str] | None = None
    if pick == "discrepancy":
        codes = frozenset(part.camera for part in queries.discrepancies(campaign, owner=owner, within=within))
    elif pick == "waiting":
        asked = intake.proposals(campaign, within=within)
        codes = frozenset(one.camera for proposed in asked.values() for one in proposed)
    but = _ahead(campaign) | (_checked_ever() if pick == "never" else frozenset())
    return around.placed_near(
        start, most=most, owner=owner, district=district, codes=codes, but=but, within=within
    )  # fmt: skip


def _checked_ever() -> frozenset[str]:
    return frozenset(FieldCheck.objects.filter(camera__isnull=False).values_list("camera__code", flat=True).distinct())


def _ahead(campaign: str) -> frozenset[str]:
    """Cameras that stand in a round of the campaign and have not been checked in it."""
    stops = Stop.objects.filter(round__campaign__code=campaign, round__called_off_at__isnull=True)
    done = set(FieldCheck.objects.filter(campaign__code=campaign).values_list("round_id", "camera_id"))
    rows = stops.values_list("round_id", "camera_id", "camera__code")
    return frozenset(code for of, camera, code in rows if (of, camera) not in done)


def rounds(*, campaign: str = "", most: int = 100, within: Scope = EVERYWHERE) -> list[RoundLine]:
    """The newest rounds within a scope, first the latest day: those all of whose cameras it covers."""
    seen = {one.code for one in queries.campaigns(within=within)}
    found = Round.objects.filter(campaign__code__in=seen & {campaign} if campaign else seen)
    return _within(_lines(found.order_by("-day", "-id")[:most]), within=within)


def _within(lines: list[RoundLine], *, within: Scope) -> list[RoundLine]:
    if within.all or not lines:
        return lines
    on_way = set(
        Stop.objects.filter(round_id__in=[one.id for one in lines]).values_list("round_id", "camera__code")
    )  # fmt: skip
    seen = registry.codes_within({code for _round, code in on_way}, within=within)
    beyond = {number for number, code in on_way if code not in seen}
    return [one for one in lines if one.id not in beyond]


def round_of(number: int, *, within: Scope = EVERYWHERE) -> RoundLine:
    """One round; NotFound where its campaign or one of its cameras is outside the scope."""
    found = _within(_lines(Round.objects.filter(pk=number)), within=within)
    if not found or found[0].campaign not in {one.code for one in queries.campaigns(within=within)}:
        raise NotFound(msg("There is no round {value}."), value=number)
    return found[0]


def rounds_for(worker: str, *, since: date) -> list[RoundLine]:
    """The rounds of a person from a day on that stand, the earliest first."""
    found = Round.objects.filter(worker=worker, day__gte=since, called_off_at__isnull=True, campaign__state="open")
    return _lines(found.order_by("day", "id"))


def _lines(found: QuerySet[Round]) -> list[RoundLine]:
    rows = list(found.select_related("campaign").annotate(n=Count("stops")))
    checked = _checked([one.pk for one in rows])
    return [
        RoundLine(
            one.pk, one.campaign.code, one.day, one.worker, one.name, one.way_m, one.n, checked.get(one.pk, 0),
            one.made_by, one.called_off_at is not None,
            None if one.start_lon_deg is None or one.start_lat_deg is None else (one.start_lon_deg, one.start_lat_deg),
        )
        for one in rows
    ]  # fmt: skip


def _checked(rounds: Collection[int]) -> dict[int, int]:
    """round -> how many of its stops were checked in it."""
    on_way = set(Stop.objects.filter(round_id__in=rounds).values_list("round_id", "camera_id"))
    done = FieldCheck.objects.filter(round_id__in=rounds, camera__isnull=False).values_list("round_id", "camera_id")
    counts: dict[int, int] = {}
    for of, _camera in on_way & set(done.distinct()):
        counts[of] = counts.get(of, 0) + 1
    return counts


def stops(number: int, *, within: Scope = EVERYWHERE) -> list[StopLine]:
    """The stops of a round in their order, those of cameras within a scope that still stand."""
    rows = list(
        Stop.objects.filter(round_id=number, camera__sources__gt=0)
        .order_by("place")
        .values_list("place", "camera__code", "camera__owner__name", "camera__version", "camera__lon_deg",
                     "camera__lat_deg", "camera__values", "camera_id")
    )  # fmt: skip
    seen = registry.codes_within([row[1] for row in rows], within=within)
    answers = dict(
        FieldCheck.objects.filter(round_id=number, camera__isnull=False)
        .order_by("said_at", "id")
        .values_list("camera_id", "answer")
    )
    return [
        StopLine(
            place, code, owner, version, lon, lat,
            {name: value for name, value in json.loads(values).items() if name in ON_THE_PHONE},
            answers.get(camera, ""),
        )
        for place, code, owner, version, lon, lat, values, camera in rows
        if code in seen
    ]  # fmt: skip


def checks(
    *, campaign: str = "", number: int = 0, answer: str = "", most: int = 200, within: Scope = EVERYWHERE
) -> list[CheckLine]:
    """The newest checks of a campaign, or of a round, of cameras within a scope; new cameras where it covers all."""
    found = FieldCheck.objects.order_by("-received_at", "-id")
    if campaign:
        found = found.filter(campaign__code=campaign)
    if number:
        found = found.filter(round_id=number)
    if answer:
        found = found.filter(answer=answer)
    lines = _check_lines(found[:most])
    seen = registry.codes_within([line.camera for line in lines if line.camera], within=within)
    return [line for line in lines if (line.camera in seen if line.camera else within.all)]


def met(*, campaign: str, within: Scope) -> list[CheckLine]:
    """Cameras met on site that the register may not have, not settled yet, the oldest first; none in a part's scope."""
    if not within.all:
        return []
    open_ones = Q(campaign__code=campaign, answer="new", settled_how="")
    return _check_lines(FieldCheck.objects.filter(open_ones).order_by("said_at", "id")[:200])


def check(number: UUID, *, within: Scope = EVERYWHERE) -> CheckLine:
    """One check; NotFound outside the scope."""
    found = _check_lines(FieldCheck.objects.filter(uuid=number))
    if found:
        line = found[0]
        if line.camera in registry.codes_within([line.camera], within=within) if line.camera else within.all:
            return line
    raise NotFound(msg("There is no check {value}."), value=number)


def checks_done(campaign: str) -> int:
    """How many cameras of the register were checked on site in a campaign, each once, reached or not."""
    found = FieldCheck.objects.filter(campaign__code=campaign, camera__isnull=False).exclude(answer="unreachable")
    return found.values("camera_id").distinct().count()


@contextmanager
def photo_opened(number: int, *, of: UUID) -> Iterator[Path]:
    """A photo of a check as it is shown: without anything that its device wrote into it. NotFound for another's."""
    shown = FieldPhoto.objects.filter(pk=number, check_made__uuid=of).values_list("shown_sha256", flat=True).first()
    if shown is None:
        raise NotFound(msg("There is no photo {value}."), value=number)
    with kept_files.opened(shown, file_name="made.jpg") as path:
        yield path


def _check_lines(found: QuerySet[FieldCheck]) -> list[CheckLine]:
    rows = found.select_related("campaign", "camera").prefetch_related("photos")
    return [
        CheckLine(
            one.uuid, one.round_id, one.campaign.code, one.camera.code if one.camera else "", one.answer, one.said_at,
            one.received_at, one.by, one.note, json.loads(one.said), json.loads(one.told),
            tuple(sorted(photo.pk for photo in one.photos.all())), one.settled_how,
        )
        for one in rows
    ]  # fmt: skip
