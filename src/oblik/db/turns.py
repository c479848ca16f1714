"""One writer at a time: what two processes would do at once is done one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection, transaction

from oblik.base.errors import Conflict, msg

_BUSY: Final = ("database is locked", "database table is locked")


@contextmanager
def turn(name: str) -> Iterator[None]:
    """A transaction that no other process holding the same name runs beside; the name is free again at its end.

    SQLite has one writer anyway, as transactions begin IMMEDIATE. Whoever waits in vain gets a Conflict.
    """
    try:
        with transaction.atomic():
            take(name)
            yield
    except OperationalError as wrong:
        if not any(said in str(wrong) for said in _BUSY):
            raise
        raise Conflict(msg("Another process is writing to the database; try again when it is done.")) from wrong


def take(name: str) -> None:
    """Waits until no other transaction holds the name, and holds it to the end of this one; again is no harm."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"oblik:{name}"])
