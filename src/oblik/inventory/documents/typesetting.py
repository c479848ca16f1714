"""Sets papers as PDF with Typst; what is printed travels as JSON, so no text of a list can become markup."""

import json
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Final

import typst

from oblik.inventory.documents.blocks import Paper

_TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside the Typst wheel alone: the same page on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def pdf_of(paper: Paper) -> bytes:
    """The paper as PDF; the same paper gives the same bytes."""
    template = _TEMPLATES / "paper.typ"
    pages = typst.compile(
        template,
        root=_TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(paper.as_input(), ensure_ascii=False)},
        timestamp=datetime.combine(paper.issued_on, time.min, tzinfo=UTC),
    )
    if not isinstance(pages, bytes):
        raise TypeError("Typst gave pages apart where one PDF was asked for")
    return pages
