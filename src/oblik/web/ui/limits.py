"""How often somebody may ask for what is costly or worth guessing at: a sliding window, shared by all workers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from oblik.base.clock import now
from oblik.db.counters import add

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any stretch of `within_s` seconds."""

    times: int
    within_s: int


# A person who works fast stays far below; a program that walks the register is slowed to the pace of a person.
LIMITS: Final[dict[str, Limit]] = {
    "sign_in": Limit(30, 300),  # by address: an office behind one address starts its day together
    "search": Limit(240, 60),
    "export": Limit(20, 3600),
    "reveal": Limit(30, 3600),  # secrets, one after the other
    "token": Limit(1200, 60),  # requests with one API token
    "bad_token": Limit(60, 300),  # by address: wrong tokens
    "upload": Limit(60, 3600),
    "field_check": Limit(1_000, 3600),  # a phone sends a day's checks at once when it is back
}


def wait_s(name: str, *, who: str, at: datetime) -> int:
    """Counts one use: 0 where it is within the limit, else the seconds until the next may be tried.

    The window slides: of the slot before, the share that still lies within the window counts. A use that is refused
    counts as well, so that hammering does not pay. who is hashed: the file of counts names nobody.
    """
    limit = LIMITS[name]
    if not settings.OBLIK_LIMITS:
        return 0
    second = int(at.timestamp())
    slot, passed_s = divmod(second, limit.within_s)
    before, count = add(settings.OBLIK_DATA, name=f"{name}:{hidden(who)}", slot=slot, slot_s=limit.within_s)
    left = 1 - passed_s / limit.within_s
    return 0 if before * left + count <= limit.times else max(1, limit.within_s - passed_s)


def hidden(who: str) -> str:
    """Somebody as the file of counts knows them: always the same, and no name."""
    return sha256(f"{settings.SECRET_KEY}:{who}".encode()).hexdigest()[:32]


def who_asks(request: HttpRequest) -> str:
    """The person who has signed in, else the address: an office shares one, a person has one password."""
    person = getattr(request, "user", None)
    if person is not None and person.is_authenticated:
        return f"person:{person.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"


def limited(name: str) -> Callable[[View[Rest]], View[Rest]]:
    """A view that answers 429 with Retry-After to whoever asks more often than LIMITS[name] allows."""

    def guard(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            seconds = wait_s(name, who=who_asks(request), at=now())
            return too_often(request, seconds=seconds) if seconds else view(request, *args, **kwargs)

        return answer

    return guard


def too_often(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """The page that says when to come back."""
    response = render(request, "429.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response
