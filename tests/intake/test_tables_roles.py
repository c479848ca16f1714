"""The table inside a sheet: titles, headers of several rows, totals, sections, legends, signatures."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.intake.logic.shapes import Sheet
from oblik.intake.logic.tables import understand


def sheet_of(*rows, **options):
    width = max(map(len, rows))
    grid = [[*map(str, row), *[""] * (width - len(row))] for row in rows]
    return Sheet(name="s", rows=grid, numbers=list(range(1, len(grid) + 1)), **options)


def roles(*rows, **options):
    return understand(sheet_of(*rows, **options)).roles


def targets(*rows, **options):
    return [guess.target for guess in understand(sheet_of(*rows, **options)).columns]


HEADER = ["№ п/п", "Адреса встановлення", "Широта", "Довгота", "IP-адреса", "Модель", "Примітка"]


def camera(number):
    return [
        number,
        f"вул. Лугова, {number}",
        f"49.99{number:03}",
        f"36.23{number:03}",
        f"10.0.0.{number}",
        "DS-2CD2043G2-I",
        "",
    ]


CAMERAS = [camera(number) for number in range(1, 7)]


def test_titles_above_and_signatures_below_are_no_data():
    found = roles(
        ["", "", "", "ЗАТВЕРДЖУЮ"],
        ["ПЕРЕЛІК камер відеоспостереження КП «Світло» станом на 01.03.2024"],
        [],
        HEADER,
        *CAMERAS,
        [],
        ["", "Всього камер:", "6"],
        ["", "Начальник відділу", "", "", "______________", "О. Приклад"],
        ["* координати визначено за картою"],
    )
    assert found == ["title", "title", "blank", "header", *["data"] * 6, "blank", "total", "legend", "legend"]


def test_the_row_that_numbers_the_columns_belongs_to_the_header():
    found = roles(HEADER, [1, 2, 3, 4, 5, 6, 7], *CAMERAS)
    assert found == ["header", "header", *["data"] * 6]


def test_a_header_of_two_rows_with_merged_groups_is_joined():
    sheet = sheet_of(
        ["№", "Місце встановлення", "Координати", "", "Камера", "", ""],
        ["", "", "Широта", "Довгота", "Модель", "Серійний №", "Висота, м"],
        *(
            [n, f"пл. Тиха, {n}", f"49,99{n:03}", f"36,23{n:03}", "DH-IPC-HFW1230S", f"6K0{n:05}PAZ7", 4]
            for n in range(1, 6)
        ),
        merged_across=frozenset({(0, 3), (0, 5), (0, 6)}),
    )
    table = understand(sheet)
    assert table.roles[:2] == ["header", "header"]
    assert set(table.roles[2:]) == {"data"}
    assert [guess.target for guess in table.columns] == [
        "ignore",
        "address",
        "lat_deg",
        "lon_deg",
        "model",
        "serial",
        "height_m",
    ]
    assert table.columns[2].header == "Координати / Широта"
    assert table.columns[6].unit == "м"


def test_the_same_groups_without_merges_as_in_csv():
    table = understand(
        sheet_of(
            ["№", "Адреса", "Координати", "", "Примітка"],
            ["", "", "Широта", "Довгота", ""],
            [1, "вул. Лугова, 5", "49,9921", "36,2311", ""],
            [2, "вул. Лугова, 6", "49,9922", "36,2312", "нова"],
        )
    )
    assert table.roles == ["header", "header", "data", "data"]
    assert [guess.target for guess in table.columns] == ["ignore", "address", "lat_deg", "lon_deg", "note"]


def test_cells_merged_downwards_in_the_header_are_said_once():
    table = understand(
        sheet_of(
            ["№", "Адреса", "Координати", ""],
            ["№", "Адреса", "Широта", "Довгота"],
            [1, "вул. Лугова, 5", "49,9921", "36,2311"],
            [2, "вул. Лугова, 6", "49,9922", "36,2312"],
            merged_down=frozenset({(1, 0), (1, 1)}),
            merged_across=frozenset({(0, 3)}),
        )
    )
    assert table.roles[:2] == ["header", "header"]
    assert table.columns[1].header == "Адреса"


def test_a_repeated_header_in_the_middle_is_a_header():
    found = roles(HEADER, *CAMERAS[:3], [text.upper() for text in HEADER], [1, 2, 3, 4, 5, 6, 7], *CAMERAS[3:])
    assert found == ["header", "data", "data", "data", "header", "header", "data", "data", "data"]


def test_sections_inside_the_list_are_titles_and_are_told():
    table = understand(
        sheet_of(
            HEADER,
            ["Заводський район"],
            *CAMERAS[:3],
            ["Лугове"],
            *CAMERAS[3:],
            merged_across=frozenset({(1, 1), (1, 2)}),
        )
    )
    assert [index for index, role in enumerate(table.roles) if role == "title"] == [1, 5]
    assert table.sections == {1: "Заводський район", 5: "Лугове"}


@pytest.mark.parametrize(
    "word",
    ["Всього", "Разом:", "ВСЬОГО КАМЕР", "Итого", "Итого по району:", "Total", "Total:", "Summe", "Усього по об'єкту"],
)
def test_totals_in_each_language_are_totals(word):
    found = roles(
        ["№", "Адреса", "IP-адреса", "Кількість"],
        *([n, f"вул. Лугова, {n}", f"10.0.0.{n}", 2] for n in range(1, 5)),
        ["", word, "", "8"],
    )
    assert found[-1] == "total"


def test_a_subtotal_between_sections_is_a_total():
    found = roles(
        ["№", "Адреса", "IP-адреса", "Кількість"],
        [1, "вул. Лугова, 1", "10.0.0.1", 2],
        [2, "вул. Лугова, 2", "10.0.0.2", 2],
        ["Разом", "", "", 4],
        [3, "вул. Лугова, 3", "10.0.0.3", 1],
        [4, "вул. Лугова, 4", "10.0.0.4", 1],
    )
    assert found == ["header", "data", "data", "total", "data", "data"]


def test_a_camera_is_never_taken_for_a_total_because_of_its_name():
    rows = [
        ["Назва", "Адреса", "Широта", "Довгота"],
        ["Вхід", "вул. Лугова, 1", "49.9921", "36.2311"],
        ["Total, АЗС", "вул. Лугова, 2", "49.9922", "36.2312"],
        ["Всього доброго, крамниця", "вул. Лугова, 3", "", ""],
        ["Разом", "", "49.9924", "36.2314"],
    ]
    assert roles(*rows) == ["header", "data", "data", "data", "data"]


def test_a_sparse_camera_at_the_end_is_still_data():
    found = roles(
        HEADER,
        *CAMERAS,
        [7, "вул. Лугова, 9"],
        ["", "", "", "", "10.0.0.77"],
        ["", "вул. Садова, 12"],
        ["8", "двір школи"],
    )
    assert found[-4:] == ["data"] * 4


def test_an_empty_numbered_row_is_data_and_not_lost():
    assert roles(HEADER, *CAMERAS, [7, "двір школи за рогом"])[-1] == "data"


def test_without_a_header_all_rows_are_data_and_content_decides():
    table = understand(sheet_of(*CAMERAS))
    assert set(table.roles) == {"data"}
    assert [guess.target for guess in table.columns][:6] == ["ignore", "address", "lat_deg", "lon_deg", "ip", "model"]


def test_an_unknown_header_above_typed_data_is_a_header():
    table = understand(
        sheet_of(
            ["alpha", "beta", "gamma"], ["one", "10.0.0.1", "5"], ["two", "10.0.0.2", "6"], ["three", "10.0.0.3", "7"]
        )
    )
    assert table.roles == ["header", "data", "data", "data"]
    assert table.columns[1].target == "ip"


def test_notes_at_the_side_do_not_make_rows():
    found = roles(
        [*HEADER, "", ""],
        *[[*row, "", "умовні позначення" if row[0] == 2 else ""] for row in CAMERAS],
        ["", "", "", "", "", "", "", "", "червоний - не працює"],
    )
    assert found == ["header", *["data"] * 6, "legend"]


def test_a_hidden_sheet_is_hidden_row_by_row():
    assert roles(HEADER, *CAMERAS[:1], [], hidden=True) == ["hidden", "hidden", "blank"]


def test_a_named_sheet_has_its_header_first_and_all_else_is_data():
    table = understand(sheet_of(["адреса", "n"], ["Всього", "5"], ["", ""], named=True))
    assert table.roles == ["header", "data", "blank"]


def test_an_empty_sheet_has_no_columns():
    table = understand(Sheet(name="", rows=[], numbers=[]))
    assert (table.roles, table.columns) == ([], [])


def test_a_header_row_named_by_a_person_wins():
    rows = [["перелік", "зведений"], ["Адреса", "IP"], ["вул. Лугова, 1", "10.0.0.1"], ["вул. Лугова, 2", "10.0.0.2"]]
    assert understand(sheet_of(*rows), mapped={"header_row": "1"}).roles == ["header", "data", "data", "data"]
    assert understand(sheet_of(*rows), mapped={"header_row": "0"}).roles == ["data"] * 4
    assert understand(sheet_of(*rows)).roles == ["title", "header", "data", "data"]


def test_two_columns_are_enough_for_a_list():
    found = roles(
        ["Адреса", "Кількість камер"],
        ["вул. Лугова, 5", "4"],
        ["парк Тихий", "2"],
        ["біля фонтану", ""],
        ["Всього", "6"],
    )
    assert found == ["header", "data", "data", "data", "total"]


def test_a_list_of_one_column_reads():
    assert roles(["Адреса"], ["вул. Лугова, 5"], ["вул. Лугова, 6"]) == ["header", "data", "data"]
    assert targets(["Адреса"], ["вул. Лугова, 5"], ["вул. Лугова, 6"]) == ["address"]


TEXT = st.sampled_from(
    [
        "",
        "",
        "Адреса",
        "Всього",
        "1",
        "2",
        "вул. Лугова, 5",
        "49.9921",
        "10.0.0.1",
        "_____ підпис",
        "район",
        "IP",
        "Широта",
        "-",
    ]
)


@settings(max_examples=150)
@given(st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=12), st.booleans(), st.booleans())
def test_every_row_gets_one_role_and_every_column_one_guess(rows, named, hidden):
    sheet = sheet_of(*rows, named=named, hidden=hidden) if rows else Sheet(name="", rows=[], numbers=[])
    table = understand(sheet)
    assert len(table.roles) == len(sheet.rows)
    width = max(map(len, sheet.rows), default=0)
    assert [guess.index for guess in table.columns] == list(range(width))
    for row, role in zip(sheet.rows, table.roles, strict=True):
        assert (role == "blank") == (not any(cell.strip() for cell in row)) or role == "header"
        if (
            role != "header"
            and "10.0.0.1" in row
            and not hidden
            and table.columns[row.index("10.0.0.1")].target == "ip"
        ):
            assert role == "data"


def test_hundred_thousand_rows_are_understood_quickly():
    import time

    dice = random.Random(3)
    rows = [
        HEADER,
        *([n, f"вул. Лугова, {n}", f"49.{dice.random()}", "36.2", "10.0.0.1", "", ""] for n in range(1, 100_001)),
    ]
    sheet = Sheet(name="", rows=[[str(cell) for cell in row] for row in rows], numbers=list(range(1, len(rows) + 1)))
    start = time.process_time()
    table = understand(sheet)
    assert time.process_time() - start < 3
    assert table.roles.count("data") == 100_000


@pytest.mark.parametrize("cell", ["#REF!", "???", "#ЗНАЧ!", "5"])
def test_a_row_with_nothing_but_an_error_waits_as_data(cell):
    assert roles(HEADER, *CAMERAS[:3], [cell], *CAMERAS[3:])[4] == "data"


def test_one_cell_over_the_whole_width_is_a_section_even_if_it_is_a_number():
    wide = frozenset((4, column) for column in range(1, 7))
    assert roles(HEADER, *CAMERAS[:3], ["2023"], *CAMERAS[3:], merged_across=wide)[4] == "title"


def test_a_total_merged_over_the_numbers_columns_is_a_total():
    rows = [[n, f"вул. Лугова, {n}", f"10.0.0.{n}", "DS-2CD2043G2-I", 2] for n in range(1, 5)]
    found = roles(
        ["№", "Адреса", "IP", "Модель", "К-сть"],
        *rows,
        ["Всього", "", "", "", 8],
        merged_across=frozenset({(5, 1), (5, 2), (5, 3)}),
    )
    assert found[-1] == "total"


def test_a_sparse_row_in_the_lists_own_columns_is_data_when_in_doubt():
    rows = [["Назва", "Місце", "IP", "Примітка"], *([f"К{n}", f"двір {n}", f"10.0.0.{n}", "-"] for n in range(1, 6))]
    assert roles(*rows, ["К6", "парк Тихий"])[-1] == "data"
    assert roles(*rows, ["", "парк Тихий"])[-1] == "data"
    assert roles(*rows[:3], ["", "парк Тихий"], *rows[3:])[3] == "data"
    assert roles(*rows, [], ["", "дані уточнюються"])[-1] == "legend"
