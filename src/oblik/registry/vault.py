"""Secrets of cameras' devices: kept sealed, shown one camera at a time to those who say why, turned to a new key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.base.sealing import DamagedSecret, KeyMissing, Ring
from oblik.base.veiling import HIDDEN, veiled
from oblik.db import bulk, keyring, turns
from oblik.journal import actions as journal
from oblik.registry import queries
from oblik.registry.logic.records import Value, dumped, loaded
from oblik.registry.logic.secrets import SECRET_FIELDS, STREAM_MARK, secret_bound
from oblik.registry.models import Camera, CameraVersion, Claim, Secret, SecretLook

_LONGEST: Final = 2_000
TABLES: Final = (Claim, Camera, CameraVersion, Secret)  # whose old rows may hold what has been sealed since
_HOUR: Final = timedelta(hours=1)
_NAMED: Final = 5_000  # sources named in one statement


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What one source tells of one camera's device; owner_id: whose list told it, None for a person."""

    camera_id: int
    field: str
    text: str
    source_ref: str
    owner_id: int | None
    said_at: datetime


@dataclass(frozen=True, slots=True)
class SecretLine:
    """That there is a secret: of which field, from which source, since when, and under which key."""

    field: str
    source_ref: str
    said_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """A secret in the clear; text is None where its token is damaged."""

    field: str
    text: str | None
    source_ref: str
    said_at: datetime


def keep_secrets(secrets: Sequence[NewSecret], *, at: datetime) -> int:
    """Seals what sources tell; what the same source told of the same field before is withdrawn. How many were kept.

    Inside the caller's transaction. KeyMissing, before anything is written, where there is no key.
    """
    if not secrets:
        return 0
    ring = keyring.ring()
    ring.active_key()
    withdraw_secrets({s.source_ref for s in secrets}, fields={s.field for s in secrets}, at=at)
    codes = queries.codes_of([s.camera_id for s in secrets])
    first = bulk.reserve_ids(Secret, count=len(secrets))
    recorded = bulk.instant(at)
    bulk.insert_rows(
        Secret,
        columns=["id", "camera_id", "field", "sealed", "source_ref", "owner_id", "said_at", "recorded_at"],
        rows=(
            (
                first + i, s.camera_id, s.field,
                ring.seal(s.text, bound=secret_bound(codes[s.camera_id], field=s.field, source_ref=s.source_ref)),
                s.source_ref, s.owner_id, bulk.instant(s.said_at), recorded,
            )
            for i, s in enumerate(secrets)
        ),
    )  # fmt: skip
    return len(secrets)


def withdraw_secrets(source_refs: Collection[str], *, at: datetime, fields: Collection[str] = SECRET_FIELDS) -> None:
    """What these sources told stands no longer."""
    refs = sorted(source_refs)
    for start in range(0, len(refs), _NAMED):
        Secret.objects.filter(
            source_ref__in=refs[start : start + _NAMED], field__in=fields, withdrawn_at__isnull=True
        ).update(withdrawn_at=at)


def sources_told(source_refs: Sequence[str]) -> set[str]:
    """Which of these sources a secret stands for."""
    told: set[str] = set()
    for start in range(0, len(source_refs), _NAMED):
        told.update(
            _standing().filter(source_ref__in=source_refs[start : start + _NAMED]).values_list("source_ref", flat=True)
        )
    return told


def secrets_of(code: str, *, within: Scope = EVERYWHERE) -> list[SecretLine]:
    """Which secrets of a camera somebody could look at, newest first; none of their texts."""
    return [
        SecretLine(s.field, s.source_ref, s.said_at, s.sealed.split(".")[1] if s.sealed.count(".") == 2 else "")
        for s in _seen(queries.camera_id(code, within=within), within=within)
    ]


