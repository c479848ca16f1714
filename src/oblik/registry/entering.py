"""A camera that no list has, entered by hand in the name of its owner."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, msg
from oblik.db import turns
from oblik.journal import actions as journal
from oblik.registry import queries, vault
from oblik.registry.actions import REGISTER, NewClaim, add_claims, create_cameras, fold_cameras
from oblik.registry.logic.pins import pinned, whole_place
from oblik.registry.logic.records import Value, dumped
from oblik.registry.logic.secrets import SECRET_FIELDS
from oblik.registry.models import Claim

_LONGEST: Final = 60  # of a reference; with its owner's number it fits a source_ref


def entered_code(owner: str, *, reference: str) -> str | None:
    """The camera that was entered under an owner's reference; None where there is none."""
    known = Claim.objects.filter(source_ref=f"entered:{queries.owner_id(owner)}:{reference}", source_kind="owner_list")
    return known.filter(withdrawn_at__isnull=True).values_list("camera__code", flat=True).first()


def enter_camera(
    owner: str, *, reference: str, values: Mapping[str, Value], by: Actor, at: datetime, why: str
) -> tuple[str, bool]:
    """Enters a camera and gives its code, and whether it is new.

    reference is the owner's own number of it: the same again with the same values changes nothing, with other values
    it is a Conflict, for a camera that is known is edited. What is entered counts like a row of the owner's list.
    """
    owner_id = queries.owner_id(owner)
    if not reference or len(reference) > _LONGEST:
        raise InvalidInput(msg("{field} is empty or longer than {most} signs."), field="reference", most=_LONGEST)
    open_values = {name: pinned(name, value) for name, value in values.items() if name not in SECRET_FIELDS}
    said = dumped({**whole_place(open_values), **vault.address_mark(values)})
    ref = f"entered:{owner_id}:{reference}"
    with turns.turn(REGISTER):
        known = Claim.objects.filter(source_ref=ref, source_kind="owner_list", withdrawn_at__isnull=True)
        before = known.values_list("camera__code", "values").first()
        if before is not None:
            if before[1] != said:
                raise Conflict(
                    msg("“{value}” was entered already, as camera {camera} with other values; edit that camera."),
                    value=reference, camera=before[0],
                )  # fmt: skip
            return before[0], False
        camera_id, (code,) = create_cameras([owner_id], at=at)
        add_claims([NewClaim(camera_id, "owner_list", ref, owner_id, at, said)], at=at)
        vault.keep_typed(camera_id, values, source_ref=ref, owner_id=owner_id, at=at)
        fold_cameras([camera_id], happened_at=at, at=at, by=by, why=why)
        journal.record(
            subject=f"camera:{code}", what="entered", by=by, at=at, why=why,
            details={"owner": owner, "reference": reference},
        )  # fmt: skip
    return code, True
