"""The queue of doubts, one doubt with its reasons, answers and taking them back."""

from datetime import UTC, datetime, timedelta
from math import nan

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.kit.doubts import hand_in_doubts

from oblik.accounts.logic.rights import EVERYWHERE, Reach, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.intake import answered, checks, questions, waiting
from oblik.intake.actions import answers, judgements, matching
from oblik.intake.logic.likeness import is_one_slip, likeness, likeness_of_places
from oblik.intake.logic.matching.explain import explain
from oblik.intake.logic.matching.weighing import weigh
from oblik.intake.logic.worth import guess_cost, worth
from oblik.intake.models import Judgement, Record
from oblik.intake.waiting import Wanted
from oblik.registry import checks as registry_checks
from oblik.registry import queries as registry
from oblik.registry.logic.fields import FIELDS

BY, OTHER = Actor("person", "olena"), Actor("person", "ihor")
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
ALL = Wanted(frozenset({"C1"}))


@pytest.fixture
def town(db, data_dir, tmp_path):
    """Ten cameras of KP; POL lists six of them without an identifier and somewhat beside: six questions."""
    return hand_in_doubts(tmp_path, count=6, by=BY, at=AT)


def sound():
    return [*registry_checks.broken(), *checks.broken()]


def first():
    return questions.question(waiting.waiting(ALL)[0].record)


def say(said, *cameras, record=None, by=BY, at=AT, why="seen"):
    asked = first() if record is None else questions.question(record)
    named = cameras or tuple(one.camera for one in asked.proposals)
    return answers.answer(asked.record, said=said, cameras=named, by=by, at=at, why=why)


def state(record):
    """What there is of a record but for the instants: its own row, its words, the cameras that stand."""
    words = Judgement.objects.filter(record=record, withdrawn_at__isnull=True)
    return (
        Record.objects.values("decision", "camera_id", "probability").get(pk=record),
        sorted(words.values_list("camera_id", "verdict", "by_kind", "by", "probability", "why", "run_id")),
        {camera.code: (camera.sources, camera.values) for camera in registry.all_cameras()},
    )


# ---------------------------------------------------------------------------------------------- worth


def test_the_dearest_doubt_is_where_both_guesses_cost_the_same():
    assert guess_cost(0.0) == guess_cost(1.0) == guess_cost(nan) == 0
    assert guess_cost(50 / 54) == max(guess_cost(p / 1000) for p in (*range(1001), 1000 * 50 / 54))


@given(st.lists(st.floats(0, 1), max_size=5), st.integers(-3, 40), st.integers(0, 20))
@examples(max_examples=60)
def test_more_that_hangs_on_an_answer_never_makes_it_worth_less(likely, rows, owners):
    value = worth(likely, rows=rows, owners=owners)
    assert 0 <= value <= worth(likely, rows=rows + 1, owners=owners)
    assert value <= worth(likely, rows=rows, owners=owners + 1)
    assert worth([], rows=rows, owners=owners) == 0


# ---------------------------------------------------------------------------------------------- reasons

_SIDE = st.fixed_dictionaries(
    {"list_id": st.integers(1, 3), "owner": st.sampled_from(["A", "B"])},
    optional={
        "lon_deg": st.sampled_from([34.0, 34.0001, 34.0004, 34.01]), "lat_deg": st.just(49.0),
        "mac": st.sampled_from(["001A2B000102", "001A2B000112", "001A2B0F0F0F"]),
        "serial": st.sampled_from(["SN123456", "SN123466"]), "kind": st.sampled_from(["dome", "ptz", "fixed"]),
        "name": st.sampled_from(["Камера 3 вхід", "Камера 3 двір", "Кам. 4"]),
        "model": st.sampled_from(["DS-2CD", "DS-2CD2143", "IPC"]), "vendor": st.sampled_from(["Hikvision", "Dahua"]),
        "bearing_deg": st.sampled_from([0.0, 20.0, 180.0]), "address": st.just("вул. Садова, 1"),
        "inventory_number": st.sampled_from(["INV-1", "INV-2"]), "ip": st.sampled_from(["10.0.0.7", "10.0.0.8"]),
        "height_m": st.sampled_from([3.0, 4.2]), "installed_on": st.sampled_from(["2020-01-01", "2020-02-01"]),
    },
)  # fmt: skip


