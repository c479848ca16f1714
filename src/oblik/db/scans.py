"""Very many rows read as they are stored, past Django's fields, in this process or beside it."""

from collections.abc import Sequence
from typing import Final

import django
from django.db import connection, connections

_MEMORY: Final = ("", ":memory:")


def stored_instant(column: str) -> str:
    """SQL for a timestamp column as text of UTC to the microsecond.

    SQLite keeps text already; the plus leaves type and value alone and hides the declared type, so that no text is
    turned into a datetime. It drops a fraction of nothing, which `with_fraction` puts back.
    """
    if connection.vendor == "postgresql":
        return f"to_char(\"{column}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return f'+"{column}"'


def fetch_all(sql: str, params: Sequence[int | str]) -> list[tuple[object, ...]]:
    """The rows of a SELECT as the database's own module gives them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def seen_elsewhere() -> str | None:
    """The name under which another process opens this very database and sees what we see; None where it cannot.

    It cannot see what an open transaction has written, nor a database that lives in memory.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.in_atomic_block or name in _MEMORY or "mode=memory" in name:
        return None
    return name


def open_elsewhere(name: str) -> None:
    """In a new process: sets Django up, with a connection that leads to that database."""
    django.setup()
    connections["default"].settings_dict["NAME"] = name


def with_fraction(stored: object) -> object:
    """An instant read through `stored_instant` with its six digits; whatever is no such text comes back as it is."""
    return f"{stored}.000000" if isinstance(stored, str) and len(stored) == 19 else stored
