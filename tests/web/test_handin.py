"""Handing in a list on the desk: laid, understood, corrected, read, looked through, accepted, withdrawn."""

import json
import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.kit.lists import HEADER, camera_row

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.intake import laid, queries, reported, running
from oblik.intake.jobs import KINDS, start_job, work_off
from oblik.intake.logic import samples
from oblik.intake.logic.shapes import Sheet
from oblik.journal.queries import entries_about
from oblik.web.desk import jobs as job_pages
from oblik.web.desk.lists import _harmless


def table(rows, *, columns=HEADER, top=("ПЕРЕЛІК КАМЕР", "")):
    lines = [*top, ";".join(columns), *(";".join(str(row.get(name, "")) for name in columns) for row in rows)]
    return "\n".join(lines).encode()


def lay(client, content, *, name="список.csv", owner="POL", **headers):
    given = {"owner": owner, "file": SimpleUploadedFile(name, content)}
    return client.post("/campaigns/C1/lists/", given, headers=headers)


@pytest.fixture
def desk(campaign, clerk, data_dir):
    """The clerk of POL with a list of 30 rows on the desk, looked at."""
    rows = [camera_row(n) for n in range(30)]
    rows[4]["Широта"], rows[4]["Довгота"] = "десь", "тут"
    rows[5] = {"Тип": "купольна"}
    answer = lay(clerk, table(rows))
    assert answer.status_code == 302
    work_off(KINDS)
    return clerk


def do(client, address, **given):
    return client.post(address, given)


def newest():
    """The file laid last; databases count on from test to test."""
    return laid.uploads()[0].id


def read(client, upload=None):
    upload = upload or newest()
    assert do(client, f"/lists/desk/{upload}/", do="read").status_code == 302
    work_off(KINDS)
    submission = laid.upload(upload).submission
    assert submission is not None
    return submission


def test_what_is_understood_is_shown_before_anything_is_handed_in(desk):
    html = desk.get(f"/lists/desk/{newest()}/").content.decode()
    assert "ПЕРЕЛІК КАМЕР" in html
    assert 'class="left-out role-title"' in html
    assert "INV-0003" in html
    assert queries.submissions(campaign="C1") == []
    assert "список.csv" in desk.get("/campaigns/C1/lists/").content.decode()


