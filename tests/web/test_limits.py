"""Limits: how often somebody may ask, over several processes, and what they hear who ask too often."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from oblik.db.counters import add
from oblik.web.ui import limits

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def on(data_dir, settings, monkeypatch):
    settings.OBLIK_LIMITS = True
    monkeypatch.setitem(limits.LIMITS, "few", limits.Limit(3, 60))


def test_the_fourth_of_three_is_told_when_to_come_back(on):
    assert [limits.wait_s("few", who="a", at=NOON + timedelta(seconds=n)) for n in range(4)] == [0, 0, 0, 57]
    assert limits.wait_s("few", who="b", at=NOON) == 0
    assert limits.wait_s("few", who="a", at=NOON + timedelta(seconds=130)) == 0


def test_the_window_slides_over_the_border_of_two_slots(on):
    for second in (50, 52, 54):
        assert limits.wait_s("few", who="a", at=NOON + timedelta(seconds=second)) == 0
    assert limits.wait_s("few", who="a", at=NOON + timedelta(seconds=61)) > 0  # nearly all of the three still count
    assert limits.wait_s("few", who="c", at=NOON + timedelta(seconds=61)) == 0


def test_hammering_does_not_pay(on):
    for second in range(60):
        limits.wait_s("few", who="a", at=NOON + timedelta(seconds=second))
    assert limits.wait_s("few", who="a", at=NOON + timedelta(seconds=90)) > 0


@hypothesis_settings(max_examples=25)
@given(st.lists(st.integers(0, 200), max_size=30))
def test_never_more_than_twice_the_limit_in_any_window(tmp_path_factory, seconds):
    folder = tmp_path_factory.mktemp("counts")
    passed = []
    for second in sorted(seconds):
        slot, within = divmod(second, 60)
        before, now = add(folder, name="x", slot=slot, slot_s=60)
        if before * (1 - within / 60) + now <= 3:
            passed.append(second)
    assert all(sum(start <= one < start + 60 for one in passed) <= 6 for start in passed)


def test_several_processes_count_together(tmp_path):
    code = (
        "import sys; from pathlib import Path; from oblik.db.counters import add\n"
        "for _ in range(200): add(Path(sys.argv[1]), name='x', slot=1, slot_s=60)"
    )
    workers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0, 0]
    assert add(tmp_path, name="x", slot=1, slot_s=60) == (0, 601)
    assert add(tmp_path, name="x", slot=2, slot_s=60) == (601, 1)


def test_the_file_of_counts_names_nobody(on, data_dir):
    limits.wait_s("few", who="person:olena", at=NOON)
    kept = b"".join(path.read_bytes() for path in data_dir.glob("counters*"))
    assert kept
    assert b"olena" not in kept


class Person:
    is_authenticated = True

    def __init__(self, pk):
        self.pk = pk


@pytest.mark.django_db
def test_a_view_answers_429_with_the_seconds_to_wait(on):
    view = limits.limited("few")(lambda request: HttpResponse("here"))

    def ask(person, address="203.0.113.9"):
        request = RequestFactory().get("/", REMOTE_ADDR=address)
        if person is not None:
            request.user = Person(person)
        return view(request)

    assert [ask(1).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(2).status_code == 200  # another person behind the same address
    assert [ask(None).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(None, "203.0.113.10").status_code == 200
    refused = ask(1)
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Retry-After"] in refused.content.decode()


def test_limits_can_be_switched_off_for_load_tests(on, settings):
    settings.OBLIK_LIMITS = False
    assert all(limits.wait_s("few", who="a", at=NOON) == 0 for _ in range(9))
