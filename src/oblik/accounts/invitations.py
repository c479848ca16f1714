"""Invitations: a link that works once, with which somebody chooses the first password."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from oblik.accounts.actions import Over, add_person, set_role
from oblik.accounts.models import Invitation, Person
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.journal.actions import record

GOOD_FOR: Final = timedelta(days=7)
PROVIDER: Final = "oidc"  # the one OpenID Connect provider that the settings name
_GONE: Final = msg("This invitation is not valid: it was used, replaced, or is too old. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Whom to invite. email and subject (the identity's `sub` at the OpenID Connect provider) may be empty."""

    username: str
    name: str = ""
    email: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """The two secrets of an invitation, seen only now: one to show to the inviter, one to mail ("" without address)."""

    username: str
    email: str
    shown: str
    mailed: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a good link tells whoever holds it."""

    username: str
    name: str
    made_by: str
    expires_at: datetime


def add_account(
    who: NewPerson, *, role: str, over: Over, by: Actor, at: datetime, until: datetime | None = None
) -> None:
    """Adds an account with its role that no password opens yet."""
    email = _address(who.email)
    with transaction.atomic():
        add_person(who.username, role="nobody", name=who.name, by=by, at=at)
        person = Person.objects.get(username=who.username)
        person.set_unusable_password()
        person.email = email
        person.save(update_fields=["password", "email"])
        if who.subject.strip():
            link_identity(who.username, subject=who.subject.strip(), by=by, at=at)
        if role != "nobody":
            set_role(who.username, role=role, over=over, until=until, by=by, at=at)


def invite(who: NewPerson, *, role: str, over: Over, by: Actor, at: datetime, until: datetime | None = None) -> Invited:
    """Adds an account, and a link with which its password is chosen."""
    with transaction.atomic():
        add_account(who, role=role, over=over, until=until, by=by, at=at)
        return _new_link(Person.objects.get(username=who.username), by=by, at=at)


def invite_again(username: str, *, by: Actor, at: datetime) -> Invited:
    """A new link in place of the old one, for somebody who has no password yet."""
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(username=username, is_active=True).first()
        if person is None:
            raise NotFound(msg("There is nobody with the sign-in name “{value}” whose account works."), value=username)
        if person.has_usable_password():
            raise Conflict(msg("“{value}” has a password already; set a new one instead."), value=username)
        if person.last_login is not None and SocialAccount.objects.filter(user=person).exists():
            # The link is shown to who asks for it: with it they would sign in under this person's name.
            raise Conflict(msg("“{value}” signs in with the identity provider and needs no password."), value=username)
        return _new_link(person, by=by, at=at)


def _new_link(person: Person, *, by: Actor, at: datetime) -> Invited:
    shown, mailed = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    person.invitations.filter(ended_at__isnull=True).update(ended_at=at)
    made = Invitation.objects.create(
        person=person, shown_digest=_digest(shown), mailed_digest=_digest(mailed), made_at=at, made_by=str(by),
        expires_at=at + GOOD_FOR,
    )  # fmt: skip
    record(
        subject=f"person:{person.username}", what="invited", by=by, at=at,
        details={"by_mail": bool(person.email), "until": made.expires_at.isoformat()},
    )  # fmt: skip
    return Invited(person.username, person.email, shown, mailed if person.email else "", made.expires_at)


def welcome(secret: str, *, at: datetime) -> Welcome:
    """Who is invited by this link; NotFound where it is none of ours, used, replaced or too old."""
    found = _good(secret, at=at)
    return Welcome(found.person.username, found.person.first_name, found.made_by, found.expires_at)


def accept(secret: str, *, password: str, at: datetime) -> str:
    """Sets the first password; the link has served. Coming by mail confirms the address. The sign-in name.

    InvalidInput (code "password") where the password breaks a rule; its template is a sentence already translated.
    """
    with transaction.atomic():
        found = _good(secret, at=at)
        # Whoever comes second with the same link finds it ended.
        if not Invitation.objects.filter(pk=found.pk, ended_at__isnull=True).update(ended_at=at):
            raise NotFound(_GONE)
        person = found.person
        try:
            validate_password(password, user=person)
        except ValidationError as wrong:
            raise InvalidInput(" ".join(wrong.messages), code="password") from wrong
        person.set_password(password)
        person.save(update_fields=["password"])
        by_mail = found.mailed_digest == _digest(secret)
        if by_mail and person.email:
            with suppress(Conflict):  # the address stays another's; coming in is not stopped by that
                confirm_address(person.username, email=person.email, by=Actor("person", person.username), at=at)
        record(
            subject=f"person:{person.username}", what="invitation_accepted", by=Actor("person", person.username), at=at,
            details={"by_mail": by_mail},
        )  # fmt: skip
    return person.username


def confirm_address(username: str, *, email: str, by: Actor, at: datetime) -> None:
    """Notes that somebody reads the mail of this address. Conflict where another account's owner proved the same."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(username=username)
        if EmailAddress.objects.filter(email=email, verified=True).exclude(user=person).exists():
            raise Conflict(msg("The address “{value}” belongs to another account."), value=email)
        EmailAddress.objects.filter(user=person).exclude(email=email).delete()
        EmailAddress.objects.update_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
        person.email = email
        person.save(update_fields=["email"])
        record(subject=f"person:{username}", what="address_confirmed", by=by, at=at)


def link_identity(username: str, *, subject: str, by: Actor, at: datetime) -> None:
    """Lets an identity of the OpenID Connect provider open an account; Conflict where it opens another already."""
    with transaction.atomic():
        person = Person.objects.get(username=username)
        taken = SocialAccount.objects.filter(provider=PROVIDER, uid=subject).exclude(user=person).first()
        if taken is not None:
            raise Conflict(msg("The identity “{value}” opens another account already."), value=subject)
        SocialAccount.objects.get_or_create(user=person, provider=PROVIDER, uid=subject)
        record(subject=f"person:{username}", what="identity_linked", by=by, at=at, details={"provider": PROVIDER})


def person_for_identity(*, email: str) -> str:
    """The sign-in name of the one active account with this address, which the provider has verified; "" for none.

    Two accounts with one address are no answer: neither is opened.
    """
    found = list(Person.objects.filter(email__iexact=email, is_active=True).values_list("username", flat=True)[:2])
    return found[0] if email and len(found) == 1 else ""


def _good(secret: str, *, at: datetime) -> Invitation:
    digest = _digest(secret)
    found = (
        Invitation.objects.select_related("person")
        .filter(Q(shown_digest=digest) | Q(mailed_digest=digest), ended_at__isnull=True, expires_at__gt=at)
        .filter(person__is_active=True)
        .first()
    )
    if found is None:
        raise NotFound(_GONE)
    return found


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _address(text: str) -> str:
    email = text.strip().lower()
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise InvalidInput(msg("“{value}” is not an e-mail address."), field="email", value=text) from wrong
    return email
