"""Decisions become a register; people's words outrank the model and survive each run; nothing is merged for ever."""

from datetime import UTC, datetime

import pytest
from tests.kit.lists import HEADER, camera_row, write_csv

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.intake import checks, queries
from oblik.intake.actions import judgements, lists, matching
from oblik.intake.models import Judgement
from oblik.intake.refs import find_record
from oblik.registry import checks as registry_checks
from oblik.registry import queries as registry
from oblik.registry.actions import add_owner, pin_values

BY = Actor("person", "olena")
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town(data_dir, tmp_path):
    """Two owners, ten cameras each, five of them the same."""
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    add_owner("POL", name="Поліція", kind="state", by=BY, at=AT)
    first = write_csv(tmp_path / "kp.csv", [camera_row(i) for i in range(10)])
    second = write_csv(tmp_path / "pol.csv", [camera_row(i, **{"Інв. номер": f"P-{i}"}) for i in range(5, 15)])
    lists.add_list(first, owner="KP", campaign="C1", by=BY, at=AT)
    lists.add_list(second, owner="POL", campaign="C1", by=BY, at=AT)
    return matching.run_matching("C1", by=BY, at=AT)


def sound():
    return [*registry_checks.broken(), *checks.broken()]


def held(ref):
    record = find_record(ref).record
    rows = queries.campaign_rows("C1")
    return rows.filter(rows["record"] == record).row(0, named=True)


def test_rows_of_two_lists_meet_in_one_camera(town):
    assert (town.cameras_added, town.review) == (15, 0)
    shared = held("kp.csv:7")
    assert shared["camera"] == held("pol.csv:2")["camera"]
    card = registry.camera_card(shared["camera"])
    assert [c.owner for c in card.claims] == ["KP", "POL"]
    assert sound() == []


def test_a_second_run_changes_nothing(town):
    before = queries.campaign_rows("C1")
    again = matching.run_matching("C1", by=BY, at=AT)
    assert (again.cameras_added, again.settled, again.matched) == (0, 20, 0)
    assert queries.campaign_rows("C1").equals(before)


def test_unmerging_leaves_a_trace_and_survives_the_next_run(town):
    shared = held("pol.csv:2")["camera"]
    other = judgements.judge(
        find_record("pol.csv:2").record, camera=shared, verdict="different", by=BY, at=AT, why="two lenses"
    )
    assert other not in ("", shared)
    assert [c.withdrawn_at is None for c in registry.camera_card(shared).claims] == [True, False]
    matching.run_matching("C1", by=BY, at=AT)
    assert held("pol.csv:2")["camera"] == other
    assert held("pol.csv:2")["decision"] == "judged"
    assert sound() == []


def test_a_person_can_join_what_the_model_kept_apart(town):
    target, left = held("kp.csv:2")["camera"], held("pol.csv:11")["camera"]
    judgements.judge(
        find_record("pol.csv:11").record, camera=target, verdict="same", by=BY, at=AT, why="seen in the street"
    )
    assert held("pol.csv:11")["camera"] == target
    gone = registry.camera_card(left)
    assert (gone.merged_into, gone.line.sources) == (target, 0)
    assert left not in {c.code for c in registry.all_cameras()}
    matching.run_matching("C1", by=BY, at=AT)
    assert held("pol.csv:11")["camera"] == target
    assert sound() == []


def test_unsure_takes_a_row_off_its_camera_and_waits(town):
    shared = held("pol.csv:2")["camera"]
    assert (
        judgements.judge(find_record("pol.csv:2").record, camera=shared, verdict="unsure", by=BY, at=AT, why="dark")
        == ""
    )
    matching.run_matching("C1", by=BY, at=AT)
    assert held("pol.csv:2")["decision"] == "review"
    assert sound() == []


def test_a_judgement_without_a_reason_is_refused(town):
    with pytest.raises(InvalidInput, match="--why"):
        judgements.judge(
            find_record("kp.csv:2").record, camera=held("kp.csv:2")["camera"], verdict="same", by=BY, at=AT, why=" "
        )


