"""Entries are chained whoever writes them, at once or in turn, and are read back as they were written."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from tests.kit.console import ok, ok_json

from oblik.base.actors import Actor
from oblik.db import scans
from oblik.journal import actions, checkpoints, queries, verifying
from oblik.journal.actions import looked, record, record_batch
from oblik.journal.models import Entry
from oblik.journal.verifying import verify

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
OLENA = Actor("person", "olena")


@pytest.mark.django_db
def test_entries_are_read_back_as_they_were_written(data_dir):
    record(subject="camera:1", what="pinned", by=OLENA, at=AT, why="Ї 'так'", details={"ї": [1, None, "\ud800"]})
    looked(subject="camera:1", what="secrets_shown", by=OLENA, at=AT)
    record_batch(subject="campaign:C1", what="matched", by=OLENA, at=AT, parts=[("camera:1", {"to": 2})])
    done, seen, batch = queries.entries_about("camera:1")
    assert (done.number, done.why, done.details) == (1, "Ї 'так'", {"ї": [1, None, "\\ud800"]})
    assert (done.happened_at, seen.kind, batch.parts) == (AT, "looked", 1)
    assert queries.parts_of(3) == [(0, "camera:1", {"to": 2})]
    assert verify().faults == ()


@pytest.mark.django_db(transaction=True)
def test_reading_is_recorded_outside_a_transaction_and_doing_is_not(data_dir):
    before = queries.journal_version()
    looked(subject="camera:1", what="exported", by=OLENA, at=AT)
    assert queries.journal_version() not in (before, "empty")
    for write in (record, lambda **said: record_batch(parts=[], **said)):
        with pytest.raises(RuntimeError, match="transaction"):
            write(subject="camera:1", what="pinned", by=OLENA, at=AT)


@pytest.mark.django_db
def test_gathered_entries_are_written_at_the_end_and_not_at_all_after_an_error(data_dir):
    with actions.gathered():
        for what in ("first", "second"):
            with actions.gathered():
                assert record(subject="camera:1", what=what, by=OLENA, at=AT) == 0
        assert not Entry.objects.exists()
    assert [d.what for d in queries.all_entries(queries.Asked())] == ["first", "second"]
    with pytest.raises(KeyError), actions.gathered():
        record(subject="camera:1", what="third", by=OLENA, at=AT)
        raise KeyError
    assert record(subject="camera:1", what="fourth", by=OLENA, at=AT) == 3


@pytest.mark.django_db
def test_numbers_have_no_gaps_where_transactions_were_rolled_back(data_dir):
    for number in range(6):
        with transaction.atomic():
            record(subject="camera:1", what="pinned", by=OLENA, at=AT)
            transaction.set_rollback(number % 2 == 1)
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert verify().faults == ()


@pytest.mark.django_db
def test_a_clock_that_goes_back_does_not_make_entries_older(data_dir, monkeypatch):
    for hours in (2, 1, 3):
        monkeypatch.setattr(actions, "now", lambda hours=hours: AT + timedelta(hours=hours))
        record(subject="camera:1", what="pinned", by=OLENA, at=AT)
    recorded = Entry.objects.order_by("number").values_list("recorded_at", flat=True)
    assert [at - AT for at in recorded] == [timedelta(hours=h) for h in (2, 2, 3)]


@pytest.mark.django_db
def test_asking_by_subject_person_time_and_page(journal):
    asked = queries.Asked
    assert {d.by for d in queries.newest_entries(asked(by="person:petro"))} == {"person:petro"}
    assert len(queries.newest_entries(asked(subject="camera:"))) == 8
    assert {d.kind for d in queries.newest_entries(asked(kind="looked"))} == {"looked"}
    first = queries.newest_entries(asked(), limit=15)
    second = queries.newest_entries(asked(), limit=15, before=first[-1].number)
    assert [d.number for d in first + second] == list(range(40, 10, -1))
    middle = queries.entry(20).recorded_at
    numbers = [d.number for d in queries.newest_entries(asked(since=middle, until=queries.entry(30).recorded_at))]
    assert numbers == list(range(29, 19, -1))
    assert [d.number for d in queries.all_entries(asked(what="matched"))] == [7, 23]


@pytest.mark.django_db
def test_a_checkpoint_is_due_by_number_and_by_time(journal, settings, django_capture_on_commit_callbacks):
    settings.OBLIK_CHECKPOINT_ENTRIES, settings.OBLIK_CHECKPOINT_MINUTES = 2, 60
    signed = []
    for _ in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            record(subject="camera:1", what="pinned", by=OLENA, at=AT)
        signed.append(checkpoints.newest().number)
    assert signed == [40, 42, 42, 44, 44]
    settings.OBLIK_CHECKPOINT_MINUTES = 0
    with django_capture_on_commit_callbacks(execute=True):
        record(subject="camera:1", what="pinned", by=OLENA, at=AT)
    assert checkpoints.newest().number == 46
    assert verify().faults == ()


@pytest.mark.django_db
def test_nothing_is_signed_where_there_is_no_key(data_dir, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        record(subject="camera:1", what="pinned", by=OLENA, at=AT)
    assert callbacks == []
    assert not checkpoints.folder().exists()


@pytest.mark.django_db
def test_blocks_walked_over_apart_find_what_one_walk_finds(unguarded, monkeypatch):
    from oblik.journal.logic import chain

    for module in (chain, verifying):
        monkeypatch.setattr(module, "BLOCK", 8)
    assert verify().faults == ()
    assert verify(since=14).faults == verify(since=30).faults == ()
    Entry.objects.filter(number__in=[8, 9, 16, 31]).update(why="тихо")
    assert [(f.kind, f.number) for f in verify().faults] == [("changed", n) for n in (8, 9, 16, 31)]
    Entry.objects.filter(number__in=[16, 17])._raw_delete("default")
    assert ("missing", 16, 17) in {(f.kind, f.number, f.until) for f in verify().faults}


WRITER = """
import sys, time
from oblik.db import scans
scans.open_elsewhere(sys.argv[2])
from datetime import UTC, datetime
from django.db import transaction
from oblik.base.actors import Actor
from oblik.journal.actions import looked, record, record_batch
print("ready", flush=True)
sys.stdin.readline()
by, at = Actor("model", sys.argv[1]), datetime(2026, 3, 1, tzinfo=UTC)
for number in range(60):
    time.sleep(0.002)  # whoever has just written would be first again: SQLite lets the others sleep for longer
    if number % 3 == 0:
        looked(subject=f"camera:{number}", what="seen", by=by, at=at)
    else:
        with transaction.atomic():
            if number % 20 == 1:
                record_batch(subject="x:1", what="many", by=by, at=at, parts=[(f"c:{n}", {}) for n in range(300)])
            else:
                record(subject=f"camera:{number}", what="pinned", by=by, at=at)
