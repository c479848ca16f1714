"""The documents of a campaign: prepared by a worker, looked at, downloaded, signed on paper, frozen for good."""

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, OblikError, msg
from oblik.intake import running
from oblik.intake.jobs import start_job
from oblik.inventory import actions, prepared
from oblik.inventory import queries as inventory
from oblik.journal.actions import looked
from oblik.registry import queries as registry
from oblik.web.desk.access import actor, page, reaches_all, require_all, seen_by, sentence
from oblik.web.desk.campaign_edit import day_given, number
from oblik.web.ui import labels
from oblik.web.ui.middleware import POLICY

MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The page that shows a document may frame it, and the document may be framed by it; nothing else changes.
_FRAMING: Final = f"{POLICY}; frame-src 'self'"
_FRAMED: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@page()
def newest(request: HttpRequest) -> HttpResponseBase:
    """The documents of the campaign opened last."""
    found = inventory.campaigns(within=seen_by(request))
    if found:
        return redirect("documents-of", code=found[0].code)
    return render(request, "desk/documents.html", {"campaign": None})


@page()
def listed(request: HttpRequest, code: str) -> HttpResponseBase:
    """What is prepared, each language by itself; papers of the whole city first; commission, freezing, hashes."""
    trouble = ""
    if request.method == "POST":
        inventory.require(code, within=seen_by(request))
        try:
            return _done(request, code)
        except OblikError as wrong:
            trouble = sentence(wrong)
    return render(
        request, "desk/documents.html", _context(request, code, trouble=trouble), status=400 if trouble else 200
    )


def _context(request: HttpRequest, code: str, *, trouble: str) -> dict[str, object]:
    within = seen_by(request)
    printed = {
        language: inventory.documents(code, language=language, within=within) for language, _name in settings.LANGUAGES
    }
    wanted = request.GET.get("language", "")
    language = next((one for one in (wanted, get_language() or "", *printed) if printed.get(one)), "")
    seen = printed.get(language, [])
    campaign = inventory.campaign(code, within=within)
    names = registry.owner_names(within=within)
    owners: dict[str, list[inventory.DocumentLine]] = {}
    for line in seen:
        if line.owner:
            owners.setdefault(line.owner, []).append(line)
    whole = within.covers_list(owner=None, campaign=code)
    may_print = campaign.state == "open" and reaches_all(request, "export", campaign=code)
    return {
        "campaign": campaign,
        "campaigns": inventory.campaigns(within=within),
        "frozen": prepared.frozen(code) if campaign.state == "frozen" else None,
        "language": language,
        "languages": [(one, get_language_info(one)["name_local"]) for one, lines in printed.items() if lines],
        "every_language": [(one, get_language_info(one)["name_local"]) for one, _name in settings.LANGUAGES],
        "city": [line for line in seen if not line.owner],
        "owners": [(names.get(owner, owner), lines) for owner, lines in sorted(owners.items())],
        "stale": any(line.is_stale for line in seen),
        "labels": labels.DOCUMENTS,
        "jobs": running.jobs(campaign=code, kind="documents", limit=3, within=within) if may_print else [],
        "seats": inventory.seats(code, within=within) if whole else [],
        "may_print": may_print,
        "may_sign": reaches_all(request, "sign", campaign=code),
        "may_freeze": campaign.state == "open" and reaches_all(request, "edit", campaign=code),
        "whole": whole,
        "checked": prepared.check(code, within=within) if "check" in request.GET else None,
        "trouble": trouble,
        "today": now().date().isoformat(),
    }


