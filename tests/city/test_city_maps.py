"""Loading maps: extracts, plain shapes and terrain; what vanished is ended, and last year's answer stays."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_bounds

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, UnreadableFile
from oblik.city import queries
from oblik.city.actions import Options, load_files
from oblik.journal.queries import entries_about

BY = Actor("console", "tester")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(days=400)

pytestmark = pytest.mark.django_db


def written(tags):
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())


def osm_text(*, levels="5", shed=True, school="Ліцей № 7"):
    """A street with a corner, a house with a light well, a shed, a school and a district, drawn in small squares."""
    nodes, ways = [], []

    def node(x, y, **tags):
        at = f'lon="{36 + x / 1e4:.7f}" lat="{50 + y / 1e4:.7f}"'
        nodes.append(f'<node id="{len(nodes) + 1}" version="1" {at}>{written(tags)}</node>')
        return len(nodes)

    def way(number, refs, **tags):
        members = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        ways.append(f'<way id="{number}" version="1">{members}{written(tags)}</way>')

    def square(number, x, y, side, **tags):
        corners = [node(x, y), node(x + side, y), node(x + side, y + side), node(x, y + side)]
        way(number, [*corners, corners[0]], **tags)

    cross = node(10, 0)
    way(
        1,
        [node(0, 0), cross, node(20, 0)],
        highway="residential",
        name="вулиця Садова",
        name__ru="улица Садовая",
        old_name="вулиця Стара",
    )
    way(2, [node(10, -10), cross, node(10, 10)], highway="primary", name="проспект Миру")
    square(3, 1, 1, 4)
    square(4, 2, 2, 1)
    square(6, -20, -20, 60)
    square(7, 12, 4, 3, building="school", height="11.5", amenity="school", name=school)
    node(3, 1, addr__street="вулиця Садова", addr__housenumber="1")
    node(7, 1, addr__street="вулиця Садова", addr__housenumber="3")
    node(10.5, 0, highway="crossing")
    if shed:
        square(5, 7, 1, 1, building="shed")
    outer, inner = ('<member type="way" ref="3" role="outer"/>', '<member type="way" ref="4" role="inner"/>')
    edge = '<member type="way" ref="6" role="outer"/>'
    house = written({"type": "multipolygon", "building": "apartments", "building:levels": levels})
    district = {"type": "boundary", "boundary": "administrative", "admin_level": 9, "name": "Надрічний район"}
    relations = f'<relation id="1" version="1">{outer}{inner}{house}</relation>'
    relations += f'<relation id="2" version="1">{edge}{written(district)}</relation>'
    return f'<osm version="0.6" generator="tests">{"".join(nodes)}{"".join(ways)}{relations}</osm>'


def load(folder, text, *, name="town.osm", at=AT, **options):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_files([path], by=BY, at=at, options=Options(**options))[0]


def test_an_extract_brings_every_layer(tmp_path):
    report = load(tmp_path, osm_text())
    assert report.stored.added == {
        "building": 3, "street": 2, "district": 1, "place": 2, "address": 2,
    }  # fmt: skip
    assert queries.layer_counts() == {"building": 3, "district": 1, "place": 2, "street": 2}
    assert (queries.streets(classes=["primary"]).name == ["проспект Миру"]).all()
    assert queries.streets(classes=["residential"]).names[0] == {"old": ["вулиця Стара"], "ru": "улица Садовая"}
    assert list(queries.places(kinds=["school"]).name) == ["Ліцей № 7"]
    (entry,) = entries_about("city:1") or entries_about(f"city:{queries.city_version()}")
    assert entry.what == "loaded"


def test_heights_know_where_they_come_from(tmp_path):
    load(tmp_path, osm_text())
    found = queries.buildings_near()
    told = {
        kind: (height, origin)
        for kind, height, origin in zip(found.kind, found.height_m, found.height_origin, strict=True)
    }
    assert told == {"apartments": (16.0, "levels"), "shed": (3.0, "assumed"), "school": (11.5, "measured")}


def test_a_light_well_is_an_inner_ring(tmp_path):
    load(tmp_path, osm_text())
    found = queries.buildings_near()
    (apartments,) = np.flatnonzero(found.kind == "apartments")
    rings = np.flatnonzero(found.ring_building == apartments)
    assert list(found.ring_inner[rings]) == [False, True]
    first, last = found.ring_start[rings[0]], found.ring_start[rings[0] + 1]
    assert found.lon_deg[first] == found.lon_deg[last - 1]
    assert found.ring_start[-1] == len(found.lon_deg) == len(found.lat_deg)


def test_the_same_file_again_changes_nothing(tmp_path):
    load(tmp_path, osm_text())
    version = queries.city_version()
    assert load(tmp_path, osm_text(), name="copy.osm", at=LATER).known
    assert queries.city_version() == version


def test_a_newer_extract_ends_what_vanished_and_last_year_stays(tmp_path):
    load(tmp_path, osm_text(), name="town-250101.osm")
    report = load(tmp_path, osm_text(levels="9", shed=False), name="town-260101.osm", at=LATER)
    assert report.replaced
    assert report.stored.changed == {"building": 1}
    assert report.stored.ended == {"building": 1}
    assert report.stored.unchanged["street"] == 2
    now, then = queries.buildings_near(), queries.buildings_near(at=AT)
    assert sorted(now.kind) == ["apartments", "school"]
    assert sorted(then.kind) == ["apartments", "school", "shed"]
    assert now.height_m.max() == 28.8
    assert then.height_m.max() == 16.0
    assert len(queries.buildings_near(at=LATER + timedelta(days=1))) == 2


def test_another_source_ends_nothing(tmp_path):
    load(tmp_path, osm_text())
    load(tmp_path, osm_text(shed=False), name="village.osm", at=LATER)
    assert queries.layer_counts()["building"] == 5


def test_an_older_map_is_refused(tmp_path):
    load(tmp_path, osm_text(), stands_at=LATER)
    with pytest.raises(Conflict):
        load(tmp_path, osm_text(shed=False), stands_at=AT)


def test_searches_by_box_and_by_cell_agree_with_shapely(tmp_path):
    load(tmp_path, osm_text())
    from oblik.city.logic.cells import cells_of

    box = (36.0006, 50.0, 36.00085, 50.0003)
    assert list(queries.buildings_near(box=box).kind) == ["shed"]
    cell = int(cells_of(np.array([36.00075]), np.array([50.00015]), zoom=22)[0])
    assert list(queries.buildings_near(cells=[cell]).kind) == ["shed"]
    assert len(queries.buildings_near(box=(37.0, 50.0, 37.1, 50.1))) == 0


def test_addresses_of_a_map_are_found_and_ended(tmp_path):
    load(tmp_path, osm_text())
    assert queries.gazetteer().resolve(["ул. Садовая, 3"])[0].status == "exact"
    assert queries.find("Садова 1")[0].district == "Надрічний район"
    load(tmp_path, osm_text().replace('v="3"', 'v="33"'), at=LATER)
    assert queries.counts().points == 2
    assert queries.gazetteer().resolve(["вул. Садова, 3"])[0].matched != "current+point"


@pytest.mark.parametrize("content", ["<osm><node", "no map at all"])
def test_a_broken_extract_is_named_and_nothing_is_kept(tmp_path, content):
    with pytest.raises(UnreadableFile):
        load(tmp_path, content)
    assert queries.files() == []


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(geometry))}


SQUARE = shapely.box(36.0, 50.0, 36.0001, 50.0001)


def test_plain_shapes_are_told_by_their_columns(tmp_path):
    text = collection(
        feature(SQUARE, id=1, height=12.5), feature(shapely.affinity.translate(SQUARE, 0.01), id=2, levels=2)
    )
    assert load(tmp_path, text, name="houses.geojson").stored.added == {"building": 2}
    assert sorted(queries.buildings_near().height_m) == [6.4, 12.5]


def test_shapes_that_tell_nothing_ask_for_a_word(tmp_path):
    text = collection(feature(SQUARE, title="A"))
    with pytest.raises(InvalidInput, match="--as"):
        load(tmp_path, text, name="areas.geojson")
    load(tmp_path, text, name="areas.geojson", layer="districts")
    assert list(queries.districts().name) == ["A"]


def test_a_geopackage_in_another_projection_lands_in_place(tmp_path):
    import pyogrio

    path = tmp_path / "streets.gpkg"
    line = shapely.LineString([(4007501.67, 6446275.84), (4007601.67, 6446275.84)])  # web Mercator
    pyogrio.raw.write(
        path, geometry=np.array([shapely.to_wkb(line)]), field_data=[np.array(["вулиця Польова"], dtype=object)],
        fields=["name"], geometry_type="LineString", crs="EPSG:3857", driver="GPKG",
    )  # fmt: skip
    load_files([path], by=BY, at=AT)
    west, south, _, _ = queries.streets().geometry[0].bounds
    assert west == pytest.approx(36.0, abs=1e-4)
    assert south == pytest.approx(50.0, abs=1e-2)


def test_terrain_answers_between_its_cells(tmp_path):
    path = tmp_path / "ground.tif"
    cells = np.array([[10.0, 20.0], [30.0, 40.0]], dtype=np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", width=2, height=2, count=1, dtype="float32", crs="EPSG:4326",
        transform=from_bounds(36.0, 50.0, 36.2, 50.2, 2, 2),
    ) as raster:  # fmt: skip
        raster.write(cells, 1)
    assert queries.elevation_m(np.array([36.1]), np.array([50.1])) is None
    load_files([path], by=BY, at=AT)
    found = queries.elevation_m(np.array([36.05, 36.1, 36.15, 40.0]), np.array([50.15, 50.1, 50.05, 50.1]))
    assert found[:3] == pytest.approx([10.0, 25.0, 40.0])
    assert np.isnan(found[3])


@pytest.mark.parametrize(
    ("folder", "name", "buildings", "known"),
    [("helsinki_osm", "Helsinki.osm.pbf", 446, 154), ("monaco_osm", "monaco.osm.pbf", 1278, 471)],
)
def test_real_extracts_load_with_their_relations(shared_data, folder, name, buildings, known):
    (report,) = load_files([shared_data / folder / name], by=BY, at=AT)
    assert report.stored.added["building"] == buildings
    found = queries.buildings_near()
    assert int((found.height_origin != "assumed").sum()) == known
    assert found.ring_inner.any()
