"""What the register holds: owners, cameras, their sources and history, points for the map."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db.models import BooleanField, Case, Count, Exists, Max, OuterRef, Q, QuerySet, When
from django.db.models import Value as RawValue
from django.utils import timezone

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import InvalidInput, NotFound, msg
from oblik.db import bulk
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.folding import folded, plain, squeezed
from oblik.registry.logic.records import Value, loaded
from oblik.registry.logic.trust import CORRECTING, Said, winners
from oblik.registry.models import Camera, CameraVersion, Claim, Owner

_NAMED: Final = 5_000  # codes named in one statement
_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # days of which every time zone has a midnight
SORTS: Final = {"code": "code", "owner": "owner__code", "state": "state", "kind": "kind", "sources": "-sources",
                "updated": "-updated_at"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """An owner and how many cameras stand on its books."""

    id: int
    code: str
    name: str
    kind: str
    cameras: int = 0


@dataclass(frozen=True, slots=True)
class CameraLine:
    """A camera as one line of a table."""

    id: int
    code: str
    owner: str
    owner_name: str
    state: str
    kind: str
    lon_deg: float | None
    lat_deg: float | None
    place_origin: str
    bearing_deg: float | None
    sources: int
    values: dict[str, Value]

    @property
    def qualities(self) -> dict[str, str]:
        """What rights are asked about of a camera."""
        district, purpose = (str(self.values.get(name, "")) for name in ("district", "purpose"))
        return {"owner": self.owner, "district": district, "kind": self.kind, "purpose": purpose}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a longer list; number and pages are 1-based."""

    lines: list[CameraLine]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What one source says, or said, of a camera."""

    claim: int
    source_kind: str
    source_ref: str
    owner: str
    said_at: datetime
    withdrawn_at: datetime | None
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class CameraCard:
    """A camera with everything that is said of it. origins: field -> claim that won, seen or not.

    whole is False where the asker may see no more than what their own lists say of another's camera: the values are
    those of their own lists then. hidden: sources of others stand beside those shown.
    """

    line: CameraLine
    merged_into: str
    origins: dict[str, int]
    claims: list[SourceLine]
    version: int
    as_of: date | None = None
    whole: bool = True
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One state of a camera. changed: field -> (before, after)."""

    number: int
    happened_at: datetime
    recorded_at: datetime
    state: str
    by: str
    why: str
    values: dict[str, Value]
    changed: dict[str, tuple[Value | None, Value | None]]


@dataclass(frozen=True, slots=True)
class MapPoints:
    """All placed cameras as columns of one length, in order of id."""

    id: npt.NDArray[np.int64]
    code: list[str]
    lon_deg: npt.NDArray[np.float64]
    lat_deg: npt.NDArray[np.float64]
    bearing_deg: npt.NDArray[np.float64]  # NaN where unknown
    owner: list[str]
    kind: list[str]
    state: list[str]
    origin: list[str]


def owner_id(code: str) -> int:
    """The number of an owner; NotFound says how to add one."""
    found = Owner.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(
            msg("There is no owner with the code “{value}”; add it with `oblik owner add`, or see `oblik owner list`."),
            value=code,
        )
    return found


def reached(within: Scope) -> Q:
    """The cameras that a scope covers, as a condition on them."""
    condition = Q(pk__in=[])
    for reach in within.reaches:
        part = Q()
        if len(reach.owners) == 1:
            # Equal to one value, so that the index by owner and code gives the lines in their order.
            part &= Q(owner_id=Owner.objects.filter(code__in=reach.owners).values("pk")[:1])
        elif reach.owners:
            part &= Q(owner_id__in=Owner.objects.filter(code__in=sorted(reach.owners)).values("pk"))
        for column, wanted in (("district", reach.districts), ("kind", reach.kinds), ("purpose", reach.purposes)):
            if wanted:
                part &= Q(**{f"{column}__in": sorted(wanted)})
        if reach.campaigns:
            said = Claim.objects.filter(
                camera_id=OuterRef("pk"), campaign_code__in=sorted(reach.campaigns), withdrawn_at__isnull=True
            )
            part &= Q(Exists(said))
        condition |= part if part else Q(pk__isnull=False)
    return condition


def _cameras(within: Scope) -> QuerySet[Camera]:
    return Camera.objects.all() if within.all else Camera.objects.filter(reached(within))


