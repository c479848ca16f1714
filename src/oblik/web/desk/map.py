"""The map of all cameras, what stands at one place of it, and the list of what it shows."""

import json
from dataclasses import replace
from typing import Final

import numpy as np
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from oblik.accounts.queries import may
from oblik.base.errors import InvalidInput, msg
from oblik.city.queries import city_version, credit_due
from oblik.registry import queries as registry
from oblik.registry import searching
from oblik.registry.logic.map_index import Flags, MapIndex
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.basemap import base_map_version
from oblik.web.desk.filters import Filters, choices
from oblik.web.desk.tiles import snapshot
from oblik.web.ui.middleware import policy

_MARGIN_DEG: Final = 3e-5  # some three metres: cameras on one pole, seldom placed to the centimetre
_LISTED: Final = 100


@page()
def map_page(request: HttpRequest) -> HttpResponse:
    """The map with its filters; fitted to what they keep."""
    asked, within = Filters.read(request.GET), seen_by(request)
    current = snapshot()
    shown = current.shown(asked.wanted(within=within), within=within)
    bounds = current.index.bounds_of(shown)
    tiles = _template("map-tile")
    base = reverse("map-base") if base_map_version() else ""
    style = "" if base else settings.OBLIK_MAP_STYLE
    without_area = replace(asked, area="")
    response = render(
        request,
        "desk/map.html",
        {
            "asked": asked,
            "without_area": without_area.address,
            "filtered": bool(without_area.asked),
            "choices": choices(request),
            "tiles": f"{tiles}?{asked.address}" if asked.asked else tiles,
            "ground": _template("map-ground") if city_version() and not style else "",
            "base": base,
            "style": style,
            "credit": _("© OpenStreetMap contributors") if credit_due() else "",
            "bounds": ",".join(str(degrees) for degrees in bounds) if bounds else "",
            "drawn": len(current.index) if shown is None else int(shown.sum()),
            "words": json.dumps(map_words(), ensure_ascii=False),
        },
    )
    if style:
        response["Content-Security-Policy"] = policy(maps_from=style)
    return response


def _template(view: str) -> str:
    """The address of a view's tiles with the places where the map writes their numbers."""
    return reverse(view, args=(0, 0, 0)).replace("/0/0/0", "/{z}/{x}/{y}")


def map_words() -> dict[str, str]:
    """What the map's own buttons are called."""
    return {
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "Map.Title": _("Map of cameras"),
        "ScaleControl.Meters": _("m"),
        "ScaleControl.Kilometers": _("km"),
    }


@page()
def place(request: HttpRequest) -> HttpResponse:
    """The cameras inside `bounds` (west,south,east,north), for the panel beside the map."""
    west, south, east, north = _bounds(request.GET.get("bounds", ""))
    asked, within = Filters.read(request.GET), seen_by(request)
    current = snapshot()
    index = current.index
    inside = _inside(index, west - _MARGIN_DEG, south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG)
    shown = current.shown(asked.wanted(within=within), within=within)
    hits = np.flatnonzero(inside if shown is None else inside & shown)
    points = index.points
    lines = [
        {
            "code": points.code[at],
            "owner": points.owner[at],
            "kind": points.kind[at],
            "state": points.state[at],
            "bearing_deg": None if np.isnan(points.bearing_deg[at]) else float(points.bearing_deg[at]),
        }
        for at in hits[:_LISTED]
    ]
    names = registry.owner_names(within=within)
    return render(request, "desk/map_place.html", {"lines": lines, "total": len(hits), "names": names})


@page()
def listed(request: HttpRequest) -> HttpResponse:
    """What the filters keep, most of all those inside a drawn area: for the panel, with what may be done with it."""
    asked, within = Filters.read(request.GET), seen_by(request)
    found = searching.found_cameras(asked.wanted(within=within), per_page=_LISTED, within=within)
    context = {"asked": asked, "found": found, "may_export": may(request.user, "export")}
    return render(request, "desk/map_list.html", context)


def _bounds(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as wrong:
        raise InvalidInput(
            msg("The place “{value}” is not four numbers; open it by a click on the map."), value=text
        ) from wrong
    return west, south, east, north


def _inside(index: MapIndex, west: float, south: float, east: float, north: float) -> Flags:
    lon, lat = index.points.lon_deg, index.points.lat_deg
    inside: Flags = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside
