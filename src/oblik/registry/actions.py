"""What changes the register: owners added, claims made and withdrawn, cameras born from them. One function, one
transaction; the caller of the bulk functions holds it and writes the journal entry for the whole batch."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl
from django.conf import settings
from django.db import transaction

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.db import bulk
from oblik.journal import actions as journal
from oblik.registry.logic import records
from oblik.registry.logic.codes import code_of
from oblik.registry.logic.fields import FIELDS, OWNER_KINDS
from oblik.registry.logic.trust import winners
from oblik.registry.models import Camera, CameraVersion, Claim, CodeCounter, Owner

_CHUNK: Final = 50_000  # cameras folded at once: bounds memory, not correctness


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What one source says of one camera; values as cleaned."""

    camera_id: int
    source_kind: str
    source_ref: str
    owner_id: int | None
    said_at: datetime
    values: str  # JSON text of records.dumped


def add_owner(code: str, *, name: str, kind: str, by: Actor, at: datetime) -> int:
    """Adds an organisation that keeps cameras; its number comes back."""
    if kind not in OWNER_KINDS:
        raise InvalidInput(
            msg("“{value}” is not a kind of owner; choose one of {choices}."),
            value=kind,
            choices=", ".join(OWNER_KINDS),
        )
    if not code.strip() or len(code) > 40:
        raise InvalidInput(msg("The owner's code “{value}” is empty or longer than 40 signs."), value=code)
    with transaction.atomic():
        if Owner.objects.filter(code=code).exists():
            raise Conflict(msg("There is an owner with the code “{value}” already; choose another code."), value=code)
        owner = Owner.objects.create(code=code, name=name.strip() or code, kind=kind)
        journal.record(subject=f"owner:{code}", what="added", by=by, at=at, details={"name": name, "kind": kind})
    return owner.pk


def create_cameras(owner_ids: Sequence[int], *, at: datetime) -> tuple[int, list[str]]:
    """Empty cameras, one per owner given, in that order: the first id (the others follow) and their codes.

    Inside the caller's transaction; `fold_cameras` fills them from the claims that are inserted next.
    """
    prefix = settings.OBLIK_CITY_CODE
    counter, _ = CodeCounter.objects.select_for_update().get_or_create(prefix=prefix)
    start = counter.last_number + 1
    counter.last_number += len(owner_ids)
    counter.save(update_fields=["last_number"])
    codes = [code_of(start + i, prefix=prefix) for i in range(len(owner_ids))]
    first = bulk.reserve_ids(Camera, count=len(owner_ids))
    bulk.insert_rows(
        Camera,
        columns=["id", "code", "owner_id", "state", "values", "origins", "version", "sources", "updated_at",
                 "place_origin", "kind", "search_text"],
        rows=(
            (first + i, code, owner, "in_service", "{}", "{}", 0, 0, bulk.instant(at), "", "", "")
            for i, (code, owner) in enumerate(zip(codes, owner_ids, strict=True))
        ),
    )  # fmt: skip
    return first, codes


def add_claims(claims: Sequence[NewClaim], *, at: datetime) -> None:
    """Puts claims beside their cameras; inside the caller's transaction, which then calls `fold_cameras`."""
    first = bulk.reserve_ids(Claim, count=len(claims))
    recorded = bulk.instant(at)
    bulk.insert_rows(
        Claim,
        columns=["id", "camera_id", "source_kind", "source_ref", "owner_id", "said_at", "values", "recorded_at"],
        rows=(
            (
                first + i,
                c.camera_id,
                c.source_kind,
                c.source_ref,
                c.owner_id,
                bulk.instant(c.said_at),
                c.values,
                recorded,
            )
            for i, c in enumerate(claims)
        ),
    )


def withdraw_claims(source_refs: Sequence[str], *, source_kind: str, at: datetime) -> list[int]:
    """Withdraws what these sources said; the cameras it concerned come back, to be folded again."""
    standing = Claim.objects.filter(
        source_kind=source_kind, source_ref__in=list(source_refs), withdrawn_at__isnull=True
    )
    cameras = sorted(set(standing.values_list("camera_id", flat=True)))
    standing.update(withdrawn_at=at)
    return cameras


