"""What a paper is made of, as values: the template sets them, whatever the document."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

Align = Literal["left", "right", "center"]
Cell = str | list[tuple[str, str]]  # plain text, or lines of (text, small print after it)


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, above the body."""

    rows: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; an indented first line marks running text of protocols and acts."""

    text: str
    indented: bool = False
    strong: bool = False
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Items:
    """Numbered clauses."""

    items: Sequence[str]
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; width is a Typst length, share or "auto"."""

    head: str
    width: str = "auto"
    align: Align = "left"
    nowrap: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header that repeats on every page; foot rows are totals."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Sequence[Cell]] = ()
    size_pt: float = 8.0
    empty: str = ""  # said in place of rows where there are none
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: role with post, the line, the name (blank lines where empty)."""

    lines: Sequence[tuple[str, str, str]]
    under_line: str
    under_name: str
    kind: str = "signatures"


@dataclass(frozen=True, slots=True)
class Approval:
    """The block at the top right of an act where the head approves it."""

    lines: Sequence[str]
    kind: str = "approval"


Block = Facts | Heading | Text | Items | Table | Signatures | Approval


@dataclass(frozen=True, slots=True)
class Paper:
    """One document. file_name has no folder; page_of holds {page} and {pages}."""

    file_name: str
    language: str
    title: str
    subtitle: str
    number_line: str
    running: str
    page_of: str
    fingerprint_line: str
    issued_on: date
    blocks: Sequence[Block]
    landscape: bool = False

    def as_input(self) -> dict[str, object]:
        """The paper as what JSON can hold."""
        return {**asdict(self), "issued_on": [self.issued_on.year, self.issued_on.month, self.issued_on.day]}