def _done(request: HttpRequest, code: str) -> HttpResponseBase:
    """Does what a form of the page asks for."""
    given, by, at = request.POST, actor(request), now()
    wanted, here = given.get("do", ""), reverse("documents-of", args=(code,))
    if wanted == "prepare":
        require_all(request, "export", campaign=code)
        inventory.require_open(code, within=seen_by(request))
        language = given.get("language", "")
        if language not in dict(settings.LANGUAGES):
            raise InvalidInput(
                msg("“{value}” is no language of the documents; use one of {known}."),
                value=language, known=", ".join(dict(settings.LANGUAGES)),
            )  # fmt: skip
        start_job("documents", campaign=code, args={"language": language}, by=by, at=at)
        return redirect(f"{here}?language={language}")
    if wanted == "sign":
        require_all(request, "sign", campaign=code)
        place = number(given.get("place", ""))
        actions.mark_signed(code, place=place, signed_on=day_given(given.get("signed_on", "")), by=by, at=at)
    elif wanted == "unsign":
        require_all(request, "sign", campaign=code)
        actions.unmark_signed(code, place=number(given.get("place", "")), by=by, at=at)
    else:
        raise InvalidInput(msg("This page does not know what to do."), field="do")
    return redirect(f"{here}#commission")


@page("edit")
def freeze(request: HttpRequest, code: str) -> HttpResponseBase:
    """What freezing means, asked once more; then it is done and cannot be undone."""
    within = seen_by(request)
    campaign = inventory.campaign(code, within=within)
    require_all(request, "edit", campaign=code)
    trouble = ""
    if request.method == "POST":
        try:
            if request.POST.get("sure") != "1":
                raise InvalidInput(msg("Tick that you know it cannot be undone."), field="sure")
            actions.freeze_campaign(code, by=actor(request), at=now(), why=request.POST.get("why", ""))
            messages.success(request, _("The campaign is frozen."))
            return redirect("documents-of", code=code)
        except OblikError as wrong:
            trouble = sentence(wrong)
    lines = [
        (language, line)
        for language, _name in settings.LANGUAGES
        for line in inventory.documents(code, language=language, within=within)
    ]
    figures = inventory.campaign_figures(code, within=within)
    context = {
        "campaign": campaign,
        "documents": len(lines),
        "languages": sorted({language for language, _line in lines}),
        "stale": any(line.is_stale for _language, line in lines),
        "waiting": figures.total.waiting if figures.total else 0,
        "unsigned": [seat for seat in inventory.seats(code, within=within) if seat.signed_on is None],
        "trouble": trouble,
        "given": request.POST,
    }
    return render(request, "desk/freeze.html", context, status=400 if trouble else 200)


@page()
def shown(request: HttpRequest, code: str, language: str, name: str) -> HttpResponseBase:
    """A document in the page, by the browser's own viewer; a workbook is only downloaded."""
    within = seen_by(request)
    path = prepared.document_file(code, language=language, name=name, within=within)
    if path.suffix != ".pdf":
        return redirect("document", code=code, language=language, name=name)
    line = next(one for one in inventory.documents(code, language=language, within=within) if one.name == name)
    context = {
        "campaign": inventory.campaign(code, within=within), "line": line, "language": language,
        "label": labels.DOCUMENTS.get(line.kind, line.kind),
        "owner": registry.owner_names(within=within).get(line.owner, line.owner),
    }  # fmt: skip
    response = render(request, "desk/document.html", context)
    response["Content-Security-Policy"] = _FRAMING
    return response


@page()
def download(request: HttpRequest, code: str, language: str, name: str) -> HttpResponseBase:
    """One document as a file. Only names that are listed are opened: an address reaches nothing else on the disk."""
    path = prepared.document_file(code, language=language, name=name, within=seen_by(request))
    inside = "view" in request.GET and path.suffix == ".pdf"
    details = {"document": name, "language": language}
    what = "looked_at_document" if inside else "downloaded"
    looked(subject=f"inventory:{code}", what=what, by=actor(request), at=now(), details=details)
    kind = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    response = FileResponse(path.open("rb"), as_attachment=not inside, filename=name, content_type=kind)
    if inside:
        response["Content-Security-Policy"] = _FRAMED
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response
