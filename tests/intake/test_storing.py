"""Sheets are made fit for any database without losing a row."""

from hypothesis import given
from hypothesis import strategies as st

from oblik.intake.logic.shapes import Sheet
from oblik.intake.logic.storing import storable

ANY = st.text(st.characters(exclude_categories=[]), max_size=4)


def sheet(name, *rows):
    return Sheet(name=name, rows=[list(row) for row in rows], numbers=list(range(1, len(rows) + 1)))


def test_what_no_database_keeps_is_marked_and_the_rest_is_untouched():
    whole = sheet("a", ["x", "Ї"])
    assert storable([whole])[0] is whole
    assert storable([sheet("a", ["x\x00y", "\ud800"])])[0].rows == [["x\ufffdy", "\ufffd"]]


def test_sheets_of_one_name_are_told_apart_and_long_names_are_cut():
    names = [one.name for one in storable([sheet("a"), sheet("a"), sheet("б" * 300), sheet("б" * 300)])]
    assert names[:2] == ["a", "a (2)"]
    assert len(set(names)) == 4
    assert max(map(len, names)) == 120


@given(st.lists(st.tuples(ANY, ANY), max_size=4))
def test_everything_can_be_encoded_and_doing_it_again_changes_nothing(said):
    once = storable([sheet(name, [cell]) for name, cell in said])
    for one in once:
        (one.name + one.rows[0][0]).encode()
        assert "\x00" not in one.name + one.rows[0][0]
    assert storable(once) == once
