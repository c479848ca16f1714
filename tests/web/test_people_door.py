"""The door as a browser meets it: what is asked, what is told to strangers, when a sign-in ends."""

import base64
import hashlib
import hmac
import struct
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from oblik.accounts import actions as accounts
from oblik.accounts import tokens
from oblik.accounts.models import Person
from oblik.accounts.queries import may
from oblik.base import clock
from oblik.journal.queries import entries_about
from oblik.web.desk import presence

PASSWORD = "troie-kotiv-na-pidvikonni"

pytestmark = pytest.mark.django_db


@pytest.fixture
def investigator() -> str:
    accounts.add_person("ihor", role="investigator", password=PASSWORD)
    return "ihor"


def sign_in(client: Client, name: str = "ihor", password: str = PASSWORD):
    return client.post("/sign-in/", {"username": name, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def app_code(secret: str, *, ahead: int = 0) -> str:
    told = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1)
    start = told[-1] & 15
    return f"{(struct.unpack('>I', told[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def set_up_app(client: Client) -> str:
    client.get("/me/second-factor/app/")
    secret = client.session["mfa.totp.secret"]
    assert client.post("/me/second-factor/app/", {"code": app_code(secret)})["Location"] == "/me/second-factor/codes/"
    return str(secret)


def test_strangers_cannot_tell_a_name_that_exists_from_one_that_does_not(client, investigator):
    def said(name: str) -> tuple[int, str]:
        answer = sign_in(Client(), name, "wrong")
        return answer.status_code, answer.content.decode().replace(name, "NAME").split("csrfmiddlewaretoken")[0]

    for _attempt in range(12):  # failures, then the limit, then the lock
        known, unknown = said("ihor"), said("nobody-here")
        assert known[0] == unknown[0]
        assert [line for line in known[1].splitlines() if "alert" in line] == [
            line for line in unknown[1].splitlines() if "alert" in line
        ]


@pytest.mark.parametrize("name", ["ihor", "nobody-here", "invited"])
def test_every_name_costs_the_same_work(client, investigator, monkeypatch, name):
    """What takes time in a refused sign-in is hashing: it is done once, whoever is named."""
    Person.objects.create(username="invited", password="!unusable")
    hashed = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt, *rest):
        hashed.append(name)
        return encode(self, password, salt, *rest)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    sign_in(client, name, "wrong")
    assert len(hashed) == 1


def test_too_many_failures_are_refused_even_with_the_right_password_but_not_in_a_browser_known_before(investigator):
    own, stranger = Client(), Client()
    sign_in(own)
    assert own.cookies["known"]["path"] == "/sign-in/"
    own.post("/sign-out/")
    for _ in range(12):
        sign_in(stranger, password="wrong")
    assert sign_in(stranger).status_code == 200
    assert not is_in(stranger)
    sign_in(own)
    assert is_in(own)


def test_a_sign_in_gets_a_new_session_and_stands_in_the_journal(client, investigator):
    client.get("/sign-in/")
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
    last = entries_about("person:ihor")[-1]
    assert (last.what, last.by, last.details) == ("signed_in", "person:ihor", {"with": "password"})


def test_an_idle_sign_in_ends_and_so_does_a_long_one(client, investigator, monkeypatch):
    start = clock.now()

    def at(**later: float) -> bool:
        monkeypatch.setattr(presence, "now", lambda: start + timedelta(**later))
        return is_in(client)

    sign_in(client)
    assert at(minutes=29)
    assert at(minutes=58)  # 29 after the last request
    assert not at(minutes=89)
    monkeypatch.setattr(presence, "now", lambda: start)
    sign_in(client)
    minutes = 0
    while minutes + 20 < 12 * 60:
        minutes += 20
        assert at(minutes=minutes)
    assert not at(minutes=12 * 60 + 1)


def test_putting_an_old_cookie_back_does_not_lengthen_a_sign_in(client, investigator, monkeypatch):
    start = clock.now()
    other = Client()
    accounts.add_person("olena", role="officer", password=PASSWORD)
    sign_in(client)
    sign_in(other, "olena")
    monkeypatch.setattr(presence, "now", lambda: start + timedelta(minutes=20))
    assert is_in(client)
    old = client.cookies["seen"].value
    monkeypatch.setattr(presence, "now", lambda: start + timedelta(minutes=45))
    other.cookies["seen"] = old  # another's
    assert not is_in(other)
    monkeypatch.setattr(presence, "now", lambda: start + timedelta(minutes=51))
    client.cookies["seen"] = old
    assert not is_in(client)


def test_the_second_factor_counts_only_in_the_sign_in_in_which_it_was_given(client, investigator):
    sign_in(client)
    secret = set_up_app(client)
    with_code = Client()
    assert sign_in(with_code)["Location"] == "/sign-in/code/"
    assert not is_in(with_code)  # half a sign-in is none
    with_code.post("/sign-in/code/", {"code": "000000"})
    assert not is_in(with_code)
    assert entries_about("person:ihor")[-1].what == "second_factor_failed"
    with_code.post("/sign-in/code/", {"code": app_code(secret, ahead=1)})
    assert is_in(with_code)
    assert entries_about("person:ihor")[-1].details == {"with": "password, totp"}


def test_rights_that_need_a_second_factor_follow_it(investigator, rf):
    def live(client: Client) -> bool:
        request = rf.get("/")
        request.session = client.session
        request.user = Person.objects.get(username="ihor")
        presence.second_factor(lambda _request: None)(request)
        return may(request.user, "watch_live")

    client = Client()
    sign_in(client)
    assert not live(client)
    set_up_app(client)
    assert live(client)
    client.post("/me/second-factor/app/remove/")
    assert not Authenticator.objects.exists()
    assert not live(client)


