"""The review page: what it shows, what an answer does, and who is given which question."""

import re
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from tests.kit.doubts import hand_in_doubts

from oblik.accounts import actions as accounts
from oblik.accounts.logic.rights import EVERYWHERE
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.intake import questions
from oblik.intake.waiting import Wanted, waiting
from oblik.inventory import actions as inventory
from oblik.inventory import queries as counts
from oblik.web.desk import review_holds
from oblik.web.desk.review_columns import shown
from oblik.web.desk.review_sketch import sketch

BY = Actor("console", "test")
MOST_QUERIES = 28  # nine of them read the queue anew, which only happens inside the transaction of a test
SCRIPT = {"X-Requested-With": "review"}


@pytest.fixture
def city(db, data_dir, tmp_path):
    at = now()
    inventory.open_campaign("C1", name="Перша", since=at.date(), until=at.date(), by=BY, at=at)
    hand_in_doubts(tmp_path, count=5, by=BY, at=at)


def enter(username: str, role: str, owner: str = "") -> Client:
    accounts.add_person(username, role=role, password="sorok-dvi-kamery", owner_code=owner)
    client = Client(headers={"Accept-Language": "en"})
    assert client.login(username=username, password="sorok-dvi-kamery")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def officer(city) -> Client:
    return enter("olena", "officer")


@dataclass
class Asked:
    record: int
    cameras: list[str]


def read(html: str) -> Asked:
    """The question of a page or fragment."""
    record = re.search(r'name="record" value="(\d+)"', html)
    return Asked(int(record[1]), re.findall(r'name="proposed" value="([^"]+)"', html))


def on_screen(client: Client, query: str = "") -> Asked:
    answer = client.get(f"/review/{query}")
    assert answer.status_code == 200
    return read(answer.content.decode())


def say(client: Client, asked: Asked, said: str, **more: object):
    sent = {"record": asked.record, "said": said, "camera": asked.cameras[:1], "proposed": asked.cameras, **more}
    return client.post("/review/answer/", sent, headers=SCRIPT)


def made_ready(client: Client, *, have: tuple[int, ...] = ()) -> list[int]:
    """Everything that the page asks for, one after the other, until it lacks nothing."""
    found: list[int] = []
    while True:
        told = client.get("/review/next/", {"have": ",".join(map(str, (*have, *found)))}).json()
        assert len(told["ahead"]) <= 1
        found += [piece["record"] for piece in told["ahead"]]
        if not told["more"]:
            return found


def questions_left() -> list[Asked]:
    found = [questions.question(one.record) for one in waiting(Wanted(frozenset({"C1"})))]
    return [Asked(one.record, [proposed.camera for proposed in one.proposals]) for one in found]


def still_waiting() -> int:
    return counts.rows_of("C1", category="waiting").total


def test_the_page_shows_the_worthiest_question_with_its_differences_and_reasons(officer):
    html = officer.get("/review/").content.decode()
    asked = read(html)
    assert asked.record == waiting(Wanted(frozenset({"C1"})))[0].record
    for words in ("Is the row this camera?", "pol.csv", "≈</span> near", "≠</span> differs", "13 m from the row"):
        assert words in html
    assert html.count("<svg viewBox") >= 4
    assert "<script>" not in html
    assert ' style="' not in html


def test_the_bars_add_up_to_what_the_model_says(city):
    for one in waiting(Wanted(frozenset({"C1"}))):
        told = shown(questions.question(one.record), within=EVERYWHERE, names={})
        for column in told.columns:
            bits = [float(step.bits.replace("−", "-")) for step in column.steps]
            assert sum(bits[:-1]) == pytest.approx(bits[-1], abs=0.1 * len(bits))
            assert 1 / (1 + 2 ** -bits[-1]) == pytest.approx(column.probability, abs=0.02)
            assert all(0 <= step.x_px <= 240 and step.x_px + step.width_px <= 242 for step in column.steps)


def test_an_answer_settles_the_row_and_brings_the_next_questions(officer):
    asked, before = on_screen(officer), still_waiting()
    told = say(officer, asked, "same", chip=["seen on site", "nonsense"], why="  bolted to\nthe same pole ").json()
    assert told["became"] == asked.cameras[0]
    (piece,) = told["ahead"]
    assert told["more"]
    assert asked.record not in {piece["record"], *made_ready(officer, have=(piece["record"],))}
    assert told["progress"] == {"left": before - 1, "today": 1, "mine": 1}
    assert still_waiting() == before - 1
    lines = officer.get("/review/decided/").content.decode()
    assert "seen on site; bolted to the same pole" in lines
    assert asked.cameras[0] in lines
    assert "nonsense" not in lines


def test_the_page_is_given_only_what_it_lacks(officer):
    first = made_ready(officer)
    assert len(first) == 3
    told = officer.get("/review/next/", {"have": ",".join(map(str, first))}).json()
    assert (told["ahead"], told["more"]) == ([], False)
    some = officer.get("/review/next/", {"have": first[0], "skip": first[1]}).json()["ahead"]
    assert {piece["record"] for piece in some}.isdisjoint(first[:2])


def test_undo_brings_the_question_back(officer):
    asked, before = on_screen(officer), still_waiting()
    for said in ("same", "different", "new", "unsure"):
        say(officer, asked, said)
        told = officer.post("/review/undo/", {"record": asked.record}, headers=SCRIPT).json()
        assert read(told["again"]["html"]) == asked
        assert told["progress"]["mine"] == 0
        assert still_waiting() == before
    say(officer, asked, "same")
    assert officer.post("/review/undo/", {"record": asked.record}).url == "/review/decided/"
    assert still_waiting() == before


