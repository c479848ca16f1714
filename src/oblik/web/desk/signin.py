"""The door: signing in and out."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.account.views import LoginView
from django import forms
from django.utils.translation import gettext_lazy as _


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
    """The address to which a link for a new password goes."""

    email = forms.EmailField(label=_("E-mail address"))


class SignIn(LoginView):
    """The sign-in page; those who are in already go on to where they were going."""

    template_name = "signin.html"
