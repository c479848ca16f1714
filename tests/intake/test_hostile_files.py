"""Files that are broken, locked, huge or meant to harm: a sentence with the remedy or a safe reading."""

import io
import itertools
import json
import os
import random
import struct
import zipfile
import zlib
from pathlib import Path

import docx
import numpy as np
import osmium
import pyogrio.raw
import pytest
import shapely
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table

from oblik.base.errors import UnreadableFile
from oblik.intake.formats import FORMATS, read_sheets
from oblik.intake.logic.tables import understand
from oblik.intake.readers.limits import Limits

BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def refusal(path, **options):
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(path, **options)
    error = caught.value
    assert path.name in str(error)
    assert str(error).rstrip().endswith(".")
    return error.code


def file_of(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def workbook(path, rows=(("Адреса", "IP"), ("вул. Лугова", "10.0.0.1"))):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return path


def repacked(path, target, changes):
    """The package with members replaced."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = changes[name](old.read(name)) if name in changes else old.read(name)
            new.writestr(name, data)
    return target


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b" \r\n\t\n  ", "blank_file"),
        ("a.csv", b"\xef\xbb\xbf\r\n", "blank_file"),
        ("a.csv", b";;;\n;;;\n", "blank_file"),
        ("a.csv", bytes(range(256)) * 40, "binary_file"),
        ("a.xlsx", b"PK\x03\x04 and then nothing", "damaged_file"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "not_a_list"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n", "not_a_list"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "not_a_list"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
            "locked_file",
        ),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600),
            "not_a_list",
        ),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600),
            "damaged_file",
        ),
        ("a.kml", BOMB + "<kml><Placemark><name>&b;</name></Placemark></kml>", "unsafe_markup"),
        ("a.gpx", BOMB + "<gpx><wpt lat='1' lon='1'/></gpx>", "unsafe_markup"),
        ("a.osm", BOMB + "<osm version='0.6'><node id='1' lat='1' lon='1'/></osm>", "unsafe_markup"),
        ("a.xml", BOMB + "<Workbook/>", "unsafe_markup"),
        ("a.kml", "<kml><Placemark>", "damaged_file"),
        ("a.kml", "<kml><Document/></kml>", "no_table"),
        ("a.gpx", "<gpx><trk/></gpx>", "no_table"),
        ("a.osm", "<osm version='0.6'><node id='1' lat='1' lon='1'/></osm>", "no_table"),
        ("a.osm", "<osm version='0.6'><node id='x'", "damaged_file"),
        ("a.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7c" + bytes(50), "damaged_file"),
        ("a.html", "<html><body><p>no table</p></body></html>", "no_table"),
        ("a.xls", "<html><body><table><tr><td> </td></tr></table></body></html>", "no_table"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [', "damaged_file"),
        ("a.json", "[" * 200_000, "no_table"),
        ("a.json", '{"a":' * 100_000 + "1" + "}" * 100_000, "no_table"),
        ("a.json", "[]", "no_table"),
        ("a.json", "[1, 2, 3]", "no_table"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(4000), "damaged_file"),
        ("a.xyz", "<svg xmlns='x'/>", "unknown_format"),
    ],
    ids=itertools.count(),
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # GDAL tells of what it cannot make out
def test_a_file_without_a_list_is_refused_with_a_sentence(tmp_path, name, data, code):
    assert refusal(file_of(tmp_path, name, data)) == code


def test_what_is_not_there_or_no_file_is_refused(tmp_path):
    assert refusal(tmp_path / "absent.csv") == "not_a_file"
    assert refusal(tmp_path) == "not_a_file"


def test_a_huge_file_is_refused_by_its_size_before_it_is_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(500_000_000)
    with pytest.raises(UnreadableFile, match=r"500\.0 MB.*300\.0 MB.*Split") as caught:
        read_sheets(path)
    assert caught.value.code == "file_too_large"


def test_a_password_on_a_zip_is_named(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    assert refusal(file_of(tmp_path, "b.xlsx", bytes(data))) == "locked_file"


def test_a_cut_workbook_is_damaged(tmp_path):
    data = workbook(tmp_path / "a.xlsx").read_bytes()
    for share in (0.3, 0.6, 0.95):
        assert refusal(file_of(tmp_path, "b.xlsx", data[: int(len(data) * share)])) == "damaged_file"


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = repacked(
        workbook(tmp_path / "a.xlsx"),
        tmp_path / "b.xlsx",
        {"xl/worksheets/sheet1.xml": lambda data: data.replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>")},
    )
    assert refusal(path) == "zip_bomb"


def test_a_zip_that_declares_less_than_it_holds_is_caught(tmp_path):
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"<x>" + b" " * 2_000_000 + b"</x>") + packed.flush()
    path = repacked(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", {})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        member = package.getinfo("xl/worksheets/sheet1.xml")
    central = data.find(b"xl/worksheets/sheet1.xml", data.find(b"PK\x01\x02"))
    assert central > 0
    central = data.rfind(b"PK\x01\x02", 0, central)
    struct.pack_into("<I", data, central + 24, member.file_size // 2)
    assert refusal(file_of(tmp_path, "c.xlsx", bytes(data))) in ("damaged_file", "zip_bomb")
    assert len(body) < 10_000


def test_unpacked_size_and_number_of_members_are_bounded(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    assert refusal(path, limits=Limits(unpacked_bytes=1000)) == "file_too_large"
    assert refusal(path, limits=Limits(members=3)) == "zip_bomb"


def test_an_archive_of_lists_asks_to_be_unpacked(tmp_path):
    inner = workbook(tmp_path / "a.xlsx").read_bytes()
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("list.xlsx", inner)
    assert refusal(path) == "archive_of_lists"
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as package:
        package.writestr("readme.md", "hello")
    assert refusal(tmp_path / "b.zip") == "not_a_list"


@pytest.mark.parametrize("member", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_entities_inside_a_workbook_are_refused(tmp_path, member):
    path = repacked(
        workbook(tmp_path / "a.xlsx"),
        tmp_path / "b.xlsx",
        {member: lambda data: data.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1)},
    )
    assert refusal(path) == "unsafe_markup"


def test_entities_inside_a_document_are_refused_and_one_without_table_named(tmp_path):
    document = docx.Document()
    document.add_paragraph("Камер немає")
    document.save(str(tmp_path / "a.docx"))
    assert refusal(tmp_path / "a.docx") == "no_table"
    path = repacked(
        tmp_path / "a.docx",
        tmp_path / "b.docx",
        {"word/document.xml": lambda data: data.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)},
    )
    assert refusal(path) == "unsafe_markup"


def test_one_cell_at_the_far_corner_does_not_take_the_memory(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Адреса")
        sheet.write(1_048_575, 16_383, "x")
    assert refusal(tmp_path / "a.xlsx") == "too_many_columns"


_FAR_CELLS = {
    "as programs write it": '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
    "with a tab": '<row r="1"><c r="A1"><v>1</v></c><c\tr="XFD1048576"><v>1</v></c></row>',
    "in other quotes": "<row r='1'><c r='XFD1048576'><v>1</v></c></row>",
    "spaced out": '<row r="1"><c r = "XFD1048576"><v>1</v></c></row>',
    "in small letters": '<row r="1"><c r="xfd1048576"><v>1</v></c></row>',
    "as a second attribute": '<row r="1"><c s="0"\nr="XFD1048576"><v>1</v></c></row>',
    "with a prefix": '<x:row r="1"><c r="A1"><v>1</v></c><x:c\tr="XFD1048576"><v>1</v></x:c></x:row>',
    "width and height apart": '<row r="1"><c r="ZZ1"><v>1</v></c></row><row r="99999"><c r="A99999"><v>1</v></c></row>',
    "rows uncounted": "<row/>" * 99_999 + '<row><c r="ZZ100000"><v>1</v></c></row>',
}


@pytest.mark.parametrize("cells", _FAR_CELLS.values(), ids=_FAR_CELLS)
def test_a_far_cell_is_seen_however_it_is_written(tmp_path, cells):
    def planted(data):
        start, end = data.index(b"<sheetData"), data.index(b"</sheetData>")
        opened = data.index(b">", start) + 1
        return data[:opened] + cells.encode() + data[end:]

    path = repacked(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": planted})
    assert refusal(path) in ("too_many_columns", "too_many_rows")


def test_a_tag_without_end_is_damage(tmp_path):
    path = repacked(
        workbook(tmp_path / "a.xlsx"),
        tmp_path / "b.xlsx",
        {
            "xl/worksheets/sheet1.xml": lambda data: data.replace(
                b"<sheetData", b"<sheetData " + bytes(range(33, 48)) * 2_000_000, 1
            )
        },
    )
    assert refusal(path, limits=Limits(ratio=10**9)) == "damaged_file"


def test_an_ods_that_repeats_a_filled_cell_without_end_is_refused(tmp_path):
    head = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="A"><table:table-row table:number-rows-repeated="{rows}">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    for rows, columns in ((1_048_576, 16_384), (2, 1_000_000), (1_000_000, 100)):
        path = tmp_path / "a.ods"
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            package.writestr("META-INF/manifest.xml", "<manifest/>")
            package.writestr("content.xml", head.format(rows=rows, columns=columns))
        assert refusal(path) in ("too_many_columns", "too_many_rows")


def test_absurdly_wide_and_long_lists_are_refused(tmp_path):
    assert refusal(file_of(tmp_path, "a.csv", "a;b\n" + "x;" * 5000 + "y\n")) == "too_many_columns"
    assert refusal(file_of(tmp_path, "a.csv", "a;b\n" * 50), limits=Limits(rows=20)) == "too_many_rows"
    wide = json.dumps([{f"k{n}": 1 for n in range(5000)}])
    assert refusal(file_of(tmp_path, "a.json", wide)) == "too_many_columns"
    spans = "<table><tr>" + "<td colspan='1000' rowspan='1000'>x</td>" * 30 + "</tr></table>"
    assert refusal(file_of(tmp_path, "a.xls", spans)) in ("too_many_columns", "too_many_rows")


def test_deep_markup_does_not_overflow(tmp_path):
    deep = "<kml>" + "<Folder>" * 50_000 + "<Placemark><name>x</name></Placemark>" + "</Folder>" * 50_000 + "</kml>"
    assert read_sheets(file_of(tmp_path, "a.kml", deep))[0].rows[1][0] == "x"


def test_content_wins_over_the_suffix(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    path.rename(tmp_path / "a.csv")
    assert read_sheets(tmp_path / "a.csv")[0].rows[0] == ["Адреса", "IP"]
    assert read_sheets(file_of(tmp_path, "b.xlsx", "Адреса;IP\nвул. Лугова;10.0.0.1\n"))[0].rows[0] == ["Адреса", "IP"]


def anything_or_a_refusal(path):
    try:
        sheets = read_sheets(path)
    except UnreadableFile as error:
        assert str(error)
        return
    for sheet in sheets:
        assert len(sheet.rows) == len(sheet.numbers)
        assert len({len(row) for row in sheet.rows}) <= 1
        table = understand(sheet)
        assert len(table.roles) == len(sheet.rows)
        assert len(table.columns) == max(map(len, sheet.rows), default=0)


MAGIC = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<kml>",
    b"<osm>",
    b"{",
    b"[",
    b"SQLite format 3\0",
    b"<html><table>",
    b"\xff\xfe",
    b"\x00\x00\x00\x0d\x0a\x09OSMHeader",
    b"\x09\x08",
    b"sep=;\n",
]


@settings(max_examples=150)
@given(
    st.sampled_from(MAGIC), st.binary(max_size=400), st.sampled_from([one for each in FORMATS for one in each.suffixes])
)
def test_random_bytes_read_or_are_refused(tmp_path_factory, magic, data, suffix):
    path = tmp_path_factory.getbasetemp() / f"random{suffix}"
    path.write_bytes(magic + data)
    anything_or_a_refusal(path)


def test_an_old_workbook_that_asks_for_all_memory_ends_only_its_own_process(tmp_path):
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "Адреса")
    book.save(str(tmp_path / "a.xls"))
    data = bytearray((tmp_path / "a.xls").read_bytes())
    at = data.find(b"\x00\x02\x0e\x00") + 4  # DIMENSIONS: first row, last row, first column, last column
    data[at + 4 : at + 8] = b"\xff\xff\xff\x7f"
    assert refusal(file_of(tmp_path, "b.xls", bytes(data))) == "damaged_file"


@pytest.fixture(scope="module")
def good_files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("good")
    workbook(folder / "a.xlsx")
    document = docx.Document()
    document.add_table(rows=2, cols=2).cell(0, 0).text = "Адреса"
    document.save(str(folder / "a.docx"))
    (folder / "a.csv").write_text('Адреса;"IP\nдва"\nвул. Лугова;10.0.0.1\n', encoding="cp1251")
    (folder / "a.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":[1,{"b":null}]},'
        '"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}]}'
    )
    (folder / "a.kml").write_text(
        "<kml><Placemark><name>x</name><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"
    )
    (folder / "a.osm").write_text(
        "<osm version='0.6'><node id='1' lat='1' lon='1'><tag k='man_made' v='surveillance'/></node></osm>"
    )
    (folder / "a.xls").write_text(
        "<html><table><tr><td rowspan=2>x</td><td>y</td></tr><tr><td>z</td></tr></table></html>"
    )
    (folder / "a.xml").write_text(
        "<?xml version='1.0'?><Workbook><Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table>"
        "</Worksheet></Workbook>"
    )
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "Адреса")
    book.save(str(folder / "b.xls"))
    ods = OpenDocumentSpreadsheet()
    ods.spreadsheet.addElement(Table(name="A"))
    ods.save(str(folder / "a.ods"))
    with osmium.SimpleWriter(str(folder / "a.osm.pbf")) as writer:
        writer.add_node(osmium.osm.mutable.Node(id=1, location=(36.2, 49.9), tags={"man_made": "surveillance"}))
    points = shapely.to_wkb(shapely.points([[36.2, 49.9]]))
    names = np.array(["name"], dtype=object)
    pyogrio.raw.write(
        str(folder / "a.gpkg"),
        points,
        [np.array(["К1"], dtype=object)],
        names,
        driver="GPKG",
        geometry_type="Point",
        crs="EPSG:4326",
    )
    return sorted(folder.iterdir())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # GDAL tells of what it mends
def test_mutated_good_files_read_or_are_refused(good_files, tmp_path):
    dice = random.Random(os.environ.get("OBLIK_TEST_SEED", "7"))
    for path in good_files:
        data = path.read_bytes()
        # An old .xls is read in a process of its own, which takes a while to start.
        for _ in range(6 if path.name == "b.xls" else 40):
            spoilt = bytearray(data)
            for _ in range(dice.choice((1, 3, 30))):
                at = dice.randrange(len(spoilt))
                how = dice.randrange(4)
                if how == 0:
                    spoilt[at] = dice.randrange(256)
                elif how == 1:
                    del spoilt[at : at + dice.randrange(1, 20)]
                elif how == 2:
                    spoilt[at:at] = spoilt[at : at + dice.randrange(1, 40)]
                else:
                    spoilt[at:at] = dice.choice(
                        (b"\0", b"<!DOCTYPE x>", b'"', b"\xff\xfe", b"&a;", b"1e999", b"9" * 30)
                    )
            target = tmp_path / path.name
            target.write_bytes(bytes(spoilt))
            anything_or_a_refusal(target)
