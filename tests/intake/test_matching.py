"""Pairs, their scores and their explanations, on small lists made for the question."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.intake.logic.matching import blocking
from oblik.intake.logic.matching.explain import explain
from oblik.intake.logic.matching.frame import COLUMNS, prepare
from oblik.intake.logic.matching.model import COMPARISONS, default_model, level_of
from oblik.intake.logic.matching.scoring import GAMMAS, score_pairs

HERE = {"lon_deg": 36.230512, "lat_deg": 50.001234}
FIVE_METRES_ON = {"lon_deg": 36.230512, "lat_deg": 50.001279}
A_KILOMETRE_ON = {"lon_deg": 36.230512, "lat_deg": 50.010234}


def lists(*rows: dict[str, object]) -> pl.DataFrame:
    """Records numbered from 1; `list` gives the list and, unless said otherwise, its owner."""
    full = [
        {"record_id": number, "owner": f"OWNER{row['list']}"} | {k: v for k, v in row.items() if k != "list"}
        | {"list_id": row["list"]}
        for number, row in enumerate(rows, start=1)
    ]  # fmt: skip
    return pl.DataFrame(full, infer_schema_length=None)


def weight(*rows: dict[str, object]) -> float:
    """The bits of the pair of the first two rows, -inf where it is not even kept."""
    pairs = score_pairs(lists(*rows)).filter((pl.col("left") == 1) & (pl.col("right") == 2))
    return float(pairs["weight"][0]) if pairs.height else float("-inf")


def pairs_of(records: pl.DataFrame) -> set[tuple[int, int]]:
    return set(blocking.candidate_pairs(records)[0].iter_rows())


class TestFrame:
    def test_keeps_the_order_of_rows_and_fills_missing_columns_with_null(self):
        frame = prepare(pl.DataFrame({"record_id": [7, 3], "list_id": [1, 1]}))
        assert frame["record_id"].to_list() == [7, 3]
        assert frame.columns == list(COLUMNS)
        assert frame["mac_code"].null_count() == 2

    def test_nothing_gives_nothing(self):
        assert prepare(pl.DataFrame(schema={"record_id": pl.Int64, "list_id": pl.Int64})).is_empty()

    @pytest.mark.parametrize(
        ("name", "number"),
        [("Камера 3 (вхід)", 3), ("Camera №003", 3), ("Школа №5, кам. 2", 2), ("вхід", None), ("CAM-0412", 412)],
    )
    def test_finds_the_number_in_a_label(self, name, number):
        assert prepare(lists({"list": 1, "name": name}))["label_number"].to_list() == [number]

    def test_two_languages_and_spellings_of_an_address_meet(self):
        frame = prepare(lists({"list": 1, "address": "вул. Сумська, 10а"}, {"list": 2, "address": "ул. Сумская 10-А"}))
        assert frame["street_text"].n_unique() == 1
        assert frame["house_code"].n_unique() == 1

    def test_a_crossing_is_the_same_from_either_street(self):
        frame = prepare(lists({"list": 1, "address": "ріг вул. Лісової та вул. Польової"},
                              {"list": 2, "address": "вул. Польова / вул. Лісова"}))  # fmt: skip
        assert frame["corner_text"].null_count() == 0
        assert frame["corner_text"].n_unique() == 1

    def test_an_id_on_many_rows_of_one_list_is_no_id(self):
        rows = [{"list": 1, "mac": "AABBCCDDEE01"}] * 3 + [{"list": 2, "mac": "AABBCCDDEE01"}]
        assert prepare(lists(*rows))["mac_code"].null_count() == 3

    def test_a_mac_worn_as_a_serial_number_is_a_mac(self):
        frame = prepare(lists({"list": 1, "serial": "ACCC8E112233"}, {"list": 2, "mac": "AC:CC:8E:11:22:33"}))
        assert frame["mac_code"].n_unique() == 1

    texts = st.none() | st.text(max_size=14)
    numbers = st.none() | st.floats()
    anything = st.fixed_dictionaries(
        {"list": st.integers(1, 3)}
        | dict.fromkeys(("name", "address", "mac", "installed_on", "house"), texts)
        | dict.fromkeys(("lon_deg", "lat_deg", "bearing_deg"), numbers)
    )

    @given(st.lists(anything, min_size=1, max_size=5))
    @settings(max_examples=25, deadline=None)
    def test_takes_whatever_a_record_may_hold(self, rows):
        frame = prepare(lists(*rows))
        assert frame.height == len(rows)
        assert frame["bearing"].drop_nulls().is_between(0, 360).all()


class TestBlocking:
    def test_neighbours_across_the_edge_of_a_cell_are_a_pair(self):
        for step in range(60):
            lon = 36.23 + step * 0.0001
            rows = (
                {"list": 1, "lon_deg": lon, "lat_deg": 50.00001},
                {"list": 2, "lon_deg": lon + 0.0005, "lat_deg": 50.00001},
            )
            assert pairs_of(lists(*rows)) == {(1, 2)}

    def test_far_rows_are_no_pair_unless_they_share_an_id(self):
        assert pairs_of(lists({"list": 1, **HERE}, {"list": 2, **A_KILOMETRE_ON})) == set()
        mac = {"mac": "AABBCCDDEE01"}
        assert pairs_of(lists({"list": 1, **HERE, **mac}, {"list": 2, **A_KILOMETRE_ON, **mac})) == {(1, 2)}

    @pytest.mark.parametrize("field", ["mac", "serial", "onvif_uuid", "ip", "inventory_number"])
    def test_each_strong_id_alone_makes_a_pair(self, field):
        value = {"mac": "AABBCCDDEE01", "serial": "DS12345", "ip": "10.1.2.3", "inventory_number": "1015-22",
                 "onvif_uuid": "urn:uuid:12345678-1234-1234-1234-123456789abc"}[field]  # fmt: skip
        assert pairs_of(lists({"list": 1, field: value}, {"list": 2, field: value})) == {(1, 2)}

    def test_a_geocoded_row_is_looked_for_farther_away(self):
        far = {"lon_deg": 36.2325, "lat_deg": 50.001234}
        assert pairs_of(
            lists({"list": 1, **HERE}, {"list": 2, **far, "place_origin": "geocoded", "accuracy_m": 50})
        ) == {(1, 2)}

    def test_parts_of_one_row_are_never_a_pair(self):
        rows = [{"list": 1, **HERE, "part": part, "parts": 2, "row_id": 5, "mac": "AABBCCDDEE01"} for part in (1, 2)]
        assert pairs_of(lists(*rows)) == set()

    def test_pairs_are_the_same_once_records_are_decided(self):
        assert pairs_of(lists({"list": 1, **HERE, "camera": 1}, {"list": 2, **HERE, "camera": 2})) == {(1, 2)}

    def test_a_crowd_at_one_address_is_tamed_without_losing_those_who_can_be_told(self):
        rows = [
            {"list": number, "street_key": "s", "house": "1", "name": f"Камера {i}"}
            for number in (1, 2) for i in range(300)
        ]  # fmt: skip
        pairs, report = blocking.candidate_pairs(lists(*rows))
        true = pl.DataFrame({"left": range(1, 301), "right": range(301, 601)})
        assert blocking.recall(pairs, true) == 1.0
        assert report.pairs_per_row < 20
        assert report.crowded[0] == ("house", 600)


class TestScores:
    def test_left_is_the_smaller_and_all_columns_are_there_even_for_nothing(self):
        pairs = score_pairs(lists({"list": 2, **HERE}, {"list": 1, **HERE}))
        assert pairs.select("left", "right").rows() == [(1, 2)]
        empty = score_pairs(lists({"list": 1, **HERE}))
        assert empty.columns == pairs.columns == ["left", "right", "weight", "probability", "inside", *GAMMAS]

    def test_an_absent_value_is_no_evidence(self):
        bare = weight({"list": 1, **HERE}, {"list": 2, **HERE})
        assert weight({"list": 1, **HERE, "mac": "AABBCCDDEE01", "height_m": 3.0}, {"list": 2, **HERE}) == bare

    def test_different_macs_speak_strongly_against(self):
        bare = weight({"list": 1, **HERE}, {"list": 2, **HERE})
        other = weight({"list": 1, **HERE, "mac": "AABBCCDDEE01"}, {"list": 2, **HERE, "mac": "AABBCCDDEE02"})
        assert other < bare - 3

    def test_the_same_address_adds_nothing_to_the_same_coordinates(self):
        address = {"street_key": "s", "house": "1"}
        assert weight({"list": 1, **HERE, **address}, {"list": 2, **HERE, **address}) == weight(
            {"list": 1, **HERE}, {"list": 2, **HERE}
        )

    def test_nearer_weighs_more(self):
        near = weight({"list": 1, **HERE}, {"list": 2, **FIVE_METRES_ON})
        far = weight({"list": 1, **HERE}, {"list": 2, "lon_deg": 36.230512, "lat_deg": 50.001934})
        assert weight({"list": 1, **HERE}, {"list": 2, **HERE}) >= near > far

    def test_an_address_behind_every_router_weighs_less_than_one_of_the_city_network(self):
        def with_ip(ip: str) -> float:
            return weight({"list": 1, **HERE, "ip": ip}, {"list": 2, **HERE, "ip": ip})

        assert with_ip("192.168.1.64") < with_ip("10.20.3.4") - 2

    def test_inside_a_list_the_same_evidence_weighs_less(self):
        row = {**HERE, "name": "Камера 1 вхід", "bearing_deg": 90.0}
        same_list = weight({"list": 1, **row}, {"list": 1, **row})
        assert same_list < weight({"list": 1, **row}, {"list": 2, **row}) - 3

    def test_the_shipped_model_says_how_it_was_trained(self):
        model = default_model()
        assert model.version == "model-1"
        assert model.facts["pairs"] > 100_000
        assert model.facts["splink"].startswith("5.")
        bits = {c["output_column_name"]: c["comparison_levels"] for c in model.settings["comparisons"]}
        assert set(bits) == {comparison.code for comparison in COMPARISONS}


class TestExplanation:
    LEFT = {"record_id": 1, "list_id": 1, "owner": "A", **HERE, "mac": "AABBCCDDEE01", "model": "DS-2CD2143"}
    RIGHT = {"record_id": 2, "list_id": 2, "owner": "B", **FIVE_METRES_ON, "mac": "AABBCCDDEE01", "model": "DS 2CD2143"}

    def test_adds_up_to_the_score_of_the_batch(self):
        records = pl.DataFrame([self.LEFT, self.RIGHT])
        told = explain(self.LEFT, self.RIGHT, records=records)
        assert told.total_bits == pytest.approx(score_pairs(records)["weight"][0])
        assert told.prior_bits + sum(reason.bits for reason in told.reasons) == pytest.approx(told.total_bits)
        assert 0 < told.probability < 1

    def test_names_each_level_and_shows_the_values(self):
        reasons = {reason.comparison: reason for reason in explain(self.LEFT, self.RIGHT).reasons}
        assert set(reasons) == {comparison.code for comparison in COMPARISONS}
        assert reasons["device"].level == "mac"
        assert reasons["device"].left == {"mac": "AABBCCDDEE01"}
        assert reasons["device"].level_label == "Same MAC"
        assert (reasons["bearing"].level, reasons["bearing"].bits) == ("null", 0.0)

    def test_is_the_same_from_either_side(self):
        assert explain(self.LEFT, self.RIGHT).total_bits == pytest.approx(explain(self.RIGHT, self.LEFT).total_bits)

    def test_levels_are_counted_from_the_weakest(self):
        assert level_of(COMPARISONS[0], -1) == "null"
        assert level_of(COMPARISONS[0], 0) == "else"
