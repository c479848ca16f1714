"""GeoJSON, KML, KMZ, GPX, OSM, GeoPackage, shapefile and docx: named columns and numbered features."""

import json
import zipfile

import docx
import numpy as np
import osmium
import pyogrio.raw
import pytest
import shapely

from oblik.intake.formats import read_sheets
from oblik.intake.logic.tables import understand


def targets(sheet):
    return {guess.header: guess.target for guess in understand(sheet).columns}


def test_geojson_features_become_numbered_rows_with_their_place(tmp_path):
    features = [
        {
            "type": "Feature",
            "id": 7,
            "properties": {"адреса": "вул. Лугова, 5", "azimuth": 90.0, "more": {"ip": "10.0.0.1"}},
            "geometry": {"type": "Point", "coordinates": [36.2311, 49.9921]},
        },
        {"type": "Feature", "properties": None, "geometry": None},
        {
            "type": "Feature",
            "properties": {"адреса": "парк"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]},
        },
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert sheet.named
    assert sheet.numbers == [0, 1, 2, 3]
    assert sheet.rows[0] == ["id", "адреса", "azimuth", "more.ip", "lon", "lat"]
    assert sheet.rows[1] == ["7", "вул. Лугова, 5", "90", "10.0.0.1", "36.2311", "49.9921"]
    assert sheet.rows[3][4:] == ["1", "1"]
    found = targets(sheet)
    assert (found["lon"], found["lat"], found["more.ip"]) == ("lon_deg", "lat_deg", "ip")
    assert understand(sheet).roles == ["header", "data", "blank", "data"]


def test_geojson_in_metres_says_so(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
                "features": [
                    {
                        "type": "Feature",
                        "properties": {},
                        "geometry": {"type": "Point", "coordinates": [4030000, 6450000]},
                    }
                ],
            }
        ),
        encoding="utf-8",
    )
    (sheet,) = read_sheets(path)
    assert targets(sheet) == {"lon": "x_m", "lat": "y_m"}


