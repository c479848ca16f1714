"""Sources side by side: what won, why, and who says otherwise."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.registry.logic import fields, trust
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.secrets import SECRET_FIELDS
from oblik.registry.queries import CameraCard, CameraLine, SourceLine
from oblik.web.desk.comparison import REASONS, compare, same_value
from oblik.web.ui.labels import CHOICES, FIELD_LABELS, GROUPS, SOURCE_KINDS, STATES

NEW = datetime(2025, 5, 1, tzinfo=UTC)
OLD = NEW - timedelta(days=100)


def source(claim, said_at=NEW, kind="owner_list", withdrawn_at=None, **values):
    return SourceLine(claim, kind, f"record:{claim}", "KP", said_at, withdrawn_at, values)


def card(values, origins, *claims, **place):
    line = CameraLine(
        1, "TST-000001-1", "KP", "КП", "in_service", "", place.get("lon_deg"), place.get("lat_deg"), "", None,
        len(claims), values,
    )  # fmt: skip
    return CameraCard(line, "", origins, list(claims), 1)


def row_of(compared, name):
    return next(row for section in compared.sections for row in section.rows if row.field.name == name)


def reason(compared, name):
    why = row_of(compared, name).why
    return next(code for code, text in REASONS.items() if str(text) == str(why))


def test_the_winner_is_marked_and_the_others_say_so_or_otherwise():
    shown = compare(
        card(
            {"height_m": 4.0},
            {"height_m": 1},
            source(1, height_m=4.0),
            source(2, height_m=4.5),
            source(3, height_m=9.0),
            source(4),
        )
    )
    assert [cell.stand for cell in row_of(shown, "height_m").cells] == ["won", "agrees", "differs", "silent"]
    assert shown.differing == 1


@pytest.mark.parametrize(
    ("winner", "other", "why"),
    [
        (source(1, kind="person", model="A"), source(2, model="B"), "person"),
        (source(1, kind="device", model="A"), source(2, model="B"), "kind"),
        (source(1, NEW, model="A"), source(2, OLD, model="B"), "newest"),
        (source(1, NEW, model="A"), source(2, NEW, model="B"), "first"),
        (source(1, NEW, model="A"), source(2, OLD, model="a"), "agreed"),
        (source(1, NEW, model="A"), source(2), "alone"),
    ],
)  # fmt: skip
def test_each_order_of_trust_gives_its_reason(winner, other, why):
    assert reason(compare(card({"model": "A"}, {"model": 1}, winner, other)), "model") == why


def test_a_measured_place_outranks_one_from_an_address_and_says_so():
    given_place = source(1, OLD, lon_deg=34.0, lat_deg=49.0, place_origin="given")
    geocoded = source(2, NEW, lon_deg=34.01, lat_deg=49.0, place_origin="geocoded")
    values = {"lon_deg": 34.0, "lat_deg": 49.0, "place_origin": "given"}
    shown = compare(card(values, dict.fromkeys(values, 1), given_place, geocoded, lon_deg=34.0, lat_deg=49.0))
    assert reason(shown, "lon_deg") == "measured"
    assert row_of(shown, "lat_deg").cells[1].stand == "differs"  # 700 m east: the place as a whole differs


def test_places_a_few_metres_apart_agree():
    one = source(1, lon_deg=34.0, lat_deg=49.0)
    two = source(2, lon_deg=34.0001, lat_deg=49.0001)
    shown = compare(
        card({"lon_deg": 34.0, "lat_deg": 49.0}, {"lon_deg": 1, "lat_deg": 1}, one, two, lon_deg=34.0, lat_deg=49.0)
    )
    assert shown.differing == 0


def test_a_withdrawn_source_no_longer_stands_beside_the_others():
    shown = compare(card({"model": "A"}, {"model": 1}, source(1, model="A"), source(2, withdrawn_at=NEW, model="B")))
    assert len(shown.sources) == 1
    assert len(shown.withdrawn) == 1
    assert shown.differing == 0


def test_bearings_are_compared_around_the_circle():
    assert same_value(FIELDS["bearing_deg"], 350.0, 10.0)
    assert not same_value(FIELDS["bearing_deg"], 350.0, 40.0)


VALUES = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20), st.booleans())


@given(name=st.sampled_from(sorted(FIELDS)), one=VALUES, other=VALUES)
def test_sameness_is_mutual_and_never_raises(name, one, other):
    field = FIELDS[name]
    assert same_value(field, one, one)
    assert same_value(field, one, other) == same_value(field, other, one)


def test_every_field_group_choice_and_source_has_a_word():
    assert set(FIELD_LABELS) == {*FIELDS, *SECRET_FIELDS}
    assert set(GROUPS) == {field.group for field in FIELDS.values()}
    assert set(STATES) == set(fields.STATES)
    assert set(SOURCE_KINDS) == set(trust.SOURCE_KINDS)
    for name, field in FIELDS.items():
        if field.type == "choice":
            assert set(CHOICES[name]) == set(field.choices)
