"""The formats that the register leaves in: one line each."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import InvalidInput, msg
from oblik.registry import queries, searching
from oblik.registry.exports import delimited, geojson, geopackage, osm, workbook
from oblik.registry.logic.export_table import Row, export_row
from oblik.registry.logic.wanted import Wanted

EXPORTS: Final[dict[str, Callable[[Path, Iterable[Row]], int]]] = {
    "csv": delimited.write,
    "xlsx": workbook.write,
    "geojson": geojson.write,
    "gpkg": geopackage.write,
    "osm": osm.write,
}


def export_cameras(path: Path, *, format: str, within: Scope = EVERYWHERE) -> int:
    """Writes all standing cameras within a scope; how many went into the file. Secret fields never do."""
    return _write(path, queries.all_cameras(within=within), format=format)


def export_wanted(path: Path, wanted: Wanted, *, format: str, within: Scope = EVERYWHERE) -> int:
    """Writes the wanted cameras within a scope by code, as export_cameras does."""
    return _write(path, searching.found_lines(wanted, within=within), format=format)


def _write(path: Path, lines: Iterable[queries.CameraLine], *, format: str) -> int:
    writer = EXPORTS.get(format)
    if writer is None:
        raise InvalidInput(
            msg("“{value}” is not an export format; choose one of {choices}."), value=format, choices=", ".join(EXPORTS)
        )
    rows = (
        export_row(line.code, owner=line.owner, owner_name=line.owner_name, state=line.state, values=line.values)
        for line in lines
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    return writer(path, rows)
