"""The words for people's accounts, and the note that a second factor is missing."""

from typing import Any, Final

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oblik.accounts.queries import may, needs_second_factor
from oblik.accounts.signins import has_second_factor
from oblik.web.ui.labels import Label

register = template.Library()

STATES: Final[dict[str, tuple[Label, str]]] = {
    "active": (pgettext_lazy("of an account", "works"), "green"),
    "invited": (pgettext_lazy("of an account", "invited"), "blue"),
    "locked": (pgettext_lazy("of an account", "locked"), "orange"),
    "left": (pgettext_lazy("of an account", "has left"), "secondary"),
}

EVENTS: Final[dict[str, Label]] = {
    "added": _("Account added"),
    "invited": _("Invited"),
    "invitation_accepted": _("Invitation accepted"),
    "role_set": _("Role given"),
    "locked": _("Locked"),
    "enabled": _("Switched on"),
    "disabled": _("Left"),
    "signed_in": _("Signed in"),
    "sign_in_locked": _("Sign-in locked after failed attempts"),
    "sign_in_unlocked": _("Sign-in allowed again"),
    "sessions_ended": _("Signed out everywhere"),
    "password_set": _("Password set by an administrator"),
    "password_changed": _("Password changed"),
    "address_confirmed": _("E-mail address confirmed"),
    "identity_linked": _("Identity of the sign-in service linked"),
    "second_factor_added_totp": _("Authenticator app set up"),
    "second_factor_added_webauthn": _("Security key added"),
    "second_factor_removed_totp": _("Authenticator app removed"),
    "second_factor_removed_webauthn": _("Security key removed"),
    "second_factor_taken_off": _("Second factor taken off by an administrator"),
    "second_factor_failed": _("Wrong code after the right password"),
    "recovery_codes_made": _("Recovery codes made"),
    "account_looked_at": _("Account looked at"),
}


@register.filter
def member_state(state: str) -> Label:
    return STATES[state][0] if state in STATES else state


@register.simple_tag
def member_badge(state: str) -> SafeString:
    """The state of an account as a word on its colour."""
    label, colour = STATES.get(state, (state, "secondary"))
    return format_html('<span class="badge bg-{}-lt">{}</span>', colour, label)


@register.filter
def account_event(what: str) -> Label:
    return EVENTS.get(what, what)


@register.simple_tag(takes_context=True)
def second_factor_missing(context: dict[str, Any]) -> bool:
    """Whether the person's role shows what a password alone must not, and no second factor is set up."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.is_authenticated or getattr(request.user, "second_factor_given", False):
        return False
    return needs_second_factor(request.user) and not has_second_factor(request.user.get_username())


@register.simple_tag(takes_context=True)
def may_administer(context: dict[str, Any]) -> bool:
    """Whether the person may invite and let leave."""
    request: HttpRequest | None = context.get("request")
    return request is not None and may(request.user, "configure")


@register.simple_tag(takes_context=True)
def may_judge(context: dict[str, Any]) -> bool:
    """Whether the person may answer which rows are which cameras."""
    request: HttpRequest | None = context.get("request")
    return request is not None and may(request.user, "judge")
