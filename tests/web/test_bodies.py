"""Bodies: refused by their announced size before anything is unpacked, and while the disk is nearly full."""

import shutil
from collections import namedtuple

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.kit.programs import BY, PASSWORD, issued

from oblik.accounts import actions as accounts
from oblik.accounts import leaving
from oblik.accounts.tokens import revoke_token, tokens
from oblik.base.clock import now
from oblik.web.ui import bodies

Usage = namedtuple("Usage", "total used free")


def status(**meta: str) -> int:
    request = RequestFactory().post("/sign-in/", **meta)
    request.META.update(meta)
    return bodies.bounded_body(lambda passed: HttpResponse("in"))(request).status_code


def test_a_stranger_may_send_a_form_and_no_file():
    assert status(CONTENT_LENGTH="3000000") == 200
    assert status(CONTENT_LENGTH="4000000") == 413


@pytest.fixture
def bearer(db) -> str:
    accounts.add_person("petro", role="clerk", owner_code="POL", password=PASSWORD)
    return f"Bearer {issued('petro', verbs=['hand_in']).token}"


def test_with_a_token_a_file_may_come_up_to_the_setting(bearer, settings):
    settings.OBLIK_MAX_FILE_MB = 10
    assert status(CONTENT_LENGTH="10000000", HTTP_AUTHORIZATION=bearer) == 200
    assert status(CONTENT_LENGTH="12000000", HTTP_AUTHORIZATION=bearer) == 413


@pytest.mark.parametrize("said", ["Bearer x", "x", "", "Basic b2xlbmE6eA==", "Bearer oblik_" + "0" * 49])
def test_a_token_that_is_none_of_ours_brings_no_file(bearer, said):
    assert status(CONTENT_LENGTH="10000000", HTTP_AUTHORIZATION=said) == 413


def test_a_token_that_was_revoked_brings_no_file(bearer):
    revoke_token(tokens(of="petro")[0].number, by=BY, at=now(), why="x")
    assert status(CONTENT_LENGTH="10000000", HTTP_AUTHORIZATION=bearer) == 413


def test_a_session_brings_a_file_while_it_is_somebodys(bearer, client):
    def sent(**headers: str) -> int:
        return client.post("/sign-in/", b"x" * 4_000_000, content_type="application/json", headers=headers).status_code

    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert sent() == 413
    assert client.login(username="petro", password=PASSWORD)
    assert sent() != 413
    assert sent(Authorization="Bearer x") == 413
    leaving.lock_person("petro", by=BY, at=now(), why="x")
    assert sent() == 413


@pytest.mark.parametrize("length", ["-1", "+5", "1e9", "5, 6", " 7", "٣", "9" * 30])
def test_a_length_that_is_no_number_is_a_bad_request(length):
    assert status(CONTENT_LENGTH=length) == 400


def test_a_full_disk_takes_no_file_and_still_answers_forms(monkeypatch, data_dir, bearer, settings):
    settings.OBLIK_MAX_FILE_MB = 300
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**12, 10**12, 600_000_000))
    assert status(CONTENT_LENGTH="100000000", HTTP_AUTHORIZATION=bearer) == 507
    assert status(CONTENT_LENGTH="30000000", HTTP_AUTHORIZATION=bearer) == 200
    assert status(CONTENT_LENGTH="1000") == 200


@pytest.mark.django_db
def test_the_page_says_how_much_is_allowed(client):
    answer = client.post("/sign-in/", {"username": "a" * 4_000_000, "password": "b"})
    assert answer.status_code == 413
    assert "300" in answer.content.decode()
    assert answer["Content-Security-Policy"]
    assert Client().get("/sign-in/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/cameras/?text=%00", "/cameras/%00/", "/sign-in/?next=/%00", "/map/?text=a%00b"])
def test_an_address_with_a_nul_byte_is_a_bad_request(client, address):
    """PostgreSQL refuses such a text with an error of its own."""
    assert client.get(address).status_code == 400


@pytest.mark.django_db
def test_a_program_is_refused_in_its_own_words(client, settings):
    settings.OBLIK_MAX_FILE_MB = 1
    answer = client.post("/api/v1/submissions", b"x" * 4_000_000, content_type="application/json",
                         headers={"Authorization": "Bearer x"})  # fmt: skip
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
