"""What the sources say of the register's cameras, in the shape that discrepancies and documents are found in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from oblik.intake import queries as intake
from oblik.inventory.logic.count import CAMERA_SCHEMA, aligned
from oblik.inventory.logic.discrepancies import ADDRESS, CLAIMS_SCHEMA, COMPARED
from oblik.registry import queries as registry
from oblik.registry.logic.records import Value, loaded

_KINDS: Final = {"owner_list": "list"}  # kinds of source as discrepancies name them; others keep their names
_PLACE: Final = ("lon_deg", "lat_deg", "accuracy_m")
_LOOKED_AT: Final = (*(name for name in COMPARED if name != ADDRESS), *_PLACE)
_BATCH: Final = 5_000  # names asked for in one query; a database takes only so many parameters


@dataclass(frozen=True, eq=False)
class SaidOfCameras:
    """claims: CLAIMS_SCHEMA. own_numbers: (owner, camera) -> inventory number in that owner's newest list.

    own_words: the same for all that this list says, of cameras on others' books.
    """

    claims: pl.DataFrame
    own_numbers: dict[tuple[str, str], str]
    own_words: dict[tuple[str, str], dict[str, Value]]
    retired: frozenset[str]


def said_of_cameras(rows: pl.DataFrame) -> SaidOfCameras:
    """What stands in the register, told by the campaign's rows which lists are current.

    A claim of an earlier campaign is current while its owner has handed in nothing now.
    """
    lines = list(registry.all_cameras())
    claims = registry.claims_frame([line.id for line in lines])
    current_of = dict(rows.select("record", "current").drop_nulls().iter_rows())
    handed_in = set(rows.filter(pl.col("current"))["owner"])
    labels = _labels(rows, refs=claims["source_ref"].unique().to_list())
    several = set(claims.filter(pl.len().over("code") > 1)["code"])
    numbers: dict[tuple[str, str], str] = {}
    keepers = {line.code: line.owner for line in lines}
    words: dict[tuple[str, str], dict[str, Value]] = {}
    # Column by column: a frame of so many short rows is slow to make.
    said: dict[str, list[object]] = {name: [] for name in CLAIMS_SCHEMA}
    columns = claims.sort("said_at", "claim").select("code", "source_kind", "source_ref", "owner", "values")
    for code, kind, ref, owner, text in columns.iter_rows():
        values = loaded(text)
        is_list = kind == "owner_list"
        known = current_of.get(_record(ref))
        current = (owner not in handed_in or not is_list) if known is None else known
        if is_list and current and values.get("inventory_number"):
            numbers[owner, code] = str(values["inventory_number"])
        if is_list and current and owner != keepers.get(code):
            words[owner, code] = {name: values[name] for name in CAMERA_SCHEMA if name in values}
        told = list(_told(values, compared=code in several))
        said["field"] += (name for name, _value in told)
        said["value"] += (value for _name, value in told)
        source = {
            "camera": code, "source": labels.get(ref, ref), "kind": _KINDS.get(kind, kind), "owner": owner or None,
            "current": current,
        }  # fmt: skip
        for name, value in source.items():
            said[name] += [value] * len(told)
    retired = frozenset(line.code for line in lines if line.state in ("retired", "refused"))
    return SaidOfCameras(pl.DataFrame(said, schema=CLAIMS_SCHEMA), numbers, words, retired)


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


def _told(values: dict[str, Value], *, compared: bool) -> Iterator[tuple[str, str]]:
    """The fields of one claim that discrepancies look at, as text; a camera with one source has nothing to compare.

    The first is always there, so that the source itself is known even where it says nothing else.
    """
    yield "owner_name", _text(values.get("owner_name", ""))
    if compared:
        for name in _LOOKED_AT:
            if name in values:
                yield name, _text(values[name])
        if values.get("street") and values.get("house"):
            yield ADDRESS, f"{values['street']}, {values['house']}"


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _record(ref: str) -> int | None:
    name, _colon, number = ref.partition(":")
    return int(number) if name == "record" and number.isdigit() else None


def _labels(rows: pl.DataFrame, *, refs: list[str]) -> dict[str, str]:
    """source_ref -> how a person is told of it: "list.xlsx · Камери · 12"."""
    labels = {
        f"record:{record}": " · ".join(filter(None, (file, sheet, str(row))))
        for record, file, sheet, row in rows.select("record", "file", "sheet", "row").iter_rows()
        if record is not None
    }
    others = [ref for ref in refs if ref.startswith("record:") and ref not in labels]
    for start in range(0, len(others), _BATCH):
        labels.update(intake.sources_named(others[start : start + _BATCH]))
    return labels
