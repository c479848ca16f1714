"""The reasons of one record against several at once, fast enough for a page: the model's conditions and weights as
they stand, without the set-up of a batch."""

from collections.abc import Sequence
from functools import cache
from math import log2
from typing import Any, Final

import duckdb
import polars as pl

from oblik.intake.logic.matching import blocking
from oblik.intake.logic.matching.company import COMPANY_COLUMNS
from oblik.intake.logic.matching.explain import SHOWN, Explanation, Reason, Record, typed
from oblik.intake.logic.matching.frame import prepare
from oblik.intake.logic.matching.model import (
    COMPARISONS,
    NULL_LEVEL,
    SHARED_IDS,
    Comparison,
    Model,
    default_model,
    level_of,
)

# What `prepare` gives as the share of a value that both of two records carry, and nobody else is there.
_SHARE_OF_TWO: Final = 2 / (2 + 200.0)


def weigh(left: Record, rights: Sequence[Record], *, model: Model | None = None) -> list[Explanation]:
    """For each of the rights what `explain(left, right)` says when the two stand alone; nothing for none.

    left, rights: field -> value with list_id where known. Ids carried by three or more of the records given of one list
    are taken for a recorder's, as in a batch.
    """
    if not rights:
        return []
    chosen = model or default_model()
    sides = [dict(side) | {"record_id": number} for number, side in enumerate((left, *rights))]
    for number, side in enumerate(sides):
        side.setdefault("list_id", -number - 1)
    prepared = prepare(typed(sides)).with_columns(pl.lit(None).cast(pl.Int64).alias(name) for name in COMPANY_COLUMNS)
    levels = _levels(prepared)
    return [_explained(sides[0], sides[number], levels[number], chosen) for number in range(1, len(sides))]


def _explained(left: dict[str, object], right: dict[str, object], levels: dict[str, int], model: Model) -> Explanation:
    reasons = tuple(_reason(one, levels[one.code], left, right, model) for one in COMPARISONS)
    prior = log2(model.prior / (1.0 - model.prior))
    inside = left["list_id"] == right["list_id"]
    shares_one = any(reason.level in SHARED_IDS.get(reason.comparison, ()) for reason in reasons)
    shift = (model.shared_id_shift_bits if shares_one else model.inside_shift_bits) if inside else 0.0
    total = prior + sum(reason.bits for reason in reasons) + shift
    return Explanation(model.version, prior, inside, reasons, total, 1.0 / (1.0 + 2.0**-total))


def _reason(
    comparison: Comparison, gamma: int, left: dict[str, object], right: dict[str, object], model: Model
) -> Reason:
    code = level_of(comparison, gamma)
    labels = {level.code: level.label for level in comparison.levels}
    shown_left, shown_right = (
        {name: side[name] for name in SHOWN[comparison.code] if side.get(name) is not None} for side in (left, right)
    )
    bits = 0.0 if code == NULL_LEVEL else _bits(model)[comparison.code, code]
    return Reason(comparison.code, comparison.label, code, labels.get(code, ""), bits, shown_left, shown_right)


def _bits(model: Model) -> dict[tuple[str, str], float]:
    """(comparison, level) -> bits, with what the value's frequency adds for two who stand alone."""
    answer: dict[tuple[str, str], float] = {}
    for comparison in model.settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            answer[comparison["output_column_name"], level["label_for_charts"]] = _weight(level)
    return answer


def _weight(level: dict[str, Any]) -> float:
    bits = log2(level["m_probability"] / level["u_probability"])
    if "tf_adjustment_column" in level:
        share = max(_SHARE_OF_TWO, level["tf_minimum_u_value"])
        bits += level["tf_adjustment_weight"] * log2(level["u_probability"] / share)
    return bits


@cache
def _question() -> str:
    """SQL: a column per comparison with the number of its level, as Splink counts them."""
    return ", ".join(f'case when {one.absent} then -1 {_cases(one)} else 0 end as "{one.code}"' for one in COMPARISONS)


def _cases(comparison: Comparison) -> str:
    last = len(comparison.levels) - 1
    return " ".join(
        f"when {level.condition} then {last - number}"
        for number, level in enumerate(comparison.levels)
        if level.condition
    )


@cache
def _memory() -> duckdb.DuckDBPyConnection:
    """One for the process, as making it takes longer than asking it; each question has a cursor of its own."""
    connection = blocking.connect(memory_mb=200, threads=1)
    connection.execute("pragma disable_optimizer")  # planning would take longer than asking a dozen rows
    return connection


def _levels(prepared: pl.DataFrame) -> dict[int, dict[str, int]]:
    """record -> comparison -> the level's number, -1 where it says nothing."""
    pairs = ", ".join(f'{side}."{name}" as "{name}_{side}"' for name in prepared.columns for side in ("l", "r"))
    with _memory().cursor() as connection:
        connection.register("sides", prepared.to_arrow())
        found = connection.execute(
            f"with pairs as (select {pairs} from sides l, sides r where l.record_id = 0 and r.record_id > 0) "
            f"select record_id_r, {_question()} from pairs"
        ).fetchall()
    codes = [one.code for one in COMPARISONS]
    return {int(row[0]): dict(zip(codes, (int(n) for n in row[1:]), strict=True)) for row in found}
