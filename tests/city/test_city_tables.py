"""Loading the city's tables, from made-up files and from the real ones beside the project."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput, UnreadableFile
from oblik.city import queries
from oblik.city.actions import load_files
from oblik.city.logic.addresses import parse_address
from oblik.config.commands.city import city
from oblik.journal.queries import entries_about

BY = Actor("console", "tester")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

POINTS = "kind,street,house,lat,lon\nвулиця,Тихого Озера,1,50.001,36.001\nвулиця,Тихого Озера,3,50.002,36.002\n"
RENAMES = "kind_old,kind_new,old_uk,new_uk,old_ru,new_ru\nпровулок,вулиця,Старий,Тихого Озера,Старый,Тихого Озера\n"

pytestmark = pytest.mark.django_db


def write(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_points_and_renames_load_and_resolve(tmp_path):
    files = [write(tmp_path, "points.csv", POINTS), write(tmp_path, "renames.csv", RENAMES)]
    reports = load_files(files, by=BY, at=AT)
    assert [(r.kind, r.rows, r.points, r.renames) for r in reports] == [("points", 2, 2, 0), ("renames", 1, 0, 1)]
    found = queries.gazetteer().resolve(["пер. Старый, д. 3"])[0]
    assert (found.street, found.status, found.lat_deg) == ("вулиця Тихого Озера", "exact", 50.002)
    assert queries.counts() == queries.Counts(points=2, renames=1, streets=1, files=2)


def test_the_same_file_again_changes_nothing(tmp_path):
    path = write(tmp_path, "points.csv", POINTS)
    load_files([path], by=BY, at=AT)
    before = queries.counts(), queries.files()
    again = load_files([path, write(tmp_path, "copy.csv", POINTS)], by=BY, at=AT)
    assert all(r.known for r in again)
    assert (queries.counts(), queries.files()) == before


def test_a_newer_file_of_the_same_name_replaces_and_another_name_adds(tmp_path):
    path = write(tmp_path, "points.csv", POINTS)
    load_files([path], by=BY, at=AT)
    assert len(queries.gazetteer()) == 1
    write(tmp_path, "points.csv", POINTS.replace("Тихого Озера,3", "Нової Хвилі,3"))
    (report,) = load_files([path], by=BY, at=AT)
    assert report.replaced
    assert queries.counts().points == 2
    assert queries.gazetteer().resolve(["вул. Нової Хвилі, 3"])[0].status == "exact"
    load_files([write(tmp_path, "more.csv", POINTS.replace("Тихого Озера", "Далека"))], by=BY, at=AT)
    assert queries.counts().points == 4
    write(tmp_path, "points.csv", POINTS)
    assert not load_files([path], by=BY, at=AT)[0].known  # the replaced content may come back


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_recognised(tmp_path, encoding, delimiter):
    text = "Тип;Вулиця;Будинок;Широта;Довгота\nвул.;Тихого Озера;12-А;50.5;36.25\n".replace(";", delimiter)
    (report,) = load_files([write(tmp_path, "п.csv", text, encoding)], by=BY, at=AT)
    assert (report.points, report.skipped) == (1, ())
    assert queries.gazetteer().resolve(["вул. Тихого Озера 12а"])[0].status == "exact"


def test_rows_that_cannot_be_used_are_named(tmp_path):
    text = (
        "kind,street,house,lat,lon\nвулиця,,1,50,36\nвулиця,Лісова,б/н,50,36\nвулиця,Лісова,1,,36\n"
        'вулиця,Лісова,1,50,236\nвулиця,Лісова,1,0,0\n\nвулиця,Лісова,2,"50,5",36\n'
    )
    (report,) = load_files([write(tmp_path, "points.csv", text)], by=BY, at=AT)
    said = [(s.line, s.column, s.value, s.reason) for s in report.skipped]
    assert said == [
        (2, "street", "", "no_street"),
        (3, "house", "б/н", "no_house"),
        (4, "lat", "", "no_latitude"),
        (5, "lon", "236", "no_longitude"),
        (6, "lat", "0", "no_latitude"),
    ]
    assert (report.rows, report.points) == (6, 1)


@pytest.mark.parametrize("content", ["", "  \n", "PK\x03\x04\x00\x00"], ids=["empty", "blank", "archive"])
def test_a_file_without_text_is_refused(tmp_path, content):
    path = write(tmp_path, "x.csv", content)
    with pytest.raises(UnreadableFile):
        load_files([path], by=BY, at=AT)
    with pytest.raises(UnreadableFile):
        load_files([tmp_path / "absent.csv"], by=BY, at=AT)


def test_an_unknown_table_stops_the_whole_load(tmp_path):
    good, bad = write(tmp_path, "points.csv", POINTS), write(tmp_path, "bad.csv", "a,b\n1,2\n")
    with pytest.raises(InvalidInput, match=r"bad\.csv"):
        load_files([good, bad], by=BY, at=AT)
    assert queries.counts().files == 0


def test_each_load_stands_in_the_journal(tmp_path):
    load_files([write(tmp_path, "points.csv", POINTS)], by=BY, at=AT)
    from oblik.city.models import LoadedFile

    (entry,) = entries_about(f"city:{LoadedFile.objects.get().pk}")
    assert (entry.what, entry.by, entry.details["points"]) == ("loaded", "console:tester", 2)


def test_the_command_reports_in_json(tmp_path):
    path = write(tmp_path, "points.csv", POINTS + "вулиця,,7,50,36\n")
    result = CliRunner().invoke(city, ["load", str(path), "--json"])
    said = json.loads(result.output)
    assert said["files"][0]["points"] == 2
    assert said["files"][0]["skipped"][0]["line"] == 4
    assert said["loaded"]["points"] == 2
    again = CliRunner().invoke(city, ["load", str(path)])
    assert "nothing changed" in again.output


def test_every_renamed_street_of_kharkiv_leads_to_its_present_name(shared_data):
    path = shared_data / "kharkiv_renames" / "kharkiv_renames.csv"
    (report,) = load_files([path], by=BY, at=AT)
    assert (report.rows, report.renames, report.skipped) == (99, 99, ())
    table = _renames(path)
    asked, wanted = [], []
    for kind_old, kind_new, old_uk, new_uk, old_ru, new_ru in table:
        for kind, name in ((kind_old, old_uk), (kind_old, old_ru), (kind_new, new_uk), (kind_new, new_ru)):
            if name:
                asked.append(f"{kind} {name}".strip())
                wanted.append(new_uk or new_ru)
    found = queries.gazetteer().resolve(asked)
    wrong = [t for t, f, w in zip(asked, found, wanted, strict=True) if not f.street.endswith(w)]
    assert wrong == ["вулиця Томская", "вулиця Томская"]  # split in two: open until a house decides
    assert {f.status for f in found} == {"street", "ambiguous"}


def _renames(path):
    from oblik.city.logic.tables import understand_rows
    from oblik.city.readers.delimited import rows_of

    return [rename[:6] for rename in understand_rows(rows_of(path.read_bytes(), name=path.name)).renames]


def test_the_houses_of_ladyzhyn_are_found_by_their_present_and_former_names(shared_data):
    (report,) = load_files([shared_data / "ladyzhyn" / "houses.csv"], by=BY, at=AT)
    assert report.rows == 3921 == report.points + len(report.skipped)
    assert (report.points, report.renames) == (3443, 24)
    assert {s.reason for s in report.skipped} == {"no_latitude"}
    from oblik.city.models import AddressPoint

    rows = list(AddressPoint.objects.values_list("kind", "street", "house", "settlement"))
    city = queries.gazetteer()
    texts, towns = [f"{k} {s}, {h}" for k, s, h, _ in rows], [t for *_, t in rows]
    assert {r.status for r in city.resolve(texts, settlements=towns)} == {"exact"}
    alone = city.resolve(texts)
    assert {r.status for r in alone} == {"exact", "ambiguous"}
    share = sum(r.status == "exact" for r in alone) / len(alone)
    assert share > 0.8  # the others stand in two settlements under one name and number


def test_former_names_of_ladyzhyn_lead_to_the_same_houses(shared_data):
    import csv

    path = shared_data / "ladyzhyn" / "houses.csv"
    load_files([path], by=BY, at=AT)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["street_name_old"] and r["lat"]]
    city, towns = queries.gazetteer(), [r["settlement_code"] for r in rows]
    old = city.resolve([f"{r['street_name_old']} {r['house']}" for r in rows], settlements=towns)
    new = city.resolve([f"{r['street_name']} {r['house']}" for r in rows], settlements=towns)
    assert [(r.street_key, r.lon_deg, r.lat_deg) for r in old] == [(r.street_key, r.lon_deg, r.lat_deg) for r in new]
    assert {r.status for r in old} == {"exact"}
    assert all(parse_address(r["street_name_old"]).key for r in rows)
