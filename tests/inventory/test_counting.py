"""A count is kept in memory until something is done, and never beyond a transaction that may be rolled back."""

import math
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from tests.kit.lists import camera_row, write_csv

from oblik.base.actors import Actor
from oblik.intake.actions import lists, matching
from oblik.inventory import actions, counting, queries
from oblik.journal.actions import record
from oblik.journal.queries import journal_version
from oblik.registry.actions import add_owner

BY = Actor("person", "olena")
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def town(transactional_db, tmp_path):
    add_owner("KP", name="КП «Світло»", kind="enterprise", by=BY, at=AT)
    actions.open_campaign("C1", name="Перша", since=date(2026, 3, 1), until=date(2026, 4, 1), by=BY, at=AT)
    hand_in(tmp_path / "kp.csv", cameras=3)
    return tmp_path


def hand_in(path, *, cameras):
    write_csv(path, [camera_row(number) for number in range(cameras)])
    lists.add_list(path, owner="KP", campaign="C1", by=BY, at=AT)


def test_a_second_look_counts_nothing_anew_until_something_is_done(town):
    first = counting.counted("C1")
    assert first.rows() is counting.counted("C1").rows()
    assert queries.campaign_figures("C1").total.waiting == 3
    matching.run_matching("C1", by=BY, at=AT)
    assert counting.counted("C1") is not first
    total = queries.campaign_figures("C1").total
    assert (total.cameras, total.waiting) == (3, 0)


def test_what_a_transaction_wrote_is_seen_inside_and_forgotten_when_it_is_rolled_back(town):
    before = counting.counted("C1")
    with transaction.atomic():
        hand_in(town / "more.csv", cameras=5)
        assert queries.campaign_figures("C1").total.received == 5
        transaction.set_rollback(True)
    assert queries.campaign_figures("C1").total.received == 3
    assert counting.counted("C1") is before


def test_what_cameras_see_and_the_base_map_change_no_count_and_make_no_document_old(town):
    before, printed = counting.counted("C1"), counting.documents_version()
    with transaction.atomic():
        for subject, what in (("coverage:sums", "summed"), ("city:base-map", "drawn")):
            record(subject=subject, what=what, by=BY, at=AT)
    assert counting.counted("C1") is before
    assert counting.documents_version() == printed
    with transaction.atomic():
        record(subject="city:1", what="loaded", by=BY, at=AT)
    assert counting.documents_version() != printed


def test_only_a_few_campaigns_are_kept(town):
    for number in range(2, 8):
        code = f"C{number}"
        actions.open_campaign(code, name=code, since=date(2026, 3, 1), until=date(2026, 4, 1), by=BY, at=AT)
    for line in queries.campaign_lines():
        assert line.rows == (3 if line.campaign.code == "C1" else 0)
    assert len(counting._kept) <= 3


def test_each_entry_of_the_journal_makes_another_version(town):
    seen = {journal_version()}
    for number in range(3):
        add_owner(f"O{number}", name="Інший", kind="private", by=BY, at=AT)
        seen.add(journal_version())
    assert len(seen) == 4


def test_a_long_count_is_shown_late_and_made_anew_behind_the_page(town, monkeypatch):
    monkeypatch.setattr(counting, "_QUICK_S", -1)
    counting._kept.clear()
    first = counting.counted("C1")
    assert queries.campaign_figures("C1").total.waiting == 3
    assert queries.discrepancies("C1") == ()
    assert counting.late_since("C1") is None
    first.rested_at_s = math.inf
    matching.run_matching("C1", by=BY, at=AT)
    assert queries.campaign_figures("C1").total.waiting == 3
    assert counting.late_since("C1") == first.counted_at
    assert not counting._behind
    first.rested_at_s = 0
    assert counting.counted("C1") is first
    for thread in tuple(counting._behind.values()):
        thread.join()
    assert queries.campaign_figures("C1").total.waiting == 0
    assert counting.late_since("C1") is None
    assert {"_rows", "_figures", "_discrepancies"} <= set(vars(counting.counted("C1")))


def test_a_count_that_fails_behind_the_page_leaves_the_last_one(town, monkeypatch):
    monkeypatch.setattr(counting, "_QUICK_S", -1)
    counting._kept.clear()
    first = counting.counted("C1")
    assert first.rows().height == 4
    matching.run_matching("C1", by=BY, at=AT)
    monkeypatch.setattr(counting, "classified_rows", _broken)
    first.rested_at_s = 0
    assert counting.counted("C1") is first
    for thread in tuple(counting._behind.values()):
        thread.join()
    assert counting.counted("C1") is first
    assert not counting._behind
    assert first.rested_at_s > 0


def _broken(_code):
    raise OSError("the disk is gone")
