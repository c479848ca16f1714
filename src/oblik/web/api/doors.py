"""Who asks the API: the bearer of a token, or a person whose browser has signed in; and how often they may ask."""

from typing import Any, Final

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from oblik.accounts.queries import Scope, Verb, may, scope_of
from oblik.accounts.tokens import Bearer, bearer_of, note_use
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, OblikError, msg
from oblik.web.ui.limits import wait_s
from oblik.web.ui.readings import cameras_given


class TooMany(OblikError):
    """More requests than one token, or one address, may send; `seconds` until the next may be tried."""

    code = "too_many"


class AccessToken(HttpBearer):
    """`Authorization: Bearer oblik_…`: what the person may do, narrowed to what the token may."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        at = now()
        bearer = bearer_of(token, at=at)
        if bearer is None:
            _count("bad_token", who=f"address:{request.META.get('REMOTE_ADDR', '')}")
            return None
        _count("token", who=f"token:{bearer.token}")
        note_use(bearer, at=at)
        return bearer


class SessionCookie(APIKeyCookie):
    """The cookie of the desk, so that its pages may ask as well; writing takes the CSRF token besides."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        if "Authorization" in request.headers or not request.user.is_authenticated or not request.user.is_active:
            return None  # A token that is wrong stays wrong, whoever else is signed in.
        _count("token", who=f"person:{request.user.pk}")
        return request.user

    def _get_key(self, request: HttpRequest) -> str | None:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None  # Nobody by cookie: there is nothing that a foreign page could misuse.
        key: str | None = super()._get_key(request)
        return key


AUTH: Final = (AccessToken(), SessionCookie())


def slow_down(request: HttpRequest, name: str) -> None:
    """Counts one use of what is costly besides; TooMany above its limit."""
    who = asker(request)
    _count(name, who=f"person:{who.person.pk if isinstance(who, Bearer) else who.pk}")


def _count(name: str, *, who: str) -> None:
    seconds = wait_s(name, who=who, at=now())
    if seconds:
        raise TooMany(msg("Too many requests; wait {seconds} seconds."), seconds=seconds)


def asker(request: HttpRequest) -> Any:
    """Whoever asks, as the rights look at them: a token's bearer or a person."""
    return request.auth  # type: ignore[attr-defined]  # ninja sets it on every request that came through a door


def cameras_shown(request: HttpRequest, count: int) -> None:
    """Before so many cameras leave the house: whoever takes the register page by page is told of in the journal."""
    who = asker(request)
    name = who.username if isinstance(who, Bearer) else who.get_username()
    cameras_given(count, to=name, by=actor(request))


def actor(request: HttpRequest) -> Actor:
    """Whoever asks, as the journal names them."""
    who = asker(request)
    return Actor("person", who.said if isinstance(who, Bearer) else who.get_username())


def scope(request: HttpRequest, verb: Verb) -> Scope:
    """Where the asker may do this; Forbidden where nowhere at all."""
    found = scope_of(asker(request), verb)
    if not found.reaches:
        raise Forbidden(
            msg("This takes the right “{value}”, which you or this token do not have. Ask your administrator."),
            value=verb,
        )
    return found


def require(request: HttpRequest, verb: Verb, **qualities: str) -> None:
    """Forbidden where the asker may not do this to a thing of these qualities."""
    if not may(asker(request), verb, **qualities):
        raise Forbidden(
            msg("This takes the right “{value}” here, which you or this token do not have. Ask your administrator."),
            value=verb,
        )


def require_list(request: HttpRequest, verb: Verb, *, owner: str | None, campaign: str) -> None:
    """Forbidden where the asker may not do this to an owner's list in a campaign; owner None: to all owners' lists."""
    if not scope_of(asker(request), verb).covers_list(owner=owner, campaign=campaign):
        raise Forbidden(
            msg("This takes the right “{value}” here, which you or this token do not have. Ask your administrator."),
            value=verb,
        )
