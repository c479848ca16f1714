"""A campaign at a glance: who is awaited, how far the count is, numbers each of which opens to its rows."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from oblik.accounts.queries import Scope, may
from oblik.base.clock import now
from oblik.base.errors import OblikError
from oblik.intake import queries as intake
from oblik.inventory import awaited as waiting
from oblik.inventory import prepared, rounds
from oblik.inventory import queries as inventory
from oblik.inventory.awaited import AwaitedOwner
from oblik.inventory.logic.campaigns import Campaign
from oblik.inventory.logic.figures import OwnerFigures, TotalFigures
from oblik.registry import queries as registry
from oblik.web.desk.access import page, reaches_all, seen_by, sentence
from oblik.web.desk.discrepancies import owner_asked
from oblik.web.desk.filters import page_number
from oblik.web.desk.reasons import reasons_of_rows, sayings_of_rows
from oblik.web.ui import labels

PER_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and the category of rows that it opens to; "" is all rows of the sum."""

    category: str
    label: labels.Label
    value: int


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one owner as cells of the table; awaited: whether the list is there, None where nobody asked and
    nothing came."""

    code: str
    name: str
    received: int
    cells: list[Figure]
    beside: list[Figure]
    closes: bool
    awaited: AwaitedOwner | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a count: how far it is, in words, and where to look. state: done, now or later."""

    label: str
    said: str
    address: str
    state: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list as handed in. failure: why it could not be read; vanished: rows of the older list that it lacks."""

    file: str
    owner: str
    records: int
    received_at: datetime
    replaced: bool
    failure: str
    vanished: int


@page()
def newest(request: HttpRequest) -> HttpResponseBase:
    """The campaign opened last; the list where there is none."""
    found = inventory.campaigns(within=seen_by(request))
    return redirect("campaign", code=found[0].code) if found else every(request)


@page()
def every(request: HttpRequest) -> HttpResponse:
    """All campaigns, the newest first; the only one is opened at once."""
    found = inventory.campaigns(within=seen_by(request))
    return render(request, "desk/campaigns.html", {"campaigns": found, "opens": may(request.user, "edit")})


@page()
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of a campaign per owner and in all; those of the own lists for a clerk."""
    within, at = seen_by(request), now()
    found = inventory.campaign_figures(code, within=within)
    awaited = waiting.awaited(code, lists=found.lists, at=at, within=within)
    lines = _lines(found.owners, awaited=awaited, names=found.names)
    edits = reaches_all(request, "edit", campaign=code)
    context = {
        "campaign": found.campaign,
        "frozen": prepared.frozen(code) if found.campaign.state == "frozen" else None,
        "lines": lines,
        "columns": [labels.CATEGORIES[name] for name in ("camera", "duplicate", "broken", "waiting")],
        "beside": [labels.CATEGORIES[name] for name in ("not_a_camera", "replaced")],
        "sums": [
            sum(column) for column in zip(*([line.received, *_values(line.cells)] for line in lines), strict=True)
        ],
        "sums_beside": [sum(column) for column in zip(*(_values(line.beside) for line in lines), strict=True)],
        "total": _total(found.total) if found.total else None,
        "lists": _lists(code, within=within),
        "names": found.names,
        "several": len(inventory.campaigns(within=within)) > 1,
        "asked": [one for one in awaited if one.due_on is not None],
        "late": [one.owner for one in awaited if one.arrival == "late"],
        "time": _time(found.campaign, today=at.astimezone(get_default_timezone()).date()),
        "steps": _steps(found, awaited=awaited, edits=edits) if found.total else [],
        "edits": edits,
    }
    return render(request, "desk/campaign.html", context)


def _lines(owners: Iterable[OwnerFigures], *, awaited: Iterable[AwaitedOwner], names: Mapping[str, str]) -> list[Line]:
    """A line per owner who handed in or is awaited: what is late first, then by code."""
    asked = {one.owner: one for one in awaited}
    figures = {one.owner: one for one in owners}
    order = sorted({*asked, *figures}, key=lambda code: (code not in asked or asked[code].arrival != "late", code))
    return [_line(figures.get(code, OwnerFigures(code)), names, awaited=asked.get(code)) for code in order]


def _time(campaign: Campaign, *, today: date) -> dict[str, int]:
    """Days of the campaign: how many there are, how many have passed, how many are left (negative: over)."""
    days = (campaign.until - campaign.since).days + 1
    passed = min(max((today - campaign.since).days, 0), days)
    return {
        "days": days, "passed": passed, "left": (campaign.until - today).days + 1,
        "over": max(0, (today - campaign.until).days), "until_start": max(0, (campaign.since - today).days),
    }  # fmt: skip


