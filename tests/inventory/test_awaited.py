"""Owners asked for lists: late in words, reminded once a day, their people's names kept out of the journal."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.kit import organisations

from oblik.accounts.logic.rights import Reach, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.inventory import actions, awaited, queries
from oblik.inventory.logic.deadlines import Asked, arrival, days_late, rests_until
from oblik.journal.queries import Asked as AskedOfJournal
from oblik.journal.queries import all_entries
from oblik.registry import actions as registry

BY = Actor("person", "olena")
AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
DUE = date(2026, 3, 10)
LETTER = awaited.Letter("LATE", "tetiana@light.example", "Ваш перелік", "Добрий день")


@pytest.fixture
def town(db, data_dir, tmp_path):
    made = organisations.build(tmp_path)
    registry.add_owner("LATE", name="КП «Пізно»", kind="enterprise", by=BY, at=AT)
    awaited.expect_owners("C1", owners=["ALF", "LATE"], due_on=DUE, by=BY, at=AT)
    return made


def lines(at=AT, **more):
    found = awaited.awaited("C1", lists=queries.lists_received("C1"), at=at, **more)
    return {line.owner: line for line in found}


def test_who_handed_in_and_who_is_late(town):
    found = lines()
    assert {owner: line.arrival for owner, line in found.items()} == {
        "ALF": "handed_in", "BRV": "unasked", "LATE": "late",
    }  # fmt: skip
    assert (found["LATE"].days_late, found["LATE"].is_in) == (10, False)
    assert lines(at=datetime(2026, 3, 10, 20, tzinfo=UTC))["LATE"].arrival == "due"


@pytest.mark.parametrize(
    ("due_on", "came", "today", "said"),
    [
        (DUE, None, DUE, "due"),
        (DUE, None, DUE + timedelta(1), "late"),
        (DUE, DUE, DUE + timedelta(9), "handed_in"),
        (DUE, DUE + timedelta(1), DUE + timedelta(9), "handed_in_late"),
        (None, DUE, DUE, "unasked"),
    ],
)
def test_the_last_day_is_in_time(due_on, came, today, said):
    assert arrival(due_on, first_list_on=came, today=today) == said


def test_days_and_rest_are_counted_from_the_last():
    assert (days_late(DUE, today=DUE), days_late(DUE, today=DUE + timedelta(3))) == (0, 3)
    assert rests_until(None, at=AT) is None
    assert rests_until(AT, at=AT + timedelta(hours=23)) == AT + timedelta(days=1)
    assert rests_until(AT, at=AT + timedelta(hours=24)) is None


def test_asking_again_keeps_the_day_and_strangers_are_refused(town):
    assert awaited.expect_owners("C1", owners=["LATE", "BRV"], due_on=date(2026, 4, 1), by=BY, at=AT) == 1
    assert lines()["LATE"].due_on == DUE
    with pytest.raises(NotFound, match="XXX"):
        awaited.expect_owners("C1", owners=["XXX"], due_on=DUE, by=BY, at=AT)
    with pytest.raises(InvalidInput):
        awaited.expect_owners("C1", owners=[], due_on=DUE, by=BY, at=AT)


def test_a_reminder_goes_once_a_day_unless_another_is_meant(town):
    gone = []

    def send(*letter):
        gone.append(letter)
        return "sent"

    assert awaited.remind("C1", LETTER, send=send, by=BY, at=AT) == "sent"
    with pytest.raises(Conflict, match="within the last day"):
        awaited.remind("C1", LETTER, send=send, by=BY, at=AT + timedelta(hours=5))
    awaited.remind("C1", LETTER, send=send, by=BY, at=AT + timedelta(hours=6), again=True)
    awaited.remind("C1", LETTER, send=send, by=BY, at=AT + timedelta(days=2))
    assert gone == [("tetiana@light.example", "Ваш перелік", "Добрий день\n")] * 3
    assert [one.sent_by for one in awaited.reminders("C1", owner="LATE")] == ["person:olena"] * 3
    assert lines(at=AT + timedelta(days=2))["LATE"].reminded_at == AT + timedelta(days=2)


def test_a_letter_that_did_not_go_may_be_sent_at_once(town):
    assert awaited.remind("C1", LETTER, send=lambda *_: "failed", by=BY, at=AT) == "failed"
    assert awaited.remind("C1", LETTER, send=lambda *_: "sent", by=BY, at=AT) == "sent"


def test_killed_while_sending_it_is_known_that_it_may_have_gone(town):
    def send(*_letter):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        awaited.remind("C1", LETTER, send=send, by=BY, at=AT)
    (line,) = awaited.reminders("C1")
    assert line.outcome == "sending"
    with pytest.raises(Conflict):
        awaited.remind("C1", LETTER, send=send, by=BY, at=AT + timedelta(hours=1))


def test_names_and_addresses_stay_out_of_the_journal_and_can_be_deleted(town):
    asked = Asked("LATE", DUE, "Тетяна Пізня", "tetiana@light.example", "uk")
    awaited.change_expected("C1", asked, by=BY, at=AT)
    awaited.remind("C1", LETTER, send=lambda *_: "sent", by=BY, at=AT)
    told = " ".join(f"{one.details} {one.why}" for one in all_entries(AskedOfJournal()))
    assert "tetiana" not in told
    assert "Пізня" not in told
    actions.open_campaign("C3", name="Третя", since=DUE, until=DUE, by=BY, at=AT)
    awaited.expect_owners("C3", owners=["LATE"], due_on=DUE, by=BY, at=AT)
    (offered,) = awaited.awaited("C3", lists=(), at=AT)
    assert offered.contact_email == "tetiana@light.example"
    actions.freeze_campaign("C1", by=BY, at=AT, why="акт")
    assert awaited.forget_contacts("C1", by=BY, at=AT, why="завершено") == 1
    assert (lines()["LATE"].contact_email, awaited.reminders("C1")[0].email) == ("", "")


def test_an_address_that_is_none_is_refused(town):
    with pytest.raises(InvalidInput, match="tetiana@"):
        awaited.change_expected("C1", Asked("LATE", DUE, "", "tetiana@", "uk"), by=BY, at=AT)
    with pytest.raises(InvalidInput, match="LATE"):
        awaited.remind("C1", awaited.Letter("LATE", "", "a", "b"), send=lambda *_: "sent", by=BY, at=AT)


def test_another_owner_sees_neither_the_others_nor_people(town):
    awaited.change_expected("C1", Asked("ALF", DUE, "Альфа", "a@alfa.example", "uk"), by=BY, at=AT)
    within = Scope((Reach(owners=frozenset({"ALF"})),))
    found = awaited.awaited("C1", lists=queries.lists_received("C1", within=within), at=AT, within=within)
    assert [(one.owner, one.contact_name, one.contact_email) for one in found] == [("ALF", "", "")]
    assert awaited.reminders("C1", within=within) == []


def test_a_frozen_campaign_asks_nobody(town):
    actions.freeze_campaign("C1", by=BY, at=AT, why="акт")
    for change in (
        lambda: awaited.stop_expecting("C1", "LATE", by=BY, at=AT),
        lambda: awaited.expect_owners("C1", owners=["BRV"], due_on=DUE, by=BY, at=AT),
        lambda: awaited.remind("C1", LETTER, send=lambda *_: "sent", by=BY, at=AT),
    ):
        with pytest.raises(Conflict, match="frozen"):
            change()
