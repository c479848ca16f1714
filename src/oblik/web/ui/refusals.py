"""What was refused to people and their tokens, as the journal keeps it: seldom enough that refusing stays cheap."""

import logging
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from oblik.accounts.tokens import Bearer
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.db.counters import add
from oblik.journal.actions import looked
from oblik.web.ui.limits import hidden

Answer = Callable[[HttpRequest], HttpResponse]

# Answer -> at which of somebody's refusals in one hour an entry is written. What is another's answers like what is not
# there, so a single 404 tells nothing; many are guesses at numbers and codes.
STEPS: Final[dict[int, frozenset[int]]] = {
    403: frozenset({1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000}),
    404: frozenset({30, 100, 300, 1_000, 3_000, 10_000}),
}
_HOUR_S: Final = 3_600
_LONGEST: Final = 60
# Parts of addresses that name a thing. Others are secrets: of invitations, of letters.
_NAMING: Final = ("code", "number", "username", "language", "name")
_log = logging.getLogger(__name__)


def refusals_noted(get_response: Answer) -> Answer:
    """Tells the journal who was refused what."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code in STEPS:
            _note(request, status=response.status_code)
        return response

    return answer


def _note(request: HttpRequest, *, status: int) -> None:
    """One entry for the first refusal and then ever fewer, with how many there were in this hour."""
    whose, by = _asker(request)
    if by is None:
        return
    at = now()
    slot = int(at.timestamp()) // _HOUR_S
    _before, times = add(settings.OBLIK_DATA, name=f"refused:{status}:{hidden(str(by))}", slot=slot, slot_s=_HOUR_S)
    if times not in STEPS[status]:
        return
    details = {"status": status, "times": times, "method": request.method or "", **_asked(request)}
    try:
        looked(subject=f"person:{whose}", what="refused", by=by, at=at, details=details)
    except DatabaseError as wrong:  # busy with a long list: the refusal itself must not fail over it
        _log.warning("a refusal could not be written into the journal: %s", type(wrong).__name__)


def _asker(request: HttpRequest) -> tuple[str, Actor | None]:
    """Sign-in name and who the journal names; strangers are nobody."""
    bearer = getattr(request, "auth", None)
    if isinstance(bearer, Bearer):
        return bearer.username, Actor("person", bearer.said)
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return "", None
    return person.get_username(), Actor("person", person.get_username())


def _asked(request: HttpRequest) -> dict[str, str]:
    """What was asked for: the name of the page and the thing it was asked about."""
    match = request.resolver_match
    if match is None:
        return {"page": "?"}
    named: dict[str, str] = {name: str(match.kwargs[name])[:_LONGEST] for name in _NAMING if name in match.kwargs}
    return {"page": match.view_name or "?", **named}
