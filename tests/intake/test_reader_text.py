"""csv, tsv and txt: encodings, delimiters, quotes and line numbers as a person counts them."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.base.errors import UnreadableFile
from oblik.intake.formats import read_sheets
from oblik.intake.readers.encodings import decode

HEADER = ["№", "Адреса", "Широта", "Довгота"]
ROWS = [
    ["1", "вул. Лугова, 5", "49,9921", "36,2311"],
    ["2", "просп. Ґатунковий, 12 біля їдальні", "49,9933", "36,2322"],
    ["3", "пл. Єдності та Щастя", "49,9944", "36,2333"],
]


def write(path, rows, *, delimiter=";", encoding="utf-8", newline="\r\n", mark=b""):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    path.write_bytes(mark + out.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-u", "utf-16-le", "utf-16-be", "cp1125"])
def test_each_encoding_of_a_ukrainian_list_reads_the_same(tmp_path, encoding):
    sheet = read_sheets(
        write(tmp_path / "list.csv", [HEADER, *ROWS], encoding=encoding if encoding != "koi8-u" else "koi8-u")
        if encoding not in ("koi8-u", "cp1125")
        else write(tmp_path / "list.csv", [["N", *HEADER[1:]], *ROWS], encoding=encoding)
    )[0]
    assert sheet.rows[0][1:] == HEADER[1:]
    # cp866 has no Ukrainian letters besides those DOS programs put in their places (cp1125).
    assert sheet.rows[1] == ROWS[0]
    assert sheet.rows[3][1].startswith("пл. ")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")],
    ids=["utf-8", "utf-16-le", "utf-16-be"],
)
def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path, encoding, mark):
    sheet = read_sheets(write(tmp_path / "list.csv", [HEADER, *ROWS], encoding=encoding, mark=mark))[0]
    assert sheet.rows == [HEADER, *ROWS]


def test_a_russian_list_in_cp866_reads(tmp_path):
    rows = [["Адрес", "Кол-во"], ["ул. Луговая, 5", "2"], ["проезд Заречный у школы", "4"], ["шоссе Длинное", "1"]]
    assert read_sheets(write(tmp_path / "list.txt", rows, encoding="cp866"))[0].rows == rows


def test_a_french_list_in_cp1252_reads(tmp_path):
    rows = [
        ["Caméra", "Adresse", "Hauteur"],
        ["C1", "Rue de l'Église, près du château", "4"],
        ["C2", "Allée où ça mène", "3"],
    ]
    assert read_sheets(write(tmp_path / "list.csv", rows, encoding="cp1252"))[0].rows == rows


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_each_delimiter_is_found(tmp_path, delimiter):
    sheet = read_sheets(write(tmp_path / "list.csv", [HEADER, *ROWS], delimiter=delimiter))[0]
    assert sheet.rows == [HEADER, *ROWS]


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("49,9921;36,2311\n49,9933;36,2322\n49,9944;36,2333\n", encoding="utf-8")
    assert read_sheets(path)[0].rows[0] == ["49,9921", "36,2311"]


def test_titles_above_and_a_total_below_do_not_hide_the_delimiter(tmp_path):
    path = tmp_path / "list.csv"
    lines = [
        "Перелік камер, що на балансі, станом на 01.02.2024",
        "",
        *(";".join(row) for row in [HEADER, *ROWS]),
        "Всього: 3",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    sheet = read_sheets(path)[0]
    assert sheet.rows[2] == HEADER
    assert sheet.rows[0][0] == "Перелік камер, що на балансі, станом на 01.02.2024"
    assert sheet.numbers == list(range(1, 8))


def test_a_sep_line_names_the_delimiter_and_keeps_its_line_number(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("sep=|\na|b;c\n1|2;3\n", encoding="utf-8")
    sheet = read_sheets(path)[0]
    assert sheet.rows == [["a", "b;c"], ["1", "2;3"]]
    assert sheet.numbers == [2, 3]


def test_a_cell_over_several_lines_keeps_the_numbers_of_the_rows_below(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('a;b\n1;"two\nlines ""quoted"""\n2;x\n', encoding="utf-8")
    sheet = read_sheets(path)[0]
    assert sheet.rows == [["a", "b"], ["1", 'two\nlines "quoted"'], ["2", "x"]]
    assert sheet.numbers == [1, 2, 4]


def test_a_stray_quote_does_not_swallow_the_rows_below(tmp_path):
    path = tmp_path / "list.csv"
    lines = ["a;b", '1;"never closed', *(f"{n};x" for n in range(2, 200))]
    path.write_text("\n".join(lines), encoding="utf-8")
    sheet = read_sheets(path)[0]
    assert len(sheet.rows) == 200
    assert sheet.rows[1] == ["1", '"never closed']
    assert sheet.rows[199 - 1] == ["198", "x"]
    assert "stray_quote" in sheet.reader_notes


def test_a_quote_left_open_in_the_last_line_loses_nothing(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('a;b\n1;2\n3;"4', encoding="utf-8")
    assert [row[0] for row in read_sheets(path)[0].rows] == ["a", "1", "3"]


def test_ragged_lines_are_padded(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("a;b;c\n1;2\n1;2;3;4\n\n5;;\n", encoding="utf-8")
    sheet = read_sheets(path)[0]
    assert {len(row) for row in sheet.rows} == {4}
    assert sheet.numbers == [1, 2, 3, 4, 5]


def test_nul_bytes_are_taken_out_and_noted(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("a;b\nкамера\0;2\n".encode())
    sheet = read_sheets(path)[0]
    assert sheet.rows[1] == ["камера", "2"]
    assert "nul_bytes" in sheet.reader_notes


def test_a_few_bad_bytes_do_not_change_the_encoding_of_the_rest(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("адреса;примітка\n".encode() + "вулиця Лугова;добре\n".encode() * 20 + b"\xff;x\n")
    sheet = read_sheets(path)[0]
    assert sheet.rows[0] == ["адреса", "примітка"]
    assert "bad_bytes" in sheet.reader_notes


def test_a_formula_stays_text(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("name;ip\n=cmd|'/C calc'!A0;10.0.0.1\n", encoding="utf-8")
    assert read_sheets(path)[0].rows[1][0] == "=cmd|'/C calc'!A0"


def test_one_column_is_a_list_too(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("Адреса\nвул. Лугова 5\nвул. Лугова 6\n", encoding="utf-8")
    assert read_sheets(path)[0].rows == [["Адреса"], ["вул. Лугова 5"], ["вул. Лугова 6"]]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=8))
def test_whatever_csv_writes_comes_back(tmp_path_factory, rows):
    rows = [["адреса", "ip адреса", "примітка"], *rows, ["x", "y", "z"]]
    path = write(tmp_path_factory.mktemp("csv") / "list.csv", rows, newline="\n", mark=b"\xef\xbb\xbf")
    read = read_sheets(path)[0]
    assert [row for row in read.rows if any(row)] == [row for row in rows if any(row)]


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=300))
def test_decoding_gives_text_or_a_refusal(data):
    try:
        text, _, _ = decode(data, file="x")
    except UnreadableFile as error:
        assert error.code == "binary_file"
    else:
        assert "\0" not in text
