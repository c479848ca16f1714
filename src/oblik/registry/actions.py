"""What changes the register: owners added, claims made and withdrawn, cameras born from them. One function, one
transaction; the caller of the bulk functions holds it and writes the journal entry for the whole batch."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, Forbidden, InvalidInput, NotFound, msg
from oblik.db import bulk, turns
from oblik.journal import actions as journal
from oblik.registry import queries, vault
from oblik.registry.logic import records
from oblik.registry.logic.codes import code_of
from oblik.registry.logic.fields import OWNER_KINDS
from oblik.registry.logic.folding import plain
from oblik.registry.logic.pins import pinned, whole_place
from oblik.registry.logic.secrets import HIDDEN, SECRET_FIELDS
from oblik.registry.logic.trust import CORRECTING, PLACE, Said, winners
from oblik.registry.models import Camera, CameraVersion, Claim, CodeCounter, Owner

REGISTER: Final = "register"  # the turn that everybody takes who changes cameras: see db.turns
_CHUNK: Final = 20_000  # cameras folded at once: bounds memory, not correctness
_NAMED: Final = 5_000  # sources named in one statement


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What one source says of one camera; values as cleaned."""

    camera_id: int
    source_kind: str
    source_ref: str
    owner_id: int | None
    said_at: datetime
    values: str  # JSON text of records.dumped
    campaign: str = ""  # code of the campaign whose list said so


def add_owner(code: str, *, name: str, kind: str, by: Actor, at: datetime) -> int:
    """Adds an organisation that keeps cameras; its number comes back."""
    if kind not in OWNER_KINDS:
        raise InvalidInput(
            msg("“{value}” is not a kind of owner; choose one of {choices}."),
            value=kind,
            choices=", ".join(OWNER_KINDS),
        )
    code, name = plain(code).strip(), plain(name).strip()
    if not code or len(code) > 40:
        raise InvalidInput(msg("The owner's code “{value}” is empty or longer than 40 signs."), value=code)
    if not code.isprintable() or "/" in code or "\\" in code:
        # It stands in addresses of pages and in names of files.
        raise InvalidInput(
            msg("The owner's code “{value}” holds a slash or a sign that is not printed; write letters and digits."),
            value=code,
        )
    if len(name) > 300:
        raise InvalidInput(msg("The owner's name is longer than 300 signs: “{value}”."), value=name)
    with transaction.atomic():
        if Owner.objects.filter(code=code).exists():
            raise Conflict(msg("There is an owner with the code “{value}” already; choose another code."), value=code)
        owner = Owner.objects.create(code=code, name=name or code, kind=kind)
        journal.record(subject=f"owner:{code}", what="added", by=by, at=at, details={"name": name, "kind": kind})
    return owner.pk


def create_cameras(owner_ids: Sequence[int], *, at: datetime) -> tuple[int, list[str]]:
    """Empty cameras, one per owner given, in that order: the first id (the others follow) and their codes.

    Inside the caller's transaction; `fold_cameras` fills them from the claims that are inserted next.
    """
    turns.take(REGISTER)
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
    turns.take(REGISTER)
    first = bulk.reserve_ids(Claim, count=len(claims))
    recorded = bulk.instant(at)
    bulk.insert_rows(
        Claim,
        columns=["id", "camera_id", "source_kind", "source_ref", "owner_id", "said_at", "values", "recorded_at",
                 "campaign_code"],
        rows=(
            (
                first + i,
                c.camera_id,
                c.source_kind,
                c.source_ref,
                c.owner_id,
                bulk.instant(c.said_at),
                vault.without_address(c.values),
                recorded,
                c.campaign,
            )
            for i, c in enumerate(claims)
        ),
    )  # fmt: skip


def withdraw_claims(source_refs: Sequence[str], *, source_kind: str, at: datetime) -> list[int]:
    """Withdraws what these sources said; the cameras it concerned come back, to be folded again."""
    turns.take(REGISTER)
    cameras: set[int] = set()
    for start in range(0, len(source_refs), _NAMED):
        standing = Claim.objects.filter(
            source_kind=source_kind, source_ref__in=source_refs[start : start + _NAMED], withdrawn_at__isnull=True
        )
        cameras.update(standing.values_list("camera_id", flat=True))
        standing.update(withdrawn_at=at)
    return sorted(cameras)


def fold_cameras(
    camera_ids: Sequence[int], *, happened_at: datetime | Mapping[int, datetime], at: datetime, by: Actor, why: str = ""
) -> int:
    """Recomputes cameras from their standing claims and writes a version of each that changed; how many did.

    happened_at: when it happened in the world, for all or camera by camera. A version never happens before the one
    that it follows, so that "as of" finds what was known last.
    """
    turns.take(REGISTER)
    changed = 0
    for start in range(0, len(camera_ids), _CHUNK):
        chunk = list(camera_ids[start : start + _CHUNK])
        changed += _fold_chunk(chunk, happened_at=happened_at, at=at, by=by, why=why)
    return changed