def test_what_cannot_be_told_is_put_aside_and_found_again(officer):
    asked = on_screen(officer)
    say(officer, asked, "unsure")
    assert on_screen(officer).record != asked.record
    assert on_screen(officer, "?aside=1").record == asked.record
    assert still_waiting() == 5


def test_two_reviewers_are_never_given_the_same_question(officer):
    ihor = enter("ihor", "commission")
    mine = {on_screen(officer).record, *made_ready(officer)}
    theirs = set(made_ready(ihor))
    assert len(mine) == 3
    assert len(theirs) == 2
    assert mine.isdisjoint(theirs)
    assert "lies before other reviewers" in ihor.get("/review/?kind=ptz").content.decode() or on_screen(ihor)
    review_holds.release(mine, who="olena")
    assert len(made_ready(ihor)) == 3


def test_an_answer_that_comes_too_late_is_told_so(officer):
    ihor, asked = enter("ihor", "commission"), on_screen(officer)
    assert say(ihor, asked, "same").status_code == 200
    late = say(officer, asked, "different")
    assert late.status_code == 409
    assert "waits no longer" in late.json()["wrong"]
    assert late.json()["progress"]["today"] == 1
    assert officer.post("/review/answer/", {"record": asked.record, "said": "new"}).status_code == 409


def test_nonsense_is_refused_in_words(officer):
    asked = on_screen(officer)
    assert say(officer, asked, "perhaps").status_code == 409
    assert say(officer, Asked(asked.record, ["KHA-999999-9"]), "same").status_code == 404
    assert say(officer, Asked(999_999, asked.cameras), "same").status_code == 404
    assert officer.post("/review/undo/", {"record": "x"}).status_code == 404
    assert officer.post("/review/undo/", {"record": asked.record}).status_code == 409
    assert officer.get("/review/answer/").status_code == 405
    for query in ("?have=x,,9999999999999999999999&skip=-1", "?kind=x&owner=%20&campaign=nothing", "?before=x"):
        assert officer.get(f"/review/next/{query}").status_code == 200
        assert officer.get(f"/review/decided/{query}").status_code == 200


def test_without_script_a_form_does_the_same(officer):
    asked = on_screen(officer)
    done = officer.post("/review/answer/", {"record": asked.record, "said": "same", "camera": asked.cameras})
    assert done.url == "/review/?"
    assert on_screen(officer).record != asked.record


def test_who_may_not_judge_is_not_asked(city):
    clerk = enter("petro", "clerk", owner="POL")
    for place in ("/review/", "/review/next/", "/review/decided/"):
        assert clerk.get(place).status_code == 403
    assert clerk.post("/review/answer/", {"record": 1, "said": "same"}).status_code == 403


def test_when_all_is_answered_the_page_says_what_to_do_next(officer):
    while (page := officer.get("/review/").content.decode()).count('name="record"'):
        say(officer, read(page), "different")
    assert "No question is open" in page
    assert officer.get("/review/?kind=dome").content.decode().count("No question fits these filters") == 1
    lines = officer.get("/review/decided/?mine=1").content.decode()
    assert lines.count('name="record"') == 5


def test_a_frozen_count_asks_nothing_more(officer):
    asked = on_screen(officer)
    say(officer, asked, "same")
    inventory.freeze_campaign("C1", by=BY, at=now(), why="done")
    assert 'name="record"' not in officer.get("/review/").content.decode()
    left = next(one for one in questions_left() if one.record != asked.record)
    late = say(officer, left, "new")
    assert (late.status_code, "frozen" in late.json()["wrong"]) == (409, True)
    undone = officer.post("/review/undo/", {"record": asked.record})
    assert (undone.status_code, "frozen" in undone.content.decode()) == (409, True)


def test_a_question_costs_as_many_queries_however_long_the_queue(officer):
    asked = [one for one in waiting(Wanted(frozenset({"C1"}))) if one.record]
    assert len(asked) == 5
    officer.get("/review/next/")
    with CaptureQueriesContext(connection) as page:
        officer.get("/review/")
    have = ",".join(str(one.record) for one in asked[:2])
    with CaptureQueriesContext(connection) as one_more:
        assert len(officer.get("/review/next/", {"have": have}).json()["ahead"]) == 1
    assert len(page) <= MOST_QUERIES, [one["sql"][:150] for one in page]
    assert len(one_more) <= MOST_QUERIES, [one["sql"][:150] for one in one_more]


def test_the_plan_says_in_words_what_it_draws():
    row = {"lon_deg": 34.0, "lat_deg": 49.0, "bearing_deg": 350.0}
    east = {"lon_deg": 34.0005, "lat_deg": 49.0, "bearing_deg": 20.0, "hfov_deg": 90.0}
    vague = {"lon_deg": 34.0, "lat_deg": 49.0, "place_origin": "geocoded", "accuracy_m": 30.0}
    with override("en"):
        plan = sketch(row, [("A-1", east), ("B-2", vague), ("C-3", {})])
    assert plan.sentences[0].startswith("A-1 stands 36 m from the row's place, to the east.")
    assert "30° apart" in plan.sentences[0]
    assert "very place" in plan.sentences[1]
    assert "no distance" in plan.sentences[2]
    assert [mark.number for mark in plan.marks] == [0, 1, 2]
    assert [bool(mark.wedge) for mark in plan.marks] == [True, True, False]
    assert plan.marks[2].ring_px > 0
    assert plan.marks[1].x_px > plan.marks[0].x_px
    assert plan.bar_px / plan.bar_m * 36 == pytest.approx(plan.marks[1].x_px - plan.marks[0].x_px, rel=0.05)
    with override("en"):
        assert sketch({}, [("A-1", {})]) is None
