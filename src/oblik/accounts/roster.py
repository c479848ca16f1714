"""Who is here, as those who invite and let leave see it: nobody beyond the reach of their own right to configure."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from oblik.accounts.models import Invitation, Person
from oblik.accounts.queries import GrantLine, Scope
from oblik.accounts.queries import people as everybody
from oblik.base.errors import Conflict, NotFound, msg
from oblik.db import turns

State = Literal["active", "invited", "locked", "left"]
_TURN: Final = "administrators"
STATES: Final[tuple[State, ...]] = ("active", "invited", "locked", "left")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account. invited_until_at: until when the link that is out works, None where none is."""

    username: str
    name: str
    email: str
    email_confirmed: bool
    state: State
    has_password: bool
    grants: tuple[GrantLine, ...]
    second_factor: bool
    last_sign_in_at: datetime | None
    invited_until_at: datetime | None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles held, each once, the first granted first."""
        return tuple(dict.fromkeys(grant.role for grant in self.grants))


def roster(*, within: Scope, at: datetime) -> list[Member]:
    """Everybody whose rights lie within the scope, by sign-in name; those without rights only without limits."""
    return [one for one in _members(Person.objects.order_by("username"), at=at) if is_within(one.grants, within=within)]


def member(username: str, *, within: Scope, at: datetime) -> Member:
    """One of them; NotFound, whether there is nobody or only nobody within the scope."""
    for one in _members(Person.objects.filter(username=username), at=at):
        if is_within(one.grants, within=within):
            return one
    raise NotFound(msg("There is nobody here with the sign-in name “{value}”."), value=username)


def is_within(grants: Iterable[GrantLine], *, within: Scope) -> bool:
    """Whether every grant lies within the scope."""
    held = list(grants)
    if not held:
        return within.all
    return all(
        within.covers(owner=g.owner, district=g.district, kind=g.kind, purpose=g.purpose, campaign=g.campaign)
        for g in held
    )


@contextmanager
def still_administered(username: str, *, at: datetime) -> Iterator[None]:
    """A transaction in which somebody loses rights, taken back by a Conflict where nobody then administers everything.

    Only the console can take that away. Others who would do the like wait for their turn: two administrators who lock
    each other at once would each have counted on the other.
    """
    with turns.turn(_TURN):
        were = _is_administered(at)
        yield
        if were and not _is_administered(at):
            raise Conflict(msg("“{value}” is the only administrator; make somebody else one first."), value=username)


def _is_administered(at: datetime) -> bool:
    return any(
        one.state == "active" and any(g.role == "administrator" and g.reach.is_everywhere for g in one.grants)
        for one in _members(Person.objects.filter(is_active=True), at=at)
    )


def _members(people: "QuerySet[Person]", *, at: datetime) -> list[Member]:
    people = people.annotate(
        has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
        has_address=Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)),
    )
    found = list(people)
    grants = {one.username: one.grants for one in everybody()}
    # Asked also where nobody was found: who is hidden must not take longer than who is not there.
    still_open = Invitation.objects.filter(
        person__in=[one.pk for one in found] or [0], ended_at__isnull=True, expires_at__gt=at
    )
    links = dict(still_open.values_list("person_id", "expires_at"))
    return [_member(one, grants=grants.get(one.username, ()), link=links.get(one.pk), at=at) for one in found]


def _member(one: Person, *, grants: Iterable[GrantLine], link: datetime | None, at: datetime) -> Member:
    return Member(
        username=one.username,
        name=one.first_name,
        email=one.email,
        email_confirmed=getattr(one, "has_address", False),
        state=_state(one, grants=grants),
        has_password=one.has_usable_password(),
        grants=tuple(g for g in grants if g.until_at is None or g.until_at > at),
        second_factor=getattr(one, "has_factor", False),
        last_sign_in_at=one.last_login,
        invited_until_at=link,
    )


def _state(person: Person, *, grants: Iterable[GrantLine]) -> State:
    if person.is_active:
        return "active" if person.has_usable_password() or person.last_login else "invited"
    return "locked" if list(grants) else "left"
