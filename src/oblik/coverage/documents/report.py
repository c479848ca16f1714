"""The report on coverage as PDF: what is seen, how often, what nobody sees, with maps."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from oblik.city import queries as city
from oblik.coverage.documents import maps, words
from oblik.coverage.documents.tables import PAPER_BANDS, Owners, Sheet, sheets
from oblik.coverage.logic.surface import BANDS
from oblik.coverage.sums import Surveyed, Totals

_TEMPLATES: Final = Path(__file__).parent / "templates"
_MOST_ROWS: Final = 40  # of a table on paper; the workbook holds them all
LANGUAGES: Final = ("uk", "ru", "en")


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside the Typst wheel alone: the same page on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def pdf_of(survey: Surveyed, *, owners: Owners, language: str, issued_on: date) -> bytes:
    """The report in one language; the same survey gives the same bytes."""
    with override(language):
        paper = _paper(survey, owners=owners, language=language, issued_on=issued_on)
    pages = typst.compile(
        _TEMPLATES / "report.typ", root=_TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
        timestamp=datetime.combine(issued_on, time.min, tzinfo=UTC),
    )  # fmt: skip
    if not isinstance(pages, bytes):
        raise TypeError("Typst gave pages apart where one PDF was asked for")
    return pages


def _paper(survey: Surveyed, *, owners: Owners, language: str, issued_on: date) -> dict[str, Any]:
    totals = survey.totals
    found = {sheet.name: sheet for sheet in sheets(totals, owners=owners, bands=PAPER_BANDS)}
    parts = [
        _map(_("What is seen"), _("The best picture of each place: green where it is sure, blue where it is possible."),
             maps.coverage_map(survey.id), _band_legend()),
        *(_table(found[name]) for name in ("districts", "streets", "places", "purposes")),
        _map(_("Where cameras overlap"), _("Places that two cameras and more may see."), maps.overlap_map(survey.id),
             _times_legend()),
        _table(found["times"]), _table(found["overlap"]), _table(found["failures"]),
        _map(_("Blind spots"), _("The larger the disc, the more it matters; what some camera may see is grey."),
             maps.blind_map(survey.id, spots=totals.blind), []),
        _table(found["blind-spots"]),
    ]  # fmt: skip
    return {
        "language": language, "title": _("What the cameras see"),
        "made_line": _("As of {day}").format(day=date_format(survey.made_at, "DATE_FORMAT")),
        "issued_on": [issued_on.year, issued_on.month, issued_on.day],
        "page_of": _("page {page} of {pages}"), "lines": summary(totals, owners=owners), "parts": parts,
        "credit": _("© OpenStreetMap contributors") if city.credit_due() else "",
    }  # fmt: skip


def summary(totals: Totals, *, owners: Owners) -> list[str]:
    """The report in a few sentences, in the active language."""
    ground = max(totals.ground_m2, 1e-9)
    twice = [pair for pair in totals.pairs if owners.is_public(pair.one, pair.other)]
    lines = [
        _("{cameras} cameras in service see between {sure} and {may} of the open ground: surely and possibly.").format(
            cameras=number_format(totals.cameras, force_grouping=True),
            sure=percent(totals.seen_sure_m2 / ground),
            may=percent(totals.seen_may_m2 / ground),
        )
    ]
    if totals.seen_sure_m2 < totals.seen_may_m2 / 4:
        lines.append(
            _("The two lie far apart because much is not known of the cameras. Bearing, height and lens of each, "
              "measured once, make the possible sure.")
        )  # fmt: skip
    if twice:
        lines.append(
            _("Up to {area} hectares are watched by two public owners at once, and paid for twice.").format(
                area=number_format(round(max(pair.may_m2 for pair in twice) / 10_000, 1), 1)
            )
        )
    worst = next((spot for spot in totals.blind if spot.loss > 0), None)
    if worst is not None:
        lines.append(
            _("{count} places that matter have ground around them that no camera can see.").format(
                count=number_format(totals.blind_spots, force_grouping=True)
            )
        )
    return lines


def percent(share: float) -> str:
    """A share of 0 to 1 as the active language writes it; what is there but less than 0.1 % is not nothing."""
    if 0 < share < 0.001:
        return f"<{number_format(0.1, 1)} %"
    return f"{number_format(round(share * 100, 1), 1)} %"


def cell(value: Any, form: str) -> str:
    """A cell of a table as people read it."""
    if form == "share":
        return percent(value)
    if form in ("area", "number"):
        places = 0 if value >= 10 or value == int(value) else 1
        return str(number_format(round(value, places), places, force_grouping=True))
    return f"{value:.5f}" if form == "degrees" else str(value)


def _map(title: str, note: str, svg: str, legend: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {"kind": "map", "title": title, "note": note, "svg": svg, "legend": [list(entry) for entry in legend]}


def _band_legend() -> list[tuple[str, str]]:
    entries = [
        (colour, _("possibly: {band}").format(band=words.word(words.BANDS, band)))
        for colour, band in zip(maps.BAND_COLOURS, BANDS, strict=True)
    ]
    return entries + [
        (colour, _("surely: {band}").format(band=words.word(words.BANDS, band)))
        for colour, band in zip(maps.SURE_COLOURS, BANDS, strict=True)
    ]


def _times_legend() -> list[tuple[str, str]]:
    said = [*(_("{n} cameras").format(n=n) for n in (2, 3, 4)), _("5 cameras and more")]
    return list(zip(maps.TIMES_COLOURS, said, strict=True))


def _table(sheet: Sheet) -> dict[str, Any]:
    """A table as it fits on paper: surely and possibly of one band stand in one column."""
    head, aligns, widths = [], [], []
    columns = sheet.columns
    paired = {at for at, column in enumerate(columns) if column.key.endswith("_possible")}
    for at, column in enumerate(columns):
        if at not in paired:
            head.append(words.word(words.BANDS, column.key.removesuffix("_sure")) if at + 1 in paired else column.title)
            aligns.append("left" if column.format == "text" else "right")
            widths.append("wide" if column.format == "text" else "auto")
    rows = []
    for row in sheet.rows[:_MOST_ROWS]:
        told: list[str] = []
        for at, (value, column) in enumerate(zip(row, columns, strict=True)):
            if at in paired:
                told[-1] = f"{told[-1]} – {cell(value, column.format)}"
            else:
                told.append(cell(value, column.format))
        rows.append(told)
    more = ""
    if len(sheet.rows) > _MOST_ROWS:
        more = _("The first {shown} of {all} rows; the workbook holds them all.").format(
            shown=_MOST_ROWS, all=len(sheet.rows)
        )
    return {
        "kind": "table", "title": sheet.title, "note": sheet.note, "head": head, "aligns": aligns, "widths": widths,
        "rows": rows, "more": more,
    }  # fmt: skip
