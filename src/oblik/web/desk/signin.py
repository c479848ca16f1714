"""The door: signing in and out."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """A sign-in name and a password, said in our words."""

    error_messages = {
        "invalid_login": _(
            "This name and password do not belong together. Check the keyboard's language and capital letters."
        ),
        "inactive": _("This account is switched off. Ask your administrator to switch it on."),
    }


class SignIn(LoginView):
    """The sign-in page; those who are in already go on to where they were going."""

    template_name = "signin.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