def reveal(code: str, *, why: str, by: Actor, at: datetime, within: Scope = EVERYWHERE) -> list[Revealed]:
    """The secrets of a camera in the clear, newest first; the journal keeps who looked and why, never what was seen.

    within: where `by` may see secrets. Refused without a reason, and beyond OBLIK_SECRET_LOOKS cameras an hour.
    """
    if not why.strip():
        raise InvalidInput(msg("Say why you need the secret: a reason is kept with every look."))
    with turns.turn(f"looks:{by}"):
        camera = queries.camera_id(code, within=within)
        found = list(_seen(camera, within=within))
        if not found:
            raise NotFound(msg("No secret is kept of camera {value}."), value=code)
        _count_look(by, at=at)
        ring, plain = keyring.ring(), queries.plain_code(code)
        seen = [Revealed(s.field, _opened(s, code=plain, ring=ring), s.source_ref, s.said_at) for s in found]
        journal.looked(
            subject=f"camera:{plain}", what="looked_at_secret", by=by, at=at, why=why.strip(),
            details={
                "fields": sorted({s.field for s in seen}),
                "damaged": sorted({s.field for s in seen if s.text is None}),
            },
        )  # fmt: skip
    return seen


def _count_look(by: Actor, *, at: datetime) -> None:
    most: int = settings.OBLIK_SECRET_LOOKS
    recent = SecretLook.objects.filter(by=str(by), at__gt=at - _HOUR).count()
    if recent >= most:
        raise Conflict(
            msg("You have looked at secrets {most} times within an hour; wait, or ask an administrator."),
            code="too_many_looks", most=most,
        )  # fmt: skip
    SecretLook.objects.create(by=str(by), at=at)


def _opened(secret: Secret, *, code: str, ring: Ring) -> str | None:
    try:
        return ring.open(secret.sealed, bound=secret_bound(code, field=secret.field, source_ref=secret.source_ref))
    except DamagedSecret:
        return None  # told with the others, and kept in the journal


def _standing() -> QuerySet[Secret]:
    return Secret.objects.filter(withdrawn_at__isnull=True)


def _seen(camera_id: int, *, within: Scope) -> list[Secret]:
    """Standing secrets of a camera, those left out that another owner's list told."""
    found = _standing().select_related("owner").filter(camera_id=camera_id).order_by("field", "-said_at", "-id")
    if within.all:
        return list(found)
    of = queries.qualities_of(camera_id)
    return [s for s in found if queries.is_source_seen(s.owner.code if s.owner else "", of=of, within=within)]


def keep_typed(
    camera_id: int, values: Mapping[str, Value], *, source_ref: str, owner_id: int | None, at: datetime
) -> None:
    """Seals the secrets among values that a person typed. Inside the caller's transaction."""
    secrets = {name: str(value).strip() for name, value in values.items() if name in SECRET_FIELDS}
    for name, text in secrets.items():
        if not text or len(text) > _LONGEST:
            raise InvalidInput(msg("{field} is empty or longer than {most} signs."), field=name, most=_LONGEST)
    keep_secrets([NewSecret(camera_id, name, text, source_ref, owner_id, at) for name, text in secrets.items()], at=at)


def address_mark(values: Mapping[str, Value]) -> dict[str, Value]:
    """What stands in a claim for the secrets among values: a mark for the stream address; nothing for the others."""
    return {"stream_url": stream_mark(str(values["stream_url"]))} if values.get("stream_url") else {}


def stream_mark(address: str, *, ring: Ring | None = None) -> str:
    """What stands in values for a stream address: keyed, without user and password."""
    bare = veiled(address, keep_address=True).replace(f"{HIDDEN}@", "").replace(f"{HIDDEN}:", "")
    return STREAM_MARK + (ring or keyring.ring()).mark(bare, purpose="stream_url")


