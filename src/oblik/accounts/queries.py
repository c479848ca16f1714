"""Who may do what: the one function that every page, command and interface asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from oblik.accounts.logic.rights import (
    EVERYWHERE,
    NOWHERE,
    ROLES,
    SECOND_FACTOR,
    VERBS,
    Reach,
    Role,
    Scope,
    Verb,
    tidied,
    verbs_of,
)
from oblik.accounts.models import Grant, Person
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, NotFound, msg

__all__ = [
    "EVERYWHERE",
    "NOWHERE",
    "ROLES",
    "SECOND_FACTOR",
    "VERBS",
    "GrantLine",
    "PersonLine",
    "Reach",
    "Role",
    "Scope",
    "Verb",
    "actor_named",
    "grants_of",
    "has_people",
    "may",
    "needs_second_factor",
    "people",
    "scope_of",
]


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role over a reach. Empty texts are "any"; until_at None is for good."""

    number: int
    role: str
    owner: str
    district: str
    kind: str
    purpose: str
    campaign: str
    granted_at: datetime
    granted_by: str
    until_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: str

    @property
    def reach(self) -> Reach:
        def one(value: str) -> frozenset[str]:
            return frozenset({value} - {""})

        return Reach(one(self.owner), one(self.district), one(self.kind), one(self.purpose), one(self.campaign))


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody and the grants that stand."""

    username: str
    name: str
    active: bool
    grants: tuple[GrantLine, ...]


def scope_of(person: object, verb: Verb, *, at: datetime | None = None) -> Scope:
    """Where somebody may do something; an empty scope where nowhere.

    person: a Django user (a stranger too), a token's bearer (`.person`, `.verbs`, `.reach`: no more than its person),
    or an Actor: the console may everything, a person is looked up by name, a model may nothing. One query per instance.
    at: what will still hold at a later instant, of what stands now; now itself where it is None.
    """
    if isinstance(person, Actor):
        if person.kind == "console":
            return EVERYWHERE
        found = Person.objects.filter(username=person.name).first() if person.kind == "person" else None
        return scope_of(found, verb, at=at) if found else NOWHERE
    bearer = getattr(person, "person", None)
    if bearer is not None:
        if verb not in getattr(person, "verbs", ()):
            return NOWHERE
        return scope_of(bearer, verb, at=at).within(Scope((getattr(person, "reach", Reach()),)))
    if not isinstance(person := _itself(person), Person) or not _is_in(person):
        return NOWHERE
    if verb in SECOND_FACTOR and not _said(person, "second_factor_given"):
        return NOWHERE
    at = at or now()
    reaches = (
        _line(grant).reach
        for grant in person.standing_grants
        if verb in verbs_of(grant.role) and (grant.until_at is None or grant.until_at > at)
    )
    return Scope(tidied(reaches))


def may(
    person: object, verb: Verb, *, owner: str | None = None, district: str | None = None, kind: str | None = None,
    purpose: str | None = None, campaign: str | None = None,
) -> bool:  # fmt: skip
    """Whether somebody may do this to a thing of these qualities; a quality left out is not asked about, "" means that
    the thing has none. Without any: whether they may do it anywhere at all."""
    return scope_of(person, verb).covers(
        owner=owner, district=district, kind=kind, purpose=purpose, campaign=campaign
    )  # fmt: skip


def needs_second_factor(person: object) -> bool:
    """Whether some role of somebody shows what a password alone must not: they have to set up a second factor."""
    person = _itself(person)
    return isinstance(person, Person) and any(verbs_of(grant.role) & SECOND_FACTOR for grant in person.standing_grants)


def actor_named(username: str) -> Actor:
    """Somebody as the one who does something; NotFound where nobody has that name, Forbidden where it is locked."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise NotFound(msg("There is nobody with the sign-in name “{value}”; see `oblik person list`."), value=username)
    if not _is_in(person):
        raise Forbidden(
            msg("The account “{value}” is switched off or locked; nothing can be done with it."), value=username
        )
    return Actor("person", person.username)


def has_people() -> bool:
    return Person.objects.exists()


def people() -> list[PersonLine]:
    """Everybody with the grants that stand, by sign-in name."""
    held: dict[int, list[GrantLine]] = {}
    for grant in Grant.objects.filter(withdrawn_at__isnull=True).order_by("id"):
        held.setdefault(grant.person_id, []).append(_line(grant))
    return [
        PersonLine(one.username, one.get_full_name(), one.is_active, tuple(held.get(one.pk, ())))
        for one in Person.objects.order_by("username")
    ]


def grants_of(username: str) -> list[GrantLine]:
    """Every grant that somebody has or had, oldest first; NotFound where nobody has that name."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise NotFound(msg("There is nobody with the sign-in name “{value}”; see `oblik person list`."), value=username)
    return _lines(person.grants.order_by("id"))


def _lines(grants: Iterable[Grant]) -> list[GrantLine]:
    return [_line(grant) for grant in grants]


def _line(grant: Grant) -> GrantLine:
    return GrantLine(
        grant.pk, grant.role, grant.owner_code, grant.district, grant.kind, grant.purpose, grant.campaign_code,
        grant.granted_at, grant.granted_by, grant.until_at, grant.withdrawn_at, grant.withdrawn_by,
    )  # fmt: skip


def _itself(person: object) -> object:
    """The person behind Django's lazy `request.user`."""
    lazily = getattr(person, "_wrapped", None)
    if lazily is None:
        return person
    _said(person, "is_authenticated")  # wakes it up
    return person._wrapped  # type: ignore[attr-defined]  # what SimpleLazyObject holds


def _is_in(person: Person) -> bool:
    """Whether the account works: neither switched off nor locked."""
    return person.is_active and not _said(person, "is_locked")


def _said(person: object, name: str) -> bool:
    """A flag that is a value or a function, False where it is absent."""
    flag: bool | Callable[[], bool] = getattr(person, name, False)
    return bool(flag() if callable(flag) else flag)
