"""Sets papers as PDF with Typst; what is printed travels as JSON, so no text of a list can become markup."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Final

import typst

from oblik.inventory.documents.blocks import Paper, Table

# Tags let a screen reader read a table by its heads and make the file ten times larger: 3 MB for 1,400 rows. Papers
# that people sign and read through have them; long lists travel by e-mail, and the workbook is read aloud better.
_TAGGED_ROWS: Final = 300

_TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside the Typst wheel alone: the same page on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def is_tagged(paper: Paper) -> bool:
    """Whether the PDF carries the tags that screen readers go by: where its tables have at most 300 rows in all."""
    return sum(len(block.rows) for block in paper.blocks if isinstance(block, Table)) <= _TAGGED_ROWS


def pdf_of(paper: Paper) -> bytes:
    """The paper as PDF; the same paper gives the same bytes."""
    told = json.dumps(paper.as_input(), ensure_ascii=False)
    return set_pages("paper.typ", told=told, issued_on=paper.issued_on, tagged=is_tagged(paper))


def set_pages(template: str, *, told: str, issued_on: date, tagged: bool = True) -> bytes:
    """What a template of ours makes of JSON text, as PDF; the same text gives the same bytes."""
    pages = typst.compile(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": told},
        timestamp=datetime.combine(issued_on, time.min, tzinfo=UTC),
        pdf_tags=tagged,
    )
    if not isinstance(pages, bytes):
        raise TypeError("Typst gave pages apart where one PDF was asked for")
    return pages
