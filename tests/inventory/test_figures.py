"""The arithmetic of a count closes whatever the rows are."""

import dataclasses

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.base.errors import InvalidInput
from oblik.inventory.logic.figures import (
    ROWS_SCHEMA,
    Figures,
    FiguresError,
    check_closes,
    classified,
    figures_of,
)


def rows(*lines: tuple[object, ...]) -> pl.DataFrame:
    """Rows written as (owner, row, part, decision, camera[, current[, submission]])."""
    filled = []
    for line in lines:
        owner, row, part, decision, camera, *rest = line
        current = rest[0] if rest else True
        submission = rest[1] if len(rest) > 1 else sum(map(ord, str(owner)))
        filled.append((submission, f"{owner}.xlsx", "Лист1", row, part, owner, current, "new", decision, camera, None))
    return pl.DataFrame(filled, schema=ROWS_SCHEMA, orient="row")


def figures(*lines: tuple[object, ...]) -> Figures:
    return figures_of(classified(rows(*lines)))


def test_one_owner_closes_by_hand():
    line = figures(
        ("A", 4, 1, "new", "K-1"),
        ("A", 5, 1, "matched", "K-2"),
        ("A", 6, 1, "duplicate", "K-2"),
        ("A", 7, 1, "broken", None),
        ("A", 8, 1, "review", "K-9"),
        ("A", 9, 1, "not_a_camera", None),
    ).owners[0]
    assert (line.rows, line.extra, line.received) == (5, 0, 5)
    assert (line.cameras, line.duplicates, line.broken, line.waiting, line.not_cameras) == (2, 1, 1, 1, 1)


def test_a_row_for_four_cameras_gives_four_records():
    line = figures(*[("A", 4, part, "new", f"K-{part}") for part in (1, 2, 3, 4)], ("A", 5, 1, "broken", None)).owners[
        0
    ]
    assert (line.rows, line.extra, line.received, line.cameras) == (2, 3, 5, 4)


def test_a_camera_in_two_lists_counts_once_in_the_city():
    found = figures(
        ("A", 1, 1, "new", "K-1"),
        ("B", 1, 1, "matched", "K-1"),
        ("B", 2, 1, "new", "K-2"),
        ("B", 3, 1, "matched", "K-2"),
    )
    assert [(line.owner, line.cameras, line.duplicates, line.shared) for line in found.owners] == [
        ("A", 1, 0, 1),
        ("B", 2, 1, 1),
    ]
    assert (found.total.cameras, found.total.duplicates_inside, found.total.repeats_between) == (2, 1, 1)


def test_a_replaced_list_stands_beside_the_sum():
    found = figures(("A", 1, 1, "new", "K-1", False, 1), ("A", 1, 1, "matched", "K-1", True, 2))
    assert (found.owners[0].received, found.owners[0].replaced, found.total.replaced) == (1, 1, 1)


def test_proposals_for_one_row_are_one_record_waiting():
    found = figures(("A", 1, 1, "review", "K-1"), ("A", 1, 1, "review", "K-2"))
    assert (found.total.received, found.total.waiting, found.total.cameras) == (1, 1, 0)


def test_a_row_nobody_decided_waits():
    found = figures(("A", 1, 1, None, None), ("A", 2, 1, "matched", None))
    assert found.total.waiting == 2


def test_a_row_decided_twice_is_refused_by_name():
    with pytest.raises(InvalidInput, match=r"Row 1 of sheet “Лист1” in A\.xlsx"):
        classified(rows(("A", 1, 1, "new", "K-1"), ("A", 1, 1, "matched", "K-2")))


def test_missing_columns_are_named():
    with pytest.raises(InvalidInput, match="camera"):
        classified(rows(("A", 1, 1, "new", "K-1")).drop("camera"))


def test_a_row_lost_between_store_and_figures_is_noticed():
    lines = classified(rows(("A", 1, 1, "new", "K-1"), ("B", 1, 1, "new", "K-2")))
    assert figures_of(lines, received={"A": 1, "B": 1}).total.received == 2
    with pytest.raises(FiguresError, match=r"B: \+1"):
        figures_of(lines, received={"A": 1, "B": 2})
    with pytest.raises(FiguresError, match=r"C: \+3"):
        figures_of(lines, received={"A": 1, "B": 1, "C": 3})


def test_a_forged_total_is_noticed():
    good = figures(("A", 1, 1, "new", "K-1"))
    with pytest.raises(FiguresError, match=r"Σ: -1"):
        check_closes(dataclasses.replace(good, total=dataclasses.replace(good.total, cameras=2)))


def test_no_rows_give_empty_figures():
    found = figures_of(classified(rows()))
    assert found.owners == () and found.total.received == 0


records = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.integers(1, 12),
        st.integers(1, 3),
        st.sampled_from(["matched", "judged", "new", "review", "duplicate", "broken", "not_a_camera", None]),
        st.one_of(st.none(), st.sampled_from(["K-1", "K-2", "K-3", "K-4"])),
        st.booleans(),
    ),
    max_size=40,
    unique_by=lambda line: (line[0], line[1], line[2], line[5]),
)


@settings(max_examples=120, deadline=None)
@given(records)
def test_any_rows_close_and_none_is_lost(lines):
    named = [(*line[:6], ord(line[0]) * 2 + line[5]) for line in lines]
    found = figures_of(classified(rows(*named)))
    total = found.total
    assert len(lines) == total.received + total.not_cameras + total.replaced
    assert total.received == total.cameras + total.duplicates + total.broken + total.waiting
    decided = {line[4] for line in lines if line[5] and line[3] in ("matched", "judged", "new") and line[4]}
    assert total.cameras == len(decided)


@settings(max_examples=60, deadline=None)
@given(records, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_figure(lines, random):
    named = [(*line[:6], ord(line[0]) * 2 + line[5]) for line in lines]
    shuffled = list(named)
    random.shuffle(shuffled)
    assert figures_of(classified(rows(*named))) == figures_of(classified(rows(*shuffled)))
