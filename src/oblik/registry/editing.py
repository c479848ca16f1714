"""What a person changes on one camera: values pinned and let go with a reason, and the last such edit undone."""

from collections.abc import Mapping
from datetime import datetime

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, msg
from oblik.db import turns
from oblik.journal import actions as journal
from oblik.registry import edits
from oblik.registry.actions import REGISTER, editable, fold_cameras, pins_of, replace_pins, require_stays
from oblik.registry.logic.pins import pinned, whole_place
from oblik.registry.logic.records import Value
from oblik.registry.logic.secrets import HIDDEN, SECRET_FIELDS
from oblik.registry.logic.trust import PLACE


def edit_camera(
    code: str, *, values: Mapping[str, Value | None], by: Actor, at: datetime, why: str, version: int | None = None,
    happened_at: datetime | None = None, within: Scope = EVERYWHERE,
) -> bool:  # fmt: skip
    """Pins values on a camera and lets pinned ones go; whether anything was different from before.

    None lets a pin go, so that the sources decide again; a place goes as a whole. happened_at: when it came to be so in
    the world, for states above all; the register never tells it as having happened before its own last version.
    version: only where the camera is still at it; else Conflict with the code "stale". within: where whoever asks may
    edit; Forbidden where the camera would be outside of it afterwards.
    """
    if not why.strip():
        raise InvalidInput(msg("Say why: a reason is kept with every change."))
    if happened_at is not None and happened_at > at:
        raise InvalidInput(msg("The day lies in the future; give the day on which it came to be so."))
    if any(name in SECRET_FIELDS for name in values):
        raise InvalidInput(msg("Secrets of a device are not edited with its other values."))
    checked = {name: pinned(name, value) for name, value in values.items() if value is not None}
    gone = {name for name, value in values.items() if value is None}
    gone |= set(PLACE) if gone & set(PLACE) else set()
    with turns.turn(REGISTER):
        camera = editable(code, version=version)
        before = pins_of(camera.pk)
        after = whole_place({name: value for name, value in before.items() if name not in gone} | checked)
        if after == before:
            return False
        replace_pins(camera.pk, after, at=at)
        fold_cameras([camera.pk], happened_at=happened_at or at, at=at, by=by, why=why.strip())
        require_stays(camera, within=within)
        told = {name: after.get(name, "") for name in sorted(before.keys() | after.keys())
                if before.get(name) != after.get(name)}  # fmt: skip
        if happened_at is not None:
            told["happened_at"] = happened_at.isoformat()
        journal.record(subject=f"camera:{camera.code}", what="edited", by=by, at=at, why=why.strip(), details=told)
    return True


def undo_edit(code: str, *, by: Actor, at: datetime, why: str, edit: int, within: Scope = EVERYWHERE) -> None:
    """Takes back the last edit of a camera: what was pinned before it is pinned again. Undoing twice does it again.

    edit: the number of the edit meant, see `edits.last_edit`; Conflict where it is no longer the last. within: as for
    `edit_camera`.
    """
    with turns.turn(REGISTER):
        camera = editable(code, version=None)
        last = edits.last_edit(camera.code)
        if last is None or last.number != edit:
            raise Conflict(
                msg("Camera {value} was changed meanwhile: that edit is no longer the last. Read it again."),
                code="stale", value=camera.code,
            )  # fmt: skip
        if any(name in SECRET_FIELDS for name in last.changed):
            raise Conflict(
                msg("The last edit changed a secret, which cannot be brought back; set it anew."), value=camera.code
            )
        replace_pins(camera.pk, last.before, at=at)
        fold_cameras([camera.pk], happened_at=at, at=at, by=by, why=why)
        require_stays(camera, within=within)
        told = {name: HIDDEN if name in SECRET_FIELDS else (pair[0] if pair[0] is not None else "")
                for name, pair in last.changed.items()}  # fmt: skip
        journal.record(subject=f"camera:{camera.code}", what="edit_undone", by=by, at=at, why=why, details=told)