def test_a_code_works_once(client, investigator):
    sign_in(client)
    secret = set_up_app(client)
    code = app_code(secret, ahead=1)
    first, second = Client(), Client()
    for one in (first, second):
        sign_in(one)
        one.post("/sign-in/code/", {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_a_recovery_code_opens_once(client, investigator):
    sign_in(client)
    set_up_app(client)
    page = client.get("/me/second-factor/codes/").content.decode()
    code = page.partition('id="recovery-codes"')[2].partition("<code>")[2].partition("</code>")[0]
    assert len(code) == 10
    assert code not in client.get("/me/second-factor/codes/").content.decode()
    for opened in (True, False):
        other = Client()
        sign_in(other)
        other.post("/sign-in/code/", {"code": code})
        assert is_in(other) is opened


def test_what_makes_codes_is_sealed_in_the_database(client, investigator):
    sign_in(client)
    secret = set_up_app(client)
    kept = str(list(Authenticator.objects.values("data")))
    assert secret not in kept
    assert kept.count("s1.") == 2  # the app's key and the seed of the recovery codes


def test_where_required_nothing_opens_before_a_factor_is_set_up(client, investigator, settings):
    settings.OBLIK_SECOND_FACTOR = "required"
    sign_in(client)
    for place in ("/", "/cameras/", "/me/", "/people/"):
        assert client.get(place)["Location"] == "/me/second-factor/"
    assert client.get("/me/second-factor/").status_code == 200
    assert client.get("/static/built/app.css").status_code == 200
    set_up_app(client)
    assert is_in(client)
    other = Client()
    accounts.add_person("olena", role="officer", password=PASSWORD)  # shows no secrets
    sign_in(other, "olena")
    assert is_in(other)


def test_the_note_is_shown_to_whom_it_concerns(client, investigator):
    sign_in(client)
    assert "factor-note" in client.get("/me/").content.decode()
    set_up_app(client)
    assert "factor-note" not in client.get("/me/").content.decode()
    other = Client()
    accounts.add_person("olena", role="officer", password=PASSWORD)
    sign_in(other, "olena")
    assert "factor-note" not in other.get("/me/").content.decode()


def test_a_password_is_changed_with_the_old_one_and_ends_other_sign_ins(client, investigator):
    sign_in(client)
    other = Client()
    sign_in(other)
    new = "inshi-troie-kotiv-nadvori"
    form = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert client.post("/me/password/", form).status_code == 200
    assert (
        client.post("/me/password/", form | {"oldpassword": PASSWORD, "password1": "a", "password2": "a"}).status_code
        == 200
    )
    assert client.post("/me/password/", form | {"oldpassword": PASSWORD})["Location"] == "/me/"
    assert is_in(client)
    assert not is_in(other)
    assert entries_about("person:ihor")[-1].what == "password_changed"


def test_a_lost_password_is_set_anew_only_through_a_confirmed_address(client, investigator):
    person = Person.objects.get(username="ihor")
    person.email = "ihor@example.org"
    person.save()
    answers = [client.post("/password/lost/", {"email": "ihor@example.org"})]
    assert mail.outbox == []
    EmailAddress.objects.create(user=person, email="ihor@example.org", verified=True, primary=True)
    answers += [client.post("/password/lost/", {"email": one}) for one in ("ihor@example.org", "nobody@example.org")]
    assert len({(one.status_code, one["Location"]) for one in answers}) == 1
    assert [one.to for one in mail.outbox] == [["ihor@example.org"]]
    link = next(word for word in mail.outbox[0].body.split() if "/password/new/" in word)
    form_at = client.get(link.partition("testserver")[2])["Location"]
    new = "inshi-troie-kotiv-nadvori"
    assert client.post(form_at, {"password1": new, "password2": new})["Location"] == "/password/set/"
    assert client.get(link.partition("testserver")[2]).status_code == 200  # used up: says so
    sign_in(client, password=new)
    assert is_in(client)


def test_nobody_registers(client):
    for place in ("/signup/", "/sign-up/", "/accounts/signup/", "/accounts/login/", "/sign-in/code/request/"):
        assert client.get(place).status_code == 404


def test_signing_out_everywhere_else_leaves_this_one(client, investigator):
    sign_in(client)
    other = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"})
    sign_in(other)
    page = client.get("/me/").content.decode()
    assert "Firefox, Linux" in page
    assert str(other.session.session_key) not in page
    client.post("/me/sessions/end/")
    assert is_in(client)
    assert not is_in(other)


def test_an_address_is_the_person_s_own_after_the_letter_is_answered(client, investigator):
    sign_in(client)
    client.post("/me/address/", {"email": "Ihor@Example.org"})
    assert not EmailAddress.objects.exists()
    assert Person.objects.get(username="ihor").email == ""
    link = next(word for word in mail.outbox[0].body.split() if "/me/address/" in word).partition("testserver")[2]
    other = Client()
    accounts.add_person("olena", role="officer", password=PASSWORD)
    sign_in(other, "olena")
    assert other.post(link).status_code == 404
    client.get(link)
    assert not EmailAddress.objects.exists()  # programs that look through mail open links
    client.post(link)
    assert EmailAddress.objects.get(verified=True).email == "ihor@example.org"
    assert client.post("/me/address/", {"email": "no address"}).status_code == 302
    assert len(mail.outbox) == 1


def test_own_tokens_are_listed_without_their_secret(client, investigator):
    issued = tokens.issue_token("ihor", verbs=["see"], days=5, note="нічний звіт", by=accounts._SETUP, at=clock.now())
    sign_in(client)
    page = client.get("/me/").content.decode()
    assert "нічний звіт" in page
    assert issued.token not in page
