"""Secret cells of raw rows: marked while lists are compared, sealed where they are stored, dots for everybody."""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from oblik.base.sealing import Ring
from oblik.base.veiling import MARKED
from oblik.db import keyring
from oblik.intake.logic.rows import CleanedList, Part
from oblik.intake.logic.secret_cells import SEALED, SHOWN, SecretCell, SecretCells
from oblik.intake.logic.shapes import CleanColumns, Table
from oblik.registry.logic.secrets import STREAM_MARK

_MARK_END: Final = "•"


def marked(table: Table, *, clean: CleanColumns, secret: SecretCells) -> Part:
    """The part with a mark for each secret cell, and for each stream address among its values.

    Marks of stream addresses are keyed, without user and password: two lists can be compared by them, and nobody reads
    them. KeyMissing where there are secrets and no key.
    """
    addresses = clean.values.get("stream_url")
    if not secret and addresses is None:
        return Part(table, clean)
    ring = keyring.ring()
    if addresses is not None:
        clean.values["stream_url"] = [
            None if address is None else STREAM_MARK + _mark(str(address), ring=ring) for address in addresses
        ]
    marks = {place: mark_of(cell, ring=ring) for place, cell in secret.items()}
    return Part(table, clean, {place: cell.text for place, cell in secret.items()}, marks)


def mark_of(cell: SecretCell, *, ring: Ring) -> str:
    """What stands before the token of a cell, and for the whole cell while lists are compared."""
    return MARKED + (_mark(cell.address, ring=ring) if cell.address else "") + _MARK_END


def _mark(address: str, *, ring: Ring) -> str:
    return ring.mark(address, purpose="stream_url")


def sealed(cleaned: CleanedList, *, submission: int) -> list[str]:
    """The cells of each row as they are stored: behind each mark the token of the cell. KeyMissing without a key."""
    if not cleaned.secret:
        return cleaned.cells
    ring = keyring.ring()
    cells = list(cleaned.cells)
    by_row: dict[int, dict[int, str]] = {}
    for (row, at), text in cleaned.secret.items():
        by_row.setdefault(row, {})[at] = text
    for row, texts in by_row.items():
        held = json.loads(cells[row])
        for at, text in texts.items():
            held[at] += ring.seal(
                text, bound=bound(submission, sheet=cleaned.sheets[row], number=cleaned.numbers[row], column=at)
            )
        cells[row] = dumped(held)
    return cells


def bound(submission: int, *, sheet: str, number: int, column: int) -> str:
    """Where the token of a cell stands, which is the only place where it opens."""
    return f"cell:{submission}:{sheet}:{number}:{column}"


def dumped(cells: Iterable[str]) -> str:
    """The cells as they are stored."""
    return json.dumps(list(cells), ensure_ascii=False, separators=(",", ":"))


def shown(cells: str) -> list[str]:
    """The cells of a stored row as anybody may see them."""
    held: list[str] = json.loads(cells)
    return [SHOWN if MARKED in cell else cell for cell in held] if MARKED in cells else held


def compared(cells: str) -> str:
    """The stored cells as a fresh reading has them: marks without tokens."""
    return SEALED.sub(MARKED + r"\1" + _MARK_END, cells) if MARKED in cells else cells


def opened(cells: str, *, submission: int, sheet: str, number: int, ring: Ring) -> Mapping[int, str]:
    """column -> cell as received, of the secret cells of a stored row."""
    return {
        at: ring.open(found[2], bound=bound(submission, sheet=sheet, number=number, column=at))
        for at, cell in enumerate(json.loads(cells))
        if (found := SEALED.fullmatch(cell)) is not None
    }
