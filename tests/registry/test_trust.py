"""The order of trust: device, field check, newest list, older list, OpenStreetMap; a person above all."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from oblik.registry.logic.trust import SOURCE_KINDS, Said, winners


def claim(number, kind, year, **values):
    return Said(number, kind, datetime(year, 1, 1, tzinfo=UTC), values)


def fold(*claims):
    values, origins = winners(claims)
    assert values.keys() == origins.keys()
    return values | {f"origin_{name}": claim for name, claim in origins.items()}


def test_the_device_itself_outranks_a_newer_list():
    won = fold(claim(1, "device", 2020, model="A"), claim(2, "owner_list", 2026, model="B"))
    assert (won["model"], won["origin_model"]) == ("A", 1)


def test_among_lists_the_newest_wins_and_an_older_one_fills_what_it_leaves_out():
    won = fold(claim(1, "owner_list", 2020, model="A", bearing_deg=90.0), claim(2, "owner_list", 2026, model="B"))
    assert (won["model"], won["bearing_deg"], won["origin_bearing_deg"]) == ("B", 90.0, 1)


def test_a_persons_pin_outranks_everything():
    won = fold(claim(1, "person", 2019, model="C"), claim(2, "device", 2026, model="A"))
    assert won["model"] == "C"


def test_a_measured_place_stands_before_one_worked_out_from_an_address_even_of_a_stronger_source():
    won = fold(
        claim(1, "owner_list", 2026, lon_deg=30.0, lat_deg=50.0, place_origin="geocoded"),
        claim(2, "osm", 2020, lon_deg=30.1, lat_deg=50.1, accuracy_m=5.0, place_origin="osm"),
    )
    assert (won["lon_deg"], won["lat_deg"], won["place_origin"]) == (30.1, 50.1, "osm")


def test_longitude_and_latitude_never_come_from_two_sources():
    won = fold(
        claim(1, "owner_list", 2026, lon_deg=30.0),
        claim(2, "owner_list", 2020, lon_deg=30.1, lat_deg=50.1),
    )
    assert (won["lon_deg"], won["lat_deg"], won["origin_lat_deg"]) == (30.1, 50.1, 2)


@given(st.permutations(range(6)), st.lists(st.sampled_from(sorted(SOURCE_KINDS)), min_size=6, max_size=6))
def test_the_order_of_rows_never_matters(order, kinds):
    claims = [claim(i, kind, 2020 + i % 3, model=f"m{i}") for i, kind in enumerate(kinds)]
    assert fold(*claims) == fold(*[claims[i] for i in order])


def test_a_number_keeps_the_form_in_which_it_was_said():
    won = fold(claim(1, "owner_list", 2026, height_m=4), claim(2, "owner_list", 2020, height_m=4.5))
    assert repr(won["height_m"]) == "4"


def test_nothing_said_is_nothing_known():
    assert winners([]) == ({}, {})
