"""The table of cameras: filtered, sorted, paged."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from oblik.accounts.queries import may
from oblik.inventory.documents.labels import MOST_LABELS
from oblik.registry import queries as registry
from oblik.registry import searching
from oblik.web.desk.access import actor, page, seen_by
from oblik.web.desk.filters import Filters, choices, page_number
from oblik.web.ui.limits import limited
from oblik.web.ui.readings import cameras_given

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
    if found.number > 1:  # a search looks at the first page; who turns on and on takes the register with them
        cameras_given(len(found.lines), to=request.user.get_username(), by=actor(request))
    context = {"asked": asked, "found": found, "sort": sort, "may_export": may(request.user, "export")}
    context |= {"may_edit": may(request.user, "edit"), "most_labels": MOST_LABELS}
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
