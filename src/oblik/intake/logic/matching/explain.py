"""Why two records are, or are not, taken for one camera: the weight of each piece of evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from splink import DuckDBAPI, Linker

from oblik.intake.logic.matching import blocking
from oblik.intake.logic.matching.company import COMPANY_COLUMNS
from oblik.intake.logic.matching.frame import NUMBERS, TEXTS, WHOLES, prepare
from oblik.intake.logic.matching.model import COMPARISONS, SHARED_IDS, Comparison, Model, default_model, level_of

# What a person is shown beside each comparison: the values as cleaned, not the codes that were compared.
SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "where": ("lon_deg", "lat_deg", "accuracy_m", "address", "street", "house", "site"),
    "company": (),
    "device": ("mac", "serial", "onvif_uuid"),
    "inventory": ("inventory_number", "owner"),
    "source": ("source_id", "owner"),
    "network": ("ip", "port"),
    "bearing": ("bearing_deg",),
    "kind": ("kind",),
    "model": ("vendor", "model"),
    "label": ("name",),
    "height": ("height_m",),
    "owner": ("owner_name",),
    "installed": ("installed_on",),
}
Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison: bits above zero speak for one camera, below against, 0 with level "null" says nothing.

    comparison and level are stable codes; comparison_label and level_label English sentences marked for translation.
    left and right: field -> value as cleaned, only those given.
    """

    comparison: str
    comparison_label: str
    level: str
    level_label: str
    bits: float
    left: dict[str, object]
    right: dict[str, object]


@dataclass(frozen=True, slots=True)
class Explanation:
    """prior_bits and the reasons add up to total_bits (inside a list with the model's shift); model names the version.

    probability is the pair's own, before rivals are looked at.
    """

    model: str
    prior_bits: float
    inside: bool
    reasons: tuple[Reason, ...]
    total_bits: float
    probability: float


def explain(
    left: Record, right: Record, *, model: Model | None = None, records: pl.DataFrame | None = None
) -> Explanation:
    """The weight of each comparison between two records, by Splink with the same model as the batch.

    left, right: field -> value, with record_id and list_id where known. records: the frame of the run they come from;
    with it shared addresses and the frequency of models and names are those of the batch, so the total is the batch's
    too; without it the two stand alone.
    """
    chosen = model or default_model()
    sides = [
        dict(left) | {"record_id": left.get("record_id", 1)},
        dict(right) | {"record_id": right.get("record_id", 2)},
    ]
    if sides[0]["record_id"] == sides[1]["record_id"]:
        sides[0]["record_id"], sides[1]["record_id"] = 1, 2
    for number, side in enumerate(sides):
        side.setdefault("list_id", number + 1)
    inside = sides[0]["list_id"] == sides[1]["list_id"]
    row = _scored(_prepared(sides, records), chosen)
    reasons = tuple(_reason(comparison, row, sides) for comparison in COMPARISONS)
    shares_one = any(reason.level in SHARED_IDS.get(reason.comparison, ()) for reason in reasons)
    shift = chosen.shared_id_shift_bits if shares_one else chosen.inside_shift_bits
    total = float(row["match_weight"]) + (shift if inside else 0.0)
    prior = float(row["match_weight"]) - sum(reason.bits for reason in reasons)
    return Explanation(chosen.version, prior, inside, reasons, total, 1.0 / (1.0 + 2.0**-total))


def _prepared(sides: list[dict[str, object]], records: pl.DataFrame | None) -> pl.DataFrame:
    """Left then right, prepared; among their batch where it is given."""
    ids = [side["record_id"] for side in sides]
    known = set() if records is None else set(records.filter(pl.col("record_id").is_in(ids))["record_id"])
    if records is not None and known == set(ids):
        frame = prepare(records).filter(pl.col("record_id").is_in(ids))
        return frame.sort(pl.col("record_id") != ids[0])
    # Without their lists nobody knows what else stands there.
    return prepare(typed(sides)).with_columns(pl.lit(None).cast(pl.Int64).alias(name) for name in COMPANY_COLUMNS)


def typed(sides: list[dict[str, object]]) -> pl.DataFrame:
    """Records as a frame; every value as text first, because dates and numbers come as either."""
    names = ["record_id", "list_id", "owner", *TEXTS, *NUMBERS, *WHOLES]
    columns = {name: [None if side.get(name) is None else str(side[name]) for side in sides] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def _scored(prepared: pl.DataFrame, model: Model) -> dict[str, Any]:
    settings = model.settings | {"retain_intermediate_calculation_columns": True}
    with blocking.connect(memory_mb=500, threads=1) as connection:
        connection.register("two_arrow", prepared.to_arrow())
        connection.execute("create table two as select * from two_arrow")
        ids = prepared["record_id"].to_list()
        connection.execute(
            "create table asked as select '0' as match_key, ?::bigint as join_key_l, ?::bigint as join_key_r", ids
        )
        api = DuckDBAPI(connection=connection)
        linker = Linker(api.table_to_splink_dataframe("two", "two"), settings, log_level=None, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(api.table_to_splink_dataframe("asked", "asked"))
        scored = linker.inference.predict(warning_mode="never")
        rows: list[dict[str, Any]] = connection.sql(f"select * from {scored.physical_name}").pl().to_dicts()
    return rows[0]


def _reason(comparison: Comparison, row: dict[str, Any], sides: list[dict[str, object]]) -> Reason:
    level = level_of(comparison, int(row[f"gamma_{comparison.code}"]))
    labels = {known.code: known.label for known in comparison.levels}
    bits = sum(float(value) for name, value in row.items() if name in _weight_columns(comparison))
    left, right = (
        {name: side[name] for name in SHOWN[comparison.code] if side.get(name) is not None} for side in sides
    )
    return Reason(comparison.code, comparison.label, level, labels.get(level, ""), bits, left, right)


def _weight_columns(comparison: Comparison) -> tuple[str, str]:
    return f"mw_{comparison.code}", f"mw_tf_adj_{comparison.code}"
