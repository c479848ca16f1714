"""What people have pinned on a camera, and what the last of them changed."""

from dataclasses import dataclass
from datetime import datetime

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.registry import queries
from oblik.registry.logic.records import Value, loaded
from oblik.registry.logic.trust import CORRECTING
from oblik.registry.models import CameraVersion, Claim


@dataclass(frozen=True, slots=True)
class Edit:
    """The last edit of a camera. number: of the edit, for taking it back. before: what was pinned before it.

    changed: field -> (pinned before, pinned since), None where nothing. by and why are "" where the edit made no new
    version of the camera, because the value was the same without it.
    """

    number: int
    at: datetime
    by: str
    why: str
    before: dict[str, Value]
    changed: dict[str, tuple[Value | None, Value | None]]


def pinned_on(code: str, *, within: Scope = EVERYWHERE) -> dict[str, Value]:
    """field -> value that a person has pinned on a camera within a scope."""
    claims = _pins(queries.camera_id(code, within=within))
    standing = next((text for _id, _at, withdrawn, text in claims if withdrawn is None), "")
    return loaded(standing)


def last_edit(code: str, *, within: Scope = EVERYWHERE) -> Edit | None:
    """The last edit of a camera within a scope; None where nobody ever pinned anything on it."""
    camera = queries.camera_id(code, within=within)
    claims = _pins(camera)
    if not claims:
        return None
    number, recorded_at, withdrawn_at, text = claims[0]
    if withdrawn_at is None:
        # Standing: before it stood what it replaced in the same moment, or nothing.
        older = claims[1] if len(claims) > 1 else None
        before = loaded(older[3]) if older is not None and older[2] == recorded_at else {}
        at, after = recorded_at, loaded(text)
    else:
        at, before, after, number = withdrawn_at, loaded(text), {}, -number
    version = CameraVersion.objects.filter(camera_id=camera, recorded_at=at).order_by("-number").first()
    names = sorted(before.keys() | after.keys())
    changed = {n: (before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)}
    return Edit(number, at, version.by if version else "", version.why if version else "", before, changed)


def _pins(camera: int) -> list[tuple[int, datetime, datetime | None, str]]:
    """Claims of a person on a camera, the newest first: number, since, until, values."""
    found = Claim.objects.filter(camera_id=camera, source_kind=CORRECTING, source_ref=f"pin:{camera}")
    return list(found.order_by("-id").values_list("id", "recorded_at", "withdrawn_at", "values"))
