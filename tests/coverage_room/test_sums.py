"""What is seen is added up: shares against plain geometry, overlap, what one camera sees alone, blind spots, scopes."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.db import transaction
from tests.coverage_room.conftest import BY, KNOWN, day, house, load_houses, lonlat

from oblik.accounts.logic.rights import Reach, Scope
from oblik.base.errors import InvalidInput, NotFound
from oblik.city import actions as city
from oblik.coverage import checks, queries, reading, sums, surveying
from oblik.coverage.actions import update
from oblik.coverage.logic.surface import (
    SIDE,
    Block,
    Ground,
    Painted,
    Surface,
    at_least,
    block_of,
    empty_surface,
    layered,
    painted,
    squares_of,
    unpacked,
)  # fmt: skip
from oblik.coverage.logic.weights import candidates_of, places_of
from oblik.registry import actions as registry
from oblik.registry.logic.records import dumped

pytestmark = pytest.mark.django_db
Register = Callable[..., tuple[int, str]]
HALL = {"owners": frozenset({"hall"})}


def put(folder: Path, layer: str, features: list[dict[str, object]]) -> None:
    path = folder / f"{layer}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    city.load_files([path], by=BY, at=day(1), options=city.Options(layer=layer, source=layer))


def square(side_m: float) -> list[tuple[float, float]]:
    half = side_m / 2
    return [lonlat(x, y) for x, y in ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))]


@pytest.fixture
def town(tmp_path: Path, db: None) -> Path:
    """A district of 400 m with one street along its middle, a school beside the camera and a crossing far off."""
    put(tmp_path, "districts", [{
        "type": "Feature", "properties": {"boundary": "administrative", "admin_level": "9", "name": "Середмістя"},
        "geometry": {"type": "Polygon", "coordinates": [square(400)]},
    }])  # fmt: skip
    put(tmp_path, "streets", [{
        "type": "Feature", "properties": {"highway": "residential", "name": "Довга"},
        "geometry": {"type": "LineString", "coordinates": [lonlat(-200, 0), lonlat(200, 0)]},
    }])  # fmt: skip
    put(tmp_path, "places", [
        {"type": "Feature", "properties": {"kind": "school", "name": "Школа"},
         "geometry": {"type": "Point", "coordinates": lonlat(25, 0)}},
        {"type": "Feature", "properties": {"kind": "crossing"},
         "geometry": {"type": "Point", "coordinates": lonlat(-150, 150)}},
    ])  # fmt: skip
    return tmp_path


def summed() -> sums.Totals:
    update(by=BY, at=day(3))
    surveying.renew(by=BY, at=day(3))
    found = sums.survey()
    assert found is not None
    return found.totals


def test_the_seen_share_of_a_district_and_a_street_is_that_of_the_footprint(town: Path, register: Register) -> None:
    _, code = register(0, 0, when=day(2))
    totals = summed()
    [district] = totals.districts
    grounds = [one for one in queries.ground_of(code) if one.certain]
    sure = shapely.union_all([one.area for one in grounds])
    metres = shapely.transform(sure, lambda at: np.column_stack([(at[:, 0] - 36) * 71_700, (at[:, 1] - 50) * 111_240]))
    assert district.name == "Середмістя"
    assert district.whole == pytest.approx(160_000, rel=0.01)
    assert district.sure[0] == pytest.approx(metres.area, rel=0.03)
    assert district.sure == sorted(district.sure, reverse=True)
    [street] = totals.streets
    passed = queries.cameras_along([lonlat(-200, 0), lonlat(200, 0)], speed_kmh=36)
    length = sum(one.exit_m - one.entry_m for one in passed if one.certain)
    assert street.sure[0] == pytest.approx(length, abs=6)
    assert street.whole == pytest.approx(400, abs=2)
    assert totals.seen_sure_m2 == pytest.approx(district.sure[0], rel=1e-6)
    assert list(checks.broken()) == []


def test_ground_under_a_building_counts_for_nothing(town: Path, register: Register) -> None:
    load_houses(town, [house(-180, -180, -80, -80, height_m=9, ref=1)], when=day(1))
    register(0, 0, when=day(2))
    [district] = summed().districts
    assert district.whole == pytest.approx(150_000, rel=0.01)


def test_two_owners_at_one_place_overlap_and_neither_is_alone(town: Path, register: Register) -> None:
    other = registry.add_owner("hall", name="Ратуша", kind="department", by=BY, at=day(1))
    _, code = register(0, 0, when=day(2))
    assert summed().pairs == []
    assert sums.failure(code).only_sure_m2 == sums.failure(code).seen_sure_m2 > 0
    twin = enter(other, lonlat(0, 0.5))
    totals = summed()
    [pair] = totals.pairs
    seen = {one.one: one.sure_m2 for one in totals.owners}
    assert {pair.one, pair.other} == {"dept", "hall"}
    assert 0.9 * min(seen.values()) < pair.sure_m2 <= min(seen.values())
    lost = {one.camera: one for one in totals.alone}
    assert lost[code].only_sure_m2 < 0.1 * lost[code].seen_sure_m2
    told = sums.failure(code)
    assert told.others == (twin,)
    assert told.only_sure_m2 == pytest.approx(lost[code].only_sure_m2)
    assert totals.times_sure_m2[2] == pytest.approx(pair.sure_m2)


def enter(owner: int, place: tuple[float, float]) -> str:
    values = {**KNOWN, "lon_deg": place[0], "lat_deg": place[1]}
    with transaction.atomic():
        first, codes = registry.create_cameras([owner], at=day(2))
        claim = registry.NewClaim(first, "owner_list", "record:900", owner, day(2), dumped(values))
        registry.add_claims([claim], at=day(2))
        registry.fold_cameras([first], happened_at=day(2), at=day(2), by=BY)
    return codes[0]


def test_a_part_of_the_register_is_added_up_by_itself(town: Path, register: Register) -> None:
    other = registry.add_owner("hall", name="Ратуша", kind="department", by=BY, at=day(1))
    _, theirs = register(0, 0, when=day(2))
    ours = enter(other, lonlat(0, 0.5))
    summed()
    part = Scope((Reach(**HALL),))
    assert sums.survey(within=part) is None
    surveying.renew_part(part, by=BY, at=day(3))
    found = sums.survey(within=part)
    assert found is not None
    assert (found.totals.cameras, [one.one for one in found.totals.owners], found.totals.pairs) == (1, ["hall"], [])
    told = sums.failure(ours, within=part)
    assert told.others == () and told.only_sure_m2 == told.seen_sure_m2
    with pytest.raises(NotFound):
        sums.failure(theirs, within=part)


def test_blind_spots_are_ranked_and_incidents_push_theirs_up(town: Path, register: Register) -> None:
    register(0, 0, when=day(2))
    totals = summed()
    assert (totals.blind[0].kinds, totals.blind[0].unseen) == ("crossing", 1.0)
    school = next(one for one in totals.places if one.name == "school")
    assert school.whole == 1 and school.sure[0] > 0.5
    lon, lat = lonlat(-100, 120)
    count = surveying.load_incidents(f"lon;lat;weight\n{lon};{lat};40\n".encode(), name="i.csv", by=BY, at=day(4))
    found = sums.survey()
    assert count == 1 and found is not None
    assert (found.totals.blind[0].kinds, found.totals.blind[0].weight, found.totals.incidents) == ("incident", 40, 1)
    surveying.drop_incidents(by=BY, at=day(5))
    assert all(spot.kinds != "incident" for spot in (sums.survey() or found).totals.blind)


def test_only_blocks_that_changed_are_added_up_again(town: Path, register: Register) -> None:
    register(0, 0, when=day(2))
    register(3_000, 0, when=day(2))
    update(by=BY, at=day(3))
    first = surveying.renew(by=BY, at=day(3))
    version = sums.survey_version()
    assert first.computed >= 2
    assert surveying.renew(by=BY, at=day(3)).computed == 0
    assert sums.survey_version() == version
    register(3_010, 0, when=day(4))
    update(by=BY, at=day(5))
    again = surveying.renew(by=BY, at=day(5))
    assert 1 <= again.computed < first.computed
    assert sums.survey_version() > version


def test_a_camera_whose_place_is_vague_is_left_out(town: Path, register: Register) -> None:
    register(0, 0, when=day(2), accuracy_m=120.0)
    assert summed().seen_may_m2 == 0


def test_a_faulty_camera_sees_nothing(town: Path, register: Register) -> None:
    register(0, 0, when=day(2), state="faulty")
    assert summed().cameras == 0


def test_painted_squares_agree_with_the_answer_at_their_middles(register: Register) -> None:
    _, code = register(0, 0, when=day(2))
    update(by=BY, at=day(3))
    stored = reading.footprint_of(code)
    assert stored is not None and stored.seen is not None
    rng = np.random.default_rng(5)
    for block, look in painted(stored.seen, lon_deg=stored.lon_deg, lat_deg=stored.lat_deg).items():
        west, _south, east, north = block.box
        for i in rng.choice(len(look.at), 12):
            lon = west + (look.at[i] % SIDE + 0.5) * (east - west) / SIDE
            lat = north - (look.at[i] // SIDE + 0.5) * (north - block.box[1]) / SIDE
            [told] = queries.cameras_seeing((lon, lat))
            assert told.certain == bool(look.sure[i])


def test_a_surface_comes_back_from_its_bytes() -> None:
    rng = np.random.default_rng(1)
    size = SIDE * SIDE
    bands = rng.integers(0, 7, size).astype(np.uint8)
    one = Surface(bands, np.maximum(bands, 1), bands, bands, bands > 3)
    back = unpacked(one.packed())
    assert all(np.array_equal(getattr(one, n), getattr(back, n)) for n in ("sure", "may", "times_may", "built"))
    with pytest.raises(InvalidInput):
        unpacked(b"nothing")


def test_layers_count_what_one_sees_alone() -> None:
    looks = [Painted(np.array([0, 1, 2]), np.array([1, 2, 0], np.uint8), np.array([1, 2, 3], np.uint8)),
             Painted(np.array([2, 3]), np.array([6, 6], np.uint8), np.array([6, 6], np.uint8))]  # fmt: skip
    built = np.zeros(SIDE * SIDE, dtype=bool)
    built[3] = True
    found = layered(looks, owners=["a", "b"], purposes=["x", "x"], built=built)
    assert found.cameras.tolist() == [[2, 2, 3, 2], [1, 1, 1, 0]]
    assert found.pairs == [("a", "b", 0, 1)]
    assert found.purposes["x"][1][1:] == [1, 1, 0, 0, 0, 1]
    assert at_least([9, 3, 2, 1, 0, 0, 0]) == [6, 3, 1, 0, 0, 0]


def test_ground_is_looked_up_across_the_edge_of_two_blocks() -> None:
    one, other = Block(19_000, 11_000), Block(19_001, 11_000)
    seen = empty_surface()
    seen.sure[SIDE * 5] = 3  # its westernmost square in row 5
    ground = Ground([(other, Surface(seen.sure, seen.sure, seen.sure, seen.sure, seen.built))])
    columns = np.array([19_001 * SIDE - 1, 19_001 * SIDE])
    rows = np.full(2, 11_000 * SIDE + 5)
    assert ground.look(columns, rows)[0].tolist() == [0, 3]
    assert block_of(one.cell) == one
    west, _south, _east, north = other.box
    found = squares_of(np.array([west + 1e-7]), np.array([north - 1e-7]))
    assert (found[0][0] // SIDE, found[1][0] // SIDE) == (19_001, 11_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lon,weight\n1,2\n", "lat"), ("lon,lat\n1,x\n", "Row 2"), ("lon,lat\n", "no rows"), ("", "lon"),
        ("lon,lat,weight\n1,2,-3\n", "weight"), ("lon,lat\n181,2\n", "181"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_names_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        places_of(text.encode())


def test_tables_are_read_with_commas_and_without_optional_columns() -> None:
    [place] = places_of("\ufefflon;lat\n36,25;50,5\n".encode())
    assert (place.lon_deg, place.lat_deg, place.weight) == (36.25, 50.5, 1.0)
    [pole] = candidates_of("lon,lat,cost\n36,50,900\n".encode("cp1251"))
    assert (pole.name, pole.height_m, pole.cost) == ("1", 5.0, 900.0)
