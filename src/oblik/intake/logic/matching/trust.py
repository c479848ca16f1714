"""Numbers that owners hand out for themselves: which lists' numbers mean the same camera in another owner's list."""

from typing import Final

import polars as pl

APART_M: Final = 150.0
TOGETHER_M: Final = 60.0
DOUBTED: Final = 3  # pairs that contradict each other before a list's numbers are doubted
SHARE: Final = 0.25  # of the pairs that can be checked

_NUMBERS: Final = ("inventory_code", "ip_code", "host_code")
_DEVICE: Final = ("mac_code", "serial_code", "uuid_code")


def with_trusted_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with inventory numbers and network addresses kept to their owner where lists contradict each other.

    Two owners may both count from one, or both use 10.0.0.0/8. Where equal numbers of two owners' lists stand far apart
    or on different devices, in DOUBTED pairs and SHARE of those that can be checked, the numbers of both lists are
    compared with lists of the same owner only.
    """
    return frame.with_columns(_kept_to_owner(frame, name) for name in _NUMBERS)


def _kept_to_owner(frame: pl.DataFrame, name: str) -> pl.Expr:
    doubted = _doubted_lists(frame, name)
    if not doubted:
        return pl.col(name)
    owned = pl.struct(name, "owner_code").hash(31).reinterpret(signed=True)
    own = pl.when(pl.col(name).is_not_null()).then(owned)
    return pl.when(pl.col("list_id").is_in(doubted)).then(own).otherwise(pl.col(name)).alias(name)


def _doubted_lists(frame: pl.DataFrame, name: str) -> list[int]:
    columns = ("list_id", "owner_code", "x_m", "y_m", "coarse", "street_code", "street_text", "house_code", *_DEVICE)
    known = frame.filter(pl.col(name).is_not_null()).select(pl.col(name).alias("number"), *columns)
    shared = known.filter((pl.len().over("number") > 1) & (pl.len().over("number") <= 40))
    pairs = shared.join(shared, on="number").filter(
        (pl.col("list_id") < pl.col("list_id_right")) & (pl.col("owner_code") != pl.col("owner_code_right"))
    )
    away = ((pl.col("x_m") - pl.col("x_m_right")).pow(2) + (pl.col("y_m") - pl.col("y_m_right")).pow(2)).sqrt()
    away = pl.when(~pl.col("coarse") & ~pl.col("coarse_right")).then(away)
    others = pl.any_horizontal(
        (pl.col(code) != pl.col(f"{code}_right")).fill_null(value=False) for code in ("mac_code", "serial_code")
    )
    same = pl.any_horizontal((pl.col(code) == pl.col(f"{code}_right")).fill_null(value=False) for code in _DEVICE)
    street = (pl.col("street_code") == pl.col("street_code_right")).fill_null(
        pl.col("street_text") == pl.col("street_text_right")
    )
    house = street & (pl.col("house_code") == pl.col("house_code_right"))
    against = ~same & (others | (away > APART_M).fill_null(~house).fill_null(value=False))
    speaks_for = same | (away <= TOGETHER_M).fill_null(house).fill_null(value=False)
    counted = pairs.with_columns(against=against, speaks_for=speaks_for & ~against)
    counted = counted.group_by("list_id", "list_id_right").agg(pl.col("against").sum(), pl.col("speaks_for").sum())
    bad = counted.filter(
        (pl.col("against") >= DOUBTED) & (pl.col("against") >= SHARE * (pl.col("against") + pl.col("speaks_for")))
    )
    return sorted({*bad["list_id"].to_list(), *bad["list_id_right"].to_list()})
