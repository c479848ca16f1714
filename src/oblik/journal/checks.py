"""What must always hold in the journal, for `oblik check-data`."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection

from oblik.base.findings import Broken
from oblik.db import guards
from oblik.journal.logic.chain import SAID
from oblik.journal.verifying import verify

TABLES: Final = ("journal_entry", "journal_part")
RULES: Final = ("journal_holds", "journal_guarded", "journal_role")


def broken() -> Iterator[Broken]:
    """The chain holds with its signed checkpoints; the database refuses to change entries; so does our role in it."""
    for fault in verify().faults:
        said = SAID[fault.kind].format(**fault.params)
        yield Broken("journal_holds", f"journal:{fault.number}", said)
    for table in TABLES:
        if guards.changes_possible(connection, table=table):
            yield Broken(
                "journal_guarded", table, "could be changed: its triggers are missing; see docs/guide/audit.md"
            )
    if settings.OBLIK_OWNER_DATABASE_URL and unguarded_role():
        yield Broken("journal_role", TABLES[0], "could be changed by the role in OBLIK_DATABASE_URL; run `oblik init`")


def unguarded_role() -> bool:
    """Whether the database's role that we use owns the journal and could take its guards away (PostgreSQL only)."""
    return guards.role_could(connection, table=TABLES[0])
