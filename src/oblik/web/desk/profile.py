"""The own account: password, second factor, address, sign-ins, tokens."""

from typing import Final

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oblik.accounts import signins, tokens
from oblik.accounts.invitations import confirm_address
from oblik.accounts.queries import EVERYWHERE, needs_second_factor
from oblik.accounts.roster import member
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict
from oblik.web.desk.access import sentence
from oblik.web.desk.presence import gave_second_factor
from oblik.web.ui.letters import address_of, send_confirmation

_SALT: Final = "oblik.address"
_GOOD_FOR_S: Final = 3 * 24 * 3600


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What the register knows of the person who looks, and how they sign in."""
    name, at = request.user.get_username(), now()
    context = {
        "me": member(name, within=EVERYWHERE, at=at),
        "needed": needs_second_factor(request.user),
        "given": gave_second_factor(request),
        "sessions": signins.sessions_of(name, at=at),
        "current": request.session.session_key,
        "tokens": [one for one in tokens.tokens(of=name) if one.is_good(at)],
    }
    return render(request, "desk/profile.html", context)


@require_POST
@login_required
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Signs out everywhere else."""
    name = request.user.get_username()
    ended = signins.end_sessions(name, by=Actor("person", name), at=now(), but=request.session.session_key or "")
    messages.success(request, _("Signed out everywhere else: %(ended)d.") % {"ended": ended})
    return redirect("profile")


@reauthentication_required(app="oblik.accounts")  # type: ignore[untyped-decorator]  # allauth has no types
@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """Asks by letter whether an address is the person's own; nothing changes before the letter is answered."""
    name, email = request.user.get_username(), request.POST.get("email", "").strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        messages.error(request, _("“%(text)s” is not an e-mail address.") % {"text": email})
        return redirect("profile")
    link = address_of("confirm-address", signing.dumps([name, email], salt=_SALT), request=request)
    if send_confirmation(email, link=link, name=name):
        messages.info(request, _("A letter is on its way to %(email)s; open the link in it.") % {"email": email})
    else:
        messages.error(request, _("The letter could not be sent. Tell your administrator."))
    return redirect("profile")


@login_required
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The link of that letter: one more press, for programs that look through mail open links by themselves."""
    name = request.user.get_username()
    try:
        whose, email = signing.loads(key, salt=_SALT, max_age=_GOOD_FOR_S)
    except (signing.BadSignature, ValueError):
        whose, email = "", ""
    if whose != name:
        return render(request, "desk/address.html", {"email": ""}, status=404)
    if request.method != "POST":
        return render(request, "desk/address.html", {"email": email})
    try:
        confirm_address(name, email=email, by=Actor("person", name), at=now())
    except Conflict as wrong:
        messages.error(request, sentence(wrong))
        return redirect("profile")
    messages.success(request, _("%(email)s is yours: a lost password can be set anew by mail.") % {"email": email})
    return redirect("profile")
