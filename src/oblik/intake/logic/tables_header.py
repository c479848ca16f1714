"""Where the header of a sheet stands: one row, two or three rows with merged groups, or nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from oblik.intake.logic.content import looks_like_data
from oblik.intake.logic.headers import best_score, read_header
from oblik.intake.logic.shapes import Sheet

_SEARCHED_ROWS: Final = 60  # filled rows from the top; no list has a longer preface
_KNOWN: Final = 0.6  # from this score on a cell counts as a header word
_SAYS_MUCH: Final = 0.65


@dataclass(frozen=True, slots=True)
class Head:
    """rows: indices of the header rows, empty where there is none; texts: per column the parts, upper first."""

    rows: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> list[str]:
        """One header per column as a person would quote it, the parts of a group joined by " / "."""
        return [" / ".join(parts) for parts in self.texts]


def no_head(width: int) -> Head:
    """The head of a sheet without any header."""
    return Head(rows=(), texts=((),) * width)


def find_head(sheet: Sheet, *, row: int | None = None) -> Head:
    """The header of the sheet; `row` is its 1-based number where a person named it, 0 for none.

    A row is a header where most of its cells are known words and none is data; a second row under it joins where it
    makes more columns known. Where no word is known, a filled row of distinct words above typed data is taken.
    """
    width = len(sheet.rows[0]) if sheet.rows else 0
    if not width or row == 0:
        return no_head(width)
    if sheet.named:
        return _head(sheet, (0,))
    if row is not None and row in sheet.numbers:
        return _head(sheet, (sheet.numbers.index(row),))
    filled = [index for index, cells in enumerate(sheet.rows[:4000]) if any(map(str.strip, cells))][:_SEARCHED_ROWS]
    best = _best_single(sheet, filled)
    if best is None:
        unknown = _unknown_words(sheet, filled)
        return no_head(width) if unknown is None else _head(sheet, (unknown,))
    return _extended(sheet, best, filled)


def _head(sheet: Sheet, rows: tuple[int, ...]) -> Head:
    return Head(rows=rows, texts=_joined(sheet, rows))


def _cells(cells: Sequence[str]) -> list[str]:
    return [text for cell in cells if (text := cell.strip())]


def _best_single(sheet: Sheet, filled: Sequence[int]) -> int | None:
    ranked = []
    for index in filled:
        cells = _cells(sheet.rows[index])
        score = _row_score(cells)
        if score > 0:
            ranked.append((score, index))
    if not ranked:
        return None
    top = max(score for score, _ in ranked)
    return next(index for score, index in ranked if score >= 0.75 * top)


def _row_score(cells: Sequence[str]) -> float:
    """How much a row reads like a header; 0 or less where it does not."""
    if not cells or len(set(cells)) < 0.5 * len(cells):
        return 0.0
    data = sum(map(looks_like_data, cells))
    if data > 0.15 * len(cells) and data > 1:
        return 0.0
    known: set[str] = set()
    total = 0.0
    for cell in cells:
        meanings = read_header(cell).meanings if len(cell) <= 120 else ()
        if meanings and meanings[0].score >= _KNOWN:
            known.add(meanings[0].target)
            total += meanings[0].score
    enough = len(known) >= 2 or (len(known) == 1 and len(cells) <= 2 and total > 0.85)
    share = total / len(cells)
    return (total - 1.5 * data) * share if enough and share >= 0.25 else 0.0


def _unknown_words(sheet: Sheet, filled: Sequence[int]) -> int | None:
    """The first full row of distinct words, where the rows below hold typed data in some of its columns."""
    if len(filled) < 3:
        return None
    counts = [len(_cells(sheet.rows[index])) for index in filled]
    usual = sorted(counts)[len(counts) // 2]
    if usual < 2:
        return None
    for position, index in enumerate(filled[:-2]):
        cells = _cells(sheet.rows[index])
        if counts[position] < 0.6 * usual:
            continue
        if any(map(looks_like_data, cells)) or len(set(cells)) < len(cells) or max(map(len, cells)) > 80:
            return None
        below = filled[position + 1 : position + 9]
        typed = sum(
            1
            for column, cell in enumerate(sheet.rows[index])
            if cell.strip() and sum(looks_like_data(sheet.rows[row][column]) for row in below) > 0.6 * len(below)
        )
        return index if typed >= 1 else None
    return None


def _extended(sheet: Sheet, best: int, filled: Sequence[int]) -> Head:
    """The header with the rows above and below that belong to it."""
    rows: tuple[int, ...] = (best,)
    gain = _known_total(_joined(sheet, rows))
    for step in (1, -1, 1):
        at = (filled.index(rows[-1]) + 1) if step > 0 else (filled.index(rows[0]) - 1)
        if not 0 <= at < len(filled) or abs(filled[at] - rows[-1 if step > 0 else 0]) != 1 or len(rows) == 3:
            continue
        other = filled[at]
        if not _may_join(sheet, other, above=step < 0, head=rows):
            continue
        wider = (*rows, other) if step > 0 else (other, *rows)
        total = _known_total(_joined(sheet, wider))
        grouped = step < 0 and _is_group_row(sheet, other, below=rows[0])
        if total >= gain + 0.5 or (grouped and total >= gain - 0.3):
            rows, gain = wider, total
    return _head(sheet, rows)


def _may_join(sheet: Sheet, index: int, *, above: bool, head: tuple[int, ...]) -> bool:
    cells = _cells(sheet.rows[index])
    if any(map(looks_like_data, cells)) or max(map(len, cells)) > 100:
        return False
    if not above:
        known = sum(best_score(cell) >= _KNOWN for cell in cells)
        return known >= 0.5 * len(cells)
    # A title above is one long cell over everything; a group covers some columns and leaves others to the row below.
    lower = sheet.rows[head[0]]
    return len(cells) >= 2 or (len(cells) == 1 and any(not text.strip() for text in lower))


def _is_group_row(sheet: Sheet, index: int, *, below: int) -> bool:
    """True where every filled column below stands under a filled or merged cell of this row."""
    upper, named = _filled_right(sheet, index, below), len(_cells(sheet.rows[below]))
    groups = len(_cells(sheet.rows[index]))
    return 2 <= groups < named and sum(map(bool, upper)) >= 0.8 * named


def _filled_right(sheet: Sheet, index: int, below: int | None) -> list[str]:
    """The row with each group's name repeated over the columns it spans."""
    row = [cell.strip() for cell in sheet.rows[index]]
    merged = sheet.merged_across
    texts = list(row)
    for column in range(1, len(row)):
        if row[column] or not texts[column - 1]:
            continue
        if (index, column) in merged:
            texts[column] = texts[column - 1]
        elif not merged and below is not None:
            lower = sheet.rows[below]
            start = next((at for at in range(column - 1, -1, -1) if row[at]), 0)
            # Without merges (csv) a group reaches as far as both its first column and this one have a name below.
            if lower[column].strip() and lower[start].strip() and lower[start].strip() != row[start]:
                texts[column] = texts[column - 1]
    return texts


