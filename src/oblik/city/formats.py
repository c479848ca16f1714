"""Which files are maps, and which reader understands each."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from oblik.city.logic.things import Address, Thing
from oblik.city.readers import osm, shapes

Form = Literal["extract", "shapes", "terrain", "table"]
ENDINGS: Final[dict[str, Form]] = {
    ".osm.pbf": "extract", ".pbf": "extract", ".osm": "extract", ".osm.gz": "extract", ".osm.bz2": "extract",
    ".geojson": "shapes", ".geojsonl": "shapes", ".json": "shapes", ".gpkg": "shapes", ".shp": "shapes",
    ".tif": "terrain", ".tiff": "terrain",
}  # fmt: skip
_DATE: Final = re.compile(r"[-_. ]?(?:\d{8}|\d{6}|\d{4}-\d{2}-\d{2}|latest)(?=\D|$)")


def form_of(name: str) -> Form:
    """What a file's ending says it is; a table where the ending says nothing else."""
    return next((form for end, form in ENDINGS.items() if name.lower().endswith(end)), "table")


def source_name(name: str) -> str:
    """A file's name without ending and date: "kharkiv-240101.osm.pbf" and "kharkiv-latest.osm.pbf" are "kharkiv"."""
    end = next((end for end in ENDINGS if name.lower().endswith(end)), "")
    kept = name if ENDINGS.get(end) != "extract" else name[: len(name) - len(end)]
    return _DATE.sub("", kept).strip("-_. ") or kept


def day_shown(path: Path) -> datetime | None:
    """The instant that a map says it shows; None where it does not say."""
    return osm.made_at(path) if form_of(path.name) == "extract" else None


def credit_of(path: Path) -> str:
    """Whom a map drawn from the file must name; an invented city owes nobody."""
    return "OpenStreetMap" if form_of(path.name) == "extract" and osm.generator(path) != "oblik demo" else ""


def read_map(path: Path, *, layer: str, storey_m: float) -> Iterator[Thing | Address]:
    """All that a map holds; layer says what a plain file of shapes is, "" leaves it to be guessed."""
    if form_of(path.name) == "extract":
        return osm.read(path, storey_m=storey_m)
    return shapes.read(path, layer=layer, storey_m=storey_m)
