"""What we ask of django-allauth beyond its own ways: nobody registers, strangers of a provider stay strangers."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class SignInRules(DefaultAccountAdapter):
    """Local accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "This name and password do not belong together. Check the keyboard's language and capital letters."
        ),
        "too_many_login_attempts": _("Too many failed attempts. Wait 15 minutes, or ask your administrator."),
        "account_inactive": _("This account is switched off. Ask your administrator to switch it on."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("Type the password that you have now."),
        "incorrect_code": _("This code does not fit. Take the newest one; each works once."),
        "rate_limited": _("Too many attempts. Wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our pages say what happened in their own words."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for those who signed in or said their password within the last minutes."""
        records = get_authentication_records(context.request, context.request.user)
        return not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT


class SecondFactorRules(DefaultMFAAdapter):
    """Codes and keys."""


class ForeignIdentityRules(DefaultSocialAccountAdapter):
    """Identities of an OpenID Connect provider: they open an account that exists, and never make one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", status=403))