@given(_SIDE, st.lists(_SIDE, min_size=1, max_size=2))
@examples(max_examples=8)
def test_weighing_several_says_what_each_pair_is_told_alone(left, rights):
    for right, told in zip(rights, weigh(left, rights[:1]), strict=False):
        alone = explain(left, right)
        assert told.total_bits == pytest.approx(alone.total_bits)
        assert [(r.comparison, r.level) for r in told.reasons] == [(r.comparison, r.level) for r in alone.reasons]
        assert [r.bits for r in told.reasons] == pytest.approx([r.bits for r in alone.reasons])
    several = weigh(left, rights)
    assert len(several) == len(rights)
    for told in several:
        inside = told.total_bits - told.prior_bits - sum(reason.bits for reason in told.reasons)
        assert (abs(inside) > 1) is told.inside


def test_nothing_to_weigh_gives_nothing():
    assert weigh({"kind": "dome"}, []) == []


@pytest.mark.parametrize(
    ("name", "row", "camera", "stand"),
    [
        ("mac", "001A2B000102", "001A2B000112", "near"), ("mac", "001A2B000102", "00:1a:2b", "different"),
        ("serial", "SN-123", "sn 123", "equal"), ("bearing_deg", 350, 8, "near"), ("bearing_deg", 1, 359, "equal"),
        ("bearing_deg", 0, 90, "different"), ("height_m", 4.0, 4.1, "equal"), ("kind", "ptz", "dome", "near"),
        ("kind", "ptz", "fixed", "different"), ("installed_on", "2020-01-01", "2020-01-20", "near"),
        ("name", "Камера 3", "камера  3", "equal"), ("name", "Камера 3", "Камера 3 вхід", "near"),
        ("name", "Вхід", "Паркінг", "different"), ("port", 80, 81, "different"), ("name", "", "x", "only_camera"),
        ("name", "x", None, "only_row"), ("name", None, "", None), ("installed_on", "?", "2020-01-01", "different"),
    ],
)  # fmt: skip
def test_values_stand_to_each_other_as_a_person_would_say(name, row, camera, stand):
    assert likeness(FIELDS[name], row, camera) == stand


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=12), st.text(max_size=12))
@examples(max_examples=100)
def test_likeness_takes_any_text_and_a_value_is_equal_to_itself(name, one, other):
    forth, back = likeness(FIELDS[name], one, other), likeness(FIELDS[name], other, one)
    turned = {"only_row": "only_camera", "only_camera": "only_row"}
    assert turned.get(str(forth), forth) == back
    assert likeness(FIELDS[name], one, one) == ("equal" if one else None)


@given(st.text("ABC0", min_size=3, max_size=8), st.integers(0, 7), st.sampled_from("ABC0"))
@examples(max_examples=80)
def test_one_slip_of_the_pen_is_known(text, at, letter):
    at %= len(text)
    typed = text[:at] + letter + text[at + 1 :]
    left_out, swapped = text[:at] + text[at + 1 :], text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    for other in (typed, left_out, swapped):
        assert is_one_slip(text, other) is (other != text and len(other) > 2)
    assert likeness_of_places(None) == "different"
    assert [likeness_of_places(away) for away in (4, 40, 400)] == ["equal", "near", "different"]


# ---------------------------------------------------------------------------------------------- the queue


