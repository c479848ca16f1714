"""What we ask of django-allauth beyond its ways: nobody registers, guessing is stopped, strangers stay strangers."""

import secrets
import time
from typing import Any, Final

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oblik.accounts import factors, invitations, signins
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.web.desk.presence import start

DEVICE_COOKIE: Final = "known"
_DEVICE_DAYS: Final = 180
_DEVICE_SALT: Final = "oblik.device"


class SignInRules(DefaultAccountAdapter):
    """Local accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "This name and password do not belong together. Check the keyboard's language and capital letters."
        ),
        "too_many_login_attempts": _("Too many failed attempts. Wait 15 minutes, or ask your administrator."),
        "account_inactive": _("This account is switched off. Ask your administrator to switch it on."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This code does not fit. Take the newest one; each works once."),
        "rate_limited": _("Too many attempts. Wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our pages say what happened in their own words."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses unseen while a name is locked, the same for names that nobody has."""
        name = str(credentials.get("username", ""))
        if signins.is_locked_out(name, device=known_device(request, name), at=now()):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        name = str(credentials.get("username", ""))
        signins.note_failure(name, device=known_device(request, name), at=now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What allauth counts failures under: a browser that got in before has a count of its own."""
        name = str(credentials.get("username", "")).casefold()
        return f"{name}\x00{known_device(request, name)}"

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        name = user.get_username()
        device = known_device(request, name)
        with_what = dict.fromkeys(
            str(one.get("type") or one["method"]) for one in get_authentication_records(request, user)
        )
        with transaction.atomic():
            super().login(request, user)
            signins.note_sign_in(name, device=device, how=", ".join(with_what), at=now())
        start(request)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        _remember_device(request, response, name=user.get_username())
        return response

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A change by its owner, or a reset by a mailed link."""
        with transaction.atomic():
            super().set_password(user, password)
            signins.note(user.get_username(), what="password_changed", at=now())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for those who signed in or said their password within the last minutes."""
        records = get_authentication_records(context.request, context.request.user)
        return not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")


def known_device(request: HttpRequest, name: str) -> str:
    """The mark of a browser in which this name signed in before, "" for any other (OWASP's device cookies)."""
    return _devices(request).get(_folded(name), "")


def _devices(request: HttpRequest) -> dict[str, str]:
    """Sign-in name (hashed) -> mark, for the people who share this browser."""
    try:
        found = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=_DEVICE_SALT, max_age=_DEVICE_DAYS * 24 * 3600
        )
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _remember_device(request: HttpRequest, response: HttpResponse, *, name: str) -> None:
    devices = _devices(request)
    mark = devices.pop(_folded(name), "") or secrets.token_hex(8)
    latest = dict([*devices.items(), (_folded(name), mark)][-6:])
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(latest, salt=_DEVICE_SALT),
        max_age=_DEVICE_DAYS * 24 * 3600,
        path=reverse("signin"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _folded(name: str) -> str:
    return signing.base64_hmac(_DEVICE_SALT, name.strip().casefold(), settings.SECRET_KEY)[:16]


class SecondFactorRules(DefaultMFAAdapter):
    """Codes and keys. What makes codes is sealed: a stolen database makes none."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. Take the newest one; each works once."),
    }

    def encrypt(self, text: str) -> str:
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.unseal(encrypted_text)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()


class ForeignIdentityRules(DefaultSocialAccountAdapter):
    """Identities of an OpenID Connect provider: they open an account that exists, and never make one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Known by its `sub`, else by a verified address that exactly one account has, else nobody."""
        if sociallogin.is_existing:
            return
        verified = (one.email for one in sociallogin.email_addresses if one.verified)
        username = next(filter(None, (invitations.person_for_identity(email=email) for email in verified)), "")
        subject = str(sociallogin.account.uid)
        if not username:
            context_said = {"identity": subject, "foreign_name": settings.OBLIK_OIDC_NAME}
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", context_said, status=403))
        invitations.link_identity(username, subject=subject, by=Actor("person", username), at=now())
        sociallogin.lookup()
