"""What intake holds is brought under the active key, and rows from before cells were sealed are sealed: in batches."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from oblik.base.sealing import DamagedSecret, KeyMissing, Ring, key_of
from oblik.base.veiling import MARKED, veiled
from oblik.db import bulk, turns
from oblik.intake import raw_secrets
from oblik.intake.logic.secret_cells import SEALED, SecretCell, hidden
from oblik.intake.logic.shapes import Guess, Sheet, Table
from oblik.intake.models import RawRow, Record, Submission
from oblik.registry import vault

_TURN: Final = "secrets"


def cells_by_key() -> dict[str, int]:
    """id of a key -> how many sealed cells of rows need it."""
    counts: dict[str, int] = {}
    held = RawRow.objects.filter(submission__secret_rows__gt=0, cells__contains=MARKED)
    for cells in held.values_list("cells", flat=True).iterator(chunk_size=20_000):
        for found in SEALED.finditer(cells):
            key = _key_of(found[2])
            counts[key] = counts.get(key, 0) + 1
    return counts


def _key_of(token: str) -> str:
    try:
        return key_of(token)
    except DamagedSecret:
        return "?"


def lists_in_the_clear() -> list[int]:
    """Lists read before cells were sealed."""
    return list(Submission.objects.filter(secret_rows__isnull=True, state="read").values_list("pk", flat=True))


def turn_cells(*, ring: Ring, limit: int, after: int = 0) -> tuple[int, int, int]:
    """One batch of rows whose cells are sealed anew under the active key, in one transaction: how many cells were
    turned, how many could not be (key gone or damaged), and the last row looked at (0 when there are no more)."""
    with turns.turn(_TURN):
        stale = RawRow.objects.filter(pk__gt=after, submission__secret_rows__gt=0, cells__contains=MARKED)
        stale = stale.exclude(cells__contains=f"•s1.{ring.active}.").order_by("pk")
        rows: list[tuple[object, ...]] = []
        turned, lost, last = 0, 0, 0
        for last, submission, sheet, number, cells in stale.values_list(
            "pk", "submission_id", "sheet", "number", "cells"
        )[:limit]:
            held = json.loads(cells)
            for at, cell in enumerate(held):
                found = SEALED.fullmatch(cell)
                if found is None:
                    continue
                try:
                    token = ring.turned(
                        found[2], bound=raw_secrets.bound(submission, sheet=sheet, number=number, column=at)
                    )
                except (DamagedSecret, KeyMissing):
                    lost += 1
                    continue
                held[at] = f"{MARKED}{found[1]}•{token}"
                turned += 1
            rows.append((raw_secrets.dumped(held), last))
        bulk.update_rows(RawRow, columns=["cells"], rows=rows)
    return turned, lost, last


def seal_list(submission_id: int, *, ring: Ring) -> int:
    """Seals the secret cells of a list read before cells were sealed; how many rows hold some.

    Values, problems and examples lose what they repeat of them. One transaction: killed, the list is as it was.
    """
    with turns.turn(_TURN):
        submission = Submission.objects.get(pk=submission_id)
        columns = {str(sheet["sheet"]): sheet for sheet in submission.understood}
        sealed: list[tuple[object, ...]] = []
        understood = []
        for name, (ids, table) in _tables(submission_id, columns).items():
            fresh, secret = hidden(table)
            sealed += _sealed_rows(secret, submission=submission_id, sheet=name, ids=ids, table=table, ring=ring)
            understood.append(_understood(columns.get(name, {}), fresh))
        bulk.update_rows(RawRow, columns=["cells"], rows=sealed)
        bulk.update_rows(Record, columns=["values", "problems"], rows=_records(submission_id, ring=ring))
        submission.understood = understood
        submission.secret_rows = len(sealed)
        submission.failure = json.loads(veiled(json.dumps(submission.failure, ensure_ascii=False)))
        submission.save(update_fields=["understood", "secret_rows", "failure"])
    return len(sealed)


def _tables(submission_id: int, columns: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[list[int], Table]]:
    """sheet -> ids of its rows and the table as it was understood."""
    found: dict[str, tuple[list[int], Table]] = {}
    rows = RawRow.objects.filter(submission_id=submission_id).order_by("pk")
    for pk, sheet, number, role, cells in rows.values_list("pk", "sheet", "number", "role", "cells").iterator():
        if sheet not in found:
            guesses = [
                Guess(c["index"], c["header"], c["target"], c["confidence"], c["by"], examples=tuple(c["examples"]))
                for c in columns.get(sheet, {}).get("columns", [])
            ]
            found[sheet] = ([], Table(Sheet(sheet, [], []), [], guesses))
        ids, table = found[sheet]
        ids.append(pk)
        table.sheet.rows.append(json.loads(cells))
        table.sheet.numbers.append(number)
        table.roles.append(role)  # type: ignore[arg-type]  # a role is stored as its text
    return found


def _sealed_rows(
    secret: Mapping[tuple[int, int], SecretCell], *, submission: int, sheet: str, ids: Sequence[int], table: Table,
    ring: Ring,
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    by_row: dict[int, dict[int, SecretCell]] = {}
    for (row, at), cell in secret.items():
        by_row.setdefault(row, {})[at] = cell
    for row, cells in by_row.items():
        held = list(table.sheet.rows[row])
        for at, cell in cells.items():
            if SEALED.fullmatch(cell.text):
                continue
            place = raw_secrets.bound(submission, sheet=sheet, number=table.sheet.numbers[row], column=at)
            held[at] = raw_secrets.mark_of(cell, ring=ring) + ring.seal(cell.text, bound=place)
        yield raw_secrets.dumped(held), ids[row]


def _understood(before: Mapping[str, Any], table: Table) -> dict[str, Any]:
    columns = [
        dict(column) | {"header": guess.header, "target": guess.target, "examples": list(guess.examples)}
        for column, guess in zip(before.get("columns", []), table.columns, strict=True)
    ]
    return dict(before) | {"columns": columns, "notes": [veiled(note) for note in before.get("notes", [])]}


def _records(submission_id: int, *, ring: Ring) -> Iterator[tuple[object, ...]]:
    records = list(Record.objects.filter(submission_id=submission_id).values_list("pk", "values", "problems"))
    for pk, values, problems in records:
        fresh = vault.marked_values(values, ring=ring)
        told = [[code, name, veiled(value), column] for code, name, value, column in json.loads(problems or "[]")]
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""
        if (fresh, text) != (values, problems):
            yield fresh, text, pk
