"""Which source wins each field of a camera: the written order of trust, worked on whole columns."""

from typing import Final

import polars as pl

# Strongest first. Within owners' lists the newest wins, an older list comes after it; the time does that, not the rank.
SOURCE_KINDS: Final[dict[str, int]] = {"person": 0, "device": 1, "field_check": 2, "owner_list": 3, "osm": 4}

# These make sense only together: a longitude of one source with a latitude of another is a third place.
PLACE: Final = ("lon_deg", "lat_deg", "accuracy_m", "place_origin")
_ORDER: Final = ["camera", "_rank", "said_at", "claim"]
_DOWN: Final = [False, False, True, False]
_GEOCODED_PENALTY: Final = 10  # a place worked out from an address stands behind every measured one


def winners(claims: pl.DataFrame, *, fields: list[str]) -> pl.DataFrame:
    """One row per camera: its winning values and, in `origin_<field>`, the claim that gave each.

    claims: camera:i64, claim:i64, source_kind:str, said_at:datetime and the columns named in `fields` (null = silent).
    Order: kind of source (SOURCE_KINDS), then the newest, then the lowest claim id, so that the answer never depends on
    the order of rows. The four PLACE columns travel together and a geocoded place yields to any measured one.
    An empty frame gives an empty frame. Source: decision 0004, order of trust.
    """
    ranked = claims.with_columns(
        pl.col("source_kind").replace_strict(SOURCE_KINDS, return_dtype=pl.Int32).alias("_rank")
    )
    plain = [name for name in fields if name not in PLACE]
    place = [name for name in PLACE if name in fields]
    answer = _first_said(ranked.sort(_ORDER, descending=_DOWN), plain)
    if "lon_deg" not in place:
        return answer
    located = (
        ranked.filter(pl.col("lon_deg").is_not_null() & pl.col("lat_deg").is_not_null())
        .with_columns(
            (pl.col("_rank") + pl.when(_origin(place) == "geocoded").then(_GEOCODED_PENALTY).otherwise(0)).alias(
                "_rank"
            )
        )
        .sort(_ORDER, descending=_DOWN)
        .group_by("camera", maintain_order=True)
        .agg(*[pl.col(name).first() for name in place], pl.col("claim").first().alias("origin_lon_deg"))
        .with_columns(*[pl.col("origin_lon_deg").alias(f"origin_{name}") for name in place if name != "lon_deg"])
    )
    return answer.join(located, on="camera", how="left")


def _origin(place: list[str]) -> pl.Expr:
    return pl.col("place_origin").fill_null("given") if "place_origin" in place else pl.lit("given")


def _first_said(ordered: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    return ordered.group_by("camera", maintain_order=True).agg(
        *[pl.col(name).drop_nulls().first() for name in fields],
        *[pl.col("claim").filter(pl.col(name).is_not_null()).first().alias(f"origin_{name}") for name in fields],
    )
