"""Campaigns are opened once, with days in order, and their commission is kept."""

from datetime import UTC, date, datetime

import pytest

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.inventory import actions, queries
from oblik.journal.queries import entries_about

BY = Actor("console", "olena")
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAYS = {"since": date(2026, 3, 1), "until": date(2026, 4, 30)}

pytestmark = pytest.mark.django_db


def test_opening_is_written_into_the_journal():
    actions.open_campaign("2026-1", name="Перша", by=BY, at=AT, **DAYS)
    (entry,) = entries_about("inventory:2026-1")
    assert (entry.what, entry.by, entry.details["until"]) == ("opened", "console:olena", "2026-04-30")


def test_a_code_is_taken_once():
    actions.open_campaign("2026-1", name="Перша", by=BY, at=AT, **DAYS)
    with pytest.raises(Conflict, match="2026-1"):
        actions.open_campaign("2026-1", name="Друга", by=BY, at=AT, **DAYS)
    assert len(entries_about("inventory:2026-1")) == 1


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(InvalidInput, match="2026-02-28"):
        actions.open_campaign("2026-1", name="Перша", since=date(2026, 3, 1), until=date(2026, 2, 28), by=BY, at=AT)
    assert not entries_about("inventory:2026-1")


@pytest.mark.parametrize("code", ["", "a b", "../x", "-x", "x" * 41, "a/b"])
def test_a_code_that_could_not_name_a_file_is_refused(code):
    with pytest.raises(InvalidInput):
        actions.open_campaign(code, name="Перша", by=BY, at=AT, **DAYS)


def test_a_commission_has_one_chair():
    actions.open_campaign("2026-1", name="Перша", by=BY, at=AT, **DAYS)
    actions.add_member("2026-1", name="Коваль О. П.", role="chair", by=BY, at=AT)
    actions.add_member("2026-1", name="Бондар І. І.", role="member", post="інженер", by=BY, at=AT)
    with pytest.raises(Conflict, match="chair"):
        actions.add_member("2026-1", name="Шевчук Т. Г.", role="chair", by=BY, at=AT)
    with pytest.raises(InvalidInput, match="king"):
        actions.add_member("2026-1", name="Шевчук Т. Г.", role="king", by=BY, at=AT)
    with pytest.raises(NotFound, match="2027"):
        actions.add_member("2027", name="Шевчук Т. Г.", role="member", by=BY, at=AT)


def test_a_frozen_campaign_takes_no_lists():
    actions.open_campaign("2026-1", name="Перша", by=BY, at=AT, **DAYS)
    queries.require_open("2026-1")
    with pytest.raises(InvalidInput, match="why"):
        actions.freeze_campaign("2026-1", by=BY, at=AT, why=" ")
    actions.freeze_campaign("2026-1", by=BY, at=AT, why="акт № 2026-1/4")
    with pytest.raises(Conflict, match="frozen"):
        queries.require_open("2026-1")
    with pytest.raises(Conflict, match="already"):
        actions.freeze_campaign("2026-1", by=BY, at=AT, why="ще раз")
    assert [entry.what for entry in entries_about("inventory:2026-1")] == ["opened", "frozen"]
