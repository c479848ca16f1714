"""Who is here: inviting, giving roles, locking, letting leave; and the page on which an invited person arrives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from oblik.accounts import actions, giving, invitations, leaving, roster, signins
from oblik.accounts.actions import Over
from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, InvalidInput, NotFound, OblikError, msg
from oblik.inventory import queries as inventory
from oblik.journal.actions import looked
from oblik.journal.queries import entries_about
from oblik.registry import queries as registry
from oblik.web.desk.access import page, sentence
from oblik.web.ui.letters import address_of, goes_out, send_invitation

_LOOKED: Final = "account_looked_at"
_LATEST: Final = 30  # entries of the journal that a person's page shows


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what of whom, and when."""

    username: str
    by: Actor
    at: datetime
    why: str


@page("configure")
def every(request: HttpRequest) -> HttpResponse:
    """Everybody whom the person may administer."""
    found = roster.roster(within=scope_of(request.user, "configure"), at=now())
    text, state = request.GET.get("text", "").strip().casefold(), request.GET.get("state", "")
    counts = {name: sum(one.state == name for one in found) for name in roster.STATES}
    if state in roster.STATES:
        found = [one for one in found if one.state == state]
    if text:
        found = [one for one in found if text in f"{one.username} {one.name} {one.email}".casefold()]
    context = {"found": found, "text": request.GET.get("text", ""), "state": state, "counts": counts}
    return render(request, "desk/people.html", context)


@page("configure")
def invite(request: HttpRequest) -> HttpResponseBase:
    """The form for somebody new; afterwards the link, which is shown only this once."""
    if request.method != "POST":
        return _form(request, trouble="")
    by, at = _actor(request), now()
    given = request.POST
    who = invitations.NewPerson(
        given.get("username", "").strip(),
        given.get("name", "").strip(),
        given.get("email", ""),
        given.get("subject", ""),
    )
    try:
        if not who.username:
            raise InvalidInput(msg("Type a sign-in name."), field="username")
        if not given.get("role"):
            raise InvalidInput(msg("Choose a role."), field="role")
        over, until = _over(request), _until(request)
        giving.require_givable(given["role"], over=over, until=until, giver=request.user)
        made = invitations.invite(who, role=given["role"], over=over, until=until, by=by, at=at)
    except OblikError as wrong:
        return _form(request, trouble=sentence(wrong))
    return _link_shown(request, made, name=who.name)


def _form(request: HttpRequest, *, trouble: str) -> HttpResponse:
    given = request.POST
    context = _choices(request) | {"given": given, "chosen": _chosen(request), "trouble": trouble}
    return render(request, "desk/invite.html", context, status=400 if trouble else 200)


def _link_shown(request: HttpRequest, made: invitations.Invited, *, name: str) -> HttpResponse:
    secret = made.mailed if goes_out() else made.shown
    sent = made.email and send_invitation(
        made.email, link=address_of("invitation", secret, request=request), name=name, until=made.expires_at
    )
    link = address_of("invitation", made.shown, request=request)
    return render(request, "desk/invited.html", {"made": made, "link": link, "sent": sent})


@page("configure")
def person(request: HttpRequest, username: str) -> HttpResponseBase:
    """One person: roles, state, what was done with the account; the forms that change it."""
    within, at = scope_of(request.user, "configure"), now()
    found = roster.member(username, within=within, at=at)
    trouble = ""
    if request.method == "POST":
        try:
            return _done(
                request, found, asked=Asked(username, _actor(request), at, request.POST.get("why", "").strip())
            )
        except NotFound:
            raise
        except OblikError as wrong:
            trouble = sentence(wrong)
    looked(subject=f"person:{username}", what=_LOOKED, by=_actor(request), at=at)
    context = _choices(request) | {
        "one": found,
        "own": username == request.user.get_username(),
        "given": request.POST,
        "chosen": _chosen(request),
        "trouble": trouble,
        "entries": [one for one in entries_about(f"person:{username}") if one.what != _LOOKED][: -_LATEST - 1 : -1],
        "names": registry.owner_names(within=within),
        "shut_out": signins.is_locked_out(username, device="", at=at),
    }
    return render(request, "desk/person.html", context, status=400 if trouble else 200)


