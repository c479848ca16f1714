"""Failed sign-ins shut a name out for a while, the same for names that nobody has, and never for good."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.accounts import actions, signins
from oblik.accounts.logic.devices import device_name
from oblik.accounts.logic.knocking import (
    FORGOTTEN_AFTER,
    MOST_FAILURES,
    SHUT_OUT_FOR,
    Failures,
    after_failure,
    is_shut_out,
)
from oblik.accounts.models import Knocking
from oblik.journal.queries import entries_about

AT = datetime(2025, 6, 1, 9, tzinfo=UTC)


@given(st.lists(st.integers(1, 4000), max_size=60))
@settings(max_examples=60)
def test_nobody_is_shut_out_longer_than_a_quarter_of_an_hour_after_the_last_failure(gaps_s):
    at, found = AT, None
    for gap_s in gaps_s:
        at += timedelta(seconds=gap_s)
        found = after_failure(found, at=at)
    assert not is_shut_out(found, at=at + SHUT_OUT_FOR)
    if found is not None and is_shut_out(found, at=at):
        assert found.count % MOST_FAILURES == 0


def test_a_quiet_hour_is_forgotten():
    nine = Failures(MOST_FAILURES - 1, AT)
    assert is_shut_out(after_failure(nine, at=AT), at=AT)
    later = after_failure(nine, at=AT + FORGOTTEN_AFTER + timedelta(seconds=1))
    assert later.count == 1
    assert not is_shut_out(later, at=later.last_at)


def knock(name: str, *, times: int, device: str = "", at: datetime = AT) -> None:
    for _ in range(times):
        signins.note_failure(name, device=device, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["olena", "OLENA", "nobody-has-this-name"])
def test_ten_failures_shut_a_name_out_whether_or_not_it_exists(name):
    actions.add_person("olena", role="officer")
    knock(name, times=9)
    assert not signins.is_locked_out(name, device="", at=AT)
    knock(name, times=1)
    assert signins.is_locked_out(name, device="", at=AT)
    assert signins.is_locked_out(name.lower(), device="", at=AT)
    assert not signins.is_locked_out(name, device="", at=AT + SHUT_OUT_FOR)


@pytest.mark.django_db
def test_the_owner_s_own_browser_is_not_shut_out_by_strangers():
    actions.add_person("olena", role="administrator")
    knock("olena", times=30)
    assert not signins.is_locked_out("olena", device="d1", at=AT)
    knock("olena", times=10, device="d1")
    assert signins.is_locked_out("olena", device="d1", at=AT)


@pytest.mark.django_db
def test_the_lock_of_an_account_is_journaled_and_names_that_nobody_has_are_kept_nowhere():
    actions.add_person("olena", role="officer")
    knock("olena", times=10)
    knock("my-password-typed-into-the-wrong-field", times=10)
    assert [one.what for one in entries_about("person:olena")].count("sign_in_locked") == 1
    assert entries_about("person:my-password-typed-into-the-wrong-field") == []
    assert "password" not in str(list(Knocking.objects.values()))


@pytest.mark.django_db
def test_a_sign_in_or_an_administrator_ends_the_lock():
    actions.add_person("olena", role="officer")
    knock("olena", times=10)
    signins.unlock("olena", by=signins.Actor("person", "admin"), at=AT)
    assert not signins.is_locked_out("olena", device="", at=AT)
    knock("olena", times=9)
    signins.note_sign_in("olena", device="", how="password", at=AT)
    knock("olena", times=1)
    assert not signins.is_locked_out("olena", device="", at=AT)


def test_a_browser_is_named_as_people_call_it():
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130 Safari/537.36"
    assert device_name(windows) == "Chrome, Windows"
    assert device_name(f"{windows} Edg/130") == "Edge, Windows"
    assert device_name("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0") == "Firefox, Linux"
    assert device_name("") == ""
