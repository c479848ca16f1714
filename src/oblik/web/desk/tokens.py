"""Access tokens of the person who has signed in: issued, shown once, revoked."""

from typing import Final

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oblik.accounts import tokens
from oblik.accounts.queries import SECOND_FACTOR, VERBS, Reach, scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import InvalidInput, msg
from oblik.registry import queries as registry
from oblik.web.desk.access import page, seen_by, sentence
from oblik.web.desk.presence import gave_second_factor
from oblik.web.ui import labels

PERIODS: Final = (7, 30, 90, 180, 366)


@page("see")
def tokens_page(request: HttpRequest) -> HttpResponseBase:
    """The own tokens, and a form for a new one."""
    if request.method == "POST":
        answer: HttpResponseBase = _issue(request)
        return answer
    return render(request, "desk/tokens.html", _context(request))


# What a thief of an open browser could take along for a year is asked the password for.
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth ships no types
def _issue(request: HttpRequest) -> HttpResponseBase:
    name = request.user.get_username()
    wanted, owners = request.POST.getlist("verbs"), request.POST.getlist("owners")
    days = request.POST.get("days", "")
    note = request.POST.get("note", "")
    asked = {"wanted": wanted, "owners_wanted": owners, "note": note, "days": days}
    try:
        issued = tokens.issue_token(
            name, verbs=set(wanted), days=int(days) if days.isdecimal() and len(days) < 5 else 0, note=note,
            by=Actor("person", name), at=now(), reach=Reach(owners=_known(request, owners)),
            second_factor=gave_second_factor(request),
        )  # fmt: skip
    except InvalidInput as wrong:
        return render(request, "desk/tokens.html", _context(request) | asked | {"wrong": sentence(wrong)}, status=422)
    answer = render(request, "desk/tokens.html", _context(request) | {"issued": issued})
    answer["Cache-Control"] = "no-store"
    return answer


def _known(request: HttpRequest, owners: list[str]) -> frozenset[str]:
    """The owners as they may be named; one that may not be seen is answered like one that is not."""
    seen = registry.owner_names(within=seen_by(request))
    unknown = sorted(set(owners) - set(seen))
    if unknown:
        raise InvalidInput(msg("There is no owner with the code “{value}” that you may see."), value=unknown[0])
    return frozenset(owners)


def _context(request: HttpRequest) -> dict[str, object]:
    at = now()
    every = tokens.tokens(of=request.user.get_username())
    return {
        "good": [one for one in every if one.is_good(at)],
        "gone": [one for one in every if not one.is_good(at)][:20],
        "rights": [(verb, labels.RIGHTS[verb]) for verb in VERBS if scope_of(request.user, verb).reaches],
        "labels": labels.RIGHTS,
        "second_factor": SECOND_FACTOR,
        "owners": sorted(registry.owner_names(within=seen_by(request)).items()),
        "periods": PERIODS,
        "days": "90",
        "wanted": ["see"],
    }


@require_POST
@page("see")
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Ends one of the own tokens at once."""
    name = request.user.get_username()
    tokens.revoke_token(number, by=Actor("person", name), at=now(), why=request.POST.get("why", "")[:500], of=name)
    messages.success(request, _("Token %(number)d is revoked: it opens nothing any more.") % {"number": number})
    return redirect("tokens")
