"""Which record becomes which camera: one row per list, siblings apart, judgements kept, ties asked."""

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.base.errors import InvalidInput
from oblik.intake.logic.matching.assignment import Decisions, assign
from oblik.intake.logic.matching.rivals import pairing_probabilities
from oblik.intake.logic.matching.thresholds import Costs, Thresholds, thresholds

SURE = 14.0  # bits
DOUBTFUL = 1.0
ALWAYS_ASK = Thresholds(merge=0.98, review=0.25, duplicate=0.99, questions_per_row=1.0)


def records(
    *lists: int, cameras: dict[int, int] | None = None, parts: dict[int, tuple[int, int]] | None = None
) -> pl.DataFrame:
    """Records 1, 2, ... of the given lists; parts: record -> (row, number of parts)."""
    ids = range(1, len(lists) + 1)
    return pl.DataFrame({
        "record_id": ids, "list_id": lists, "camera": [(cameras or {}).get(i) for i in ids],
        "row_id": [(parts or {}).get(i, (None, 1))[0] for i in ids],
        "parts": [(parts or {}).get(i, (None, 1))[1] for i in ids],
    }, schema_overrides={"camera": pl.Int64, "row_id": pl.Int64})  # fmt: skip


def pairs(frame: pl.DataFrame, *weights: tuple[int, int, float]) -> pl.DataFrame:
    lists = dict(frame.select("record_id", "list_id").iter_rows())
    rows = [(a, b, w, 1 / (1 + 2.0**-w), lists[a] == lists[b]) for a, b, w in weights]
    schema = {
        "left": pl.Int64,
        "right": pl.Int64,
        "weight": pl.Float64,
        "probability": pl.Float64,
        "inside": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def run(
    frame: pl.DataFrame, *weights: tuple[int, int, float], judged: list[tuple[int, int, str]] | None = None
) -> Decisions:
    said = pl.DataFrame(judged, schema=["record", "camera", "verdict"], orient="row") if judged else None
    return assign(frame, pairs(frame, *weights), judged=said, bounds=ALWAYS_ASK)


def told(found: Decisions) -> dict[int, str]:
    return dict(found.records.select("record", "decision").iter_rows())


def groups(found: Decisions) -> dict[int, int | None]:
    return dict(found.records.select("record", "group").iter_rows())


class TestAcrossLists:
    def test_sure_pairs_of_three_lists_become_one_camera(self):
        found = run(records(1, 2, 3), (1, 2, SURE), (2, 3, SURE), (1, 3, SURE))
        assert len(set(groups(found).values())) == 1
        assert sorted(told(found).values()) == ["matched", "matched", "new"]

    def test_a_camera_takes_one_row_of_a_list(self):
        found = run(records(1, 2, 2), (1, 2, SURE), (1, 3, SURE - 8))
        assert groups(found)[1] == groups(found)[2] != groups(found)[3]

    def test_a_chain_does_not_bring_two_rows_of_a_list_together(self):
        found = run(records(1, 2, 3, 1), (1, 2, SURE), (2, 3, SURE), (3, 4, SURE - 9))
        assert groups(found)[1] != groups(found)[4]

    def test_a_tie_is_asked_not_merged(self):
        found = run(records(1, 1, 2), (1, 3, SURE), (2, 3, SURE))
        assert told(found)[3] == "review"
        assert found.proposals["probability"].to_list() == pytest.approx([0.5, 0.5], abs=0.01)
        assert groups(found)[3] is None

    def test_what_is_left_after_sure_matches_is_found_by_elimination(self):
        siblings = (1, 3, SURE), (2, 4, SURE), (1, 4, SURE - 12), (2, 3, SURE - 12)
        found = run(records(1, 1, 2, 2), *siblings)
        assert groups(found)[1] == groups(found)[3] and groups(found)[2] == groups(found)[4]

    def test_doubt_is_asked_and_unlikely_is_apart(self):
        assert told(run(records(1, 2), (1, 2, DOUBTFUL)))[2] == "review"
        found = run(records(1, 2), (1, 2, -4.0))
        assert told(found)[2] == "new"
        assert found.records.filter(record=2)["probability"][0] == pytest.approx(1 - 1 / 17, abs=1e-6)

    def test_evidence_against_one_member_speaks_against_the_camera(self):
        both = run(records(1, 2, 3), (1, 2, SURE), (1, 3, 7.0), (2, 3, -6.0))
        assert told(both)[3] != "matched"

    def test_parts_of_a_row_that_nothing_tells_apart_take_any_order(self):
        frame = records(1, 1, 2, 2, parts={1: (9, 2), 2: (9, 2)})
        found = run(frame, *[(a, b, SURE) for a in (1, 2) for b in (3, 4)])
        assert sorted(told(found).values()) == ["matched", "matched", "new", "new"]
        assert len(set(groups(found).values())) == 2


class TestInsideAList:
    def test_a_sure_duplicate_follows_the_first(self):
        found = run(records(1, 1), (1, 2, SURE))
        assert told(found) == {1: "new", 2: "duplicate"}
        assert groups(found)[1] == groups(found)[2]
        assert found.records.filter(record=2)["partner"][0] == 1

    def test_a_likely_duplicate_stays_two(self):
        assert len(set(groups(run(records(1, 1), (1, 2, 4.0))).values())) == 2

    def test_both_rows_go_where_the_first_goes(self):
        found = run(records(1, 2, 2), (2, 3, SURE), (1, 3, SURE))
        assert len(set(groups(found).values())) == 1
        assert told(found)[3] == "duplicate"

    def test_duplicated_rows_of_parts_stay_as_many_cameras(self):
        frame = records(1, 1, 1, 1, parts={1: (1, 2), 2: (1, 2), 3: (2, 2), 4: (2, 2)})
        found = run(frame, (1, 3, SURE), (2, 4, SURE), (1, 4, SURE - 1), (2, 3, SURE - 1))
        assert groups(found)[1] == groups(found)[3] != groups(found)[2] == groups(found)[4]


class TestCamerasAndJudgements:
    def test_existing_cameras_are_never_joined(self):
        found = run(records(1, 2, 3, cameras={1: 70, 2: 71}), (1, 3, SURE), (2, 3, SURE))
        assert groups(found)[1] != groups(found)[2]
        assert told(found)[3] == "review"

    def test_a_person_who_says_same_binds(self):
        found = run(records(1, 2, cameras={1: 70}), judged=[(2, 70, "same")])
        assert found.records.filter(record=2).select("camera", "fixed").row(0) == (70, True)

    def test_a_person_who_says_different_forbids(self):
        found = run(records(1, 2, cameras={1: 70}), (1, 2, SURE), judged=[(2, 70, "different")])
        assert told(found)[2] == "new"
        assert found.records.filter(record=2)["camera"][0] is None

    def test_different_takes_a_record_out_of_its_camera(self):
        found = run(records(1, 2, cameras={1: 70, 2: 70}), (1, 2, SURE), judged=[(2, 70, "different")])
        assert told(found)[2] == "new"

    def test_unsure_waits_whatever_the_model_thinks(self):
        found = run(records(1, 2, cameras={1: 70}), (1, 2, SURE), judged=[(2, 70, "unsure")])
        assert told(found)[2] == "review"
        assert found.proposals.select("record", "camera", "rank").row(0) == (2, 70, 1)

    def test_a_second_run_changes_nothing(self):
        weights = (1, 3, SURE), (2, 4, SURE), (1, 4, DOUBTFUL), (3, 5, SURE)
        first = run(records(1, 1, 2, 2, 3), *weights)
        known = {r: 100 + g for r, g in groups(first).items() if g is not None}
        second = run(records(1, 1, 2, 2, 3, cameras=known), *weights)
        assert dict(second.records.select("record", "camera").iter_rows()) == known
        assert second.records["fixed"].all()

    def test_waiting_rows_are_asked_against_cameras_not_against_each_other(self):
        found = run(records(1, 2, 3), (1, 2, DOUBTFUL), (1, 3, DOUBTFUL), (2, 3, DOUBTFUL))
        waiting = set(found.records.filter(decision="review")["record"])
        assert waiting
        assert set(found.proposals["partner"]).isdisjoint(waiting)


class TestQuestions:
    def test_at_most_one_question_for_ten_rows(self):
        frame = records(*[1] * 50, *[2] * 50)
        weights = [(i, i + 50, DOUBTFUL) for i in range(1, 51)]
        found = assign(frame, pairs(frame, *weights))
        assert found.records.filter(decision="review").height <= 10

    def test_a_small_run_may_ask_a_handful(self):
        found = assign(records(1, 2), pairs(records(1, 2), (1, 2, DOUBTFUL)))
        assert told(found) == {1: "new", 2: "review"}

    def test_where_not_all_may_be_asked_the_likeliest_are(self):
        frame = records(*[1] * 30, *[2] * 30)
        found = assign(frame, pairs(frame, *[(i, i + 30, i / 10) for i in range(1, 31)]))
        assert set(found.records.filter(decision="review")["record"]) == set(range(51, 61))

    def test_at_most_five_proposals_best_first(self):
        frame = records(*[1] * 8, 2)
        found = run(frame, *[(i, 9, 2.0 + i / 10) for i in range(1, 9)])
        assert found.proposals["rank"].to_list() == [1, 2, 3, 4, 5]
        assert found.proposals["probability"].is_sorted(descending=True)

    def test_bounds_follow_from_costs(self):
        bounds = thresholds(Costs(false_merge=100, missed_match=5, question=1))
        assert (bounds.merge, bounds.review) == (0.99, 0.2)
        assert bounds.duplicate > bounds.merge
        with pytest.raises(InvalidInput):
            thresholds(Costs(question=0))


class TestConstraints:
    edges = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.floats(-6, 20)), max_size=40)

    @given(st.lists(st.integers(1, 4), min_size=12, max_size=12), edges)
    @settings(max_examples=60, deadline=None)
    def test_every_record_is_decided_and_no_camera_holds_two_rows_of_a_list(self, owners, found_edges):
        frame = records(*owners)
        unique = {(min(a, b), max(a, b)): w for a, b, w in found_edges if a != b}
        weights = [(a, b, w) for (a, b), w in unique.items()]
        found = run(frame, *weights)
        assert found.records["record"].to_list() == frame["record_id"].to_list()
        rows = found.records.filter(pl.col("group").is_not_null()).join(frame, left_on="record", right_on="record_id")
        first = rows.filter(pl.col("decision") != "duplicate")
        assert first.group_by("group", "list_id").len()["len"].max() in (None, 1)
        assert found.records.filter((pl.col("decision") == "review") != pl.col("group").is_null()).is_empty()
        assert found.records["probability"].is_between(0, 1).all()

    @given(st.lists(st.integers(1, 4), min_size=12, max_size=12), edges, st.sampled_from([0, 2, 10]))
    @settings(max_examples=60, deadline=None)
    def test_a_rerun_asks_the_same_again_and_makes_nothing_new(self, owners, found_edges, least):
        unique = {(min(a, b), max(a, b)): w for a, b, w in found_edges if a != b}
        bounds = Thresholds(merge=0.98, review=0.25, duplicate=0.99, questions_per_row=0.1, questions_least=least)
        frame = records(*owners)
        weights = pairs(frame, *[(a, b, w) for (a, b), w in unique.items()])
        first = assign(frame, weights, bounds=bounds)
        known = {r: 100 + g for r, g in groups(first).items() if g is not None}
        cameras = records(*owners, cameras=known)
        held = set(known)
        left = weights.filter(~(pl.col("left").is_in(held) & pl.col("right").is_in(held)))
        second = assign(cameras, left, bounds=bounds)
        assert dict(second.records.drop_nulls("camera").select("record", "camera").iter_rows()) == known
        waiting = set(first.records.filter(decision="review")["record"])
        assert waiting == set(second.records.filter(decision="review")["record"])
        asked, again = (
            {(r, rank): p for r, rank, p in run.proposals.select("record", "rank", "probability").iter_rows()}
            for run in (first, second)
        )
        assert again == pytest.approx(asked, abs=1e-9)

    @given(st.lists(st.integers(1, 4), min_size=12, max_size=12), edges, st.randoms(use_true_random=False))
    @settings(max_examples=25, deadline=None)
    def test_the_order_of_rows_does_not_matter(self, owners, found_edges, shuffle: random.Random):
        frame = records(*owners)
        unique = {(min(a, b), max(a, b)): w for a, b, w in found_edges if a != b}
        weights = pairs(frame, *[(a, b, w) for (a, b), w in unique.items()])
        order = list(range(frame.height))
        shuffle.shuffle(order)
        mixed = list(range(weights.height))
        shuffle.shuffle(mixed)
        one, other = assign(frame, weights), assign(frame[order], weights[mixed])
        assert one.records.equals(other.records)
        assert one.proposals.equals(other.proposals)