@pytest.mark.parametrize(
    "text",
    [
        '[{"назва": "К1", "ip": "10.0.0.1"}, {"назва": "К2"}]',
        '{"total": 2, "cameras": [{"назва": "К1", "ip": "10.0.0.1"}, {"назва": "К2"}]}',
        '{"назва": "К1", "ip": "10.0.0.1"}\n{"назва": "К2"}\n',
        '[["назва", "ip"], ["К1", "10.0.0.1"], ["К2", null]]',
    ],
)
def test_plain_json_lists_read_in_each_shape(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert sheet.rows == [["назва", "ip"], ["К1", "10.0.0.1"], ["К2", ""]]


def test_overpass_elements_are_read_by_their_tags(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps(
            {
                "version": 0.6,
                "elements": [
                    {
                        "type": "node",
                        "id": 1,
                        "lat": 46.1,
                        "lon": 6.1,
                        "tags": {"man_made": "surveillance", "direction": "90"},
                    },
                    {
                        "type": "way",
                        "id": 2,
                        "center": {"lat": 46.2, "lon": 6.2},
                        "tags": {"man_made": "surveillance", "ref": "A-7"},
                    },
                ],
            }
        ),
        encoding="utf-8",
    )
    (sheet,) = read_sheets(path)
    rows = [dict(zip(sheet.rows[0], row, strict=True)) for row in sheet.rows[1:]]
    assert (rows[0]["camera:direction"], rows[1]["lat"], rows[1]["ref"]) == ("90", "46.2", "A-7")
    assert targets(sheet)["camera:direction"] == "bearing_deg"
    assert targets(sheet)["ref"] == "inventory_number"


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>Заводський район</name><Placemark id="p1"><name>Камера 1</name>
<description><![CDATA[<table><tr><td>Азимут:</td><td>90</td></tr><tr><td>IP</td><td>10.0.0.1</td></tr></table>]]></description>
<ExtendedData><Data name="owner"><value>КП Світло</value></Data>
<SchemaData><SimpleData name="height">4</SimpleData></SchemaData></ExtendedData>
<Point><coordinates> 36.2311,49.9921,0 </coordinates></Point></Placemark></Folder>
<Placemark><name>Двір</name><description>за рогом</description><Polygon><outerBoundaryIs><LinearRing><coordinates>
0,0 2,0 2,2 0,2 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"""


@pytest.mark.parametrize("suffix", [".kml", ".kmz"])
def test_kml_and_kmz_give_names_folders_and_data(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    if suffix == ".kml":
        path.write_text(KML, encoding="utf-8")
    else:
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("doc.kml", KML)
            package.writestr("files/icon.png", b"\x89PNG")
    (sheet,) = read_sheets(path)
    first, second = (dict(zip(sheet.rows[0], row, strict=True)) for row in sheet.rows[1:])
    assert first == {
        "id": "p1",
        "name": "Камера 1",
        "folder": "Заводський район",
        "Азимут": "90",
        "IP": "10.0.0.1",
        "owner": "КП Світло",
        "height": "4",
        "lon": "36.2311",
        "lat": "49.9921",
        "description": "",
    }
    assert (second["lon"], second["lat"], second["description"]) == ("1.0", "1.0", "за рогом")
    assert targets(sheet)["Азимут"] == "bearing_deg"


def test_gpx_waypoints_are_rows(tmp_path):
    path = tmp_path / "a.gpx"
    path.write_text(
        '<gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="49.99" lon="36.23"><name>К1</name></wpt>'
        '<wpt lat="49.98" lon="36.24"/><trk><trkseg><trkpt lat="1" lon="1"/></trkseg></trk></gpx>'
    )
    (sheet,) = read_sheets(path)
    assert sheet.rows == [["name", "lon", "lat"], ["К1", "36.23", "49.99"], ["", "36.24", "49.98"]]


def test_osm_xml_and_pbf_give_the_same_cameras(tmp_path):
    path = tmp_path / "a.osm"
    path.write_text(
        """<?xml version='1.0' encoding='UTF-8'?><osm version="0.6">
<node id="1" lat="49.9921000" lon="36.2311000" version="1"><tag k="man_made" v="surveillance"/>
<tag k="direction" v="90"/>
<tag k="camera:type" v="dome"/></node>
<node id="2" lat="49.0" lon="36.0" version="1"><tag k="highway" v="crossing"/></node>
<node id="3" lat="49.2" lon="36.2" version="1"/>
<node id="4" lat="49.5" lon="36.5" version="1"><tag k="highway" v="speed_camera"/></node>
<way id="5" version="1"><nd ref="2"/><nd ref="3"/><tag k="surveillance:type" v="camera"/></way></osm>""",
        encoding="utf-8",
    )
    packed = tmp_path / "a.osm.pbf"
    with osmium.SimpleWriter(str(packed)) as writer:
        for element in osmium.FileProcessor(str(path)):
            writer.add(element)
    (sheet,) = read_sheets(path)
    assert read_sheets(packed)[0].rows == sheet.rows
    rows = [dict(zip(sheet.rows[0], row, strict=True)) for row in sheet.rows[1:]]
    assert [row["id"] for row in rows] == ["node/1", "node/4", "way/5"]
    assert (rows[0]["camera:direction"], rows[2]["lat"], rows[2]["lon"]) == ("90", "49.1", "36.1")
    found = targets(sheet)
    assert (found["camera:direction"], found["camera:type"], found["id"]) == ("bearing_deg", "kind", "source_id")


def write_layer(path, driver, *, crs="EPSG:4326", points=((36.2311, 49.9921), (36.24, 49.98)), **options):
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(shapely.points(points)),
        [np.array(["КП Світло", "Ґанок"], dtype=object), np.array([4.0, 5.5]), np.array([1, 2])],
        np.array(["власник", "висота", "num"], dtype=object)
        if driver == "GPKG"
        else np.array(["owner", "height", "num"], dtype=object),
        driver=driver,
        geometry_type="Point",
        crs=crs,
        **options,
    )


def test_a_geopackage_gives_a_sheet_per_layer_in_degrees(tmp_path):
    write_layer(
        tmp_path / "a.gpkg",
        "GPKG",
        layer="камери",
        crs="EPSG:3857",
        points=((4032000.0, 6451000.0), (4033000.0, 6452000.0)),
    )
    (sheet,) = read_sheets(tmp_path / "a.gpkg")
    assert sheet.name == "камери"
    rows = [dict(zip(sheet.rows[0], row, strict=True)) for row in sheet.rows[1:]]
    assert rows[0]["власник"] == "КП Світло"
    assert float(rows[0]["lon"]) == pytest.approx(36.2202, abs=1e-3)
    assert float(rows[0]["lat"]) == pytest.approx(50.05, abs=0.2)
    assert targets(sheet)["lon"] == "lon_deg"


@pytest.mark.parametrize("named", [True, False])
def test_a_zipped_shapefile_in_cp1251_reads(tmp_path, named):
    write_layer(tmp_path / "cams.shp", "ESRI Shapefile", encoding="CP1251")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        for part in tmp_path.glob("cams.*"):
            if part.suffix != ".cpg" or named:
                package.write(part, part.name)
    (sheet,) = read_sheets(tmp_path / "a.zip")
    rows = [dict(zip(sheet.rows[0], row, strict=True)) for row in sheet.rows[1:]]
    assert rows[0] == {"fid": "0", "owner": "КП Світло", "height": "4", "num": "1", "lon": "36.2311", "lat": "49.9921"}


def test_docx_tables_read_with_merged_cells(tmp_path):
    document = docx.Document()
    document.add_paragraph("Перелік камер")
    table = document.add_table(rows=4, cols=3)
    for column, text in enumerate(["Адреса", "Координати", ""]):
        table.cell(0, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    for row, cells in enumerate(
        [["вул. Лугова, 5", "49,99", "36,23"], ["", "49,98", "36,24"], ["пл. Тиха", "49,97", "36,25"]], 1
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_table(rows=1, cols=1).cell(0, 0).text = "інша"
    document.save(str(tmp_path / "a.docx"))
    first, second = read_sheets(tmp_path / "a.docx")
    assert first.name == "table 1"
    assert first.rows == [
        ["Адреса", "Координати", ""],
        ["вул. Лугова, 5", "49,99", "36,23"],
        ["вул. Лугова, 5", "49,98", "36,24"],
        ["пл. Тиха", "49,97", "36,25"],
    ]
    assert first.merged_down == {(2, 0)}
    assert second.rows == [["інша"]]