def test_rows_are_named_as_people_see_them(town):
    list_number = find_record("kp.csv:7").submission
    assert find_record(f"{list_number}:7").record == find_record("kp.csv:7").record
    assert str(find_record("kp.csv:7")) == f"{list_number}:7"
    with pytest.raises(NotFound):
        find_record("99999999999999999999:7")
    with pytest.raises(NotFound):
        find_record("99999999999999999999")
    with pytest.raises(NotFound):
        find_record("kp\x00.csv:7")
    with pytest.raises(NotFound):
        find_record("kp.csv:999")
    with pytest.raises(InvalidInput, match="SUBMISSION:SHEET:ROW"):
        find_record("what")


def test_rows_of_a_newer_list_stand_for_the_cameras_of_the_older_one(town, tmp_path):
    before = {n: held(f"kp.csv:{n}")["camera"] for n in range(2, 12)}
    newer = write_csv(
        tmp_path / "kp2.csv", [camera_row(i, Азимут=(i * 37 + 180) % 360) for i in range(9)] + [camera_row(50)]
    )
    lists.add_list(newer, owner="KP", campaign="C1", by=BY, at=datetime(2026, 2, 1, tzinfo=UTC))
    run = matching.run_matching("C1", by=BY, at=AT)
    assert run.cameras_added == 1
    assert [held(f"kp2.csv:{n}")["camera"] for n in range(2, 11)] == [before[n] for n in range(2, 11)]
    card = registry.camera_card(before[2])
    assert card.line.values["bearing_deg"] == 180.0, "the newest list wins"
    assert sound() == []


def test_both_old_and_new_state_handed_in_before_the_first_run_are_one_camera_each(data_dir, tmp_path):
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    for name, rows in (("old", range(8)), ("new", range(1, 9))):
        path = write_csv(tmp_path / f"{name}.csv", [camera_row(i) for i in rows])
        lists.add_list(path, owner="KP", campaign="C1", by=BY, at=AT)
    run = matching.run_matching("C1", by=BY, at=AT)
    assert run.cameras_added == 9
    assert held("old.csv:3")["camera"] == held("new.csv:2")["camera"]
    assert sound() == []


def test_a_row_written_twice_stays_a_duplicate_in_the_newer_list(data_dir, tmp_path):
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    twice = [*[camera_row(i) for i in range(10)], camera_row(3)]
    lists.add_list(write_csv(tmp_path / "old.csv", twice), owner="KP", campaign="C1", by=BY, at=AT)
    assert matching.run_matching("C1", by=BY, at=AT).duplicate == 1
    newer = [*twice, camera_row(20)]
    lists.add_list(write_csv(tmp_path / "new.csv", newer), owner="KP", campaign="C1", by=BY, at=AT)
    matching.run_matching("C1", by=BY, at=AT)
    decisions = queries.campaign_rows("C1").filter(file="new.csv")["decision"].to_list()
    assert sorted(decisions) == sorted(["not_a_camera", *["matched"] * 10, "duplicate", "new"])
    assert sound() == []


def test_several_cameras_on_one_pole_stay_several(data_dir, tmp_path):
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    add_owner("POL", name="П", kind="state", by=BY, at=AT)
    place = {"Широта": 49.0, "Довгота": 34.0, "Адреса": "вул. Садова, 1", "MAC": ""}
    for owner in ("KP", "POL"):
        rows = [
            camera_row(i, **place, **{"Азимут": a, "Інв. номер": f"{owner}-{i}"})
            for i, a in enumerate((0, 90, 180, 270))
        ]
        lists.add_list(write_csv(tmp_path / f"{owner}.csv", rows), owner=owner, campaign="C1", by=BY, at=AT)
    run = matching.run_matching("C1", by=BY, at=AT)
    assert run.cameras_added == 4
    assert len(HEADER) == 8
    bearings = {registry.camera_card(c.code).line.values["bearing_deg"] for c in registry.all_cameras()}
    assert bearings == {0.0, 90.0, 180.0, 270.0}


def judge(ref, camera, verdict):
    return judgements.judge(find_record(ref).record, camera=camera, verdict=verdict, by=BY, at=AT, why="seen")


def test_a_code_that_was_merged_means_the_camera_it_was_merged_into(town):
    target, left = held("kp.csv:2")["camera"], held("pol.csv:11")["camera"]
    judge("pol.csv:11", target, "same")
    assert judge("kp.csv:3", left, "same") == target
    assert sound() == []


