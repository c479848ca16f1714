"""Who may do what: the one function that every view asks."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

Verb = Literal["see", "edit", "hand_in", "judge", "export", "configure"]

# What each role may do, and whether its right ends at the owner the person works for.
_RIGHTS: Final[dict[str, frozenset[str]]] = {
    "administrator": frozenset({"see", "edit", "hand_in", "judge", "export", "configure"}),
    "officer": frozenset({"see", "edit", "hand_in", "judge", "export"}),
    "clerk": frozenset({"see", "hand_in"}),
    "auditor": frozenset({"see", "export"}),
    "nobody": frozenset(),
}
_BOUND_TO_OWNER: Final = frozenset({"clerk"})


class Someone(Protocol):
    """What the decision looks at; a stranger (Django's anonymous user) fits as well."""

    @property
    def is_authenticated(self) -> bool: ...
    @property
    def is_active(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The owners whose cameras somebody may see: all, or the named ones."""

    all: bool
    owners: frozenset[str] = frozenset()

    def covers(self, owner_code: str) -> bool:
        return self.all or owner_code in self.owners


def scope_of(person: Someone, verb: Verb) -> Scope:
    """Where somebody may do something; an empty scope where nowhere."""
    role = getattr(person, "role", "nobody")
    if not (person.is_authenticated and person.is_active) or verb not in _RIGHTS.get(role, frozenset()):
        return Scope(all=False)
    if role in _BOUND_TO_OWNER:
        return Scope(all=False, owners=frozenset({getattr(person, "owner_code", "")} - {""}))
    return Scope(all=True)


def may(person: Someone, verb: Verb, *, owner: str | None = None) -> bool:
    """Whether somebody may do this to what belongs to an owner; without an owner: anywhere at all."""
    scope = scope_of(person, verb)
    if owner is None:
        return scope.all or bool(scope.owners)
    return scope.covers(owner)