def _done(request: HttpRequest, found: roster.Member, *, asked: Asked) -> HttpResponseBase:
    """Does what a form of the page asks for; whoever administers does none of it to the own account."""
    wanted = request.POST.get("do", "")
    if found.username == request.user.get_username():
        raise Conflict(msg("Another administrator changes your own account."))
    if wanted in _OPENING:
        giving.require_all_givable(found.grants, giver=request.user)
    if wanted == "invite":
        made = invitations.invite_again(asked.username, by=asked.by, at=asked.at)
        return _link_shown(request, made, name=found.name)
    if wanted == "role":
        _give_role(request, asked=asked)
    elif wanted in _SIMPLE:
        with roster.still_administered(asked.username, at=asked.at):
            _SIMPLE[wanted](asked)
    else:
        raise InvalidInput(msg("This page does not know what to do."), field="do")
    messages.success(request, _("Done; it stands in the journal."))
    return redirect("person", username=asked.username)


def _give_role(request: HttpRequest, *, asked: Asked) -> None:
    if not request.POST.get("role"):
        raise InvalidInput(msg("Choose a role."), field="role")
    role, over, until = request.POST["role"], _over(request), _until(request)
    giving.require_givable(role, over=over, until=until, giver=request.user)
    keep = request.POST.get("besides") == "1"
    with roster.still_administered(asked.username, at=asked.at):
        actions.set_role(
            asked.username, role=role, over=over, until=until, keep=keep, by=asked.by, at=asked.at, why=asked.why
        )


def _lock(asked: Asked) -> None:
    leaving.lock_person(asked.username, by=asked.by, at=asked.at, why=asked.why)


def _enable(asked: Asked) -> None:
    leaving.enable_person(asked.username, by=asked.by, at=asked.at, why=asked.why)


def _leave(asked: Asked) -> None:
    leaving.disable_person(asked.username, by=asked.by, at=asked.at, why=asked.why)


def _unlock(asked: Asked) -> None:
    signins.unlock(asked.username, by=asked.by, at=asked.at)


def _take_off(asked: Asked) -> None:
    if not asked.why:
        raise InvalidInput(msg("Say why: the journal keeps the reason."), field="why")
    signins.take_off_second_factor(asked.username, by=asked.by, at=asked.at, why=asked.why)


def _end_sessions(asked: Asked) -> None:
    signins.end_sessions(asked.username, by=asked.by, at=asked.at, why=asked.why)


# These bring rights to life, or guard them less: only for who could give each of them.
_OPENING: Final = ("invite", "enable", "take-off")
_SIMPLE: Final[dict[str, Callable[[Asked], None]]] = {
    "lock": _lock,
    "enable": _enable,
    "leave": _leave,
    "unlock": _unlock,
    "take-off": _take_off,
    "sign-out": _end_sessions,
}


@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Where an invited person chooses a password. The link opens nothing else, and nothing twice."""
    at, trouble = now(), ""
    try:
        who = invitations.welcome(secret, at=at)
        if request.method == "POST":
            password = request.POST.get("password1", "")
            if password != request.POST.get("password2", ""):
                raise InvalidInput(msg("The two passwords differ."), field="password2")
            invitations.accept(secret, password=password, at=at)
            return render(request, "invitation_done.html", {"username": who.username})
    except NotFound as wrong:
        return render(request, "invitation.html", {"who": None, "trouble": sentence(wrong)}, status=404)
    except InvalidInput as wrong:
        trouble = str(wrong) if wrong.code == "password" else sentence(wrong)
    return render(request, "invitation.html", {"who": who, "trouble": trouble}, status=400 if trouble else 200)


def _actor(request: HttpRequest) -> Actor:
    return Actor("person", request.user.get_username())


def _choices(request: HttpRequest) -> dict[str, object]:
    """What a role may be given over."""
    within = scope_of(request.user, "configure")
    return {
        "roles": giving.givable_roles(request.user),
        "owners": registry.owner_names(within=within),
        "campaigns": [(one.code, one.name) for one in inventory.campaigns(within=within)],
    }


def _chosen(request: HttpRequest) -> dict[str, list[str]]:
    return {"owners": request.POST.getlist("owner"), "campaigns": request.POST.getlist("campaign")}


def _over(request: HttpRequest) -> Over:
    chosen = _chosen(request)
    districts = [part.strip() for part in request.POST.get("districts", "").split(",") if part.strip()]
    return Over(owners=chosen["owners"], campaigns=chosen["campaigns"], districts=districts)


def _until(request: HttpRequest) -> datetime | None:
    """The end of the day that the form names."""
    text = request.POST.get("until", "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(msg("“{value}” is not a day such as 2026-03-01."), field="until", value=text) from wrong
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone()) + timedelta(days=1)
