"""Signing in as the register remembers it: failures, locks, sessions, second factors, passwords."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from oblik.accounts.logic.devices import device_name
from oblik.accounts.logic.knocking import FORGOTTEN_AFTER, Failures, after_failure, is_shut_out
from oblik.accounts.models import Invitation, Knocking, Person, Token
from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput, NotFound, msg
from oblik.journal.actions import record

_PROGRAM = Actor("console", "oblik")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One sign-in that still holds. key is the session's own secret: pages compare it and never show it."""

    key: str
    began_at: datetime
    address: str
    device: str


def is_locked_out(name: str, *, device: str, at: datetime) -> bool:
    """Whether signing in under this name is refused unseen. device: "" or the mark of a browser that got in before,
    whose failures count by themselves, so that strangers cannot lock its owner out."""
    found = Knocking.objects.filter(mark=_mark(name, device)).first()
    return is_shut_out(_failures(found), at=at)


def note_failure(name: str, *, device: str, at: datetime) -> None:
    """Counts a failed sign-in, whether or not anybody has that name; a lock of somebody's account is journaled."""
    with transaction.atomic():
        Knocking.objects.filter(last_at__lt=at - 24 * FORGOTTEN_AFTER).delete()
        found, _new = Knocking.objects.select_for_update().get_or_create(
            mark=_mark(name, device), defaults={"failures": 0, "last_at": at - timedelta(days=1)}
        )
        after = after_failure(_failures(found), at=at)
        found.failures, found.last_at, found.locked_until_at = after.count, after.last_at, after.locked_until_at
        found.save()
        username = Person.objects.filter(username__iexact=name).values_list("username", flat=True).first()
        if after.locked_until_at is not None and username:
            record(
                subject=f"person:{username}", what="sign_in_locked", by=_PROGRAM, at=at,
                details={"failures": after.count, "until": after.locked_until_at.isoformat()},
            )  # fmt: skip


def note_sign_in(username: str, *, device: str, how: str, at: datetime) -> None:
    """Forgets the failures and tells the journal. how: with what, such as "password, totp"."""
    with transaction.atomic():
        Knocking.objects.filter(mark=_mark(username, device)).delete()
        # Who came in by another way leaves no link behind with which somebody else could choose a password.
        Invitation.objects.filter(person__username=username, ended_at__isnull=True).update(ended_at=at)
        record(
            subject=f"person:{username}", what="signed_in", by=Actor("person", username), at=at, details={"with": how}
        )


def unlock(username: str, *, by: Actor, at: datetime) -> None:
    """Ends the lock of strangers' failures."""
    with transaction.atomic():
        Knocking.objects.filter(mark=_mark(username, "")).delete()
        record(subject=f"person:{username}", what="sign_in_unlocked", by=by, at=at)


def note(username: str, *, what: str, at: datetime, by: Actor | None = None) -> None:
    """Tells the journal of something that somebody did to the own account."""
    with transaction.atomic():
        record(subject=f"person:{username}", what=what, by=by or Actor("person", username), at=at)


def set_password(username: str, *, password: str, by: Actor, at: datetime) -> None:
    """Sets a password; every session of the person ends with the old one. InvalidInput where it breaks a rule."""
    with transaction.atomic():
        person = _locked(username)
        try:
            validate_password(password, user=person)
        except ValidationError as wrong:
            raise InvalidInput(" ".join(wrong.messages), code="password") from wrong
        person.set_password(password)
        person.save(update_fields=["password"])
        person.invitations.filter(ended_at__isnull=True).update(ended_at=at)
        Knocking.objects.filter(mark=_mark(username, "")).delete()
        record(subject=f"person:{username}", what="password_set", by=by, at=at)


def sessions_of(username: str, *, at: datetime) -> list[SessionLine]:
    """The sign-ins of somebody that still hold, the newest first."""
    held = list(UserSession.objects.filter(user__username=username).order_by("-created_at"))
    alive = set(
        Session.objects.filter(session_key__in=[one.session_key for one in held], expire_date__gt=at).values_list(
            "session_key", flat=True
        )
    )
    return [
        SessionLine(one.session_key, one.created_at, one.ip, device_name(one.user_agent))
        for one in held
        if one.session_key in alive
    ]


def end_sessions(username: str, *, by: Actor, at: datetime, but: str = "", why: str = "") -> int:
    """Signs somebody out everywhere, but for the session of that key; how many sign-ins ended."""
    with transaction.atomic():
        ended = drop_sessions(username, but=but)
        record(subject=f"person:{username}", what="sessions_ended", by=by, at=at, why=why, details={"sessions": ended})
    return ended


def drop_sessions(username: str, *, but: str = "") -> int:
    """Removes the sessions; for actions that journal what they belong to."""
    doomed = UserSession.objects.filter(user__username=username).exclude(session_key=but)
    ended, _by_table = Session.objects.filter(
        session_key__in=list(doomed.values_list("session_key", flat=True))
    ).delete()
    doomed.delete()
    return ended


def take_off_second_factor(username: str, *, by: Actor, at: datetime, why: str) -> None:
    """Removes app, keys and codes of somebody who lost them, signs them out everywhere and ends the tokens that were
    issued on the strength of them: whoever found the phone may have issued one."""
    with transaction.atomic():
        if not Authenticator.objects.filter(user__username=username).delete()[0]:
            raise NotFound(msg("“{value}” has no second factor."), value=username)
        drop_sessions(username)
        strong = Token.objects.filter(person__username=username, second_factor=True, revoked_at__isnull=True)
        ended = strong.update(revoked_at=at, revoked_by=str(by), revoked_why=why)
        record(
            subject=f"person:{username}", what="second_factor_taken_off", by=by, at=at, why=why,
            details={"tokens": ended},
        )  # fmt: skip


def has_second_factor(username: str) -> bool:
    return bool(Authenticator.objects.filter(user__username=username).exists())


def _failures(found: Knocking | None) -> Failures | None:
    return None if found is None else Failures(found.failures, found.last_at, found.locked_until_at)


def _mark(name: str, device: str) -> str:
    return salted_hmac("oblik.knocking", f"{name.strip().casefold()}\x00{device}", algorithm="sha256").hexdigest()


def _locked(username: str) -> Person:
    person = Person.objects.select_for_update().filter(username=username).first()
    if person is None:
        raise NotFound(msg("There is nobody with the sign-in name “{value}”; see `oblik person list`."), value=username)
    return person
