"""What somebody may give to others: no more than they have themselves, unless they administer everything."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final, get_args

from oblik.accounts.actions import Over
from oblik.accounts.logic.rights import ROLES, Scope, Verb, verbs_of
from oblik.accounts.queries import GrantLine, scope_of
from oblik.base.errors import Forbidden, msg

_FOR_GOOD: Final = datetime.max.replace(tzinfo=UTC)
_MOMENT: Final = timedelta(microseconds=1)


def require_givable(role: str, *, over: Over, until: datetime | None, giver: object) -> None:
    """Forbidden where somebody would give more than they have.

    Who administers everything gives every role, as somebody has to make the first investigator. Everybody else gives
    only verbs that they have themselves, each of them all over the reach given; who gives `see_secrets`, `watch_live`
    or `watch_archive` has given a second factor in this sign-in. Nobody gives for longer than they have it. "nobody"
    gives nothing and asks for the right to administer there alone.
    """
    verbs = verbs_of(role)
    last = None if not verbs else until - _MOMENT if until is not None else _FOR_GOOD
    configured = scope_of(giver, "configure", at=last)
    if configured.all:
        return
    if not _covers(configured, over):
        raise Forbidden(
            msg("You may give roles only as far, and for as long, as your own right to administer reaches.")
        )
    for verb in get_args(Verb):
        if verb in verbs and not _covers(scope_of(giver, verb, at=last), over):
            raise Forbidden(
                msg(
                    "The role has the right “{value}”, which you do not have yourself there, for so long and in this"
                    " sign-in. An administrator of everything may give it."
                ),
                value=verb,
            )


def require_all_givable(grants: Iterable[GrantLine], *, giver: object) -> None:
    """Forbidden where one of these grants could not be given: asked before an account with them is opened."""
    for one in grants:
        over = Over(
            *([value] if value else [] for value in (one.owner, one.district, one.kind, one.purpose, one.campaign))
        )
        require_givable(one.role, over=over, until=one.until_at, giver=giver)


def _covers(held: Scope, over: Over) -> bool:
    directions = (over.owners, over.districts, over.kinds, over.purposes, over.campaigns)
    return all(
        held.covers(owner=owner, district=district, kind=kind, purpose=purpose, campaign=campaign)
        for owner, district, kind, purpose, campaign in product(*(list(values) or [""] for values in directions))
    )


def givable_roles(giver: object) -> list[str]:
    """The roles of which somebody may give each verb somewhere: what a form offers."""
    scopes = {verb: scope_of(giver, verb) for verb in get_args(Verb)}
    if scopes["configure"].all:
        return [name for name in ROLES if name != "nobody"]
    return [
        name
        for name, role in ROLES.items()
        if name != "nobody" and scopes["configure"].reaches and all(scopes[verb].reaches for verb in role.verbs)
    ]
