"""Taking the register page by page: counted over a day and told to the journal, and the auditor sees who takes much."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from tests.kit.programs import PASSWORD, Program, issued

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.journal import queries
from oblik.web.ui import readings


@pytest.fixture(autouse=True)
def steps(data_dir, monkeypatch):
    """Steps that a register of four cameras reaches, on a day of which nothing has been counted."""
    monkeypatch.setattr(readings, "STEPS", (5, 10, 20, 40))


def told() -> list[tuple[str, int]]:
    found = queries.newest_entries(queries.Asked(what="listed"))[::-1]
    assert {(one.kind, one.subject) for one in found} <= {("looked", "camera:all")}
    return [(one.by, one.details["cameras"]) for one in found]


def test_pages_of_cameras_add_up_and_are_told_ever_more_seldom(officer_program):
    by = f"person:olena-p (token {officer_program.get('me').json()['token']})"
    assert officer_program.get("cameras?limit=4").status_code == 200
    assert told() == []
    for _ in range(9):
        officer_program.get("cameras?limit=4")
    assert told() == [(by, 8), (by, 12), (by, 20), (by, 40)]


def test_one_camera_after_the_other_counts_as_well_and_what_is_not_seen_does_not(clerk_program, register):
    for _ in range(6):
        clerk_program.get(f"cameras/{register[1]}")
        clerk_program.get("cameras?limit=500&owner=KP")
    assert told() == []
    for _ in range(3):
        clerk_program.get(f"cameras/{register[2]}")
        clerk_program.get("cameras?limit=500")
    assert [count for _by, count in told()] == [5]


def test_several_tokens_and_the_browser_of_one_person_count_together(officer, client):
    for _ in range(3):
        with_token = Program(Client(), issued("olena", verbs=["see"]).token)
        with_token.get("cameras?limit=1")
    officer.get("/api/v1/cameras?limit=2")
    assert told() == [("person:olena", 5)]


def test_in_the_desk_who_turns_page_after_page_is_counted(officer, monkeypatch):
    monkeypatch.setattr("oblik.web.desk.cameras.PER_PAGE", 2)
    for _ in range(5):
        officer.get("/cameras/?text=садова")
    assert told() == []
    for _ in range(3):
        officer.get("/cameras/?page=2")
    assert told() == [("person:olena", 6)]


def test_what_the_journal_cannot_be_told_is_not_given(officer_program, monkeypatch):
    def busy(**_said: object) -> int:
        raise OperationalError("database is locked")

    officer_program.get("cameras?limit=4")
    with monkeypatch.context() as patch:
        patch.setattr(readings, "looked", busy)
        refused = officer_program.get("cameras?limit=4")
        assert refused.status_code == 409
        assert "KHA" not in refused.content.decode()
    assert officer_program.get("cameras?limit=4").status_code == 200
    assert [count for _by, count in told()] == [8]


def test_the_file_of_counts_names_nobody(officer_program, data_dir):
    officer_program.get("cameras?limit=4")
    content = b"".join(path.read_bytes() for path in data_dir.glob("counters.sqlite3*"))
    assert b"given:" in content and b"olena" not in content


def test_the_auditor_sees_who_has_taken_much(officer, monkeypatch):
    monkeypatch.setattr(readings, "STEPS", (500, 1_000, 2_000))
    for _ in range(4):
        readings.cameras_given(400, to="olena", by=Actor("person", "olena"))
    accounts.add_person("vira", role="auditor", password=PASSWORD)
    auditor = Client()
    auditor.login(username="vira", password=PASSWORD)
    page = auditor.get(reverse("audit-unusual"))
    ((line, address),) = dict(page.context["groups"])["much_read"]
    assert (line.about, line.count, line.usual) == ("person:olena", 1_200, None)
    listed = auditor.get(reverse("audit") + "?" + address)
    assert [one.details["cameras"] for one in listed.context["found"]] == [1_200, 800]
