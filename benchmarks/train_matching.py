"""Trains the shipped matching model from labelled invented cities and draws its charts: `make train-matching`.

Three steps, all from labels, no EM. First m and u: how often each level is seen among candidate pairs that are, and
are not, one camera, each starting from the expected shares as if they had been seen PSEUDO times. Then all weights
together by conditional logit: each row chooses among its candidates in another list, or none, so evidence that comes
together (one purchase: model, date, height) is not counted twice; a penalty holds each weight near its m/u, so that a
level seldom seen keeps it. Last, all weights are stretched and shifted so that the probabilities are right once rivals
are counted, together with the share of what lists show of their habits. Candidate pairs, not random ones, are the
population: what tells siblings on one pole apart counts.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import splink
from benchmarks.matching_cities import draw_city
from benchmarks.matching_other_towns import TOWNS, TRAINING_SEEDS, random_town, write_town
from scipy.optimize import minimize

from oblik.intake.logic.matching import scoring
from oblik.intake.logic.matching.frame import prepare
from oblik.intake.logic.matching.habits import LEARNED, Meetings, learn, masses, meetings
from oblik.intake.logic.matching.model import COMPARISONS, SHARED_IDS, Usual, model_from_dict, untrained_model
from oblik.intake.logic.matching.rivals import pairing_probabilities

OTHER_SEEDS = tuple(range(6_001, 6_041))
DRAWN_SEEDS = tuple(range(1_001, 1_013))
DEMO_SEEDS = ((2_001, "default"), (2_002, "other"), (2_003, "default"), (2_004, "other"))
CAMERAS = 1_200
PSEUDO = 60.0
HOLD = 4.0  # how many choices' worth of evidence it takes to move a weight by one nat from its m/u
# What invented cities cannot know is bounded by hand, in bits (lowest, highest): how often real lists share an id by
# mistake, how wrong a lone field can be. Far apart is against, even though such pairs are only ever met by an equal id.
BOUNDS = {
    "": (-5.0, 6.0), "device.uuid": (0, 13), "device.mac": (0, 13), "device.serial": (0, 12),
    "device.serial_only": (0, 8),
    "device.else": (-7, -4), "device.mac_slip": (-2, 6), "device.serial_slip": (-2, 5),
    "kind.akin": (-1.5, 0.5), "company.alone": (0, 6), "where.at_1m": (0, 8),
    "inventory.same_owner": (0, 11), "inventory.other_owner": (6, 8), "source.same": (0, 9),
    "network.same": (0, 10), "network.same_private": (0, 10), "network.same_router": (0, 5), "network.host": (0, 4),
    "where.apart": (-9, -4), "where.vague_apart": (-9, -4), "where.at_150m": (-7, -2),
    "where.vague_middle": (-7, 0), "where.vague_far": (-7, -1),
    "where.else": (-5, -2), "where.other_place": (-4, 0),
    "where.other_street_same_number": (-4, 0), "label.same_here": (-1, 6), "label.alike_number_here": (-1, 6),
    "where.other_house": (-7, -2), "where.near_house": (-5, 0), "where.far_same_address": (-3, 2),
}  # fmt: skip
VERSION = "model-1"
OUT = Path(__file__).parent / "out"
SHIPPED = Path(__file__).parents[1] / "src/oblik/intake/logic/matching/models/model-1.json"
Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]


@dataclass
class Lot:
    """Candidate pairs of one city: level number per comparison (-1 null, else from the strongest), frequency features,
    whether they are one camera, and the two choices each is part of."""

    levels: Indexes
    frequency: Floats
    same: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]
    choices: Indexes  # (2, n)
    met: Meetings  # of the pairs across lists


def main() -> None:
    """Trains, writes the model and its charts, and prints what was learned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawn-only", action="store_true", help="without the demo cities")
    options = parser.parse_args()
    lots = [lot(city.records, city.truth) for city in (draw_city(seed, cameras=CAMERAS) for seed in DRAWN_SEEDS)]
    seeds = [*map(str, DRAWN_SEEDS)]
    for town in (*TOWNS, *map(random_town, OTHER_SEEDS)):
        for seed in TRAINING_SEEDS[:1]:
            written = write_town(town, seed)
            lots.append(lot(written.records, written.truth))
            seeds.append(f"town:{town.name}:{seed}")
    if not options.drawn_only:
        for name, records, truth in demo_cities():
            lots.append(lot(records, truth))
            seeds.append(name)
    model = train(lots, seeds)
    SHIPPED.write_text(json.dumps(model, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_weights(model)
    draw_charts(model)


def demo_cities() -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Demo cities through the real intake: other seeds than those that quality is measured on."""
    from benchmarks.matching_records import records_of_demo  # needs the whole intake, the drawn cities do not

    for seed, profile in DEMO_SEEDS:
        records, truth = records_of_demo(seed=seed, cameras=CAMERAS, profile=profile)
        yield f"demo:{profile}:{seed}", records, truth


def lot(records: pl.DataFrame, truth: pl.DataFrame) -> Lot:
    """The labelled candidate pairs of one city."""
    pairs = scoring.score_pairs(records, model=untrained_model(), keep_bits=-1e9)
    side = truth.select("record_id", "list_id", "camera").unique("record_id", keep="first")
    pairs = pairs.join(side.rename({"record_id": "left", "list_id": "list_l", "camera": "camera_l"}), on="left")
    pairs = pairs.join(side.rename({"record_id": "right", "list_id": "list_r", "camera": "camera_r"}), on="right")
    sizes = np.array([len(c.levels) for c in COMPARISONS])
    gammas = pairs.select(scoring.GAMMAS).to_numpy().astype(np.int64)
    levels = np.where(gammas < 0, -1, sizes - 1 - gammas)
    choices = np.stack([
        pairs.select(pl.struct("left", "list_r").rank("dense"))["left"].to_numpy(),
        pairs.select(pl.struct("right", "list_l").rank("dense"))["right"].to_numpy(),
    ]).astype(np.int64)  # fmt: skip
    same = (pairs["camera_l"] == pairs["camera_r"]).fill_null(value=False).to_numpy()
    met = meetings(records, pairs.filter(~pl.col("inside")))
    return Lot(levels, _frequency(records, pairs), same, pairs["inside"].to_numpy(), choices, met)


def _frequency(records: pl.DataFrame, pairs: pl.DataFrame) -> Floats:
    """Per pair and comparison with frequencies: -log2 of the larger share of the two values, NaN where not given."""
    shares = prepare(records).select("record_id", "tf_model_fold", "tf_name_code")
    left = pairs.select(record_id="left").join(shares, on="record_id", how="left", maintain_order="left")
    right = pairs.select(record_id="right").join(shares, on="record_id", how="left", maintain_order="left")
    names = [f"tf_{level.frequency_of}" for level in _frequent()]
    columns = [np.fmax(left[n].to_numpy(), right[n].to_numpy()) for n in names]
    return np.stack([-np.log2(np.maximum(column, 0.002)) for column in columns], axis=1)


def _frequent() -> list:
    return [level for c in COMPARISONS for level in c.levels if level.frequency_of]


def train(lots: list[Lot], seeds: list[str]) -> dict:
    """The model file: counted m and u, fitted bits, prior and the shift inside a list."""
    counted = [count(lots, number) for number in range(len(COMPARISONS))]
    start = [np.log2(m / u) for m, u in counted]
    bits, intercept = fit(lots, start, counted)
    usual = usual_masses(lots)
    bits, intercept, habit_share = scale(lots, bits, intercept, counted, usual=usual)
    shift, shared = (inside_shift(lots, bits, intercept, shared=shared) for shared in (False, True))
    weights = {}
    for comparison, (m, u), fitted in zip(COMPARISONS, counted, bits, strict=True):
        weights[comparison.code] = {
            level.code: {"m": round(float(m[i]), 9), "u": round(float(u[i]), 9), "bits": round(float(fitted[i]), 4)}
            for i, level in enumerate(comparison.levels)
        }
    across = sum(int((~lot.inside).sum()) for lot in lots)
    facts = {
        "method": "m and u counted from labelled candidate pairs; bits by penalised conditional logit, then stretched",
        "cities": seeds, "cameras_per_city": CAMERAS, "pairs": across,
        "matches": sum(int((lot.same & ~lot.inside).sum()) for lot in lots),
        "pseudo_count": PSEUDO, "hold": HOLD, "splink": splink.__version__,
    }  # fmt: skip
    prior = 1.0 / (1.0 + 2.0**-intercept)
    return {
        "version": VERSION,
        "prior": round(prior, 6),
        "inside_shift_bits": round(shift, 3),
        "shared_id_shift_bits": round(shared, 3),
        "habit_share": round(habit_share, 3),
        "usual": {c: {k: [round(x, 7) for x in v] for k, v in levels.items()} for c, levels in usual.items()},
        "weights": weights,
        "facts": facts,
    }


def count(lots: list[Lot], number: int) -> tuple[Floats, Floats]:
    """m and u of one comparison: shares of its levels, each city counting alike however dense it is."""
    comparison = COMPARISONS[number]
    size = len(comparison.levels)
    m = np.array([level.prior_m for level in comparison.levels])
    u = np.array([level.prior_u for level in comparison.levels])
    m, u = m / m.sum() * PSEUDO, u / u.sum() * PSEUDO
    for lot in lots:
        seen = (lot.levels[:, number] >= 0) & ~lot.inside
        for target, chosen in ((m, seen & lot.same), (u, seen & ~lot.same)):
            counts = np.bincount(lot.levels[chosen, number], minlength=size).astype(float)
            target += counts * min(1.0, 1_000.0 / max(counts.sum(), 1.0))
    return m / m.sum(), u / u.sum()


def fit(lots: list[Lot], start: list[Floats], counted: list[tuple[Floats, Floats]]) -> tuple[list[Floats], float]:
    """Bits per level and the starting bits, by conditional logit held to the starting weights."""
    offsets = np.concatenate([[0], np.cumsum([len(s) for s in start])])
    limits = np.array(bounds()[:-1])
    base = np.clip(np.concatenate(start) * np.log(2), limits[:, 0], limits[:, 1])
    frequent = frequency_terms(counted, offsets)
    data = [_choices(lot, offsets, frequent) for lot in lots]

    def loss(theta: Floats) -> tuple[float, Floats]:
        total, gradient = 0.5 * HOLD * float(((theta[:-1] - base) ** 2).sum()), np.zeros_like(theta)
        gradient[:-1] = HOLD * (theta[:-1] - base)
        for columns, fixed, same, choices, weight in data:
            padded = np.append(theta[:-1], 0.0)
            value = np.clip(padded[columns].sum(axis=1) + fixed + theta[-1], -60, 60)
            for choice in choices:
                part, slope = _one_way(value, same, choice)
                total += weight * part
                gradient[:-1] += (
                    weight * np.bincount(columns.ravel(), np.repeat(slope, columns.shape[1]), len(padded))[:-1]
                )
                gradient[-1] += weight * slope.sum()
        return total, gradient

    found = minimize(
        loss, np.append(base, -2.0), jac=True, method="L-BFGS-B", bounds=bounds(), options={"maxiter": 300}
    )
    bits = found.x[:-1] / np.log(2)
    return [bits[a:b] for a, b in pairwise(offsets)], float(found.x[-1] / np.log(2))


def usual_masses(lots: list[Lot]) -> Usual:
    """How many matching pairs of each level a row has, and how many meetings where both have no match; each two lists
    of each city count alike from 100 rows on."""
    found = {}
    for code, names in LEARNED.items():
        same, other = np.full(len(names), 0.02), np.full(len(names), 0.02)
        total = 1.0
        for lot in lots:
            if not len(lot.met.two):
                continue
            m, u, rows = masses(lot.met, code, lot.same[~lot.inside].astype(float))
            share = np.minimum(1.0, 100.0 / np.maximum(rows, 1.0))[:, None]
            same, other, total = (
                same + (m * share).sum(axis=0),
                other + (u * share).sum(axis=0),
                total + float((rows * share[:, 0]).sum()),
            )
        found[code] = dict(zip(names, zip((same / total).tolist(), (other / total).tolist(), strict=True), strict=True))
    return found


def scale(
    lots: list[Lot], bits: list[Floats], intercept: float, counted: list[tuple[Floats, Floats]], *, usual: Usual
) -> tuple[list[Floats], float, float]:
    """The same weights stretched and shifted, with a share of what lists show of their habits, so that probabilities
    are right once rivals are counted on both sides."""
    offsets = np.concatenate([[0], np.cumsum([len(b) for b in bits])])
    table = np.append(np.concatenate(bits), 0.0)
    frequent = frequency_terms(counted, offsets)
    sides = []
    for lot in lots[::3]:
        if not len(lot.met.two):
            continue
        columns, fixed, same, _, weight = _choices(lot, offsets, frequent)
        sides.append((table[columns].sum(axis=1), fixed / np.log(2), same, lot.met, weight))

    def loss(theta: Floats) -> float:
        total = 0.0
        for value, fixed, same, met, weight in sides:
            plain = theta[0] * value + fixed + intercept + theta[1]
            learned = theta[2] * learn(met, plain, usual, share=theta[2]) if theta[2] else 0.0
            p = np.clip(pairing_probabilities(met.rows, met.columns, plain + learned), 1e-6, 1 - 1e-6)
            total -= weight * float(np.log(np.where(same, p, 1 - p)).sum())
        print(f"  stretch {theta[0]:.3f}, shift {theta[1]:+.2f} bits, habits {theta[2]:.3f}: {total:.0f}", flush=True)
        return total

    found = minimize(
        loss, np.array([1.0, 0.0, 0.5]), method="Nelder-Mead",
        options={
            "maxfev": 16, "xatol": 0.03, "fatol": 5,
            "initial_simplex": [[1.0, 1.1, 0.35], [1.1, 1.1, 0.35], [1.0, 0.7, 0.35], [1.0, 1.1, 0.5]],
        },
    )  # fmt: skip
    return [found.x[0] * b for b in bits], intercept + float(found.x[1]), float(np.clip(found.x[2], 0.0, 1.0))


def bounds() -> list[tuple[float, float]]:
    """The bounds of every level and of the starting weight, in nats."""
    names = [f"{c.code}.{level.code}" for c in COMPARISONS for level in c.levels]
    bits = [BOUNDS.get(name, BOUNDS[""]) for name in names] + [(-8.0, 0.0)]
    return [(low * float(np.log(2)), high * float(np.log(2))) for low, high in bits]


def frequency_terms(counted: list[tuple[Floats, Floats]], offsets: Indexes) -> list[tuple[int, int, float, float]]:
    """(comparison, column, weight, log2 u) of each level with a frequency adjustment, as Splink computes it."""
    terms = []
    for number, comparison in enumerate(COMPARISONS):
        for index, level in enumerate(comparison.levels):
            if level.frequency_of:
                terms.append(
                    (
                        number,
                        int(offsets[number] + index),
                        level.frequency_weight,
                        float(np.log2(counted[number][1][index])),
                    )
                )
    return terms


def _choices(lot: Lot, offsets: Indexes, frequent: list) -> tuple:
    across = ~lot.inside
    levels = lot.levels[across]
    columns = np.where(levels >= 0, levels + offsets[:-1], offsets[-1])
    fixed = np.zeros(len(columns))
    for place, (number, column, weight, log_u) in enumerate(frequent):
        bonus = weight * (log_u + lot.frequency[across, place]) * np.log(2)
        fixed += np.where(columns[:, number] == column, np.nan_to_num(bonus), 0.0)
    choices = [np.unique(choice[across], return_inverse=True)[1].reshape(-1) for choice in lot.choices]
    return columns, fixed, lot.same[across], choices, min(1.0, 4_000.0 / max(len(columns), 1))


def _one_way(value: Floats, same: npt.NDArray[np.bool_], choice: Indexes) -> tuple[float, Floats]:
    """Minus log likelihood and slope per pair where each row chooses one candidate or none."""
    odds = np.exp(value)
    everyone = 1.0 + np.bincount(choice, odds)
    right = np.bincount(choice, odds * same)
    alone = right == 0
    target = np.where(alone, 1.0, right)
    slope = odds / everyone[choice] - np.where(same, odds / np.where(alone, 1.0, right)[choice], 0.0)
    return float((np.log(everyone) - np.log(target)).sum()), slope


def inside_shift(lots: list[Lot], bits: list[Floats], intercept: float, *, shared: bool) -> float:
    """Bits to add inside a list, with or without a shared id, so that the odds are right on the whole; at most -2."""
    offsets = np.concatenate([[0], np.cumsum([len(b) for b in bits])])
    table = np.append(np.concatenate(bits), 0.0)
    values, same = [], []
    for lot in lots:
        chosen = lot.inside & (_shared(lot) == shared)
        levels = lot.levels[chosen]
        columns = np.where(levels >= 0, levels + offsets[:-1], offsets[-1])
        values.append(table[columns].sum(axis=1) + intercept)
        same.append(lot.same[chosen])
    value, truth = np.concatenate(values) * np.log(2), np.concatenate(same)

    def loss(shift: Floats) -> float:
        return float(np.logaddexp(0, np.where(truth, -(value + shift[0]), value + shift[0])).sum())

    return min(-2.0, float(minimize(loss, np.array([-3.0])).x[0]) / float(np.log(2)))


def _shared(lot: Lot) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(lot.levels), dtype=bool)
    for number, comparison in enumerate(COMPARISONS):
        codes = [i for i, level in enumerate(comparison.levels) if level.code in SHARED_IDS.get(comparison.code, ())]
        found |= np.isin(lot.levels[:, number], codes)
    return found


def print_weights(model: dict) -> None:
    """The weights as a table."""
    print(
        f"prior {model['prior']:.4f} inside a list {model['inside_shift_bits']:+.2f}, "
        f"with a shared id {model['shared_id_shift_bits']:+.2f} bits  {model['facts']}"
    )
    for comparison, levels in model["weights"].items():
        for level, w in levels.items():
            print(
                f"{comparison:10} {level:18} m {w['m']:.4f}  u {w['u']:.4f}  "
                f"counted {np.log2(w['m'] / w['u']):+6.2f}  fitted {w['bits']:+6.2f}"
            )


def draw_charts(model: dict) -> None:
    """Splink's own charts of the model, as pages that need no network, in benchmarks/out."""
    OUT.mkdir(exist_ok=True)
    with scoring.blocking.connect(threads=1) as connection:
        empty = prepare(draw_city(1, cameras=20).records)
        connection.register("empty_arrow", empty.to_arrow())
        connection.execute("create table prepared as select * from empty_arrow")
        api = splink.DuckDBAPI(connection=connection)
        linker = splink.Linker(
            api.table_to_splink_dataframe("prepared", "prepared"), model_from_dict(model).settings, log_level=None
        )
        for name in ("match_weights_chart", "m_u_parameters_chart"):
            chart = getattr(linker.visualisations, name)()
            (OUT / f"matching_{name}.html").write_text(chart.to_html(inline=True), encoding="utf-8")
            print(f"chart: benchmarks/out/matching_{name}.html")


if __name__ == "__main__":
    main()
