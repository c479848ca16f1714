"""The cameras that filters keep, as a file to take home; who took what is kept in the journal."""

import tempfile
from pathlib import Path
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import InvalidInput, msg
from oblik.journal.actions import looked
from oblik.registry import exporting, searching
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.filters import Filters
from oblik.web.ui.limits import limited

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
MOST: Final = 20_000  # written within a few seconds; what is more goes by the command line


@page("export")
@limited("export")
def export(request: HttpRequest) -> HttpResponseBase:
    """The file in the format asked for."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    form, asked = request.POST.get("format", ""), Filters.read(request.POST)
    if form not in FORMATS:
        raise InvalidInput(
            msg("“{value}” is not an export format; choose one of {choices}."), value=form, choices=", ".join(FORMATS)
        )
    within = seen_by(request).within(scope_of(request.user, "export"))
    wanted = asked.wanted(within=within)
    count = searching.count_cameras(wanted, within=within)
    if count > MOST:
        raise InvalidInput(
            msg("{count} cameras are too many for one file of the page, which holds {most}; choose fewer by the "
                "filters, or use `oblik camera export`."), count=count, most=MOST,
        )  # fmt: skip
    looked(
        subject="camera:all", what="exported", by=Actor("person", request.user.get_username()), at=now(),
        details={"format": form, "cameras": count, **asked.asked},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"cameras.{form}"
        exporting.export_wanted(path, wanted, format=form, within=within)
        content = path.open("rb")  # the open file outlives its name
    return FileResponse(content, as_attachment=True, filename=path.name, content_type=FORMATS[form])
