"""The model: which evidence is compared, in which levels, and what each level weighs."""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import polars as pl

from oblik.base.errors import msg

DEFAULT_MODEL: Final = "model-1.json"
NULL_LEVEL: Final = "null"


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement. code is stable; label is an English sentence for pages; condition is DuckDB SQL.

    prior_m and prior_u are what was expected before training, as shares among candidate pairs that are (m) or are not
    (u) the same camera: training starts from them, so a level that no training city shows keeps a sensible weight.
    """

    code: str
    label: str
    condition: str
    prior_m: float
    prior_u: float
    frequency_of: str = ""
    frequency_weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One kind of evidence: absent is the condition under which it says nothing; levels from strongest to weakest."""

    code: str
    label: str
    absent: str
    levels: tuple[Level, ...]


# comparison -> level -> matching pairs, and meetings of rows that both have no match, per row
Usual = dict[str, dict[str, tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Model:
    """version names the model in judgements; prior is the share of matches among candidate pairs of two lists.

    inside_shift_bits is added to pairs inside one list, shared_id_shift_bits instead where they share an id; settings
    is what Splink is given; facts: how it was trained; usual and habit_share are for `habits`.
    """

    version: str
    prior: float
    inside_shift_bits: float
    shared_id_shift_bits: float
    settings: dict[str, Any]
    facts: dict[str, Any]
    usual: Usual
    habit_share: float


_D2: Final = "((x_m_l - x_m_r) ** 2 + (y_m_l - y_m_r) ** 2)"
_PLACED: Final = "(x_m_l is not null and x_m_r is not null)"
_FINE: Final = f"({_PLACED} and not coarse_l and not coarse_r)"
_STREETS: Final = "(street_code_l = street_code_r or street_text_l = street_text_r)"
_HOUSES: Final = "(house_code_l is not null and house_code_r is not null)"
_HAS_STREET_L: Final = "(street_code_l is not null or street_text_l is not null)"
_HAS_STREET_R: Final = "(street_code_r is not null or street_text_r is not null)"
_SAME_HOUSE: Final = f"(({_HOUSES} and house_code_l = house_code_r and {_STREETS}) or address_code_l = address_code_r)"
_SAME_CORNER: Final = "corner_text_l = corner_text_r"
_TURN: Final = "least(abs(bearing_l - bearing_r), 360 - abs(bearing_l - bearing_r))"

# One comparison for coordinates and address together: an address is mostly where the coordinates came from, or the
# other way round, and two comparisons would count one fact twice.
WHERE: Final = Comparison(
    "where", msg("Place"),
    f"not {_PLACED} and not ({_HAS_STREET_L} and {_HAS_STREET_R}) and coalesce(site_code_l <> site_code_r, true) "
    "and coalesce(address_code_l <> address_code_r, true)",
    (
        Level("at_1m", msg("The same point"), f"{_FINE} and {_D2} <= 2.25", 0.30, 0.03),
        Level("at_5m", msg("Within 5 m"), f"{_FINE} and {_D2} <= 25", 0.20, 0.05),
        Level("at_12m", msg("Within 12 m"), f"{_FINE} and {_D2} <= 144", 0.15, 0.06),
        Level("at_30m", msg("Within 30 m"), f"{_FINE} and {_D2} <= 900", 0.06, 0.08),
        Level("at_60m", msg("Within 60 m"), f"{_FINE} and {_D2} <= 3600", 0.02, 0.12),
        Level("far_same_address", msg("Same address, but the coordinates lie apart"), f"{_FINE} and {_SAME_HOUSE}",
              0.01, 0.03),
        Level("at_150m", msg("Within 150 m"), f"{_FINE} and {_D2} <= 22500", 0.005, 0.20),
        Level("apart", msg("More than 150 m apart"), _FINE, 0.003, 0.06),
        Level("same_house", msg("Same street and house"), _SAME_HOUSE, 0.20, 0.08),
        Level("same_corner", msg("Same crossing or the same words for a place without a house"), _SAME_CORNER,
              0.04, 0.02),
        Level("vague_near", msg("As near as the vaguer place can tell"),
              f"{_PLACED} and {_D2} <= (acc_m_l + acc_m_r) ** 2 and not coalesce({_HOUSES} and not {_STREETS}, false)",
              0.10, 0.08),
        Level("near_house", msg("Same street, neighbouring house"),
              f"{_HOUSES} and {_STREETS} and abs(house_number_l - house_number_r) <= 2", 0.01, 0.03),
        Level("vague_middle", msg("Somewhat farther than the vaguer place can tell"),
              f"{_PLACED} and {_D2} <= 2.6 * (acc_m_l + acc_m_r) ** 2", 0.03, 0.10),
        Level("vague_far", msg("Farther than the vaguer place should be off"),
              f"{_PLACED} and {_D2} <= 6.25 * (acc_m_l + acc_m_r) ** 2", 0.01, 0.10),
        Level("vague_apart", msg("Too far apart even for a vague place"), _PLACED, 0.005, 0.20),
        Level("other_house", msg("Same street, another house"), f"{_HOUSES} and {_STREETS}", 0.003, 0.10),
        Level("same_street", msg("Same street, house not given in both"), _STREETS, 0.04, 0.05),
        Level("same_site", msg("Same site"), "site_code_l = site_code_r", 0.08, 0.05),
        Level("other_place", msg("Other street, house not given in both"), f"not {_HOUSES}", 0.02, 0.10),
        # Reached only where one side has no coordinates: perhaps because its street is not in the city's tables, or
        # stands there under another name.
        Level("other_street_same_number", msg("Other street name, same house number"),
              "house_code_l = house_code_r", 0.02, 0.05),
        Level("else", msg("Other street"), "", 0.005, 0.10),
    ),
)  # fmt: skip

DEVICE: Final = Comparison(
    "device", msg("Serial number, MAC or ONVIF identifier"),
    "(mac_code_l is null or mac_code_r is null) and (serial_code_l is null or serial_code_r is null) "
    "and (uuid_code_l is null or uuid_code_r is null)",
    (
        Level("uuid", msg("Same ONVIF identifier"), "uuid_code_l = uuid_code_r", 0.05, 0.00001),
        Level("mac", msg("Same MAC"), "mac_code_l = mac_code_r", 0.55, 0.0001),
        Level("serial", msg("Same serial number, MAC not compared"),
              "serial_code_l = serial_code_r and coalesce(mac_code_l = mac_code_r, true)", 0.35, 0.0002),
        Level("serial_only", msg("Same serial number, but another MAC"), "serial_code_l = serial_code_r", 0.01, 0.0002),
        # Neighbours bought together differ in the last digit, slips of the pen anywhere.
        Level("mac_slip", msg("MAC but for one slip of the pen"),
              "right(mac_text_l, 1) = right(mac_text_r, 1) and damerau_levenshtein(mac_text_l, mac_text_r) = 1",
              0.004, 0.0004),
        Level("serial_slip", msg("Serial number but for one slip of the pen"),
              "coalesce(mac_code_l = mac_code_r, true) and right(serial_text_l, 1) = right(serial_text_r, 1) "
              "and damerau_levenshtein(serial_text_l, serial_text_r) = 1", 0.004, 0.001),
        Level("else", msg("Other device identifiers"), "", 0.015, 0.999),
    ),
)  # fmt: skip

INVENTORY: Final = Comparison(
    "inventory", msg("Inventory number"),
    "inventory_code_l is null or inventory_code_r is null "
    "or (inventory_code_l <> inventory_code_r and owner_code_l <> owner_code_r)",
    (
        Level("same_owner", msg("Same inventory number of the same owner"),
              "inventory_code_l = inventory_code_r and (owner_code_l = owner_code_r or owner_named_l = owner_named_r)",
              0.90, 0.0005),
        Level("other_owner", msg("Same inventory number in lists of two owners"), "inventory_code_l = inventory_code_r",
              0.06, 0.003),
        Level("else", msg("Other inventory numbers of one owner"), "", 0.04, 0.9965),
    ),
)  # fmt: skip

SOURCE: Final = Comparison(
    "source",
    msg("The list's own identifier"),
    "source_code_l is null or source_code_r is null or owner_code_l <> owner_code_r",
    (
        Level("same", msg("Same identifier in two lists of one owner"), "source_code_l = source_code_r", 0.90, 0.003),
        Level("else", msg("Other identifiers in lists of one owner"), "", 0.10, 0.997),
    ),
)

NETWORK: Final = Comparison(
    "network", msg("Network address"), "host_code_l is null or host_code_r is null",
    (
        Level("same_router", msg("Same address of a kind that repeats behind every router"),
              "ip_code_l = ip_code_r and ip_router_l", 0.10, 0.01),
        Level("same", msg("Same address, comparable network"),
              "ip_code_l = ip_code_r and (owner_code_l = owner_code_r or not coalesce(ip_private_l, true))",
              0.30, 0.0008),
        Level("same_private", msg("Same private address in lists of two owners"), "ip_code_l = ip_code_r", 0.40, 0.002),
        Level("host", msg("Same host, port not given or another"), "host_code_l = host_code_r", 0.06, 0.004),
        Level("else", msg("Other addresses"), "", 0.14, 0.992),
    ),
)  # fmt: skip

BEARING: Final = Comparison(
    "bearing",
    msg("Bearing"),
    "bearing_l is null or bearing_r is null",
    (
        Level("within_6", msg("Within 6°"), f"{_TURN} <= 6", 0.45, 0.06),
        Level("within_15", msg("Within 15°"), f"{_TURN} <= 15", 0.24, 0.08),
        Level("within_30", msg("Within 30°"), f"{_TURN} <= 30", 0.20, 0.12),
        Level("within_60", msg("Within 60°"), f"{_TURN} <= 60", 0.05, 0.16),
        Level("within_120", msg("Within 120°"), f"{_TURN} <= 120", 0.03, 0.32),
        Level("else", msg("Looking another way"), "", 0.03, 0.26),
    ),
)

KIND: Final = Comparison(
    "kind", msg("Kind of camera"), "kind_fold_l is null or kind_fold_r is null",
    (
        Level("same", msg("Same kind"), "kind_fold_l = kind_fold_r", 0.90, 0.52),
        Level("akin", msg("Kinds that are taken for each other"),
              "kind_fold_l in ('ptz', 'dome') and kind_fold_r in ('ptz', 'dome')", 0.05, 0.10),
        Level("else", msg("Other kind"), "", 0.05, 0.38),
    ),
)  # fmt: skip

MODEL: Final = Comparison(
    "model", msg("Maker and model"),
    "(model_fold_l is null or model_fold_r is null) and (vendor_fold_l is null or vendor_fold_r is null)",
    (
        Level("same", msg("Same model"), "model_fold_l = model_fold_r", 0.62, 0.20, "model_fold", 0.3),
        Level("alike", msg("Model spelled alike"),
              "model_fold_l is not null and model_fold_r is not null and (jaro_winkler_similarity(model_fold_l, "
              "model_fold_r) >= 0.93 or (length(model_fold_l) >= 5 and length(model_fold_r) >= 5 and "
              "(starts_with(model_fold_l, model_fold_r) or starts_with(model_fold_r, model_fold_l))))", 0.12, 0.08),
        Level("vendor", msg("Same maker, model not given in both"),
              "vendor_fold_l = vendor_fold_r and (model_fold_l is null or model_fold_r is null)", 0.12, 0.10),
        Level("vendor_only", msg("Same maker, other model"), "vendor_fold_l = vendor_fold_r", 0.07, 0.22),
        Level("else", msg("Other model"), "", 0.07, 0.40),
    ),
)  # fmt: skip

_RESTS: Final = "(name_rest_l is not null and name_rest_r is not null)"
_RESTS_ALIKE: Final = f"({_RESTS} and jaro_winkler_similarity(name_rest_l, name_rest_r) >= 0.9)"
# A name says more where the place agrees: every school has its "Camera 2, entrance", one school has one.
_HERE: Final = (
    f"(({_PLACED} and {_D2} <= (30 + acc_m_l + acc_m_r) ** 2) or {_SAME_HOUSE} or {_SAME_CORNER} "
    "or site_code_l = site_code_r)"
)
_SAME_NUMBER: Final = "label_number_l = label_number_r"
# "Camera 2" is a number, not a name; "CAM-0412" is one.
_NAMES_ALIKE_HERE: Final = f"({_RESTS} and jaro_winkler_similarity(name_rest_l, name_rest_r) >= 0.8)"
_SAME_NAME: Final = "name_code_l = name_code_r and (name_rest_l is not null or label_number_l >= 100)"
LABEL: Final = Comparison(
    "label", msg("Name and number"),
    "name_code_l is null or name_code_r is null "
    f"or (not {_RESTS} and (label_number_l is null or label_number_r is null))",
    (
        Level("same_here", msg("Same name at the same place"), f"{_SAME_NAME} and {_HERE}",
              0.30, 0.02),
        Level("same", msg("Same name"), _SAME_NAME, 0.05, 0.05, "name_code", 0.3),
        Level("alike_number_here", msg("Alike name and same number at the same place"),
              f"{_SAME_NUMBER} and {_NAMES_ALIKE_HERE} and {_HERE}", 0.08, 0.004),
        Level("alike_number", msg("Alike name, same number"), f"{_SAME_NUMBER} and {_RESTS_ALIKE}", 0.02, 0.01),
        Level("alike_other_number", msg("Alike name, another number"),
              f"label_number_l <> label_number_r and {_RESTS_ALIKE}", 0.03, 0.15),
        Level("alike_here", msg("Alike name, no number to compare, at the same place"), f"{_RESTS_ALIKE} and {_HERE}",
              0.10, 0.03),
        Level("alike", msg("Alike name, no number to compare"), _RESTS_ALIKE, 0.04, 0.06),
        Level("words_differ_here", msg("Same number but other words, at the same place"),
              f"{_SAME_NUMBER} and {_HERE} and {_RESTS} and jaro_winkler_similarity(name_rest_l, name_rest_r) < 0.8 "
              "and not contains(name_rest_l, name_rest_r) and not contains(name_rest_r, name_rest_l)", 0.03, 0.04),
        Level("number_here", msg("Same number, at the same place"), f"{_SAME_NUMBER} and {_HERE}",
              0.10, 0.04),
        Level("number", msg("Other name, same number"), _SAME_NUMBER, 0.04, 0.08),
        Level("other_number", msg("Other name, another number"), "label_number_l <> label_number_r", 0.15, 0.40),
        Level("else", msg("Other name"), "", 0.09, 0.156),
    ),
)  # fmt: skip

HEIGHT: Final = Comparison(
    "height",
    msg("Mounting height"),
    "height_l is null or height_r is null",
    (
        Level("within_05", msg("Within 0.5 m"), "abs(height_l - height_r) <= 0.5", 0.60, 0.30),
        Level("within_15", msg("Within 1.5 m"), "abs(height_l - height_r) <= 1.5", 0.28, 0.28),
        Level("else", msg("Other height"), "", 0.12, 0.42),
    ),
)

OWNER: Final = Comparison(
    "owner",
    msg("Owner as named in the row"),
    "owner_named_l is null or owner_named_r is null",
    (
        Level("same", msg("Same owner named"), "owner_named_l = owner_named_r", 0.80, 0.50),
        Level("else", msg("Other owner named"), "", 0.20, 0.50),
    ),
)

INSTALLED: Final = Comparison(
    "installed",
    msg("Installation date"),
    "installed_l is null or installed_r is null",
    (
        Level("same", msg("Same day"), "installed_l = installed_r", 0.55, 0.12),
        Level("month", msg("Within 45 days"), "abs(date_diff('day', installed_l, installed_r)) <= 45", 0.20, 0.10),
        Level("else", msg("Other time"), "", 0.25, 0.78),
    ),
)

_GAP: Final = "least(gap_m_l, gap_m_r)"
_ONE_HOUSE: Final = f"(({_SAME_HOUSE} or {_SAME_CORNER}) and housemates_l is not null and housemates_r is not null)"
# A pair alone at its place has nobody to be taken for. What each list has beside it is known before any pair is scored.
COMPANY: Final = Comparison(
    "company", msg("Others at the same place"),
    f"not coalesce({_FINE} and {_D2} <= 3600 and {_GAP} is not null, false) and not coalesce({_ONE_HOUSE}, false)",
    (
        Level("alone", msg("No other of either list is near"), f"{_FINE} and {_GAP} >= greatest(25, 3 * sqrt({_D2}))",
              0.40, 0.10),
        Level("clear", msg("Others are clearly farther off"), f"{_FINE} and {_GAP} >= greatest(6, 2.5 * sqrt({_D2}))",
              0.15, 0.10),
        Level("as_many", msg("As many close by in both lists"),
              f"{_FINE} and {_D2} <= 900 and close_by_l = close_by_r and close_by_l > 0", 0.20, 0.20),
        Level("crowded", msg("Others as near"), _FINE, 0.25, 0.60),
        Level("alone_here", msg("The only one of each list at this address"), "housemates_l = 0 and housemates_r = 0",
              0.30, 0.10),
        Level("as_many_here", msg("As many of both lists at this address"), "housemates_l = housemates_r", 0.20, 0.20),
        Level("else", msg("Several at this address"), "", 0.50, 0.70),
    ),
)  # fmt: skip

COMPARISONS: Final = (
    WHERE, COMPANY, DEVICE, INVENTORY, SOURCE, NETWORK, BEARING, KIND, MODEL, LABEL, HEIGHT, OWNER, INSTALLED,
)  # fmt: skip

# Levels of an equal id: inside a list they are what a duplicate needs.
SHARED_IDS: Final = {
    "device": ("uuid", "mac", "serial"),
    "inventory": ("same_owner",),
    "network": ("same", "same_private"),
}


def shares_id(gammas: dict[str, pl.Expr]) -> pl.Expr:
    """Whether any comparison stands at the level of an equal id; gammas: comparison code -> its column."""
    wanted = [
        gammas[c.code] == len(c.levels) - 1 - number
        for c in COMPARISONS
        for number, level in enumerate(c.levels)
        if level.code in SHARED_IDS.get(c.code, ())
    ]
    return pl.any_horizontal(wanted)


Weights = dict[str, dict[str, tuple[float, float]]]  # comparison code -> level code -> (u, bits)


def expected_weights() -> Weights:
    """u and bits of every level as expected before training."""

    def weight(level: Level) -> tuple[float, float]:
        return level.prior_u, math.log2(level.prior_m / level.prior_u)

    return {c.code: {level.code: weight(level) for level in c.levels} for c in COMPARISONS}


def splink_settings(weights: Weights, *, prior: float) -> dict[str, Any]:
    """The settings that Splink is given: link type, comparisons with m and u, and no blocking rules of its own.

    u is as counted, m is what gives the level its bits; the two need not be shares that add up to one.
    """
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record_id",
        "probability_two_random_records_match": prior,
        "retain_matching_columns": True,  # Splink gives the comparison values only together with the columns
        "retain_intermediate_calculation_columns": False,
        "comparisons": [_comparison(c, weights[c.code]) for c in COMPARISONS],
        "blocking_rules_to_generate_predictions": [],
    }


def _comparison(comparison: Comparison, weights: dict[str, tuple[float, float]]) -> dict[str, Any]:
    null = {"sql_condition": comparison.absent, "label_for_charts": "absent", "is_null_level": True}
    levels = [_level(level, *weights[level.code]) for level in comparison.levels]
    return {"output_column_name": comparison.code, "comparison_levels": [null, *levels]}


def _level(level: Level, u: float, bits: float) -> dict[str, Any]:
    output: dict[str, Any] = {
        "sql_condition": level.condition or "ELSE", "label_for_charts": level.code,
        "m_probability": u * 2.0**bits, "u_probability": u,
    }  # fmt: skip
    if level.frequency_of:
        output["tf_adjustment_column"] = level.frequency_of
        output["tf_adjustment_weight"] = level.frequency_weight
        output["tf_minimum_u_value"] = 0.002
        output["disable_tf_exact_match_detection"] = True
    return output


def level_of(comparison: Comparison, gamma: int) -> str:
    """The code of the level that Splink's comparison value stands for; -1 is null, else counted from the weakest, 0."""
    return NULL_LEVEL if gamma < 0 else comparison.levels[len(comparison.levels) - 1 - gamma].code


def model_from_dict(data: dict[str, Any]) -> Model:
    """The model of a parsed model file."""
    weights = {
        comparison: {level: (float(w["u"]), float(w["bits"])) for level, w in levels.items()}
        for comparison, levels in data["weights"].items()
    }
    prior = float(data["prior"])
    return Model(
        data["version"],
        prior,
        float(data["inside_shift_bits"]),
        float(data["shared_id_shift_bits"]),
        splink_settings(weights, prior=prior),
        data["facts"],
        {c: {code: (float(m), float(u)) for code, (m, u) in levels.items()} for c, levels in data["usual"].items()}
        if "usual" in data
        else {},
        float(data.get("habit_share", 0.0)),
    )


@cache
def default_model() -> Model:
    """The model shipped with this version: intake/logic/matching/models/model-1.json."""
    text = resources.files("oblik.intake.logic.matching").joinpath("models", DEFAULT_MODEL).read_text("utf-8")
    return model_from_dict(json.loads(text))


@cache
def untrained_model() -> Model:
    """The model with the expected weights only: what training starts from."""
    settings = splink_settings(expected_weights(), prior=0.2)
    return Model("expected", 0.2, -8.0, -4.0, settings, {"trained": False}, {}, 0.0)
