"""Which files are maps, and which reader understands each."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from oblik.city.logic.things import Address, Thing
from oblik.city.readers import osm

EXTRACTS: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
_DATE: Final = re.compile(r"[-_. ]?(?:\d{8}|\d{6}|\d{4}-\d{2}-\d{2}|latest)(?=\D|$)")


def is_map(path: Path) -> bool:
    """Whether a file's name says that it holds shapes rather than a table."""
    return path.name.lower().endswith(EXTRACTS)


def source_name(name: str) -> str:
    """A file's name without its ending and date: "kharkiv-240101.osm.pbf", "kharkiv-latest.osm.pbf" are "kharkiv"."""
    stem = next((name[: -len(end)] for end in EXTRACTS if name.lower().endswith(end)), name.rpartition(".")[0])
    return _DATE.sub("", stem).strip("-_. ") or stem


def day_shown(path: Path) -> datetime | None:
    """The instant that a map says it shows; None where it does not say."""
    return osm.made_at(path) if path.name.lower().endswith(EXTRACTS) else None


def read_map(path: Path, *, layer: str, storey_m: float) -> Iterator[Thing | Address]:
    """All that a map holds; layer says what a plain file of shapes is, "" leaves it to be guessed."""
    return osm.read(path, storey_m=storey_m)
