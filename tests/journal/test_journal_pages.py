"""Each byte of a stored page of the journal is changed in turn: no changed entry passes for the one written."""

import sqlite3
import struct

import pytest
from django.db import connection, connections

from oblik.journal.verifying import verify

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COLUMNS = ["number", "kind", "subject", "what", "happened_at", "recorded_at", '"by"', "why", "details", "parts",
           "parts_root", "hash"]  # fmt: skip


def database_file(path):
    """The journal as a database file of its own, with real pages; the test's own database may live in memory."""
    with sqlite3.connect(path) as file:
        for (sql,) in connection.cursor().execute(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name IN ('journal_entry', 'journal_part')"
        ):
            file.execute(sql)
        for table in ("journal_entry", "journal_part"):
            rows = connection.cursor().execute(f"SELECT * FROM {table}").fetchall()
            marks = ", ".join("?" * len(rows[0]))
            file.executemany(f"INSERT INTO {table} VALUES ({marks})", [tuple(map(stored, row)) for row in rows])
    file.close()
    return path.read_bytes()


def stored(value):
    return str(value) if hasattr(value, "year") else value


def opened(content):
    database = sqlite3.connect(":memory:")
    database.deserialize(content)
    return database


def rows_in(content):
    """Values and storage classes of all entries and parts, as SQLite reads them; None where it refuses."""
    types = ", ".join(f"typeof({name}), {name}" for name in COLUMNS)
    database = opened(content)
    try:
        return (
            database.execute(f"SELECT {types} FROM journal_entry ORDER BY number").fetchall(),
            database.execute("SELECT entry_id, place, subject, details FROM journal_part ORDER BY 1, 2").fetchall(),
        )
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None
    finally:
        database.close()


def varint(page, at):
    """(value, length) of a SQLite variable-length integer."""
    value = 0
    for length in range(1, 10):
        byte = page[at + length - 1]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, length


def without_content(page):
    """Offset -> (what lies there, its idle bits) for the bytes of a table's leaf page that hold nothing of any row.

    Source: SQLite's file format, 1.6 (B-tree pages) and 2.1 (record format).
    """
    cells = struct.unpack(">H", page[3:5])[0]
    pointers = struct.unpack(f">{cells}H", page[8 : 8 + 2 * cells])
    idle = dict.fromkeys((1, 2), ("first freeblock", 0xFF)) | dict.fromkeys((5, 6), ("start of content", 0xFF))
    idle[7] = ("count of fragments", 0xFF)
    # SQLite masks pointers to the size of a page, here twelve bits.
    idle |= {8 + 2 * number: ("upper bits of a pointer", 0xF0) for number in range(cells)}
    idle |= dict.fromkeys(range(8 + 2 * cells, min(pointers)), ("unallocated", 0xFF))
    for number, cell in enumerate(pointers):
        # All bits of 0x80 changed point one byte earlier: with a high bit there it only lengthens the payload length.
        if cell & 0xFF == 0x80 and page[cell - 1] >= 0x80:
            idle[9 + 2 * number] = ("pointer to a longer payload length", 0xFF)
    for cell in pointers:
        _, size = varint(page, cell)
        idle |= dict.fromkeys(range(cell, cell + size), ("payload length", 0xFF))
        at = cell + size
        at += varint(page, at)[1]
        # The first column is the rowid itself; what its header says of it is not read.
        idle[at + varint(page, at)[1]] = ("type of the rowid column", 0xFF)
    return idle


def leaf_with_entries(content, *, size):
    """Where the first page of the table of entries begins: a leaf (13) with the text of an entry in it."""
    leaves = [
        at
        for at in range(size, len(content), size)
        if content[at] == 13 and "за наказом".encode() in content[at : at + size]
    ]
    assert len(leaves) >= 2
    return leaves[0]


@pytest.mark.parametrize("pattern", ["a bit", "all bits"])
def test_each_byte_of_a_page_of_entries(journal, tmp_path, monkeypatch, pattern):
    if connection.vendor != "sqlite":
        pytest.skip("the file format is SQLite's")
    content = database_file(tmp_path / "journal.sqlite3")
    size = struct.unpack(">H", content[16:18])[0]
    start = leaf_with_entries(content, size=size)
    honest, idle = rows_in(content), without_content(content[start : start + size])
    reported = 0
    for offset in range(size):
        flip = 0xFF if pattern == "all bits" else 1 << offset % 8
        damaged = bytearray(content)
        damaged[start + offset] ^= flip
        if faults_in(bytes(damaged), monkeypatch):
            reported += 1
            continue
        # Nobody said a word: then these bits are no part of any row, and every row reads as before.
        what, bits = idle.get(offset, ("content", 0))
        assert flip & ~bits == 0, f"{what} at byte {offset} of the page"
        assert rows_in(bytes(damaged)) == honest, f"{what} at byte {offset} of the page"
    assert reported >= size - len(idle)
    assert reported > 0.8 * size


def faults_in(content, monkeypatch):
    """What the verification finds in a database of these bytes."""
    database = opened(content)
    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "connection", database)
        faults = verify().faults
    database.close()
    return faults
