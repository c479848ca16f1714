"""A mapping file: what each column of an owner's list means, written by a person in TOML."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from oblik.base.errors import InvalidInput, msg
from oblik.intake.logic.headers import folded
from oblik.intake.logic.shapes import EXTRA_TARGETS, Mapped
from oblik.registry.logic.fields import FIELDS

# Worked out by intake itself; a list cannot give them.
_DERIVED: Final = frozenset(("street_key", "street", "house", "place_origin"))
TARGETS: Final = (*(name for name in FIELDS if name not in _DERIVED), *EXTRA_TARGETS)
HEADER_ROW: Final = "header_row"  # key in a Mapped, beside headers: the 1-based row that holds the header

_PLACE: Final = re.compile(r"column [1-9]\d{0,4}")

# The register's table names each camera by its code and says whose it is. Source: registry.logic.export_table.
_EXPORT_MARKS: Final = frozenset(("code", "owner", "owner_title"))
_IN_EXPORT: Final = {
    "code": "city_code", "id": "ignore", "owner": "ignore", "owner_title": "ignore",
    "street": "ignore", "street_key": "ignore", "house": "ignore",
}  # fmt: skip
_ADDRESS_PARTS: Final = {"street": "street_part", "house": "house_part"}
# x_m and y_m are absent: which of them is the northing is for the numbers to say.
_UNMISTAKABLE: Final = {
    name: name for name in (*FIELDS, *EXTRA_TARGETS) if "_" in name and name not in ("x_m", "y_m", "street_key")
}


def parse_mapping(text: str) -> dict[str, str]:
    """Header -> target from `[columns]`; `header_row = N` is kept under its own key as text.

    An empty file gives an empty mapping. InvalidInput names the key, its value and what would be allowed.
    """
    try:
        tree = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            msg('The mapping file is not correct TOML: {reason}. Write lines such as "Широта" = "lat_deg".'),
            code="bad_mapping",
            reason=str(error),
        ) from error
    for key in tree:
        if key not in ("columns", HEADER_ROW):
            raise InvalidInput(
                msg("The mapping file has an unknown key {key}. Allowed: [columns] and header_row."),
                code="bad_mapping",
                key=key,
            )
    columns = tree.get("columns", {})
    if not isinstance(columns, dict):
        raise InvalidInput(
            msg("In the mapping file {key} must be a table: [columns], then one line per column."),
            code="bad_mapping",
            key="columns",
        )
    mapped = {header: _target(header, target) for header, target in columns.items()}
    return mapped | _header_row(tree)


def _target(header: str, target: object) -> str:
    if isinstance(target, str) and target.strip() in (*TARGETS, ""):
        return target.strip() or "ignore"
    near = get_close_matches(str(target), TARGETS, n=3)
    raise InvalidInput(
        msg(
            "In the mapping file the column {key} is given {value}, which is no field. "
            "Nearest: {near}. Allowed: {allowed}."
        ),
        code="bad_mapping",
        key=header,
        value=str(target),
        near=", ".join(near) or "-",
        allowed=", ".join(TARGETS),
    )


def _header_row(tree: Mapping[str, object]) -> dict[str, str]:
    row = tree.get(HEADER_ROW)
    if row is None:
        return {}
    if isinstance(row, bool) or not isinstance(row, int) or row < 0:
        raise InvalidInput(
            msg(
                "In the mapping file {key} is {value}; write the number of the row with the headers, 1 for the first, "
                "0 where there is none."
            ),
            code="bad_mapping",
            key=HEADER_ROW,
            value=str(row),
        )
    return {HEADER_ROW: str(row)}


def own_columns(headers: Sequence[str]) -> dict[int, str]:
    """Column -> target where the header is one of our own names; most of all in a table that the register wrote.

    A single word such as "name" or "surveillance" stands in other lists too, with a meaning of their own, so that it
    counts only in our own export. What the export works out from other columns is left out, to be worked out anew.
    """
    names = [header.strip().casefold() for header in headers]
    if set(names) >= _EXPORT_MARKS:
        by_name = {name: name for name in FIELDS} | _IN_EXPORT | ({} if "address" in names else _ADDRESS_PARTS)
    else:
        by_name = _UNMISTAKABLE
    return {index: by_name[name] for index, name in enumerate(names) if name in by_name}


def header_row_of(mapped: Mapped | None) -> int | None:
    """The 1-based header row that a person named; 0 means "no header", None means "find it"."""
    text = (mapped or {}).get(HEADER_ROW, "")
    return int(text) if text.isdecimal() else None


def place_of(index: int) -> str:
    """The key in a Mapped of a column by its place, for columns without a name of their own; index is 0-based."""
    return f"column {index + 1}"


def is_place(header: str) -> bool:
    """Whether a key in a Mapped names a column by its place."""
    return _PLACE.fullmatch(header) is not None


def lookup(mapped: Mapped | None) -> dict[str, str]:
    """The mapping under folded headers, for lenient comparison; unknown targets of an older version are left out."""
    return {
        folded(header) or header.strip(): target
        for header, target in (mapped or {}).items()
        if header != HEADER_ROW and target in TARGETS
    }
