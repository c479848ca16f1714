"""A list that quotes our codes says what is new, and nothing that it only repeats."""

from hypothesis import given
from hypothesis import strategies as st

from oblik.intake.logic.quoting import is_echo, is_far, news_of

HELD = {"model": "A", "height_m": 4.0, "lon_deg": 34.0, "lat_deg": 49.0, "place_origin": "geocoded", "note": "=x"}
VALUES = st.one_of(st.text(max_size=8), st.booleans(), st.integers(-9, 9), st.floats(-1e6, 1e6))


def news(said, *, own=()):
    return news_of(said, held=HELD, own=own, owner_names={"KP", "КП «Світло»"})


def test_our_own_export_read_back_is_no_news():
    export = {**HELD, "state": "in_service", "owner_name": "КП «Світло»", "note": "'=x", "place_origin": "given"}
    assert news(export) == {}


def test_a_changed_cell_is_news_and_the_rest_is_not():
    assert news({**HELD, "model": "B"}) == {"model": "B"}


def test_an_owner_may_repeat_its_own_words_but_a_place_is_not_measured_anew():
    assert news({**HELD, "place_origin": "given"}, own=set(HELD)) == {"model": "A", "height_m": 4.0, "note": "=x"}


def test_a_moved_camera_is_news_as_a_whole_place():
    moved = {"lon_deg": 34.0, "lat_deg": 49.001, "place_origin": "given"}
    assert news(moved) == moved


def test_a_state_that_somebody_stated_is_news():
    assert news({"state": "faulty"}) == {"state": "faulty"}


def test_far_is_measured_on_the_ground_and_never_from_a_guessed_place():
    here = {"lon_deg": 34.0, "lat_deg": 60.0}
    assert not is_far({"lon_deg": 34.0085, "lat_deg": 60.0}, here)  # 473 m
    assert is_far({"lon_deg": 34.0095, "lat_deg": 60.0}, here)  # 528 m
    assert not is_far({"lon_deg": 35.0, "lat_deg": 60.0, "place_origin": "geocoded"}, here)
    assert not is_far({}, here)


@given(VALUES, VALUES)
def test_echoes_are_mutual_and_every_value_echoes_itself(one, other):
    assert is_echo(one, one)
    assert is_echo(one, other) == is_echo(other, one)
