"""Which formats of lists can be read: one line per format, tried by content first and by suffix second."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.logic.shapes import Sheet
from oblik.intake.readers import delimited, document, layers, osm, placemarks, records, spreadsheetml, webpage, workbook
from oblik.intake.readers.limits import DEFAULT, Limits, check_size
from oblik.intake.readers.sniffing import Look, look_at

Reader = Callable[[Path, Limits], list[Sheet]]


@dataclass(frozen=True, slots=True)
class Format:
    """sniff looks at the first bytes and at the names inside a zip; suffixes decide only where no content does."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Look], bool]
    read: Reader


FORMATS: Final[tuple[Format, ...]] = (
    Format("workbook", (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), Look.is_workbook, workbook.read),
    Format("docx", (".docx", ".docm"), Look.is_document, document.read),
    Format("shapefile", (), Look.is_shapefile, layers.read_shapefile),
    Format("kml", (".kml", ".kmz"), Look.is_kml, placemarks.read_kml),
    Format("gpx", (".gpx",), Look.is_gpx, placemarks.read_gpx),
    Format("osm", (".osm", ".pbf"), Look.is_osm, osm.read),
    Format("geopackage", (".gpkg",), Look.is_geopackage, layers.read_geopackage),
    Format("spreadsheetml", (), Look.is_spreadsheetml, spreadsheetml.read),
    Format("webpage", (".html", ".htm"), Look.is_webpage, webpage.read),
    Format("json", (".geojson", ".json", ".geojsonl", ".jsonl"), Look.is_json, records.read),
    Format("delimited", (".csv", ".tsv", ".txt"), Look.is_text, delimited.read),
)


def read_sheets(path: Path, *, sheet: str | None = None, limits: Limits = DEFAULT) -> list[Sheet]:
    """The file's sheets as grids of text; with `sheet` only the one of that name (case does not matter).

    UnreadableFile, and nothing else, where the file as a whole gives no list; its code is stable, its sentence
    names the remedy. Nothing in the file is executed and nothing is fetched.
    """
    path = Path(path)
    check_size(path, limits=limits)
    look = look_at(path)
    try:
        sheets = _format_of(look).read(path, limits)
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise _failed(path, error) from error
    except Exception as error:
        raise _failed(path, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a panic in a Rust reader becomes; it has no importable name
            raise
        raise _failed(path, error) from error
    return _chosen(sheets, sheet=sheet, file=path.name)


def _format_of(look: Look) -> Format:
    look.refuse_known()
    for known in FORMATS:
        if known.sniff(look):
            return known
    for known in FORMATS:
        if look.suffix in known.suffixes:
            return known
    raise UnreadableFile(
        msg("{file} is not a list in a known format. Ask the owner for the list as xlsx, ods or csv."),
        code="unknown_format",
        file=look.path.name,
    )


def _failed(path: Path, error: BaseException) -> UnreadableFile:
    return UnreadableFile(
        msg(
            "{file} cannot be read: it is damaged or unusual ({reason}). "
            "Open it in its program, save it anew and send it again."
        ),
        code="reader_failed",
        file=path.name,
        reason=type(error).__name__,
    )


def _chosen(sheets: list[Sheet], *, sheet: str | None, file: str) -> list[Sheet]:
    if not any(one.rows for one in sheets):
        raise UnreadableFile(
            msg("{file} holds no filled cell. Ask the owner to send the file again."), code="blank_file", file=file
        )
    if sheet is None:
        return sheets
    wanted = sheet.strip().casefold()
    found = [one for one in sheets if one.name.strip().casefold() == wanted]
    if not found:
        raise UnreadableFile(
            msg("{file} has no sheet named {sheet}. It has: {names}."),
            code="no_such_sheet",
            file=file,
            sheet=sheet,
            names=", ".join(one.name for one in sheets) or "-",
        )
    return found
