"""The workbook of a count: each total is a formula over the rows it opens to, so it cannot disagree with them."""

import io
from collections.abc import Hashable, Iterator, Mapping
from datetime import datetime, time
from typing import Any, Final

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _

from oblik.inventory.documents import wording
from oblik.inventory.documents.issue import Issue
from oblik.inventory.documents.owner_papers import gap_text, said_lines
from oblik.inventory.documents.sheets import Book, Head, Listing
from oblik.inventory.documents.summary import Lists, write_summary
from oblik.inventory.logic.count import Count
from oblik.inventory.logic.figures import COUNTED

FILE_NAME: Final = "5-workbook.xlsx"
_IN_ALL: Final = ("camera", "duplicate", "repeat", "broken", "waiting")  # duplicates of both kinds side by side
_ROW_OF_LIST: Final = ("submission", "sheet", "row")


def workbook_of(issue: Issue) -> bytes:
    """The workbook; the same issue gives the same bytes. InvalidInput where a sheet has no room for the rows."""
    buffer = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    count = issue.count
    with xlsxwriter.Workbook(buffer, plain) as file:
        file.set_properties(
            {
                "title": _("Inventory of video surveillance cameras"),
                "subject": count.campaign.code,
                "comments": _("Data SHA-256: {hash}").format(hash=issue.sha256),
                "created": datetime.combine(issue.issued_on, time.min),
            }
        )
        book = Book(file, summary=_("Summary"))
        _name, summary = book.sheet(book.summary)
        rows = _counted(count)
        lists = Lists(
            per_owner={
                line.owner: _owner_rows(book, count, rows=rows, owner=line.owner) for line in count.figures.owners
            },
            everything=_all_rows(book, rows=rows),
            discrepancies=_discrepancies(book, count),
            not_cameras=_beside(book, count, category="not_a_camera", name=_("Not cameras")),
            replaced=_beside(book, count, category="replaced", name=_("Replaced lists")),
        )
        _cameras(book, count)
        write_summary(book, summary, issue=issue, lists=lists)
    return buffer.getvalue()


def _counted(count: Count) -> pl.DataFrame:
    """The rows that the sum counts, with `further`: a second or later camera of a row that stands for several."""
    rows = count.rows.filter(pl.col("category").is_in(COUNTED))
    return rows.with_columns(further=pl.int_range(pl.len()).over(_ROW_OF_LIST) > 0)


def _row_heads() -> list[Head]:
    return [
        Head(_("Counted as"), 22),
        Head(_("Received as"), 20),
        Head(_("List"), 7),
        Head(_("File"), 34),
        Head(_("Sheet"), 18),
        Head(_("Row"), 8),
        Head(_("Part"), 7),
        Head(_("Verdict"), 18),
        Head(_("Decision"), 22),
        Head(_("Camera code"), 16),
        Head(_("Probability"), 11),
    ]


def _row_line(row: Mapping[str, Any], *, category: str) -> list[object]:
    return [
        wording.word(wording.CATEGORIES, key=category),
        wording.word(wording.RECEIVED_AS, key="further" if row["further"] else "row"),
        row["submission"],
        row["file"],
        row["sheet"],
        row["row"],
        row["part"],
        wording.word(wording.VERDICTS, key=row["verdict"]),
        wording.word(wording.DECISIONS, key=row["decision"]),
        row["camera"],
        row["probability"],
    ]


def _in_order(rows: pl.DataFrame, *, by: str, order: tuple[str, ...]) -> pl.DataFrame:
    """By category in the given order, rows before further cameras, then as they were."""
    places = {name: place for place, name in enumerate(order)}
    place = pl.col(by).replace_strict(places, return_dtype=pl.Int64)
    return rows.with_columns(place=place).sort("place", "further", maintain_order=True).drop("place")


def _owner_rows(book: Book, count: Count, *, rows: pl.DataFrame, owner: str) -> Listing:
    mine = _in_order(rows.filter(pl.col("owner") == owner), by="category", order=COUNTED)
    lines = (
        ((row["category"], row["further"]), _row_line(row, category=row["category"]))
        for row in mine.iter_rows(named=True)
    )
    return book.listing(owner, title=count.owner_name(owner), heads=_row_heads(), lines=lines)


