"""csv, tsv and txt lists: encoding, delimiter, quotes and the physical line of each row."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers.encodings import decode
from oblik.intake.readers.grids import even
from oblik.intake.readers.limits import Limits

_DELIMITERS: Final = ";\t|,"
_NOTHING: Final = _DELIMITERS + '" \r\n\f\v\ufeff\u00a0'
_HEAD_CHARACTERS: Final = 64_000
_LINES_IN_A_CELL: Final = 40  # more is a stray quote that swallowed the rows below
_SEP: Final = re.compile(r'^"?sep=(.)"?\s*(\r\n|\r|\n)', re.IGNORECASE)


def read(path: Path, limits: Limits) -> list[Sheet]:
    """One sheet; row numbers are 1-based physical lines, of a quoted cell over several lines the first."""
    text, encoding, notes = decode(path.read_bytes(), file=path.name)
    named = _SEP.match(text)
    lead = 0
    if named:
        text, lead = text[named.end() :], 1
    if not text.strip(_NOTHING):
        raise UnreadableFile(
            msg("{file} holds only blanks. Ask the owner to send the file again."), code="blank_file", file=path.name
        )
    delimiter = named.group(1) if named else sniff_delimiter(text[:_HEAD_CHARACTERS])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows, numbers, stray = _parse(text, delimiter)
    rows = even(rows, file=path.name, limits=limits)
    if lead:
        numbers = [number + lead for number in numbers]
    known = (f"encoding:{encoding}", f"delimiter:{'tab' if delimiter == chr(9) else delimiter}", *notes)
    return [
        Sheet(
            name="",
            rows=rows,
            numbers=numbers[: len(rows)],
            reader_notes=(*known, "stray_quote") if stray else known,
        )
    ]


def sniff_delimiter(head: str) -> str:
    """The delimiter that cuts most lines of the head into the same number of cells; "," where none does."""
    lines = head.split("\n")
    if len(lines) > 1:
        lines.pop()  # the last line may be cut
    scored = [(_fit(lines, delimiter), delimiter) for delimiter in _DELIMITERS]
    best, delimiter = max(scored, key=lambda pair: pair[0])
    return delimiter if best > 0 else ","


def _fit(lines: list[str], delimiter: str) -> float:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]
    except csv.Error:
        return 0.0
    widths = Counter(map(len, rows))
    wide = Counter({width: count for width, count in widths.items() if width > 1})
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda pair: (pair[1] * min(pair[0], 4), pair[0]))
    # A cell that still holds another delimiter is a sign of the wrong one; decimal commas and ", " are none.
    others = re.compile("[" + re.escape(_DELIMITERS.replace(delimiter, "").replace(",", "")) + "]")
    cells = [cell for row in rows[:200] for cell in row]
    torn = sum(1 for cell in cells if others.search(cell)) / max(1, len(cells))
    return count / len(rows) * (1 - 1 / (width + 1)) - torn


def _parse(text: str, delimiter: str) -> tuple[list[list[str]], list[int], bool]:
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if '"' not in text:
        rows = [line.split(delimiter) for line in lines]
        return rows, list(range(1, len(rows) + 1)), False
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
        if len(rows) == len(lines) and not _runs_over(lines[-1], delimiter):
            return rows, list(range(1, len(rows) + 1)), False
    except csv.Error:
        pass  # A field beyond csv's limit is a quote that never closes: the careful way finds where it opens.
    return _parse_carefully(lines, delimiter)


def _parse_carefully(lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int], bool]:
    rows: list[list[str]] = []
    numbers: list[int] = []
    stray = False
    for number, row, broken in _records(lines, delimiter):
        rows.append(row)
        numbers.append(number)
        stray |= broken
    return rows, numbers, stray


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str], bool]]:
    """Each record with its first line; a quote that does not close within reach is taken literally."""
    at = 0
    while at < len(lines):
        end = at + 1
        if '"' in lines[at]:
            while _runs_over(record := "\n".join(lines[at:end]), delimiter):
                if end >= len(lines) or end - at >= _LINES_IN_A_CELL:
                    yield at + 1, lines[at].split(delimiter), True
                    break
                end += 1
            else:
                yield at + 1, next(csv.reader([record], delimiter=delimiter)), False
                at = end
                continue
            at += 1
            continue
        yield at + 1, lines[at].split(delimiter), False
        at = end


def _runs_over(record: str, delimiter: str) -> bool:
    """True where a quoted cell is still open at the end of the record."""
    if '"' not in record:
        return False
    try:
        next(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    except StopIteration:
        return False
    return False
