"""What was overwritten is overwritten on disk too: free pages of SQLite, dead rows of PostgreSQL."""

from collections.abc import Sequence

from django.db import connection, models


def scrub(tables: Sequence[type[models.Model]]) -> None:
    """Rewrites these tables (SQLite: the whole database) so that no old row is left in the files; takes no transaction.

    PostgreSQL keeps what was written in its write-ahead log until that is recycled: see docs/guide/secrets.md.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in tables:
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(model._meta.db_table)}")
            cursor.execute("CHECKPOINT") if _may_checkpoint(cursor) else None
            return
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _may_checkpoint(cursor: "object") -> bool:
    execute, fetchone = cursor.execute, cursor.fetchone  # type: ignore[attr-defined]  # Django's cursor wrapper has no public type
    execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'usage')")
    return bool(fetchone()[0])
