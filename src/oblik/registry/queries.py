"""What the register holds: owners, cameras, their sources and history, points for the map."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from oblik.base.errors import NotFound, msg
from oblik.db import bulk
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.folding import folded, plain, squeezed
from oblik.registry.logic.records import Value, loaded
from oblik.registry.logic.trust import CORRECTING
from oblik.registry.models import Camera, CameraVersion, Claim, Owner

_NAMED: Final = 5_000  # codes named in one statement
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
    """A camera with everything that is said of it. origins: field -> claim that won."""

    line: CameraLine
    merged_into: str
    origins: dict[str, int]
    claims: list[SourceLine]
    version: int
    as_of: date | None = None


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


def owners() -> list[OwnerLine]:
    """All owners with the number of cameras that stand, by code."""
    counts = dict(
        Camera.objects.filter(sources__gt=0)
        .values_list("owner_id")
        .annotate(n=Count("id"))
        .values_list("owner_id", "n")
    )
    return [OwnerLine(o.pk, o.code, o.name, o.kind, counts.get(o.pk, 0)) for o in Owner.objects.order_by("code")]


def owner_names() -> dict[str, str]:
    """code -> name of every owner."""
    return dict(Owner.objects.values_list("code", "name"))


def _line(row: tuple[object, ...]) -> CameraLine:
    said = (*row[:-1], loaded(str(row[-1])))
    return CameraLine(*said)  # type: ignore[arg-type]  # the columns of _LINE, in its order


_LINE: Final = ("id", "code", "owner__code", "owner__name", "state", "kind", "lon_deg", "lat_deg", "place_origin",
                "bearing_deg", "sources", "values")  # fmt: skip


def _standing(
    *, text: str = "", owner: str = "", kind: str = "", state: str = "", visible_to: frozenset[str] | None = None
) -> QuerySet[Camera]:
    """Cameras that some claim stands for. visible_to: codes of the owners that may be seen, None for all."""
    found = Camera.objects.filter(sources__gt=0)
    if visible_to is not None:
        found = found.filter(owner__code__in=visible_to)
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
    sort: str = "code", visible_to: frozenset[str] | None = None,
) -> Page:  # fmt: skip
    """One page of cameras in a stable order; a page past the end is the last one."""
    found = _standing(text=text, owner=owner, kind=kind, state=state, visible_to=visible_to)
    total = found.count()
    per_page = max(1, per_page)
    pages = max(1, -(-total // per_page))
    number = min(max(page, 1), pages)
    order = SORTS.get(sort, "code")
    rows = found.order_by(order, "id").values_list(*_LINE)[(number - 1) * per_page : number * per_page]
    return Page([_line(row) for row in rows], total, number, pages)


def all_cameras(*, visible_to: frozenset[str] | None = None) -> Iterator[CameraLine]:
    """Every standing camera by code, streamed."""
    rows = _standing(visible_to=visible_to).order_by("code").values_list(*_LINE)
    return (_line(row) for row in rows.iterator(chunk_size=5_000))


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


def camera_id(code: str) -> int:
    """The number of a camera by its code."""
    found = Camera.objects.filter(code=plain_code(code)).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(msg("There is no camera {value}; look it up with a search."), value=code)
    return found


def standing_id(code: str) -> int:
    """The number of the camera that a code means today: a merged one is followed to what it turned out to be."""
    found = camera_id(code)
    return followed([found])[found]


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


def camera_card(code: str, *, as_of: date | None = None) -> CameraCard:
    """A camera with all its sources; as_of shows it as it stood at the end of that day (by the world's time)."""
    row = (
        Camera.objects.filter(code=plain_code(code))
        .values_list(*_LINE, "origins", "version", "merged_into__code")
        .first()
    )
    if row is None:
        raise NotFound(msg("There is no camera {value}; look it up with a search."), value=code)
    *head, origins, version, merged = row
    line = _line(tuple(head))
    claims = _claims(line.id)
    if as_of is None:
        return CameraCard(line, merged or "", loaded(origins), claims, version)  # type: ignore[arg-type]  # origins hold ids
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
    return CameraCard(then, "", loaded(past.origins), standing, past.number, as_of)  # type: ignore[arg-type]  # origins hold ids


def _number(value: Value | None) -> float | None:
    return float(value) if value is not None else None


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone())


def _claims(camera: int) -> list[SourceLine]:
    rows = (
        Claim.objects.filter(camera_id=camera)
        .order_by("id")
        .values_list("id", "source_kind", "source_ref", "owner__code", "said_at", "withdrawn_at", "values")
    )
    return [SourceLine(a, b, c, d or "", e, f, loaded(g)) for a, b, c, d, e, f, g in rows]


def camera_history(code: str) -> list[VersionLine]:
    """Every state of a camera, newest first, with what changed from the one before."""
    number = camera_id(code)
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


def claims_frame(camera_ids: Sequence[int]) -> pl.DataFrame:
    """Standing claims of these cameras: camera:i64, code, claim:i64, source_kind, source_ref, owner (code or ""),
    said_at, values (JSON text), in order of camera and claim."""
    columns = ("camera_id", "camera__code", "id", "source_kind", "source_ref", "said_at", "owner__code", "values")
    rows: list[tuple[object, ...]] = []
    for condition in bulk.named(camera_ids, column="camera_id"):
        found = Claim.objects.filter(condition, withdrawn_at__isnull=True).order_by("camera_id", "id")
        rows += [(*row[:6], row[6] or "", *row[7:]) for row in found.values_list(*columns).iterator(chunk_size=20_000)]
    return pl.DataFrame(
        rows,
        schema={
            "camera": pl.Int64, "code": pl.String, "claim": pl.Int64, "source_kind": pl.String, "source_ref": pl.String,
            "said_at": pl.Datetime("us", "UTC"), "owner": pl.String, "values": pl.String,
        },
        orient="row",
    )  # fmt: skip


def sources_of(camera_id: int) -> set[str]:
    """References of the sources that say that a camera is there; a person's corrections are none."""
    standing = Claim.objects.filter(camera_id=camera_id, withdrawn_at__isnull=True).exclude(source_kind=CORRECTING)
    return set(standing.values_list("source_ref", flat=True))


def claimed_records() -> dict[int, int]:
    """record -> camera of every standing claim that came out of a list."""
    found = Claim.objects.filter(source_ref__startswith="record:", withdrawn_at__isnull=True)
    rows = found.values_list("source_ref", "camera_id").iterator(chunk_size=20_000)
    return {int(ref.partition(":")[2]): camera for ref, camera in rows}
