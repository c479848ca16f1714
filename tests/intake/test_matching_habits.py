"""Copied points, poles, slips of the pen, numbers that mean nothing elsewhere: what small lists of few columns need."""

import polars as pl
import pytest

from oblik.intake.logic.matching.assignment import Decisions, assign
from oblik.intake.logic.matching.frame import prepare
from oblik.intake.logic.matching.scoring import score_pairs


def lists(*rows: dict[str, object]) -> pl.DataFrame:
    full = [
        {"record_id": number, "owner": f"OWNER{row['list']}", "list_id": row["list"]}
        | {k: v for k, v in row.items() if k != "list"}
        for number, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(full, infer_schema_length=None)


def bits(one: dict[str, object], other: dict[str, object]) -> float:
    """The weight of the pair of a row of list 1 and a row of list 2."""
    return float(score_pairs(lists({"list": 1, **one}, {"list": 2, **other}))["weight"][0])


def decided(records: pl.DataFrame) -> Decisions:
    return assign(records, score_pairs(records))


def together(records: pl.DataFrame) -> list[tuple[int, ...]]:
    """The records of each camera that has several."""
    found = decided(records).records.filter(pl.col("group").is_not_null()).sort("record")
    groups = found.group_by("group", maintain_order=True).agg("record")["record"].to_list()
    return sorted(tuple(group) for group in groups if len(group) > 1)


def at(east_m: float, north_m: float = 0.0) -> dict[str, float]:
    return {"lon_deg": round(36.2301 + east_m / 71_600, 7), "lat_deg": round(50.00012 + north_m / 111_320, 7)}


def test_a_copied_point_with_nobody_near_is_one_camera_even_without_other_evidence():
    here, elsewhere = at(0), at(400)
    assert together(lists({"list": 1, **here}, {"list": 2, **here}, {"list": 2, **elsewhere})) == [(1, 2)]


def test_a_copied_point_outweighs_the_address_that_both_share():
    house = {"street_key": "s", "house": "1"}
    assert together(lists({"list": 1, **at(0), **house}, {"list": 2, **at(0), **house})) == [(1, 2)]


def test_a_copied_point_with_siblings_and_nothing_to_tell_them_by_is_asked():
    rows = [{"list": number, **at(0)} for number in (1, 1, 2, 2)]
    found = decided(lists(*rows))
    assert together(lists(*rows)) == []
    assert found.records.filter(decision="review").height == 2


@pytest.mark.parametrize("turn", [0, 5])
def test_four_cameras_of_one_pole_meet_by_bearing(turn):
    rows = [{"list": n, **at(0), "bearing_deg": float(b + turn * (n - 1))} for n in (1, 2) for b in (0, 90, 180, 270)]
    assert together(lists(*rows)) == [(1, 5), (2, 6), (3, 7), (4, 8)]


def test_what_one_calls_panning_another_calls_ptz_and_a_dome_is_not_far_from_it():
    one = at(0) | {"kind": "panning"}
    ptz, dome, fixed = (bits(one, at(0) | {"kind": kind}) for kind in ("ptz", "dome", "fixed"))
    assert ptz > dome > fixed


def test_one_slip_in_a_mac_does_not_hide_the_camera_that_stands_there():
    macs = ("AABBCC12EE01", "AABBCC72EE01", "AABBCC90AA07")
    same, slip, other = (bits(at(0) | {"mac": macs[0]}, at(2) | {"mac": mac}) for mac in macs)
    assert same > slip > other + 2


def test_letters_that_look_like_digits_leave_a_serial_number_the_same():
    frame = prepare(lists({"list": 1, "serial": "KS0I45O"}, {"list": 2, "serial": "КSО1450"}))
    assert frame["serial_code"].n_unique() == 1


def test_labels_in_two_languages_are_one_label():
    frame = prepare(lists({"list": 1, "name": "Камера 2 (сходи)"}, {"list": 2, "name": "камера 2, лестница"}))
    assert frame["name_code"].n_unique() == 1


def test_the_same_number_with_other_words_is_no_agreement():
    house = {"street_key": "s", "house": "1"}
    names = ("Камера 1 каса", "Камера 1", "Камера 1 ворота")
    same, number, words = (bits(house | {"name": names[0]}, house | {"name": name}) for name in names)
    assert same > number > words


def test_rows_known_only_by_their_address_in_the_citys_network_are_one_camera():
    rows = [{"list": n, "ip": f"10.4.2.{i}"} for n in (1, 2) for i in range(1, 5)]
    assert together(lists(*rows)) == [(1, 5), (2, 6), (3, 7), (4, 8)]


def test_an_inventory_number_quoted_from_its_holder_finds_the_holders_camera():
    rows = [{"list": 1, "inventory_number": f"101482{i}"} for i in range(5)]
    quoted = [{"list": 2, "inventory_number": f"101482{i}", "owner_name": "Міськсвітло"} for i in range(2, 4)]
    assert together(lists(*rows, *quoted)) == [(3, 6), (4, 7)]


def test_numbers_that_each_owner_counts_from_one_do_not_meet():
    rows = [{"list": n, **at(9_000 * n + 200 * i), "inventory_number": f"{i:05d}"} for n in (1, 2) for i in range(1, 9)]
    frame = prepare(lists(*rows))
    assert frame["inventory_code"].n_unique() == 16
    assert together(lists(*rows)) == []


def test_longer_numbers_that_contradict_each_other_in_place_do_not_meet_either():
    rows = [{"list": n, **at(9_000 * n + 200 * i), "inventory_number": f"7000{i}"} for n in (1, 2) for i in range(1, 9)]
    assert together(lists(*rows)) == []


def test_siblings_and_neighbours_are_counted_within_a_list():
    frame = prepare(lists({"list": 1, **at(0)}, {"list": 1, **at(5)}, {"list": 1, **at(100)}, {"list": 2, **at(1)}))
    assert frame["gap_m"].round(0).to_list() == [5.0, 5.0, 95.0, 500.0]
    assert frame["close_by"].to_list() == [1, 1, 0, 0]
