"""Which pairs a careful person could tell: decided from what rows say and from the cameras around."""

from dataclasses import replace

from oblik.demo.truth import (
    Says,
    TrueCamera,
    Truth,
    TruthRow,
    all_pairs,
    read_truth,
    tellable_pairs,
    with_tellable,
    write_truth,
)


def camera(
    code: str, *, bearing: float, x: float = 0.0, ip: str = "", label: str = "", kind: str = "fixed"
) -> TrueCamera:
    return TrueCamera(code, x, 0.0, bearing, kind, "Dahua", "M1", label, ip, frozenset({"h1"}), False)


NORTH = camera("north", bearing=0, ip="192.168.1.10")
SOUTH = camera("south", bearing=180, ip="192.168.1.11")
HERE = Says(x_m=1.0, y_m=0.0, radius_m=10.0)


def city(*rows: TruthRow, cameras=(NORTH, SOUTH)) -> Truth:
    return Truth(rows, {c.code: c for c in cameras})


def row(file: str, says: Says, *, of: str = "north", number: int = 1, part: int = 1, note: str = "") -> TruthRow:
    return TruthRow(file, "", number, part, of, note, says=says)


def looking(says: Says, bearing: float, slack: float = 8.0) -> Says:
    return replace(says, bearing_deg=bearing, bearing_slack_deg=slack)


def told(*rows: TruthRow, cameras=(NORTH, SOUTH)) -> bool:
    return bool(tellable_pairs(city(*rows, cameras=cameras)))


def test_a_shared_mac_tells_even_without_a_place():
    assert told(row("a", Says(mac="A")), row("b", Says(mac="A")))


def test_an_address_of_the_city_network_tells_and_one_behind_a_router_does_not():
    assert told(row("a", Says(ip="10.20.0.1")), row("b", Says(ip="10.20.0.1")))
    assert not told(row("a", Says(ip="192.168.1.10")), row("b", Says(ip="192.168.1.10")))


def test_one_pole_with_two_cameras_needs_bearings_in_both_rows():
    assert not told(row("a", HERE), row("b", HERE))
    assert not told(row("a", looking(HERE, 3)), row("b", HERE))
    assert told(row("a", looking(HERE, 3)), row("b", looking(HERE, 355)))


def test_bearings_too_coarse_to_tell_neighbours_apart_do_not_tell():
    east = camera("east", bearing=40)
    assert told(row("a", looking(HERE, 0)), row("b", looking(HERE, 0)), cameras=(NORTH, east))
    coarse = looking(HERE, 0, slack=25)
    assert not told(row("a", coarse), row("b", coarse), cameras=(NORTH, east))


def test_a_place_alone_tells_where_nothing_else_stands_near():
    far = replace(SOUTH, x_m=200.0)
    assert told(row("a", HERE), row("b", HERE), cameras=(NORTH, far))


def test_a_wrong_value_in_one_row_is_not_held_against_the_truth():
    lonely = (NORTH,)
    assert not told(row("a", looking(HERE, 0)), row("b", looking(HERE, 180)), cameras=lonely)


def test_an_address_fits_the_cameras_that_are_known_by_it():
    there = Says(spot="h1", spot_x_m=0.0, spot_y_m=0.0)
    assert told(row("a", there), row("b", HERE), cameras=(NORTH,))
    assert not told(row("a", there), row("b", HERE))


def test_the_parts_of_a_row_for_several_may_be_any_of_them():
    parts = [row("a", HERE, of=c, part=i, note="several") for i, c in enumerate(("north", "south"), start=1)]
    truth = city(*parts, row("b", looking(HERE, 0), of="north"))
    assert tellable_pairs(truth) == set()
    assert all_pairs(truth) == {(("a", "", 1, 1), ("b", "", 1, 1)), (("a", "", 1, 2), ("b", "", 1, 1))}


def test_pairs_put_the_smaller_key_first_whatever_the_order():
    rows = [row("b", Says(serial="1")), row("a", Says(serial="1"))]
    assert tellable_pairs(city(*rows)) == {(("a", "", 1, 1), ("b", "", 1, 1))}


def test_the_truth_is_read_back_as_it_was_written(tmp_path):
    rows = (
        row("a", looking(HERE, 3.0)),
        row("b", replace(looking(HERE, 4.0), mac="A", spot="h1", spot_x_m=0.0, spot_y_m=1.0)),
    )
    truth = with_tellable(city(*rows, TruthRow("a", "", 2, 1, "", "total")))
    write_truth(truth, tmp_path)
    again = read_truth(tmp_path)
    assert repr(again.rows) == repr(truth.rows)
    assert again.cameras == truth.cameras
    assert tellable_pairs(again) == tellable_pairs(truth)
    assert [r.tellable for r in again.rows] == [True, True, False]
