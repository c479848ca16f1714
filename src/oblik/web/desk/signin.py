"""The door: signing in and out, and what is asked for besides the password."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.views import LoginView
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from oblik.accounts import signins
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.web.desk.presence import gave_second_factor, must_enrol


class SignInForm(LoginForm):
    """A sign-in name and a password, said in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["required"] = _("Type your sign-in name.")
        self.fields["password"].error_messages["required"] = _("Type your password.")

    def add_prefix(self, field_name: str) -> str:
        """The field that allauth calls `login` is a name to browsers and people."""
        return "username" if field_name == "login" else super().add_prefix(field_name)


class LostPasswordForm(ResetPasswordForm):
    """The address to which a link for a new password goes: a confirmed one, or nothing goes anywhere."""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        known = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
        self.users = [one.user for one in known.select_related("user") if one.user.has_usable_password()]
        return email


class CodeForm(AuthenticateForm):
    """The second step of signing in; a wrong code is told to the journal, for the password was right."""

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        signins.note(self.user.username, what="second_factor_failed", at=now(), by=Actor("console", "oblik"))


class SignIn(LoginView):
    """The sign-in page; those who are in already go on to where they were going."""

    template_name = "signin.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        foreign = settings.OBLIK_OIDC_NAME if settings.OBLIK_OIDC_SERVER else ""
        return super().get_context_data(**kwargs) | {"foreign_name": foreign}


class SecondFactors(IndexView):
    """App, keys and codes of the person who is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "must_enrol": must_enrol(self.request),
            "given": gave_second_factor(self.request),
        }


class AddApp(ActivateTOTPView):
    """An authenticator app is set up; the code typed for it counts as given in this sign-in."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        _added(self.request, kind=Authenticator.Type.TOTP)
        return response


class RemoveApp(DeactivateTOTPView):
    """The authenticator app is removed; what was given with it counts no more."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        number = self.authenticator.pk
        response = super().form_valid(form)
        _removed(self.request, number=number, kind=Authenticator.Type.TOTP)
        return response


class AddKey(AddWebAuthnView):
    """A security key is added."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        _added(self.request, kind=Authenticator.Type.WEBAUTHN)
        return response


class RemoveKey(RemoveWebAuthnView):
    """A security key is removed."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        number = self.get_object().pk
        response = super().form_valid(form)
        _removed(self.request, number=number, kind=Authenticator.Type.WEBAUTHN)
        return response


class NewCodes(GenerateRecoveryCodesView):
    """Recovery codes are made anew."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        signins.note(_name(self.request), what="recovery_codes_made", at=now())
        return response


def _added(request: HttpRequest, *, kind: str) -> None:
    newest = Authenticator.objects.filter(user__username=_name(request), type=kind).latest("pk")
    record_authentication(request, request.user, "mfa", id=newest.pk, type=kind, reauthenticated=True)
    signins.note(_name(request), what=f"second_factor_added_{kind}", at=now())


def _removed(request: HttpRequest, *, number: int, kind: str) -> None:
    records = get_authentication_records(request, request.user)
    for one in [one for one in records if one.get("id") == number]:
        records.remove(one)
    request.session.modified = True
    signins.note(_name(request), what=f"second_factor_removed_{kind}", at=now())


def _name(request: HttpRequest) -> str:
    return str(request.user.get_username())
