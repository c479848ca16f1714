"""Counts that all worker processes share and that may be lost: a small file beside the register.

Beside it and not in it: a search must not wait until a list of 100,000 rows is written, and a count is no news that
belongs into a backup. Several machines that share one PostgreSQL count each for itself.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

_FILE: Final = "counters.sqlite3"
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS counter (name TEXT, slot INTEGER, count INTEGER NOT NULL, gone_at INTEGER NOT NULL,"
    " PRIMARY KEY (name, slot)) WITHOUT ROWID"
)
_ADD: Final = (
    "INSERT INTO counter VALUES (?, ?, ?, ?) ON CONFLICT (name, slot)"
    " DO UPDATE SET count = count + excluded.count RETURNING count"
)


def add(folder: Path, *, name: str, slot: int, slot_s: int, count: int = 1) -> tuple[int, int]:
    """Counts so many more of `name` in this slot of time: (count before in the slot before, count now in this slot).

    slot is the number of the slot, that is seconds since 1970 divided by slot_s. Counts older than two slots go.
    count may be negative, to take back what was counted.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(folder / _FILE, timeout=5, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=OFF")
        file.execute(_TABLE)
        file.execute("BEGIN IMMEDIATE")
        (now,) = file.execute(_ADD, (name, slot, count, (slot + 2) * slot_s)).fetchone()
        before = file.execute("SELECT count FROM counter WHERE name = ? AND slot = ?", (name, slot - 1)).fetchone()
        if now == count:  # about once a slot and name: the file stays as small as what is counted at present
            file.execute("DELETE FROM counter WHERE gone_at < ?", (slot * slot_s,))
        file.execute("COMMIT")
    return (before[0] if before else 0), now
