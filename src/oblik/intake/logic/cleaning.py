"""From a table understood to clean columns: every value in one form, every doubt named, every data row kept."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from oblik.base import collector
from oblik.intake.logic import parts as splitting
from oblik.intake.logic import situating
from oblik.intake.logic.drafts import Column, Draft, Normalised, codes_of, normalised
from oblik.intake.logic.parts import Parts
from oblik.intake.logic.places import Readings, locate, read_columns, read_metres, read_pairs
from oblik.intake.logic.problems import PROBLEMS
from oblik.intake.logic.shapes import CleanColumns, Problem, Table
from oblik.intake.logic.situating import Located, Locator
from oblik.intake.logic.values import (
    bearings,
    dates,
    identifiers,
    kinds,
    models,
    numbers,
    resolution,
    tags,
    texts,
    urls,
)
from oblik.intake.logic.values.projected import systems_named
from oblik.registry.logic.fields import FIELDS

Normaliser = Callable[[str], Normalised]

_PLACE_ORIGINS: Final = FIELDS["place_origin"].choices


def _place_origin(text: str) -> Normalised:
    folded = text.strip().casefold()
    return (folded, None) if folded in _PLACE_ORIGINS else (None, None)


def _last_day(text: str) -> Normalised:
    return dates.day(text, last=True)


# Target -> normaliser of one cell. What needs several columns or several rows is done by its own function below.
NORMALISERS: Final[dict[str, Normaliser]] = {
    "city_code": identifiers.city_code,
    "source_id": identifiers.source_id,
    "inventory_number": identifiers.inventory_number,
    "serial": identifiers.serial,
    "mac": identifiers.mac,
    "onvif_uuid": identifiers.uuid,
    "port": identifiers.port,
    **dict.fromkeys(
        (
            "name",
            "owner_name",
            "operator_name",
            "district",
            "site",
            "floor",
            "purpose",
            "link",
            "contract",
            "contractor",
        ),
        urls.free_text,
    ),
    "place_origin": _place_origin,
    "indoor": kinds.indoor,
    "bearing_deg": bearings.bearing,
    "focal_mm": numbers.focal_length,
    "width_px": numbers.whole,
    "height_px": numbers.whole,
    "codec": kinds.codec,
    "kind": kinds.kind,
    "mount": kinds.mount,
    "surveillance": kinds.surveillance,
    "zone": kinds.zone,
    "audio": kinds.boolean,
    "stream_url": urls.stream_url,
    "installed_on": dates.day,
    "warranty_until": _last_day,
    "state": kinds.state,
}
# Normalisers that use the unit named in the header.
MEASURED: Final[dict[str, Callable[..., Normalised]]] = {
    "accuracy_m": numbers.accuracy,
    "height_m": numbers.height,
    "tilt_deg": numbers.tilt,
    "hfov_deg": numbers.field_of_view,
    "range_m": numbers.distance,
    "ir_range_m": numbers.distance,
    "fps": numbers.frame_rate,
    "retention_days": numbers.retention,
}
# Any of these makes a row findable: somebody can go there or look the device up.
_IDENTITY: Final = (
    "city_code", "inventory_number", "serial", "mac", "onvif_uuid", "ip", "name", "lon_deg", "address", "street_key",
    "site", "stream_url",
)  # fmt: skip
# Values that we add ourselves or that a printed form holds in empty rows: they say nothing about a camera.
_SAYS_NOTHING: Final = frozenset({"source_id", "place_origin", "accuracy_m", "district"})
_FEW: Final = 3
_SECTION: Final = re.compile(r"район|(?<!\w)р-н|district", re.IGNORECASE)
_LON_FIRST_HEADER: Final = re.compile(r"(?:дов|долг|lon|lng|x).*(?:шир|lat|y)", re.IGNORECASE | re.DOTALL)


def clean_table(table: Table, *, gazetteer: Locator | None = None) -> CleanColumns:
    """Clean records of every data row, in the order of the sheet; a row of several cameras gives several records.

    Days are ISO text "YYYY-MM-DD", choices are those of FIELDS, numbers are in the units of their names, coordinates
    are rounded to 7 digits. `values` holds every field with at least one value. Passwords and log-ins are never read.
    gazetteer: whatever answers `resolve` as oblik.city.logic.gazetteer.Gazetteer does; None only takes addresses apart.
    """
    with collector.paused():
        return _cleaned(table, gazetteer)


def _cleaned(table: Table, gazetteer: Locator | None) -> CleanColumns:
    draft = Draft.of(table)
    _spread_tags(draft)
    for target, normalise in NORMALISERS.items():
        draft.apply(target, normalise)
    for target, measured in MEASURED.items():
        draft.apply(target, measured, with_unit=True)
    _join_notes(draft)
    _make_and_model(draft)
    _picture_size(draft)
    several_ips = splitting.addresses(draft)
    _sections(draft, table)
    situating.join_addresses(draft)
    found = situating.resolve_addresses(draft, gazetteer)
    _places(draft, found)
    parts = splitting.split_rows(draft, several_ips)
    _judge_rows(draft)
    return _columns(draft, parts)


def _spread_tags(draft: Draft) -> None:
    """Turn cells with OpenStreetMap tags into further columns, which fill what the list's own columns leave empty."""
    for column in draft.columns.pop("tags", []):
        found = normalised(column, tags.tags)
        told = {
            text: tags.by_target({str(key): str(value) for key, value in answer.items()})
            for text, (answer, _) in found.items()
            if isinstance(answer, dict)
        }
        draft.note_codes("note", column, codes_of(found))
        for target in sorted({target for answer in told.values() for target in answer}):
            cells = [told[text].get(target, "") if text in told else "" for text in column.texts]
            draft.columns.setdefault(target, []).append(Column(column.header, "", cells))