def _joined(sheet: Sheet, rows: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    layers = [
        _filled_right(sheet, index, rows[place + 1])
        if place + 1 < len(rows)
        else [cell.strip() for cell in sheet.rows[index]]
        for place, index in enumerate(rows)
    ]
    return tuple(tuple(dict.fromkeys(text for text in parts if text)) for parts in zip(*layers, strict=True))


def _known_total(texts: Sequence[Sequence[str]]) -> float:
    """Sum over different targets of how surely each column is known."""
    best: dict[str, float] = {}
    for parts in texts:
        for target, score in head_meanings(parts)[:1]:
            best[target] = max(best.get(target, 0.0), score)
    return sum(score for score in best.values() if score >= _KNOWN)


def head_meanings(parts: Sequence[str]) -> list[tuple[str, float]]:
    """Targets of a column with scores, best first: the whole header, its lowest part and its upper ones."""
    if not parts:
        return []
    found: dict[str, float] = {}
    tries = [(" ".join(parts), 1.0)]
    if len(parts) > 1:
        tries += [(parts[-1], 0.97), *((part, 0.55) for part in parts[:-1])]
    for text, weight in tries:
        for target, score in read_header(text).meanings:
            if weight < _KNOWN and score < _SAYS_MUCH:
                continue  # "Camera" over a group says nothing about each of its columns
            found[target] = max(found.get(target, 0.0), score * weight)
    return sorted(found.items(), key=lambda pair: -pair[1])


def head_unit(parts: Sequence[str]) -> str:
    """The unit named in the lowest part that names one."""
    return next((unit for part in reversed(parts) if (unit := read_header(part).unit)), "")
