"""The page that shows a device's secrets: to whom, after what, and what it leaves behind."""

import logging
import sys
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import get_exception_reporter_class

from oblik.accounts.logic.rights import EVERYWHERE, NOWHERE
from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput
from oblik.config.veils import VeiledFormatter
from oblik.journal import queries as journal
from oblik.registry.actions import add_owner, pin_values
from oblik.registry.entering import enter_camera
from oblik.registry.models import Claim
from oblik.registry.vault import reveal
from oblik.web.desk import camera_secrets
from oblik.web.ui import access

BY = Actor("console", "tester")
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADDRESS = "rtsp://admin:Zx9kL@192.0.2.7/1"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def camera(data_dir):
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    values = {"address": "вул. Садова, 1", "stream_url": ADDRESS, "device_password": "Qw8rT"}
    return enter_camera("KP", reference="1", values=values, by=BY, at=AT, why="нова")[0]


@pytest.fixture
def scope(monkeypatch):
    """Where the person who asks may see secrets; rights have tests of their own."""
    held = {"now": EVERYWHERE}
    monkeypatch.setattr(camera_secrets, "scope_of", lambda person, verb: held["now"])
    monkeypatch.setattr(access, "may", lambda person, verb, **more: bool(held["now"].reaches))
    return held


@pytest.fixture
def browser(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("olena", password="x"))
    return client


def page(code):
    return reverse("camera-secrets", args=[code])


def test_secrets_are_shown_after_a_reason_and_nobody_keeps_the_page(browser, camera, scope):
    first = browser.get(page(camera))
    assert "Zx9kL" not in first.content.decode()
    assert "no-store" in first["Cache-Control"]
    shown = browser.post(page(camera), {"why": "заміна камери"})
    assert ADDRESS in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = journal.entries_about(f"camera:{camera}")[-1]
    assert (entry.what, entry.by, entry.why) == ("looked_at_secret", "person:olena", "заміна камери")


def test_without_a_reason_nothing_is_shown(browser, camera, scope):
    answer = browser.post(page(camera), {"why": " "})
    assert answer.status_code == 422
    assert "Zx9kL" not in answer.content.decode()


def test_who_may_not_see_secrets_of_a_camera_learns_nothing(browser, camera, scope, client):
    scope["now"] = NOWHERE
    assert browser.get(page(camera)).status_code == 403
    client.logout()
    assert client.get(page(camera)).status_code == 302


def test_a_camera_entered_by_hand_keeps_its_secrets_sealed(camera):
    stored = repr(list(Claim.objects.values()))
    assert "Zx9kL" not in stored
    assert "192.0.2.7" not in stored
    again = {"address": "вул. Садова, 1", "stream_url": ADDRESS, "device_password": "Qw8rT"}
    assert enter_camera("KP", reference="1", values=again, by=BY, at=AT, why="ще раз") == (camera, False)
    assert {s.text for s in reveal(camera, why="ремонт", by=BY, at=AT)} == {ADDRESS, "Qw8rT"}


def test_words_of_a_person_may_not_hold_a_password(camera):
    with pytest.raises(InvalidInput, match="device_password"):
        pin_values(camera, values={"note": "пароль: Nb5vC"}, by=BY, at=AT, why="x")


def broken():
    password = "Hh7jU"
    raise ValueError(f"cannot read пароль: {password}, {ADDRESS}")


def test_logs_and_traces_hold_no_secret(settings):
    try:
        broken()
    except ValueError:
        kind, wrong, trace = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "at %s", (ADDRESS,), (kind, wrong, trace))
    request = RequestFactory().post("/", {"password": "Hh7jU"})
    settings.DEBUG = True
    reporter = get_exception_reporter_class(request)(request, kind, wrong, trace)
    for text in (VeiledFormatter().format(record), reporter.get_traceback_html(), reporter.get_traceback_text()):
        assert "Hh7jU" not in text.replace('password = "Hh7jU"', "").replace("&quot;Hh7jU&quot;", "")
        assert "Zx9kL" not in text.replace("ADDRESS = ", "")