def _join_notes(draft: Draft) -> None:
    """Several columns of remarks become one text."""
    columns = draft.columns.get("note", [])
    if not columns:
        return
    cleaned = []
    for column in columns:
        found = normalised(column, urls.free_text)
        draft.note_codes("note", column, codes_of(found))
        cleaned.append([found[text][0] for text in column.texts])
    draft.fill(
        "note", ["; ".join(dict.fromkeys(str(t) for t in row if t)) or None for row in zip(*cleaned, strict=True)]
    )


def _make_and_model(draft: Draft) -> None:
    """Maker and model from their columns, from a common column, and the maker from the model's name."""
    draft.apply("vendor", models.vendor)
    for column in draft.columns.get("vendor_model", ()):
        found = normalised(column, models.vendor_model)
        pairs = {text: pair for text, (pair, _) in found.items() if isinstance(pair, tuple)}
        draft.fill("vendor", [pairs[text][0] if text in pairs else None for text in column.texts])
        draft.fill("model", [pairs[text][1] if text in pairs else None for text in column.texts])
    for column in draft.columns.get("model", ()):
        found = normalised(column, models.vendor_model)
        pairs = {text: pair for text, (pair, _) in found.items() if isinstance(pair, tuple)}
        known = {text: maker for text, (maker, model) in pairs.items() if model is not None}
        alone = normalised(column, models.model)
        made = {text: pairs[text][1] if text in known else alone[text][0] for text in found}
        draft.fill("model", [made[text] for text in column.texts])
        draft.fill("vendor", [known.get(text) for text in column.texts])


def _picture_size(draft: Draft) -> None:
    for column in draft.columns.get("resolution", ()):
        found = normalised(column, resolution.resolution)
        sizes = {text: size for text, (size, _) in found.items() if isinstance(size, tuple)}
        draft.note_codes("width_px", column, codes_of(found))
        draft.fill("width_px", [sizes[text][0] if text in sizes else None for text in column.texts])
        draft.fill("height_px", [sizes[text][1] if text in sizes else None for text in column.texts])


def _sections(draft: Draft, table: Table) -> None:
    """A title row between data rows that names a district holds for the rows below it."""
    section: str | None = None
    sections: list[str | None] = []
    started = False
    for cells, role in zip(table.sheet.rows, table.roles, strict=True):
        if role in ("header", "data"):
            started = True
        if role == "data":
            sections.append(section)
        elif role == "title" and started:
            said = list(dict.fromkeys(text for cell in cells if (text := texts.words(cell)[0])))
            section = said[0] if len(said) == 1 and _SECTION.search(said[0]) else None
    if any(sections):
        draft.fill("district", sections)


def _places(draft: Draft, found: Sequence[Located | None]) -> None:
    """Coordinates from whichever columns hold them, read in the light of the whole list and of its addresses."""
    header, field_name = _place_header(draft), "lat_deg"
    readings = _readings(draft)
    shown = _shown(draft)
    lon_first = bool(_LON_FIRST_HEADER.search(draft.header_of("coordinates"))) and "lat_deg" not in draft.columns
    named = systems_named(" ".join(draft.header_of(name) for name in ("x_m", "y_m", "coordinates", "lat_deg")))
    places = locate(readings, known=situating.middle_of(found), lon_first=lon_first, named=named)
    for row, codes in sorted(places.codes.items()):
        for code in codes:
            draft.note(row, code, field_name, shown(row), column=header)
    situating.compare_and_geocode(draft, places, found, columns=header)
    known = (~np.isnan(places.lon_deg)).tolist()
    origin = draft.values_of("place_origin")
    draft.values["place_origin"] = [
        (said or "given") if here else None for said, here in zip(origin, known, strict=True)
    ]
    draft.values["lon_deg"] = _listed(places.lon_deg, digits=7)
    draft.values["lat_deg"] = _listed(places.lat_deg, digits=7)
    draft.fill("accuracy_m", _listed(places.accuracy_m, digits=3))
    if "accuracy_m" in draft.values and not all(known):
        accuracy = draft.values["accuracy_m"]
        draft.values["accuracy_m"] = [value if here else None for value, here in zip(accuracy, known, strict=True)]


def _place_header(draft: Draft) -> str:
    pairs = (("lat_deg", "lon_deg"), ("y_m", "x_m"))
    for one, other in pairs:
        headers = [draft.header_of(one), draft.header_of(other)]
        if any(headers):
            return ", ".join(dict.fromkeys(header for header in headers if header))
    return draft.header_of("coordinates")


