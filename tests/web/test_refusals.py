"""Refusals: who was refused what stands in the journal, seldom enough, without secrets, and the auditor sees it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.kit.programs import PASSWORD, Program, issued

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.journal import actions as journal
from oblik.journal import queries
from oblik.web.ui import refusals

NOON = datetime(2026, 3, 4, 12, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def hour(monkeypatch, data_dir):
    """An hour of which nothing has been counted yet."""
    monkeypatch.setattr(refusals, "now", lambda: NOON)


def refused() -> list[queries.Done]:
    return queries.newest_entries(queries.Asked(what="refused"))[::-1]


def test_who_is_refused_stands_in_the_journal_ever_more_seldom(clerk):
    for _ in range(12):
        assert clerk.get(reverse("audit")).status_code == 403
    assert [one.details["times"] for one in refused()] == [1, 3, 10]
    first = refused()[0]
    assert (first.by, first.subject, first.kind) == ("person:petro", "person:petro", "looked")
    assert first.details == {"status": 403, "times": 1, "method": "GET", "page": "audit"}


def test_the_thing_that_was_asked_for_is_named(clerk, register):
    assert clerk.get(reverse("camera-secrets", args=(register[2],))).status_code == 403
    assert refused()[0].details["code"] == register[2]


def test_a_token_is_named_with_its_person(client, register):
    accounts.add_person("petro", role="clerk", owner_code="POL", password=PASSWORD)
    token = issued("petro", verbs=["see"])
    asks = Program(client, token.token)
    assert asks.send("PATCH", f"cameras/{register[2]}", {"values": {"height_m": 3}, "why": "x"}).status_code == 403
    assert refused()[0].by == f"person:petro (token {token.number})"


def test_what_is_open_or_asked_by_a_stranger_leaves_nothing(clerk, register):
    assert clerk.get(reverse("cameras")).status_code == 200
    assert clerk.get(reverse("camera", args=(register[1],))).status_code == 404
    Client().get(reverse("audit"))
    assert refused() == []


def test_many_guesses_at_what_is_not_there_are_told(clerk, register):
    for number in range(31):
        clerk.get(reverse("document", args=("C1", "uk", f"{number}.pdf")))
    assert [(one.details["status"], one.details["times"]) for one in refused()] == [(404, 30)]


def test_no_secret_of_an_address_is_kept(register):
    accounts.add_person("petro", role="clerk", owner_code="POL", password=PASSWORD)
    browser = Client(enforce_csrf_checks=True)
    browser.login(username="petro", password=PASSWORD)
    assert browser.post(reverse("invitation", args=("geheim",)), {"password1": "x"}).status_code == 403
    (one,) = refused()
    assert one.details["page"] == "invitation" and "geheim" not in str(one)


def test_refusals_in_another_hour_and_the_auditor_sees_the_sum(clerk, monkeypatch):
    for _ in range(4):
        clerk.get(reverse("audit"))
    monkeypatch.setattr(refusals, "now", lambda: NOON + timedelta(hours=1))
    clerk.get(reverse("audit"))
    assert [one.details["times"] for one in refused()] == [1, 3, 1]
    accounts.add_person("vira", role="auditor", password=PASSWORD)
    auditor = Client()
    auditor.login(username="vira", password=PASSWORD)
    groups = dict(auditor.get(reverse("audit-unusual")).context["groups"])
    (line,) = groups["refused"]
    assert (line[0].about, line[0].what) == ("person:petro", "refused") and line[0].count >= 3
    listed = auditor.get(reverse("audit") + "?" + line[1])
    assert len(listed.context["found"]) == 3


def test_a_busy_database_does_not_turn_a_refusal_into_a_crash(clerk, monkeypatch):
    from django.db import OperationalError

    def busy(**_said: object) -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(refusals, "looked", busy)
    assert clerk.get(reverse("audit")).status_code == 403


@pytest.mark.django_db
def test_one_or_two_refusals_are_nothing_unusual():
    from oblik.base.clock import now
    from oblik.journal.anomalies import anomalies

    def found() -> list[tuple[str, int]]:
        return [
            (one.about, one.count)
            for one in anomalies(at=now() + timedelta(seconds=1), zone=UTC)
            if one.kind in ("refused", "many_looks")
        ]

    by = Actor("person", "petro")
    for status, times in ((403, 1), (404, 30), (404, 100)):
        expected = {(403, 1): [], (404, 30): [("person:petro", 31)], (404, 100): [("person:petro", 101)]}
        journal.looked(
            subject="person:petro", what="refused", by=by, at=NOON, details={"status": status, "times": times}
        )
        assert found() == expected[status, times]
