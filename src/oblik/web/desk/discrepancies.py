"""Where the lists disagree: found, given to somebody, talked over, settled with a document; several at once."""

from io import BytesIO
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, NotFound, OblikError, msg
from oblik.db import kept_files
from oblik.inventory import cases
from oblik.inventory import queries as inventory
from oblik.inventory.logic.cases import CASE_STATES, Key
from oblik.inventory.logic.discrepancies import DISCREPANCY_KINDS
from oblik.journal.actions import looked
from oblik.registry import queries as registry
from oblik.web.desk.access import actor, page, reaches_all, require_all, seen_by, sentence
from oblik.web.desk.filters import page_number
from oblik.web.ui import count_words, labels

PER_PAGE: Final = 100
MOST_BYTES: Final = 20_000_000
_FILTERS: Final = ("owner", "kind", "state", "assignee", "page")


def owner_asked(request: HttpRequest) -> str:
    """The owner whose rows are wanted, "" for all that the person sees. Another's owner is answered like no owner."""
    owner = request.GET.get("owner", "")
    if owner and owner not in registry.owner_names(within=seen_by(request)):
        raise NotFound(msg("There is no owner with the code “{value}” whose lists you see."), value=owner)
    return owner


@page()
def listed(request: HttpRequest, code: str) -> HttpResponseBase:
    """The discrepancies, each camera and field once; with `summary` only the counts, for the campaign's page."""
    if request.method == "POST":
        return _several(request, code)
    return _list(request, code)


def _list(request: HttpRequest, code: str, *, trouble: str = "") -> HttpResponse:
    within = seen_by(request)
    wanted = _wanted(request)
    found = cases.case_page(code, wanted=wanted, page=page_number(request), per_page=PER_PAGE, within=within)
    campaign = inventory.campaign(code, within=within)
    context = {
        "campaign": campaign,
        "counts": [(name, labels.DISCREPANCIES[name], found.kinds[name]) for name in DISCREPANCY_KINDS],
        "states": [(name, count_words.CASE_STATES[name], found.states[name]) for name in CASE_STATES],
        "wanted": wanted,
        "meaning": labels.DISCREPANCY_MEANINGS.get(wanted.kind, ""),
    }
    if "summary" in request.GET:
        return render(request, "desk/discrepancies_summary.html", context)
    whole = within.covers_list(owner=None, campaign=code)
    names = registry.owner_names(within=within)
    settles = campaign.state == "open" and reaches_all(request, "judge", campaign=code)
    context |= {
        "found": found,
        "names": names,
        "owners": names if whole else {},
        "people": cases.people_who_may(code) if whole else [],
        "outcomes": count_words.OUTCOMES,
        "settles": settles,
        "me": request.user.get_username(),
        "trouble": trouble,
        "given": request.POST,
    }
    return render(request, "desk/discrepancies.html", context, status=400 if trouble else 200)


def _wanted(request: HttpRequest) -> cases.Wanted:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    return cases.Wanted(
        owner=owner_asked(request),
        kind=kind if kind in DISCREPANCY_KINDS else "",
        state=state if state in CASE_STATES else "",
        assignee=request.GET.get("assignee", "")[:150],
    )


def _several(request: HttpRequest, code: str) -> HttpResponseBase:
    """Gives the chosen ones to somebody, or settles them alike."""
    require_all(request, "judge", campaign=code)
    inventory.require(code, within=seen_by(request))
    try:
        keys = [_key(text) for text in request.POST.getlist("key")]
        if request.POST.get("do") == "assign":
            done = cases.assign(code, keys, assignee=request.POST.get("assignee", ""), by=actor(request), at=now())
        else:
            done = cases.resolve(
                code, keys, outcome=request.POST.get("outcome", ""), document=request.POST.get("document", ""),
                by=actor(request), at=now(),
            )  # fmt: skip
    except InvalidInput as wrong:
        return _list(request, code, trouble=sentence(wrong))
    messages.success(
        request, ngettext("%(n)s discrepancy changed.", "%(n)s discrepancies changed.", done) % {"n": done}
    )
    return redirect(f"{request.path}{_kept_query(request)}")