def _shown(draft: Draft) -> Callable[[int], str]:
    columns = [
        column for name in ("lat_deg", "lon_deg", "y_m", "x_m", "coordinates") for column in draft.columns.get(name, ())
    ]
    return lambda row: "; ".join(text for column in columns if (text := column.texts[row].strip()))


def _readings(draft: Draft) -> Readings:
    """What all columns of coordinates say: two columns of degrees first, then one of both, then metres."""
    empty = [""] * len(draft)
    readings: Readings | None = None
    for one, other in (("lat_deg", "lon_deg"), ("", "coordinates"), ("y_m", "x_m")):
        if one in draft.columns or other in draft.columns:
            if one:
                first = draft.texts_of(one) if one in draft.columns else empty
                second = draft.texts_of(other) if other in draft.columns else empty
                fresh = (read_metres if one == "y_m" else read_columns)(_present(first), _present(second))
            else:
                fresh = read_pairs(_present(draft.texts_of(other)))
            readings = fresh if readings is None else _merged(readings, fresh)
    return readings if readings is not None else Readings.empty(len(draft))


def _present(column: Sequence[str]) -> Sequence[str]:
    """The column with words for "nothing" taken out, so that one such cell does not look like half a place."""
    odd = [text for text in set(column) if not text[:1].isdigit()]
    nothing = {text for text in odd if len(text) <= texts.LONGEST_NOTHING and not texts.plain(text)}
    return ["" if text in nothing else text for text in column] if nothing - {""} else column


def _merged(before: Readings, fresh: Readings) -> Readings:
    """The first readings, with rows that they leave empty taken from the others."""
    said = before.has()
    for row in before.digits:
        said[row] = True
    other = fresh.has()
    for row in np.flatnonzero(other & ~said).tolist():
        index = row
        before.first[index], before.second[index] = fresh.first[index], fresh.second[index]
        before.step[index], before.order[index] = fresh.step[index], fresh.order[index]
        before.codes.pop(index, None)
        if index in fresh.digits:
            before.digits[index] = fresh.digits[index]
    for index, code in fresh.codes.items():
        if not said[index]:
            before.codes.setdefault(index, code)
    return before


def _listed(values: "np.typing.NDArray[np.float64]", *, digits: int) -> list[object | None]:
    missing = np.isnan(values)
    found: list[object | None] = (np.round(values, digits) + 0.0).tolist()
    for row in np.flatnonzero(missing).tolist():
        found[row] = None
    return found


def _judge_rows(draft: Draft) -> None:
    """Mark rows that name no camera at all, and rows that nobody could find."""
    lost = list(range(len(draft)))
    for name in _IDENTITY:
        if name in draft.values and lost:
            column = _telling(name, draft.values[name])
            lost = [row for row in lost if column[row] is None]
    telling = [_telling(name, column) for name, column in draft.values.items() if name not in _SAYS_NOTHING and lost]
    for row in lost:
        speaks = any(column[row] is not None for column in telling) or row in draft.problems
        draft.note(row, "row_without_place_or_identity" if speaks else "row_says_nothing", "", "")


def _telling(name: str, column: list[object | None]) -> list[object | None]:
    """The column without what tells no camera from another: a name that only numbers the row, one site for all rows."""
    if name == "name":
        return [None if isinstance(value, str) and value.strip("№# .").isdigit() else value for value in column]
    if name == "site" and len(column) > _FEW and len(set(column)) == 1:
        return [None] * len(column)
    return column


def _columns(draft: Draft, parts: Parts) -> CleanColumns:
    nothing: tuple[Problem, ...] = ()
    problems = [tuple(draft.problems[row]) if row in draft.problems else nothing for row in range(len(draft))]
    values = {name: draft.values[name] for name in FIELDS if name in draft.values}
    if parts.is_plain:
        ones = [1] * len(draft)
        return CleanColumns(draft.rows, ones, list(ones), _spoken(values), problems)
    source = [row for row, size in enumerate(parts.sizes) for _ in range(size)]
    number = [part for size in parts.sizes for part in range(1, size + 1)]
    spread = {name: [column[row] for row in source] for name, column in values.items()}
    start = np.concatenate(([0], np.cumsum(parts.sizes))).tolist()
    for (row, name), own in parts.own.items():
        column = spread.setdefault(name, [None] * len(source))
        column[start[row] : start[row] + len(own)] = own
    return CleanColumns(
        row=[draft.rows[row] for row in source],
        part=number,
        parts=[parts.sizes[row] for row in source],
        values=_spoken(spread),
        problems=[problems[row] for row in source],
    )


def _spoken(values: dict[str, list[object | None]]) -> dict[str, list[object | None]]:
    return {name: column for name, column in values.items() if any(value is not None for value in column)}


def severities(problems: Sequence[Problem]) -> set[str]:
    """How much the problems of one record matter; empty for none."""
    return {PROBLEMS[problem.code] for problem in problems}