def test_a_column_is_corrected_and_the_correction_remembered(desk):
    answer = desk.post(
        f"/lists/desk/{newest()}/", {"do": "column", "column": "Тип", "target": "note"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert laid.upload(newest()).mapping == {"Тип": "note"}
    first = read(desk)
    assert queries.submission(first).understood[0]["columns"][7]["target"] == "note"
    lay(desk, table([camera_row(n) for n in range(40)]), name="наступний.csv")
    work_off(KINDS)
    (seen,) = laid.sheets_of(newest())
    assert [(one.target, one.level) for one in seen.columns if one.header == "Тип"] == [("note", "remembered")]


def test_a_field_that_is_none_is_refused_with_a_sentence(desk):
    answer = do(desk, f"/lists/desk/{newest()}/", do="column", column="Тип", target="secrets of the city")
    assert answer.status_code == 400
    assert laid.upload(newest()).mapping == {}


def test_the_row_with_the_names_can_be_moved_and_columns_without_names_be_told(desk):
    do(desk, f"/lists/desk/{newest()}/", do="header", row="0")
    (seen,) = laid.sheets_of(newest())
    assert seen.header_row == 0
    assert [one.key for one in seen.columns][:2] == ["column 1", "column 2"]
    do(desk, f"/lists/desk/{newest()}/", do="column", column="column 2", target="serial")
    (seen,) = laid.sheets_of(newest())
    assert [(one.target, one.level) for one in seen.columns][1] == ("serial", "chosen")
    do(desk, f"/lists/desk/{newest()}/", do="header", row="")
    assert laid.sheets_of(newest())[0].header_row == 3


def test_rows_are_shown_with_the_cell_marked_and_the_remedy(desk):
    number = read(desk)
    assert queries.submission(number).verdicts == {"new": 28, "doubtful": 1, "broken": 1}
    html = desk.get(f"/lists/{number}/?rows=doubtful").content.decode()
    marked = re.findall(r'class="marked marked-doubt">.*?</td>', html)
    assert ["десь" in one or "тут" in one for one in marked] == [True, True]
    assert "50.00120" in html  # the remedy
    broken = desk.get(f"/lists/{number}/rows-to-correct.csv")
    lines = broken.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert [entry.what for entry in entries_about(f"submission:{number}")] == ["received", "read", "exported"]


def test_accepting_closes_a_list_and_can_be_taken_back(desk):
    number = read(desk)
    do(desk, f"/lists/{number}/", do="accept")
    assert queries.submission(number).accepted_at is not None
    assert b'value="correct"' not in desk.get(f"/lists/{number}/").content
    assert do(desk, f"/lists/{number}/", do="withdraw", why="помилка").status_code == 409
    do(desk, f"/lists/{number}/", do="reopen")
    assert queries.submission(number).accepted_at is None


def test_a_withdrawn_list_counts_nothing_and_can_be_handed_in_again(desk):
    number = read(desk)
    assert do(desk, f"/lists/{number}/", do="withdraw", why=" ").status_code == 400
    do(desk, f"/lists/{number}/", do="withdraw", why="не той файл")
    line = queries.submission(number)
    assert (line.state, line.verdicts) == ("withdrawn", {})
    assert queries.campaign_rows("C1").height == 0
    assert "не той файл" in desk.get(f"/lists/{number}/").content.decode()
    entry = entries_about(f"submission:{number}")[-1]
    assert (entry.what, entry.why, entry.details["new"]) == ("withdrawn", "не той файл", 28)
    do(desk, f"/lists/{number}/", do="restore")
    work_off(KINDS)
    assert queries.submission(number).verdicts == {"new": 28, "doubtful": 1, "broken": 1}


def test_read_in_another_way_the_list_replaces_its_older_reading_row_by_row(desk):
    do(desk, f"/lists/desk/{newest()}/", do="column", column="Адреса", target="ignore")
    first = read(desk)
    answer = do(desk, f"/lists/{first}/", do="correct")
    upload = int(re.search(r"/desk/(\d+)/", answer.headers["Location"])[1])
    work_off(KINDS)
    assert laid.upload(upload).mapping == {"Адреса": "ignore"}
    do(desk, f"/lists/desk/{upload}/", do="column", column="Адреса", target="address")
    second = read(desk, upload)
    assert queries.submission(first).replaced_by == second
    line = queries.submission(second)
    assert (line.replaces, line.vanished) == (first, 0)
    assert line.verdicts["changed"] == 28


def test_what_the_newer_list_lacks_is_asked_and_answered(desk):
    first = read(desk)
    lay(desk, table([camera_row(n) for n in range(28)]), name="новий.csv")
    work_off(KINDS)
    second = read(desk)
    assert queries.submission(second).replaces == first
    gone = reported.vanished(second)
    assert {one.row for one in gone} >= {32, 33}
    do(desk, f"/lists/{second}/", do="answer", question=str(gone[0].number), said="Демонтовано")
    assert reported.vanished(second)[-1].answer == "Демонтовано"
    assert do(desk, f"/lists/{second}/", do="answer", question="999", said="x").status_code == 404


def test_what_was_laid_by_mistake_is_taken_away(desk):
    number = newest()
    answer = do(desk, f"/lists/desk/{number}/", do="away")
    assert answer.status_code == 302
    assert desk.get(f"/lists/desk/{number}/").status_code == 404
    assert [entry.what for entry in entries_about(f"upload:{number}")] == ["laid", "taken_away"]


def test_a_file_that_cannot_be_read_says_so(campaign, clerk, data_dir):
    lay(clerk, b"%PDF-1.7 a scan", name="план.pdf")
    work_off(KINDS)
    html = clerk.get(f"/lists/desk/{newest()}/").content.decode()
    assert "план.pdf" in html
    assert "alert-danger" in html


def test_a_clerk_hands_in_for_the_own_organisation_alone(campaign, clerk, data_dir):
    assert lay(clerk, table([camera_row(1)]), owner="KP").status_code == 400
    told = lay(clerk, table([camera_row(1)]), owner="KP", accept="application/json")
    assert (told.status_code, list(told.json())) == (400, ["trouble"])
    told = lay(clerk, table([camera_row(1)]), accept="application/json")
    assert told.json() == {"address": f"/lists/desk/{newest()}/"}


def test_who_only_sees_a_list_changes_nothing(desk, officer, client):
    number = read(desk)
    accounts.add_person("oko", role="auditor", password="sorok-dvi-kamery-na-opori")
    client.logout()
    assert client.login(username="oko", password="sorok-dvi-kamery-na-opori")
    assert client.get(f"/lists/{number}/").status_code in (200, 403)
    assert client.post(f"/lists/{number}/", {"do": "accept"}).status_code == 403
    assert queries.submission(number).accepted_at is None


def test_matching_is_asked_for_by_who_may_judge_all_lists(desk):
    read(desk)
    assert 'value="match"' not in desk.get("/campaigns/C1/lists/").content.decode()
    assert do(desk, "/campaigns/C1/lists/", do="match").status_code == 403
    accounts.add_person("olena", role="officer", password="sorok-dvi-kamery-na-opori")
    desk.logout()
    assert desk.login(username="olena", password="sorok-dvi-kamery-na-opori")
    assert do(desk, "/campaigns/C1/lists/", do="match").status_code == 302
    assert b"data-job" in desk.get("/campaigns/C1/lists/").content
    work_off(KINDS)
    run = reported.newest_run("C1")
    assert (run.new + run.matched, run.fresh) == (29, 0)
    assert running.jobs(kind="match")[0].result["run"]


def test_passwords_are_never_shown(campaign, clerk, data_dir):
    rows = [camera_row(n) | {"Пароль": f"tajna-{n}", "RTSP": f"rtsp://admin:tajna@10.0.0.{n}/"} for n in range(9)]
    lay(clerk, table(rows, columns=(*HEADER, "Пароль", "RTSP")))
    work_off(KINDS)
    assert b"tajna" not in clerk.get(f"/lists/desk/{newest()}/").content
    number = read(clerk)
    for verdict in ("new", "doubtful", "broken", "not_a_camera"):
        assert b"tajna" not in clerk.get(f"/lists/{number}/?rows={verdict}").content
    assert b"tajna" not in clerk.get(f"/lists/{number}/rows-to-correct.csv").content


def test_how_far_work_is_comes_as_events_until_it_ends(campaign, clerk, data_dir):
    number = start_job("look", campaign="C1", owner="POL", args={"upload": 7}, by=Actor("person", "petro"), at=now())
    assert b"data-job" in clerk.get(f"/jobs/{number}/").content
    work_off({"look": KINDS["look"].__class__(lambda order: {})})
    answer = clerk.get(f"/jobs/{number}/events/")
    assert answer["Content-Type"] == "text/event-stream"
    events = b"".join(answer.streaming_content).decode()
    told = json.loads(events.split("data: ")[1])
    assert (told["state"], told["percent"]) == ("done", 100)
    assert running.job(number).state == "done"
    free = sum(job_pages._SEATS.acquire(blocking=False) for _ in range(100))
    for _ in range(free):
        job_pages._SEATS.release()
    assert free == (os.cpu_count() or 1)  # the seat was given back


def test_a_watcher_without_a_seat_is_told_to_ask_again(campaign, clerk, data_dir):
    number = start_job("look", campaign="C1", owner="POL", args={"upload": 7}, by=Actor("person", "petro"), at=now())
    taken = 0
    while job_pages._SEATS.acquire(blocking=False):
        taken += 1
    try:
        assert clerk.get(f"/jobs/{number}/events/").status_code == 204
    finally:
        for _ in range(taken):
            job_pages._SEATS.release()


def test_a_long_sheet_is_sampled_at_both_ends():
    rows = [["№", "Адреса"], *([str(n), f"вул. Садова, {n}"] for n in range(5_000))]
    sample = samples.sampled(Sheet("А", rows, list(range(1, 5_002)), merged_down=frozenset({(4_999, 1), (2_000, 1)})))
    assert (sample.total, sample.is_whole) == (5_001, False)
    assert len(sample.sheet.rows) == samples.HEAD + samples.TAIL
    assert sample.sheet.numbers[-1] == 5_001
    assert sample.sheet.merged_down == {(samples.HEAD + samples.TAIL - 2, 1)}
    assert samples.read(samples.written([sample])) == [sample]


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("＝1", "'＝1"), ("@x", "'@x"), ("-5,5", "-5,5"), ("+380 57", "+380 57"), ("вул.", "вул.")],
)
def test_no_spreadsheet_takes_a_cell_for_a_formula(text, safe):
    assert _harmless(text) == safe
