"""What is held about people: given out whole and without secrets, erased without a trace but the name, tidied away."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from tests.web.conftest import BY, PASSWORD

from oblik.accounts import actions as accounts
from oblik.accounts import invitations, personal, signins
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.config.commands.person import person as commands
from oblik.journal import queries as journal
from oblik.journal.verifying import verify

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
HUMAN = ("Олена Приклад", "olena.pryklad@example.org")


@pytest.fixture
def olena(db, data_dir):
    """Somebody with a name, an address, a session, a factor, an invitation, an identity and things done."""
    accounts.add_person("k203", role="officer", password=PASSWORD, name=HUMAN[0], by=BY, at=AT)
    invitations.confirm_address("k203", email=HUMAN[1], by=BY, at=AT)
    invitations.link_identity("k203", subject="subject-of-the-provider", by=BY, at=AT)
    person = get_user_model().objects.get(username="k203")
    browser = Client()
    assert browser.post("/sign-in/", {"username": "k203", "password": PASSWORD}).status_code == 302
    apps.get_model("mfa", "Authenticator").objects.create(user=person, type="totp", data={"secret": "SEED-OF-THE-APP"})
    return browser


def rows_of_the_database() -> str:
    """Every row of every table but the journal, as text."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label != "journal":
            found += [str(sorted(row.items(), key=str)) for row in model._default_manager.values()]
    return "\n".join(found)


def test_everything_is_given_out_and_no_secret(olena):
    held = personal.held_about("k203", by=BY, at=AT)
    text = json.dumps(held, default=str, ensure_ascii=False)
    for known in (*HUMAN, "subject-of-the-provider", "officer", "totp"):
        assert known in text, known
    person = get_user_model().objects.get(username="k203")
    keys = Session.objects.values_list("session_key", flat=True)
    assert keys
    for secret in (person.password, "SEED-OF-THE-APP", *keys):
        assert secret not in text
    assert journal.entries_about("person:k203")[-1].what == "data_exported"
    assert {"account", "journal_about", "journal_by", "sessions"} <= set(held)


def test_erasing_leaves_the_proof_whole(olena):
    before = journal.entries_about("person:k203")
    personal.erase_person("k203", by=BY, at=AT, why="Прохання від 1 квітня")
    left = rows_of_the_database()
    for known in (*HUMAN, "SEED-OF-THE-APP", "subject-of-the-provider"):
        assert known not in left, known
    assert "k203" in left  # the name itself is given to nobody else
    after = journal.entries_about("person:k203")
    assert after[: len(before)] == before
    assert after[-1].what == "data_erased"
    assert not verify().faults
    assert olena.get("/cameras/").status_code == 302
    assert Client().post("/sign-in/", {"username": "k203", "password": PASSWORD}).status_code == 200
    with pytest.raises(Conflict):
        accounts.add_person("k203", role="officer", password=PASSWORD)


def test_no_human_name_is_in_the_journal(olena):
    personal.erase_person("k203", by=BY, at=AT, why="x")
    told = "\n".join(str(entry) for entry in journal.all_entries(journal.Asked()))
    assert not [known for known in HUMAN if known in told]


def test_erasing_wants_a_reason_and_somebody_and_is_done_once(olena):
    with pytest.raises(InvalidInput):
        personal.erase_person("k203", by=BY, at=AT, why=" ")
    with pytest.raises(NotFound):
        personal.erase_person("nobody-here", by=BY, at=AT, why="x")
    personal.erase_person("k203", by=BY, at=AT, why="x")
    with pytest.raises(Conflict):
        personal.erase_person("k203", by=BY, at=AT, why="x")


def test_what_has_ended_is_tidied_away(olena):
    signins.note_failure("k203", device="", at=AT)
    later = datetime.now(UTC) + timedelta(days=60)
    gone = personal.tidy(by=BY, at=later)
    assert gone["sessions"] == gone["devices"] == 1
    assert gone["failures"] == 1
    assert not Session.objects.exists()
    assert olena.get("/cameras/").status_code == 302
    assert not any(personal.tidy(by=BY, at=later).values())


def test_a_new_password_ends_the_other_sessions(olena):
    assert olena.get("/cameras/").status_code == 200
    signins.set_password("k203", password="inshyi-dovhyi-parol-2", by=BY, at=AT)
    assert olena.get("/cameras/").status_code == 302


def test_every_table_about_people_stands_in_the_document():
    text = (ROOT / "docs/guide/personal-data.md").read_text(encoding="utf-8")
    missing = [table for table in personal.tables_about_people() if f"`{table}`" not in text]
    assert not missing
    assert set(personal.KEPT) <= personal.tables_about_people()


@pytest.mark.django_db
def test_the_commands_write_a_file_for_their_reader_alone_and_erase(tmp_path, data_dir):
    accounts.add_person("k203", role="officer", password=PASSWORD, name=HUMAN[0])
    output = tmp_path / "k203.json"
    done = CliRunner().invoke(commands, ["export", "k203", "--output", str(output)], catch_exceptions=False)
    assert done.exit_code == 0
    assert output.stat().st_mode & 0o077 == 0
    assert HUMAN[0] in output.read_text(encoding="utf-8")
    with pytest.raises(InvalidInput):
        CliRunner().invoke(commands, ["export", "k203", "--output", str(output)], catch_exceptions=False)
    done = CliRunner().invoke(commands, ["erase", "k203", "--why", "x"], catch_exceptions=False)
    assert done.exit_code == 0
    assert CliRunner().invoke(commands, ["tidy"], catch_exceptions=False).exit_code == 0