def _steps(found: inventory.CampaignFigures, *, awaited: list[AwaitedOwner], edits: bool) -> list[Step]:
    """The way from the lists to the frozen act, each step with its number."""
    code, total = found.campaign.code, found.total
    assert total is not None
    asked = [one for one in awaited if one.due_on is not None]
    is_in = sum(one.is_in for one in asked)
    handed = _("%(n)s of %(all)s owners") % {"n": is_in, "all": len(asked)} if asked else _("nobody is asked yet")
    act = prepared.act_state(code)
    prepared_said = {"none": _("not prepared yet"), "stale": _("older than the data"), "ready": _("prepared")}[act]
    checked = rounds.checks_done(code)
    seats = inventory.seats(code)
    signed = sum(seat.signed_on is not None for seat in seats)
    rows = reverse("campaign-rows", args=(code,))
    here = reverse("documents-of", args=(code,))
    frozen = found.campaign.state == "frozen"
    told = [
        (_("Lists handed in"), handed, reverse("campaign-owners", args=(code,)), bool(asked) and is_in == len(asked)),
        (
            _("Waiting for review"), str(total.waiting), f"{rows}?in_all=1&category=waiting",
            total.received > 0 and not total.waiting,
        ),
        (_("Checked on site"), str(checked), reverse("rounds" if edits else "cameras"), checked > 0),
        (_("Documents"), prepared_said, here, act == "ready"),
        (
            _("Signed by"), _("%(n)s of %(all)s") % {"n": signed, "all": len(seats)}, f"{here}#commission",
            bool(seats) and signed == len(seats),
        ),
        (_("Frozen"), _("yes") if frozen else _("no"), f"{here}#freeze", frozen),
    ]  # fmt: skip
    return [Step(label, said, address, "done" if done else "later") for label, said, address, done in told]


def _lists(code: str, *, within: Scope) -> list[ListLine]:
    return [
        ListLine(
            file=given.file_name,
            owner=given.owner,
            records=sum(given.verdicts.values()),
            received_at=given.received_at,
            replaced=given.replaced_by is not None,
            failure=_failure(given.failure) if given.state == "failed" else "",
            vanished=given.vanished,
        )
        for given in intake.submissions(campaign=code, within=within)
    ]


def _failure(failure: Mapping[str, object]) -> str:
    """Why a list could not be read, in the language of the page."""
    params = failure.get("params")
    wrong = OblikError(str(failure.get("template", "")), **(params if isinstance(params, dict) else {}))
    return sentence(wrong) if wrong.template else str(failure.get("code", "?"))


def _values(figures: list[Figure]) -> list[int]:
    return [figure.value for figure in figures]


def _line(owner: OwnerFigures, names: Mapping[str, str], *, awaited: AwaitedOwner | None) -> Line:
    name = names.get(owner.owner, owner.owner)
    cells = _figures(camera=owner.cameras, duplicate=owner.duplicates, broken=owner.broken, waiting=owner.waiting)
    beside = _figures(not_a_camera=owner.not_cameras, replaced=owner.replaced)
    return Line(owner.owner, name, owner.received, cells, beside, owner.difference == 0, awaited)


def _figures(**values: int) -> list[Figure]:
    return [Figure(category, labels.CATEGORIES[category], value) for category, value in values.items()]


def _total(total: TotalFigures) -> dict[str, object]:
    """All owners together, where a camera in two owners' lists counts once and then as a repeat."""
    return {
        "rows": total.rows,
        "received": total.received,
        "figures": _figures(
            camera=total.cameras,
            duplicate=total.duplicates_inside,
            repeat=total.repeats_between,
            broken=total.broken,
            waiting=total.waiting,
        ),
        "beside": _figures(not_a_camera=total.not_cameras, replaced=total.replaced),
        "closes": total.difference == 0,
        "cameras": total.cameras,
        "repeats": total.repeats_between,
    }


@page()
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind one number, with what each counts as and the camera it stands for."""
    within = seen_by(request)
    owner, category = owner_asked(request), request.GET.get("category", "")
    found = inventory.rows_of(
        code,
        owner=owner,
        category=category,
        page=page_number(request),
        per_page=PER_PAGE,
        in_all=request.GET.get("in_all") == "1",
        within=within,
    )
    names = registry.owner_names(within=within)
    asked = [line.record for line in found.lines if line.record is not None]
    proposals = intake.proposals(code, records=asked, within=within) if category == "waiting" else {}
    context = {
        "campaign": inventory.campaign(code, within=within),
        "found": found,
        "names": names,
        "owner": names.get(owner, owner),
        "category": category,
        "sheets": any(line.sheet for line in found.lines),
        "reasons": reasons_of_rows(found.lines, within=within) if category == "broken" else {},
        "sayings": sayings_of_rows(found.lines, within=within) if category == "waiting" else {},
        "proposals": proposals,
        "command": _command(found.lines, proposals) if proposals and may(request.user, "judge") else "",
        "title": labels.CATEGORIES[category] if category else _("All rows of the sum"),
    }
    return render(request, "desk/campaign_rows.html", context)


def _command(lines: list[inventory.RowLine], proposals: Mapping[int, list[intake.Proposal]]) -> str:
    """The judgement of the first row as an example to copy."""
    first = next((line for line in lines if line.record is not None), None)
    if first is None:
        return ""
    ref = ":".join(filter(None, (str(first.submission), first.sheet, str(first.row))))
    if first.part > 1:
        ref += f".{first.part}"
    proposed = proposals.get(first.record or 0)
    camera = proposed[0].camera if proposed else "CAMERA"
    return f'oblik match judge {shlex.quote(ref)} {camera} same --why "…"'
