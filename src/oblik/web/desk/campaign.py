"""The campaign's numbers, each of which opens to its rows, and the discrepancies."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from oblik.accounts.queries import Scope, may
from oblik.base.errors import NotFound, OblikError, msg
from oblik.intake import queries as intake
from oblik.inventory import queries as inventory
from oblik.inventory.logic.discrepancies import DISCREPANCY_KINDS, Discrepancy, Said
from oblik.inventory.logic.figures import OwnerFigures, TotalFigures
from oblik.registry import queries as registry
from oblik.web.desk.access import page, seen_by, sentence
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
    """The figures of one owner as cells of the table."""

    code: str
    name: str
    received: int
    cells: list[Figure]
    beside: list[Figure]
    closes: bool


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
    return render(request, "desk/campaigns.html", {"campaigns": inventory.campaigns(within=seen_by(request))})


@page()
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of a campaign per owner and in all; those of the own lists for a clerk."""
    within = seen_by(request)
    found = inventory.campaign_figures(code, within=within)
    lines = [_line(owner, found.names) for owner in found.owners]
    context = {
        "campaign": found.campaign,
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
    }
    return render(request, "desk/campaign.html", context)


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


def _sums(rows: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _values(figures: list[Figure]) -> list[int]:
    return [figure.value for figure in figures]


def _line(owner: OwnerFigures, names: Mapping[str, str]) -> Line:
    name = names.get(owner.owner, owner.owner)
    cells = _figures(camera=owner.cameras, duplicate=owner.duplicates, broken=owner.broken, waiting=owner.waiting)
    beside = _figures(not_a_camera=owner.not_cameras, replaced=owner.replaced)
    return Line(owner.owner, name, owner.received, cells, beside, owner.difference == 0)


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


def _owner_asked(request: HttpRequest) -> str:
    """The owner whose rows are wanted, "" for all that the person sees. Another's owner is answered like no owner."""
    owner = request.GET.get("owner", "")
    if owner and owner not in registry.owner_names(within=seen_by(request)):
        raise NotFound(msg("There is no owner with the code “{value}” whose lists you see."), value=owner)
    return owner


@page()
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind one number, with what each counts as and the camera it stands for."""
    within = seen_by(request)
    owner, category = _owner_asked(request), request.GET.get("category", "")
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
    proposals = intake.proposals(code, within=within) if category == "waiting" else {}
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


@dataclass(slots=True)
class ToldDiscrepancy:
    """A discrepancy and all whom it concerns."""

    part: Discrepancy
    owners: list[str]
    values: list[Said]


def _each_once(found: Iterable[Discrepancy]) -> list[ToldDiscrepancy]:
    """Each camera and field once, as the act counts them: sources that differ concern all who list the camera."""
    told: dict[tuple[str, str, str], ToldDiscrepancy] = {}
    for part in found:
        one = told.setdefault((part.kind, part.camera, part.field), ToldDiscrepancy(part, [], []))
        one.owners.append(part.owner)
        one.values += [said for said in part.values if said not in one.values]
    return list(told.values())


@page()
def discrepancies(request: HttpRequest, code: str) -> HttpResponse:
    """Where the lists disagree, by kind; with `summary` only the counts, for the campaign's page."""
    within = seen_by(request)
    owner, kind = _owner_asked(request), request.GET.get("kind", "")
    found = _each_once(inventory.discrepancies(code, owner=owner, within=within))
    counts = [
        (name, labels.DISCREPANCIES[name], sum(one.part.kind == name for one in found)) for name in DISCREPANCY_KINDS
    ]
    context = {
        "campaign": inventory.campaign(code, within=within),
        "counts": counts,
        "kind": kind,
        "meaning": labels.DISCREPANCY_MEANINGS.get(kind, ""),
    }
    if "summary" in request.GET:
        return render(request, "desk/discrepancies_summary.html", context)
    shown = [one for one in found if not kind or one.part.kind == kind]
    context |= {"found": _page_of(shown, number=page_number(request)), "names": registry.owner_names(within=within)}
    return render(request, "desk/discrepancies.html", context)


@dataclass(frozen=True, slots=True)
class DiscrepancyPage:
    """One page of discrepancies; number and pages are 1-based."""

    lines: list[ToldDiscrepancy]
    total: int
    number: int
    pages: int


def _page_of(found: list[ToldDiscrepancy], *, number: int) -> DiscrepancyPage:
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(number, pages)
    return DiscrepancyPage(found[(number - 1) * PER_PAGE : number * PER_PAGE], len(found), number, pages)
