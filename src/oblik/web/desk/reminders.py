"""Whom a campaign asks for lists, until when, and letters to those who are late."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oblik.base.clock import now
from oblik.base.errors import Conflict, InvalidInput, OblikError, msg
from oblik.inventory import awaited as waiting
from oblik.inventory import queries as inventory
from oblik.inventory.logic.campaigns import Campaign
from oblik.inventory.logic.deadlines import Asked
from oblik.registry import queries as registry
from oblik.web.desk.access import actor, page, reaches_all, require_all, seen_by, sentence
from oblik.web.desk.campaign_edit import day_given
from oblik.web.ui import letters

MOST_LETTERS: Final = 30  # on one page; each is read before it goes


@page()
def owners(request: HttpRequest, code: str) -> HttpResponseBase:
    """Who is asked, whether the list came, who of theirs answers, when they were reminded."""
    within = seen_by(request)
    campaign = inventory.campaign(code, within=within)
    trouble = ""
    if request.method == "POST":
        require_all(request, "edit", campaign=code)
        try:
            messages.success(request, _done(request, code))
            return redirect("campaign-owners", code=code)
        except OblikError as wrong:
            trouble = sentence(wrong)
    lines = sorted(_awaited(code, request, at=now()), key=lambda one: (one.arrival != "late", one.owner))
    asked = {one.owner for one in lines if one.due_on is not None}
    names = registry.owner_names(within=within)
    whole = within.covers_list(owner=None, campaign=code)
    context = {
        "campaign": campaign,
        "lines": [one for one in lines if one.due_on is not None],
        "unasked": [one for one in lines if one.due_on is None],
        "names": names,
        "others": [(owner, name) for owner, name in names.items() if owner not in asked] if whole else [],
        "late": [one.owner for one in lines if one.arrival == "late"],
        "edits": campaign.state == "open" and reaches_all(request, "edit", campaign=code),
        "may_forget": whole and reaches_all(request, "edit", campaign=code),
        "whole": whole,
        "letters": waiting.reminders(code, within=within)[:20],
        "languages": settings.LANGUAGES,
        "trouble": trouble,
        "given": request.POST,
    }
    return render(request, "desk/campaign_owners.html", context, status=400 if trouble else 200)


def _awaited(code: str, request: HttpRequest, *, at: datetime) -> list[waiting.AwaitedOwner]:
    within = seen_by(request)
    return waiting.awaited(code, lists=inventory.lists_received(code, within=within), at=at, within=within)


def _done(request: HttpRequest, code: str) -> str:
    """Does what a form of the page asks for, and says it."""
    given, by, at = request.POST, actor(request), now()
    wanted = given.get("do", "")
    if wanted == "expect":
        added = waiting.expect_owners(
            code, owners=given.getlist("owner"), due_on=day_given(given.get("due_on", "")), by=by, at=at
        )
        return ngettext("%(n)s owner is asked for a list.", "%(n)s owners are asked for a list.", added) % {"n": added}
    if wanted == "change":
        asked = Asked(
            given.get("owner", ""), day_given(given.get("due_on", "")), given.get("contact_name", ""),
            given.get("contact_email", ""), given.get("language", ""),
        )  # fmt: skip
        waiting.change_expected(code, asked, by=by, at=at)
        return _("Kept.")
    if wanted == "stop":
        waiting.stop_expecting(code, given.get("owner", ""), by=by, at=at)
        return _("No longer awaited.")
    if wanted == "forget":
        waiting.forget_contacts(code, by=by, at=at, why=given.get("why", ""))
        return _("Names and addresses are deleted.")
    raise InvalidInput(msg("This page does not know what to do."), field="do")


@page("edit")
def remind(request: HttpRequest, code: str) -> HttpResponseBase:
    """The letters to the chosen owners, ready to be changed and sent."""
    within = seen_by(request)
    campaign = inventory.campaign(code, within=within)
    require_all(request, "edit", campaign=code)
    lines = {one.owner: one for one in _awaited(code, request, at=now()) if one.due_on is not None and not one.is_in}
    chosen = [lines[owner] for owner in dict.fromkeys(request.GET.getlist("owner")) if owner in lines]
    chosen = (chosen or [one for one in lines.values() if one.arrival == "late"])[:MOST_LETTERS]
    drafts = [_draft(request, campaign, line=line) for line in chosen]
    trouble: dict[str, str] = {}
    if request.method == "POST":
        drafts = [_given(request, one.owner) for one in drafts]
        trouble = _send(request, code, drafts=drafts)
        if not trouble:
            return redirect("campaign-owners", code=code)
        drafts = [one for one in drafts if one.owner in trouble]
    context = {
        "campaign": campaign,
        "drafts": [(one, lines[one.owner], trouble.get(one.owner, "")) for one in drafts],
        "names": registry.owner_names(within=within),
        "goes_out": letters.goes_out(),
        "chosen": [one.owner for one in drafts],
    }
    return render(request, "desk/remind.html", context, status=400 if trouble else 200)


def _draft(request: HttpRequest, campaign: Campaign, *, line: waiting.AwaitedOwner) -> waiting.Letter:
    """The letter in the owner's language."""
    with translation.override(line.language):
        about = {
            "campaign": campaign, "due_on": line.due_on, "late": line.arrival == "late", "contact": line.contact_name,
            "owner": registry.owner_names(within=seen_by(request)).get(line.owner, line.owner),
            "sender": getattr(request.user, "first_name", ""),
            "link": letters.address_of("campaign", campaign.code, request=request),
        }  # fmt: skip
        subject, text = letters.written("reminder", about)
    return waiting.Letter(line.owner, line.contact_email, subject, text)


def _given(request: HttpRequest, owner: str) -> waiting.Letter:
    said = {name: request.POST.get(f"{name}:{owner}", "") for name in ("email", "subject", "text")}
    return waiting.Letter(owner, **said)


def _send(request: HttpRequest, code: str, *, drafts: list[waiting.Letter]) -> dict[str, str]:
    """Sends each letter that is ticked; owner -> why one did not go."""
    trouble: dict[str, str] = {}
    sent = 0
    for letter in drafts:
        if request.POST.get(f"send:{letter.owner}") != "1":
            continue
        again = request.POST.get(f"again:{letter.owner}") == "1"
        try:
            outcome = waiting.remind(code, letter, send=letters.send_letter, by=actor(request), at=now(), again=again)
        except (InvalidInput, Conflict) as wrong:
            trouble[letter.owner] = sentence(wrong)
            continue
        if outcome == "failed":
            trouble[letter.owner] = _("The mail server did not take the letter. Try again later.")
        else:
            sent += 1
    if sent:
        told = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", sent)
        messages.success(request, told % {"n": sent})
    elif not trouble:
        messages.info(request, _("No letter was ticked, so none was sent."))
    return trouble
