"""The table of cameras, and one camera with all its sources side by side."""

from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from oblik.accounts.queries import may, scope_of
from oblik.base.errors import InvalidInput, msg
from oblik.intake import queries as intake
from oblik.registry import queries as registry
from oblik.registry import searching
from oblik.registry.logic.fields import FIELDS
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.comparison import UNSEEN, compare
from oblik.web.desk.filters import Filters, choices, page_number
from oblik.web.ui.limits import limited

PER_PAGE = 50


@page()
@limited("search")
def table(request: HttpRequest) -> HttpResponse:
    """One page of cameras; the address reproduces the view."""
    asked = Filters.read(request.GET)
    sort = request.GET.get("sort", "code")
    sort = sort if sort in registry.SORTS else "code"
    within = seen_by(request)
    found = searching.found_cameras(
        asked.wanted(within=within), page=page_number(request), per_page=PER_PAGE, sort=sort, within=within
    )
    context = {"asked": asked, "found": found, "sort": sort, "may_export": may(request.user, "export")}
    fragment = request.headers.get("HX-Request") == "true"
    if not fragment:
        context["choices"] = choices(request)
    response = render(request, "desk/cameras_found.html" if fragment else "desk/cameras.html", context)
    if fragment:
        # The form sends its empty fields too; the address that people copy should not carry them.
        address = asked.address
        extra = "" if sort == "code" else f"sort={sort}"
        query = "&".join(part for part in (address, extra) if part)
        response["HX-Push-Url"] = reverse("cameras") + (f"?{query}" if query else "")
    return response


def _card(request: HttpRequest, code: str) -> registry.CameraCard:
    """The camera as of the day asked, if the person may see it at all."""
    return registry.camera_card(code, as_of=_day(request.GET.get("as_of", "")), within=seen_by(request))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(msg("“{value}” is not a day; write it as 2026-05-31."), value=text) from wrong


@page()
def camera(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that is known of one camera: what won, why, what the others said, and what it was before."""
    card = _card(request, code)
    comparison = compare(card)
    within = seen_by(request)
    history = registry.camera_history(card.line.code, within=within) if card.whole else []
    context = {
        "card": card,
        "comparison": comparison,
        "history": [_without_unseen(version) for version in history],
        "owners": registry.owner_names(within=within),
        "names": intake.sources_named([source.source_ref for source in comparison.sources]),
        "may_see_secrets": _may_see_secrets(request, card.line.code),
    }
    return render(request, "desk/camera.html", context)


def _may_see_secrets(request: HttpRequest, code: str) -> bool:
    return code in registry.codes_within([code], within=scope_of(request.user, "see_secrets"))


def _without_unseen(version: registry.VersionLine) -> registry.VersionLine:
    return replace(version, changed={name: pair for name, pair in version.changed.items() if name not in UNSEEN})


@page()
def camera_panel(request: HttpRequest, code: str) -> HttpResponse:
    """The camera in short, for the panel beside the map."""
    card = _card(request, code)
    names = ("name", "address", "bearing_deg", "height_m", "vendor", "model", "place_origin")
    values = [(name, card.line.values[name]) for name in names if name in FIELDS and card.line.values.get(name)]
    return render(request, "desk/camera_panel.html", {"card": card, "values": values})
