"""What the cameras see: the sums, the map's layers, blind spots and who sees a place."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, InvalidInput, NotFound, msg
from oblik.city.queries import city_version, credit_due
from oblik.coverage import queries, sums, surveying
from oblik.coverage.documents.maps import BAND_COLOURS, SURE_COLOURS, TIMES_COLOURS
from oblik.coverage.documents.report import cell, summary
from oblik.coverage.documents.tables import PAPER_BANDS, Column, Owners, Sheet, csv_of, sheets
from oblik.coverage.documents.words import BANDS as BAND_WORDS
from oblik.coverage.logic.surface import BANDS
from oblik.coverage.logic.weights import MOST_BYTES
from oblik.registry import queries as registry
from oblik.registry.logic.wanted import Wanted
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.basemap import base_map_version
from oblik.web.desk.map import map_words
from oblik.web.desk.tiles import snapshot

_FIRST_ROWS: Final = 8  # of a table on the page; its own page holds them all
PER_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    address: str = ""
    number: bool = False


@page()
def overview(request: HttpRequest) -> HttpResponse:
    """The map with its layers and the first rows of each table."""
    within = seen_by(request)
    found = sums.survey(within=within)
    owners = _owners(request)
    context: dict[str, Any] = {
        "survey": found, "fresh": queries.freshness() if within.all else None, "may_upload": _may_upload(request),
        **_map(request),
    }  # fmt: skip
    if found is not None:
        context["lines"] = summary(found.totals, owners=owners)
        context["tables"] = [
            _drawn(sheet, most=_FIRST_ROWS) for sheet in sheets(found.totals, owners=owners, bands=PAPER_BANDS)
        ]
        context["incidents"] = found.totals.incidents
    return render(request, "desk/coverage.html", context)


def _map(request: HttpRequest) -> dict[str, Any]:
    current = snapshot()
    bounds = current.index.bounds_of(current.shown(Wanted(), within=seen_by(request)))
    return {
        "tiles": _template("map-tile"), "ground": _template("map-ground") if city_version() else "",
        "coverage_tiles": _template("coverage-tile"), "base": reverse("map-base") if base_map_version() else "",
        "credit": _("© OpenStreetMap contributors") if credit_due() else "",
        "bounds": ",".join(str(degrees) for degrees in bounds) if bounds else "",
        "words": json.dumps(map_words(), ensure_ascii=False),
        "colours": json.dumps([BAND_COLOURS, SURE_COLOURS, TIMES_COLOURS]),
        "bands": [str(BAND_WORDS[band]) for band in BANDS],
    }  # fmt: skip


def _template(view: str) -> str:
    return reverse(view, args=(0, 0, 0)).replace("/0/0/0", "/{z}/{x}/{y}")


def _owners(request: HttpRequest) -> Owners:
    within = seen_by(request)
    return Owners(registry.owner_names(within=within), registry.owner_kinds(within=within))


def _drawn(sheet: Sheet, *, first: int = 0, most: int) -> dict[str, Any]:
    """A table as the page shows it: surely and possibly of one band in one column, rows that lead on."""
    paired = [column.key.endswith("_possible") for column in sheet.columns]
    heads = [
        (str(BAND_WORDS.get(column.key.removesuffix("_sure"), column.title)), column.format != "text")
        for column, second in zip(sheet.columns, paired, strict=True)
        if not second
    ]
    rows = [_cells(sheet, row, paired) for row in sheet.rows[first : first + most]]
    return {"name": sheet.name, "title": sheet.title, "note": sheet.note, "heads": heads, "rows": rows,
            "total": len(sheet.rows), "more": len(sheet.rows) > first + most}  # fmt: skip


def _cells(sheet: Sheet, row: list[Any], paired: list[bool]) -> list[_Cell]:
    answer: list[_Cell] = []
    for value, column, second in zip(row, sheet.columns, paired, strict=True):
        text = cell(value, column.format)
        if second:
            answer[-1] = _Cell(f"{answer[-1].text} – {text}", number=True)
        else:
            answer.append(_Cell(text, _address(sheet, row, column), column.format != "text"))
    return answer


def _address(sheet: Sheet, row: list[Any], column: Column) -> str:
    """Where a cell leads: a camera to its card, a spot to its place on the map."""
    if column.key == "camera" and value_of(sheet, row, "camera"):
        return reverse("camera", args=(value_of(sheet, row, "camera"),))
    if sheet.name == "blind-spots" and column.key == "kinds":
        return f"{reverse('coverage')}?layer=blind#at=18/{value_of(sheet, row, 'lat')}/{value_of(sheet, row, 'lon')}"
    return ""


def value_of(sheet: Sheet, row: list[Any], key: str) -> Any:
    """The value of a row in the column of this key."""
    return row[[column.key for column in sheet.columns].index(key)]


def _sheet(request: HttpRequest, name: str) -> Sheet:
    found = sums.survey(within=seen_by(request))
    told = sheets(found.totals, owners=_owners(request)) if found is not None else []
    for sheet in told:
        if sheet.name == name:
            return sheet
    raise NotFound(msg("There is no table “{value}” of what is seen."), value=name)


@page()
def table(request: HttpRequest, name: str) -> HttpResponse:
    """One table whole, page by page."""
    sheet = _sheet(request, name)
    pages = max((len(sheet.rows) + PER_PAGE - 1) // PER_PAGE, 1)
    asked = request.GET.get("page", "1")
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 8 else 1, 1), pages)
    drawn = _drawn(sheet, first=(number - 1) * PER_PAGE, most=PER_PAGE)
    return render(
        request, "desk/coverage_table.html",
        {"table": drawn, "number": number, "pages": pages, "before": number - 1, "after": number + 1},
    )  # fmt: skip


@page("export")
def table_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One table as CSV."""
    sheet = _sheet(request, name)
    headers = {"Content-Disposition": f'attachment; filename="{sheet.name}.csv"'}
    return HttpResponse(csv_of(sheet), content_type="text/csv; charset=utf-8", headers=headers)


