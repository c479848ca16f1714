"""Real lists become clean columns: every row accounted for, every place in its country."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from oblik.intake.formats import read_sheets
from oblik.intake.logic.cleaning import clean_table
from oblik.intake.logic.shapes import CleanColumns, Table
from oblik.intake.logic.tables import understand

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real lists are not beside the project: ../shared/data")

# file -> west, south, east, north of the country or town it is about
LISTS = {
    "geneva/cameras_GE.csv": (5.9, 46.1, 6.4, 46.4),
    "geneva/csv_sample.csv": (5.9, 45.8, 10.6, 47.9),
    "geneva/sample.json": (5.9, 45.8, 10.6, 47.9),
    "helsinki_osm/helsinki_cameras_2019.geojson": (24.8, 60.1, 25.1, 60.3),
    "helsinki_osm/Helsinki.osm.pbf": (24.8, 60.1, 25.1, 60.3),
    "ladyzhyn/cameras_2021-04-05.csv": (29.0, 48.5, 29.5, 48.8),
    "ladyzhyn/cameras_2021-07-12.csv": (29.0, 48.5, 29.5, 48.8),
    "ladyzhyn/cameras_head.geojson": (29.0, 48.5, 29.5, 48.8),
    "monaco_osm/monaco_cameras_2023.geojson": (7.3, 43.6, 7.6, 43.9),
}


def tables(name: str) -> Iterator[tuple[Table, CleanColumns]]:
    for sheet in read_sheets(DATA / name):
        table = understand(sheet)
        yield table, clean_table(table)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_data_row_becomes_records_and_nothing_else_does(name: str):
    for table, cleaned in tables(name):
        data = [row for row, role in enumerate(table.roles) if role == "data"]
        assert sorted(set(cleaned.row)) == data
        for row in data:
            assert cleaned.row.count(row) == cleaned.parts[cleaned.row.index(row)]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_nearly_all_places_lie_in_their_country(name: str):
    west, south, east, north = LISTS[name]
    for _, cleaned in tables(name):
        places = [
            (lon, lat)
            for lon, lat in zip(cleaned.values["lon_deg"], cleaned.values["lat_deg"], strict=True)
            if isinstance(lon, float) and isinstance(lat, float)
        ]
        inside = sum(west <= lon <= east and south <= lat <= north for lon, lat in places)
        assert len(places) >= 0.98 * len(cleaned)
        assert inside >= 0.99 * len(places)


def test_the_destroyed_coordinates_of_geneva_lie_where_the_map_has_the_same_cameras():
    truth = {str(one["id"]): one for one in json.loads((DATA / "geneva/sample.json").read_text(encoding="utf-8"))}
    [(_, cleaned)] = tables("geneva/cameras_GE.csv")
    columns = (cleaned.values[name] for name in ("source_id", "lon_deg", "lat_deg"))
    errors_m = sorted(
        111_320 * math.hypot(lat - truth[id_]["lat"], (lon - truth[id_]["lon"]) * math.cos(math.radians(lat)))
        for id_, lon, lat in zip(*columns, strict=True)
        if id_ in truth and isinstance(lon, float) and isinstance(lat, float)
    )
    assert len(errors_m) >= 130
    # Both descend from OpenStreetMap, so this shows that decimal points are back in place, not how exact the map is.
    assert errors_m[len(errors_m) // 2] < 0.1
    assert errors_m[-1] < 50.0
