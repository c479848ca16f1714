"""Large made-up lists: right counts, the demo's statistics, and files that intake reads whole."""

import polars as pl

from oblik.demo.synthetic import HEADER, big_csv, big_lists, big_xlsx
from oblik.intake.formats import read_sheets
from oblik.registry.logic.fields import FIELDS

ROWS = 20_000


def test_records_come_in_the_asked_number_with_the_register_s_columns():
    frame = big_lists(rows=ROWS, lists=10, seed=1)
    assert frame.height == ROWS
    assert frame["record_id"].to_list() == list(range(1, ROWS + 1))
    assert frame["list_id"].n_unique() == 10 and frame["list_id"].is_sorted()
    assert set(frame.columns) - {"record_id", "list_id", "owner", "truth"} <= set(FIELDS)
    assert frame.equals(big_lists(rows=ROWS, lists=10, seed=1))
    assert not frame.equals(big_lists(rows=ROWS, lists=10, seed=2))


def test_about_a_third_of_cameras_stand_in_two_lists_and_a_tenth_in_three():
    frame = big_lists(rows=ROWS, lists=10, seed=4)
    lists = frame.group_by("truth").agg(pl.col("list_id").n_unique().alias("n"))["n"]
    assert 0.30 < (lists == 2).mean() < 0.40
    assert 0.07 < (lists == 3).mean() < 0.13


def test_a_camera_keeps_its_identifiers_in_every_list_save_for_slips():
    frame = big_lists(rows=ROWS, lists=5, seed=2)
    macs = frame.drop_nulls("mac").group_by("truth").agg(pl.col("mac").n_unique().alias("n"))["n"]
    assert (macs == 1).mean() > 0.99
    assert frame.drop_nulls("mac").group_by("mac").agg(pl.col("truth").n_unique().alias("n"))["n"].max() == 1


def test_even_a_handful_of_rows_in_one_list_is_possible():
    assert big_lists(rows=10, lists=1, seed=1).height == 10


def test_the_raw_files_hold_every_row_between_titles_and_totals(tmp_path):
    big_csv(tmp_path / "big.csv", 500, 1)
    big_xlsx(tmp_path / "big.xlsx", 500, 1)
    (text,), (book,) = read_sheets(tmp_path / "big.csv"), read_sheets(tmp_path / "big.xlsx")
    assert text.rows[2] == book.rows[2] == list(HEADER)
    assert len(text.rows) == 505 and len(book.rows) == 504
    assert [row[11] for row in text.rows[3:503]] == [row[11] for row in book.rows[3:503]]
