"""PostgreSQL: the role that the program works under adds entries and can neither change nor remove them."""

import os
from dataclasses import replace

import psycopg
import pytest
from tests.kit.console import ok, ok_json

ATTACKS = (
    "UPDATE journal_entry SET why = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry CASCADE",
    "DELETE FROM journal_part", "DROP TRIGGER journal_entry_keeps_rows ON journal_entry",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL", "DROP TABLE journal_entry CASCADE",
    "ALTER TABLE journal_entry ADD COLUMN x int", "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION oblik_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    "INSERT INTO journal_entry SELECT * FROM journal_entry ON CONFLICT (number) DO UPDATE SET why = 'x'",
)  # fmt: skip


@pytest.fixture
def separated(installation):
    """An installation whose tables belong to one role while the program works under another."""
    url = installation.env.get("OBLIK_DATABASE_URL", "")
    if not url:
        pytest.skip("SQLite has no roles")
    role = f"program_{os.getpid()}"
    address, name = url.split("@")[1].split("/")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
    program = f"postgres://{role}@{address}/{name}"
    env = {**installation.env, "OBLIK_DATABASE_URL": program, "OBLIK_OWNER_DATABASE_URL": url}
    yield replace(installation, env=env)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


@pytest.mark.slow
def test_the_program_adds_entries_and_does_nothing_else_with_them(separated):
    ok(separated, "init")
    ok(separated, "owner", "add", "KP", "--name", "КП", "--kind", "enterprise")
    ok(separated, "check-data")
    with psycopg.connect(separated.env["OBLIK_DATABASE_URL"], autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM journal_entry").fetchone()[0] >= 1
        for attack in ATTACKS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attack)
    assert ok_json(separated, "journal", "verify")["holds"]
    assert "owns the journal" not in separated.run("journal", "verify").stderr
    owner = replace(separated, env={**separated.env, "OBLIK_DATABASE_URL": separated.env["OBLIK_OWNER_DATABASE_URL"]})
    told = owner.run("check-data")
    assert (told.returncode, "journal_role" in told.stdout) == (1, True)
    with psycopg.connect(owner.env["OBLIK_DATABASE_URL"], autocommit=True) as connection:
        for attack in ATTACKS[:3]:  # the owner has to take the triggers away first, which leaves a trace of its own
            with pytest.raises(psycopg.errors.RestrictViolation, match="only ever added"):
                connection.execute(attack)
