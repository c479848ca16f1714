"""The page of what cameras see: sums of one's own part only, tiles, tables, incidents."""

import mapbox_vector_tile
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.conftest import BY, SINCE

from oblik.accounts.queries import Reach, Scope
from oblik.coverage import sums, surveying
from oblik.coverage.actions import update
from oblik.journal import queries as journal

POLICE = Scope((Reach(owners=frozenset({"POL"})),))


@pytest.fixture
def summed(register):
    update(by=BY, at=SINCE)
    surveying.renew(by=BY, at=SINCE)
    surveying.renew_part(POLICE, by=BY, at=SINCE)
    return register


def tile_of(lon: float, lat: float, zoom: int = 15) -> str:
    x = int((lon + 180) / 360 * (1 << zoom))
    y = int((0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)) * (1 << zoom))
    return f"/coverage/tiles/{zoom}/{x}/{y}.mvt"


def test_before_anything_is_added_up_the_page_says_what_to_do(officer):
    page = officer.get("/coverage/").content.decode()
    assert "oblik coverage update" in page
    assert officer.get("/coverage/tables/districts/").status_code == 404
    assert officer.get(tile_of(34.0, 49.0)).content == b""


def test_the_page_shows_tables_that_lead_to_cameras_and_places(officer, summed):
    page = officer.get("/coverage/").content.decode()
    assert f"/cameras/{summed[0]}/" in page
    assert 'data-coverage="/coverage/tiles/{z}/{x}/{y}.mvt"' in page
    table = officer.get("/coverage/tables/failures/").content.decode()
    assert summed[0] in table and summed[2] in table
    got = officer.get("/coverage/tables/failures.csv")
    assert got["Content-Type"].startswith("text/csv") and summed[0].encode() in got.content
    assert officer.get("/coverage/tables/failures/?page=abc").status_code == 200


def test_a_tile_holds_what_is_seen_and_is_not_sent_twice(officer, summed):
    got = officer.get(tile_of(34.0, 49.0))
    layers = mapbox_vector_tile.decode(got.content)
    assert {one["properties"]["value"] for one in layers["coverage"]["features"]} <= set(range(1, 7))
    assert officer.get(tile_of(34.0, 49.0), headers={"If-None-Match": got["ETag"]}).status_code == 304
    assert "coverage" in mapbox_vector_tile.decode(officer.get(tile_of(34.0, 49.0, 12)).content)
    assert officer.get("/coverage/tiles/16/1/1.mvt").status_code == 404


def test_a_clerk_gets_the_sums_of_the_own_cameras_alone(clerk, summed):
    assert clerk.get(tile_of(34.0, 49.0)).content == b""
    assert clerk.get(tile_of(34.1, 49.1)).content != b""
    page = clerk.get("/coverage/tables/failures/").content.decode()
    assert summed[2] in page and summed[0] not in page
    assert clerk.post("/coverage/incidents/", {}).status_code == 403
    assert summed[0] not in clerk.get("/coverage/place/?lon=34.0&lat=49.0").content.decode()


def test_who_sees_a_place_is_told_beside_the_map(officer, summed):
    page = officer.get("/coverage/place/?lon=34.1001&lat=49.1").content.decode()
    assert summed[2] in page
    assert officer.get("/coverage/place/?lon=x&lat=1").status_code == 400
    assert officer.get("/coverage/place/?lon=500&lat=1").status_code == 400


def test_incidents_are_taken_in_ranked_and_dropped(officer, summed):
    def send(text: str):
        file = SimpleUploadedFile("подiї.csv", text.encode())
        return officer.post("/coverage/incidents/", {"file": file}, follow=True)

    assert send("lon,lat,weight\n34.05,49.05,7\n").status_code == 200
    assert sums.survey().totals.blind[0].weight == 7
    assert "34.05" in officer.get("/coverage/tables/blind-spots/").content.decode().replace(",", ".")
    wrong = send("lon,lat\n34,x\n")
    assert wrong.status_code == 400 and "lat" in wrong.content.decode()
    assert sums.survey().totals.incidents == 1
    officer.post("/coverage/incidents/", {"drop": "1"})
    assert sums.survey().totals.incidents == 0
    assert officer.post("/coverage/incidents/", {}).status_code == 400
    told = [
        one.what for one in journal.newest_entries(journal.Asked(subject="coverage:incidents"), before=None, limit=9)
    ]
    assert told == ["dropped", "loaded"]
