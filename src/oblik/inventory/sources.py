"""What the sources say of the register's cameras, in the shape that discrepancies and documents are found in."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from oblik.intake import queries as intake
from oblik.inventory.logic.count import CAMERA_SCHEMA, aligned
from oblik.inventory.logic.discrepancies import ADDRESS, CLAIMS_SCHEMA, COMPARED
from oblik.registry import queries as registry
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.records import Value, loaded

_KINDS: Final = {"owner_list": "list"}  # kinds of source as discrepancies name them; others keep their names
_POINT: Final = ("lon_deg", "lat_deg")
_PLACE: Final = (*_POINT, "accuracy_m")
_LOOKED_AT: Final = (*(name for name in COMPARED if name != ADDRESS), *_PLACE)
_TYPES: Final = {"number": pl.Float64}  # else 4.0 would be written as 4, and be another word than before
_BATCH: Final = 5_000  # names asked for in one query; a database takes only so many parameters


@dataclass(frozen=True, eq=False)
class SaidOfCameras:
    """claims: CLAIMS_SCHEMA, without what all sources of a camera say alike. retired: cameras out of use."""

    claims: pl.DataFrame
    retired: frozenset[str]


@dataclass(frozen=True, eq=False)
class WordsOfLists:
    """numbers: (owner, camera) -> inventory number in that owner's newest list.

    words: the same for all that this list says, of cameras on others' books.
    """

    numbers: dict[tuple[str, str], str]
    words: dict[tuple[str, str], dict[str, Value]]


def said_of_cameras(standing: pl.DataFrame) -> SaidOfCameras:
    """What discrepancies are found in.

    standing: see standing_claims.
    """
    # Each field is decoded once for all: taking 500,000 claims apart one by one takes a minute.
    several = standing.filter(pl.len().over("camera") > 1)
    told = several.drop("values").hstack(_decoded(several["values"]))
    parts = [_named(standing)]
    for name in _LOOKED_AT:
        parts.append(_differing(told, name=name, where=_POINT if name in _PLACE else (name,)))
    parts.append(_differing(told, name=ADDRESS, where=(ADDRESS,)))
    return SaidOfCameras(pl.concat(parts), registry.codes_in_state("retired", "refused"))


def standing_claims(rows: pl.DataFrame) -> pl.DataFrame:
    """What stands in the register, oldest first, told by the campaign's rows which lists are current: camera, keeper,
    source (as people are told of it), kind, owner (null for nobody's), current, values (JSON text).

    A claim of an earlier campaign is current while its owner has handed in nothing now.
    """
    claims = registry.standing_claims()
    handed_in = rows.filter(pl.col("current"))["owner"].unique()
    listed = _listed(rows)
    claims = claims.join(listed, on="source_ref", how="left", maintain_order="left")
    without = claims.filter(pl.col("source").is_null() & pl.col("source_ref").str.starts_with("record:"))
    named = _named_elsewhere(without["source_ref"].unique().to_list())
    is_list = pl.col("source_kind") == "owner_list"
    idle = is_list & pl.col("owner").is_in(handed_in.implode())
    return claims.select(
        "camera",
        "keeper",
        source=pl.coalesce("source", pl.col("source_ref").replace(named)),
        kind=pl.col("source_kind").replace(_KINDS),
        owner=pl.when(pl.col("owner") != "").then("owner"),
        current=pl.coalesce("current", ~idle),
        values="values",
    )


def words_of_lists(standing: pl.DataFrame) -> WordsOfLists:
    """What owners' current lists say, for their own documents. standing: see standing_claims."""
    numbers: dict[tuple[str, str], str] = {}
    words: dict[tuple[str, str], dict[str, Value]] = {}
    said = standing.filter((pl.col("kind") == _KINDS["owner_list"]) & pl.col("current"))
    said = said.with_columns(pl.col("owner").fill_null(""))
    of_others = pl.col("owner").ne_missing(pl.col("keeper"))
    said = said.filter(of_others | pl.col("values").str.contains('"inventory_number":', literal=True))
    for code, keeper, owner, text in said.select("camera", "keeper", "owner", "values").iter_rows():
        values = loaded(text)
        if values.get("inventory_number"):
            numbers[owner, code] = str(values["inventory_number"])
        if owner != keeper:
            words[owner, code] = {name: values[name] for name in CAMERA_SCHEMA if name in values}
    return WordsOfLists(numbers, words)


def cameras_named(codes: Collection[str]) -> pl.DataFrame:
    """CAMERA_SCHEMA of these cameras, by code."""
    lines = [
        {
            **{name: line.values.get(name) for name in CAMERA_SCHEMA},
            "camera": line.code,
            "owner": line.owner,
            "state": line.state,
            "kind": line.kind or None,
            "lon_deg": line.lon_deg,
            "lat_deg": line.lat_deg,
            "bearing_deg": line.bearing_deg,
            "sources": line.sources,
        }
        for line in registry.all_cameras()
        if line.code in codes
    ]
    frame = pl.DataFrame(lines, schema=dict(CAMERA_SCHEMA), strict=False)
    return aligned(frame)


def _decoded(values: pl.Series) -> pl.DataFrame:
    """said_FIELD of each field that discrepancies look at, out of JSON text, as text; null where nothing is said."""
    fields = pl.Struct({name: _TYPES.get(FIELDS[name].type, pl.String) for name in (*_LOOKED_AT, "street", "house")})
    said = values.replace("", "{}").str.json_decode(fields).struct.unnest()
    has_both = (pl.col("street") != "") & (pl.col("house") != "")
    address = pl.when(has_both).then(pl.concat_str("street", "house", separator=", "))
    return said.select(pl.col(_LOOKED_AT).cast(pl.String), address.alias(ADDRESS)).select(pl.all().name.prefix("said_"))


def _named(standing: pl.DataFrame) -> pl.DataFrame:
    """A line of owner_name for each claim, so that the source itself is known even where it says nothing else."""
    text = pl.col("values")
    says = text.str.contains('"owner_name":', literal=True)
    name = pl.when(says).then(text).str.json_decode(pl.Struct({"owner_name": pl.String})).struct.field("owner_name")
    return standing.select(**_columns("owner_name", value=name.fill_null("")))


def _differing(told: pl.DataFrame, *, name: str, where: tuple[str, ...]) -> pl.DataFrame:
    """The lines of one field, of cameras of which the sources do not all say the same in the fields `where`."""
    apart = pl.any_horizontal(pl.col(f"said_{one}").drop_nulls().n_unique().over("camera") > 1 for one in where)
    value = pl.col(f"said_{name}")
    return told.filter(value.is_not_null() & apart).select(**_columns(name, value=value))


def _columns(name: str, *, value: pl.Expr) -> dict[str, pl.Expr]:
    told = {one: pl.col(one) for one in CLAIMS_SCHEMA}
    return told | {"field": pl.lit(name), "value": value}


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    """source_ref, source ("list.xlsx · Камери · 12") and current of each record of the campaign."""
    sheet = pl.when(pl.col("sheet") != "").then("sheet")
    return (
        rows.drop_nulls("record")
        .select(
            source_ref=pl.concat_str(pl.lit("record:"), pl.col("record")),
            source=pl.concat_str("file", sheet, pl.col("row").cast(pl.String), separator=" · ", ignore_nulls=True),
            current="current",
        )
        .unique("source_ref", keep="last")
    )


def _named_elsewhere(refs: list[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for start in range(0, len(refs), _BATCH):
        labels.update(intake.sources_named(refs[start : start + _BATCH]))
    return labels
