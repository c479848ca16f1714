"""Access tokens: their form, what is kept of them, what they open, and when they stop opening it."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core import mail
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit.programs import BY, PASSWORD, issued

from oblik.accounts import actions as accounts
from oblik.accounts import tokens
from oblik.accounts.leaving import lock_person
from oblik.accounts.logic.tokens import digest_of, is_token, is_use_news, token_of
from oblik.accounts.models import Token
from oblik.accounts.queries import Reach, may, scope_of
from oblik.base.clock import now
from oblik.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from oblik.config.commands.root import oblik
from oblik.journal.queries import entries_about

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@given(st.binary(min_size=32, max_size=32))
def test_a_token_has_one_form_and_different_bytes_give_different_tokens(random):
    token = token_of(random)
    assert is_token(token)
    assert len(token) == len("oblik_") + 43 + 6
    assert token != token_of(bytes([random[0] ^ 1]) + random[1:])


@settings(max_examples=50)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 48), st.sampled_from(DIGITS))
def test_one_mistyped_sign_is_noticed_without_a_database(random, place, sign):
    token = token_of(random)
    at = len("oblik_") + place
    mistyped = token[:at] + sign + token[at + 1 :]
    assert is_token(mistyped) == (mistyped == token)


def test_too_few_random_bytes_are_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        token_of(b"short")


@pytest.mark.django_db
def test_of_a_token_the_hash_alone_is_kept():
    accounts.add_person("olena", role="officer")
    made = issued("olena", verbs=["see"])
    kept = Token.objects.get(pk=made.number)
    assert kept.digest == digest_of(made.token)
    everything = repr([kept.__dict__, [e.__dict__ if hasattr(e, "__dict__") else e for e in entries_about("token:1")]])
    assert made.token not in everything
    assert kept.hint == made.token[-4:]


@pytest.mark.django_db
def test_issuing_and_revoking_stand_in_the_journal():
    accounts.add_person("olena", role="officer")
    made = issued("olena", verbs=["see", "export"])
    tokens.revoke_token(made.number, by=BY, at=now(), why="lost")
    first, last = entries_about(f"token:{made.number}")
    assert (first.what, last.what, last.why) == ("issued", "revoked", "lost")
    assert first.details["verbs"] == ["export", "see"]


@pytest.mark.django_db
def test_a_token_opens_until_it_ends_is_revoked_or_its_person_leaves():
    accounts.add_person("olena", role="officer")
    at = now()
    ended = issued("olena", verbs=["see"], days=1, at=at - timedelta(days=2))
    assert tokens.bearer_of(ended.token, at=at) is None
    revoked = issued("olena", verbs=["see"])
    assert tokens.bearer_of(revoked.token, at=at) is not None
    tokens.revoke_token(revoked.number, by=BY, at=at)
    assert tokens.bearer_of(revoked.token, at=at) is None
    with pytest.raises(Conflict):
        tokens.revoke_token(revoked.number, by=BY, at=at)
    standing = issued("olena", verbs=["see"])
    held = tokens.bearer_of(standing.token, at=at)
    lock_person("olena", by=BY, at=at, why="test")
    assert tokens.bearer_of(standing.token, at=at) is None
    assert held is not None
    assert tokens.bearer_of(token_of(b"0" * 32), at=at) is None


@pytest.mark.django_db
def test_a_token_gives_no_more_than_its_person_and_no_more_than_it_was_issued_for():
    accounts.add_person("petro", role="clerk", owner_code="POL")
    accounts.add_person("olena", role="officer")
    at = now()
    clerk = tokens.bearer_of(issued("petro", verbs=["see"]).token, at=at)
    assert may(clerk, "see", owner="POL")
    assert not may(clerk, "see", owner="KP")
    assert not may(clerk, "hand_in", owner="POL")  # the person may, the token was not issued for it
    narrowed = tokens.bearer_of(issued("olena", verbs=["see"], reach=Reach(owners=frozenset({"KP"}))).token, at=at)
    assert may(narrowed, "see", owner="KP")
    assert not may(narrowed, "see", owner="POL")
    accounts.set_role("olena", role="clerk", over=accounts.Over(owners=["POL"]), by=BY, at=at)
    narrowed = tokens.bearer_of(issued("olena", verbs=["see"], reach=Reach(owners=frozenset({"KP"}))).token, at=at)
    assert not scope_of(narrowed, "see").reaches  # both have to agree, and they have nothing in common


@pytest.mark.django_db
def test_what_a_token_cannot_be_issued_for_is_refused_with_a_reason():
    accounts.add_person("olena", role="officer")
    accounts.add_person("admin", role="administrator")
    for wrong in ({"verbs": ["audit"]}, {"verbs": []}, {"verbs": ["fly"]}, {"verbs": ["see"], "days": 367},
                  {"verbs": ["see"], "days": 0}):  # fmt: skip
        with pytest.raises(InvalidInput):
            issued("olena", **wrong)
    with pytest.raises(NotFound):
        issued("nobody-at-all", verbs=["see"])
    with pytest.raises(InvalidInput, match="second factor"):
        issued("admin", verbs=["see_secrets"])
    strong = issued("admin", verbs=["see_secrets"], second_factor=True)
    assert may(tokens.bearer_of(strong.token, at=now()), "see_secrets", owner="KP")
    weak = issued("admin", verbs=["see"])
    assert not may(tokens.bearer_of(weak.token, at=now()), "see_secrets", owner="KP")


@pytest.mark.django_db
def test_a_use_is_noted_at_most_every_ten_minutes():
    accounts.add_person("olena", role="officer")
    made, at = issued("olena", verbs=["see"]), now()
    assert is_use_news(None, at=at)

    def used(moment):
        tokens.note_use(tokens.bearer_of(made.token, at=at), at=moment)
        return tokens.tokens(of="olena")[0].last_used_at

    assert used(at) == at
    assert used(at + timedelta(minutes=9)) == at
    assert used(at + timedelta(minutes=11)) == at + timedelta(minutes=11)


@pytest.fixture
def browser(register):
    """A browser in which an officer signed in a moment ago, with the password."""
    accounts.add_person("olena", role="officer", password=PASSWORD)
    found = Client()
    found.post("/sign-in/", {"username": "olena", "password": PASSWORD})
    return found


def test_on_the_page_a_token_is_issued_shown_once_and_revoked(browser):
    form = {"note": "Nightly export", "verbs": ["see", "export"], "days": "30", "owners": ["KP"]}
    page = browser.post("/me/tokens/", form)
    shown = page.content.decode()
    (line,) = tokens.tokens(of="olena")
    token = shown.partition("oblik_")[2][:49]
    bearer = tokens.bearer_of("oblik_" + token, at=now())
    assert bearer is not None
    assert bearer.reach == Reach(owners=frozenset({"KP"}))
    assert page["Cache-Control"] == "no-store"
    again = browser.get("/me/tokens/").content.decode()
    assert "Nightly export" in again
    assert token not in again
    assert browser.get(f"/me/tokens/{line.number}/revoke/").status_code == 405
    assert browser.post(f"/me/tokens/{line.number}/revoke/").status_code == 302
    assert tokens.bearer_of("oblik_" + token, at=now()) is None
    assert not mail.outbox


def test_on_the_page_nobody_takes_what_they_do_not_have(browser):
    for form in (
        {"note": "x", "verbs": ["audit"], "days": "30"},
        {"note": "", "verbs": ["see"], "days": "30"},
        {"note": "x", "verbs": ["see"], "days": "9999"},
        {"note": "x", "verbs": ["see"], "days": "30", "owners": ["NONE"]},
    ):
        assert browser.post("/me/tokens/", form).status_code == 422
    assert not tokens.tokens(of="olena")
    accounts.add_person("other", role="officer")
    foreign = issued("other", verbs=["see"])
    assert browser.post(f"/me/tokens/{foreign.number}/revoke/").status_code == 404
    assert tokens.bearer_of(foreign.token, at=now()) is not None


def test_a_browser_left_open_is_asked_the_password_before_it_issues_a_token(browser):
    session = browser.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**one, "at": one["at"] - 3600} for one in records]
    session.save()
    answer = browser.post("/me/tokens/", {"note": "x", "verbs": ["see"], "days": "30"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/me/again/")
    assert not tokens.tokens(of="olena")


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get("/me/tokens/")["Location"] == "/sign-in/?next=/me/tokens/"


@pytest.mark.django_db
def test_at_the_console_a_token_is_issued_listed_and_revoked(settings):
    accounts.add_person("olena", role="officer")

    def said(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(oblik, ["token", *words])
        assert done.exit_code == code, done.output
        return done.output

    made = said("issue", "olena", "--verbs", "see,export", "--owner", "KP", "--days", "7", "--note", "Map")
    token = made.split()[-1]
    bearer = tokens.bearer_of(token, at=now())
    assert (sorted(bearer.verbs), bearer.reach) == (["export", "see"], Reach(owners=frozenset({"KP"})))
    (line,) = json.loads(said("list", "--json"))
    assert (line["note"], line["hint"]) == ("Map", token[-4:])
    assert token not in said("list", "--json")
    said("revoke", str(bearer.token), "--why", "laptop lost")
    assert tokens.bearer_of(token, at=now()) is None
    assert json.loads(said("list", "--json")) == []
    # Who configures a part of the city cannot take another's rights through a token.
    over = accounts.Over(owners=["KP"])
    accounts.add_person("partial", role="clerk", owner_code="KP")
    accounts.set_role("partial", role="administrator", over=over, by=BY, at=now())
    settings.OBLIK_PERSON = "partial"
    refused = CliRunner().invoke(oblik, ["token", "issue", "olena", "--note", "x"])
    assert isinstance(refused.exception, Forbidden)
