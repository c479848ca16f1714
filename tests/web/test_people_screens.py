"""The screens for people: who sees whom, what each button does, and that nobody raises themselves."""

import re

import pytest
from django.core import mail
from django.test import Client

from oblik.accounts import actions as accounts
from oblik.accounts import roster, signins
from oblik.accounts.actions import Over
from oblik.accounts.models import Person
from oblik.accounts.queries import EVERYWHERE, grants_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.journal.queries import entries_about

PASSWORD = "troie-kotiv-na-pidvikonni"
BY = Actor("console", "test")


@pytest.fixture
def admin(client, register):
    """A browser in which an administrator has signed in; another one, a clerk and an officer are there too."""
    accounts.add_person("admin", role="administrator", password=PASSWORD)
    accounts.add_person("borys", role="administrator", password=PASSWORD)
    accounts.add_person("petro", role="clerk", owner_code="POL", password=PASSWORD, name="Петро")
    accounts.add_person("olena", role="officer", password=PASSWORD)
    assert client.login(username="admin", password=PASSWORD)
    return client


def state(username: str) -> str:
    return roster.member(username, within=EVERYWHERE, at=now()).state


def roles(username: str) -> list[str]:
    return [one.role for one in grants_of(username) if one.withdrawn_at is None]


@pytest.mark.parametrize("role", ["officer", "auditor", "investigator", "nobody", None])
@pytest.mark.parametrize("place", ["/people/", "/people/invite/", "/people/petro/"])
def test_only_who_may_configure_opens_the_screens(admin, role, place):
    other = Client()
    if role is None:
        assert other.get(place)["Location"].startswith("/sign-in/")
        return
    accounts.add_person("other", role=role, password=PASSWORD)
    other.login(username="other", password=PASSWORD)
    assert other.get(place).status_code == 403
    assert other.post(place, {"do": "leave", "why": "x"}).status_code == 403
    assert state("petro") == "active"


def test_the_list_is_searched_and_counted(admin):
    def names(query: str = "") -> list[str]:
        return re.findall(r'href="/people/([^/"]+)/"', admin.get(f"/people/?{query}").content.decode())

    everybody = ["admin", "borys", "olena", "petro"]
    assert [one for one in names() if one in everybody] == everybody
    assert [one for one in names("text=петро") if one in everybody] == ["petro"]
    assert [one for one in names("state=locked") if one in everybody] == []
    assert admin.get("/people/?state=nonsense").status_code == 200


def test_an_invitation_goes_out_and_its_link_is_shown_once(admin):
    form = {"username": "ihor", "name": "Ігор", "email": "ihor@example.org", "role": "clerk", "owner": "POL"}
    page = admin.post("/people/invite/", form).content.decode()
    shown = re.search(r"http://testserver(/invitation/[\w-]+/)", page)
    mailed = re.search(r"http://testserver(/invitation/[\w-]+/)", mail.outbox[0].body)
    assert shown
    assert mailed
    assert shown[1] != mailed[1]
    assert shown[1] not in admin.get("/people/ihor/").content.decode()
    assert roles("ihor") == ["clerk"]
    stranger = Client()
    assert stranger.get(mailed[1]).status_code == 200
    both = {"password1": PASSWORD, "password2": PASSWORD}
    assert stranger.post(mailed[1], both | {"password2": "other"}).status_code == 400
    assert stranger.post(mailed[1], both).status_code == 200
    assert stranger.get(mailed[1]).status_code == 404
    assert stranger.get(shown[1]).status_code == 404
    assert stranger.login(username="ihor", password=PASSWORD)


