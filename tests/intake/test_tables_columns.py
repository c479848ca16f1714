"""What each column is: header and content weighed, conflicts solved, mapping files and memory obeyed."""

import pytest

from oblik.base.errors import InvalidInput
from oblik.intake.logic.mapping import TARGETS, parse_mapping
from oblik.intake.logic.shapes import Sheet
from oblik.intake.logic.tables import understand
from oblik.intake.logic.tables_columns import SHARED
from oblik.intake.readers.mapping_file import read_mapping
from oblik.registry.logic.export_table import COLUMNS


def columns(*rows, mapped=None, remembered=None, **options):
    width = max(map(len, rows))
    grid = [[*map(str, row), *[""] * (width - len(row))] for row in rows]
    sheet = Sheet(name="s", rows=grid, numbers=list(range(1, len(grid) + 1)), **options)
    return understand(sheet, mapped=mapped, remembered=remembered).columns


def targets(*rows, **options):
    return [guess.target for guess in columns(*rows, **options)]


@pytest.mark.parametrize(
    ("values", "target"),
    [
        (["10.1.2.3", "10.1.2.11-14", "192.168.0.7"], "ip"),
        (["00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5f", "001a.2b3c.4d60"], "mac"),
        (["rtsp://10.0.0.1/s1", "rtsp://10.0.0.2:554/s1", "rtsp://c/x"], "stream_url"),
        (["50.0012, 36.2304", "50.0013, 36.2305", "50.0014 36.2306"], "coordinates"),
        (["49°59'33.4\"N 36°13'52\"E", "49°59'34\"N 36°13'53\"E", "49°59'35\"N 36°13'54\"E"], "coordinates"),
        (["N49.9912 E36.2312", "N49.9913 E36.2313", "N49.9914 E36.2314"], "coordinates"),
        (
            ["https://www.google.com/maps?q=50.1,36.2", "https://maps.google.com/?q=1,2", "https://goo.gl/maps/abc"],
            "coordinates",
        ),
        (["POINT (36.1 49.9)", "POINT (36.2 49.9)", "POINT (36.3 49.9)"], "coordinates"),
        (["urn:uuid:1419d68a-1dd2-11b2-a105-000000000001", "1419d68a-1dd2-11b2-a105-000000000002"] * 2, "onvif_uuid"),
        (["1920x1080", "2560х1440", "4 Мп"], "resolution"),
        (["вул. Лугова, 5", "пл. Тиха, 1", "просп. Ясний 12"], "address"),
        (["ул. Луговая, 5", "пер. Тихий, 1", "площадь Мира"], "address"),
        (["на північ", "південний захід", "Пн-Сх"], "bearing_deg"),
        (["Hikvision", "Dahua", "Axis"], "vendor"),
        (["Hikvision DS-2CD2043G2-I", "Dahua IPC-HFW1230S", "Hikvision DS-2DE4425IW"], "vendor_model"),
        (["DS-2CD2043G2-I", "IPC-HFW1230S", "DS-2DE4425IW-DE"], "model"),
        (["Заводський район", "Річковий район", "Лугівський р-н"], "district"),
        (["H.264", "H.265+", "MJPEG"], "codec"),
    ],
)
def test_content_alone_tells_the_target(values, target):
    rows = [["x1", "дещо"], *([value, f"слово {index}"] for index, value in enumerate(values))]
    guess = columns(*rows)[0]
    assert (guess.target, guess.by) == (target, "content")


def test_header_and_content_agreeing_are_surer_than_either():
    both = columns(["IP-адреса", "Назва"], *([f"10.0.0.{n}", f"К{n}"] for n in range(1, 6)))[0]
    assert (both.target, both.by) == ("ip", "both")
    assert both.confidence > 0.97
    assert both.examples == ("10.0.0.1", "10.0.0.2", "10.0.0.3")


def test_content_overrules_a_header_that_promises_something_else():
    found = targets(
        ["Адреса", "Адреса камери", "Назва"], *([f"10.0.0.{n}", f"вул. Лугова, {n}", f"К{n}"] for n in range(1, 6))
    )
    assert found == ["ip", "address", "name"]


def test_latitude_and_longitude_without_words_are_told_by_their_ranges():
    assert targets(*([f"вул. Лугова, {n}", f"36.23{n:03}", f"49.99{n:03}"] for n in range(1, 6)))[1:] == [
        "lon_deg",
        "lat_deg",
    ]
    assert targets(*([f"rue du Lac {n}", f"46.20{n:03}", f"6.14{n:03}"] for n in range(1, 6)))[1:] == [
        "lat_deg",
        "lon_deg",
    ]


def test_one_merged_header_over_two_columns_of_degrees():
    rows = [["Адреса", "Координати", ""], *([f"вул. Лугова, {n}", f"49.99{n:03}", f"36.23{n:03}"] for n in range(1, 6))]
    assert targets(*rows) == ["address", "lat_deg", "lon_deg"]
    assert targets(*rows, merged_across=frozenset({(0, 2)})) == ["address", "lat_deg", "lon_deg"]


