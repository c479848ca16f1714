"""The base map's file: whole, by ranges, unchanged; for those who signed in; readable as what it says it is."""

import pytest
from pmtiles.reader import MmapSource, Reader

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict
from oblik.city import queries
from oblik.city.actions import draw_base_map, load_files

BY = Actor("console", "tester")
ADDRESS = "/map/base.pmtiles"
TOWN = """<osm version="0.6" generator="oblik demo">
<node id="1" version="1" lon="34.00" lat="49.00"/><node id="2" version="1" lon="34.01" lat="49.00"/>
<node id="3" version="1" lon="34.01" lat="49.01"/><node id="4" version="1" lon="34.00" lat="49.01"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="вулиця Садова"/>
<tag k="name:ru" v="улица Садовая"/></way>
<way id="2" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
<tag k="building" v="yes"/></way>
</osm>"""


@pytest.fixture
def drawn(db, tmp_path, data_dir):
    path = tmp_path / "town.osm"
    path.write_text(TOWN, encoding="utf-8")
    load_files([path], by=BY, at=now())
    return draw_base_map(by=BY, at=now()).file


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_nothing_is_drawn_without_a_map(db, data_dir):
    with pytest.raises(Conflict):
        draw_base_map(by=BY, at=now())
    assert not queries.base_map_file().exists()


def test_the_file_holds_layers_with_names_in_their_languages(drawn):
    with drawn.open("rb") as file:
        reader = Reader(MmapSource(file))
        layers = {layer["id"]: layer["fields"] for layer in reader.metadata()["vector_layers"]}
        assert reader.header()["max_zoom"] == 15
    assert set(layers) == {"buildings", "streets"}
    assert set(layers["streets"]) == {"kind", "name", "name_ru"}


def test_whole_and_by_ranges_the_bytes_are_the_files(drawn, officer):
    content = drawn.read_bytes()
    whole = officer.get(ADDRESS)
    assert (whole.status_code, body(whole)) == (200, content)
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Content-Length"] == str(len(content))
    for asked, expected in (
        ("bytes=0-126", content[:127]), ("bytes=100-", content[100:]), ("bytes=-10", content[-10:]),
        ("bytes=5-99999999", content[5:]), (f"bytes=-{10**9}", content),
    ):  # fmt: skip
        part = officer.get(ADDRESS, headers={"Range": asked})
        assert (part.status_code, body(part)) == (206, expected), asked
        first = content.index(expected) if len(expected) < len(content) else 0
        assert part.headers["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(content)}"


OUTSIDE, UNREAD = ("bytes=99999999-", "bytes=-0"), ("bytes=9-3", "bytes=0-1,4-5", "lines=1-2", "bytes=-",
                   f"bytes={'9' * 5_000}-")  # fmt: skip


@pytest.mark.parametrize(("asked", "status"), [*((one, 416) for one in OUTSIDE), *((one, 200) for one in UNREAD)])
def test_ranges_outside_or_unread_are_answered_by_the_book(drawn, officer, asked, status):
    answer = officer.get(ADDRESS, headers={"Range": asked})
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{drawn.stat().st_size}"


def test_what_has_not_changed_is_not_sent_again(drawn, officer):
    first = officer.get(ADDRESS)
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert officer.get(ADDRESS, headers={"If-None-Match": f'"old", {etag}'}).status_code == 304
    assert officer.get(ADDRESS, headers={"If-Modified-Since": changed}).status_code == 304
    assert officer.get(ADDRESS, headers={"If-None-Match": '"old"', "If-Modified-Since": changed}).status_code == 200
    assert officer.get(ADDRESS, headers={"If-Range": etag, "Range": "bytes=0-1"}).status_code == 206
    assert officer.get(ADDRESS, headers={"If-Range": '"old"', "Range": "bytes=0-1"}).status_code == 200


def test_only_those_who_signed_in_get_it_and_only_by_reading(drawn, officer):
    assert officer.head(ADDRESS).headers["Content-Length"] == str(drawn.stat().st_size)
    assert officer.post(ADDRESS).status_code in (403, 405)
    officer.logout()
    assert officer.get(ADDRESS).status_code == 302


def test_the_page_names_the_map_and_whom_it_owes(drawn, officer, tmp_path):
    page = officer.get("/map/").content.decode()
    assert f'data-base="{ADDRESS}"' in page
    assert 'data-credit=""' in page  # an invented town owes nobody
    path = tmp_path / "real.osm"
    path.write_text(TOWN.replace("oblik demo", "osmium"), encoding="utf-8")
    load_files([path], by=BY, at=now())
    assert "OpenStreetMap" in officer.get("/map/").content.decode()


def test_without_a_file_the_page_is_as_it_was(db, data_dir, officer):
    assert 'data-base=""' in officer.get("/map/").content.decode()
    assert officer.get(ADDRESS).status_code == 404
