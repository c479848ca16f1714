"""XML of a list, parsed without entities, and the elements of it by their local names."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.readers.limits import Limits, too_large
from oblik.intake.readers.packages import with_entities


def parse_tree(data: bytes, *, file: str, limits: Limits) -> Element:
    """The root element; UnreadableFile for entities, damage, or more text than may be held as a tree."""
    if len(data) > limits.text_tree_bytes:
        raise too_large(file, size=len(data), limit=limits.text_tree_bytes)
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=False)
    except DefusedXmlException as error:
        raise with_entities(file) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise UnreadableFile(
            msg("{file} is cut off or is not correct XML: {reason}. Export it again."),
            code="damaged_file",
            file=file,
            reason=str(error)[:80],
        ) from error
    return root


def read_tree(path: Path, limits: Limits) -> Element:
    """The root element of the file."""
    return parse_tree(path.read_bytes(), file=path.name, limits=limits)


def local(element: Element) -> str:
    """Name without its namespace, "" for a comment."""
    tag: Any = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Children of that local name."""
    return (child for child in element if local(child) == name)


def child_text(element: Element, name: str) -> str:
    """Text of the first child of that local name, "" where there is none."""
    return next(((child.text or "").strip() for child in children(element, name)), "")


class CellText(HTMLParser):
    """Collects tables of a web page as rows of (text, row span, column span); scripts and styles are skipped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.plain: list[str] = []
        self._open: list[list[list[tuple[str, int, int]]]] = []
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag in ("script", "style"):
            self._skipped += 1
        elif tag == "table":
            self._close_cell()
            table: list[list[tuple[str, int, int]]] = []
            self.tables.append(table)
            self._open.append(table)
        elif tag == "tr" and self._open:
            self._close_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._close_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            known = dict(attrs)
            self._spans = (_span(known.get("rowspan")), _span(known.get("colspan")))
            self._cell = []
        elif tag in ("br", "p", "div", "li"):
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag closes."""
        if tag in ("script", "style"):
            self._skipped = max(0, self._skipped - 1)
        elif tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag == "table" and self._open:
            self._close_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text of the open cell, or of the page."""
        if self._skipped:
            return
        (self.plain if self._cell is None else self._cell).append(data)

    def _close_cell(self) -> None:
        if self._cell is not None and self._open and self._open[-1]:
            lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
            self._open[-1][-1].append(("\n".join(line for line in lines if line), *self._spans))
        self._cell = None


def _span(text: str | None) -> int:
    return min(max(int(text), 1), 1000) if text and text.isdecimal() and len(text) < 6 else 1


def page_tables(text: str) -> CellText:
    """The page's tables and its other text; broken markup gives what can be read."""
    page = CellText()
    page.feed(text)
    page.close()
    page._close_cell()
    return page


def plain_text(markup: str) -> str:
    """The markup's text alone."""
    return "\n".join(
        line for part in "".join(page_tables(markup).plain).split("\n") if (line := " ".join(part.split()))
    )
