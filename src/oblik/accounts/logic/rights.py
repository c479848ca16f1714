"""What each role may do and where: verbs on reaches, and how two rights meet."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

Verb = Literal[
    "see", "see_secrets", "edit", "hand_in", "judge", "sign", "approve", "watch_live", "watch_archive", "export",
    "hold", "delete", "configure", "audit",
]  # fmt: skip
VERBS: Final[tuple[Verb, ...]] = get_args(Verb)
# These show what a stolen password must not: they need a second factor in this very sign-in.
SECOND_FACTOR: Final[frozenset[Verb]] = frozenset({"see_secrets", "watch_live", "watch_archive"})


@dataclass(frozen=True, slots=True)
class Role:
    """verbs: what the role may do at all. bound: a grant of it names an owner, or it is refused."""

    verbs: frozenset[Verb]
    bound: bool = False


# Least privilege: who arranges does not look at pictures, who looks does not change, who audits changes nothing.
ROLES: Final[dict[str, Role]] = {
    "administrator": Role(
        frozenset({"see", "see_secrets", "edit", "hand_in", "judge", "export", "delete", "configure"})
    ),
    "officer": Role(frozenset({"see", "edit", "hand_in", "judge", "approve", "export"})),
    "clerk": Role(frozenset({"see", "hand_in"}), bound=True),
    "field": Role(frozenset({"see", "hand_in"})),
    "commission": Role(frozenset({"see", "judge", "sign"})),
    "operator": Role(frozenset({"see", "watch_live"})),
    "investigator": Role(frozenset({"see", "watch_live", "watch_archive", "export", "hold"})),
    "partner": Role(frozenset({"see", "hand_in", "approve"}), bound=True),
    "auditor": Role(frozenset({"see", "export", "audit"})),
    "nobody": Role(frozenset()),
}
BOUND: Final = frozenset(name for name, role in ROLES.items() if role.bound)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a right holds: in each direction the values named, any where none is. All directions must agree."""

    owners: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()

    @property
    def is_everywhere(self) -> bool:
        """Whether no direction is limited."""
        return self == Reach()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where somebody may do something: anywhere that one of the reaches covers; no reach is nowhere."""

    reaches: tuple[Reach, ...] = ()

    @property
    def all(self) -> bool:
        """Whether some reach limits nothing."""
        return any(reach.is_everywhere for reach in self.reaches)

    @property
    def owners(self) -> frozenset[str]:
        """The owners that the reaches name; empty also where every owner is reached, see `all`."""
        return frozenset().union(*(reach.owners for reach in self.reaches))

    @property
    def own_lists(self) -> frozenset[str]:
        """The owners whose lists are covered whole, whatever cameras they speak of; empty also where all are."""
        named = (reach.owners for reach in self.reaches if reach == Reach(owners=reach.owners))
        return frozenset().union(*named)

    def covers(
        self, *, owner: str | None = None, district: str | None = None, kind: str | None = None,
        purpose: str | None = None, campaign: str | None = None,
    ) -> bool:  # fmt: skip
        """Whether a thing of these qualities lies in the scope. None: the quality is not asked about; "": the thing
        has none, so only a reach that is not limited in that direction covers it. Nowhere covers nothing."""
        asked = (
            ("owners", owner), ("districts", district), ("kinds", kind), ("purposes", purpose), ("campaigns", campaign),
        )  # fmt: skip
        return any(
            all(value is None or not getattr(reach, name) or value in getattr(reach, name) for name, value in asked)
            for reach in self.reaches
        )

    def covers_list(self, *, owner: str | None, campaign: str) -> bool:
        """Whether an owner's list in a campaign lies in the scope: as a whole it is of no district, kind or purpose.

        owner None asks after the lists of all owners together.
        """
        return any(
            not (reach.districts or reach.kinds or reach.purposes)
            and (not reach.campaigns or campaign in reach.campaigns)
            and (not reach.owners or (owner is not None and owner in reach.owners))
            for reach in self.reaches
        )

    def within(self, other: "Scope") -> "Scope":
        """Where both scopes reach: what a token, or a page, narrows a person to."""
        met = (narrowed(one, another) for one in self.reaches for another in other.reaches)
        return Scope(tidied(reach for reach in met if reach is not None))


EVERYWHERE: Final = Scope((Reach(),))
NOWHERE: Final = Scope()


def narrowed(one: Reach, other: Reach) -> Reach | None:
    """The reach that both cover; None where they have nothing in common."""
    met: dict[str, frozenset[str]] = {}
    for direction in fields(Reach):
        first, second = getattr(one, direction.name), getattr(other, direction.name)
        both = first & second
        if first and second and not both:
            return None
        met[direction.name] = both if first and second else first | second
    return Reach(**met)


def tidied(reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """The same scope in as few reaches as easily found, always in the same order: equal scopes are equal keys.

    One that limits nothing makes the others idle; reaches that differ in their owners alone become one.
    """
    found = set(reaches)
    if Reach() in found:
        return (Reach(),)
    owners: dict[Reach, set[frozenset[str]]] = {}
    for reach in found:
        rest = Reach(frozenset(), reach.districts, reach.kinds, reach.purposes, reach.campaigns)
        owners.setdefault(rest, set()).add(reach.owners)
    merged = [
        Reach(
            frozenset() if frozenset() in named else frozenset().union(*named),
            rest.districts, rest.kinds, rest.purposes, rest.campaigns,
        )
        for rest, named in owners.items()
    ]  # fmt: skip
    return tuple(sorted(merged, key=lambda reach: [sorted(getattr(reach, one.name)) for one in fields(Reach)]))


def verbs_of(role: str) -> frozenset[Verb]:
    """What a role may do; a role that is not in the table may nothing."""
    known = ROLES.get(role)
    return known.verbs if known else frozenset()
