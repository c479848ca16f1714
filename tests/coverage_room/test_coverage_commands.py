"""The commands of coverage: a contract for programs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.coverage_room.conftest import day, house, load_houses, lonlat

from oblik.config.commands.coverage import coverage

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    done = CliRunner().invoke(coverage, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def at(x_m: float, y_m: float) -> list[str]:
    lon, lat = lonlat(x_m, y_m)
    return ["--lon", f"{lon}", "--lat", f"{lat}"]


def test_from_an_update_to_answers(register, tmp_path: Path, data_dir: Path) -> None:
    load_houses(tmp_path, [house(30, -5, 40, 5, height_m=9, ref=1)], when=day(1))
    _, code = register(0, 0, when=day(1))
    assert json.loads(run("update", "--json")) == {"versions": 1, "computed": 1, "ended": 0, "checked": 0}
    assert json.loads(run("update", "--json"))["computed"] == 0
    assert json.loads(run("update", "--anew", "--json"))["computed"] == 1

    [seen] = json.loads(run("seeing", *at(20, 0), "--json"))
    assert {"camera", "band", "distance_m", "bearing_deg", "line_of_sight", "certain"} <= set(seen)
    assert (seen["camera"], seen["certain"]) == (code, True)
    assert "why_not" not in seen
    [missed] = json.loads(run("seeing", *at(50, 0), "--json"))
    assert (missed["camera"], missed["why_not"], missed["hidden_by"]["height_m"]) == (code, "behind_wall", 9.0)
    [then] = json.loads(run("seeing", *at(20, 0), "--at", "2025-06-01", "--json"))
    assert then["why_not"] == "not_there_then"
    assert "behind a wall: building" in run("seeing", *at(50, 0))

    out = tmp_path / "out" / "one.geojson"
    run("footprint", code, "--geojson", str(out))
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert features
    assert all({"camera", "band", "scale", "certain"} <= set(one["properties"]) for one in features)

    way = tmp_path / "way.geojson"
    way.write_text(json.dumps({"type": "LineString", "coordinates": [lonlat(20, -60), lonlat(20, 60)]}))
    [passed] = json.loads(run("route", str(way), "--speed-kmh", "18", "--json"))
    assert passed["camera"] == code
    assert passed["exit_s"] > passed["entry_s"] > 0
