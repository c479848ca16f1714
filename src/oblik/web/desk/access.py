"""Who may open a page of the desk: as on all pages that people open; and what takes the right to a whole campaign."""

from typing import Final

from django.http import HttpRequest

from oblik.accounts.queries import Verb, scope_of
from oblik.base.actors import Actor
from oblik.base.errors import Forbidden, msg
from oblik.web.ui.access import Rest, View, page, seen_by, sentence

__all__ = ["Rest", "View", "actor", "page", "reaches_all", "require_all", "seen_by", "sentence"]

_ALL_LISTS: Final = msg("This takes the right over the lists of all owners of the campaign.")


def actor(request: HttpRequest) -> Actor:
    """The person who asks, as the journal names them."""
    return Actor("person", request.user.get_username())


def reaches_all(request: HttpRequest, verb: Verb, *, campaign: str) -> bool:
    """Whether the person may do this with the lists of all owners of a campaign."""
    return scope_of(request.user, verb).covers_list(owner=None, campaign=campaign)


def require_all(request: HttpRequest, verb: Verb, *, campaign: str) -> None:
    """Nothing where the person may do this with all lists of a campaign; Forbidden otherwise."""
    if not reaches_all(request, verb, campaign=campaign):
        raise Forbidden(_ALL_LISTS)
