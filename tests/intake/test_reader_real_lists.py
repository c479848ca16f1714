"""The real lists beside the project: every row accounted for, the columns that matter recognised."""

import csv
import json
from collections import Counter

import pytest

from oblik.intake.formats import read_sheets
from oblik.intake.logic.tables import understand


def understood(path):
    (sheet,) = read_sheets(path)
    table = understand(sheet)
    assert len(table.roles) == len(sheet.rows) == len(sheet.numbers)
    return table, {guess.header: guess.target for guess in table.columns if guess.target}


@pytest.mark.parametrize("day", ["2021-04-05", "2021-07-01", "2021-07-03", "2021-07-09", "2021-07-12"])
def test_each_state_of_the_ladyzhyn_register_is_understood_whole(shared_data, day):
    path = shared_data / "ladyzhyn" / f"cameras_{day}.csv"
    table, found = understood(path)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert table.sheet.rows == rows
    assert Counter(table.roles) == {"header": 1, "data": len(rows) - 1}
    assert found == {
        "id": "source_id", "place_id": "site", "owner": "owner_name", "lat": "lat_deg", "lon": "lon_deg",
        "azimuth": "bearing_deg", "viewing_angle": "hfov_deg", "range_m": "range_m", "details": "note",
        "place_details": "note",
    }  # fmt: skip


def test_the_ladyzhyn_geojson_says_the_same_as_its_csv(shared_data):
    table, found = understood(shared_data / "ladyzhyn" / "cameras_head.geojson")
    assert Counter(table.roles) == {"header": 1, "data": 141}
    assert table.sheet.numbers == list(range(142))
    assert {
        "id": "source_id",
        "owner": "owner_name",
        "lat": "lat_deg",
        "lon": "lon_deg",
        "azimuth": "bearing_deg",
    }.items() <= found.items()


def test_the_geneva_spreadsheet_is_understood_with_its_destroyed_coordinates(shared_data):
    table, found = understood(shared_data / "geneva" / "cameras_GE.csv")
    assert Counter(table.roles) == {"header": 1, "data": 622}
    assert found.items() >= {
        "id": "source_id", "lat": "lat_deg", "lon": "lon_deg", "Type of mount": "mount", "Type of camera": "kind",
        "tags_surveillance:type": "surveillance",
        "tags_surveillance:zone": "zone", "tags_camera:direction": "bearing_deg",
        "tags_camera:count": "count", "tags_manufacturer": "vendor", "tags_addr:street": "street_part",
        "tags_addr:housenumber": "house_part", "tags_addr:city": "settlement", "Location": "indoor",
    }.items()  # fmt: skip


def test_the_swiss_cameras_read_from_json_and_csv(shared_data):
    with (shared_data / "geneva" / "sample.json").open(encoding="utf-8") as stream:
        elements = json.load(stream)
    table, found = understood(shared_data / "geneva" / "sample.json")
    assert Counter(table.roles) == {"header": 1, "data": len(elements)}
    assert (found["id"], found["lat"], found["lon"], found["camera:direction"]) == (
        "source_id", "lat_deg", "lon_deg", "bearing_deg",
    )  # fmt: skip
    table, found = understood(shared_data / "geneva" / "csv_sample.csv")
    assert Counter(table.roles) == {"header": 1, "data": 2143}
    assert (found["id"], found["tags"], found["geometry"]) == ("source_id", "tags", "coordinates")


@pytest.mark.parametrize(
    ("points", "extract", "expected"),
    [
        ("helsinki_osm/helsinki_cameras_2019.geojson", "helsinki_osm/Helsinki.osm.pbf", 223),
        ("monaco_osm/monaco_cameras_2023.geojson", "monaco_osm/monaco.osm.pbf", 14),
    ],
)
def test_an_extract_gives_the_cameras_its_geojson_has(shared_data, points, extract, expected):
    table, found = understood(shared_data / points)
    assert Counter(table.roles) == {"header": 1, "data": expected}
    assert (found["id"], found["lon"], found["lat"], found["camera:type"]) == (
        "source_id",
        "lon_deg",
        "lat_deg",
        "kind",
    )
    ids = {row[table.sheet.rows[0].index("id")] for row in table.sheet.rows[1:]}
    packed, meanings = understood(shared_data / extract)
    assert ids <= {row[0] for row in packed.sheet.rows[1:]}
    assert (meanings["id"], meanings["lat"], meanings["lon"]) == ("source_id", "lat_deg", "lon_deg")


@pytest.mark.parametrize("name", ["ladyzhyn/houses.csv", "ladyzhyn/streets.csv", "kharkiv_renames/kharkiv_renames.csv"])
def test_lists_that_are_not_of_cameras_lose_no_row_either(shared_data, name):
    table, _ = understood(shared_data / name)
    assert table.roles[0] == "header"
    assert set(table.roles[1:]) == {"data"}
