"""Sheets as any database can keep them: texts without what none keeps, names that tell sheets apart."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from oblik.intake.logic.shapes import Sheet
from oblik.registry.logic.folding import plain

_LONGEST_NAME: Final = 120


def storable(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets with cells, notes and names that can be stored, in their order; whole sheets are left as they are.

    NUL and halves of broken signs become U+FFFD (the file itself is kept as received). Names are cut to 120 signs and
    equal ones get a number: rows are named by sheet and line.
    """
    taken: set[str] = set()
    return [_storable(sheet, name=_free_name(plain(sheet.name), taken=taken)) for sheet in sheets]


def _storable(sheet: Sheet, *, name: str) -> Sheet:
    if name != sheet.name:
        sheet = replace(sheet, name=name)
    texts = "".join(chain(chain.from_iterable(sheet.rows), sheet.notes.values(), sheet.reader_notes))
    if _is_plain(texts):
        return sheet
    return replace(
        sheet,
        rows=[[plain(cell) for cell in row] for row in sheet.rows],
        notes={at: plain(note) for at, note in sheet.notes.items()},
        reader_notes=tuple(plain(note) for note in sheet.reader_notes),
    )


def _is_plain(text: str) -> bool:
    """Looked at in one go: encoding refuses halves of signs, and does so much faster than a look at each cell."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _free_name(name: str, *, taken: set[str]) -> str:
    short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    free, number = short, 1
    while free in taken:
        number += 1
        tail = f" ({number})"
        free = short[: _LONGEST_NAME - len(tail)] + tail
    taken.add(free)
    return free