def fold_cameras(camera_ids: Sequence[int], *, happened_at: datetime, at: datetime, by: Actor, why: str = "") -> int:
    """Recomputes cameras from their standing claims and writes a version of each that changed; how many did."""
    changed = 0
    for start in range(0, len(camera_ids), _CHUNK):
        chunk = list(camera_ids[start : start + _CHUNK])
        changed += _fold_chunk(chunk, happened_at=happened_at, at=at, by=by, why=why)
    return changed


@dataclass(frozen=True, slots=True)
class _Folded:
    values: str
    origins: str
    owner_id: int | None  # None where only a person or a device speaks: the camera stays with its owner
    sources: int


def _fold_chunk(ids: list[int], *, happened_at: datetime, at: datetime, by: Actor, why: str) -> int:
    claims = _standing_claims(ids)
    folded = _folded_claims(claims)
    before = {
        row[0]: row
        for row in Camera.objects.filter(pk__gte=min(ids), pk__lte=max(ids)).values_list(
            "id", "code", "values", "origins", "version", "sources", "owner_id"
        )
    }
    cameras: list[tuple[object, ...]] = []
    versions: list[tuple[object, ...]] = []
    stamp, world = bulk.instant(at), bulk.instant(happened_at)
    for camera_id in ids:
        _, code, values, origins, version, sources, owner_id = before[camera_id]
        new = folded.get(camera_id) or _Folded(values, "{}", owner_id, 0)
        keeper = new.owner_id or owner_id
        if (new.values, new.origins, new.sources, keeper) == (values, origins, sources, owner_id) and version:
            continue
        columns = records.columns_of(code, values=records.loaded(new.values))
        # One more source that says the same is no new state of the camera; a camera that comes or goes is.
        stays = (new.values, keeper, new.sources > 0) == (values, owner_id, sources > 0) and version > 0
        number = version if stays else version + 1
        cameras.append((*columns, new.values, new.origins, number, new.sources, keeper, stamp, camera_id))
        if not stays:
            versions.append(
                (camera_id, number, world, stamp, keeper, columns[0], new.values, new.origins, str(by), why)
            )
    bulk.update_rows(
        Camera,
        columns=[*records.CAMERA_COLUMNS, "values", "origins", "version", "sources", "owner_id", "updated_at"],
        rows=cameras,
    )
    first = bulk.reserve_ids(CameraVersion, count=len(versions))
    bulk.insert_rows(
        CameraVersion,
        columns=["id", "camera_id", "number", "happened_at", "recorded_at", "owner_id", "state", "values", "origins",
                 "by", "why"],
        rows=((first + i, *row) for i, row in enumerate(versions)),
    )  # fmt: skip
    return len(versions)


def _standing_claims(ids: list[int]) -> pl.DataFrame:
    wanted = set(ids)
    rows = [
        row
        for row in Claim.objects.filter(
            camera_id__gte=min(ids), camera_id__lte=max(ids), withdrawn_at__isnull=True
        ).values_list("id", "camera_id", "source_kind", "owner_id", "said_at", "values")
        if row[1] in wanted
    ]
    return pl.DataFrame(
        rows,
        schema={
            "claim": pl.Int64, "camera": pl.Int64, "source_kind": pl.String, "owner_id": pl.Int64,
            "said_at": pl.Datetime("us", "UTC"), "values": pl.String,
        },
        orient="row",
    )  # fmt: skip


