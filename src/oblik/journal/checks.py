"""What must always hold in the journal, for `oblik check-data`."""

from collections.abc import Iterator
from typing import Final

from django.db import connection

from oblik.base.findings import Broken
from oblik.db import guards
from oblik.journal.logic.chain import SAID
from oblik.journal.verifying import verify

TABLES: Final = ("journal_entry", "journal_part")
RULES: Final = ("journal_holds", "journal_guarded")


def broken() -> Iterator[Broken]:
    """The chain holds with its signed checkpoints; the database refuses to change entries."""
    for fault in verify().faults:
        said = SAID[fault.kind].format(**fault.params)
        yield Broken("journal_holds", f"journal:{fault.number}", said)
    for table in TABLES:
        if guards.changes_possible(connection, table=table):
            yield Broken("journal_guarded", table, "could be changed: its triggers are missing; run `oblik init`")


def unguarded_role() -> bool:
    """Whether the database's role that we use owns the journal and could take its guards away (PostgreSQL only)."""
    return guards.role_could(connection, table=TABLES[0])
