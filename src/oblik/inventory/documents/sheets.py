"""Lists in a workbook: written as text that stays text, with areas that a total can open to."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from oblik.base.errors import InvalidInput, msg

TOP: Final = 3  # rows above the first line of a list: title, way back, header
_MAX_LINES: Final = 1_048_576 - TOP  # the format's own limit for a sheet
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula once the cell is edited


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a list: its title and width in characters."""

    title: str
    width: int = 12


@dataclass(frozen=True, slots=True)
class Area:
    """Lines that stand together: sheet, first and last row (0-based, inclusive), number of columns."""

    sheet: str
    first: int
    last: int
    width: int

    @property
    def cells(self) -> str:
        """The area as a formula names it."""
        return f"'{self.sheet}'!$A${self.first + 1}:${xl_col_to_name(self.width - 1)}${self.last + 1}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as written. areas: key of a line -> the areas of the lines with that key, in order."""

    sheet: str
    lines: int
    width: int
    areas: Mapping[Hashable, tuple[Area, ...]]

    def column(self, index: int) -> str:
        """All cells of a column, for a formula; one empty cell where the list has no lines."""
        letters = xl_col_to_name(index)
        return f"'{self.sheet}'!${letters}${TOP + 1}:${letters}${TOP + max(self.lines, 1)}"

    @property
    def whole(self) -> tuple[Area, ...]:
        """All lines as one area; none where there are none."""
        return (Area(self.sheet, TOP, TOP + self.lines - 1, self.width),) if self.lines else ()

    def under(self, *keys: Hashable) -> tuple[Area, ...]:
        """The areas of several keys, neighbours joined."""
        found = sorted((area for key in keys for area in self.areas.get(key, ())), key=lambda area: area.first)
        joined: list[Area] = []
        for area in found:
            if joined and joined[-1].last + 1 == area.first:
                joined[-1] = Area(self.sheet, joined[-1].first, area.last, self.width)
            else:
                joined.append(area)
        return tuple(joined)


@dataclass(frozen=True, slots=True)
class Total:
    """What a total is worth and which rows it opens to."""

    value: int
    areas: tuple[Area, ...] = ()
    strong: bool = False