"""


@pytest.mark.slow
@pytest.mark.django_db
def test_processes_that_write_at_once_never_fork_the_chain(installation):
    ok(installation, "init")
    url = installation.env.get("OBLIK_DATABASE_URL", "")
    name = url.rsplit("/", 1)[1] if url else str(installation.data / "oblik.sqlite3")
    env = {**installation.env, "DJANGO_SETTINGS_MODULE": "oblik.config.settings", "OBLIK_CHECKPOINT_ENTRIES": "25"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, f"w{n}", name],
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for n in range(4)
    ]
    assert [one.stdout.readline() for one in running] == ["ready\n"] * 4
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    errors = [one.communicate(timeout=100)[1] for one in running]
    assert [one.returncode for one in running] == [0] * 4, errors
    verdict = ok_json(installation, "journal", "verify")
    entries = ok_json(installation, "journal", "list", "--limit", "1000", "--by", "model:")
    assert (verdict["holds"], len(entries)) == (True, 240)
    assert verdict["checkpoints"] >= 5
    numbers = [entry["number"] for entry in entries]
    assert numbers == list(range(numbers[0], numbers[0] - 240, -1))
    turns = sum(one["by"] != other["by"] for one, other in pairwise(entries))
    assert turns > 4, "they did not write at once, so nothing was shown"


@pytest.mark.django_db(transaction=True)
def test_the_entries_of_an_older_installation_are_chained(data_dir):
    """Also those that PostgreSQL numbered out of turn: on record is what counts."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("journal")
    executor = MigrationExecutor(connection)
    executor.migrate([("journal", "0001_initial")])
    old = executor.loader.project_state([("journal", "0001_initial")]).apps.get_model("journal", "Entry")
    for number, minute in enumerate((5, 3, 4, 9, 8)):
        entry = old.objects.create(
            subject=f"camera:{number}", what="pinned", happened_at=AT, by="person:olena", details={"ї": 1.5}
        )
        old.objects.filter(pk=entry.pk).update(recorded_at=AT + timedelta(minutes=minute))
    try:
        MigrationExecutor(connection).migrate(newest)
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert [d.subject[-1] for d in queries.all_entries(queries.Asked())] == list("12043")
    assert queries.entry(1).details == {"ї": 1.5}
    assert verify().faults == ()
    with transaction.atomic():
        assert record(subject="camera:1", what="pinned", by=OLENA, at=AT) == 6
    assert verify().faults == ()


@pytest.mark.slow
def test_the_commands_tell_people_and_programs(installation, tmp_path):
    ok(installation, "init")
    ok(installation, "owner", "add", "KP", "--name", "КП", "--kind", "enterprise")
    entries = ok_json(installation, "journal", "list", "--subject", "owner:KP")
    assert [(e["what"], e["details"]["name"]) for e in entries] == [("added", "КП")]
    proof = tmp_path / "proof.json"
    ok(installation, "journal", "prove", str(entries[0]["number"]), "--output", str(proof))
    key = ok(installation, "journal", "key").strip()
    assert json.loads(proof.read_text("utf-8"))["public_key"] == key
    assert oct((installation.data / "keys/journal.pem").stat().st_mode & 0o777) == "0o600"
    ok(installation, "journal", "rotate-key", "--why", "річна заміна")
    assert ok(installation, "journal", "key").strip() != key
    assert ok_json(installation, "journal", "verify", "--key", key)["holds"]
    refused = installation.run("journal", "verify", "--key", "зорі")
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    missing = installation.run("journal", "prove", "9999")
    assert (missing.returncode, "9999" in missing.stderr) == (1, True)
    newest = max((installation.data / "checkpoints").glob("0*.json"))
    newest.write_text(newest.read_text().replace('"head": "', '"head": "f'), encoding="utf-8")
    broken = installation.run("journal", "verify", "--json")
    assert (broken.returncode, json.loads(broken.stdout)["faults"][0]["kind"]) == (1, "checkpoint")
    checked = installation.run("check-data", "--json")
    assert "journal_holds" in {one["rule"] for one in json.loads(checked.stdout)}


def test_another_process_sees_no_open_transaction(db):
    assert scans.seen_elsewhere() is None
