"""The tables of the report: the same rows for the paper, the workbook and the CSV files."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import xlsxwriter
from django.utils.translation import gettext as _

from oblik.coverage.documents import words
from oblik.coverage.logic.surface import BANDS
from oblik.coverage.sums import Share, Totals

Format = Literal["text", "number", "share", "area", "degrees"]


@dataclass(frozen=True, slots=True)
class Column:
    """key: its name in CSV; share: 0 to 1; area: m²."""

    key: str
    title: str
    format: Format = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """name: of its file; note: what the figures mean, in a sentence."""

    name: str
    title: str
    note: str
    columns: list[Column]
    rows: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Owners:
    """Names and sorts of the owners by code."""

    names: Mapping[str, str]
    kinds: Mapping[str, str]

    def is_public(self, *codes: str) -> bool:
        """Whether all of them live on public money."""
        return all(self.kinds.get(code, "private") != "private" for code in codes)


PAPER_BANDS: Final = ("detect", "observe", "recognise", "identify")  # on paper there is room for these


def sheets(totals: Totals, *, owners: Owners, bands: Sequence[str] = BANDS) -> list[Sheet]:
    """All tables in the active language; with these bands."""
    districts = [(share.name, share) for share in totals.districts]
    streets = [(words.word(words.STREETS, share.name), share) for share in totals.streets]
    places = [(words.word(words.PLACES, share.name), share) for share in totals.places]
    uses = [(share.name or _("Purpose not told"), share) for share in totals.purposes]
    return [
        _shares("districts", _("By district"), _("Share of the open ground that is seen surely – possibly."), districts,
                Column("ground_m2", _("Open ground, m²"), "area"), bands),
        _shares("streets", _("By class of street"), _("Share of the streets' length that is seen surely – possibly."),
                streets, Column("length_m", _("Length, m"), "number"), bands),
        _shares("places", _("By kind of place"),
                _("Share of the open ground within 20 m of them that is seen surely – possibly."), places,
                Column("places", _("Places"), "number"), bands),
        _shares("purposes", _("By purpose of the camera"),
                _("Share of all open ground that cameras of a purpose see surely – possibly."), uses,
                Column("ground_m2", _("Open ground, m²"), "area"), bands),
        _times(totals), _pairs(totals, owners), _alone(totals), _blind(totals),
    ]  # fmt: skip


def _shares(
    name: str, title: str, note: str, shares: Sequence[tuple[str, Share]], whole: Column, bands: Sequence[str]
) -> Sheet:
    columns = [Column("name", _("Name")), whole]
    for band in bands:
        said = words.word(words.BANDS, band)
        columns.append(Column(f"{band}_sure", _("{band}, surely").format(band=said), "share"))
        columns.append(Column(f"{band}_possible", _("{band}, possibly").format(band=said), "share"))
    rows = []
    for label, share in shares:
        row: list[Any] = [label, share.whole]
        for band in bands:
            at = BANDS.index(band)
            row += [share.sure[at] / max(share.whole, 1e-9), share.may[at] / max(share.whole, 1e-9)]
        rows.append(row)
    return Sheet(name, title, note, columns, rows)


def _times(totals: Totals) -> Sheet:
    said = [_("nobody"), _("one camera"), *(_("{n} cameras").format(n=n) for n in (2, 3, 4)), _("5 cameras and more")]
    rows = [list(row) for row in zip(said, totals.times_sure_m2, totals.times_may_m2, strict=True)]
    return Sheet(
        "times", _("How many cameras see the same place"), _("Open ground by the number of cameras that see it."),
        [Column("cameras", _("Seen by")), Column("sure_m2", _("Surely, m²"), "area"),
         Column("possible_m2", _("Possibly, m²"), "area")], rows,
    )  # fmt: skip


def _pairs(totals: Totals, owners: Owners) -> Sheet:
    rows = [
        [owners.names.get(pair.one, pair.one), owners.names.get(pair.other, pair.other), pair.sure_m2, pair.may_m2,
         _("yes") if owners.is_public(pair.one, pair.other) else _("no")]
        for pair in totals.pairs
    ]  # fmt: skip
    return Sheet(
        "overlap", _("Owners who watch the same ground"), _("Ground that cameras of both owners see."),
        [Column("owner", _("Owner")), Column("other_owner", _("Other owner")),
         Column("sure_m2", _("Surely, m²"), "area"), Column("possible_m2", _("Possibly, m²"), "area"),
         Column("public_cost", _("Both at public cost"))], rows,
    )  # fmt: skip


def _alone(totals: Totals) -> Sheet:
    rows = [[one.camera, one.seen_sure_m2, one.only_sure_m2, one.seen_may_m2, one.only_may_m2] for one in totals.alone]
    return Sheet(
        "failures", _("What would be lost if a camera failed"), _("Ground that no other camera in service sees."),
        [Column("camera", _("Camera")), Column("seen_sure_m2", _("Sees surely, m²"), "area"),
         Column("lost_sure_m2", _("Lost surely, m²"), "area"),
         Column("seen_possible_m2", _("Sees possibly, m²"), "area"),
         Column("lost_possible_m2", _("Lost possibly, m²"), "area")], rows,
    )  # fmt: skip


def _blind(totals: Totals) -> Sheet:
    rows = [
        [words.kinds(spot.kinds), spot.name, spot.weight, spot.unseen, spot.unsure, spot.lat_deg, spot.lon_deg]
        for spot in totals.blind
    ]
    return Sheet(
        "blind-spots", _("Blind spots"),
        _("Places that matter, by weight and by the share of the ground within 20 m that no camera can see."),
        [Column("kinds", _("What is there")), Column("name", _("Name or nearest house")),
         Column("weight", _("Weight"), "number"),
         Column("unseen", _("Seen by none"), "share"), Column("unsure", _("Surely seen by none"), "share"),
         Column("lat", _("Latitude"), "degrees"), Column("lon", _("Longitude"), "degrees")], rows,
    )  # fmt: skip


def csv_of(sheet: Sheet) -> bytes:
    """A table as CSV for programs and spreadsheets: UTF-8 with a mark, points in numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.key for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(cell, column) for cell, column in zip(row, sheet.columns, strict=True)])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Any, column: Column) -> str:
    if column.format == "text":
        # A cell that begins so is a formula to a spreadsheet.
        return f"'{cell}" if str(cell)[:1] in ("=", "+", "-", "@", "\t", "\r") else str(cell)
    places = {"share": 4, "area": 0, "degrees": 6, "number": 2}[column.format]
    return f"{cell:.{places}f}"


_FORMATS: Final = {"share": "0.0%", "area": "#,##0", "degrees": "0.000000", "number": "#,##0.##"}


def workbook_of(found: Sequence[Sheet]) -> bytes:
    """All tables as one workbook, a sheet each."""
    buffer = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, plain) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {name: book.add_format({"num_format": form}) for name, form in _FORMATS.items()}
        for sheet in found:
            page = book.add_worksheet(sheet.title[:31])
            page.freeze_panes(1, 0)
            for at, column in enumerate(sheet.columns):
                page.write_string(0, at, column.title, bold)
                page.set_column(at, at, 34 if column.format == "text" else 15)
            _write_rows(page, sheet, formats)
            page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    return buffer.getvalue()


def _write_rows(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    for number, row in enumerate(sheet.rows, start=1):
        for at, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if column.format == "text":
                page.write_string(number, at, str(cell))
            else:
                page.write_number(number, at, cell, formats[column.format])