def test_what_settles_most_is_asked_first(town):
    queue = waiting.waiting(ALL)
    assert len(queue) == 6
    assert [one.worth for one in queue] == sorted((one.worth for one in queue), reverse=True)
    assert {(one.owner, one.aside, len(one.cameras)) for one in queue} == {("POL", False, 1)}
    assert waiting.waiting(ALL, most=2, besides={queue[0].record}) == queue[1:3]
    assert waiting.waiting(Wanted(frozenset({"C2"}))) == []
    assert waiting.waiting(Wanted(frozenset({"C1"}), owner="KP")) == []
    assert len(waiting.waiting(Wanted(frozenset({"C1"}), kind="ptz"))) == 6
    assert waiting.traits_waiting() == {("C1", "POL", "ptz", False): 6}


def test_a_question_holds_both_sides_and_why(town):
    asked = first()
    (proposed,) = asked.proposals
    assert (asked.owner, asked.file, asked.campaign) == ("POL", "pol.csv", "C1")
    assert asked.values["kind"] == "ptz"
    assert proposed.explanation is not None
    assert proposed.against.startswith("record:")
    assert 0 < proposed.probability < 1


def test_who_judges_one_owners_lists_is_asked_where_they_see_a_camera(town):
    both = Scope((Reach(owners=frozenset({"POL", "KP"})),))
    own = Scope((Reach(owners=frozenset({"POL"})),))
    others = Scope((Reach(owners=frozenset({"KP"})),))
    record = waiting.waiting(ALL)[0].record
    assert len(waiting.waiting(ALL, within=both)) == 6
    assert questions.question(record, within=both) is not None
    for scope in (own, others):
        assert waiting.waiting(ALL, within=scope) == []
        assert waiting.traits_waiting(within=scope) == {}
        assert questions.question(record, within=scope) is None


@pytest.mark.django_db(transaction=True)
def test_the_queue_follows_what_others_do_without_being_read_anew(data_dir, tmp_path, monkeypatch):
    hand_in_doubts(tmp_path, count=6, by=BY, at=AT)
    assert len(waiting.waiting(ALL)) == 6
    monkeypatch.setattr(waiting, "_read", lambda version: pytest.fail("read anew"))
    gone = say("same")
    assert gone
    assert len(waiting.waiting(ALL)) == 5
    record = Record.objects.get(decision="judged").pk
    answers.take_back(record, by=OTHER, at=AT + timedelta(hours=1), why="a mistake")
    assert record in {one.record for one in waiting.waiting(ALL)}
    say("unsure", record=record)
    assert [one.record for one in waiting.waiting(Wanted(frozenset({"C1"}), aside=True))] == [record]
    assert sum(waiting.traits_waiting().values()) == 6
    waiting.forget(record)
    assert sum(waiting.traits_waiting().values()) == 5
    monkeypatch.undo()
    matching.run_matching("C1", by=BY, at=AT)
    assert sum(waiting.traits_waiting().values()) == 6


# ---------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("said", ["same", "different", "unsure", "new"])
def test_each_answer_taken_back_leaves_all_as_it_was(town, said):
    asked = first()
    before = state(asked.record)
    became = say(said)
    after = state(asked.record)
    assert after != before
    assert (became != "") is (said != "unsure")
    assert became == asked.proposals[0].camera if said == "same" else became != asked.proposals[0].camera
    assert sound() == []
    answers.take_back(asked.record, by=OTHER, at=AT + timedelta(minutes=1), why="a mistake")
    assert state(asked.record) == before
    assert sound() == []
    with pytest.raises(Conflict, match="Nobody's answer"):
        answers.take_back(asked.record, by=OTHER, at=AT, why="again")
    assert say(said, record=asked.record, at=AT + timedelta(hours=1)) != "" or said == "unsure"
    assert sound() == []


def test_an_answer_to_a_question_that_is_no_more_is_refused(town):
    asked = first()
    (camera,) = (one.camera for one in asked.proposals)
    with pytest.raises(Conflict, match="waits no longer"):
        answers.answer(asked.record, said="same", cameras=("KHA-000009-0",), by=BY, at=AT, why="x")
    with pytest.raises(InvalidInput, match="no answer"):
        answers.answer(asked.record, said="same", cameras=(), by=BY, at=AT, why="x")
    with pytest.raises(InvalidInput, match=camera):
        answers.answer(asked.record, said="unsure", cameras=(), by=BY, at=AT, why="x")
    with pytest.raises(NotFound):
        answers.answer(10**6, said="new", cameras=(), by=BY, at=AT, why="x")
    say("same")
    with pytest.raises(Conflict, match="waits no longer"):
        answers.answer(asked.record, said="different", cameras=(camera,), by=OTHER, at=AT, why="x")


