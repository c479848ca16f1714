"""How well records are matched: demo cities and real overlapping lists, beside Splink's own quick-start recipe.

Precision counts every pair of rows that the model merged by itself. Recall and F1 count the pairs that a careful person
could tell (see demo/truth.py): merged, or asked with the right camera among the proposals.
"""

import argparse
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
import splink
import splink.comparison_library as cl
from benchmarks.matching_other_towns import EVALUATION_SEEDS, Written, print_table
from benchmarks.matching_records import TrueRecords, records_of_files, true_records_of_demo
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from oblik.intake.logic.matching import blocking
from oblik.intake.logic.matching.assignment import Decisions, assign
from oblik.intake.logic.matching.scoring import score

SHARED = Path(__file__).parents[2] / "shared" / "data"
CITIES = (("as shipped", 1, "default", 1.0), ("other seed", 2, "default", 1.0), ("other habits", 3, "other", 1.0),
          ("other seed, messier", 4, "default", 1.6))  # fmt: skip
HEAD = f"{'city':22} {'recipe':12} {'rows':>6} {'merged':>7} {'precision':>9} {'told':>6} {'F1':>7} {'asked/row':>9}"


@dataclass(frozen=True)
class Quality:
    rows: int
    merged: int
    right: int
    tellable: int
    found: int
    asked: int
    same: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.merged if self.merged else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.tellable if self.tellable else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    def line(self, city: str, recipe: str) -> str:
        return (f"{city:22} {recipe:12} {self.rows:>6} {self.merged:>7} {self.precision:>9.4f} {self.recall:>6.3f} "
                f"{self.f1:>7.4f} {self.asked / max(self.rows, 1):>9.3f}")  # fmt: skip


def main() -> None:
    """Prints the tables; the ratio of errors comes last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=3_500)
    parser.add_argument("--real-only", action="store_true")
    options = parser.parse_args()
    if SHARED.is_dir():
        real_lists()
    else:
        print("real lists: ../shared/data is not here, skipped")
    if options.real_only:
        return
    print_table(of_records, EVALUATION_SEEDS[:1], 20)
    print(HEAD)
    pairs = []
    for name, seed, profile, mess in CITIES:
        city = true_records_of_demo(seed=seed, cameras=options.cameras, mess=mess, profile=profile)
        ours, theirs = of_model(city), of_quick_start(city)
        pairs.append((ours, theirs))
        print(ours.line(name, "Oblik"))
        print(theirs.line(name, "quick start"))
    wrong = [sum(q.merged - q.right for q in side) for side in zip(*pairs, strict=True)]
    missed = [sum(q.tellable - q.found for q in side) for side in zip(*pairs, strict=True)]
    print(f"wrong merges {wrong[0]} against {wrong[1]}: ratio {wrong[0] / max(wrong[1], 1):.4f}")
    print(f"missed pairs {missed[0]} against {missed[1]}: ratio {missed[0] / max(missed[1], 1):.3f}")


def of_model(city: TrueRecords) -> Quality:
    """Our model and assignment, with what blocking did."""
    scored = score(city.records)
    pairs, _ = blocking.candidate_pairs(city.records)
    print(f"  blocking: recall {blocking.recall(pairs, city.tellable):.4f} of tellable pairs, "
          f"{scored.blocking.pairs_per_row:.1f} pairs per row, "
          f"{len(scored.blocking.crowded)} crowded keys")  # fmt: skip
    return of_records(city, scored.pairs)


def of_records(city: TrueRecords | Written, pairs: pl.DataFrame | None = None) -> Quality:
    """Our model and assignment."""
    decided = assign(city.records, score(city.records).pairs if pairs is None else pairs)
    return quality(city, merged_pairs(decided), asked_pairs(decided), decided.proposals["record"].n_unique())


def merged_pairs(decided: Decisions) -> pl.DataFrame:
    """left, right of every two records in one group."""
    inside = decided.records.filter(pl.col("group").is_not_null()).select("group", left="record")
    pairs = inside.join(inside.rename({"left": "right"}), on="group")
    return pairs.filter(pl.col("left") < pl.col("right")).select("left", "right")


def asked_pairs(decided: Decisions) -> pl.DataFrame:
    """left, right of each waiting record with every record of each camera proposed for it."""
    inside = decided.records.filter(pl.col("group").is_not_null()).select("group", other="record")
    pairs = decided.proposals.select("record", "group").join(inside, on="group")
    ordered = pairs.select(left=pl.min_horizontal("record", "other"), right=pl.max_horizontal("record", "other"))
    return ordered.unique()


def quality(city: TrueRecords | Written, merged: pl.DataFrame, asked: pl.DataFrame, questions: int) -> Quality:
    """Rows that the truth does not know (headings read as rows) are not counted against anybody."""
    known = city.truth.filter(pl.col("camera").is_not_null()).select("record_id")
    for side in ("left", "right"):
        merged = merged.join(known, left_on=side, right_on="record_id", how="semi")
    right = merged.join(city.same, on=["left", "right"], how="semi").height
    told = pl.concat([merged.select("left", "right"), asked.select("left", "right")]).unique()
    found = city.tellable.join(told, on=["left", "right"], how="semi").height
    return Quality(
        city.records.height, merged.height, right, city.tellable.height, found, questions, city.same.height
    )  # fmt: skip


def of_quick_start(city: TrueRecords) -> Quality:
    """The recipe of Splink's quick start: library comparisons on plain columns, EM, clusters at 0.95."""
    columns = (
        "mac",
        "serial",
        "ip",
        "name",
        "address",
        "model",
        "vendor",
        "kind",
        "lat_deg",
        "lon_deg",
        "inventory_number",
    )
    plain = city.records.select(
        pl.col("record_id").alias("unique_id"), pl.col("list_id").cast(pl.String).alias("source_dataset"),
        *[pl.col(c) if c in city.records.columns else pl.lit(None, pl.String).alias(c) for c in columns],
    )  # fmt: skip
    with duckdb.connect(config={"threads": "2"}) as connection:
        api = DuckDBAPI(connection=connection)
        linker = Linker(api.register(plain.to_arrow()), _quick_settings(), log_level=None)
        training = linker.training
        training.estimate_probability_two_random_records_match([block_on("mac"), block_on("serial")], recall=0.6)
        training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for column in ("address", "model"):
            training.estimate_parameters_using_expectation_maximisation(block_on(column))
        scored = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_probability=0.95)
        found = connection.sql(f"select unique_id as record, cluster_id from {clusters.physical_name}").pl()
    inside = found.select(left="record", group="cluster_id")
    merged = inside.join(inside.rename({"left": "right"}), on="group").filter(pl.col("left") < pl.col("right"))
    return quality(city, merged.select("left", "right"), merged.select("left", "right").clear(), 0)


