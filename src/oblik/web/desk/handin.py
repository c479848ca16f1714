"""Handing in a list: a file is laid on the desk, what is understood of it is shown and corrected, then it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from oblik.accounts.queries import Scope, may, scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, InvalidInput, OblikError, msg
from oblik.db import kept_files
from oblik.intake import laid, queries, reported, running
from oblik.intake.actions import uploads
from oblik.intake.jobs import start_job
from oblik.intake.logic.samples import SheetSeen, rows_to_show
from oblik.inventory import queries as inventory
from oblik.registry import queries as registry
from oblik.web.desk.access import page, seen_by, sentence
from oblik.web.ui import columns
from oblik.web.ui.limits import limited

TOP: Final = 12  # rows of the preview from the top of the sheet
BOTTOM: Final = 4  # and from its end, where sums stand
_HEADER_ROWS: Final = 15  # rows that can be chosen as the one with the names
_LONGEST_NAME_BYTES: Final = 200  # file systems keep 255, and a name of ours may grow a little
_LONGEST_SUFFIX: Final = 10


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list of the campaign with what became of it."""

    line: queries.SubmissionLine
    records: int
    job: running.JobLine | None


@page()
def newest(request: HttpRequest) -> HttpResponseBase:
    """The lists of the campaign that is open; of the newest where none is."""
    found = inventory.campaigns(within=seen_by(request))
    if not found:
        return render(request, "desk/lists.html", {"campaign": None})
    open_one = next((one for one in found if one.state == "open"), found[0])
    return redirect("lists", code=open_one.code)


@page()
def lists(request: HttpRequest, code: str) -> HttpResponseBase:
    """All lists of a campaign with their states, and the place where a new one is laid."""
    if request.method == "POST":
        return _match(request, code) if request.POST.get("do") == "match" else limited("upload")(_lay)(request, code)
    return _listed(request, code)


def _listed(request: HttpRequest, code: str, *, trouble: str = "", status: int = 200) -> HttpResponse:
    within, mine = seen_by(request), scope_of(request.user, "hand_in")
    campaign = inventory.campaign(code, within=within)
    names = registry.owner_names(within=within)
    owners = _owners(mine, campaign=code, names=names)
    reading = {job.args.get("submission"): job for job in running.jobs(campaign=code, open_only=True, within=within)}
    found = [
        ListLine(line, sum(line.verdicts.values()), reading.get(line.id))
        for line in reversed(queries.submissions(campaign=code, within=within))
    ]
    matches = scope_of(request.user, "judge").covers_list(owner=None, campaign=code)
    context = {
        "may_match": matches and campaign.state == "open" and any(one.line.state == "read" for one in found),
        "run": reported.newest_run(code) if matches else None,
        "run_job": next(iter(running.jobs(campaign=code, kind="match", limit=1, within=within)), None)
        if matches
        else None,
        "campaign": campaign,
        "campaigns": inventory.campaigns(within=within),
        "names": names,
        "owners": sorted(owners.items(), key=lambda one: one[1]),
        "owner": request.POST.get("owner", "") or request.GET.get("owner", ""),
        "may_lay": bool(owners) and campaign.state == "open",
        "uploads": laid.uploads(campaign=code, within=mine),
        "found": found,
        "trouble": trouble,
        "most_mb": settings.OBLIK_MAX_FILE_MB,
    }
    return render(request, "desk/lists.html", context, status=status)


def _match(request: HttpRequest, code: str) -> HttpResponseBase:
    """Asks for a matching run; it concerns the lists of all."""
    if not scope_of(request.user, "judge").covers_list(owner=None, campaign=code):
        raise Forbidden(msg("Matching concerns the lists of all owners; ask somebody who may judge all of them."))
    inventory.require_open(code, within=seen_by(request))
    start_job("match", campaign=code, by=actor(request), at=now())
    return redirect(f"{reverse('lists', args=[code])}#matching")


def _owners(mine: Scope, *, campaign: str, names: dict[str, str]) -> dict[str, str]:
    return {code: name for code, name in names.items() if mine.covers_list(owner=code, campaign=campaign)}


def _lay(request: HttpRequest, code: str) -> HttpResponseBase:
    """A file arrives. A script that shows how far it is gets the address to go to, or the sentence, as JSON."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        number = _laid(request, code)
    except OblikError as wrong:
        if isinstance(wrong, Forbidden):
            raise
        if wants_json:
            return JsonResponse({"trouble": sentence(wrong)}, status=400)
        return _listed(request, code, trouble=sentence(wrong), status=400)
    address = reverse("list-upload", args=[number])
    return JsonResponse({"address": address}) if wants_json else redirect(address)


def _laid(request: HttpRequest, code: str) -> int:
    owner = request.POST.get("owner", "")
    require_list(request, owner=owner, campaign=code)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.name:
        raise InvalidInput(msg("Choose a file first."), code="no_file")
    if (file.size or 0) > settings.OBLIK_MAX_FILE_MB * 1_000_000:
        raise InvalidInput(
            msg("The file is larger than {most} MB; hand it in in parts."), code="too_large",
            most=settings.OBLIK_MAX_FILE_MB,
        )  # fmt: skip
    by, at = actor(request), now()
    with kept_files.private_folder(file.size or 0) as folder:
        path = folder / file_name(file.name)
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        number = uploads.lay(path, owner=owner, campaign=code, by=by, at=at)
    start_job("look", campaign=code, owner=owner, args={"upload": number}, by=by, at=at)
    return number


def require_list(request: HttpRequest, *, owner: str, campaign: str) -> None:
    """Nothing where the person may hand in this owner's list in this campaign, and it is open; an error otherwise."""
    mine = scope_of(request.user, "hand_in")
    if not may(request.user, "hand_in"):
        raise Forbidden(msg("Your role does not hand in lists. Ask an administrator for one that does."))
    if owner not in registry.owner_names(within=mine) or not mine.covers_list(owner=owner, campaign=campaign):
        raise InvalidInput(msg("Choose whose list it is; you may hand in those that are offered."), code="no_owner")
    inventory.require_open(campaign, within=mine)


