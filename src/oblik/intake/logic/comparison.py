"""Which rows of an owner's newer list are rows of its older one: by content, then by ids, then by place."""

from collections.abc import Callable
from typing import Final

import polars as pl

# A key names the same row in both lists only where it is unique in both. Strongest first.
KEYS: Final = ("mac", "onvif_uuid", "serial", "inventory_number", "source_id")
_NUMBERED_BY_HAND: Final = frozenset({"inventory_number", "source_id"})
FAR_M: Final = 300.0  # a hand-given number that moved farther than this was given to another camera
NEWER_VERSION_SHARE: Final = 0.5  # of the older list: a short list must never wipe a long one

_Step = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]
_SCHEMA: Final = {"newer": pl.Int64, "older": pl.Int64}


def pair_lists(older: pl.DataFrame, newer: pl.DataFrame) -> pl.DataFrame:
    """Pairs (newer:i64, older:i64) of ids, each id at most once.

    Both frames: id:i64, part:i64, cells:str and any of KEYS, lon_deg, lat_deg, bearing_deg, address, name. Equal cells
    pair first (the n-th copy with the n-th), then each key that is unique on both sides, then equal address, name and
    bearing, then the same spot and bearing. Empty frames give no pairs.
    """
    pairs: list[pl.DataFrame] = []
    left, right = newer, older
    for step in _steps():
        if not left.height or not right.height:
            break
        found = step(left, right)
        if found.height:
            pairs.append(found)
            left = left.join(found, left_on="id", right_on="newer", how="anti")
            right = right.join(found, left_on="id", right_on="older", how="anti")
    return pl.concat(pairs) if pairs else pl.DataFrame(schema=_SCHEMA)


def is_newer_version(paired: int, *, older: int) -> bool:
    """Whether so many paired rows make one list a newer state of the other.

    Otherwise both stand: the owner handed in a further list, and rows that are in both meet again in matching.
    """
    return paired > 0 and paired >= NEWER_VERSION_SHARE * older


def _steps() -> list[_Step]:
    steps: list[_Step] = [_same_cells]
    steps += [_unique_key([key], guarded=key in _NUMBERED_BY_HAND) for key in KEYS]
    steps += [_unique_key(["address", "name", "bearing_deg"]), _unique_key(["lon_deg", "lat_deg", "bearing_deg"])]
    return steps


def _same_cells(newer: pl.DataFrame, older: pl.DataFrame) -> pl.DataFrame:
    key = ["cells", "part", "copy"]
    numbered = [f.with_columns(pl.int_range(pl.len()).over("cells", "part").alias("copy")) for f in (newer, older)]
    return (
        numbered[0]
        .join(numbered[1], on=key, how="inner", suffix="_older")
        .select(pl.col("id").alias("newer"), pl.col("id_older").alias("older"))
    )


def _unique_key(columns: list[str], *, guarded: bool = False) -> _Step:
    def step(newer: pl.DataFrame, older: pl.DataFrame) -> pl.DataFrame:
        if any(column not in frame.columns for column in columns for frame in (newer, older)):
            return pl.DataFrame(schema=_SCHEMA)
        first = columns[0]
        sides = [
            frame.filter(pl.col(first).is_not_null() & pl.struct(*columns, "part").is_unique())
            for frame in (newer, older)
        ]
        joined = sides[0].join(sides[1], on=[*columns, "part"], how="inner", suffix="_older", nulls_equal=True)
        if guarded and {"lon_deg", "lat_deg", "lon_deg_older", "lat_deg_older"} <= set(joined.columns):
            joined = joined.filter((_distance_m() <= FAR_M).fill_null(True))
        return joined.select(pl.col("id").alias("newer"), pl.col("id_older").alias("older"))

    return step


def _distance_m() -> pl.Expr:
    """Flat-earth distance; good to 1 % over some kilometres, and only compared with FAR_M."""
    dlat = pl.col("lat_deg") - pl.col("lat_deg_older")
    dlon = (pl.col("lon_deg") - pl.col("lon_deg_older")) * pl.col("lat_deg").radians().cos()
    return (dlat**2 + dlon**2).sqrt() * 111_195.0