class TestRivals:
    def test_a_lone_pair_has_its_own_odds(self):
        found = pairing_probabilities(np.array([0]), np.array([0]), np.array([3.0]))
        assert found == pytest.approx([8 / 9])

    def test_equal_rivals_share(self):
        rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
        assert pairing_probabilities(rows, columns, np.full(4, 20.0)) == pytest.approx([0.5] * 4, abs=0.01)

    def test_a_rival_that_belongs_elsewhere_is_out_of_the_way(self):
        rows, columns = np.array([0, 1, 1]), np.array([0, 0, 1])
        found = pairing_probabilities(rows, columns, np.array([6.0, 6.0, 20.0]))
        assert found[0] > 0.97 and found[2] > 0.97 and found[1] < 0.03

    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(-40, 60)), max_size=30))
    @settings(max_examples=60, deadline=None)
    def test_no_row_and_no_column_is_given_away_more_than_once(self, edges):
        unique = {(a, b): w for a, b, w in edges}
        rows, columns = (np.array([key[side] for key in unique], dtype=np.int64) for side in (0, 1))
        found = pairing_probabilities(rows, columns, np.array(list(unique.values()), dtype=float))
        assert np.all((found >= 0) & (found <= 1))
        if len(found):
            assert np.bincount(rows, found).max() <= 1.05
            assert np.bincount(columns, found).max() <= 1.05
