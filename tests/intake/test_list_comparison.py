"""A newer list beside the older one: what is the same row, what changed, what vanished."""

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from oblik.intake.logic.comparison import is_newer_version, pair_lists
from oblik.intake.logic.rows import row_texts, value_texts
from oblik.registry.logic.records import dumped

SCHEMA = {
    "id": pl.Int64, "part": pl.Int64, "cells": pl.String, "mac": pl.String, "serial": pl.String,
    "inventory_number": pl.String, "source_id": pl.String, "onvif_uuid": pl.String, "lon_deg": pl.Float64,
    "lat_deg": pl.Float64, "bearing_deg": pl.Float64, "address": pl.String, "name": pl.String,
}  # fmt: skip


def rows(*said):
    return pl.DataFrame(
        [{"part": 1, "cells": f"cells {i}"} | dict.fromkeys(SCHEMA) | {"id": i, "part": 1, "cells": f"c{i}"} | row
         for i, row in enumerate(said)],
        schema=SCHEMA,
    )  # fmt: skip


def paired(older, newer):
    return dict(pair_lists(older, newer).sort("newer").iter_rows())


def test_equal_rows_pair_one_to_one_however_often_they_stand():
    older = rows({"cells": "a"}, {"cells": "a"}, {"cells": "b"})
    newer = rows({"cells": "a"}, {"cells": "b"}, {"cells": "a"})
    assert paired(older, newer) == {0: 0, 1: 2, 2: 1}


def test_a_changed_row_is_known_by_its_inventory_number():
    older = rows({"inventory_number": "INV-1", "cells": "old"}, {"inventory_number": "INV-2"})
    newer = rows({"inventory_number": "INV-1", "cells": "new"})
    assert paired(older, newer) == {0: 0}


def test_a_number_that_stands_twice_proves_nothing():
    older = rows({"inventory_number": "INV-1", "cells": "x"}, {"inventory_number": "INV-1", "cells": "y"})
    newer = rows({"inventory_number": "INV-1", "cells": "z"})
    assert paired(older, newer) == {}


def test_a_hand_given_number_that_moved_across_town_was_given_to_another_camera():
    older = rows({"source_id": "7", "lon_deg": 36.20, "lat_deg": 50.0, "cells": "x"})
    moved = rows({"source_id": "7", "lon_deg": 36.30, "lat_deg": 50.0, "cells": "y"})
    nudged = rows({"source_id": "7", "lon_deg": 36.2001, "lat_deg": 50.0, "cells": "y"})
    assert paired(older, moved) == {}
    assert paired(older, nudged) == {0: 0}


def test_without_numbers_the_same_spot_and_bearing_is_the_same_row():
    older = rows({"lon_deg": 36.2, "lat_deg": 50.0, "bearing_deg": 90.0, "cells": "x"})
    newer = rows({"lon_deg": 36.2, "lat_deg": 50.0, "bearing_deg": 90.0, "cells": "y"})
    assert paired(older, newer) == {0: 0}


def test_a_short_list_never_replaces_a_long_one():
    assert not is_newer_version(2, older=100)
    assert not is_newer_version(40, older=100), "a list of forty does not replace one of a hundred"
    assert is_newer_version(60, older=100)
    assert not is_newer_version(0, older=0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["1", "2", None])), max_size=12), st.data())
def test_no_row_is_ever_paired_twice(said, data):
    older = rows(*[{"cells": c, "serial": s} for c, s in said])
    newer = rows(*[{"cells": c, "serial": s} for c, s in data.draw(st.permutations(said))])
    pairs = pair_lists(older, newer)
    assert pairs["newer"].is_unique().all()
    assert pairs["older"].is_unique().all()
    # Every row of an unchanged list is found again, in whatever order it comes.
    assert pairs.height == len(said)


CELLS = st.text(alphabet=st.sampled_from(list('"[],\\ abя\n')), max_size=8)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=6))
def test_rows_encoded_at_once_are_the_rows_encoded_one_by_one(rows: list[list[str]]):
    assert row_texts(rows) == [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]


NUMBERS = st.none() | st.floats() | st.integers() | st.booleans()


@given(st.lists(st.none() | st.floats(), max_size=6), st.lists(NUMBERS, max_size=6))
def test_values_of_a_column_are_encoded_as_the_register_does(floats: list[object], mixed: list[object]):
    for column in (floats, mixed):
        expected = [dumped({"x": value} if value is not None else {}) for value in column]
        assert value_texts({"x": column}, count=len(column)) == expected