def _folded_claims(claims: pl.DataFrame) -> dict[int, _Folded]:
    """Cameras with one claim take it whole; only the others need the order of trust."""
    answer: dict[int, _Folded] = {}
    sizes = claims.group_by("camera").len()
    single = claims.join(sizes.filter(pl.col("len") == 1).select("camera"), on="camera")
    for claim, camera, owner_id, values in single.select("claim", "camera", "owner_id", "values").iter_rows():
        origins = json.dumps(dict.fromkeys(records.loaded(values), claim), sort_keys=True, separators=(",", ":"))
        answer[camera] = _Folded(values, origins, owner_id, 1)
    several = claims.join(sizes.filter(pl.col("len") > 1), on="camera")
    if several.height:
        answer.update(_folded_several(several))
    return answer


def _folded_several(claims: pl.DataFrame) -> dict[int, _Folded]:
    parsed = [records.loaded(text) for text in claims["values"]]
    fields = sorted({name for values in parsed for name in values} & set(FIELDS))
    columns = {name: [values.get(name) for values in parsed] for name in fields}
    frame = claims.select("claim", "camera", "source_kind", "said_at").with_columns(
        [pl.Series(name, column, strict=False) for name, column in columns.items()]
    )
    won = winners(frame, fields=fields)
    # The camera stands on the books of the owner who said so first, whoever spoke since.
    keeper = (
        claims.filter(pl.col("owner_id").is_not_null())
        .sort("claim")
        .group_by("camera")
        .agg(pl.col("owner_id").first(), pl.col("len").first())
    )
    owners = {row[0]: (row[1], row[2]) for row in keeper.iter_rows()}
    answer = {}
    for row in won.iter_rows(named=True):
        values = {name: row[name] for name in fields if row[name] is not None}
        origins = {name: row[f"origin_{name}"] for name in values}
        owner_id, size = owners.get(row["camera"], (None, 1))
        answer[row["camera"]] = _Folded(
            records.dumped(values), json.dumps(origins, sort_keys=True, separators=(",", ":")), owner_id, size
        )
    return answer


def unfaithful_cameras(camera_ids: Sequence[int]) -> list[str]:
    """Codes of cameras whose stored values are not the fold of their standing claims; changes nothing."""
    wrong: list[str] = []
    for start in range(0, len(camera_ids), _CHUNK):
        chunk = list(camera_ids[start : start + _CHUNK])
        folded = _folded_claims(_standing_claims(chunk))
        held = Camera.objects.filter(pk__gte=min(chunk), pk__lte=max(chunk)).values_list("id", "code", "values")
        wanted = set(chunk)
        for camera_id, code, values in held:
            if camera_id in wanted and (camera_id not in folded or folded[camera_id].values != values):
                wrong.append(code)
    return wrong


def pin_values(code: str, *, values: Mapping[str, records.Value], by: Actor, at: datetime, why: str) -> None:
    """A person's word on some fields of a camera: it outranks every other source until withdrawn."""
    unknown = sorted(set(values) - set(FIELDS))
    if unknown:
        raise InvalidInput(msg("“{value}” is not a field of a camera."), value=unknown[0])
    with transaction.atomic():
        camera = Camera.objects.select_for_update().filter(code=code).first()
        if camera is None:
            raise NotFound(msg("There is no camera {value}; look it up with a search."), value=code)
        earlier = Claim.objects.filter(
            source_kind="person", source_ref=f"pin:{camera.pk}", withdrawn_at__isnull=True
        ).first()
        kept = records.loaded(earlier.values) if earlier else {}
        withdraw_claims([f"pin:{camera.pk}"], source_kind="person", at=at)
        said = records.dumped({**kept, **values})
        add_claims([NewClaim(camera.pk, "person", f"pin:{camera.pk}", None, at, said)], at=at)
        fold_cameras([camera.pk], happened_at=at, at=at, by=by, why=why)
        journal.record(subject=f"camera:{code}", what="pinned", by=by, at=at, why=why, details=dict(values))


def retire_empty(camera_ids: Sequence[int], *, merged_into: int | None, at: datetime) -> None:
    """Cameras that no claim stands for any more: their codes stay taken and point at what they turned out to be."""
    Camera.objects.filter(pk__in=list(camera_ids), sources=0).update(merged_into=merged_into, updated_at=at)