def test_several_proposals_are_ruled_out_one_by_one_or_all_at_once(town):
    one, other = waiting.waiting(ALL)[:2]
    both = [Judgement.objects.get(record=record, verdict="unsure") for record in (one.record, other.record)]
    for record, judgement in ((one.record, both[1]), (other.record, both[0])):
        Judgement.objects.create(
            record_id=record, camera=judgement.camera, verdict="unsure", by_kind="model", by="model:x", probability=0.4,
            made_at=AT,
        )  # fmt: skip
    asked = questions.question(one.record)
    assert len(asked.proposals) == 2
    assert asked.proposals[0].probability >= asked.proposals[1].probability
    assert say("different", asked.proposals[0].camera, record=one.record) == ""
    rest = questions.question(one.record)
    assert [left.camera for left in rest.proposals] == [asked.proposals[1].camera]
    with pytest.raises(Conflict, match="answered again since"):
        answers.take_back(one.record, by=BY, at=AT, why="a mistake", said_at=AT - timedelta(minutes=1))
    answers.take_back(one.record, by=BY, at=AT + timedelta(minutes=1), why="a mistake", said_at=AT)
    assert len(questions.question(one.record).proposals) == 2
    own = say("new", record=other.record)
    assert own not in {"", *(left.camera for left in asked.proposals)}
    told = answered.answer_of(other.record)
    assert (told.verdict, told.became, len(told.cameras)) == ("new", own, 2)
    assert sound() == []


def test_a_row_that_nothing_is_proposed_for_can_become_a_camera(town):
    record = waiting.waiting(ALL)[0].record
    Judgement.objects.filter(record=record).update(withdrawn_at=AT)
    asked = questions.question(record)
    assert asked.proposals == ()
    own = answers.answer(record, said="new", cameras=(), by=BY, at=AT + timedelta(days=1), why="stands alone")
    assert own
    assert answered.answer_of(record).verdict == "new"
    answers.take_back(record, by=BY, at=AT + timedelta(days=2), why="a mistake")
    assert questions.question(record) is not None
    assert sound() == []


def test_what_was_answered_stands_with_who_and_why(town):
    say("same", why="seen on site")
    say("new", by=OTHER, at=AT + timedelta(minutes=1))
    say("unsure", by=OTHER, at=AT + timedelta(minutes=2))
    found = answered.answers()
    assert [(one.verdict, one.by, one.why) for one in found] == [
        ("unsure", "person:ihor", "seen"), ("new", "person:ihor", "seen"), ("same", "person:olena", "seen on site"),
    ]  # fmt: skip
    assert [one.verdict for one in answered.answers(by="person:ihor", most=1)] == ["unsure"]
    assert [one.verdict for one in answered.answers(before=found[1].made_at)] == ["same"]
    assert answered.answered_since(AT) == {"person:olena": 1, "person:ihor": 2}
    assert answered.answered_since(AT + timedelta(minutes=2)) == {"person:ihor": 1}
    mine = Scope((Reach(owners=frozenset({"KP"})),))
    assert answered.answers(within=mine) == []
    assert answered.answered_since(AT, within=mine) == {}
    assert answered.answered_since(AT, within=EVERYWHERE).total() == 3


def test_a_console_judgement_on_a_waiting_row_can_be_taken_back_too(town):
    asked = first()
    before = state(asked.record)
    judgements.judge(asked.record, camera=asked.proposals[0].camera, verdict="same", by=BY, at=AT, why="console")
    answers.take_back(asked.record, by=BY, at=AT + timedelta(minutes=1), why="a mistake")
    assert state(asked.record) == before
