"""How an account is locked, switched on again, or left for good."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from oblik.accounts.models import Person
from oblik.accounts.signins import drop_sessions
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.journal.actions import record


def lock_person(username: str, *, by: Actor, at: datetime, why: str) -> None:
    """Switches an account off for a while: signed out everywhere, tokens silent; roles stay for the day it is on."""
    with transaction.atomic():
        person = _found(username, active=True)
        _require_reason(why)
        _switch(person, on=False)
        ended = drop_sessions(username)
        record(subject=f"person:{username}", what="locked", by=by, at=at, why=why, details={"sessions": ended})


def enable_person(username: str, *, by: Actor, at: datetime, why: str = "") -> None:
    """Switches an account on. Whoever had left has neither roles nor a password: give both anew."""
    with transaction.atomic():
        _switch(_found(username, active=False), on=True)
        record(subject=f"person:{username}", what="enabled", by=by, at=at, why=why)


def disable_person(username: str, *, by: Actor, at: datetime, why: str) -> None:
    """Lets somebody leave: sessions, roles, tokens, invitations and factors end at once; the journal keeps the name."""
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(username=username).first()
        if person is None:
            raise _nobody(username)
        _require_reason(why)
        grants = person.grants.filter(withdrawn_at__isnull=True)
        if not person.is_active and not grants.exists():
            raise Conflict(msg("The account “{value}” is switched off already."), value=username)
        details = {
            "sessions": drop_sessions(username),
            "roles": grants.update(withdrawn_at=at, withdrawn_by=str(by)),
            "tokens": person.tokens.filter(revoked_at__isnull=True).update(
                revoked_at=at, revoked_by=str(by), revoked_why=why
            ),
        }
        person.invitations.filter(ended_at__isnull=True).update(ended_at=at)
        Authenticator.objects.filter(user=person).delete()
        SocialAccount.objects.filter(user=person).delete()
        person.set_unusable_password()
        person.save(update_fields=["password"])
        _switch(person, on=False)
        record(subject=f"person:{username}", what="disabled", by=by, at=at, why=why, details=details)


def _found(username: str, *, active: bool) -> Person:
    person = Person.objects.select_for_update().filter(username=username).first()
    if person is None:
        raise _nobody(username)
    if person.is_active != active:
        raise Conflict(
            msg("The account “{value}” works already.")
            if person.is_active
            else msg("The account “{value}” is switched off already."),
            value=username,
        )
    return person


def _switch(person: Person, *, on: bool) -> None:
    person.is_active = on
    person.save(update_fields=["is_active"])


def _require_reason(why: str) -> None:
    if not why.strip():
        raise InvalidInput(msg("Say why: the journal keeps the reason."), field="why")


def _nobody(username: str) -> NotFound:
    return NotFound(msg("There is nobody with the sign-in name “{value}”; see `oblik person list`."), value=username)
