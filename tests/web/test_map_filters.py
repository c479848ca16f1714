"""Table, map, list and export show the same cameras for one address: by filters, a drawn area, a verdict of a count."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.accounts.logic.rights import EVERYWHERE
from oblik.base.actors import Actor
from oblik.config.maps import map_style
from oblik.journal.queries import Asked, newest_entries
from oblik.registry import actions as registry
from oblik.registry.entering import enter_camera
from oblik.registry.logic.map_index import world_position
from oblik.registry.logic.wanted import MOST_CORNERS, Wanted, inside
from oblik.web.desk import camera_export
from oblik.web.desk.filters import Filters, corners

BY = Actor("console", "test")
SINCE = datetime(2025, 6, 1, 9, tzinfo=UTC)
# Around the first two cameras of the register fixture, which stand at 34, 49; the third is at 34.1, 49.1.
AREA = "33.99_48.99~34.01_48.99~34.01_49.01~33.99_49.01"


def codes(text, register):
    return [code for code in register if code in text]


def test_an_address_reproduces_all_filters():
    query = {
        "text": "вхід", "owner": "KP", "kind": "dome", "state": "faulty", "purpose": "дорога", "campaign": "C1",
        "verdict": "waiting", "area": AREA,
    }  # fmt: skip
    asked = Filters.read(query)
    assert asked.asked == query
    assert (
        Filters.read({"verdict": "nonsense", "area": "1_2~3", "kind": "x", "state": "y", "campaign": "C1"}).asked == {}
    )


@given(st.text(max_size=60))
def test_whatever_is_no_polygon_is_dropped(text):
    assert corners(text) == () or len(corners(text)) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1_2~3_4",
        "1_2~3_4~nan_5",
        "1_2~3_4~181_5",
        "1_2~3_4~5_91",
        "1_2~3_4~inf_0",
        "~".join(["1_2"] * (MOST_CORNERS + 1)),
    ],
)
def test_areas_off_the_earth_or_too_long_are_dropped(text):
    assert corners(text) == ()


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=8))
def test_no_polygon_reaches_beyond_its_corners(area):
    lon, lat = np.array([0.0, 60.0, np.nan]), np.array([0.0, 0.0, 1.0])
    found = inside(tuple(area), lon_deg=lon, lat_deg=lat)
    assert not found[1] and not found[2]


def test_a_polygon_keeps_what_lies_in_it_and_on_its_edge():
    square = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
    lon, lat = np.array([1.0, 2.0, 2.1, 0.0]), np.array([1.0, 1.0, 1.0, 0.0])
    assert inside(square, lon_deg=lon, lat_deg=lat).tolist() == [True, True, False, True]
    bow = ((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0))  # crosses itself at 1, 1
    assert inside(bow, lon_deg=np.array([0.2, 1.0]), lat_deg=np.array([1.0, 0.2])).tolist() == [True, False]


def test_the_same_address_gives_the_same_cameras_everywhere(officer, register):
    for query in (f"area={AREA}", "owner=POL", "text=вхід", "kind=unknown", "state=faulty", f"area={AREA}&kind=dome"):
        table = codes(officer.get(f"/cameras/?{query}").content.decode(), register)
        listed = codes(officer.get(f"/map/list/?{query}").content.decode(), register)
        file = officer.post("/cameras/export/", {"format": "csv", **dict(part.split("=") for part in query.split("&"))})
        taken = codes(b"".join(file.streaming_content).decode(), register)
        tile = mapbox_vector_tile.decode(officer.get(f"/map/tiles/0/0/0.mvt?{query}").content)
        drawn = sum(
            f["properties"].get("count", 1)
            for n in ("clusters", "cameras")
            for f in tile.get(n, {"features": []})["features"]
        )
        placed = [code for code in table if code != register[3]]
        assert table == listed == taken and drawn == len(placed), query
    assert codes(officer.get(f"/cameras/?area={AREA}").content.decode(), register) == register[:2]


def test_a_link_from_the_table_to_the_map_carries_the_area(officer, register):
    page = officer.get(f"/cameras/?area={AREA}&owner=KP").content.decode()
    assert "area=33.99_48.99" in page.split('id="to-map"')[1].split(">")[0]
    page = officer.get(f"/map/?area={AREA}&owner=KP").content.decode()
    assert f'data-area="{AREA}"' in page and "/map/?owner=KP" in page  # the way to remove the area


def test_purposes_are_offered_and_filter(officer, register):
    registry.pin_values(register[2], values={"purpose": "дорога"}, by=BY, at=SINCE, why="так")
    page = officer.get("/cameras/?purpose=дорога").content.decode()
    assert codes(page, register) == [register[2]] and "дорога (1)" in page


def test_an_export_is_written_down_before_it_leaves(officer, register):
    answer = officer.post("/cameras/export/", {"format": "geojson", "owner": "KP"})
    found = json.loads(b"".join(answer.streaming_content))
    assert [one["id"] for one in found["features"]] == [register[0], register[1], register[3]]
    (entry,) = newest_entries(Asked(what="exported"), limit=1)
    assert entry.kind == "looked" and entry.by == "person:olena"
    assert entry.details == {"format": "geojson", "cameras": 3, "owner": "KP"}


def test_the_formats_of_an_export(officer, register):
    file = b"".join(officer.post("/cameras/export/", {"format": "xlsx"}).streaming_content)
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        assert any(register[0] in book.read(name).decode() for name in book.namelist())
    text = b"".join(officer.post("/cameras/export/", {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 5
    assert "secret" not in text
    assert officer.post("/cameras/export/", {"format": "exe"}).status_code == 400
    assert officer.get("/cameras/export/").status_code == 405


def test_too_many_cameras_are_refused_with_a_way_out(officer, register, monkeypatch):
    monkeypatch.setattr(camera_export, "MOST", 3)
    answer = officer.post("/cameras/export/", {"format": "csv"})
    assert answer.status_code == 400 and "oblik camera export" in answer.content.decode()


def test_who_may_not_export_is_not_asked_to(clerk, register):
    assert "/cameras/export/" not in clerk.get("/cameras/").content.decode()
    assert clerk.post("/cameras/export/", {"format": "csv"}).status_code == 403


def test_a_clerk_counts_own_cameras_alone(clerk, register):
    assert codes(clerk.get(f"/map/list/?area={AREA}").content.decode(), register) == []
    assert "1 " in clerk.get("/cameras/").content.decode()
    tile = mapbox_vector_tile.decode(clerk.get("/map/tiles/0/0/0.mvt").content)
    assert tile["cameras"]["features"][0]["properties"]["code"] == register[2]


def test_cones_are_told_apart_from_guesses(officer, register):
    registry.pin_values(register[0], values={"hfov_deg": 72.0}, by=BY, at=SINCE, why="міряли")
    registry.pin_values(register[2], values={"bearing_deg": 200.0}, by=BY, at=SINCE, why="видно")

    def wedges(x, y):
        tile = mapbox_vector_tile.decode(officer.get(f"/map/tiles/18/{x}/{y}.mvt").content)
        return [one["properties"] for one in tile.get("wedges", {"features": []})["features"]]

    at = {}
    for name, lon, lat in (("known", 34.0, 49.0), ("guessed", 34.1, 49.1)):
        x, y = world_position(np.array([lon]), np.array([lat]))
        at[name] = wedges(int(x[0] * (1 << 18)), int(y[0] * (1 << 18)))
    assert at["known"] == [{"bearing_deg": 10, "hfov_deg": 72}]  # its neighbour's bearing is not known: no wedge at all
    assert at["guessed"] == [{"bearing_deg": 200}]


def test_a_foreign_base_map_is_allowed_on_the_map_alone(officer, register, settings):
    assert "https://" not in officer.get("/map/")["Content-Security-Policy"]
    settings.OBLIK_MAP_STYLE = "https://maps.example.org/style.json"
    policy = officer.get("/map/")["Content-Security-Policy"]
    assert "connect-src 'self' https://maps.example.org;" in policy
    assert "img-src 'self' data: blob: https://maps.example.org;" in policy
    assert "script-src 'self';" in policy
    assert "example.org" not in officer.get("/cameras/")["Content-Security-Policy"]


def test_a_base_map_of_a_private_net_is_refused():
    assert map_style("") == ""
    assert map_style("https://maps.example.org/style.json?key=1")
    for address in (
        "http://maps.example.org/",
        "https://10.0.0.1/style.json",
        "https://a:b@maps.example.org/",
        "ftp://x/",
    ):
        with pytest.raises(ValueError, match="OBLIK_MAP_STYLE"):
            map_style(address)


def test_the_whole_register_needs_no_filter():
    assert Filters.read({}).wanted(within=EVERYWHERE) == Wanted()


def test_a_camera_of_which_little_is_known_is_listed_too(officer, register):
    code, _new = enter_camera("KP", reference="X1", values={"model": "DS-9"}, by=BY, at=SINCE, why="так")
    for address in ("/map/list/", "/cameras/", "/search/?part=1&text="):
        assert code in officer.get(f"{address}?text=ds-9" if "?" not in address else f"{address}ds-9").content.decode()
