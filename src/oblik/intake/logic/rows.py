"""A whole cleaned file as flat columns, ready to be compared and stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from json.encoder import encode_basestring
from types import NoneType
from typing import Final

from oblik.intake.logic.problems import PROBLEMS
from oblik.intake.logic.shapes import CleanColumns, Guess, Problem, Table

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_AT_ONCE: Final = 5_000  # rows encoded in one go
_OFTEN: Final = 3  # times that a text must occur on average to be encoded once and looked up


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet understood and cleaned."""

    table: Table
    clean: CleanColumns
    secret: Mapping[tuple[int, int], str] = field(default_factory=dict)  # (row, column) -> the cell as received
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)  # what stands for it while lists are compared


@dataclass(slots=True)
class CleanedList:
    """Rows (sheets, numbers, roles, cells) and records (rows: index of the row; parts, of, values, problems, worst)."""

    sheets: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    of: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    worst: list[str] = field(default_factory=list)  # severity of the worst problem, "" where there is none
    understood: list[dict[str, object]] = field(default_factory=list)
    secret: dict[tuple[int, int], str] = field(default_factory=dict)  # (index of the row, column) -> as received

    def verdicts(self, same: dict[int, bool]) -> list[str]:
        """Each record's verdict. same: index -> whether unchanged, for records that stand in the older list."""
        return [_verdict(worst, same.get(i)) for i, worst in enumerate(self.worst)]

    def verdict_counts(self, same: dict[int, bool]) -> dict[str, int]:
        counts: dict[str, int] = {}
        for verdict in self.verdicts(same):
            counts[verdict] = counts.get(verdict, 0) + 1
        return counts


def _verdict(worst: str, unchanged: bool | None) -> str:
    if worst == "broken":
        return "broken"
    if unchanged:
        return "same"
    if worst == "doubt":
        return "doubtful"
    return "new" if unchanged is None else "changed"


def cleaned_list(parts: list[Part]) -> CleanedList:
    """All sheets of a file end to end, in their order; a file without rows gives empty columns."""
    whole = CleanedList()
    for part in parts:
        offset = len(whole.numbers)
        sheet = part.table.sheet
        whole.sheets += [sheet.name] * len(sheet.rows)
        whole.numbers += sheet.numbers
        whole.roles += part.table.roles
        whole.cells += row_texts(sheet.rows)
        _add_secrets(whole, part, offset=offset)
        whole.rows += [offset + row for row in part.clean.row]
        whole.parts += part.clean.part
        whole.of += part.clean.parts
        whole.values += value_texts(part.clean.values, count=len(part.clean))
        _add_problems(whole, part.clean.problems)
        whole.understood.append(_understood(part.table))
    return whole


def _add_secrets(whole: CleanedList, part: Part, *, offset: int) -> None:
    """Puts the marks of secret cells where the cells would stand, and keeps the cells beside."""
    marked: dict[int, list[str]] = {}
    for (row, at), text in part.secret.items():
        marked.setdefault(row, list(part.table.sheet.rows[row]))[at] = part.marks[row, at]
        whole.secret[offset + row, at] = text
    for row, cells in marked.items():
        whole.cells[offset + row] = _encode(cells)


def row_texts(rows: list[list[str]]) -> list[str]:
    """Each row as the JSON text of its cells.

    Many rows are encoded at once and cut apart again, twice as fast as one by one: between quotes JSON puts a backslash
    before every quote, so that "],[" between two of them stands only between rows.
    """
    texts: list[str] = []
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        if all(some):
            texts += ['["' + text + '"]' for text in _encode(some)[3:-3].split('"],["')]
        else:  # a row without cells has no quotes to cut at
            texts += [_encode(row) for row in some]
    return texts


def value_texts(values: dict[str, list[object | None]], *, count: int) -> list[str]:
    """Per record the JSON text of its present values, fields in alphabetical order.

    The same text as registry.logic.records.dumped gives, made column by column: what recurs is encoded once.
    """
    columns = [_fragments(name, values[name]) for name in sorted(values)]
    if not columns:
        return ["{}"] * count
    return ["{" + ",".join(filter(None, row)) + "}" for row in zip(*columns, strict=True)]


def _fragments(name: str, column: list[object | None]) -> list[str]:
    head = _encode(name) + ":"
    kinds = set(map(type, column))
    if kinds <= {str, NoneType}:
        texts = set(column)
        if _OFTEN * len(texts) > len(column):  # ids and addresses are all different: looking each up is no gain
            return ["" if value is None else head + encode_basestring(value) for value in column]  # type: ignore[arg-type]  # just looked at
        said = {value: "" if value is None else head + encode_basestring(value) for value in texts}  # type: ignore[arg-type]  # as above
        return list(map(said.__getitem__, column))
    if kinds <= {float, NoneType}:
        # What JSON writes for a float is its repr; the odd one that is no number goes the slow way.
        return ["" if v is None else head + (repr(v) if v - v == 0.0 else _encode(v)) for v in column]  # type: ignore[operator]  # just looked at
    made: dict[tuple[type, object], str] = {}
    out: list[str] = []
    for value in column:
        if value is None:
            out.append("")
            continue
        key = (type(value), value)  # 1, 1.0 and True are equal, their texts are not
        text = made.get(key)
        if text is None:
            text = made[key] = head + _encode(value)
        out.append(text)
    return out


def _add_problems(whole: CleanedList, problems: list[tuple[Problem, ...]]) -> None:
    ranks = {"": 0, "note": 1, "doubt": 2, "broken": 3}
    for found in problems:
        if not found:
            whole.problems.append("")
            whole.worst.append("")
            continue
        whole.problems.append("[" + ",".join(map(_problem_text, found)) + "]")
        severities = {PROBLEMS[p.code] for p in found}
        whole.worst.append(max(severities, key=ranks.__getitem__) if len(severities) > 1 else severities.pop())


def _problem_text(problem: Problem) -> str:
    texts = (problem.code, problem.field, problem.value, problem.column)
    return "[" + ",".join(map(encode_basestring, texts)) + "]"


def _understood(table: Table) -> dict[str, object]:
    roles: dict[str, int] = {}
    for role in table.roles:
        roles[role] = roles.get(role, 0) + 1
    return {
        "sheet": table.sheet.name,
        "hidden": table.sheet.hidden,
        "roles": roles,
        "columns": [_column(guess) for guess in table.columns],
        "notes": list(chain(table.sheet.reader_notes)),
    }


def _column(guess: Guess) -> dict[str, object]:
    return {
        "index": guess.index,
        "header": guess.header,
        "target": guess.target,
        "confidence": round(guess.confidence, 3),
        "by": guess.by,
        "examples": list(guess.examples),
    }