def _kept_query(request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in _FILTERS if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _key(text: str) -> Key:
    """As forms name it: kind, camera and field with bars between."""
    parts = text.split("|")
    if len(parts) != 3:
        raise InvalidInput(msg("This page does not know what to do."), field="key")
    return (parts[0], parts[1], parts[2])


@page()
def one(request: HttpRequest, code: str, kind: str, camera: str) -> HttpResponseBase:
    """One discrepancy: what each source says side by side, what was done about it, and the forms that settle it."""
    within = seen_by(request)
    key: Key = (kind, camera, request.GET.get("field", ""))
    campaign = inventory.campaign(code, within=within)
    trouble = ""
    if request.method == "POST":
        require_all(request, "judge", campaign=code)
        cases.case(code, key, within=within)
        try:
            _settle(request, code, key)
            return redirect(address_of(code, key))
        except NotFound:
            raise
        except OblikError as wrong:
            trouble = sentence(wrong)
    line, steps = cases.case(code, key, within=within)
    whole = within.covers_list(owner=None, campaign=code)
    context = {
        "campaign": campaign,
        "line": line,
        "matter": line.matter,
        "steps": steps,
        "names": registry.owner_names(within=within),
        "people": cases.people_who_may(code) if whole else [],
        "outcomes": count_words.OUTCOMES,
        "settles": campaign.state == "open" and reaches_all(request, "judge", campaign=code),
        "whole": whole,
        "card": _camera(line.matter.camera, request),
        "attached": ",".join(cases.ATTACHED),
        "most_mb": MOST_BYTES // 1_000_000,
        "trouble": trouble,
        "given": request.POST,
    }
    return render(request, "desk/discrepancy.html", context, status=400 if trouble else 200)


def _camera(code: str, request: HttpRequest) -> registry.CameraCard | None:
    """The camera where the person may see it: a list may lack what is on another's books."""
    try:
        return registry.camera_card(code, within=seen_by(request))
    except NotFound:
        return None


def address_of(code: str, key: Key) -> str:
    """Where one discrepancy is seen."""
    query = f"?{urlencode({'field': key[2]})}" if key[2] else ""
    return reverse("discrepancy", args=(code, key[0], key[1])) + query


def _settle(request: HttpRequest, code: str, key: Key) -> None:
    by, at, said = actor(request), now(), request.POST
    wanted = said.get("do", "")
    if wanted == "assign":
        cases.assign(code, [key], assignee=said.get("assignee", ""), by=by, at=at)
        messages.success(request, _("Done; it stands in the journal."))
    elif wanted == "comment":
        cases.comment(code, key, text=said.get("text", ""), by=by, at=at)
    elif wanted == "resolve":
        cases.resolve(
            code, [key], outcome=said.get("outcome", ""), document=said.get("document", ""), text=said.get("text", ""),
            file=_file(request), by=by, at=at,
        )  # fmt: skip
        messages.success(request, _("Settled. The reconciliation statement will say so."))
    elif wanted == "reopen":
        cases.reopen(code, [key], why=said.get("why", ""), by=by, at=at)
        messages.success(request, _("Open again."))
    else:
        raise InvalidInput(msg("This page does not know what to do."), field="do")


def _file(request: HttpRequest) -> cases.Attachment | None:
    given = request.FILES.get("file")
    if given is None:
        return None
    if given.size is None or given.size > MOST_BYTES:
        raise InvalidInput(
            msg("The file “{value}” is larger than {most} MB."), value=given.name, most=MOST_BYTES // 1_000_000
        )
    return cases.Attachment(given.name or "", given.read())


@page()
def attached(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """A document that a settlement rests on, to download; that it was read stands in the journal."""
    name, sha256 = cases.attached(code, number, within=seen_by(request))
    looked(subject=f"case:file {number}", what="downloaded", by=actor(request), at=now(), details={"sha256": sha256})
    with kept_files.opened(sha256, file_name=name) as path:
        data = BytesIO(path.read_bytes())
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/octet-stream")
