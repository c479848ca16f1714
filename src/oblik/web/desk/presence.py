"""How long a sign-in lasts, and whether a second factor was given in it."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from oblik.accounts.queries import needs_second_factor
from oblik.accounts.signins import has_second_factor
from oblik.base.clock import now

Answer = Callable[[HttpRequest], HttpResponse]

COOKIE: Final = "seen"
# What can be opened while a second factor has still to be set up: the way out, the words, proving oneself.
_OPEN_BEFORE: Final = frozenset({"signout", "account_logout", "language", "account_reauthenticate"})
_BEGAN: Final = "began_at"
_RENEWED_EVERY_S: Final = 60  # tiles of a map come by the dozen
_SALT: Final = "oblik.presence"


def session_that_ends(get_response: Answer) -> Answer:
    """Signs out after idle minutes without a request and, whatever happens, twelve hours after signing in.

    When somebody was last seen stands in a signed cookie and not in the session: on SQLite a page that only reads
    would have to wait with its write until a list is taken in. An old cookie put back only ends the session sooner.
    """
    idle_s = timedelta(minutes=settings.OBLIK_IDLE_MINUTES).total_seconds()

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        at = now().timestamp()
        began = request.session.get(_BEGAN)
        if began is None:
            began = request.session[_BEGAN] = at
        seen = max(began, _last_seen(request))
        if at - seen > idle_s or at - began > settings.SESSION_COOKIE_AGE:
            logout(request)
        response = get_response(request)
        if request.user.is_authenticated and at - seen > _RENEWED_EVERY_S:
            _note(request, response, at=at)
        return response

    return answer


def start(request: HttpRequest) -> None:
    """Marks the beginning of a sign-in: the session may have begun before it."""
    request.session[_BEGAN] = now().timestamp()


def _last_seen(request: HttpRequest) -> float:
    """Seconds since 1970 of the last request that was noted in this session; 0.0 where none was."""
    try:
        whose, seen = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
    except (signing.BadSignature, ValueError):
        return 0.0
    return float(seen) if whose == _mark(request) else 0.0  # else left over from another sign-in


def _mark(request: HttpRequest) -> str:
    return sha256(str(request.session.session_key).encode()).hexdigest()[:32]


def _note(request: HttpRequest, response: HttpResponse, *, at: float) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps([_mark(request), int(at)], salt=_SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def second_factor(get_response: Answer) -> Answer:
    """Marks the person with what the rights ask for: `second_factor_given`, true of this sign-in alone."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.second_factor_given = gave_second_factor(request)  # type: ignore[attr-defined]  # of a request, not of a person
        return get_response(request)

    return answer


def enrolment_first(get_response: Answer) -> Answer:
    """Where the settings say `required`: leads people whose role shows secrets to setting up a second factor."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        name = request.resolver_match.url_name or "" if request.resolver_match else ""
        if name in _OPEN_BEFORE or name.startswith("mfa_") or not must_enrol(request):
            return None
        return redirect("mfa_index")

    answer.process_view = process_view  # type: ignore[attr-defined]  # Django looks for the hook on a function too
    return answer


def must_enrol(request: HttpRequest) -> bool:
    """Whether nothing else may be opened before a second factor is set up."""
    return settings.OBLIK_SECOND_FACTOR == "required" and lacks_second_factor(request)


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether somebody's role shows what a password alone must not, and no factor is set up yet."""
    return (
        request.user.is_authenticated
        and not getattr(request.user, "second_factor_given", False)
        and needs_second_factor(request.user)
        and not has_second_factor(request.user.get_username())
    )


def gave_second_factor(request: HttpRequest) -> bool:
    """Whether a code or a key was given in this session by the person who is signed in."""
    return any(one.get("method") == "mfa" for one in get_authentication_records(request, request.user))
