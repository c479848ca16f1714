"""The report on paper and for QGIS, and the commands that write and place."""

import csv
import io
import json
from pathlib import Path

import pyogrio
import pytest
from django.utils.translation import override
from openpyxl import load_workbook
from tests.coverage_room.conftest import day, lonlat
from tests.coverage_room.test_coverage_commands import run
from tests.coverage_room.test_sums import town as town  # the fixture

from oblik.coverage import sums
from oblik.coverage.documents import maps
from oblik.coverage.documents.drawing import areas, coverage_values, mosaic, polygons
from oblik.coverage.documents.report import cell, percent
from oblik.coverage.documents.tables import Column, Owners, Sheet, csv_of, sheets

pytestmark = pytest.mark.django_db


def test_the_report_is_written_whole(town: Path, register, data_dir: Path) -> None:
    register(0, 0, when=day(2))
    run("update", "--json")
    told = json.loads(run("report", "--output", str(town / "out"), "--json"))
    names = {Path(file).name for file in told["files"]}
    assert told["cameras"] == 1
    assert {
        "report.pdf",
        "report-ru.pdf",
        "report-en.pdf",
        "coverage.gpkg",
        "tables.xlsx",
        "map-coverage.svg",
        "districts.csv",
    } <= names
    assert all((town / "out" / f"report{tail}.pdf").read_bytes().startswith(b"%PDF") for tail in ("", "-ru", "-en"))
    gpkg = town / "out" / "coverage.gpkg"
    assert {name for name, _ in pyogrio.list_layers(gpkg)} == {"coverage", "blind_spots", "districts"}
    info = pyogrio.read_info(gpkg, layer="coverage")
    assert info["crs"] == "EPSG:4326" and info["features"] > 0
    book = load_workbook(town / "out" / "tables.xlsx", read_only=True)
    assert len(book.sheetnames) == 8
    rows = list(csv.DictReader(io.StringIO((town / "out" / "districts.csv").read_text(encoding="utf-8-sig"))))
    found = sums.survey()
    assert found is not None
    share = found.totals.districts[0]
    assert float(rows[0]["monitor_sure"]) == pytest.approx(share.sure[0] / share.whole, abs=1e-4)


def test_without_cameras_the_report_says_what_to_do(town: Path, data_dir: Path) -> None:
    told = json.loads(run("report", "--output", str(town / "out"), "--json"))
    assert told["cameras"] == 0


def test_a_plan_comes_as_json(town: Path, register, data_dir: Path) -> None:
    register(0, 0, when=day(2))
    run("update", "--no-sums")
    poles = town / "poles.csv"
    lon, lat = lonlat(-100, 5)
    poles.write_text(f"lon,lat,height_m,cost,name\n{lon},{lat},5,900,Ліхтар 7\n", encoding="utf-8")
    plan = json.loads(run("place", "--add", "2", "--candidates", str(poles), "--budget", "1000", "--json"))
    assert {"chosen", "gain", "bound", "gap", "proven", "greedy_gain", "cost"} <= set(plan)
    new = [one for one in plan["chosen"] if one["action"] == "new"]
    assert [one["name"] for one in new] == ["Ліхтар 7"] and plan["cost"] == 900
    assert plan["gap"] <= 0.02 and plan["gain"] == pytest.approx(sum(one["gain"] for one in plan["chosen"]))
    assert "optimum" in run("place", "--add", "1", "--free", "0", "--candidates", str(poles))


def test_areas_drawn_cover_just_the_squares_they_stand_for(town: Path, register, data_dir: Path) -> None:
    register(0, 0, when=day(2))
    run("update")
    found = sums.survey()
    assert found is not None
    for block, surface in sums.surfaces(found.id):
        values = coverage_values(surface)
        picture = mosaic([(block, surface)], value=coverage_values, most=10_000)
        squares = dict.fromkeys(range(1, 17), 0.0)
        for value, rings in areas(picture.values):
            squares[value] += sum(_signed(ring) for ring in rings)
        for value, area in squares.items():
            assert abs(area) == (values == value).sum()
        west, south, east, north = block.box
        for _value, shape in polygons(picture):
            assert west - 1e-9 <= shape.bounds[0] and shape.bounds[2] <= east + 1e-9
            assert south - 1e-9 <= shape.bounds[1] and shape.bounds[3] <= north + 1e-9
    drawn = maps.coverage_map(found.id)
    assert drawn.startswith("<svg") and any(colour in drawn for colour in maps.SURE_COLOURS)


def _signed(ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def test_tables_name_who_pays_twice_and_disarm_formulas() -> None:
    totals = sums.Totals(pairs=[sums.Pair("a", "b", 0, 10.0), sums.Pair("a", "c", 0, 9.0)])
    owners = Owners({"a": "Перший", "b": "Другий"}, {"a": "department", "b": "enterprise", "c": "private"})
    with override("en"):
        overlap = next(one for one in sheets(totals, owners=owners) if one.name == "overlap")
    assert [(row[0], row[1], row[4]) for row in overlap.rows] == [("Перший", "Другий", "yes"), ("Перший", "c", "no")]
    sheet = Sheet("x", "x", "", [Column("name", "Name")], [["=1+1"], ["звичайна"]])
    assert csv_of(sheet).decode("utf-8-sig").splitlines() == ["name", "'=1+1", "звичайна"]


def test_figures_are_rounded_and_never_called_nothing_when_there_is_something() -> None:
    with override("en"):
        assert (percent(0.0004), percent(0.0), percent(0.3456)) == ("<0.1 %", "0.0 %", "34.6 %")
        assert (cell(8090.85, "number"), cell(2.5, "number"), cell(3.0, "number")) == ("8,091", "2.5", "3")
