"""Documents that lie in a campaign's folder: hashes, frozen for good, signed on paper."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from tests.kit import organisations

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.inventory import actions, cases, prepared, queries
from oblik.journal.queries import entries_about

BY = Actor("person", "olena")
AT = datetime(2026, 3, 20, 9, tzinfo=UTC)


@pytest.fixture
def town(db, data_dir, tmp_path):
    made = organisations.build(tmp_path)
    actions.add_member("C1", name="О. Коваль", role="chair", by=BY, at=AT)
    return made


def prepare(language="en", at=AT):
    folder = queries.documents_folder("C1", language=language)
    return actions.write_documents("C1", directory=folder, language=language, by=BY, at=at)


def test_hashes_are_those_of_the_bytes_and_what_is_older_than_the_data_says_so(town):
    files = prepare()
    lines = queries.documents("C1", language="en")
    assert {line.name: line.sha256 for line in lines} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    assert not any(line.is_stale for line in lines)
    cases.resolve("C1", [("mismatch", town.shared, "serial")], outcome="accepted", by=BY, at=AT)
    assert all(line.is_stale for line in queries.documents("C1", language="en"))
    prepare()
    assert not any(line.is_stale for line in queries.documents("C1", language="en"))


def test_frozen_documents_never_change(town, tmp_path):
    files = prepare()
    before = {path.name: path.read_bytes() for path in files}
    actions.freeze_campaign("C1", by=BY, at=AT, why="Акт № 4")
    assert {path.name: path.read_bytes() for path in prepare(at=AT.replace(day=25))} == before
    elsewhere = actions.write_documents("C1", directory=tmp_path / "out", language="en", by=BY, at=AT.replace(day=26))
    assert {path.name: path.read_bytes() for path in elsewhere} == before
    entry = entries_about("inventory:C1")[-1]
    assert entry.what == "frozen"
    assert entry.details["sha256"]["en/4-act.pdf"] == hashlib.sha256(before["4-act.pdf"]).hexdigest()
    told = prepared.frozen("C1")
    assert told is not None
    assert (told.by, told.why) == ("person:olena", "Акт № 4")
    for change in (
        lambda: actions.edit_campaign("C1", name="Інша", since=AT.date(), until=AT.date(), by=BY, at=AT),
        lambda: actions.add_member("C1", name="Ще", role="member", by=BY, at=AT),
        lambda: actions.remove_member("C1", place=1, by=BY, at=AT),
    ):
        with pytest.raises(Conflict, match="frozen"):
            change()


def test_a_changed_file_is_noticed_and_not_handed_out(town):
    act = next(path for path in prepare() if path.name == "4-act.pdf")
    good = act.read_bytes()
    act.write_bytes(good + b" ")
    assert {one.name: one.state for one in prepared.check("C1")}["4-act.pdf"] == "changed"
    with pytest.raises(Conflict, match=r"4-act\.pdf"):
        actions.freeze_campaign("C1", by=BY, at=AT, why="Акт")
    act.write_bytes(good)
    actions.freeze_campaign("C1", by=BY, at=AT, why="Акт")
    assert {one.state for one in prepared.check("C1")} == {"same"}
    act.write_bytes(good + b" ")
    with pytest.raises(Conflict, match=r"4-act\.pdf"):
        prepared.document_file("C1", language="en", name="4-act.pdf")
    act.unlink()
    assert {one.name: one.state for one in prepared.check("C1")}["4-act.pdf"] == "missing"


def test_documents_put_there_before_hashes_were_noted_are_frozen_too(town, data_dir):
    folder = data_dir / "documents" / "C1" / "uk"
    folder.mkdir(parents=True)
    (folder / "4-act.pdf").write_bytes(b"%PDF-1.7 old")
    actions.freeze_campaign("C1", by=BY, at=AT, why="Акт")
    (line,) = queries.documents("C1", language="uk")
    assert line.sha256 == hashlib.sha256(b"%PDF-1.7 old").hexdigest()


def test_signatures_on_paper_are_noted_and_taken_back(town):
    with pytest.raises(InvalidInput, match="2026-04-01"):
        actions.mark_signed("C1", place=1, signed_on=date(2026, 4, 1), by=BY, at=AT)
    actions.mark_signed("C1", place=1, signed_on=date(2026, 3, 19), by=BY, at=AT)
    (seat,) = queries.seats("C1")
    assert (seat.member.name, seat.signed_on, seat.marked_by) == ("О. Коваль", date(2026, 3, 19), "person:olena")
    with pytest.raises(Conflict, match="already"):
        actions.mark_signed("C1", place=1, signed_on=date(2026, 3, 19), by=BY, at=AT)
    with pytest.raises(Conflict, match="has signed"):
        actions.remove_member("C1", place=1, by=BY, at=AT)
    actions.unmark_signed("C1", place=1, by=BY, at=AT)
    actions.remove_member("C1", place=1, by=BY, at=AT)
    assert queries.seats("C1") == []
    with pytest.raises(NotFound):
        actions.mark_signed("C1", place=7, signed_on=AT.date(), by=BY, at=AT)


def test_editing_keeps_what_was_and_what_is(town):
    actions.edit_campaign("C1", name="Перша, уточнена", since=AT.date(), until=AT.date(), by=BY, at=AT)
    assert queries.campaign("C1").name == "Перша, уточнена"
    entry = entries_about("inventory:C1")[-1]
    assert (entry.what, entry.details["name"]) == ("campaign_edited", ["Перша", "Перша, уточнена"])
    actions.edit_campaign("C1", name="Перша, уточнена", since=AT.date(), until=AT.date(), by=BY, at=AT)
    assert entries_about("inventory:C1")[-1] == entry
