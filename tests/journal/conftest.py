"""A journal of forty entries, signed three times, and ways past the database's guards for those who attack it."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from oblik.base.actors import Actor
from oblik.db import guards
from oblik.journal import actions, checkpoints

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
OLENA, PETRO = Actor("person", "olena"), Actor("person", "petro")


def write(number: int) -> None:
    """Adds the number-th of our entries: most are done, some looked at, two cover batches."""
    by = OLENA if number % 3 else PETRO
    if number in (7, 23):
        parts = [(f"camera:KHA-{place}", {"height_m": place}) for place in range(number)]
        actions.record_batch(subject=f"campaign:C{number}", what="matched", by=by, at=AT, parts=parts)
    elif number % 5 == 0:
        actions.looked(subject=f"camera:KHA-{number}", what="secrets_shown", by=by, at=AT, why="лампа не світить")
    else:
        details = {"file": f"список {number}.csv", "rows": number}
        actions.record(subject=f"submission:{number}", what="read", by=by, at=AT, why="за наказом", details=details)


@pytest.fixture
def journal(db, data_dir):
    """Forty entries; signed at 12, 25 and 40."""
    checkpoints.prepare()
    for number in range(1, 41):
        with transaction.atomic():
            write(number)
        if number in (12, 25, 40):
            checkpoints.sign()
    return 40


@pytest.fixture
def unguarded(journal):
    """Somebody who owns the database has taken the triggers away."""
    for table in ("journal_entry", "journal_part"):
        guards.allow_changes(connection, table=table)
    return journal


@pytest.fixture
def one_more(journal):
    """Adds entry 41."""

    def add() -> None:
        with transaction.atomic():
            write(41)

    return add