@dataclass(slots=True)
class Book:
    """A workbook under way: its formats, the names its sheets have taken, the names it has given to areas."""

    file: Any  # xlsxwriter.Workbook, which has no types
    summary: str
    formats: dict[str, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    named: int = 0

    def __post_init__(self) -> None:
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
        edged = {**base, "border": 1, "border_color": "#C3CAD1"}
        self.formats = {
            "title": self.file.add_format({**base, "bold": True, "font_size": 14}),
            "plain": self.file.add_format(base),
            "faint": self.file.add_format({**base, "font_color": "#5B6470"}),
            "back": self.file.add_format({**base, "font_color": "#0B5CAD", "underline": 1}),
            "head": self.file.add_format(
                {
                    **edged,
                    "bold": True,
                    "bg_color": "#E4E9EE",
                    "text_wrap": True,
                    "align": "center",
                    "valign": "vcenter",
                }
            ),
            "text": self.file.add_format({**edged, "text_wrap": True}),
            "risky": self.file.add_format({**edged, "text_wrap": True, "quote_prefix": True}),
            "number": self.file.add_format({**edged, "num_format": "General", "align": "right"}),
            "count": self.file.add_format({**edged, "num_format": "#,##0", "font_color": "#0B5CAD", "underline": 1}),
            "bare_count": self.file.add_format({**edged, "num_format": "#,##0"}),
            "total": self.file.add_format(
                {
                    **edged,
                    "num_format": "#,##0",
                    "bold": True,
                    "bg_color": "#F3F5F7",
                    "font_color": "#0B5CAD",
                    "underline": 1,
                }
            ),
            "bare_total": self.file.add_format({**edged, "num_format": "#,##0", "bold": True, "bg_color": "#F3F5F7"}),
        }

    def sheet(self, name: str) -> tuple[str, Any]:
        """A new sheet under a name that the format allows and no other sheet has."""
        plain = re.sub(r"[\[\]:*?/\\'\x00-\x1f]+", "_", name).strip()[:27] or "_"
        free, number = plain, 2
        while free.casefold() in self.taken:
            free, number = f"{plain}~{number}", number + 1
        self.taken.add(free.casefold())
        return free, self.file.add_worksheet(free)

    def listing(
        self, name: str, *, title: str, heads: Sequence[Head], lines: Iterable[tuple[Hashable, Sequence[object]]]
    ) -> Listing:
        """A sheet of lines, each with the key of the area it belongs to. InvalidInput where the format has no room."""
        free, sheet = self.sheet(name)
        sheet.write_string(0, 0, title, self.formats["title"])
        sheet.write_url(1, 0, f"internal:'{self.summary}'!A1", self.formats["back"], string=f"← {self.summary}")
        for index, head in enumerate(heads):
            sheet.set_column(index, index, head.width)
            sheet.write_string(TOP - 1, index, head.title, self.formats["head"])
        keys: list[Hashable] = []
        for key, line in lines:
            if len(keys) >= _MAX_LINES:
                raise InvalidInput(
                    msg(
                        "The sheet “{name}” cannot hold more than {limit} rows; print owners in campaigns of their own."
                    ),
                    name=free,
                    limit=_MAX_LINES,
                )
            self._write_line(sheet, TOP + len(keys), line)
            keys.append(key)
        sheet.freeze_panes(TOP, 1)
        sheet.autofilter(TOP - 1, 0, TOP - 1 + max(len(keys), 1), len(heads) - 1)
        page(sheet, repeat=TOP - 1)
        return Listing(free, len(keys), len(heads), _areas(keys, sheet=free, width=len(heads)))

    def _write_line(self, sheet: Any, row: int, line: Sequence[object]) -> None:
        for index, cell in enumerate(line):
            if cell is None or cell == "":
                sheet.write_blank(row, index, None, self.formats["text"])
            elif isinstance(cell, int | float):
                sheet.write_number(row, index, cell, self.formats["number"])
            else:
                text = str(cell)
                sheet.write_string(row, index, text, self.formats["risky" if text.startswith(_RISKY) else "text"])

    def total(self, sheet: Any, *, at: tuple[int, int], formula: str, total: Total) -> None:
        """A total: a formula over the rows, its value for readers that do not calculate, and the way to the rows."""
        row, column = at
        name = "total" if total.strong else "count"
        if total.areas:
            sheet.write_url(row, column, self._target(total.areas), self.formats[name], string=str(total.value))
            sheet.write_formula(row, column, formula, self.formats[name], total.value)
        else:
            sheet.write_formula(row, column, formula, self.formats[f"bare_{name}"], total.value)

    def _target(self, areas: tuple[Area, ...]) -> str:
        """Where a click leads; lines in several places are reached by a name given to all of them."""
        if len(areas) == 1:
            return "internal:" + areas[0].cells.replace("$", "")
        self.named += 1
        name = f"rows_{self.named:03d}"
        self.file.define_name(name, "=" + ",".join(area.cells for area in areas))
        return f"internal:{name}"


def page(sheet: Any, *, repeat: int) -> None:
    """How a sheet prints: A4 across, as wide as the page, the header on each page, page x of y."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(repeat)
    sheet.set_footer("&L&A&R" + _("page {page} of {pages}").format(page="&P", pages="&N"))


def countifs(*conditions: tuple[str, str]) -> str:
    """COUNTIFS over (column, text that its cells must equal); wildcards are taken as written."""
    inside = ",".join(f'{column},"{_literal(text)}"' for column, text in conditions)
    return f"COUNTIFS({inside})"


def _literal(text: str) -> str:
    return re.sub(r"([~*?])", r"~\1", text).replace('"', '""')


def _areas(keys: Sequence[Hashable], *, sheet: str, width: int) -> dict[Hashable, tuple[Area, ...]]:
    found: dict[Hashable, list[Area]] = {}
    first = 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[first]:
            found.setdefault(keys[first], []).append(Area(sheet, TOP + first, TOP + place - 1, width))
            first = place
    return {key: tuple(areas) for key, areas in found.items()}
