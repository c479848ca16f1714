"""Somebody with all rights in the database edits, removes, swaps and back-dates entries: each is found and named."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.journal.conftest import write

from oblik.base.errors import Conflict
from oblik.journal import checkpoints, proofs, reading
from oblik.journal.logic import chain
from oblik.journal.logic.canonical import START, entry_hash
from oblik.journal.models import Entry, Part
from oblik.journal.verifying import verify

pytestmark = pytest.mark.django_db
many = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.integers(1, 40)


class Undone:
    """What is done inside is undone at the end."""

    def __enter__(self):
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *said):
        transaction.set_rollback(True)
        self.block.__exit__(*said)


def found(**wanted):
    return {(fault.kind, fault.number, fault.until) for fault in verify(**wanted).faults}


def hash_again(first):
    """What a careful attacker does: all hashes from an entry on made anew, so that the chain holds."""
    previous = bytes(Entry.objects.get(number=first - 1).hash) if first > 1 else START
    for row in reading.stored_rows(after=first - 1, until=100):
        previous = entry_hash(row[:11], previous=previous)
        Entry.objects.filter(number=row[0]).update(hash=previous)


def test_an_honest_journal_holds(journal):
    verdict = verify()
    assert (verdict.after, verdict.until, verdict.checkpoints, verdict.faults) == (0, 40, 3, ())
    assert verify(since=30).after == 25
    assert Part.objects.count() == 30


def test_the_database_itself_refuses(journal):
    for attack in (
        lambda: Entry.objects.filter(number=3).update(why="інше"),
        lambda: Entry.objects.filter(number=3)._raw_delete("default"),
        lambda: Part.objects.filter(entry_id=7, place=2).update(details="{}"),
        lambda: Part.objects.filter(entry_id=7, place=2)._raw_delete("default"),
        lambda: connection.cursor().execute("DELETE FROM journal_entry"),
    ):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            attack()
    assert found() == set()


def test_a_replacing_insert_is_refused(journal):
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's own")
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        connection.cursor().execute(
            "INSERT OR REPLACE INTO journal_entry SELECT number, kind, subject, what, happened_at, recorded_at, 'x', "
            "why, details, parts, parts_root, hash FROM journal_entry WHERE number = 3"
        )


FIELDS = {
    "kind": st.sampled_from(["done", "looked"]), "subject": st.text(max_size=9), "what": st.text(max_size=9),
    "by": st.text(max_size=9), "why": st.text(max_size=9), "details": st.just('{"rows":1}'), "parts": st.integers(1, 9),
    "parts_root": st.just("00"), "happened_at": st.just(1), "recorded_at": st.just(1), "hash": st.binary(max_size=33),
}  # fmt: skip


@many
@given(numbers, st.sampled_from(sorted(FIELDS)), st.data())
def test_any_edit_is_found_and_its_entry_named(unguarded, number, field, data):
    old = getattr(Entry.objects.get(number=number), field)
    new = data.draw(FIELDS[field].filter(lambda value: not isinstance(value, str) or "\0" not in value))
    if new == 1 and field.endswith("_at"):
        new = old + timedelta(microseconds=data.draw(st.integers(-(10**12), 10**12)))
    if new == (bytes(old) if field == "hash" else old):
        return
    with Undone():
        Entry.objects.filter(number=number).update(**{field: new})
        kinds = {kind for kind, at, _ in found() if at == number}
        # Of the last entry's hash nothing follows: there it is the checkpoint that tells.
        assert kinds & ({"hash", "changed"} if field == "hash" else {"changed"})


@many
@given(numbers)
def test_an_entry_changed_and_hashed_again_no_longer_leads_to_the_next(unguarded, number):
    with Undone():
        Entry.objects.filter(number=number).update(why="тихо")
        row = reading.stored_rows(after=number - 1, until=number)[0]
        before = bytes(Entry.objects.get(number=number - 1).hash) if number > 1 else START
        Entry.objects.filter(number=number).update(hash=entry_hash(row[:11], previous=before))
        if number < 40:
            assert ("changed", number + 1, 0) in found()
        assert any(kind == "rewritten" and first <= number <= until for kind, first, until in found() if until) or (
            number not in (12, 25, 40)
        )


@many
@given(numbers)
def test_an_entry_changed_with_all_that_follow_contradicts_the_next_checkpoint(unguarded, number):
    with Undone():
        Entry.objects.filter(number=number).update(by="person:nobody")
        hash_again(number)
        signed = next(n for n in (12, 25, 40) if n >= number)
        first = {12: 1, 25: 13, 40: 26}[signed]
        assert found() == {("rewritten", first, signed)}


@many
@given(st.integers(1, 40), st.integers(1, 5))
def test_removed_entries_are_named(unguarded, first, count):
    last = min(first + count - 1, 40)
    with Undone():
        Part.objects.filter(entry_id__gte=first, entry_id__lte=last)._raw_delete("default")
        Entry.objects.filter(number__gte=first, number__lte=last)._raw_delete("default")
        kind = "truncated" if last == 40 else "missing"
        assert (kind, first, last) in found()


@many
@given(st.integers(1, 39))
def test_an_entry_removed_and_the_gap_closed_contradicts_the_checkpoint(unguarded, number):
    with Undone():
        Part.objects.all()._raw_delete("default")
        Entry.objects.filter(number=number)._raw_delete("default")
        Entry.objects.filter(parts__gt=0).update(parts=0, parts_root="")
        for later in range(number + 1, 41):
            Entry.objects.filter(number=later).update(number=later - 1)
        hash_again(1)
        faults = found()
        assert ("rewritten", 1, 12) in faults
        assert ("truncated", 40, 40) in faults


@many
@given(numbers, numbers)
def test_swapped_entries_are_named_with_their_true_places(unguarded, one, other):
    if one == other:
        return
    with Undone():
        Part.objects.all()._raw_delete("default")
        for now, then in ((one, 99), (other, one), (99, other)):
            Entry.objects.filter(number=now).update(number=then)
        moved = {fault for fault in found() if fault[0] == "moved"}
        assert moved == {("moved", one, other), ("moved", other, one)}
        assert not [fault for fault in found() if fault[0] == "changed"]


@many
@given(st.integers(2, 40))
def test_a_back_dated_entry_is_named(unguarded, number):
    with Undone():
        before = Entry.objects.get(number=number - 1).recorded_at
        Entry.objects.filter(number=number).update(recorded_at=before - timedelta(hours=3))
        hash_again(number)
        assert ("back_dated", number, 0) in found()


def test_an_entry_added_behind_a_checkpoint_cannot_pretend_to_be_older(unguarded):
    """Older than the checkpoint, though not older than the entry before: the house was quiet for a day."""
    Entry.objects.all().update(recorded_at=Entry.objects.get(number=1).recorded_at - timedelta(days=1))
    hash_again(1)
    for path in checkpoints.folder().glob("0*.json"):
        path.unlink()
    checkpoints.sign()
    assert found() == set()
    last = Entry.objects.get(number=40)
    Entry.objects.create(
        number=41, subject="camera:1", what="seen", by="person:x", happened_at=last.recorded_at,
        recorded_at=last.recorded_at + timedelta(hours=1), hash=b"",
    )  # fmt: skip
    hash_again(41)
    assert found() == {("back_dated", 41, 0)}


def test_parts_of_a_batch_changed_removed_added_or_swapped(unguarded):
    attacks = (
        lambda: Part.objects.filter(entry_id=23, place=4).update(details='{"height_m":9}'),
        lambda: Part.objects.filter(entry_id=23, place=22)._raw_delete("default"),
        lambda: Part.objects.filter(entry_id=23, place=0)._raw_delete("default"),
        lambda: Part.objects.create(entry_id=23, place=23, subject="camera:KHA-0"),
        lambda: Part.objects.filter(entry_id=23)._raw_delete("default"),
    )
    for attack in attacks:
        with Undone():
            attack()
            assert found() == {("parts", 23, 0)}
    with Undone():
        Part.objects.create(entry_id=24, place=0, subject="camera:KHA-0")
        assert found() == {("parts", 24, 0)}


def test_what_is_wrong_before_the_asked_checkpoint_is_taken_at_its_signature(unguarded):
    Entry.objects.filter(number=5).update(why="тихо")
    assert found(since=30) == set()
    assert ("changed", 5, 0) in found(since=13 - 1)


def files():
    return sorted(checkpoints.folder().glob("0*.json"))


def test_a_checkpoint_edited_removed_or_forged(journal, tmp_path):
    first, second, third = files()
    said = json.loads(second.read_text())
    second.write_text(json.dumps({**said, "signed_at": "2020-01-01 00:00:00.000000"}))
    assert ("checkpoint", 25, 0) in found()
    second.unlink()
    assert found() == {("checkpoint_gone", 40, 0)}
    second.write_text("{")
    assert found() == {("checkpoint", 25, 0)}
    second.write_text(json.dumps(said))
    assert found() == set()
    third.write_text(json.dumps({**json.loads(third.read_text()), "number": 39}))
    assert ("checkpoint", 40, 0) in found()
    assert first.exists()


def test_nothing_is_signed_on_top_of_a_checkpoint_that_somebody_laid_there(unguarded, one_more):
    """Who may write beside the checkpoints, but has no key, rewrites what stands and waits for our next signature."""
    third = files()[-1]
    said = json.loads(third.read_text())
    Entry.objects.filter(number=33).update(why="тихо")
    hash_again(33)
    at = chain.Walk()
    reading.walk_to(at, until=40)
    forged = {"head": at.head.hex(), "root": at.tree.root().hex(), "frontier": [one.hex() for one in at.tree.hashes]}
    third.write_text(json.dumps({**said, **forged}))
    one_more()
    with pytest.raises(Conflict, match="does not hold"):
        checkpoints.sign()
    assert files()[-1] == third


def test_a_database_that_was_set_back_is_not_taken_for_the_signed_one(unguarded):
    Entry.objects.filter(number=40)._raw_delete("default")
    with pytest.raises(Conflict, match="39 entries, but 40 were signed: an older state"):
        checkpoints.sign()


def test_after_a_backup_was_put_back_signing_goes_on_once_the_newer_checkpoints_are_moved_away(unguarded, tmp_path):
    """As docs/guide/audit.md says; until then nothing is signed, and the auditor is told."""
    assert not checkpoints.is_overdue()
    Part.objects.filter(entry_id__gt=30)._raw_delete("default")
    Entry.objects.filter(number__gt=30)._raw_delete("default")
    assert checkpoints.is_overdue()
    with transaction.atomic():
        write(31)
    assert {kind for kind, _number, _until in found()} == {"truncated"}
    files()[-1].rename(tmp_path / "000000000040.json")
    assert checkpoints.sign().number == 31
    assert not checkpoints.is_overdue()
    assert found() == set()


def test_where_signing_fails_it_is_told_that_it_is_overdue(unguarded, one_more, settings):
    settings.OBLIK_CHECKPOINT_ENTRIES = 1
    one_more()
    Entry.objects.filter(number=41).update(why="тихо")
    with transaction.atomic():
        write(42)
    with pytest.raises(Conflict, match="does not hold"):
        checkpoints.sign()
    assert checkpoints.is_overdue()


def test_a_key_of_somebody_else_signs_nothing(journal, tmp_path, settings):
    """Who rewrites entries, checkpoints and key alike is found by anybody who kept the public key."""
    kept = checkpoints.public_key()
    assert verify(keys=[kept]).faults == ()
    for path in checkpoints.folder().glob("*.json"):
        path.unlink()
    settings.OBLIK_KEYS = str(tmp_path / "forged")
    checkpoints.prepare()
    checkpoints.sign()
    assert verify().faults == ()
    assert {fault.kind for fault in verify(keys=[kept]).faults} == {"key"}


def test_a_new_key_is_vouched_for_by_the_old_one(journal, one_more):
    kept = checkpoints.public_key()
    checkpoints.rotate_key()
    one_more()
    checkpoints.sign()
    assert checkpoints.public_key() != kept
    assert verify(keys=[kept]).faults == ()
    note = next(n for n in checkpoints.key_notes() if n.vouched_by)
    path = checkpoints.folder() / f"key-{note.id}.json"
    path.write_text(json.dumps({**note.signed(), "made_at": "2020-01-01 00:00:00.000000"}))
    assert {(f.kind, f.number) for f in verify(keys=[kept]).faults} == {("key", 41)}


def test_what_does_not_hold_is_neither_signed_nor_proved(unguarded, one_more):
    one_more()
    Entry.objects.filter(number=41).update(why="тихо")
    with pytest.raises(Conflict, match="does not hold"):
        checkpoints.sign()
    Entry.objects.filter(number=12).update(why="тихо")
    with pytest.raises(Conflict, match="as it was signed"):
        proofs.proof_of(12)
