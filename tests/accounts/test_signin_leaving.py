"""Invitations that work once, locks that keep what leaving takes."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from oblik.accounts import actions, invitations, leaving, roster, signins, tokens
from oblik.accounts.actions import Over
from oblik.accounts.models import Invitation, Person
from oblik.accounts.queries import EVERYWHERE, Reach, Scope, may
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.journal.queries import entries_about

BY = Actor("person", "admin")
AT = datetime.now(UTC)
PASSWORD = "troie-kotiv-na-pidvikonni"

pytestmark = pytest.mark.django_db


def invite(username: str = "ihor", *, email: str = "ihor@example.org", role: str = "operator"):
    return invitations.invite(
        invitations.NewPerson(username, name="Ігор", email=email), role=role, over=Over(), by=BY, at=AT
    )


def whats(username: str) -> list[str]:
    return [one.what for one in entries_about(f"person:{username}")]


def test_an_invitation_opens_an_account_once():
    made = invite()
    assert invitations.welcome(made.shown, at=AT).username == "ihor"
    assert invitations.accept(made.shown, password=PASSWORD, at=AT) == "ihor"
    assert authenticate(None, username="ihor", password=PASSWORD) is not None
    for secret in (made.shown, made.mailed):
        with pytest.raises(NotFound):
            invitations.accept(secret, password=PASSWORD, at=AT)
    assert whats("ihor") == ["added", "role_set", "invited", "invitation_accepted"]


def test_only_the_mailed_link_proves_the_address():
    invitations.accept(invite().shown, password=PASSWORD, at=AT)
    assert not EmailAddress.objects.exists()
    made = invite("olha", email="olha@example.org")
    invitations.accept(made.mailed, password=PASSWORD, at=AT)
    assert EmailAddress.objects.get().verified


def test_a_link_ends_with_time_with_a_newer_one_and_with_leaving():
    made = invite()
    with pytest.raises(NotFound):
        invitations.welcome(made.shown, at=AT + invitations.GOOD_FOR)
    again = invitations.invite_again("ihor", by=BY, at=AT)
    with pytest.raises(NotFound):
        invitations.welcome(made.shown, at=AT)
    leaving.disable_person("ihor", by=BY, at=AT, why="changed their mind")
    with pytest.raises(NotFound):
        invitations.welcome(again.shown, at=AT)
    leaving.enable_person("ihor", by=BY, at=AT)
    with pytest.raises(NotFound):
        invitations.welcome(again.shown, at=AT)


def test_the_secret_itself_is_kept_nowhere():
    made = invite()
    kept = str(list(Invitation.objects.values())) + str(entries_about("person:ihor"))
    assert made.shown not in kept
    assert made.mailed not in kept


@pytest.mark.parametrize("weak", ["short", "password12345", "ihor-ihor-ih", "x" * 129])
def test_a_weak_first_password_leaves_the_link_good(weak):
    made = invite("ihor-ihor-ihor")
    with pytest.raises(InvalidInput):
        invitations.accept(made.shown, password=weak, at=AT)
    assert invitations.accept(made.shown, password="x" * 64 + PASSWORD, at=AT)  # long ones are not cut off
    assert authenticate(None, username="ihor-ihor-ihor", password="x" * 64) is None


def test_somebody_with_a_password_is_not_invited_again():
    invitations.accept(invite().shown, password=PASSWORD, at=AT)
    with pytest.raises(Conflict):
        invitations.invite_again("ihor", by=BY, at=AT)


def test_who_signs_in_with_the_provider_is_not_taken_over_by_a_link():
    who = invitations.NewPerson("ihor", subject="sub-1")
    made = invitations.invite(who, role="operator", over=Over(), by=BY, at=AT)
    signins.note_sign_in("ihor", device="", how="oidc", at=AT)
    Person.objects.filter(username="ihor").update(last_login=AT)
    with pytest.raises(NotFound):
        invitations.welcome(made.shown, at=AT)
    with pytest.raises(Conflict):
        invitations.invite_again("ihor", by=BY, at=AT)


def test_tokens_issued_on_the_strength_of_a_lost_factor_end_with_it():
    actions.add_person("ihor", role="administrator", password=PASSWORD)
    Authenticator.objects.create(user=Person.objects.get(username="ihor"), type="totp", data={})

    def issue(**more):
        return tokens.issue_token("ihor", days=9, note="x", by=BY, at=AT, **more)

    strong, weak = issue(verbs=["see_secrets"], second_factor=True), issue(verbs=["see"])
    signins.take_off_second_factor("ihor", by=BY, at=AT, why="phone lost")
    assert tokens.bearer_of(strong.token, at=AT) is None and tokens.bearer_of(weak.token, at=AT)


def test_what_is_no_address_is_refused():
    with pytest.raises(InvalidInput):
        invite(email="ihor(at)example.org")
    assert not Person.objects.exists()


def signed_in(username: str) -> str:
    """A session as a sign-in leaves it; its key."""
    store = SessionStore()
    store["_auth_user_id"] = str(Person.objects.get(username=username).pk)
    store.create()
    UserSession.objects.create(
        user=Person.objects.get(username=username), ip="10.0.0.1", session_key=store.session_key, user_agent="Firefox/1"
    )
    return str(store.session_key)


def test_leaving_ends_everything_at_once_and_the_journal_keeps_the_name():
    invitations.accept(invite().shown, password=PASSWORD, at=AT)
    person = Person.objects.get(username="ihor")
    Authenticator.objects.create(user=person, type="totp", data={"secret": "sealed"})
    issued = tokens.issue_token("ihor", verbs=["see"], days=5, note="script", by=BY, at=AT)
    key = signed_in("ihor")
    leaving.disable_person("ihor", by=BY, at=AT + timedelta(minutes=1), why="Звільнено, наказ 5")
    assert not Session.objects.filter(session_key=key).exists()
    assert tokens.bearer_of(issued.token, at=AT + timedelta(minutes=2)) is None
    assert not Authenticator.objects.exists()
    assert authenticate(None, username="ihor", password=PASSWORD) is None
    last = entries_about("person:ihor")[-1]
    assert (last.what, last.why) == ("disabled", "Звільнено, наказ 5")
    assert last.details == {"sessions": 1, "roles": 1, "tokens": 1}
    leaving.enable_person("ihor", by=BY, at=AT + timedelta(minutes=3))
    back = Person.objects.get(username="ihor")
    assert not may(back, "see")
    assert not back.has_usable_password()
    assert tokens.bearer_of(issued.token, at=AT + timedelta(minutes=4)) is None


def test_a_lock_keeps_roles_tokens_and_password_for_the_day_it_ends():
    invitations.accept(invite().shown, password=PASSWORD, at=AT)
    issued = tokens.issue_token("ihor", verbs=["see"], days=5, note="script", by=BY, at=AT)
    key = signed_in("ihor")
    leaving.lock_person("ihor", by=BY, at=AT, why="suspicion")
    assert not Session.objects.filter(session_key=key).exists()
    assert tokens.bearer_of(issued.token, at=AT) is None
    assert authenticate(None, username="ihor", password=PASSWORD) is None
    leaving.enable_person("ihor", by=BY, at=AT)
    assert tokens.bearer_of(issued.token, at=AT) is not None
    assert authenticate(None, username="ihor", password=PASSWORD) is not None


@pytest.mark.parametrize("act", [leaving.lock_person, leaving.disable_person])
def test_the_reason_is_not_left_out(act):
    invite()
    with pytest.raises(InvalidInput):
        act("ihor", by=BY, at=AT, why=" ")
    with pytest.raises(NotFound):
        act("nobody", by=BY, at=AT, why="because")


def test_an_account_is_not_switched_off_or_on_twice():
    invite()
    with pytest.raises(Conflict):
        leaving.enable_person("ihor", by=BY, at=AT)
    leaving.disable_person("ihor", by=BY, at=AT, why="left")
    with pytest.raises(Conflict):
        leaving.disable_person("ihor", by=BY, at=AT, why="left")


def test_the_last_administrator_is_found():
    def goes() -> None:
        with roster.still_administered("olena", at=AT):
            leaving.lock_person("olena", by=BY, at=AT, why="x")

    actions.add_person("olena", role="administrator", password=PASSWORD)
    with pytest.raises(Conflict):
        goes()
    invite("ihor", role="administrator")
    with pytest.raises(Conflict):
        goes()  # who is only invited cannot step in
    actions.add_person("borys", role="administrator", password=PASSWORD)
    goes()


def test_who_administers_one_owner_sees_people_of_that_owner_alone():
    actions.add_person("petro", role="clerk", owner_code="POL")
    actions.add_person("klara", role="clerk", owner_code="KP")
    actions.add_person("olena", role="officer")
    actions.add_person("rights-less", role="nobody")
    police = Scope((Reach(owners=frozenset({"POL"})),))
    assert [one.username for one in roster.roster(within=police, at=AT)] == ["petro"]
    assert len(roster.roster(within=EVERYWHERE, at=AT)) == 4
    with pytest.raises(NotFound):
        roster.member("olena", within=police, at=AT)


def test_states_are_told_apart():
    actions.add_person("olena", role="officer", password=PASSWORD)
    for name in ("ihor", "borys", "klara"):
        invite(name, email="")
    leaving.lock_person("borys", by=BY, at=AT, why="x")
    leaving.disable_person("klara", by=BY, at=AT, why="x")
    found = {one.username: one.state for one in roster.roster(within=EVERYWHERE, at=AT)}
    assert found == {"olena": "active", "ihor": "invited", "borys": "locked", "klara": "left"}


def test_a_set_password_keeps_the_rules_and_ends_the_lock():
    actions.add_person("olena", role="officer", password=PASSWORD)
    with pytest.raises(InvalidInput):
        signins.set_password("olena", password="password12345", by=BY, at=AT)
    for _ in range(10):
        signins.note_failure("olena", device="", at=AT)
    signins.set_password("olena", password="x" * 20 + PASSWORD, by=BY, at=AT)
    assert not signins.is_locked_out("olena", device="", at=AT)
    assert whats("olena")[-1] == "password_set"
