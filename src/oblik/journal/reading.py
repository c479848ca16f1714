"""Stored entries as they are hashed, in the order of their numbers, thousands at a time."""

from collections.abc import Collection, Iterator
from typing import Final

from django.db import DatabaseError

from oblik.db import scans
from oblik.journal.logic import chain

_CHUNK: Final = 8_192


def newest_number() -> int:
    """The number of the newest entry, 0 where there is none."""
    return int(str(scans.fetch_all("SELECT coalesce(max(number), 0) FROM journal_entry", [])[0][0]))


def stored_rows(*, after: int, until: int) -> list[chain.Row]:
    """The entries after one number up to another, as stored; DatabaseError where the database cannot read them."""
    happened, recorded = scans.stored_instant("happened_at"), scans.stored_instant("recorded_at")
    found = scans.fetch_all(
        f'SELECT number, kind, subject, what, {happened}, {recorded}, "by", why, details, parts, parts_root, hash '
        "FROM journal_entry WHERE number > %s AND number <= %s ORDER BY number",
        [after, until],
    )
    whole = scans.with_fraction
    return [
        row if _is_whole(row[4]) and _is_whole(row[5]) else (*row[:4], whole(row[4]), whole(row[5]), *row[6:])
        for row in found
    ]


def _is_whole(instant: object) -> bool:
    return isinstance(instant, str) and len(instant) == 26


def walk_to(at: chain.Walk, *, until: int, marks: Collection[int] = ()) -> None:
    """Walks on to an entry; what the database cannot read or does not have is a fault."""
    for after in range(at.number, until, _CHUNK):
        stop = min(after + _CHUNK, until)
        try:
            rows = stored_rows(after=after, until=stop)
        except (DatabaseError, UnicodeError):
            chain.skip(at, until=stop, kind="damaged")
            continue
        chain.walk(at, rows, marks=marks)
        chain.skip(at, until=stop, kind="missing")


def walk_after(number: int) -> chain.Walk:
    """A walk that begins behind an entry, held against the hash stored there; its tree begins there too."""
    if number == 0:
        return chain.Walk()
    try:
        row = next(iter(stored_rows(after=number - 1, until=number)), None)
    except (DatabaseError, UnicodeError):
        row = None
    head, recorded_at = (row[11], row[5]) if row else (b"", "")
    return chain.Walk(
        number,
        head if isinstance(head, bytes) else b"",
        recorded_at if isinstance(recorded_at, str) else "",
    )


def hashes(*, until: int) -> Iterator[bytes]:
    """The stored hashes of the first `until` entries, in order."""
    for after in range(0, until, _CHUNK):
        found = scans.fetch_all(
            "SELECT hash FROM journal_entry WHERE number > %s AND number <= %s ORDER BY number",
            [after, min(after + _CHUNK, until)],
        )
        for (stored,) in found:
            yield stored if isinstance(stored, bytes) else b""


def stored_parts(*, after: int = 0, entry: int = 0) -> Iterator[tuple[object, ...]]:
    """(entry, place, subject, details) of the parts of one entry, or of all entries after a number, in order."""
    key = (entry or after, -1 if entry else 2**31)
    while True:
        found = scans.fetch_all(
            "SELECT entry_id, place, subject, details FROM journal_part WHERE (entry_id, place) > (%s, %s)"
            + (" AND entry_id = %s" if entry else "")
            + " ORDER BY entry_id, place LIMIT %s",
            [*key, *([entry] if entry else []), _CHUNK],
        )
        yield from found
        if len(found) < _CHUNK:
            return
        key = (int(str(found[-1][0])), int(str(found[-1][1])))