def test_coordinates_eaten_by_a_spreadsheet_are_still_coordinates():
    assert targets(["lat", "lon", "id"], *([f"461.993.{n}81", f"61.418.{n}84", 900 + n] for n in range(1, 9))) == [
        "lat_deg",
        "lon_deg",
        "source_id",
    ]


def test_x_and_y_may_be_degrees_metres_or_a_surveyors_axes():
    assert targets(["Назва", "X", "Y"], *([f"К{n}", f"36.23{n:03}", f"49.99{n:03}"] for n in range(1, 5)))[1:] == [
        "lon_deg",
        "lat_deg",
    ]
    assert targets(["Назва", "X", "Y"], *([f"К{n}", f"49.99{n:03}", f"36.23{n:03}"] for n in range(1, 5)))[1:] == [
        "lat_deg",
        "lon_deg",
    ]
    assert targets(["Назва", "X", "Y"], *([f"К{n}", 310000 + n, 5540000 + n] for n in range(1, 5)))[1:] == [
        "x_m",
        "y_m",
    ]
    assert targets(["Назва", "X", "Y"], *([f"К{n}", 5540000 + n, 310000 + n] for n in range(1, 5)))[1:] == [
        "y_m",
        "x_m",
    ]


@pytest.mark.parametrize("header", ["№", "No", "#", "№ п/п"])
def test_numbers_under_the_sign_for_number_are_of_rows_whatever_was_left_out(header):
    for numbers in (range(1, 8), (n * 37 + 100 for n in range(1, 8)), (1, 2, 5, 6, 9, 10, 12)):
        rows = [[n, f"вул. Лугова, {n}", f"10.0.0.{n}"] for n in numbers]
        assert targets([header, "Адреса", "IP"], *rows)[0] == "ignore"
    coded = [[f"К-{n}", f"вул. Лугова, {n}", f"10.0.0.{n}"] for n in range(1, 8)]
    assert targets(["№", "Адреса", "IP"], *coded)[0] == "source_id"


def test_the_number_of_a_row_is_ignored_and_the_number_of_a_camera_kept():
    rows = [[n, f"вул. Лугова, {n}", f"10.0.0.{n}"] for n in range(1, 8)]
    assert targets(["№", "Адреса", "IP"], *rows)[0] == "ignore"
    assert targets(["№ камери", "Адреса", "IP"], *rows)[0] == "source_id"
    assert targets(["id", "Адреса", "IP"], *rows)[0] == "source_id"


@pytest.mark.parametrize(
    ("values", "target"),
    [
        (["Камера 1 вхід", "Камера 2 двір", "Камера 3"], "name"),
        (["Axis Q6075-E", "Бош NDE-3503-AL", "Hikvision DS-2CD2043G2-I"], "vendor_model"),
        (["CAM-01", "CAM-02", "CAM-03"], "source_id"),
    ],
)
@pytest.mark.parametrize("header", ["Камера", "Camera", "Відеокамера"])
def test_under_camera_alone_the_values_say_what_it_is(header, values, target):
    rows = [[f"10.0.0.{n}", value, f"вул. Лугова, {n}"] for n, value in enumerate(values * 2)]
    assert targets(["IP", header, "Адреса"], *rows)[1] == target


def test_a_type_of_camera_that_names_makers_is_maker_and_model():
    rows = [["1", "Axis Q6075-E"], ["2", "Бош NDE-3503-AL"], ["3", "Hikvision DS-2CD2043G2-I"]]
    assert targets(["Інв. №", "Тип камери"], *rows)[1] == "vendor_model"
    assert targets(["Інв. №", "Тип камери"], ["1", "купольна"], ["2", "PTZ"])[1] == "kind"


def test_a_quoted_city_code_is_known_by_its_form():
    codes = ["KHA-000123-4", "KHA-000124-2", "KHA-000125-0"]
    for header in ("code", "Код камери", "Міський код", "city code", "Реєстровий номер", ""):
        rows = [[code, f"вул. Лугова, {n}", f"10.0.0.{n}"] for n, code in enumerate(codes)]
        assert targets([header, "Адреса", "IP"], *rows)[0] == "city_code", header
    own = [[f"AB-{n}", f"вул. Лугова, {n}", f"10.0.0.{n}"] for n in range(1, 4)]
    assert targets(["Код камери", "Адреса", "IP"], *own)[0] == "source_id"
    assert targets(["Реєстровий номер", "Адреса", "IP"], *own)[0] == "inventory_number"
    assert targets(["Інв. №", "Адреса", "IP"], *([c, "вул. Лугова, 1", "10.0.0.1"] for c in codes))[0] != "city_code"


def test_every_column_of_our_own_export_is_what_it_says():
    found = columns(COLUMNS, ["KHA-000123-4", "KP", "КП", *["1"] * (len(COLUMNS) - 3)])
    worked_out = {"owner": "ignore", "owner_title": "ignore", "code": "city_code"} | dict.fromkeys(
        ("street", "street_key", "house"), "ignore"
    )
    assert {guess.header: guess.target for guess in found} == {name: worked_out.get(name, name) for name in COLUMNS}
    assert {guess.confidence for guess in found} == {1.0}