def actor(request: HttpRequest) -> Actor:
    """The person, as the journal names them."""
    return Actor("person", request.user.get_username())


def file_name(name: str) -> str:
    """The name as a file system takes it: the ending stays, as readers look at it."""
    given = PurePosixPath(name.replace("\\", "/")).name
    given = "".join(sign for sign in given if sign.isprintable()) or "list"
    suffix = PurePosixPath(given).suffix[:_LONGEST_SUFFIX]
    stem = given.removesuffix(suffix) if suffix else given
    room = _LONGEST_NAME_BYTES - len(suffix.encode())
    return (stem.encode()[:room].decode(errors="ignore") or "list") + suffix


@page("hand_in")
def upload(request: HttpRequest, number: int) -> HttpResponseBase:
    """A file on the desk: what is understood of it, to be corrected, read or taken away."""
    within = scope_of(request.user, "hand_in")
    line = laid.upload(number, within=within)
    if line.state == "read" and line.submission is not None:
        return redirect("list", number=line.submission)
    if request.method == "POST":
        step = _STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise InvalidInput(msg("The page asked for something unknown; open it again."))
        require_list(request, owner=line.owner, campaign=line.campaign)
        answer = step(request, line)
        if answer is not None:
            return answer
        if "HX-Request" not in request.headers:
            return redirect("list-upload", number=number)
        line = laid.upload(number, within=within)
    template = "desk/upload_table.html" if "HX-Request" in request.headers else "desk/upload.html"
    return render(request, template, _context(request, line, within=within))


def _context(request: HttpRequest, line: laid.UploadLine, *, within: Scope) -> dict[str, object]:
    sheets = laid.sheets_of(line.id, within=within) if line.state == "looked" else None
    jobs = running.jobs(campaign=line.campaign, kind="look", owner=line.owner, limit=50, within=within)
    job = next((one for one in jobs if one.args.get("upload") == line.id), None)
    wanted = [one for one in sheets or [] if (one.name == line.sheet if line.sheet else not one.hidden)]
    shown = _shown(wanted, asked=request.GET.get("sheet", ""))
    top, bottom = rows_to_show(shown, top=TOP, bottom=BOTTOM) if shown else ([], [])
    return {
        "line": line,
        "campaign": inventory.campaign(line.campaign, within=within),
        "owner_name": registry.owner_names(within=within).get(line.owner, line.owner),
        "job": job if job is not None and line.state == "waiting" else None,
        "looks_again": line.state == "looked" and sheets is None,
        "sheets": sheets or [],
        "wanted": wanted,
        "sheet": shown,
        "columns": [columns.column_head(one) for one in shown.columns] if shown else [],
        "top": top,
        "bottom": bottom,
        "choices": columns.choices(),
        "header_rows": [row.number for row in shown.rows[:_HEADER_ROWS]] if shown else [],
        "doubts": columns.doubts(shown) if shown else [],
        "corrected": bool(line.mapping or line.sheet),
    }


def _shown(wanted: list[SheetSeen], *, asked: str) -> SheetSeen | None:
    """The sheet to show: the one asked for, else that with the most rows."""
    named = next((one for one in wanted if one.name == asked), None)
    return named or max(wanted, key=lambda one: one.total, default=None)


# ---------------------------------------------------------------------------------------------- what can be done to it


def _column(request: HttpRequest, line: laid.UploadLine) -> HttpResponseBase | None:
    column, target = request.POST.get("column", ""), request.POST.get("target", "")
    uploads.correct(line.id, column=column[:300], target=target, by=actor(request), at=now())
    return None


def _header(request: HttpRequest, line: laid.UploadLine) -> HttpResponseBase | None:
    row = request.POST.get("row", "")
    uploads.choose_header(line.id, row=int(row) if row.isdecimal() else None, by=actor(request), at=now())
    return None


def _sheet(request: HttpRequest, line: laid.UploadLine) -> HttpResponseBase | None:
    uploads.choose_sheet(line.id, sheet=request.POST.get("sheet", ""), by=actor(request), at=now())
    return None


def _away(request: HttpRequest, line: laid.UploadLine) -> HttpResponseBase | None:
    uploads.take_away(line.id, by=actor(request), at=now())
    messages.success(request, _("“%(file)s” was taken away; nothing was handed in.") % {"file": line.file_name})
    return redirect("lists", code=line.campaign)


def _again(request: HttpRequest, line: laid.UploadLine) -> HttpResponseBase | None:
    start_job(
        "look", campaign=line.campaign, owner=line.owner, args={"upload": line.id}, by=actor(request), at=now()
    )  # fmt: skip
    return None


def _read(request: HttpRequest, line: laid.UploadLine) -> HttpResponseBase | None:
    number = uploads.hand_in(line.id, by=actor(request), at=now())
    start_reading(number, campaign=line.campaign, owner=line.owner, by=actor(request))
    return redirect("list", number=number)


def start_reading(number: int, *, campaign: str, owner: str, by: Actor) -> None:
    """Has a list read that was received; one that was read already stays as it is."""
    if queries.submission(number).state != "read":
        start_job("read_list", campaign=campaign, owner=owner, args={"submission": number}, by=by, at=now())


_STEPS: Final[dict[str, Callable[[HttpRequest, laid.UploadLine], HttpResponseBase | None]]] = {
    "column": _column, "header": _header, "sheet": _sheet, "away": _away, "again": _again, "read": _read,
}  # fmt: skip
