"""The pages of a campaign: overview, owners asked, reminders, discrepancies, documents, freezing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from tests.kit import organisations

from oblik.accounts import actions as accounts
from oblik.base.clock import now
from oblik.intake import running
from oblik.inventory import actions, awaited, cases, queries
from oblik.inventory.logic.deadlines import Asked
from oblik.registry import actions as registry

BY = organisations.BY
PASSWORD = "sorok-dvi-kamery-na-opori"


@pytest.fixture
def town(db, data_dir, tmp_path):
    """ALF handed in, LATE did not and is late by three days."""
    made = organisations.build(tmp_path)
    registry.add_owner("LATE", name="КП «Пізно»", kind="enterprise", by=BY, at=now())
    due_on = localdate() - timedelta(days=3)
    awaited.expect_owners("C1", owners=["ALF", "LATE"], due_on=due_on, by=BY, at=now())
    awaited.change_expected("C1", Asked("LATE", due_on, "Тетяна", "t@light.example", "en"), by=BY, at=now())
    actions.add_member("C1", name="О. Коваль", role="chair", by=BY, at=now())
    return made


@pytest.fixture
def chair(client, town):
    accounts.add_person("olena", role="nobody", password=PASSWORD)
    for role in ("officer", "commission"):
        accounts.set_role("olena", role=role, keep=True, by=BY, at=now())
    assert client.login(username="olena", password=PASSWORD)
    return client


@pytest.fixture
def clerk(client, town):
    accounts.add_person("petro", role="clerk", password=PASSWORD, owner_code="ALF")
    assert client.login(username="petro", password=PASSWORD)
    return client


def text(answer):
    return answer.content.decode()


def test_who_is_late_stands_on_top_and_numbers_are_those_of_the_console(chair):
    page = text(chair.get("/campaigns/C1/"))
    assert page.index("LATE") < page.index("ALF")
    total = queries.campaign_figures("C1").total
    assert f'class="value">{total.received}<' in page
    assert f'class="value">{total.cameras}<' in page


def test_a_clerk_sees_the_own_line_and_no_tools(clerk):
    page = text(clerk.get("/campaigns/C1/"))
    assert "LATE" not in page
    assert "/edit/" not in page
    assert 'id="progress"' not in page
    for address in ("edit/", "remind/", "freeze/"):
        assert clerk.get(f"/campaigns/C1/{address}").status_code == 403
    for address in ("asked/", "discrepancies/"):
        assert clerk.post(f"/campaigns/C1/{address}", {"do": "expect", "key": "x"}).status_code == 403
    assert clerk.post("/campaigns/C1/documents/", {"do": "prepare", "language": "uk"}).status_code == 400


def test_a_campaign_is_opened_edited_and_its_commission_seated(chair):
    facts = {"name": "Третя", "since": "2026-01-01", "until": "2026-02-01", "order_ref": "", "scope": ""}
    assert chair.post("/open-campaign/", {"code": "a/b", **facts}).status_code == 400
    assert chair.post("/open-campaign/", {"code": "C3", **facts})["Location"] == "/campaigns/C3/edit/"
    assert chair.post("/campaigns/C3/edit/", {"do": "facts", **facts, "until": "колись"}).status_code == 400
    chair.post("/campaigns/C3/edit/", {"do": "facts", **facts, "name": "Третя, уточнена"})
    chair.post("/campaigns/C3/edit/", {"do": "seat", "name": "І. Бондар", "role": "chair", "post": "інженер"})
    found = queries.campaign("C3")
    assert (found.name, [one.name for one in found.members]) == ("Третя, уточнена", ["І. Бондар"])
    chair.post("/campaigns/C3/edit/", {"do": "unseat", "place": "1"})
    assert queries.campaign("C3").members == ()


def test_a_letter_is_ready_in_the_owners_language_and_goes_once_a_day(chair, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    page = text(chair.get("/campaigns/C1/remind/"))
    assert "Good day, Тетяна," in page
    assert "t@light.example" in page
    said = {"send:LATE": "1", "email:LATE": "t@light.example", "subject:LATE": "Your list", "text:LATE": "Please."}
    assert chair.post("/campaigns/C1/remind/", said)["Location"] == "/campaigns/C1/asked/"
    assert [(one.to, one.subject, one.body) for one in mail.outbox] == [(["t@light.example"], "Your list", "Please.\n")]
    again = chair.post("/campaigns/C1/remind/?owner=LATE", said)
    assert (again.status_code, len(mail.outbox)) == (400, 1)
    chair.post("/campaigns/C1/remind/?owner=LATE", {**said, "again:LATE": "1"})
    assert len(mail.outbox) == 2
    assert "Your list" in text(chair.get("/campaigns/C1/asked/"))


def test_a_mail_server_that_refuses_is_told_and_may_be_tried_again(chair, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    said = {"send:LATE": "1", "email:LATE": "t@light.example", "subject:LATE": "Your list", "text:LATE": "Please."}
    assert chair.post("/campaigns/C1/remind/", said).status_code == 400
    assert [one.outcome for one in awaited.reminders("C1")] == ["failed"]


def test_a_discrepancy_is_settled_with_a_file_and_opens_again(chair, town):
    address = f"/campaigns/C1/discrepancies/mismatch/{town.shared}/?field=serial"
    assert "ALFA00003" in text(chair.get(address))
    assert chair.post(address, {"do": "resolve", "outcome": "written_off"}).status_code == 400
    chair.post(address, {"do": "comment", "text": "<b>шильдик</b>"})
    file = SimpleUploadedFile("акт.pdf", b"%PDF-1.7 act")
    chair.post(address, {"do": "resolve", "outcome": "written_off", "document": "№ 5", "file": file})
    page = text(chair.get(address))
    assert "&lt;b&gt;шильдик" in page
    (_line, steps) = cases.case("C1", ("mismatch", town.shared, "serial"))
    answer = chair.get(f"/campaigns/C1/case-files/{steps[-1].number}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 act"
    assert answer["Content-Disposition"].startswith("attachment")
    assert chair.post(address, {"do": "reopen", "why": ""}).status_code == 400
    chair.post(address, {"do": "reopen", "why": "помилка"})
    assert cases.case("C1", ("mismatch", town.shared, "serial"))[0].state == "open"


def test_several_are_given_and_settled_together(chair, town):
    keys = [f"mismatch|{town.shared}|{field}" for field in ("serial", "district")]
    here = "/campaigns/C1/discrepancies/"
    chair.post(here, {"do": "assign", "assignee": "olena", "key": keys})
    assert text(chair.get(f"{here}?assignee=olena")).count('name="key"') == 2
    chair.post(f"{here}?state=in_work", {"do": "resolve", "outcome": "accepted", "document": "№ 1", "key": keys})
    assert cases.case_counts("C1")[1] == {"open": 1, "in_work": 0, "resolved": 2}
    assert chair.post(here, {"do": "resolve", "outcome": "accepted", "key": []}).status_code == 400
    assert chair.post(here, {"do": "resolve", "outcome": "accepted", "key": "nonsense"}).status_code == 400


def test_documents_are_asked_of_a_worker_shown_signed_and_frozen(chair, town, data_dir):
    here = "/campaigns/C1/documents/"
    assert chair.post(here, {"do": "prepare", "language": "xx"}).status_code == 400
    chair.post(here, {"do": "prepare", "language": "uk"})
    (job,) = running.jobs(campaign="C1", kind="documents")
    assert job.args == {"language": "uk"}
    folder = queries.documents_folder("C1", language="uk")
    actions.write_documents("C1", directory=folder, language="uk", by=BY, at=now())
    page = chair.get(f"{here}uk/4-act.pdf/look/")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    seen = chair.get(f"{here}uk/4-act.pdf?view")
    assert "frame-ancestors 'self'" in seen["Content-Security-Policy"]
    assert seen["X-Frame-Options"] == "SAMEORIGIN"
    assert seen["Content-Disposition"].startswith("inline")
    assert b"".join(seen.streaming_content).startswith(b"%PDF")
    today = localdate().isoformat()
    assert chair.post(here, {"do": "sign", "place": "1", "signed_on": today}).status_code == 302
    assert chair.post(here, {"do": "sign", "place": "x", "signed_on": today}).status_code == 400
    assert chair.post("/campaigns/C1/freeze/", {"why": "Акт № 4"}).status_code == 400
    assert chair.post("/campaigns/C1/freeze/", {"why": "Акт № 4", "sure": "1"})["Location"] == here
    page = text(chair.get(f"{here}?check=1"))
    assert "Акт № 4" in page
    assert 'id="prepare"' not in page
    (folder / "4-act.pdf").write_bytes(b"%PDF-1.7 another")
    assert chair.get(f"{here}uk/4-act.pdf").status_code == 409
    address = f"/campaigns/C1/discrepancies/mismatch/{town.shared}/?field=serial"
    assert 'id="settle"' not in text(chair.get(address))
    assert chair.post(address, {"do": "comment", "text": "пізно"}).status_code == 400