def test_a_camera_that_gets_its_row_back_is_merged_into_nothing(town):
    target, left = held("kp.csv:2")["camera"], held("pol.csv:11")["camera"]
    judge("pol.csv:11", target, "same")
    own = judge("pol.csv:11", target, "different")
    assert own not in ("", target, left)
    assert registry.camera_card(target).line.sources == 1
    judge("pol.csv:11", left, "same")  # Merged before, so it means the target again.
    assert held("pol.csv:11")["camera"] == target
    assert sound() == []


def test_a_row_alone_on_its_camera_has_nothing_to_differ_from(town):
    for verdict in ("different", "unsure"):
        with pytest.raises(Conflict, match="this row alone"):
            judge("kp.csv:2", held("kp.csv:2")["camera"], verdict)
    assert sound() == []


def test_rows_of_older_lists_go_along_with_the_row_that_was_judged(town, tmp_path):
    rows = [camera_row(i, **{"Інв. номер": f"P-{i}", "Азимут": 5}) for i in range(5, 15)]
    newer = write_csv(tmp_path / "pol2.csv", rows)
    lists.add_list(newer, owner="POL", campaign="C1", by=BY, at=AT)
    matching.run_matching("C1", by=BY, at=AT)
    shared = held("pol2.csv:2")["camera"]
    own = judge("pol2.csv:2", shared, "different")
    assert held("pol.csv:2")["camera"] == own != shared
    assert [c.owner for c in registry.camera_card(shared).claims if c.withdrawn_at is None] == ["KP"]
    assert sound() == []


def test_what_was_pinned_on_a_camera_goes_where_the_camera_goes(town):
    target, left = held("kp.csv:2")["camera"], held("pol.csv:11")["camera"]
    pin_values(left, values={"bearing_deg": 123.0}, by=BY, at=AT, why="seen")
    judge("pol.csv:11", target, "same")
    assert registry.camera_card(target).line.values["bearing_deg"] == 123.0
    assert registry.camera_card(left).line.sources == 0
    with pytest.raises(Conflict, match=left):
        pin_values(left, values={"bearing_deg": 1.0}, by=BY, at=AT, why="seen")
    assert sound() == []


QUOTING = ("city_code", *HEADER)


def hand_in_quoting(folder, rows, *, owner="POL"):
    path = write_csv(folder / "quoting.csv", rows, columns=QUOTING)
    lists.add_list(path, owner=owner, campaign="C1", by=BY, at=AT, mapping={"city_code": "city_code"})
    matching.run_matching("C1", by=BY, at=AT)


def bare(code, number, **changed):
    """A row that nothing but the quoted code would lead anywhere."""
    row = camera_row(number, **{"MAC": "", "Інв. номер": f"Q-{number}", "Адреса": ""} | changed)
    return row | {"city_code": code}


def test_a_row_that_quotes_a_city_code_stands_for_that_camera(town, tmp_path):
    code = held("kp.csv:2")["camera"]
    hand_in_quoting(tmp_path, [bare(code, 0, Широта=49.0009), bare("", 60), bare("", 61)])
    row = held("quoting.csv:2")
    assert (row["camera"], row["decision"]) == (code, "matched")
    assert "city_code" not in registry.camera_card(code).claims[-1].values
    assert sound() == []


def test_a_quoted_code_far_away_or_quoted_twice_is_left_to_the_model(town, tmp_path):
    far, twice = held("kp.csv:2")["camera"], held("kp.csv:3")["camera"]
    hand_in_quoting(tmp_path, [bare(far, 0, Широта=49.01), bare(twice, 40), bare(twice, 41), bare("KHA-999999-9", 42)])
    assert far not in [held(f"quoting.csv:{n}")["camera"] for n in range(2, 6)]
    assert not {why for (why,) in Judgement.objects.values_list("why") if "quotes" in why}
    assert sound() == []


def test_what_a_list_repeats_of_other_owners_words_is_no_second_witness(town, tmp_path):
    code = held("kp.csv:2")["camera"]
    before = registry.camera_card(code)
    hand_in_quoting(tmp_path, [camera_row(0) | {"city_code": code}])
    after = registry.camera_card(code)
    assert (after.line.values, after.version, after.origins) == (before.line.values, before.version, before.origins)
    assert len(after.claims) == 2
    assert sound() == []