@dataclass(frozen=True, slots=True)
class _Folded:
    values: dict[str, records.Value]
    text: str
    origins: str
    owner_id: int | None  # None where only a person or a device speaks: the camera stays with its owner
    sources: int


@dataclass(frozen=True, slots=True)
class _Held:
    id: int
    code: str
    values: str
    origins: str
    version: int
    sources: int
    owner_id: int
    merged_into_id: int | None


def _fold_chunk(
    ids: list[int], *, happened_at: datetime | Mapping[int, datetime], at: datetime, by: Actor, why: str
) -> int:
    folded = _folded_claims(ids)
    names = [field.name for field in dataclass_fields(_Held)]
    stamp = bulk.instant(at)
    cameras: list[tuple[object, ...]] = []
    versions: list[tuple[int, tuple[object, ...]]] = []
    followed: list[int] = []
    for condition in bulk.named(ids):
        for row in Camera.objects.filter(condition).values_list(*names).iterator(chunk_size=20_000):
            held = _Held(*row)
            new = folded.get(held.id) or _Folded(records.loaded(held.values), held.values, "{}", held.owner_id, 0)
            keeper = new.owner_id or held.owner_id
            same_words = (new.text, new.origins, new.sources, keeper) == (
                held.values, held.origins, held.sources, held.owner_id,
            )  # fmt: skip
            if same_words and held.version:
                continue
            columns = records.columns_of(held.code, values=new.values)
            merged = None if new.sources else held.merged_into_id  # What stands again is merged into nothing.
            # One more source that says the same is no new state of the camera; a camera that comes or goes is.
            stays = (new.text, keeper, new.sources > 0) == (held.values, held.owner_id, held.sources > 0)
            number = held.version if stays and held.version else held.version + 1
            cameras.append((*columns, new.text, new.origins, number, new.sources, keeper, merged, stamp, held.id))
            if number > held.version:
                versions.append((held.id, (number, keeper, columns[0], new.text, new.origins)))
                if held.version:
                    followed.append(held.id)
    bulk.update_rows(
        Camera,
        columns=[*records.CAMERA_COLUMNS, "values", "origins", "version", "sources", "owner_id", "merged_into_id",
                 "updated_at"],
        rows=cameras,
    )  # fmt: skip
    _add_versions(versions, latest=_latest(followed), happened_at=happened_at, at=at, by=by, why=why)
    return len(versions)


def _add_versions(
    versions: list[tuple[int, tuple[object, ...]]], *, latest: Mapping[int, datetime],
    happened_at: datetime | Mapping[int, datetime], at: datetime, by: Actor, why: str,
) -> None:  # fmt: skip
    def world(camera: int) -> str | datetime:
        happened = happened_at if isinstance(happened_at, datetime) else happened_at.get(camera, at)
        return bulk.instant(max(happened, latest.get(camera, happened)))

    first = bulk.reserve_ids(CameraVersion, count=len(versions))
    stamp = bulk.instant(at)
    bulk.insert_rows(
        CameraVersion,
        columns=["id", "camera_id", "happened_at", "recorded_at", "by", "why", "number", "owner_id", "state", "values",
                 "origins"],
        rows=(
            (first + i, camera, world(camera), stamp, str(by), why, *row) for i, (camera, row) in enumerate(versions)
        ),
    )  # fmt: skip


def _latest(camera_ids: Sequence[int]) -> dict[int, datetime]:
    """When the newest version of each of these cameras happened."""
    return {
        camera: happened
        for condition in bulk.named(camera_ids, column="camera_id")
        for camera, happened in CameraVersion.objects.filter(condition)
        .values_list("camera_id")
        .annotate(latest=Max("happened_at"))
    }


def _folded_claims(ids: Sequence[int]) -> dict[int, _Folded]:
    """What the standing claims of these cameras come to; cameras with a person's word alone are left out."""
    by_camera: dict[int, list[tuple[str, int | None, Said]]] = {}
    for condition in bulk.named(ids, column="camera_id"):
        rows = Claim.objects.filter(condition, withdrawn_at__isnull=True).values_list(
            "camera_id", "values", "owner_id", "id", "source_kind", "said_at"
        )
        for camera, text, owner_id, claim, kind, said_at in rows.iterator(chunk_size=20_000):
            said = Said(claim, kind, said_at, records.loaded(text))
            by_camera.setdefault(camera, []).append((text, owner_id, said))
    answer: dict[int, _Folded] = {}
    for camera, claims in by_camera.items():
        sources = sum(said.source_kind != CORRECTING for _, _, said in claims)
        if sources:
            answer[camera] = _folded(claims, sources=sources)
    return answer


def _folded(claims: list[tuple[str, int | None, Said]], *, sources: int) -> _Folded:
    values, origins = winners([said for _, _, said in claims])
    text = claims[0][0] if len(claims) == 1 and len(values) == len(claims[0][2].values) else records.dumped(values)
    # The camera stands on the books of the owner who said so first, whoever spoke since; volunteers keep no books.
    keepers = [(said.source_kind == "osm", said.claim, owner) for _, owner, said in claims if owner is not None]
    return _Folded(
        values, text, json.dumps(origins, sort_keys=True, separators=(",", ":")), min(keepers)[2] if keepers else None,
        sources,
    )  # fmt: skip


