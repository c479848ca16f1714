"""`oblik city find` and `oblik city tiles`, as a person and a program call them."""

import json

import pytest
from click.testing import CliRunner

from oblik.config.commands.city import city

TOWN = """<osm version="0.6" generator="tests">
<node id="1" version="1" lon="36.00" lat="50.00"/><node id="2" version="1" lon="36.01" lat="50.00"/>
<node id="3" version="1" lon="36.005" lat="49.99"/><node id="4" version="1" lon="36.005" lat="50.00"/>
<node id="5" version="1" lon="36.002" lat="50.0002"><tag k="addr:street" v="вулиця Садова"/>
<tag k="addr:housenumber" v="7"/></node>
<node id="6" version="1" lon="36.008" lat="50.001"><tag k="amenity" v="school"/><tag k="name" v="Ліцей № 3"/></node>
<way id="1" version="1"><nd ref="1"/><nd ref="4"/><nd ref="2"/><tag k="highway" v="residential"/>
<tag k="name" v="вулиця Садова"/><tag k="old_name" v="вулиця Піонерська"/></way>
<way id="2" version="1"><nd ref="3"/><nd ref="4"/><tag k="highway" v="primary"/><tag k="name" v="проспект Миру"/></way>
</osm>"""


@pytest.fixture
def town(db, tmp_path, data_dir):
    path = tmp_path / "town.osm"
    path.write_text(TOWN, encoding="utf-8")
    loaded = CliRunner().invoke(city, ["load", str(path), "--as-of", "2025-05-01", "--json"])
    assert loaded.exit_code == 0, loaded.output
    return json.loads(loaded.stdout)


def find(*words):
    done = CliRunner().invoke(city, ["find", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_load_tells_layers_and_source(town):
    (file,) = town["files"]
    assert (file["source"], file["kind"]) == ("town", "map")
    assert town["layers"] == {"place": 1, "street": 2}


@pytest.mark.parametrize(
    ("text", "lon", "lat", "matched"),
    [
        ("ул. Садовая, 7", 36.002, 50.0002, "current+point"),
        ("вул. Піонерська 7", 36.002, 50.0002, "former+point"),
        ("ріг Садової та Миру", 36.005, 50.0, "current+corner"),
        ("Ліцей №3", 36.008, 50.001, "school+place"),
    ],
)
def test_one_place_is_found(town, text, lon, lat, matched):
    (found,) = find(text)
    assert (found["lon"], found["lat"]) == pytest.approx((lon, lat), abs=1e-6)
    assert found["matched"] == matched
    assert found["accuracy_m"] > 0


def test_the_other_way_round_gives_the_house(town):
    (found,) = find("--lon", "36.0021", "--lat", "50.0002")
    assert found["address"] == "вулиця Садова, 7"
    assert found["accuracy_m"] == pytest.approx(7.1, abs=0.2)
    assert find("--lon", "37", "--lat", "50") == []


def test_what_is_unknown_gives_an_empty_list_and_a_sentence(town):
    assert find("вул. Неіснуюча, 1") == []
    assert "Nothing known" in CliRunner().invoke(city, ["find", "вул. Неіснуюча, 1"]).output


@pytest.mark.parametrize("words", [[], ["--lon", "36"], ["Садова", "--lon", "36", "--lat", "50"]])
def test_a_question_is_either_a_text_or_a_place(db, words):
    assert CliRunner().invoke(city, ["find", *words]).exit_code == 2


def test_tiles_are_told_by_layer(town):
    drawn = json.loads(CliRunner().invoke(city, ["tiles", "--json"]).stdout)
    assert drawn["features"] == {"addresses": 1, "places": 1, "streets": 2}
    assert drawn["bytes"] > 500
