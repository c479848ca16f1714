"""Where the next page begins: a signed word that nobody can make up, good for the same question alone."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from oblik.base.errors import InvalidInput, msg

_SIGNER: Final = "oblik.api.cursor"


def question_of(path: str, *, asked: Mapping[str, object]) -> str:
    """A short name of what was asked: the same for each page of one answer."""
    told = repr((path, sorted((name, str(value)) for name, value in asked.items())))
    return sha256(told.encode()).hexdigest()[:16]


def cursor_after(place: str | int, *, question: str) -> str:
    """The cursor of the page that begins after this place in the order."""
    return Signer(salt=_SIGNER).sign_object([question, place])


def place_of(cursor: str, *, question: str) -> str | int | None:
    """After which place the page begins; None for the first page. InvalidInput for a cursor of another question."""
    if not cursor:
        return None
    wrong = InvalidInput(
        msg("The {field} belongs to another question; leave it out to begin with the first page."),
        field="cursor", value=cursor,
    )  # fmt: skip
    try:
        asked, place = Signer(salt=_SIGNER).unsign_object(cursor)
    except (BadSignature, ValueError, TypeError) as broken:  # a signed word of ours is always such a pair
        raise wrong from broken
    if asked != question:
        raise wrong
    return str(place) if isinstance(place, str) else int(place)


def next_address(request: HttpRequest, *, cursor: str) -> str:
    """The address of the next page: this one with another cursor."""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{request.path}?{urlencode(list(query.items()))}"
