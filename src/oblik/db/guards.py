"""Tables to which rows are only ever added: the database itself refuses to change or remove what stands in them."""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

_REFUSAL: Final = "rows of this table are only ever added"


def forbid_changes(connection: BaseDatabaseWrapper, *, table: str, key: tuple[str, ...]) -> None:
    """Sets triggers that refuse to change, remove or replace rows. key: the columns of which no two rows are alike.

    A later migration that makes the table anew on SQLite has to set them again.
    """
    allow_changes(connection, table=table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION oblik_only_added() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
            )
            for name, event, level in (("rows", "UPDATE OR DELETE", "ROW"), ("all", "TRUNCATE", "STATEMENT")):
                cursor.execute(
                    f'CREATE TRIGGER "{table}_keeps_{name}" BEFORE {event} ON "{table}" '
                    f"FOR EACH {level} EXECUTE FUNCTION oblik_only_added()"
                )
                # Also while a session plays the replica, which switches ordinary triggers off.
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_keeps_{name}"')
            return
        for event in ("UPDATE", "DELETE"):
            cursor.execute(
                f'CREATE TRIGGER "{table}_keeps_{event.lower()}" BEFORE {event} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        # INSERT OR REPLACE removes a row without calling the trigger on DELETE.
        same = " AND ".join(f'"{name}" = NEW."{name}"' for name in key)
        cursor.execute(
            f'CREATE TRIGGER "{table}_keeps_insert" BEFORE INSERT ON "{table}" '
            f"WHEN EXISTS (SELECT 1 FROM \"{table}\" WHERE {same}) BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )


def allow_changes(connection: BaseDatabaseWrapper, *, table: str) -> None:
    """Takes the triggers away: for tests that empty their database, and for migrations."""
    with connection.cursor() as cursor:
        on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
        for name in ("rows", "all") if on else ("update", "delete", "insert"):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_keeps_{name}"{on}')


def changes_possible(connection: BaseDatabaseWrapper, *, table: str) -> bool:
    """Whether the triggers are absent and the database would let us change or remove rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_trigger "
                "WHERE tgrelid = to_regclass(%s) AND tgname LIKE %s AND tgenabled = 'A'",
                [f'"{table}"', "%_keeps_%"],
            )
            return bool(cursor.fetchone()[0] < 2 and _privileged(cursor, table))
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name LIKE %s",
            [table, "%_keeps_%"],
        )
        return bool(cursor.fetchone()[0] < 3)


def role_could(connection: BaseDatabaseWrapper, *, table: str) -> bool:
    """Whether our role of the database could take the triggers away or pass them by; SQLite has no roles to ask."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        return _privileged(cursor, table)


def _privileged(cursor: "object", table: str) -> bool:
    execute, fetchone = cursor.execute, cursor.fetchone  # type: ignore[attr-defined]  # Django's cursor wrapper has no public type
    execute(
        "SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR "
        "pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass(%s)), 'USAGE')",
        [f'"{table}"', f'"{table}"'],
    )
    return bool(fetchone()[0])


def grant_application(connection: BaseDatabaseWrapper, *, role: str, only_added: tuple[str, ...]) -> None:
    """Gives the application's role what it needs in all tables, and in those only added to just reading and adding.

    Called as the owner of the tables. On SQLite there are no roles: nothing is done.
    """
    if connection.vendor != "postgresql":
        return
    name = connection.ops.quote_name(role)
    tables = ", ".join(connection.ops.quote_name(table) for table in only_added)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {name}")
        cursor.execute(f"REVOKE ALL ON {tables} FROM {name}, PUBLIC")
        cursor.execute(f"GRANT SELECT, INSERT ON {tables} TO {name}")