def test_the_link_stays_on_the_page_where_no_mail_server_is_named(admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = admin.post("/people/invite/", {"username": "ihor", "email": "i@example.org", "role": "officer"})
    assert "alert-warning" in page.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": ""},
        {"username": "petro"},
        {"email": "no address"},
        {"role": "emperor"},
        {"role": "clerk"},
        {"role": ""},
        {"until": "2001-01-01"},
        {"until": "soon"},
    ],
)
def test_a_form_that_cannot_be_used_says_why_and_keeps_what_was_typed(admin, wrong):
    form = {"username": "ihor", "name": "Ігор Слідчий", "role": "officer"} | wrong
    answer = admin.post("/people/invite/", form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert "Ігор Слідчий" in answer.content.decode()
    assert not Person.objects.filter(username="ihor").exists()


def test_each_button_does_what_it_says(admin):
    def press(do: str, **more: str) -> int:
        return admin.post("/people/petro/", {"do": do, "why": "наказ 5", **more}).status_code

    assert press("lock") == 302
    assert state("petro") == "locked"
    assert press("enable") == 302
    assert press("role", role="officer") == 302
    assert roles("petro") == ["officer"]
    assert press("role", role="auditor", besides="1") == 302
    assert sorted(roles("petro")) == ["auditor", "officer"]
    for _ in range(10):
        signins.note_failure("petro", device="", at=now())
    assert press("unlock") == 302
    assert not signins.is_locked_out("petro", device="", at=now())
    assert press("sign-out") == 302
    assert press("invite") == 400  # has a password
    assert press("take-off") == 404  # has no factor
    assert press("nonsense") == 400
    assert press("leave") == 302
    assert state("petro") == "left"
    assert roles("petro") == []
    assert {"locked", "enabled", "role_set", "disabled"} <= {one.what for one in entries_about("person:petro")}


def test_leaving_and_locking_want_a_reason(admin):
    for do in ("lock", "leave"):
        assert admin.post("/people/petro/", {"do": do}).status_code == 400
    assert state("petro") == "active"


def test_nobody_changes_the_own_account_here(admin):
    for form in ({"do": "role", "role": "investigator"}, {"do": "lock", "why": "x"}, {"do": "leave", "why": "x"}):
        assert admin.post("/people/admin/", form).status_code == 400
    assert roles("admin") == ["administrator"]
    assert state("admin") == "active"


def test_the_last_administrator_stays(admin):
    admin.post("/people/borys/", {"do": "leave", "why": "left"})
    accounts.add_person("third", role="administrator", password=PASSWORD)
    accounts.set_role("admin", role="administrator", over=Over(owners=["POL", "KP"]), by=BY, at=now())
    limited = admin.post("/people/third/", {"do": "leave", "why": "x"})
    assert limited.status_code == 404  # reaches beyond the own right
    assert state("third") == "active"


def test_who_administers_one_owner_stays_within_it(admin):
    other = Client()
    accounts.add_person("local", role="administrator", owner_code="POL", password=PASSWORD)
    other.login(username="local", password=PASSWORD)
    page = other.get("/people/").content.decode()
    assert "petro" in page
    assert "olena" not in page
    assert other.get("/people/olena/").status_code == 404
    hidden, absent = (
        re.sub(r"\w{64}", "TOKEN", other.get(f"/people/{name}/").content.decode()).replace(name, "NAME")
        for name in ("olena", "nobody-here")
    )
    assert hidden == absent
    assert other.post("/people/olena/", {"do": "lock", "why": "x"}).status_code == 404
    assert other.post("/people/petro/", {"do": "role", "role": "officer"}).status_code == 400  # everywhere
    assert other.post("/people/petro/", {"do": "role", "role": "clerk", "owner": "KP"}).status_code == 400
    assert other.post("/people/petro/", {"do": "role", "role": "partner", "owner": "POL"}).status_code == 400  # approve
    assert other.post("/people/petro/", {"do": "role", "role": "field", "owner": "POL"}).status_code == 302
    assert other.post("/people/invite/", {"username": "new", "role": "officer"}).status_code == 400
    assert not Person.objects.filter(username="new").exists()


def test_who_administers_a_part_opens_no_account_with_rights_beyond_the_own(admin):
    accounts.add_person("local", role="administrator", owner_code="POL", password=PASSWORD)
    for name, role in (("sasha", "investigator"), ("vira", "clerk")):
        form = {"username": name, "name": name, "email": "", "role": role, "owner": "POL"}
        assert admin.post("/people/invite/", form).status_code == 200
    other = Client()
    other.login(username="local", password=PASSWORD)
    assert other.post("/people/sasha/", {"do": "invite"}).status_code == 400
    assert other.post("/people/vira/", {"do": "invite"}).status_code == 200
    assert admin.post("/people/sasha/", {"do": "lock", "why": "x"}).status_code == 302
    assert other.post("/people/sasha/", {"do": "take-off", "why": "x"}).status_code == 400
    assert other.post("/people/sasha/", {"do": "enable", "why": "x"}).status_code == 400
    assert state("sasha") == "locked"
    assert other.post("/people/vira/", {"do": "lock", "why": "x"}).status_code == 302
    assert other.post("/people/vira/", {"do": "enable", "why": "x"}).status_code == 302
    offered = re.search(r'<select[^>]*name="role".*?</select>', other.get("/people/vira/").content.decode(), re.S)[0]
    assert set(re.findall(r'value="(\w+)"', offered)) == {"clerk", "field", "nobody"}


def test_looking_at_a_person_is_journaled(admin):
    admin.get("/people/petro/")
    last = entries_about("person:petro")[-1]
    assert (last.what, last.by) == ("account_looked_at", "person:admin")