def owners(*, within: Scope = EVERYWHERE) -> list[OwnerLine]:
    """The owners within a scope with the number of its cameras that stand, by code."""
    counts = dict(
        _cameras(within)
        .filter(sources__gt=0)
        .values_list("owner_id")
        .annotate(n=Count("id"))
        .values_list("owner_id", "n")
    )
    found = Owner.objects.order_by("code")
    if not within.all:
        found = found.filter(Q(code__in=sorted(within.owners)) | Q(pk__in=list(counts)))
    return [OwnerLine(o.pk, o.code, o.name, o.kind, counts.get(o.pk, 0)) for o in found]


def owner_names(*, within: Scope = EVERYWHERE) -> dict[str, str]:
    """code -> name of every owner within a scope: those it names, and those whose cameras it covers."""
    return dict(_owners(within).values_list("code", "name"))


def owner_kinds(*, within: Scope = EVERYWHERE) -> dict[str, str]:
    """code -> kind of the same owners."""
    return dict(_owners(within).values_list("code", "kind"))


def _owners(within: Scope) -> QuerySet[Owner]:
    if within.all:
        return Owner.objects.all()
    named = Q(code__in=sorted(within.owners))
    if not all(reach.owners for reach in within.reaches):
        named |= Q(pk__in=_cameras(within).filter(sources__gt=0).values("owner_id").distinct())
    return Owner.objects.filter(named)


def _line(row: tuple[object, ...]) -> CameraLine:
    said = (*row[:-1], loaded(str(row[-1])))
    return CameraLine(*said)  # type: ignore[arg-type]  # the columns of _LINE, in its order


_LINE: Final = ("id", "code", "owner__code", "owner__name", "state", "kind", "lon_deg", "lat_deg", "place_origin",
                "bearing_deg", "sources", "values")  # fmt: skip


def _standing(
    *, text: str = "", owner: str = "", kind: str = "", state: str = "", within: Scope = EVERYWHERE
) -> QuerySet[Camera]:
    """Cameras within a scope that some claim stands for."""
    found = _cameras(within).filter(sources__gt=0)
    if owner:
        found = found.filter(owner__code=owner)
    if kind:
        found = found.filter(kind=kind if kind != "unknown" else "")
    if state:
        found = found.filter(state=state)
    words = [word for word in plain(text).split() if squeezed(word)]
    if text.strip() and not words:
        return found.none()  # Only punctuation: nothing that a camera could be found by.
    for word in words:
        # As words, or without gaps: 00:1A:2B is written 001A2B in one list and 00-1A-2B in another.
        found = found.filter(Q(search_text__contains=folded(word)) | Q(search_text__contains=squeezed(word)))
    return found


