"""Surplus, shortage and mismatch are found where they are and nowhere else."""

from zlib import crc32

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.inventory.logic.discrepancies import CLAIMS_SCHEMA, Said, discrepancies_of, folded
from oblik.inventory.logic.figures import ROWS_SCHEMA, classified

OWNERS = {"KMS": "КП «Міськсвітло»", "DTR": "Департамент транспорту"}


def rows(*lines):
    """Rows written as (owner, row, decision, camera[, current])."""
    return classified(
        pl.DataFrame(
            [
                (
                    crc32(repr((line[0], line[4:])).encode()),
                    f"{line[0]}.xlsx",
                    "Лист1",
                    line[1],
                    1,
                    line[0],
                    line[4] if len(line) > 4 else True,
                    "new",
                    line[2],
                    line[3],
                    None,
                )
                for line in lines
            ],
            schema=ROWS_SCHEMA,
            orient="row",
        )
    )


def claims(*lines):
    """Claims written as (camera, field, value, source[, owner[, current]]); a source without an owner is OSM."""
    filled = []
    for camera, field, value, source, *rest in lines:
        owner = rest[0] if rest else None
        kind = "list" if owner else "osm"
        filled.append((camera, field, value, source, kind, owner, rest[1] if len(rest) > 1 else True))
    return pl.DataFrame(filled, schema=CLAIMS_SCHEMA, orient="row")


def found(of_rows, of_claims=None, **kw):
    return discrepancies_of(of_rows, claims() if of_claims is None else of_claims, owners=OWNERS, **kw)


def test_a_camera_that_anothers_list_places_here_is_a_surplus():
    (one,) = found(
        rows(("DTR", 1, "new", "K-1"), ("KMS", 1, "new", "K-2")),
        claims(("K-1", "owner_name", 'Комунальне підприємство "Міськсвітло"', "dtr, 1", "DTR")),
    )
    assert (one.owner, one.kind, one.camera) == ("KMS", "surplus", "K-1")
    assert one.values == (Said('Комунальне підприємство "Міськсвітло"', ("dtr, 1",)),)


@pytest.mark.parametrize("holder", ["DTR", "KMS"])
def test_a_camera_in_the_named_owners_own_list_is_no_surplus(holder):
    both = rows(("DTR", 1, "new", "K-1"), ("KMS", 1, "matched", "K-1"))
    assert not found(both, claims(("K-1", "owner_name", OWNERS[holder], "dtr, 1", "DTR")))


def test_an_owner_is_recognised_by_code_and_osm_counts_as_a_source():
    (one,) = found(rows(("DTR", 1, "new", "K-1")), claims(("K-1", "owner_name", "kms", "OSM 77")))
    assert (one.owner, one.kind) == ("KMS", "surplus")


def test_a_camera_gone_from_the_newer_list_is_a_shortage():
    (one,) = found(
        rows(("KMS", 1, "new", "K-1", False), ("KMS", 2, "new", "K-2", False), ("KMS", 1, "matched", "K-1", True))
    )
    assert (one.owner, one.kind, one.camera) == ("KMS", "shortage", "K-2")
    assert one.values[0].sources == ("KMS.xlsx · Лист1 · 2",)


def test_a_list_of_an_earlier_campaign_counts_as_earlier():
    lines = rows(("KMS", 1, "new", "K-1"))
    earlier = claims(("K-7", "serial", "A1", "2021.xlsx, 3", "KMS", False))
    (one,) = found(lines, earlier)
    assert (one.kind, one.camera) == ("shortage", "K-7")
    assert not found(lines, earlier, retired={"K-7"})


def test_an_owner_who_handed_in_nothing_is_not_short_of_everything():
    assert not found(rows(("DTR", 1, "new", "K-1")), claims(("K-7", "serial", "A1", "2021.xlsx, 3", "KMS", False)))


def two(field, first, second):
    held = rows(("KMS", 1, "new", "K-1"), ("DTR", 1, "matched", "K-1"))
    return found(held, claims(("K-1", field, first, "a, 1", "KMS"), ("K-1", field, second, "b, 1", "DTR")))


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("serial", "dc-1203 AA", "DC1203АА"),  # the second ends in Cyrillic letters
        ("model", "DS-2CD2043", "ds 2cd2043"),
        ("district", "Липовий район", "липовий"),
        ("district", "Липовый р-н", "Липовый"),
        ("bearing_deg", "350", "10"),
        ("height_m", "4", "4.9"),
        ("retention_days", "30", "30.0"),
        ("inventory_number", "101-7", "555"),  # each owner numbers by itself
        ("note", "стара", "нова"),
        ("stream_url", "rtsp://a", "rtsp://b"),
    ],
)
def test_what_is_the_same_or_nobodys_business_is_no_mismatch(field, first, second):
    assert not two(field, first, second)


@pytest.mark.parametrize(
    ("field", "first", "second", "gap"),
    [
        ("serial", "A1", "A2", None),
        ("kind", "dome", "fixed", None),
        ("district", "Липовий район", "Надрічний район", None),
        ("bearing_deg", "350", "20", 30.0),
        ("height_m", "4", "6", 2.0),
        ("retention_days", "30", "14", 16.0),
    ],
)
def test_a_difference_beyond_the_tolerance_is_told_to_both_holders(field, first, second, gap):
    mine, theirs = two(field, first, second)
    assert (mine.owner, theirs.owner) == ("DTR", "KMS")
    assert mine.gap == gap and mine.field == field
    assert {said.value: said.sources for said in mine.values} == {first: ("a, 1",), second: ("b, 1",)}


def test_one_owners_own_inventory_numbers_are_compared():
    held = rows(("KMS", 1, "new", "K-1"), ("KMS", 2, "duplicate", "K-1"), ("DTR", 1, "matched", "K-1"))
    said = claims(
        ("K-1", "inventory_number", "1", "a, 1", "KMS"),
        ("K-1", "inventory_number", "2", "a, 2", "KMS"),
        ("K-1", "inventory_number", "9", "b, 1", "DTR"),
    )
    (one,) = found(held, said)
    assert one.owner == "KMS" and [value.value for value in one.values] == ["1", "2"]


def at(source, lat, owner, accuracy=None):
    lines = [("K-1", "lat_deg", str(lat), source, owner), ("K-1", "lon_deg", "36.25", source, owner)]
    return lines + ([("K-1", "accuracy_m", str(accuracy), source, owner)] if accuracy else [])


def test_positions_further_apart_than_the_tolerance_are_told_with_the_distance():
    held = rows(("KMS", 1, "new", "K-1"))
    near = claims(*at("a, 1", 50.0, "KMS"), *at("b, 1", 50.0002, "DTR"))
    far = claims(*at("a, 1", 50.0, "KMS"), *at("b, 1", 50.001, "DTR"))
    vague = claims(*at("a, 1", 50.0, "KMS", 5), *at("b, 1", 50.001, "DTR", 150))
    assert not found(held, near)
    assert not found(held, vague)
    (one,) = found(held, far)
    assert one.field == "position" and one.gap == pytest.approx(111.3, abs=0.5)
    assert [said.value for said in one.values] == ["50.0, 36.25", "50.001, 36.25"]


def test_what_a_replaced_list_said_is_no_mismatch():
    held = rows(("KMS", 1, "new", "K-1"))
    said = claims(("K-1", "serial", "A1", "old, 1", "KMS", False), ("K-1", "serial", "A2", "new, 1", "KMS"))
    assert not found(held, said)


def test_nothing_gives_nothing():
    assert found(rows()) == ()


@settings(max_examples=80)
@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)
