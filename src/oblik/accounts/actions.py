"""What changes people and their rights: added, switched off, given and denied roles."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Final

from django.db import transaction

from oblik.accounts.logic.names import look_of, sign_in_name
from oblik.accounts.logic.rights import BOUND, ROLES
from oblik.accounts.models import Grant, Person
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.journal.actions import record

_SETUP: Final = Actor("console", "oblik")


@dataclass(frozen=True, slots=True)
class Over:
    """What a role is granted over: in each direction the values named, any where none is."""

    owners: Sequence[str] = ()
    districts: Sequence[str] = ()
    kinds: Sequence[str] = ()
    purposes: Sequence[str] = ()
    campaigns: Sequence[str] = ()


def add_person(
    username: str, *, role: str, password: str = "", owner_code: str = "", name: str = "", by: Actor = _SETUP,
    at: datetime | None = None,
) -> str:  # fmt: skip
    """Adds somebody with a role; the password given, or a new random one, comes back so that it can be shown once."""
    over = Over(owners=[owner_code] if owner_code else [])
    _require_grantable(role, over)
    look = look_of(sign_in_name(username))
    with transaction.atomic():
        if any(look_of(taken) == look for taken in Person.objects.values_list("username", flat=True)):
            raise Conflict(
                msg("The sign-in name “{username}” is taken, or looks like one that is; choose another."),
                username=username,
            )
        secret = password or secrets.token_urlsafe(12)
        person = Person.objects.create_user(username, password=secret, first_name=name, is_superuser=False)
        at = at or now()
        _grant(person, role=role, over=over, until=None, by=by, at=at)
        record(subject=f"person:{username}", what="added", by=by, at=at, details={"role": role, "owner": owner_code})
    return secret


def set_role(
    username: str, *, role: str, by: Actor, at: datetime, over: Over | None = None, until: datetime | None = None,
    keep: bool = False, why: str = "",
) -> None:  # fmt: skip
    """Gives somebody a role over a reach in place of all they had, or besides it with `keep`; "nobody" takes all away.

    The same role over the same reach gets the new end. InvalidInput for an unknown role, for a clerk or partner
    without an owner, and for an end that is past.
    """
    over = over or Over()
    _require_grantable(role, over)
    if until is not None and until <= at:
        raise InvalidInput(
            msg("The right would end on {until}, which is past; give a later day."), until=until.date().isoformat()
        )
    with transaction.atomic():
        person = _locked(username)
        standing = person.grants.filter(withdrawn_at__isnull=True)
        if keep:
            standing = standing.filter(role=role, **_columns(over))
        standing.update(withdrawn_at=at, withdrawn_by=str(by))
        _grant(person, role=role, over=over, until=until, by=by, at=at)
        details = {
            "role": role, "owners": list(over.owners), "districts": list(over.districts), "kinds": list(over.kinds),
            "purposes": list(over.purposes), "campaigns": list(over.campaigns), "besides": keep,
            "until": until.isoformat() if until else "",
        }  # fmt: skip
        record(subject=f"person:{username}", what="role_set", by=by, at=at, why=why, details=details)


def has_people() -> bool:
    return Person.objects.exists()


def _require_grantable(role: str, over: Over) -> None:
    if role not in ROLES:
        raise InvalidInput(
            msg("“{value}” is not a role; choose one of {choices}."), value=role, choices=", ".join(ROLES)
        )
    if role in BOUND and not any(owner.strip() for owner in over.owners):
        raise InvalidInput(msg("A {role} works for an owner; name it with --owner CODE."), role=role)


def _grant(person: Person, *, role: str, over: Over, until: datetime | None, by: Actor, at: datetime) -> None:
    """One row per combination: the database can then promise that none stands twice and that a clerk has an owner."""
    if role == "nobody":
        return
    every = (sorted(set(values)) or [""] for values in _columns(over).values())
    names = [name.removesuffix("__in") for name in _columns(over)]
    Grant.objects.bulk_create(
        Grant(
            person=person, role=role, until_at=until, granted_by=str(by), granted_at=at,
            **dict(zip(names, reach, strict=True)),
        )
        for reach in product(*every)
    )  # fmt: skip


def _columns(over: Over) -> dict[str, list[str]]:
    """The columns of a grant with the values wanted in each, as conditions."""
    given = {
        "owner_code": over.owners, "district": over.districts, "kind": over.kinds, "purpose": over.purposes,
        "campaign_code": over.campaigns,
    }  # fmt: skip
    return {f"{name}__in": [value.strip() for value in values] or [""] for name, values in given.items()}


def _locked(username: str) -> Person:
    person = Person.objects.select_for_update().filter(username=username).first()
    if person is None:
        raise NotFound(msg("There is nobody with the sign-in name “{value}”; see `oblik person list`."), value=username)
    return person