def move_pinned(camera_ids: Sequence[int], *, into: int, at: datetime) -> None:
    """Secrets pinned on cameras that were merged go with them, where the other camera has no pin of its own."""
    ring = keyring.ring()
    own = set(_standing().filter(camera_id=into, source_ref=f"pin:{into}").values_list("field", flat=True))
    moved: dict[str, NewSecret] = {}
    for camera in camera_ids:
        for s in _standing().filter(camera_id=camera, source_ref=f"pin:{camera}").select_related("camera"):
            text = _opened(s, code=s.camera.code, ring=ring)
            if text is not None and s.field not in own:
                moved[s.field] = NewSecret(into, s.field, text, f"pin:{into}", None, s.said_at)
    withdraw_secrets({f"pin:{camera}" for camera in camera_ids}, at=at)
    keep_secrets(list(moved.values()), at=at)


def secrets_by_key() -> dict[str, int]:
    """id of a key -> how many secrets of cameras need it, withdrawn ones too."""
    counts: dict[str, int] = {}
    for sealed in Secret.objects.values_list("sealed", flat=True).iterator(chunk_size=20_000):
        key = sealed.split(".")[1] if sealed.count(".") == 2 else "?"
        counts[key] = counts.get(key, 0) + 1
    return counts


def turn_secrets(*, ring: Ring, limit: int, after: int = 0) -> tuple[int, int, int]:
    """One batch of secrets sealed anew under the active key, in one transaction: how many were turned, how many could
    not be (key gone or damaged), and the last row looked at (0 when there are no more)."""
    with turns.turn("secrets"):
        stale = Secret.objects.filter(pk__gt=after).exclude(sealed__startswith=f"s1.{ring.active}.").order_by("pk")
        if connection.features.has_select_for_update:
            stale = stale.select_for_update(of=("self",))
        columns = ("pk", "sealed", "camera__code", "field", "source_ref")
        rows, lost, last = [], 0, 0
        for last, sealed, code, field, ref in stale.values_list(*columns)[:limit]:
            try:
                rows.append((ring.turned(sealed, bound=secret_bound(code, field=field, source_ref=ref)), last))
            except (DamagedSecret, KeyMissing):
                lost += 1
        bulk.update_rows(Secret, columns=["sealed"], rows=rows)
    return len(rows), lost, last


def clear_values() -> dict[str, int]:
    """table -> rows whose values hold a stream address from before addresses were sealed."""
    return {model.__name__: _clear(model).count() for model in (Claim, Camera, CameraVersion)}


def seal_clear_values(*, ring: Ring, limit: int) -> int:
    """One batch of claims, cameras and versions with a mark where a stream address stood; how many rows."""
    done = 0
    for model in (Claim, Camera, CameraVersion):
        with turns.turn("register"):
            rows = [
                (marked_values(text, ring=ring), pk)
                for pk, text in _clear(model).order_by("pk").values_list("pk", "values")[: limit - done]
            ]
            bulk.update_rows(model, columns=["values"], rows=rows)
        done += len(rows)
    return done


def _clear(
    model: type[Claim] | type[Camera] | type[CameraVersion],
) -> QuerySet[Claim] | QuerySet[Camera] | QuerySet[CameraVersion]:
    found = model.objects.filter(values__contains='"stream_url":"')
    return found.exclude(values__contains=f'"stream_url":"{STREAM_MARK}')


def without_address(values: str) -> str:
    """JSON text of values as it may be kept: of a stream address in the clear only the mark is left."""
    if '"stream_url":' not in values.replace(f'"stream_url":"{STREAM_MARK}', ""):
        return values
    return marked_values(values, ring=keyring.ring())


def marked_values(text: str, *, ring: Ring) -> str:
    """JSON text of values with a mark for the stream address and without secrets among words."""
    values: dict[str, Value] = {
        name: veiled(value) if isinstance(value, str) and name != "stream_url" else value
        for name, value in loaded(text).items()
    }
    address = values.get("stream_url")
    if isinstance(address, str) and not address.startswith(STREAM_MARK):
        values["stream_url"] = stream_mark(address, ring=ring)
    return dumped(values)
