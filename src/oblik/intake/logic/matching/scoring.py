"""How likely two records are the same camera: Splink's score of every candidate pair."""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from oblik.intake.logic.matching import blocking
from oblik.intake.logic.matching.frame import prepare
from oblik.intake.logic.matching.model import COMPARISONS, Model, default_model, shares_id

# Splink writes its progress as log lines; ours is reported by the caller, and a fault is an exception.
logging.getLogger("splink").setLevel(logging.ERROR)

KEEP_BITS: Final = -7.0  # a pair under 1 : 128 is never proposed, so it is not kept
CHUNK_PAIRS: Final = 2_000_000

GAMMAS: Final = tuple(f"gamma_{comparison.code}" for comparison in COMPARISONS)
Progress = Callable[[int, int], None]  # pairs scored so far, pairs in all


@dataclass(frozen=True, slots=True)
class Scored:
    """pairs as `score_pairs` gives them, with what blocking reported."""

    pairs: pl.DataFrame
    blocking: blocking.BlockingReport


def score_pairs(records: pl.DataFrame, *, model: Model | None = None, keep_bits: float = KEEP_BITS) -> pl.DataFrame:
    """Every pair worth keeping: left, right (record ids, left < right), weight, probability, inside, gamma columns.

    weight is log2 of the odds that both are one camera, before rivals are looked at (see `assignment`); probability is
    the same as a share. inside is true for two records of one list: their weight carries the model's shift. Pairs under
    keep_bits are left out. Sorted by left, right. Empty gives an empty frame of the same columns.
    """
    return score(records, model=model, keep_bits=keep_bits).pairs


def score(
    records: pl.DataFrame, *, model: Model | None = None, keep_bits: float = KEEP_BITS, memory_mb: int = 8_000,
    spill_directory: str = "", progress: Progress | None = None,
) -> Scored:  # fmt: skip
    """The pairs of `score_pairs` with the report of blocking; memory_mb bounds DuckDB, spill_directory takes more."""
    chosen = model or default_model()
    prepared = prepare(records)
    with blocking.connect(memory_mb=memory_mb, spill_directory=spill_directory) as connection:
        connection.register("prepared_arrow", prepared.to_arrow())
        connection.execute("create table prepared as select * from prepared_arrow")
        connection.unregister("prepared_arrow")
        report = blocking.block(connection)
        parts = list(_scored_chunks(connection, chosen, keep_bits, report.pairs, progress)) if report.pairs else []
    pairs = pl.concat(parts) if parts else _NO_PAIRS
    return Scored(_with_inside(pairs, prepared, chosen, keep_bits), report)


def _scored_chunks(
    connection: duckdb.DuckDBPyConnection, model: Model, keep_bits: float, total: int, progress: Progress | None
) -> list[pl.DataFrame]:
    """Splink's prediction, some millions of pairs at a time so that the joined columns never fill the memory."""
    chunks = max(1, math.ceil(total / CHUNK_PAIRS))
    done, parts = 0, []
    for number in range(chunks):
        connection.execute(
            f"create or replace table chunk as select * from pairs where join_key_l % {chunks} = {number}"
        )
        parts.append(predict(connection, model, table="prepared", pairs="chunk", keep_bits=keep_bits))
        done += int((connection.execute("select count(*) from chunk").fetchone() or (0,))[0])
        if progress is not None:
            progress(done, total)
    return parts


def predict(
    connection: duckdb.DuckDBPyConnection, model: Model, *, table: str, pairs: str, keep_bits: float | None = None
) -> pl.DataFrame:
    """Splink's scores of the named pairs table over the named prepared table: left, right, weight, gammas."""
    api = DuckDBAPI(connection=connection)
    linker = Linker(
        api.table_to_splink_dataframe("prepared", table), model.settings, log_level=None, validate_settings=False
    )
    linker.table_management.register_blocked_pairs_for_predict(api.table_to_splink_dataframe("pairs", pairs))
    scored = linker.inference.predict(threshold_match_weight=keep_bits, warning_mode="never")
    columns = ", ".join(f"{gamma}::tinyint as {gamma}" for gamma in GAMMAS)
    found: pl.DataFrame = connection.sql(
        f"select record_id_l as left, record_id_r as right, match_weight as weight, {columns} "
        f"from {scored.physical_name}"
    ).pl()
    scored.drop_table_from_database_and_remove_from_cache()
    return found


def _with_inside(pairs: pl.DataFrame, prepared: pl.DataFrame, model: Model, keep_bits: float) -> pl.DataFrame:
    lists = prepared.select("record_id", "list_id")
    pairs = pairs.join(lists.rename({"record_id": "left", "list_id": "list_l"}), on="left", how="left")
    pairs = pairs.join(lists.rename({"record_id": "right", "list_id": "list_r"}), on="right", how="left")
    inside = pl.col("list_l") == pl.col("list_r")
    known = shares_id({comparison.code: pl.col(f"gamma_{comparison.code}") for comparison in COMPARISONS})
    shift = pl.when(known).then(model.shared_id_shift_bits).otherwise(model.inside_shift_bits)
    pairs = pairs.with_columns(inside.alias("inside"), pl.col("weight") + pl.when(inside).then(shift).otherwise(0.0))
    kept = pairs.filter(pl.col("weight") >= keep_bits).with_columns(
        (1.0 / (1.0 + pl.lit(2.0).pow(-pl.col("weight")))).alias("probability")
    )
    return kept.select("left", "right", "weight", "probability", "inside", *GAMMAS).sort("left", "right")


_NO_PAIRS: Final = pl.DataFrame(
    schema={"left": pl.Int64, "right": pl.Int64, "weight": pl.Float64} | dict.fromkeys(GAMMAS, pl.Int8)
)