def _all_rows(book: Book, *, rows: pl.DataFrame) -> Listing:
    ordered = _in_order(rows, by="category_in_all", order=_IN_ALL)
    lines = (
        ((row["category_in_all"], row["further"]), [*_row_line(row, category=row["category_in_all"]), row["owner"]])
        for row in ordered.iter_rows(named=True)
    )
    heads = [*_row_heads(), Head(_("Balance holder"), 16)]
    return book.listing(_("All rows"), title=_("All rows of current lists"), heads=heads, lines=lines)


def _cameras(book: Book, count: Count) -> Listing:
    held = (
        count.rows.filter(pl.col("category") == "camera")
        .group_by("camera")
        .agg(holders=pl.col("owner").unique().sort().str.join(", "))
    )
    cameras = held.join(count.cameras, on="camera", how="left").sort("camera")
    heads = [
        Head(_("Camera code"), 16), Head(_("In the lists of"), 24), Head(_("State"), 14), Head(_("Kind"), 14),
        Head(_("Maker"), 14), Head(_("Model"), 22), Head(_("Serial number"), 20), Head(_("Street"), 28),
        Head(_("House"), 8), Head(_("Address as given"), 34), Head(_("District"), 16), Head(_("Site"), 20),
        Head(_("Latitude"), 11), Head(_("Longitude"), 11), Head(_("Bearing"), 9), Head(_("Sources"), 9),
    ]  # fmt: skip
    lines: Iterator[tuple[Hashable, list[object]]] = (
        (
            "camera",
            [
                row["camera"], row["holders"], wording.word(wording.STATES, key=row["state"]),
                wording.word(wording.KINDS, key=row["kind"]), row["vendor"], row["model"], row["serial"], row["street"],
                row["house"], row["address"], row["district"], row["site"], row["lat_deg"], row["lon_deg"],
                row["bearing_deg"], row["sources"],
            ],
        )
        for row in cameras.iter_rows(named=True)
    )  # fmt: skip
    return book.listing(_("Cameras"), title=_("Cameras of current lists, each once"), heads=heads, lines=lines)


def _discrepancies(book: Book, count: Count) -> Listing:
    heads = [
        Head(_("Balance holder"), 16), Head(_("Discrepancy"), 18), Head(_("Camera code"), 16), Head(_("Field"), 26),
        Head(_("Values and their sources"), 90), Head(_("Difference"), 14),
    ]  # fmt: skip
    lines: Iterator[tuple[Hashable, list[object]]] = (
        (
            (part.owner, part.kind),
            [
                part.owner,
                wording.word(wording.DISCREPANCIES, key=part.kind),
                part.camera,
                wording.word(wording.FIELDS, key=part.field),
                "\n".join(": ".join(filter(None, line)) for line in said_lines(part.values, field=part.field)),
                "" if part.gap is None else gap_text(part),
            ],
        )
        for part in count.discrepancies
    )
    return book.listing(_("Discrepancies"), title=_("Discrepancies"), heads=heads, lines=lines)


def _beside(book: Book, count: Count, *, category: str, name: str) -> Listing:
    """Rows reported beside the sum, by owner."""
    rows = count.rows.filter(pl.col("category") == category)
    heads = [
        Head(_("Balance holder"), 16), Head(_("List"), 7), Head(_("File"), 34), Head(_("Sheet"), 18), Head(_("Row"), 8),
        Head(_("Part"), 7), Head(_("Decision"), 22), Head(_("Camera code"), 16),
    ]  # fmt: skip
    lines: Iterator[tuple[Hashable, list[object]]] = (
        (
            row["owner"],
            [
                row["owner"], row["submission"], row["file"], row["sheet"], row["row"], row["part"],
                wording.word(wording.DECISIONS, key=row["decision"]), row["camera"],
            ],
        )
        for row in rows.iter_rows(named=True)
    )  # fmt: skip
    return book.listing(name, title=name, heads=heads, lines=lines)
