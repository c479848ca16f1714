"""The API as programs meet it: pages by cursor, errors as problem+json, writes that happen once, the same rights."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from tests.kit.programs import BY, PASSWORD, Program, issued

from oblik.accounts import actions as accounts
from oblik.accounts import repeats
from oblik.accounts.leaving import disable_person
from oblik.accounts.queries import Reach
from oblik.base.clock import now
from oblik.intake.actions import matching
from oblik.intake.refs import find_record
from oblik.inventory import actions as inventory
from oblik.journal.queries import entries_about
from oblik.registry import actions as registry_actions
from oblik.registry import queries as registry
from oblik.web.api import api as door
from oblik.web.ui import limits

LIST = "Інв. номер;Адреса;Широта;Довгота\nA-1;вул. Нова, 1;49.5;34.5\nA-2;вул. Нова, 2;х;34.6\n"


def problem(answer) -> dict:
    """The problem that an answer tells; it is one, and complete."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    said = json.loads(answer.content)
    assert said["status"] == answer.status_code
    assert said["title"] and said["detail"] and said["type"].startswith("/api/v1/reference#")
    return said


def file_of(content: bytes, name: str = "camera.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_cameras_come_in_pages_that_stay_put(officer_program, register):
    page = officer_program.get("cameras?limit=3").json()
    assert [one["code"] for one in page["items"]] == register[:3]
    last = officer_program.client.get(page["next"], headers={"Authorization": f"Bearer {officer_program.token}"}).json()
    assert [one["code"] for one in last["items"]] == register[3:]
    assert last["next"] is None
    assert "stream_url" not in json.dumps(page)
    assert "secret" not in json.dumps(page)


def test_filters_are_those_of_the_page(officer_program, register):
    def codes(query):
        return [one["code"] for one in officer_program.get(f"cameras?{query}").json()["items"]]

    assert codes("owner=POL") == [register[2]]
    assert codes("state=faulty") == [register[1]]
    assert codes("text=садова 2") == [register[1]]
    assert codes("kind=unknown") == register[2:]


def test_a_cursor_is_good_for_its_own_question_alone(officer_program):
    cursor = officer_program.get("cameras?limit=1").json()["cursor"]
    for query in (f"owner=KP&cursor={cursor}", "cursor=made-up", f"cursor={cursor}x"):
        said = problem(officer_program.get(f"cameras?{query}"))
        assert (said["status"], said["errors"][0]["field"]) == (422, "cursor")


def test_one_camera_with_its_history_and_sources(officer_program, register):
    one = officer_program.get(f"cameras/{register[0]}").json()
    assert (one["values"]["height_m"], one["version"]) == (6.0, 2)
    then = officer_program.get(f"cameras/{register[0]}?as_of=2025-03-15").json()
    assert (then["values"]["height_m"], then["as_of"]) == (4.0, "2025-03-15")
    history = officer_program.get(f"cameras/{register[0]}/history").json()["items"]
    assert [line["version"] for line in history] == [2, 1]
    assert history[0]["changed"]["height_m"] == {"before": 4.0, "after": 6.0}
    sources = officer_program.get(f"cameras/{register[0]}/sources").json()
    assert {line["kind"] for line in sources} == {"owner_list", "person"}
    assert "stream_url" not in json.dumps([one, then, history, sources])


def test_what_programs_are_answered_is_no_page_of_a_browser(officer_program, register):
    for path in ("cameras", f"cameras/{register[0]}", "cameras?limit=0", "nothing/here", "openapi.json"):
        assert officer_program.get(path).headers["Content-Disposition"] == 'attachment; filename="api.json"', path


def test_a_camera_that_did_not_change_is_not_sent_again(officer_program, register):
    first = officer_program.get(f"cameras/{register[0]}")
    again = officer_program.get(f"cameras/{register[0]}", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_who_may_not_see_a_camera_is_told_what_one_that_is_not_tells(clerk_program, register):
    hidden, missing = clerk_program.get(f"cameras/{register[1]}"), clerk_program.get("cameras/KHA-999999-9")
    assert hidden.status_code == missing.status_code == 404
    words = problem(hidden)["detail"].replace(register[1], "…"), problem(missing)["detail"].replace("KHA-999999-9", "…")
    assert words[0] == words[1]
    assert [one["code"] for one in clerk_program.get("cameras").json()["items"]] == [register[2]]
    assert [one["code"] for one in clerk_program.get("owners").json()["items"]] == ["POL"]
    assert problem(clerk_program.get("owners/KP"))["status"] == 404


def test_a_narrowed_token_sees_what_both_it_and_its_person_may(program, register):
    narrowed = program("olena-n", role="officer", verbs=["see"], reach=Reach(owners=frozenset({"POL"})))
    assert [one["code"] for one in narrowed.get("cameras").json()["items"]] == [register[2]]
    said = problem(narrowed.send("PATCH", f"cameras/{register[2]}", {"values": {"height_m": 3}, "why": "x"}))
    assert said["status"] == 403
    assert narrowed.get("me").json()["rights"] == {
        "see": [{"owners": ["POL"], "districts": [], "kinds": [], "purposes": [], "campaigns": []}]
    }


def test_without_a_good_token_nobody_is_let_in(client, register, officer_program):
    for headers in (
        {}, {"Authorization": "Bearer oblik_" + "0" * 49}, {"Authorization": "Basic b2xlbmE6eA=="},
        {"Authorization": f"Bearer {officer_program.token}x"},
    ):  # fmt: skip
        answer = client.get("/api/v1/cameras", headers=headers)
        assert problem(answer)["status"] == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    disable_person("olena-p", by=BY, at=now(), why="left")
    assert problem(officer_program.get("cameras"))["status"] == 401


def test_a_browser_that_signed_in_may_ask_and_writes_with_its_csrf_token(register):
    accounts.add_person("olena", role="officer", password=PASSWORD)
    browser = Client(enforce_csrf_checks=True)
    browser.login(username="olena", password=PASSWORD)
    assert len(browser.get("/api/v1/cameras").json()["items"]) == 4
    edit = json.dumps({"values": {"height_m": 3}, "why": "x"})
    forged = browser.patch(f"/api/v1/cameras/{register[0]}", edit, content_type="application/json")
    assert problem(forged)["status"] == 403
    browser.get("/cameras/")
    secret = browser.cookies["csrftoken"].value
    written = browser.patch(
        f"/api/v1/cameras/{register[0]}", edit, content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert written.status_code == 200
    wrong = browser.get("/api/v1/cameras", headers={"Authorization": "Bearer oblik_" + "0" * 49})
    assert wrong.status_code == 401  # a wrong token stays wrong, whoever is signed in besides


def test_editing_takes_a_reason_and_the_version_that_was_read(officer_program, register):
    path = f"cameras/{register[0]}"
    etag = officer_program.get(path).headers["ETag"]
    edit = {"values": {"height_m": 7.5}, "why": "Виміряно знову"}
    written = officer_program.send("PATCH", path, edit, **{"If-Match": etag})
    assert written.json()["values"]["height_m"] == 7.5
    stale = officer_program.send("PATCH", path, {**edit, "values": {"height_m": 8}}, **{"If-Match": etag})
    assert problem(stale)["code"] == "stale"
    assert stale.status_code == 412
    assert officer_program.get(path).json()["values"]["height_m"] == 7.5
    assert problem(officer_program.send("PATCH", path, {**edit, "why": "  "}))["status"] == 422
    entry = entries_about(f"camera:{register[0]}")[-1]
    assert (entry.what, entry.why) == ("pinned", "Виміряно знову")
    assert entry.by == f"person:olena-p (token {officer_program.get('me').json()['token']})"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"height_m": "tall"}, "height_m"), ({"kind": "round"}, "kind"), ({"lon_deg": 34}, ""), ({"nonsense": 1}, ""),
     ({"stream_url": "rtsp://a"}, "stream_url"), ({"height_m": None}, "height_m"), ({"height_m": 1e12}, "height_m")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_named_with_its_remedy(officer_program, register, values, field):
    said = problem(officer_program.send("PATCH", f"cameras/{register[0]}", {"values": values, "why": "x"}))
    assert said["status"] == 422
    assert field in said["errors"][0]["field"]
    assert said["errors"][0]["detail"]


def test_errors_speak_the_language_that_is_asked_for(officer_program):
    told = {
        language: problem(officer_program.get("cameras/NONE", **{"Accept-Language": language}))["detail"]
        for language in ("uk", "ru", "en", "de, en;q=0.5")
    }
    assert len({told["uk"], told["ru"], told["en"]}) == 3
    assert told["en"] == told["de, en;q=0.5"]


def test_entering_a_camera_twice_enters_it_once(officer_program, register):
    new = {
        "owner": "KP",
        "reference": "pole-17",
        "values": {"address": "вул. Садова, 9", "kind": "dome"},
        "why": "Нова",
    }
    first, again = (officer_program.send("POST", "cameras", new) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["code"] == again.json()["code"]
    assert first.headers["Location"] == f"/api/v1/cameras/{first.json()['code']}"
    assert len(officer_program.get("cameras?limit=100").json()["items"]) == 5
    other = officer_program.send("POST", "cameras", {**new, "values": {"kind": "ptz"}})
    assert problem(other)["status"] == 409


def test_with_an_idempotency_key_the_second_same_write_gives_the_first_answer(program, register):
    admin = program("admin-p", role="administrator")
    new, key = {"code": "NEW", "name": "Нова служба", "kind": "state"}, {"Idempotency-Key": "a-1"}
    first, again = (admin.send("POST", "owners", new, **key) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert problem(admin.send("POST", "owners", {**new, "code": "NEW2"}, **key))["status"] == 409
    assert problem(admin.send("POST", "owners", new))["status"] == 409  # without the key the code is simply taken
    # What failed changed nothing: its key may be used again.
    assert problem(admin.send("POST", "owners", {**new, "kind": "x"}, **{"Idempotency-Key": "b"}))["status"] == 422
    assert admin.send("POST", "owners", {**new, "code": "N3"}, **{"Idempotency-Key": "b"}).status_code == 201


@pytest.mark.parametrize("over", [None, accounts.Over(owners=["POL"]), accounts.Over(districts=["Центр"])])
def test_an_answer_is_not_given_again_to_who_has_lost_the_right(program, register, over):
    officer = program("olena-p", role="officer")
    edit, key = {"values": {"height_m": 5}, "why": "x"}, {"Idempotency-Key": "e-1"}
    assert officer.send("PATCH", f"cameras/{register[0]}", edit, **key).status_code == 200
    accounts.set_role("olena-p", role="officer" if over else "nobody", over=over, by=BY, at=now())
    again = officer.send("PATCH", f"cameras/{register[0]}", edit, **key)
    assert problem(again)["status"] == 403
    assert "Садова" not in again.content.decode()
    accounts.set_role("olena-p", role="officer", by=BY, at=now())
    assert officer.send("PATCH", f"cameras/{register[0]}", edit, **key).headers["Idempotent-Replayed"] == "true"


@pytest.mark.django_db
def test_a_write_under_way_is_not_begun_again(officer_program):
    asked = repeats.Asked(officer_program.get("me").json()["token"], "k", "d", "r")
    assert repeats.begin_once(asked, at=now()) is None
    with pytest.raises(Exception, match="not answered yet"):
        repeats.begin_once(asked, at=now())
    repeats.forget_once(asked)
    assert repeats.begin_once(asked, at=now()) is None


@pytest.fixture
def listed(program, campaign) -> Program:
    """An administrator's program, with a list handed in and matched."""
    admin = program("admin-l", role="officer")
    answer = admin.hand_in({"owner": "KP", "campaign": campaign, "file": file_of(LIST.encode())})
    assert answer.status_code == 201, answer.content
    return admin


def test_a_list_is_handed_in_and_reported_row_by_row(listed, campaign):
    line = listed.get("submissions").json()["items"][0]
    assert (line["file_name"], line["state"]) == ("camera.csv", "read")
    assert sum(line["verdicts"].values()) == 2
    number = line["submission"]
    rows = listed.get(f"submissions/{number}/rows?limit=2").json()
    rest = listed.get(f"submissions/{number}/rows?limit=2&cursor={rows['cursor']}").json()
    assert [row["row"] for row in (*rows["items"], *rest["items"])] == [1, 2, 3]
    bad = listed.get(f"submissions/{number}/rows?problems=true").json()["items"]
    assert [row["row"] for row in bad] == [3]
    assert bad[0]["problems"][0]["value"].startswith("х")
    file = file_of(LIST.encode())
    again = listed.hand_in({"owner": "KP", "campaign": campaign, "file": file})
    assert (again.status_code, again.json()["known"], again.json()["submission"]) == (200, True, number)


def test_a_matching_run_answers_what_it_did(listed, campaign):
    done = listed.send("POST", f"campaigns/{campaign}/matching-runs", {}, **{"Idempotency-Key": "run"})
    assert done.status_code == 201, done.content
    assert done.json()["records"] == done.json()["new"] + done.json()["review"] + done.json()["matched"]
    figures = listed.get(f"campaigns/{campaign}/figures").json()
    assert figures["total"]["received"] == 2
    waiting = listed.get(f"judgements/waiting?campaign={campaign}").json()["items"]
    assert len(waiting) == figures["total"]["waiting"]


def test_a_person_judges_and_takes_it_back(listed, campaign, register):
    matching.run_matching(campaign, by=BY, at=now())
    number = listed.get("submissions").json()["items"][0]["submission"]
    record = find_record(f"{number}:2").record
    said = {"record": record, "camera": register[0], "verdict": "same", "why": "Бачили на місці"}
    assert listed.send("POST", "judgements", said).json()["camera"] == register[0]
    words = listed.get(f"judgements?record={record}").json()["items"]
    assert [(one["verdict"], one["by_kind"]) for one in words if one["withdrawn_at"] is None] == [("same", "human")]
    gone = {"record": record, "camera": register[0], "why": "Помилились"}
    assert listed.send("POST", "judgements/withdrawals", gone).json()["camera"] is None
    words = listed.get(f"judgements?record={record}").json()["items"]
    assert all(one["withdrawn_at"] for one in words)
    assert problem(listed.send("POST", "judgements/withdrawals", gone))["status"] == 409
    matching.run_matching(campaign, by=BY, at=now())
    assert [entry.what for entry in entries_about(f"record:{record}")] == ["judged_same", "judgement_withdrawn"]


def test_nobody_judges_into_anothers_camera_by_the_code_of_an_own_one_that_was_merged_into_it(
    program, campaign, register
):
    ids = {code: registry.camera_id(code) for code in register}
    with transaction.atomic():
        gone = registry_actions.withdraw_claims(["test:2"], source_kind="owner_list", at=now())
        registry_actions.fold_cameras(gone, happened_at=now(), at=now(), by=BY)
        registry_actions.retire_empty(gone, merged_into=ids[register[0]], at=now(), by=BY)
    asks = program("petro-j", role="officer")
    accounts.set_role("petro-j", role="officer", over=accounts.Over(owners=["POL"]), by=BY, at=now())
    number = asks.hand_in({"owner": "POL", "campaign": campaign, "file": file_of(LIST.encode())}).json()["submission"]
    record = find_record(f"{number}:2").record
    said = {"record": record, "camera": register[2], "verdict": "same", "why": "x"}
    assert problem(asks.send("POST", "judgements", said))["status"] == 404
    assert problem(asks.send("POST", "judgements", {**said, "camera": register[0]}))["status"] == 404
    edit = asks.send("PATCH", f"cameras/{register[2]}", {"values": {"height_m": 3}, "why": "x"})
    assert problem(edit)["status"] == 409 and register[0] not in edit.content.decode()
    standing = {one.owner for one in registry.camera_card(register[0]).claims if one.withdrawn_at is None}
    assert standing == {"", "KP", "POL"} and record not in {
        int(one.source_ref.partition(":")[2]) for one in registry.camera_card(register[0]).claims
        if one.source_ref.startswith("record:")
    }  # fmt: skip


def test_a_clerk_hands_in_for_the_own_owner_alone_and_judges_nothing(clerk_program, listed, campaign):
    file = file_of(LIST.encode())
    assert problem(clerk_program.hand_in({"owner": "KP", "campaign": campaign, "file": file}))["status"] == 403
    assert clerk_program.get("submissions").json()["items"] == []
    assert problem(clerk_program.get("submissions/1"))["detail"] == problem(clerk_program.get("submissions/99"))[
        "detail"
    ].replace("99", "1")
    assert problem(clerk_program.get("judgements?record=1"))["status"] == 403
    assert clerk_program.get(f"campaigns/{campaign}/figures").json()["total"] is None
    assert problem(clerk_program.get("journal?subject=camera:1"))["status"] == 403


def test_documents_are_listed_and_come_down(officer_program, clerk_program, campaign, data_dir):
    folder = data_dir / "documents" / campaign / "uk"
    folder.mkdir(parents=True)
    (folder / "4-act.pdf").write_bytes(b"%PDF-1.7 act")
    (line,) = officer_program.get(f"campaigns/{campaign}/documents").json()
    file = officer_program.client.get(line["address"], headers={"Authorization": f"Bearer {officer_program.token}"})
    assert b"".join(file.streaming_content) == b"%PDF-1.7 act"
    (done,) = [one for one in entries_about(f"inventory:{campaign}") if one.what == "downloaded"]
    assert done.details == {"document": "4-act.pdf", "language": "uk"} and "(token " in done.by
    assert clerk_program.get(f"campaigns/{campaign}/documents").json() == []
    assert problem(clerk_program.get(f"campaigns/{campaign}/documents/uk/4-act.pdf"))["status"] == 404
    assert problem(officer_program.get(f"campaigns/{campaign}/documents/uk/..%2f..%2fsecret.key"))["status"] == 404


def test_campaigns_are_opened_and_the_journal_is_read(program, officer_program, register):
    new = {"code": "C7", "name": "Осінній облік", "since": "2026-09-01", "until": "2026-10-31"}
    assert officer_program.send("POST", "campaigns", new).status_code == 201
    assert problem(officer_program.send("POST", "campaigns", new))["status"] == 409
    assert problem(officer_program.send("POST", "campaigns", {**new, "code": "C8", "until": "2026-01-01"}))
    assert officer_program.get("campaigns/C7").json()["state"] == "open"
    auditor = program("audit-p", role="auditor")
    by = f"person:olena-p (token {officer_program.get('me').json()['token']})"
    (entry,) = auditor.get("journal?subject=inventory:C7").json()["items"]
    assert (entry["what"], entry["by"]) == ("opened", by)


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("PUT", "cameras", "", "", 405),
        ("GET", "nothing/here", "", "", 404),
        ("POST", "owners", "{", "json", 400),
        ("POST", "owners", "[1]", "json", 400),
        ("POST", "owners", "<a/>", "xml", 415),
        ("GET", "cameras/%00", "", "", 404),
        ("POST", "owners", '{"code": "A\\u0000"}', "json", 422),
        ("POST", "owners", '{"code": "\\ud800"}', "json", 422),
        ("POST", "submissions", "{}", "json", 415),
        ("GET", "submissions/0", "", "", 422),
        ("GET", "submissions/99999999999999999999", "", "", 422),
        ("POST", "owners", "[" * 3000 + "]" * 3000, "json", 400),
        ("GET", "cameras?owner=%00", "", "", 422),
    ],
)
def test_every_mistake_is_answered_with_a_problem(program, method, path, body, kind, status):
    admin = program("admin-e", role="administrator")
    answer = admin.client.generic(
        method, f"/api/v1/{path}", body, content_type=f"application/{kind}" if kind else "",
        headers={"Authorization": f"Bearer {admin.token}"},
    )  # fmt: skip
    assert answer.status_code == status
    if status >= 400:
        problem(answer)
    if status == 405:
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_crash_tells_nothing_of_itself(officer_program, monkeypatch):
    def crash(*_args, **_more):
        raise RuntimeError("the password is in here")

    monkeypatch.setattr("oblik.registry.queries.cameras_after", crash)
    officer_program.client.raise_request_exception = False
    answer = officer_program.get("cameras")
    assert problem(answer)["status"] == 500
    assert b"password" not in answer.content


@override_settings(OBLIK_LIMITS=True)
def test_who_asks_too_often_is_told_how_long_to_wait(officer_program, client, monkeypatch, data_dir):
    monkeypatch.setitem(limits.LIMITS, "token", limits.Limit(3, 60))
    monkeypatch.setitem(limits.LIMITS, "bad_token", limits.Limit(2, 60))
    statuses = [officer_program.get("me").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    answer = officer_program.get("me")
    assert problem(answer)["code"] == "too_many"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    wrong = {"Authorization": "Bearer oblik_" + "0" * 49}
    assert [client.get("/api/v1/me", headers=wrong).status_code for _ in range(3)] == [401, 401, 429]


def test_a_file_that_is_too_large_or_unreadable_is_refused(listed, campaign, settings):
    empty = listed.hand_in({"owner": "KP", "campaign": campaign, "file": file_of(b"\x00\x01\x02" * 9, "a.bin")})
    assert problem(empty)["status"] == 422
    settings.OBLIK_MAX_FILE_MB = 0
    large = listed.hand_in({"owner": "KP", "campaign": campaign, "file": file_of(LIST.encode(), "a.csv")})
    assert problem(large)["status"] == 413
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50
    assert problem(listed.send("POST", "judgements", {"why": "x" * 100}))["status"] == 413


def test_a_frozen_campaign_takes_nothing(listed, campaign):
    inventory.freeze_campaign(campaign, by=BY, at=now(), why="Акт 1")
    answer = listed.hand_in({"owner": "KP", "campaign": campaign, "file": file_of(LIST.encode(), "b.csv")})
    assert problem(answer)["status"] == 409


def test_anothers_camera_in_an_own_list_is_told_in_the_words_of_that_list(clerk_program, register):
    got = clerk_program.get(f"cameras/{register[0]}")
    assert got.status_code == 200
    told = got.json()
    assert (told["whole"], told["state"], told["owner"], told["kind"]) == (False, "", "", "ptz")


def test_the_reference_stands_without_any_other_host(client, db):
    page = client.get("/api/v1/reference")
    text = page.content.decode()
    assert page.status_code == 200
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert "<script>" not in text
    assert "style=" not in text
    for path in door.api.get_openapi_schema()["paths"]:
        assert path in text


def test_the_documents_are_in_step_with_the_routes(client, db):
    root = Path(__file__).resolve().parents[3]
    served = json.loads(client.get("/api/v1/openapi.json").content)
    assert served == json.loads((root / "docs/reference/openapi.json").read_text(encoding="utf-8"))
    assert served["openapi"].startswith("3.1")
    page = (root / "docs/reference/api.md").read_text(encoding="utf-8")
    missing = [
        f"{method.upper()} {path}" for path, methods in served["paths"].items() for method in methods
        if f"{method.upper()} {path}" not in page
    ]  # fmt: skip
    assert not missing


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_all_days_is_refused(officer_program, officer, register, day):
    assert officer_program.get(f"cameras/{register[0]}?as_of={day}").status_code == 422
    assert officer.get(f"/cameras/{register[0]}/?as_of={day}").status_code == 400


@pytest.mark.parametrize(
    ("over", "status"),
    [
        (accounts.Over(), 201),
        (accounts.Over(owners=["NEW"]), 201),
        (accounts.Over(owners=["KP"]), 403),
        (accounts.Over(districts=["Центр"]), 403),
        (accounts.Over(owners=["NEW"], kinds=["dome"]), 403),
        (accounts.Over(purposes=["traffic"]), 403),
        (accounts.Over(campaigns=["C1"]), 403),
    ],
)
def test_an_owner_is_added_by_who_administers_all_of_it(client, register, over, status):
    accounts.add_person("local", role="nobody", password=PASSWORD)
    accounts.set_role("local", role="administrator", over=over, by=BY, at=now())
    local = Program(client, issued("local", verbs=["configure", "see"]).token)
    new = {"code": "NEW", "name": "Новий", "kind": "private"}
    assert local.send("POST", "owners", new).status_code == status
    assert ("NEW" in {one.code for one in registry.owners()}) == (status == 201)
