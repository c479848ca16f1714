"""Who stands beside a record in its own list: what stands alone is easily told, what has siblings is not."""

from typing import Final

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

FARTHEST_M: Final = 500.0
CLOSE_M: Final = 12.0
COMPANY_COLUMNS: Final = ("gap_m", "close_by", "housemates")
COUNTED: Final = 8  # neighbours looked at; more is a crowd


def with_company(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with what stands near each record among the records of its own list.

    gap_m: metres to the nearest other with good coordinates, at most FARTHEST_M; close_by: how many within CLOSE_M, at
    most COUNTED; both null without good coordinates. housemates: others of the same house, crossing or, where there is
    neither, the same address text; null where the record has none.
    """
    numbered = frame.with_row_index("position")
    fine = numbered.filter(pl.col("x_m").is_not_null() & ~pl.col("coarse").fill_null(value=True))
    parts = [_measured(part) for part in fine.select("position", "list_id", "x_m", "y_m").partition_by("list_id")]
    empty = pl.DataFrame(schema={"position": pl.get_index_type(), "gap_m": pl.Float64, "close_by": pl.Int64})
    measured = pl.concat([empty, *parts])
    joined = numbered.join(measured, on="position", how="left", maintain_order="left").drop("position")
    house = pl.when(pl.col("house_code").is_not_null()).then(
        pl.struct(pl.coalesce("street_code", "street_text"), "house_code").hash(11)
    )
    spot = pl.coalesce(house, pl.col("corner_text").hash(12), pl.col("address_code").hash(13))
    given = pl.any_horizontal(
        pl.col("house_code").is_not_null() & pl.any_horizontal(
            pl.col("street_code").is_not_null(), pl.col("street_text").is_not_null()
        ),
        pl.col("corner_text").is_not_null(), pl.col("address_code").is_not_null(),
    )  # fmt: skip
    spot = pl.when(given).then(spot)
    mates = (pl.len().over("list_id", spot) - 1).cast(pl.Int64)
    return joined.with_columns(pl.when(given).then(mates).alias("housemates"))


def _measured(part: pl.DataFrame) -> pl.DataFrame:
    """position, gap_m and close_by of one list's records."""
    places = part.select("x_m", "y_m").to_numpy()
    found, _ = cKDTree(places).query(places, k=min(COUNTED + 1, len(places)), distance_upper_bound=FARTHEST_M)
    others = np.asarray(found, dtype=np.float64).reshape(len(places), -1)[:, 1:]
    nearest = others[:, 0] if others.shape[1] else np.full(len(places), np.inf)
    return part.select("position").with_columns(
        pl.Series("gap_m", np.minimum(nearest, FARTHEST_M)),
        pl.Series("close_by", (others <= CLOSE_M).sum(axis=1).astype(np.int64)),
    )
