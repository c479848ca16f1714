"""Whole tables become clean columns with every row accounted for."""

from collections.abc import Sequence

from oblik.intake.logic.cleaning import clean_table
from oblik.intake.logic.shapes import CleanColumns, Guess, RowRole, Sheet, Table


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
