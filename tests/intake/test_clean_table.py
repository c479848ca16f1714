"""Whole tables become clean columns with every row accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from oblik.city.logic.gazetteer import Gazetteer
from oblik.intake.logic.cleaning import clean_table
from oblik.intake.logic.problems import PROBLEMS
from oblik.intake.logic.shapes import EXTRA_TARGETS, CleanColumns, Guess, Problem, RowRole, Sheet, Table
from oblik.intake.logic.tables import understand
from oblik.registry.logic.fields import FIELDS


def table(columns: dict[str, Sequence[str]], *, units: dict[str, str] | None = None) -> Table:
    """A table with one column per target, its header being the target in capitals."""
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    roles: list[RowRole] = ["header", *["data"] * (len(rows) - 1)]  # type: ignore[list-item]  # literals in a starred list
    guesses = [
        Guess(at, target.upper(), target.split("#")[0], 1.0, "mapping", unit=(units or {}).get(target, ""))
        for at, target in enumerate(columns)
    ]
    return Table(Sheet("list", rows, list(range(1, len(rows) + 1))), roles, guesses)


def codes(cleaned: CleanColumns, record: int = 0) -> set[str]:
    return {problem.code for problem in cleaned.problems[record]}


def test_plain_coordinates_become_a_given_place():
    cleaned = clean_table(table({"lat_deg": ["49.9935"], "lon_deg": ["36.2304"]}))
    assert cleaned.values["lon_deg"] == [36.2304]
    assert cleaned.values["lat_deg"] == [49.9935]
    assert cleaned.values["place_origin"] == ["given"]
    assert cleaned.values["accuracy_m"] == [10.0]
    assert cleaned.problems == [()]


TOWN = [(49.99, 36.23), (49.995, 36.24), (50.001, 36.22), (49.98, 36.25), (50.005, 36.235), (49.992, 36.215)]


def places(cleaned: CleanColumns) -> list[tuple[object, object]]:
    size = len(cleaned)
    return list(
        zip(cleaned.values.get("lat_deg", [None] * size), cleaned.values.get("lon_deg", [None] * size), strict=True)
    )


def test_a_swapped_pair_is_noticed_by_the_rest_of_the_list_and_mended():
    texts = [f"{lat}, {lon}" for lat, lon in TOWN]
    texts[2] = "36.22, 50.001"
    cleaned = clean_table(table({"coordinates": texts}))
    assert places(cleaned) == TOWN
    assert codes(cleaned, 2) == {"coordinates_swapped"}
    assert codes(cleaned, 0) == set()


def test_swapped_columns_of_one_row_are_mended_too():
    lat, lon = [str(pair[0]) for pair in TOWN], [str(pair[1]) for pair in TOWN]
    lat[4], lon[4] = lon[4], lat[4]
    cleaned = clean_table(table({"lat_deg": lat, "lon_deg": lon}))
    assert places(cleaned) == TOWN
    assert codes(cleaned, 4) == {"coordinates_swapped"}


def test_a_latitude_beyond_90_is_a_longitude_even_alone():
    cleaned = clean_table(table({"coordinates": ["131.9, 43.1"]}))
    assert places(cleaned) == [(43.1, 131.9)]
    assert codes(cleaned) == {"coordinates_swapped"}


def test_a_header_tells_that_longitude_comes_first():
    made = table({"coordinates": [f"{lon} {lat}" for lat, lon in TOWN]})
    guess = Guess(0, "Координати (довгота, широта)", "coordinates", 1.0, "header")
    cleaned = clean_table(Table(made.sheet, made.roles, [guess]))
    assert places(cleaned) == TOWN


def test_a_row_that_names_its_hemispheres_outvotes_the_rest():
    texts = ["36.23, 49.99", "36.24, 49.995", "N50.001 E36.22"]
    cleaned = clean_table(table({"coordinates": texts}))
    assert places(cleaned) == TOWN[:3]


def test_zero_coordinates_give_no_place():
    cleaned = clean_table(table({"coordinates": ["0;0"], "name": ["Камера 1"]}))
    assert places(cleaned) == [(None, None)]
    assert codes(cleaned) == {"coordinates_zero"}
    assert "place_origin" not in cleaned.values


def test_half_a_place_is_doubted():
    cleaned = clean_table(table({"lat_deg": ["49.99"], "lon_deg": ["-"], "name": ["Камера 1"]}))
    assert codes(cleaned) == {"coordinates_incomplete"}


def test_a_point_far_from_its_list_is_doubted_but_kept():
    texts = [f"{lat}, {lon}" for lat, lon in [*TOWN, (48.45, 34.98)]]
    cleaned = clean_table(table({"coordinates": texts}))
    assert codes(cleaned, 6) == {"far_from_list"}
    assert places(cleaned)[6] == (48.45, 34.98)
    assert all(codes(cleaned, record) == set() for record in range(6))


def test_a_list_of_a_whole_country_has_no_far_points():
    texts = [f"{46 + step / 20}, {6 + step / 10}" for step in range(30)]
    cleaned = clean_table(table({"coordinates": texts}))
    assert not any(cleaned.problems)


def test_destroyed_coordinates_are_placed_by_the_rest_of_the_list():
    lat = ["49.9935", "49.9941", "499.951.234", "49.9952"]
    lon = ["36.2304", "36.2311", "362.391.234", "36.2333"]
    cleaned = clean_table(table({"lat_deg": lat, "lon_deg": lon}))
    assert places(cleaned)[2] == (49.9951234, 36.2391234)
    assert codes(cleaned, 2) == {"coordinates_repaired"}


def test_coordinates_that_lost_their_point_altogether_are_placed():
    columns = {"lat_deg": ["49.9935", "49.9941", "499951234"], "lon_deg": ["36.2304", "36.2311", "362391234"]}
    cleaned = clean_table(table(columns))
    assert places(cleaned)[2] == (49.9951234, 36.2391234)
    assert codes(cleaned, 2) == {"coordinates_repaired"}


def test_a_list_of_destroyed_coordinates_is_placed_by_the_length_of_its_numbers():
    cleaned = clean_table(table({"lat_deg": ["461.993.881", "462.052"], "lon_deg": ["61.418.784", "614.323"]}))
    assert places(cleaned) == [(46.1993881, 6.1418784), (46.2052, 6.14323)]
    assert codes(cleaned, 0) == codes(cleaned, 1) == {"coordinates_repaired"}


@pytest.mark.parametrize("epsg", [6386, 5565, 5575, 5569, 28407, 2587, 32637, 3857])
def test_metres_near_known_places_find_their_system(epsg: int):
    to_metres = Transformer.from_crs(4326, epsg, always_xy=True).transform
    columns: dict[str, list[str]] = {"coordinates": [], "y_m": [], "x_m": []}
    for at, (lat, lon) in enumerate(TOWN):
        x_m, y_m = to_metres(lon, lat)
        columns["coordinates"].append(f"{lat}, {lon}" if at < 3 else "")
        columns["y_m"].append("" if at < 3 else f"{y_m:.2f}")
        columns["x_m"].append("" if at < 3 else f"{x_m:.2f}")
    cleaned = clean_table(table(columns))
    for (lat, lon), (found_lat, found_lon) in zip(TOWN, places(cleaned), strict=True):
        # Systems that lie within 60 m of each other cannot be told apart.
        assert found_lat == pytest.approx(lat, abs=6e-4)
        assert found_lon == pytest.approx(lon, abs=9e-4)
    assert codes(cleaned, 4) == {"coordinates_projected"}


def test_metres_with_a_zone_in_front_need_no_other_places():
    x_m, y_m = Transformer.from_crs(4326, 5565, always_xy=True).transform(36.23, 49.99)
    cleaned = clean_table(table({"x_m": [f"{x_m:.1f}"], "y_m": [f"{y_m:.1f}"]}))
    (lat, lon) = places(cleaned)[0]
    assert lat == pytest.approx(49.99, abs=1e-4)
    assert lon == pytest.approx(36.23, abs=1e-4)


def test_metres_without_a_zone_and_without_other_places_are_doubted():
    x_m, y_m = Transformer.from_crs(4326, 6386, always_xy=True).transform(36.23, 49.99)
    cleaned = clean_table(table({"x_m": [f"{x_m:.1f}"], "y_m": [f"{y_m:.1f}"], "name": ["Камера 1"]}))
    assert codes(cleaned) == {"projected_system_unclear"}
    assert places(cleaned) == [(None, None)]


def test_swapped_axes_of_metres_are_tried_too():
    x_m, y_m = Transformer.from_crs(4326, 5565, always_xy=True).transform(36.23, 49.99)
    cleaned = clean_table(table({"coordinates": [f"{y_m:.1f} {x_m:.1f}", f"{y_m + 50:.1f} {x_m:.1f}"]}))
    assert places(cleaned)[0][0] == pytest.approx(49.99, abs=1e-4)


@dataclass(frozen=True)
class Answer:
    """What a gazetteer says of one address."""

    status: str
    lon_deg: float | None = None
    lat_deg: float | None = None
    accuracy_m: float | None = 20.0
    street_key: str = "вулиця|сумск"
    street: str = "вулиця Сумська"
    house: str = "5"
    district: str = "Шевченківський"


class Town:
    """A gazetteer of three houses of one street."""

    HOUSES: ClassVar = {"Сумська 5": (36.2304, 49.9935), "Сумська 6": (36.231, 49.994), "Сумська 7": (36.232, 49.995)}

    def resolve(self, addresses: Sequence[str], /) -> list[Answer]:
        return [
            Answer("exact", *self.HOUSES[text]) if text in self.HOUSES else Answer("ambiguous") for text in addresses
        ]

    def __len__(self) -> int:
        return 1


def test_an_address_gives_the_place_where_none_is_given():
    cleaned = clean_table(table({"address": ["Сумська 5", "Сумська"]}), gazetteer=Town())
    assert places(cleaned) == [(49.9935, 36.2304), (None, None)]
    assert cleaned.values["place_origin"] == ["geocoded", None]
    assert cleaned.values["accuracy_m"] == [20.0, None]
    assert cleaned.values["street_key"] == ["вулиця|сумск"] * 2
    assert codes(cleaned, 1) == {"address_ambiguous"}


def test_given_coordinates_win_and_disagreement_is_doubted():
    columns = {"address": ["Сумська 5", "Сумська 6"], "coordinates": ["49.9936, 36.2305", "50.0200, 36.2310"]}
    cleaned = clean_table(table(columns), gazetteer=Town())
    assert places(cleaned) == [(49.9936, 36.2305), (50.02, 36.231)]
    assert cleaned.values["place_origin"] == ["given", "given"]
    assert codes(cleaned, 0) == set()
    assert codes(cleaned, 1) == {"place_disagrees_with_address"}


def test_a_point_with_the_list_and_its_address_against_it_gives_way_to_the_address():
    address = ["Сумська 5", "Сумська 6", "Сумська 7", "Сумська 5", "Сумська 6"]
    coordinates = ["49.9935, 36.2304", "49.994, 36.231", "49.995, 36.232", "49.9935, 36.2305", "39.994, 36.231"]
    cleaned = clean_table(table({"address": address, "coordinates": coordinates}), gazetteer=Town())
    assert places(cleaned)[4] == (49.994, 36.231)
    assert cleaned.values["place_origin"] == ["given"] * 4 + ["geocoded"]
    assert codes(cleaned, 4) == {"far_from_list", "place_disagrees_with_address"}


def test_addresses_tell_that_a_whole_list_is_swapped():
    columns = {
        "address": ["Сумська 5", "Сумська 6", "Сумська 7"],
        "coordinates": ["36.2304 49.9935", "36.231 49.994", "36.232 49.995"],
    }
    cleaned = clean_table(table(columns), gazetteer=Town())
    assert places(cleaned) == [(49.9935, 36.2304), (49.994, 36.231), (49.995, 36.232)]


def test_parts_of_an_address_are_joined():
    columns = {"settlement": ["м. Харків"], "street_part": ["вул. Сумська"], "house_part": ["5"]}
    cleaned = clean_table(table(columns))
    assert cleaned.values["address"] == ["м. Харків, вул. Сумська, 5"]
    assert cleaned.values["house"] == ["5"]
    assert cleaned.values["street_key"][0]


def test_a_row_of_four_becomes_four_expected_cameras():
    cleaned = clean_table(
        table({"name": ["Вхід", "Двір"], "count": ["4 шт.", ""], "ip": ["10.1.2.11-14", "10.1.2.20"]})
    )
    assert cleaned.row == [1, 1, 1, 1, 2]
    assert cleaned.part == [1, 2, 3, 4, 1]
    assert cleaned.parts == [4, 4, 4, 4, 1]
    assert cleaned.values["ip"] == ["10.1.2.11", "10.1.2.12", "10.1.2.13", "10.1.2.14", "10.1.2.20"]
    assert cleaned.values["name"] == ["Вхід"] * 4 + ["Двір"]
    assert not any(cleaned.problems)


def test_a_count_that_disagrees_with_its_addresses_is_doubted_and_hides_no_camera():
    cleaned = clean_table(table({"name": ["Вхід"], "count": ["3"], "ip": ["10.1.2.11-14"]}))
    assert len(cleaned) == 4
    assert codes(cleaned) == {"count_disagrees"}


def test_an_implausible_count_expands_nothing():
    cleaned = clean_table(table({"name": ["Вхід", "Двір"], "count": ["0", "900"]}))
    assert len(cleaned) == 2
    assert codes(cleaned, 0) == codes(cleaned, 1) == {"count_implausible"}


def test_each_camera_of_a_row_takes_its_own_bearing_and_serial():
    columns = {
        "name": ["Вхід"],
        "count": ["2"],
        "bearing_deg": ["45; 135"],
        "serial": ["AB123; AB124"],
        "mac": ["001A2B3C4D5E"],
    }
    cleaned = clean_table(table(columns))
    assert cleaned.values["bearing_deg"] == [45.0, 135.0]
    assert cleaned.values["serial"] == ["AB123", "AB124"]
    assert cleaned.values["mac"] == ["001A2B3C4D5E", None]
    assert not any(cleaned.problems)


def test_two_macs_in_a_cell_are_two_cameras():
    cleaned = clean_table(table({"name": ["Вхід"], "mac": ["00:1A:2B:3C:4D:5E, 00:1A:2B:3C:4D:5F"]}))
    assert cleaned.values["mac"] == ["001A2B3C4D5E", "001A2B3C4D5F"]


def test_a_name_may_say_how_many():
    assert len(clean_table(table({"name": ["Камери на вході, 3 шт."]}))) == 3
    assert len(clean_table(table({"name": ["Камера 3"]}))) == 1


def test_passwords_reach_neither_values_nor_problems():
    columns = {
        "name": ["Вхід"],
        "password": ["hunter2"],
        "login": ["root77"],
        "stream_url": ["rtsp://root77:hunter2@10.1.2.3/1"],
        "note": ["пароль: hunter2"],
        "ip": ["http://root77:hunter2@10.1.2.999"],
    }
    cleaned = clean_table(table(columns))
    assert cleaned.values["stream_url"] == ["rtsp://10.1.2.3/1"]
    assert "hunter2" not in repr(cleaned)
    assert "root77" not in repr(cleaned)
    assert {"secret_removed", "not_an_ip"} <= codes(cleaned)


def test_tags_fill_what_columns_leave_empty():
    columns = {
        "tags": ["{'camera:type': 'dome', 'camera:direction': '90', 'surveillance': 'indoor'}"],
        "bearing_deg": ["45"],
        "source_id": ["7"],
        "coordinates": ["POINT (36.2304 49.9935)"],
    }
    cleaned = clean_table(table(columns))
    assert cleaned.values["kind"] == ["dome"]
    assert cleaned.values["bearing_deg"] == [45.0]
    assert cleaned.values["indoor"] == [True]
    assert places(cleaned) == [(49.9935, 36.2304)]


def test_a_problem_names_the_column_and_the_cell():
    cleaned = clean_table(table({"name": ["Вхід"], "bearing_deg": ["720"]}))
    assert cleaned.problems == [(Problem("not_a_bearing", "bearing_deg", "720", "BEARING_DEG"),)]


def test_a_row_that_says_nothing_is_broken_and_kept():
    cleaned = clean_table(table({"source_id": ["57", "58"], "name": ["", ""], "vendor": ["", "Dahua"]}))
    assert len(cleaned) == 2
    assert codes(cleaned, 0) == {"row_says_nothing"}
    assert codes(cleaned, 1) == {"row_without_place_or_identity"}


def test_a_name_that_only_numbers_its_row_names_no_camera():
    cleaned = clean_table(table({"name": ["19", "Вхід"], "note": ["", ""]}))
    assert codes(cleaned, 0) == {"row_says_nothing"}
    assert codes(cleaned, 1) == set()


def test_only_data_rows_become_records_and_a_district_title_holds_below_it():
    rows = [["Назва", "IP"], ["Шевченківський район", ""], ["Вхід", "10.1.2.3"], ["Разом", "1"]]
    guesses = [Guess(0, "Назва", "name", 1.0, "header"), Guess(1, "IP", "ip", 1.0, "header")]
    cleaned = clean_table(Table(Sheet("list", rows, [1, 2, 3, 4]), ["header", "title", "data", "total"], guesses))
    assert cleaned.row == [2]
    assert cleaned.values["district"] == ["Шевченківський район"]


def test_an_empty_table_gives_no_records():
    cleaned = clean_table(table({"name": [], "coordinates": []}))
    assert len(cleaned) == 0
    assert cleaned.values == {}


def test_several_remarks_are_joined_and_a_second_column_fills_gaps():
    cleaned = clean_table(table({"note": ["а", ""], "note#2": ["б", "в"], "name": ["", "y"], "name#2": ["x", "z"]}))
    assert cleaned.values["note"] == ["а; б", "в"]
    assert cleaned.values["name"] == ["x", "y"]


@pytest.mark.parametrize("piece", ["1 ", "1,", "- ", "a:", "10.1.2.", "пароль: ", "{'a':", "північ"])
def test_a_cell_of_a_hundred_thousand_letters_is_kept_out_of_the_values(piece: str):
    targets = [
        "lat_deg",
        "lon_deg",
        "bearing_deg",
        "height_m",
        "installed_on",
        "state",
        "model",
        "serial",
        "count",
        "ip",
    ]
    cleaned = clean_table(table({"name": ["Вхід"], **{name: [piece * 30_000] for name in targets}}))
    assert set(cleaned.values) == {"name"}
    assert "cell_too_long" in codes(cleaned)


CELL = st.text(alphabet=st.sampled_from(list("0123456789.,:;-/°'\"NSWEПнСхвю абс@=(){}!#Еe+")), max_size=14)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_table_keeps_every_row_and_only_known_problems(data: st.DataObject):
    targets = [name for name in (*FIELDS, *EXTRA_TARGETS) if name not in ("place_origin",)]
    chosen = data.draw(st.lists(st.sampled_from(targets), min_size=1, max_size=6, unique=True))
    size = data.draw(st.integers(1, 4))
    columns = {name: data.draw(st.lists(CELL, min_size=size, max_size=size)) for name in chosen}
    cleaned = clean_table(table(columns))
    assert sorted(set(cleaned.row)) == list(range(1, size + 1))
    assert {problem.code for problems in cleaned.problems for problem in problems} <= set(PROBLEMS)
    for name, values in cleaned.values.items():
        assert name in FIELDS
        assert len(values) == len(cleaned) == len(cleaned.problems)
        assert any(value is not None for value in values)


@pytest.mark.parametrize(
    "headers", [("X, м (УСК-2000, зона 11)", "Y, м (УСК-2000, зона 11)"), ("X [EPSG:6385]", "Y [EPSG:6385]")]
)
def test_a_system_named_in_the_header_settles_what_the_numbers_leave_open(headers):
    east, north = Transformer.from_crs(4326, 6385, always_xy=True).transform(33.6, 48.81)
    rows = [list(headers), *([f"{north + n:.1f}", f"{east + n:.1f}"] for n in range(5))]
    sheet = Sheet(name="s", rows=rows, numbers=list(range(1, 7)))
    cleaned = clean_table(understand(sheet))
    assert places(cleaned)[0] == (pytest.approx(48.81, abs=1e-5), pytest.approx(33.6, abs=1e-5))
    assert codes(cleaned) == {"coordinates_projected"}


def test_a_gazetteer_before_any_table_is_loaded_doubts_no_address():
    cleaned = clean_table(table({"address": ["вул. Сумська, 5"]}), gazetteer=Gazetteer.build())
    assert cleaned.problems == [()]
    assert cleaned.values["house"] == ["5"]


def test_web_mercator_in_named_columns_is_found_alone():
    x_m, y_m = Transformer.from_crs(4326, 3857, always_xy=True).transform(36.23, 49.99)
    cleaned = clean_table(table({"x_m": [f"{x_m:.1f}"], "y_m": [f"{y_m:.1f}"]}))
    assert places(cleaned)[0][0] == pytest.approx(49.99, abs=1e-5)
    assert codes(cleaned) == {"coordinates_projected"}


def test_our_own_export_read_again_changes_nothing():
    columns = {
        "city_code": ["КНА – 000123", "", ""],
        "source_id": ["1", "2", "3"],
        "inventory_number": ["інв. № 10 - 123", "101400001.0", "КП–7 / а"],
        "serial": ["S/N: abc 123", "АВС124", ""],
        "mac": ["00:1A:2B:3C:4D:5E", "001A.2B3C.4D5F", ""],
        "onvif_uuid": ["urn:uuid:2419D68A-2DD2-21B2-A205-EC2D4D1F0ABC", "", ""],
        "ip": ["10.1.2.3:554", "10.1.2.11/24", "http://10.1.2.3:8080/"],
        "name": ["Камера «Вхід»", "В'їзд", "Двір"],
        "coordinates": [
            "49°59'36.6\"N 36°13'49.4\"E",
            "49,9935; 36,2304",
            "https://www.google.com/maps/@49.99,36.23,17z",
        ],
        "address": ["вул. Сумська, 5", "пр-т Науки 14", "пров. Тихий, 3а"],
        "district": ["Шевченківський р-н", "", ""],
        "indoor": ["так", "зовнішня", "ні"],
        "height_m": ["~4м", "450 см", "15 ft"],
        "bearing_deg": ["ПнЗх", "на північ", "350-10"],
        "tilt_deg": ["-15°", "10", ""],
        "hfov_deg": ["102,5°", "90", ""],
        "focal_mm": ["2,8 мм", "2.8-12", ""],
        "resolution": ["4Мп", "1080p", "1920x1080"],
        "fps": ["25 к/с", "12,5", ""],
        "codec": ["h265+", "H.264", ""],
        "vendor_model": ["Хіквіжн ds 2cd2043g0 i", "Dahua IPC-HFW2431S (2.8mm)", "AXIS P1448-LE"],
        "kind": ["купольна", "PTZ", "bullet"],
        "mount": ["на опорі", "фасад", "світлофор"],
        "surveillance": ["розпізнавання номерів", "камера", ""],
        "zone": ["вхід", "дорожній рух", "щось своє"],
        "audio": ["немає", "так", ""],
        "retention_days": ["1 місяць", "72 год", "30 діб"],
        "stream_url": ["rtsp://a:b@10.1.2.3/1", "", ""],
        "warranty_until": ["2025", "31.12.2025", ""],
        "installed_on": ["березень 2021", "44267", "12 марта 2021 г."],
        "state": ["не працює", "в роботі", "демонтована"],
        "note": ["=cmd|'/c calc'!A1", "пароль: abc", ""],
    }
    once = clean_table(table(columns))
    assert set(FIELDS) - set(once.values) <= {
        "owner_name", "operator_name", "site", "floor", "range_m", "ir_range_m", "purpose", "link", "contract",
        "contractor",
    }  # fmt: skip
    exported = {
        name: ["" if value is None else str(value) for value in values]
        for name, values in once.values.items()
        if name not in ("street_key", "street", "house")
    }
    again = clean_table(table(exported))
    assert again.values == once.values