def _quick_settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ExactMatch("mac"), cl.ExactMatch("serial"), cl.ExactMatch("ip"), cl.ExactMatch("inventory_number"),
            cl.JaroWinklerAtThresholds("name", [0.9, 0.7]), cl.LevenshteinAtThresholds("address", [2, 5]),
            cl.JaroWinklerAtThresholds("model", [0.9]), cl.ExactMatch("vendor"), cl.ExactMatch("kind"),
            cl.DistanceInKMAtThresholds("lat_deg", "lon_deg", [0.01, 0.05, 0.2]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("mac"), block_on("serial"), block_on("ip"), block_on("inventory_number"), block_on("address"),
            block_on("round(lat_deg, 3)", "round(lon_deg, 3)"),
        ],
    )  # fmt: skip


def real_lists() -> None:
    """Lists that nobody on this project wrote, with the shared id hidden from the model and used as the truth."""
    print(
        "Real lists. The Geneva list descends from OpenStreetMap and all Ladyzhyn states have one author, so agreement"
    )
    print("here is not accuracy between independent owners.")
    print(
        f"{'lists':34} {'rows':>5} {'shared':>7} "
        f"{'merged':>7} {'right':>6} {'wrong':>6} {'asked right':>11} {'asked':>6}"
    )
    geneva = SHARED / "geneva"
    real("Geneva by hand / OpenStreetMap", [(geneva / "cameras_GE.csv", "HAND"), (geneva / "csv_sample.csv", "OSM")])
    states = sorted((SHARED / "ladyzhyn").glob("cameras_20*.csv"))
    for older, newer in pairwise(states):
        real(f"Ladyzhyn {older.stem[8:]} / {newer.stem[8:]}", [(older, "A"), (newer, "B")])


def real(name: str, files: list[tuple[Path, str]]) -> None:
    """One line for two lists, and a sample of what was merged wrong or not at all."""
    records = records_of_files(files, None)
    ids = records.select(
        "record_id", "list_id", pl.col("source_id").cast(pl.String).str.extract(r"(\d+)$", 1).alias("id")
    )
    once = ids.filter(pl.col("id").is_not_null()).unique(["list_id", "id"], keep="none")
    same = (
        once.filter(list_id=1).join(once.filter(list_id=2), on="id").select(left="record_id", right="record_id_right")
    )
    hidden = records.drop("source_id")
    decided = assign(hidden, score(hidden).pairs)
    known = set(once["record_id"])
    merged = merged_pairs(decided).filter(pl.col("left").is_in(known) & pl.col("right").is_in(known))
    right = merged.join(same, on=["left", "right"], how="semi")
    wrong = merged.join(same, on=["left", "right"], how="anti")
    asked = (
        asked_pairs(decided).join(same, on=["left", "right"], how="semi").join(right, on=["left", "right"], how="anti")
    )
    print(f"{name:34} {records.height:>5} {same.height:>7} {merged.height:>7} {right.height:>6} {wrong.height:>6} "
          f"{asked.height:>11} {decided.proposals['record'].n_unique():>6}")  # fmt: skip
    for label, pairs in (("right", right), ("wrong", wrong)):
        for left, other in pairs.sort("left").head(2).rows():
            print(f"    {label}: {_shown(records, left)}  |  {_shown(records, other)}")


def _shown(records: pl.DataFrame, record: int) -> str:
    row = records.filter(record_id=record).to_dicts()[0]
    names = ("row", "lat_deg", "lon_deg", "bearing_deg", "kind", "owner_name")
    return re.sub(r"\s+", " ", ", ".join(f"{n}={row[n]}" for n in names if row.get(n) is not None))


if __name__ == "__main__":
    print(f"Splink {splink.__version__}, DuckDB {duckdb.__version__}")
    main()
