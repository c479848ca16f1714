"""How two lists differ from the usual: their coordinates copied or guessed, their numbers common or each its own."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from oblik.intake.logic.matching.model import COMPARISONS, Comparison, Model, Usual
from oblik.intake.logic.matching.rivals import Floats, Indexes, pairing_probabilities

# What differs between lists, and the levels among which it is shared out; the rest of each comparison stays as it is.
LEARNED: Final = {
    "where": ("at_1m", "at_5m", "at_12m", "at_30m", "at_60m", "same_house"),
    "label": (
        "same_here", "alike_number_here", "alike_other_number", "alike_here", "words_differ_here", "number_here",
        "other_number", "else",
    ),
    "bearing": ("within_6", "within_15", "within_30", "within_60", "within_120", "else"),
}  # fmt: skip
USUAL: Final = 30.0  # how many rows' worth the usual shares count
ROUNDS: Final = 3
FARTHEST_BITS: Final = 4.0
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs across lists as arrays: two numbers which two lists each is of, rows and columns each record's choice among
    the other list, levels[comparison] the place of its level in LEARNED, -1 for others."""

    two: Indexes
    rows: Indexes
    columns: Indexes
    levels: dict[str, Indexes]


def learned_bits(records: pl.DataFrame, pairs: pl.DataFrame, *, model: Model) -> Floats:
    """(n,) bits to add to each pair's weight for what these two lists show of themselves; 0 inside a list.

    records: record_id, list_id; pairs as `score_pairs` gives them. For every two lists the matching pairs of each level
    are counted anew, and how often a row that has no match meets one of the other list that has none, both from the
    probabilities after rivals, and held to what is usual as if that had been seen on USUAL rows (expectation and
    maximisation, ROUNDS times). At most FARTHEST_BITS per comparison.
    """
    added = np.zeros(pairs.height)
    if not model.usual or any(f"gamma_{code}" not in pairs.columns for code in LEARNED):
        return added
    across = np.flatnonzero(~pairs["inside"].to_numpy())
    if len(across):
        chosen = pairs[across]
        added[across] = model.habit_share * learn(
            meetings(records, chosen), chosen["weight"].to_numpy(), model.usual, share=model.habit_share
        )
    return added


def learn(met: Meetings, weight: Floats, usual: Usual, *, share: float) -> Floats:
    """The bits of `learned_bits` before they are weighed by the model's share."""
    bits = np.zeros(len(weight))
    for _ in range(ROUNDS):
        sure = pairing_probabilities(met.rows, met.columns, weight + share * bits)
        bits = np.zeros(len(weight))
        for code, level in met.levels.items():
            bits += _shift(code, level, met, sure, usual)
    return bits


def masses(met: Meetings, code: str, sure: Floats) -> tuple[Floats, Floats, Floats]:
    """Per two lists and level: matching pairs; meetings of rows that both have no match; and per two lists the rows."""
    size, width, level = int(met.two.max()) + 1, len(LEARNED[code]), met.levels[code]
    alone = 1 - np.minimum(np.bincount(met.rows, sure), 1.0)[met.rows]
    alone *= 1 - np.minimum(np.bincount(met.columns, sure), 1.0)[met.columns]
    seen = level >= 0
    cell = met.two[seen] * width + level[seen]
    same = np.bincount(cell, sure[seen], size * width).reshape(size, width)
    other = np.bincount(cell, alone[seen], size * width).reshape(size, width)
    first = np.unique(met.rows, return_index=True)[1]
    rows: Floats = np.bincount(met.two[first], minlength=size).astype(np.float64)
    return np.asarray(same, dtype=np.float64), np.asarray(other, dtype=np.float64), rows


def meetings(records: pl.DataFrame, pairs: pl.DataFrame) -> Meetings:
    """From records and scored pairs across lists."""
    lists = records.select("record_id", "list_id")
    joined = pairs.select("left", "right")
    for side in ("left", "right"):
        named = lists.rename({"record_id": side, "list_id": f"list_{side}"})
        joined = joined.join(named, on=side, how="left", maintain_order="left")

    def number(*names: pl.Expr) -> Indexes:
        rank = joined.select(pl.struct(*names).rank("dense").cast(pl.Int64) - 1).to_series()
        return np.asarray(rank.to_numpy())

    lower, upper = pl.min_horizontal("list_left", "list_right"), pl.max_horizontal("list_left", "list_right")
    swapped = pl.col("list_left") > pl.col("list_right")
    first = pl.when(swapped).then("right").otherwise("left")
    second = pl.when(swapped).then("left").otherwise("right")
    levels = {comparison.code: _places(comparison, pairs) for comparison in COMPARISONS if comparison.code in LEARNED}
    return Meetings(
        two=number(lower.alias("a"), upper.alias("b")),
        rows=number(first.alias("a"), upper.alias("b")),
        columns=number(second.alias("a"), lower.alias("b")),
        levels=levels,
    )


def _places(comparison: Comparison, pairs: pl.DataFrame) -> Indexes:
    codes = [level.code for level in comparison.levels]
    gamma = pairs[f"gamma_{comparison.code}"].to_numpy().astype(np.int64)
    place = np.full(len(codes) + 1, -1)
    for number, code in enumerate(LEARNED[comparison.code]):
        place[len(codes) - 1 - codes.index(code)] = number
    return np.asarray(place[np.where(gamma < 0, len(codes), gamma)])


def _shift(code: str, level: Indexes, met: Meetings, sure: Floats, usual: Usual) -> Floats:
    """Bits per pair: how much more telling its level is between these two lists than usual.

    For places the odds themselves, so that they also say how much the lists overlap and how densely cameras stand; for
    the rest only how the levels are shared out.
    """
    same, other, _ = masses(met, code, sure)
    m, u = (np.array([usual[code][name][side] for name in LEARNED[code]]) for side in (0, 1))
    same, other = same + USUAL * m, other + USUAL * u
    if code != "where":
        same, other = same / same.sum(axis=1, keepdims=True), other / other.sum(axis=1, keepdims=True)
        m, u = m / m.sum(), u / u.sum()
    table = np.clip(np.log2(same / m) - np.log2(other / u), -FARTHEST_BITS, FARTHEST_BITS)
    seen = level >= 0
    bits = np.zeros(len(level))
    bits[seen] = table[met.two[seen], level[seen]]
    return bits
