"""Rows of a delimited text file: UTF-8 with or without a mark, UTF-16 or cp1251; comma, semicolon or tab."""

import csv
import io
from typing import Final

from oblik.base.errors import UnreadableFile, msg

Row = tuple[int, list[str]]  # 1-based line where the row ends, as an editor counts; cells

_DELIMITERS: Final = ",;\t"


def rows_of(content: bytes, *, name: str) -> list[Row]:
    """All rows that hold anything, header included; UnreadableFile where the content is no text."""
    if not content.strip():
        raise UnreadableFile(msg("{file} is empty; hand in the file again."), file=name)
    text = _decoded(content)
    if "\x00" in text:
        raise UnreadableFile(msg("{file} is not a text file; save the table as CSV and load that."), file=name)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as wrong:
        raise UnreadableFile(
            msg("{file} breaks off near line {line} ({why}); look for an unclosed quotation mark there."),
            file=name,
            line=reader.line_num,
            why=str(wrong),
        ) from wrong


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")