@page()
def place(request: HttpRequest) -> HttpResponse:
    """Who sees a place (lon, lat), and why others near it do not: for the panel beside the map."""
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError as wrong:
        raise InvalidInput(
            msg("The place “{value}” is not two numbers; open it by a click on the map."),
            value=f"{request.GET.get('lon', '')} {request.GET.get('lat', '')}",
        ) from wrong  # fmt: skip
    within = seen_by(request)
    return render(
        request, "desk/coverage_place.html",
        {"seen": queries.cameras_seeing((lon, lat), within=within),
         "missed": queries.near_misses(lon, lat, within=within)[:8]},
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------- incidents


def _may_upload(request: HttpRequest) -> bool:
    """Incidents weigh for the whole city: they are for those who arrange the whole register."""
    return scope_of(request.user, "edit").all


@require_POST
@page("edit")
def incidents(request: HttpRequest) -> HttpResponse:
    """Takes in a table of places where things happened, or drops the one there is."""
    if not _may_upload(request):
        raise Forbidden(msg("Incidents count for the whole city; whoever edits the whole register uploads them."))
    by = Actor("person", request.user.get_username())
    if "drop" in request.POST:
        surveying.drop_incidents(by=by, at=now())
        messages.success(request, _("Incidents no longer count."))
        return redirect("coverage")
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidInput(msg("No file was chosen; choose a CSV with the columns lon, lat and weight."))
    if (file.size or 0) > MOST_BYTES:
        raise InvalidInput(msg("The table is larger than 8 MB; divide it."))
    count = surveying.load_incidents(file.read(), name=file.name or "", by=by, at=now())
    messages.success(request, _("{count} incidents count among the blind spots now.").format(count=count))
    return redirect(f"{reverse('coverage')}?layer=blind")