def search_cameras(
    *, text: str = "", owner: str = "", kind: str = "", state: str = "", page: int = 1, per_page: int = 50,
    sort: str = "code", within: Scope = EVERYWHERE,
) -> Page:  # fmt: skip
    """One page of cameras in a stable order; a page past the end is the last one.

    Who does not see all is told of the sources that they may see, and cannot sort by how many there are in all.
    """
    found = _standing(text=text, owner=owner, kind=kind, state=state, within=within)
    if not within.all and sort in ("sources", "updated"):
        sort = "code"
    total = found.count()
    per_page = max(1, per_page)
    pages = max(1, -(-total // per_page))
    number = min(max(page, 1), pages)
    order = SORTS.get(sort, "code")
    rows = found.order_by(order, "id").values_list(*_LINE)[(number - 1) * per_page : number * per_page]
    return Page(_with_seen_sources([_line(row) for row in rows], within=within), total, number, pages)


def camera_lines(ids: Sequence[int], *, within: Scope = EVERYWHERE) -> list[CameraLine]:
    """The lines of these cameras in this order; those outside the scope are left out."""
    rows = (row for condition in bulk.named(ids) for row in _cameras(within).filter(condition).values_list(*_LINE))
    found = {row[0]: _line(row) for row in rows}
    return _with_seen_sources([found[one] for one in ids if one in found], within=within)


def _with_seen_sources(lines: list[CameraLine], *, within: Scope) -> list[CameraLine]:
    if within.all or not lines:
        return lines
    counts: dict[int, int] = {}
    qualities = {line.id: line.qualities for line in lines}
    for condition in bulk.named([line.id for line in lines], column="camera_id"):
        standing = Claim.objects.filter(condition, withdrawn_at__isnull=True).exclude(source_kind=CORRECTING)
        for camera, owner in standing.values_list("camera_id", "owner__code"):
            counts[camera] = counts.get(camera, 0) + is_source_seen(owner or "", of=qualities[camera], within=within)
    return [replace(line, sources=counts.get(line.id, 0)) for line in lines]


def is_source_seen(owner: str, *, of: Mapping[str, str], within: Scope) -> bool:
    """Whether what a source says by itself may be seen: the owner's own lists, and sources that are nobody's list.

    of: the qualities of the camera. One reach has to cover owner and camera alike: who sees all of a district sees
    there what every owner says, and nowhere else.
    """
    return not owner or within.covers(**{**of, "owner": owner})


def qualities_of(camera_id: int) -> dict[str, str]:
    """What rights are asked about of a camera."""
    row = Camera.objects.values_list("owner__code", "district", "kind", "purpose").get(pk=camera_id)
    return dict(zip(("owner", "district", "kind", "purpose"), (said or "" for said in row), strict=True))


def all_cameras(*, within: Scope = EVERYWHERE) -> Iterator[CameraLine]:
    """Every standing camera within a scope by code, streamed; sources are those of everybody."""
    rows = _standing(within=within).order_by("code").values_list(*_LINE)
    return (_line(row) for row in rows.iterator(chunk_size=5_000))


def cameras_after(
    code: str, *, most: int, text: str = "", owner: str = "", kind: str = "", state: str = "",
    within: Scope = EVERYWHERE,
) -> list[CameraLine]:  # fmt: skip
    """The first cameras by code after this one ("" begins), at most so many: pages that stay put while others write."""
    found = _standing(text=text, owner=owner, kind=kind, state=state, within=within).filter(code__gt=code)
    return [_line(row) for row in found.order_by("code").values_list(*_LINE)[:most]]


def codes_within(codes: Collection[str], *, within: Scope) -> frozenset[str]:
    """Those of the codes whose cameras a scope covers."""
    if within.all:
        return frozenset(codes)
    wanted = sorted(set(codes))
    return frozenset(
        code
        for start in range(0, len(wanted), _NAMED)
        for code in _cameras(within).filter(code__in=wanted[start : start + _NAMED]).values_list("code", flat=True)
    )


def owners_of(codes: Collection[str], *, within: Scope = EVERYWHERE) -> dict[str, str]:
    """code -> code of the owner, for those of the cameras that a scope covers."""
    wanted = sorted(set(codes))
    return {
        code: owner
        for start in range(0, len(wanted), _NAMED)
        for code, owner in _cameras(within)
        .filter(code__in=wanted[start : start + _NAMED])
        .values_list("code", "owner__code")
    }


def found_codes(*, text: str = "", within: Scope = EVERYWHERE) -> frozenset[str]:
    """Codes of the standing cameras within a scope that words find: which of them a map draws."""
    return frozenset(_standing(text=text, within=within).values_list("code", flat=True).iterator(chunk_size=20_000))


def codes_of(camera_ids: Sequence[int]) -> dict[int, str]:
    """id -> code."""
    return {
        pk: code
        for condition in bulk.named(camera_ids)
        for pk, code in Camera.objects.filter(condition).values_list("pk", "code").iterator(chunk_size=20_000)
    }


def plain_code(code: str) -> str:
    """A code as people write it, in the form in which it is kept."""
    return plain(code).strip().upper()


def camera_id(code: str, *, within: Scope = EVERYWHERE) -> int:
    """The number of a camera within a scope by its code; one outside is answered like one that is not."""
    found = _cameras(within).filter(code=plain_code(code)).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(msg("There is no camera {value}; look it up with a search."), value=code)
    return found


def standing_id(code: str, *, within: Scope = EVERYWHERE) -> int:
    """The number of the camera that a code means today: a merged one is followed to what it turned out to be.

    Within a scope both have to lie: one's own camera may have turned out to be another's.
    """
    found = camera_id(code, within=within)
    today = followed([found])[found]
    if today != found and not _cameras(within).filter(pk=today).exists():
        raise NotFound(msg("There is no camera {value}; look it up with a search."), value=code)
    return today


def followed(camera_ids: Collection[int]) -> dict[int, int]:
    """camera -> the camera that it stands in today: itself, or where it and what followed were merged into."""
    into = dict(Camera.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    answer: dict[int, int] = {}
    for camera in camera_ids:
        last = camera
        for _ in range(len(into)):  # No circles are ever made; should one be, it ends here.
            if last not in into:
                break
            last = into[last]
        answer[camera] = last
    return answer


@dataclass(frozen=True, slots=True)
class QuotedCamera:
    """A camera as a list may quote it. keepers: field -> owner of the list that gave the value, None for others."""

    id: int
    code: str
    owner_id: int
    owner_names: frozenset[str]
    values: dict[str, Value]
    keepers: dict[str, int | None]


def cameras_quoted(codes: Collection[str]) -> dict[str, QuotedCamera]:
    """code -> the standing camera that it means today; codes of no camera, or of one that is gone, are left out."""
    wanted = sorted({plain_code(code) for code in codes})
    named: dict[str, int] = {}
    for start in range(0, len(wanted), _NAMED):
        named.update(Camera.objects.filter(code__in=wanted[start : start + _NAMED]).values_list("code", "pk"))
    today = followed(named.values())
    found: dict[int, QuotedCamera] = {}
    for condition in bulk.named(today.values()):
        rows = Camera.objects.filter(condition, sources__gt=0).values_list(
            "pk", "code", "owner_id", "owner__code", "owner__name", "values", "origins"
        )
        page = list(rows)
        claims = {claim for row in page for claim in loaded(row[6]).values()}
        owners: dict[int, int | None] = {}
        for named_claims in bulk.named([int(claim) for claim in claims]):
            owners.update(Claim.objects.filter(named_claims).values_list("pk", "owner_id"))
        for pk, code, owner, owner_code, owner_name, values, origins in page:
            keepers = {name: owners.get(int(claim)) for name, claim in loaded(origins).items()}
            found[pk] = QuotedCamera(pk, code, owner, frozenset({owner_code, owner_name}), loaded(values), keepers)
    return {code: found[today[pk]] for code, pk in named.items() if today[pk] in found}


def camera_card(code: str, *, as_of: date | None = None, within: Scope = EVERYWHERE) -> CameraCard:
    """A camera with its sources; as_of shows it as it stood at the end of that day (by the world's time).

    Within a scope: of its cameras everything that the register holds, and those sources that are the asker's or
    nobody's list; of another's camera that the asker's lists name no more than they say. Any other is not there.
    """
    row = _seen(code, within=within)
    if row is None:
        raise NotFound(msg("There is no camera {value}; look it up with a search."), value=code)
    *head, origins, version, merged, whole = row
    line = _line(tuple(head))
    every = _claims(line.id)
    claims = [claim for claim in every if is_source_seen(claim.owner, of=line.qualities, within=within)]
    if not whole:
        own = within.own_lists
        return _own_words(line, [claim for claim in claims if claim.owner in own and claim.withdrawn_at is None])
    hidden = len(claims) < len(every)
    if not within.all:
        seen = sum(claim.withdrawn_at is None and claim.source_kind != CORRECTING for claim in claims)
        line = replace(line, sources=seen)
        merged = merged if merged and codes_within([merged], within=within) else ""
    if as_of is None:
        return CameraCard(line, merged or "", _ids(origins), claims, version, hidden=hidden)
    end = _end_of(as_of)
    past = (
        CameraVersion.objects.filter(camera_id=line.id, happened_at__lt=end).order_by("-happened_at", "-number").first()
    )
    if past is None:
        raise NotFound(msg("Camera {value} was not in the register on {day}."), value=code, day=as_of.isoformat())
    values = loaded(past.values)
    then = CameraLine(
        line.id, line.code, past.owner.code, past.owner.name, past.state, str(values.get("kind", "")),
        _number(values.get("lon_deg")), _number(values.get("lat_deg")), str(values.get("place_origin", "")),
        _number(values.get("bearing_deg")), line.sources, values,
    )  # fmt: skip
    standing = [c for c in claims if c.said_at < end]
    return CameraCard(then, "", _ids(past.origins), standing, past.number, as_of, hidden=hidden)


def _seen(code: str, *, within: Scope) -> tuple[Any, ...] | None:
    """The columns of a camera that somebody may see, in whole or in their own words; one query for whatever is not."""
    found = Camera.objects.filter(code=plain_code(code))
    if within.all:
        found = found.annotate(whole=RawValue(True, output_field=BooleanField()))
    else:
        own = Claim.objects.filter(
            camera_id=OuterRef("pk"), owner__code__in=sorted(within.own_lists), withdrawn_at__isnull=True
        )
        found = found.annotate(whole=Case(When(reached(within), then=True), default=False))
        found = found.filter(Q(whole=True) | Q(Exists(own)))
    return found.values_list(*_LINE, "origins", "version", "merged_into__code", "whole").first()


def _own_words(line: CameraLine, claims: list[SourceLine]) -> CameraCard:
    """Another's camera as the asker's own lists tell of it."""
    values, origins = winners([Said(claim.claim, claim.source_kind, claim.said_at, claim.values) for claim in claims])
    told = CameraLine(
        line.id, line.code, "", "", str(values.get("state", "")), str(values.get("kind", "")),
        _number(values.get("lon_deg")), _number(values.get("lat_deg")), str(values.get("place_origin", "")),
        _number(values.get("bearing_deg")), len(claims), values,
    )  # fmt: skip
    return CameraCard(told, "", origins, claims, 0, whole=False, hidden=True)


def _ids(origins: str) -> dict[str, int]:
    return {name: int(claim) for name, claim in loaded(origins).items()}


def _number(value: Value | None) -> float | None:
    return float(value) if value is not None else None


def _end_of(day: date) -> datetime:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise InvalidInput(msg("“{value}” is not a day; write it as 2026-05-31."), value=day.isoformat())
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone())


def _claims(camera: int) -> list[SourceLine]:
    rows = (
        Claim.objects.filter(camera_id=camera)
        .order_by("id")
        .values_list("id", "source_kind", "source_ref", "owner__code", "said_at", "withdrawn_at", "values")
    )
    return [SourceLine(a, b, c, d or "", e, f, loaded(g)) for a, b, c, d, e, f, g in rows]


def camera_history(code: str, *, within: Scope = EVERYWHERE) -> list[VersionLine]:
    """Every state of a camera within a scope, newest first, with what changed from the one before."""
    number = camera_id(code, within=within)
    before: dict[str, Value] = {}
    lines: list[VersionLine] = []
    for v in CameraVersion.objects.filter(camera_id=number).order_by("number"):
        values = loaded(v.values)
        changed = {
            name: (before.get(name), values.get(name)) for name in FIELDS if before.get(name) != values.get(name)
        }
        lines.append(VersionLine(v.number, v.happened_at, v.recorded_at, v.state, v.by, v.why, values, changed))
        before = values
    return lines[::-1]


def register_version() -> str:
    """Changes whenever the register does: the key of every cache made from it."""
    newest = CameraVersion.objects.aggregate(newest=Max("id"))["newest"] or 0
    return f"{newest}"


def map_points() -> MapPoints:
    """Where every standing camera is; unplaced ones are left out."""
    rows = list(
        Camera.objects.filter(sources__gt=0, lon_deg__isnull=False, lat_deg__isnull=False)
        .order_by("id")
        .values_list("id", "code", "lon_deg", "lat_deg", "bearing_deg", "owner__code", "kind", "state", "place_origin")
    )
    columns = list(zip(*rows, strict=True)) if rows else [()] * 9
    bearing = [float("nan") if b is None else b for b in columns[4]]
    return MapPoints(
        np.array(columns[0], dtype=np.int64), list(columns[1]), np.array(columns[2], dtype=np.float64),
        np.array(columns[3], dtype=np.float64), np.array(bearing, dtype=np.float64), list(columns[5]), list(columns[6]),
        list(columns[7]), list(columns[8]),
    )  # fmt: skip


def standing_claims() -> pl.DataFrame:
    """Standing claims of all standing cameras, oldest first: camera (code), keeper (code of the owner of the camera),
    source_kind, source_ref, owner (whose list says it, "" for nobody's), values (JSON text)."""
    columns = ("camera__code", "camera__owner__code", "source_kind", "source_ref", "owner__code", "values")
    found = Claim.objects.filter(withdrawn_at__isnull=True, camera__sources__gt=0).order_by("said_at", "id")
    names = ("camera", "keeper", "source_kind", "source_ref", "owner", "values")
    rows = found.values_list(*columns).iterator(chunk_size=20_000)
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.with_columns(pl.col("owner").fill_null(""))


def codes_in_state(*states: str) -> frozenset[str]:
    """The standing cameras in one of the states."""
    found = _standing().filter(state__in=states)
    return frozenset(found.values_list("code", flat=True).iterator(chunk_size=20_000))


def sources_of(camera_id: int) -> set[str]:
    """References of the sources that say that a camera is there; a person's corrections are none."""
    standing = Claim.objects.filter(camera_id=camera_id, withdrawn_at__isnull=True).exclude(source_kind=CORRECTING)
    return set(standing.values_list("source_ref", flat=True))


def claimed_records() -> dict[int, int]:
    """record -> camera of every standing claim that came out of a list."""
    found = Claim.objects.filter(source_ref__startswith="record:", withdrawn_at__isnull=True)
    rows = found.values_list("source_ref", "camera_id").iterator(chunk_size=20_000)
    return {int(ref.partition(":")[2]): camera for ref, camera in rows}