def unfaithful_cameras(camera_ids: Sequence[int]) -> list[str]:
    """Codes of cameras whose stored values are not the fold of their standing claims; changes nothing."""
    wrong: list[str] = []
    for start in range(0, len(camera_ids), _CHUNK):
        chunk = camera_ids[start : start + _CHUNK]
        folded = _folded_claims(chunk)
        for condition in bulk.named(chunk):
            held = Camera.objects.filter(condition).values_list("id", "code", "values", "owner_id")
            for camera_id, code, values, owner_id in held.iterator(chunk_size=20_000):
                new = folded.get(camera_id)
                if new is None or new.text != values or (new.owner_id or owner_id) != owner_id:
                    wrong.append(code)
    return wrong


def pin_values(
    code: str, *, values: Mapping[str, records.Value], by: Actor, at: datetime, why: str, version: int | None = None,
    within: Scope = EVERYWHERE,
) -> None:  # fmt: skip
    """A person's word on some fields of a camera: it outranks every other source until withdrawn.

    version: only where the camera is still at it; else Conflict with the code "stale". within: see `require_stays`.
    """
    checked = {name: pinned(name, value) for name, value in values.items() if name not in SECRET_FIELDS}
    with turns.turn(REGISTER):
        camera = editable(code, version=version)
        vault.keep_typed(camera.pk, values, source_ref=f"pin:{camera.pk}", owner_id=None, at=at)
        said = whole_place({**pins_of(camera.pk), **checked, **vault.address_mark(values)})
        replace_pins(camera.pk, said, at=at)
        fold_cameras([camera.pk], happened_at=at, at=at, by=by, why=why)
        require_stays(camera, within=within)
        told = {name: checked.get(name, HIDDEN) for name in values}
        journal.record(subject=f"camera:{camera.code}", what="pinned", by=by, at=at, why=why, details=told)


def editable(code: str, *, version: int | None) -> Camera:
    """The camera of a code that stands in the register at this version; within the register's turn."""
    camera = Camera.objects.filter(code=queries.plain_code(code)).first()
    if camera is None:
        raise NotFound(msg("There is no camera {value}; look it up with a search."), value=code)
    if not camera.sources:
        raise Conflict(
            msg("Camera {value} is no longer in the register; its page tells what it turned out to be."), value=code
        )
    if version is not None and camera.version != version:
        raise Conflict(
            msg("Camera {value} was changed meanwhile: it is at version {version} now. Read it again."),
            code="stale", value=camera.code, version=camera.version,
        )  # fmt: skip
    return camera


def require_stays(camera: Camera, *, within: Scope) -> None:
    """Forbidden where a change has taken a camera out of the scope in which whoever makes it may edit.

    Asked after the fold, inside the transaction that it takes back: what a pin let go brings to light nobody foretells.
    """
    if not within.all and not within.covers(**queries.qualities_of(camera.pk)):
        raise Forbidden(
            msg("Camera {value} would leave what you may edit; ask somebody who may do both."), value=camera.code
        )


def pins_of(camera_id: int) -> dict[str, records.Value]:
    """What people have pinned on a camera."""
    standing = Claim.objects.filter(
        source_kind=CORRECTING, source_ref=f"pin:{camera_id}", withdrawn_at__isnull=True
    ).first()
    return records.loaded(standing.values) if standing else {}


def replace_pins(camera_id: int, said: Mapping[str, records.Value], *, at: datetime) -> None:
    """What people pin on a camera from now on, in place of what they had; the caller folds it."""
    withdraw_claims([f"pin:{camera_id}"], source_kind=CORRECTING, at=at)
    if said:
        add_claims([NewClaim(camera_id, CORRECTING, f"pin:{camera_id}", None, at, records.dumped(said))], at=at)


def retire_empty(camera_ids: Sequence[int], *, merged_into: int | None, at: datetime, by: Actor) -> None:
    """Cameras that no source stands for any more: their codes stay taken and point at what they turned out to be.

    What a person had pinned on such a camera goes with it, where the other camera has no pin of its own.
    """
    emptied = list(Camera.objects.filter(pk__in=list(camera_ids), sources=0).values_list("pk", flat=True))
    Camera.objects.filter(pk__in=emptied).update(merged_into=merged_into, updated_at=at)
    moved = {name: value for camera in emptied for name, value in pins_of(camera).items()}
    if merged_into is None:
        return
    vault.move_pinned(emptied, into=merged_into, at=at)
    if not moved:
        return
    own = pins_of(merged_into)
    if any(name in own for name in PLACE):
        moved = {name: value for name, value in moved.items() if name not in PLACE}
    for camera in emptied:
        replace_pins(camera, {}, at=at)
    replace_pins(merged_into, {**moved, **own}, at=at)
    fold_cameras([merged_into], happened_at=at, at=at, by=by, why="pinned on the camera that was merged into it")
