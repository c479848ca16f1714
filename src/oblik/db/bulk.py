"""Many rows at once: reserved ids, inserts, updates by id, the fastest way that each database has."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Final

from django.db import connection, models
from django.db.models import Q

_BATCH: Final = 20_000
_AT_ONCE: Final = 100  # rows in one INSERT of SQLite; at most 327 columns then fit its 32,766 parameters
_NAMED: Final = 5_000  # ids named in one statement: a database takes only so many parameters
_TRIES: Final = 100
_NOTICED: Final = 10_000  # so many rows at once change how a table is best read


def reserve_ids(model: type[models.Model], *, count: int) -> int:
    """The first of `count` ids in a row that nobody else will get. Call inside the transaction that inserts them."""
    if not connection.in_atomic_block:
        raise RuntimeError("ids are reserved inside the transaction that inserts them")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _reserve_postgresql(cursor, table=table, count=max(count, 1))
        # An IMMEDIATE transaction already holds SQLite's only write lock. The sequence row remembers deleted ids too.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        return int(row[0]) + 1 if row else 1


def _reserve_postgresql(cursor: "object", *, table: str, count: int) -> int:
    """Numbers are drawn one by one, as setval could hand out what an ordinary insert draws at the same moment.

    The lock keeps two bulk writers from drawing in turns; a single insert between leaves a gap, and we draw again.
    """
    execute, fetchone = cursor.execute, cursor.fetchone  # type: ignore[attr-defined]  # Django's cursor wrapper has no public type
    execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
    for _ in range(_TRIES):
        execute(
            "SELECT min(drawn), max(drawn) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS drawn "
            "FROM generate_series(1, %s)) AS numbers",
            [table, count],
        )
        first, last = fetchone()
        if last - first + 1 == count:
            return int(first)
    raise RuntimeError(f"no {count} numbers in a row to be had for {table}")


def insert_rows(model: type[models.Model], *, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Inserts rows given as tuples in the order of `columns` (column names of the table, not fields)."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                count = 0
                for count, row in enumerate(rows, start=1):  # noqa: B007  # the last number is how many there were
                    copy.write_row(row)
            if count >= _NOTICED:
                # Before its own look at a table, PostgreSQL plans as if what was just copied were not there.
                cursor.execute(f"ANALYZE {table}")
            return
        connection.ensure_connection()
        marks = "(" + ", ".join(["?"] * len(columns)) + ")"
        _insert_sqlite(connection.connection, head=f"INSERT INTO {table} ({names}) VALUES ", marks=marks, rows=rows)


def _insert_sqlite(raw: sqlite3.Connection, *, head: str, marks: str, rows: Iterable[Sequence[object]]) -> None:
    """Many rows a statement: each statement has its price, so a hundred rows at once take half the time (measured)."""
    together = head + ", ".join([marks] * _AT_ONCE)
    iterator = iter(rows)
    while some := list(islice(iterator, _AT_ONCE)):
        if len(some) == _AT_ONCE:
            raw.execute(together, list(chain.from_iterable(some)))
        else:
            raw.executemany(head + marks, some)


def update_rows(model: type[models.Model], *, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Sets columns of many rows; each tuple is the new values in the order of `columns`, then the id."""
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{connection.ops.quote_name(name)} = ?" for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for batch in _batches(rows):
                _update_postgresql(cursor, model=model, columns=columns, batch=batch)
            return
        connection.ensure_connection()
        connection.connection.executemany(f"UPDATE {table} SET {sets} WHERE id = ?", rows)


def _update_postgresql(
    cursor: "object", *, model: type[models.Model], columns: Sequence[str], batch: list[Sequence[object]]
) -> None:
    """One statement for a whole batch: copied into a passing table and joined, as COPY outruns executemany by far."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(name) for name in columns)
    execute = cursor.execute  # type: ignore[attr-defined]  # Django's cursor wrapper has no public type
    execute(f"CREATE TEMP TABLE oblik_update ON COMMIT DROP AS SELECT {names}, id FROM {table} WITH NO DATA")
    with cursor.cursor.copy(f"COPY oblik_update ({names}, id) FROM STDIN") as copy:  # type: ignore[attr-defined]  # as above
        for row in batch:
            copy.write_row(row)
    sets = ", ".join(f"{quote(name)} = u.{quote(name)}" for name in columns)
    execute(f"UPDATE {table} t SET {sets} FROM oblik_update u WHERE t.id = u.id")
    execute("DROP TABLE oblik_update")


def _batches(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def named(ids: Collection[int], *, column: str = "pk") -> Iterator[Q]:
    """Conditions that together find exactly the rows whose `column` is one of the ids; none for no ids.

    Ids that run on without a gap are found as a range, which reads an index in one go; others are named each.
    """
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _NAMED):
        chunk = wanted[start : start + _NAMED]
        if chunk[-1] - chunk[0] + 1 == len(chunk):
            yield Q(**{f"{column}__gte": chunk[0], f"{column}__lte": chunk[-1]})
        else:
            yield Q(**{f"{column}__in": chunk})


def instant(at: datetime) -> str | datetime:
    """An aware instant in the form that `insert_rows` and `update_rows` hand to the database."""
    if connection.vendor == "postgresql":
        return at
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
