"""Opening a campaign, and what its papers say of it: name, days, order, scope, the commission."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, NotFound, OblikError, msg
from oblik.inventory import actions
from oblik.inventory import queries as inventory
from oblik.inventory.logic.campaigns import Campaign
from oblik.web.desk.access import actor, page, require_all, seen_by, sentence
from oblik.web.ui import count_words


@page("edit")
def opening(request: HttpRequest) -> HttpResponseBase:
    """The form for a new campaign."""
    given = request.POST
    if request.method != "POST":
        return render(request, "desk/campaign_open.html", {"given": given})
    code = given.get("code", "").strip()
    try:
        require_all(request, "edit", campaign=code)
        actions.open_campaign(code, **_facts(given), by=actor(request), at=now())
    except OblikError as wrong:
        context = {"given": given, "trouble": sentence(wrong)}
        return render(request, "desk/campaign_open.html", context, status=400)
    messages.success(request, _("The campaign is open. Now seat the commission and choose whom to ask for lists."))
    return redirect("campaign-edit", code=code)


@page("edit")
def edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """The facts of a campaign and its commission."""
    within = seen_by(request)
    found = inventory.campaign(code, within=within)
    require_all(request, "edit", campaign=code)
    trouble = ""
    if request.method == "POST":
        try:
            messages.success(request, _done(request, code))
            return redirect("campaign-edit", code=code)
        except OblikError as wrong:
            trouble = sentence(wrong)
    given: Mapping[str, object] = request.POST if request.POST.get("do") == "facts" else _said(found)
    context = {
        "campaign": found,
        "seats": inventory.seats(code, within=within),
        "roles": count_words.MEMBER_ROLES,
        "given": given,
        "member": request.POST if request.POST.get("do") == "seat" else {},
        "trouble": trouble,
    }
    return render(request, "desk/campaign_edit.html", context, status=400 if trouble else 200)


def _said(found: Campaign) -> dict[str, object]:
    return {
        "name": found.name, "since": found.since.isoformat(), "until": found.until.isoformat(),
        "order_ref": found.order_ref, "scope": found.scope,
    }  # fmt: skip


def _done(request: HttpRequest, code: str) -> str:
    """Does what a form of the page asks for, and says it."""
    given, by, at = request.POST, actor(request), now()
    wanted = given.get("do", "")
    if wanted == "facts":
        actions.edit_campaign(code, **_facts(given), by=by, at=at)
        return _("Kept.")
    if wanted == "seat":
        actions.add_member(
            code, name=given.get("name", "")[:200], post=given.get("post", "")[:300], role=given.get("role", ""), by=by,
            at=at,
        )  # fmt: skip
        return _("Seated.")
    if wanted == "unseat":
        actions.remove_member(code, place=number(given.get("place", "")), by=by, at=at)
        return _("Taken out of the commission.")
    raise InvalidInput(msg("This page does not know what to do."), field="do")


class Facts(TypedDict):
    """What papers say of a campaign."""

    name: str
    since: date
    until: date
    order_ref: str
    scope: str


def _facts(given: Mapping[str, str]) -> Facts:
    return {
        "name": given.get("name", "")[:300],
        "since": day_given(given.get("since", "")),
        "until": day_given(given.get("until", "")),
        "order_ref": given.get("order_ref", "")[:300],
        "scope": given.get("scope", "")[:2_000],
    }


def day_given(text: str) -> date:
    """A day as the browser's own field sends it."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(msg("“{value}” is not a day; choose one in the calendar."), value=text) from wrong


def number(text: str) -> int:
    """A number as a form of ours sends it."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound(msg("There is no such place: “{value}”."), value=text)
    return int(text)