def test_names_of_our_fields_in_other_lists_are_full_evidence_unless_they_are_plain_words():
    found = columns(["lon_deg", "lat_deg", "surveillance", "installed_on"], *[["36.2", "50", "public", ""]] * 3)
    assert [guess.target for guess in found] == ["lon_deg", "lat_deg", "indoor", "installed_on"]
    assert [guess.confidence for guess in found][:2] == [1.0, 1.0]


def test_serial_and_inventory_numbers_are_not_mixed():
    rows = [
        ["№", "Інв. №", "Серійний номер", "Модель"],
        *([n, 10140000 + n, f"DS2CD20{n}AAWRC{n}0203", "DS-2CD2043"] for n in range(1, 6)),
    ]
    assert targets(*rows) == ["ignore", "inventory_number", "serial", "model"]


def test_a_single_valued_target_is_given_once_and_notes_may_share():
    rows = [
        ["Серійний номер", "Сер. №", "Примітка", "Коментар"],
        *([f"A{n}000000X", "", "добре", "інше"] for n in range(1, 6)),
    ]
    found = targets(*rows)
    assert found.count("serial") == 1
    assert found[0] == "serial"
    assert found[2:] == ["note", "note"]


def test_address_parts_are_told_apart():
    rows = [
        ["Місто", "Район", "Вулиця", "Будинок", "Поверх"],
        *(["Лугове", "Заводський", "Тиха", n, 1] for n in range(1, 6)),
    ]
    assert targets(*rows) == ["settlement", "district", "street_part", "house_part", "floor"]


def test_a_mapping_beats_the_reader_memory_and_every_guess():
    rows = [["Широта ", "Довгота", "Назва", "Дещо"], *([f"49.99{n}", f"36.23{n}", f"К{n}", "x"] for n in range(1, 6))]
    found = columns(
        *rows, mapped={"ШИРОТА": "note", "дещо": "owner_name"}, remembered={"Назва": "site", "Дещо": "purpose"}
    )
    assert [(guess.target, guess.by) for guess in found] == [
        ("note", "mapping"),
        ("lon_deg", "both"),
        ("site", "memory"),
        ("owner_name", "mapping"),
    ]
    assert found[0].confidence == 1.0
    fixed = columns(*rows, named=True, fixed={0: "lat_deg", 2: "inventory_number"}, mapped={"Назва": "model"})
    assert [(guess.target, guess.by) for guess in fixed][:3] == [
        ("lat_deg", "reader"),
        ("lon_deg", "both"),
        ("model", "mapping"),
    ]


def test_a_mapping_names_a_column_by_its_lowest_header_too():
    rows = [
        ["Координати", "", "Х"],
        ["Північ", "Схід", ""],
        *([f"49.99{n:03}", f"36.23{n:03}", "x"] for n in range(1, 6)),
    ]
    found = columns(*rows, mapped={"Північ": "lat_deg", "Схід": "lon_deg", "header_row": "2"})
    assert [guess.target for guess in found][:2] == ["lat_deg", "lon_deg"]


def test_a_mapping_file_reads(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text('header_row = 3\n[columns]\n"Широта" = "lat_deg"\n"Зайве" = ""\n', encoding="utf-8")
    assert read_mapping(path) == {"Широта": "lat_deg", "Зайве": "ignore", "header_row": "3"}
    assert parse_mapping("") == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[columns]\n"Широта" = "latitude"', ["Широта", "latitude", "lat_deg"]),
        ('[columns]\n"Широта" = 5', ["Широта", "5"]),
        ("[colums]\n", ["colums"]),
        ("columns = 5\n", ["columns"]),
        ('header_row = "x"', ["header_row", "x"]),
        ("header_row = -1", ["header_row", "-1"]),
        ("[columns\n", ["TOML"]),
    ],
)
def test_a_wrong_mapping_file_names_the_key_and_what_is_allowed(text, named):
    with pytest.raises(InvalidInput) as caught:
        parse_mapping(text)
    assert caught.value.code == "bad_mapping"
    for word in named:
        assert word in str(caught.value)


def test_a_mapping_file_that_is_absent_or_no_text_is_named(tmp_path):
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.toml", tmp_path / "m.toml", tmp_path):
        with pytest.raises(InvalidInput, match=path.name):
            read_mapping(path)


def test_shared_targets_are_targets():
    assert set(TARGETS) >= SHARED


def test_a_place_of_installation_beside_a_column_of_streets_is_the_cameras_name():
    rows = [["Адреса", "Місце встановлення"], *([f"вул. Лугова, {n}", f"Камера {n} подвір'я"] for n in range(1, 6))]
    assert targets(*rows) == ["address", "name"]
    assert targets(["Місце встановлення", "IP"], *([f"двір {n}", f"10.0.0.{n}"] for n in range(1, 6)))[0] == "address"
