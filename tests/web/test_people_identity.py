"""Signing in with an OpenID Connect provider: known identities get in, all others and all false tokens do not."""

import http.client
from urllib.parse import urlsplit

import pytest
from tests.kit.identity import CLIENT, SECRET, Provider, identity_provider

from oblik.accounts import actions, invitations, leaving
from oblik.accounts.actions import Over
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.journal.queries import entries_about

BY = Actor("console", "test")


@pytest.fixture
def provider(settings):
    with identity_provider() as found:
        app = {
            "provider_id": "oidc",
            "name": "City ID",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": found.address, "fetch_userinfo": False},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        settings.OBLIK_OIDC_NAME = "City ID"
        settings.OBLIK_OIDC_SERVER = found.address
        yield found
    assert found.wrong_requests == []


def sent_on_to(address: str) -> str:
    """Where the provider sends a browser that comes to this address."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return connection.getresponse().headers["Location"]
    finally:
        connection.close()


def come_in(client, *, follow_next: str = "/me/"):
    """The browser's way: our link, the provider, back to us; the last answer of ours."""
    there = client.get(f"/sign-in/with/oidc/?next={follow_next}")
    assert there.status_code == 302, there.content.decode()
    back = sent_on_to(there["Location"])
    assert back.startswith("http://testserver/sign-in/with/oidc/done/?")
    return client.get(back.removeprefix("http://testserver"))


def invited(*, email: str = "", subject: str = "", username: str = "ihor") -> None:
    who = invitations.NewPerson(username, email=email, subject=subject)
    invitations.invite(who, role="operator", over=Over(), by=BY, at=now())


def is_in(client) -> bool:
    return client.get("/me/").status_code == 200


@pytest.mark.django_db
def test_the_sign_in_page_names_the_provider_only_where_there_is_one(client, provider, settings):
    assert "City ID" in client.get("/sign-in/").content.decode()
    settings.OBLIK_OIDC_SERVER = ""
    assert "with/oidc" not in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/with/oidc/").status_code == 404
    assert client.get("/sign-in/with/oidc/done/").status_code == 404


@pytest.mark.django_db
def test_an_invited_address_gets_in_and_its_identity_is_kept(client, provider: Provider):
    invited(email="Ihor@Example.org")
    answer = come_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_in(client)
    assert "identity_linked" in [one.what for one in entries_about("person:ihor")]
    assert entries_about("person:ihor")[-1].details["with"] == "socialaccount"
    client.logout()
    provider.email = "new-name-after-marriage@example.org"  # the same sub
    come_in(client)
    assert is_in(client)


@pytest.mark.django_db
def test_an_invited_sub_gets_in_whatever_the_address(client, provider: Provider):
    invited(subject="sub-of-ihor")
    provider.email_verified = False
    come_in(client)
    assert is_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["nobody", "unverified", "two with one address", "gone"])
def test_an_unknown_identity_gets_nothing_and_a_page_that_says_so(client, provider: Provider, case):
    if case == "unverified":
        invited(email="ihor@example.org")
        provider.email_verified = False
    if case == "two with one address":
        invited(email="ihor@example.org")
        invited(email="ihor@example.org", username="ihor2")
    if case == "gone":
        invited(email="ihor@example.org")
        leaving.disable_person("ihor", by=BY, at=now(), why="left")
    answer = come_in(client)
    assert answer.status_code == 403
    assert "sub-of-ihor" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.django_db
def test_a_locked_account_stays_shut_for_its_identity(client, provider: Provider):
    invited(subject="sub-of-ihor")
    leaving.lock_person("ihor", by=BY, at=now(), why="suspicion")
    assert come_in(client)["Location"] == "/sign-in/off/"
    assert not is_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["key", "none", "secret", "audience", "issuer", "expired", "garbage", "missing"])
def test_a_false_token_opens_nothing(client, provider: Provider, forged):
    invited(subject="sub-of-ihor")
    provider.forge = forged
    answer = come_in(client)
    assert answer.status_code < 500
    assert not is_in(client)


@pytest.mark.django_db
def test_an_answer_that_nobody_asked_for_opens_nothing(client, provider: Provider):
    invited(subject="sub-of-ihor")
    assert client.get("/sign-in/with/oidc/done/?code=stolen&state=invented").status_code < 500
    assert not is_in(client)


@pytest.mark.django_db
def test_nothing_of_the_provider_s_claims_is_kept(client, provider: Provider):
    from allauth.socialaccount.models import SocialAccount, SocialToken

    invited(subject="sub-of-ihor")
    come_in(client)
    assert [one.extra_data for one in SocialAccount.objects.all()] == [{}]
    assert not SocialToken.objects.exists()


@pytest.mark.django_db
def test_an_identity_opens_one_account_alone(provider: Provider):
    invited(subject="sub-of-ihor")
    actions.add_person("olena", role="officer")
    with pytest.raises(invitations.Conflict):
        invitations.link_identity("olena", subject="sub-of-ihor", by=BY, at=now())
