"""The register as csv: UTF-8 with a mark, so that spreadsheets show Cyrillic letters."""

import csv
from collections.abc import Iterable
from pathlib import Path

from oblik.registry.logic.export_table import COLUMNS, Row, harmless


def write(path: Path, rows: Iterable[Row]) -> int:
    """Writes the rows and returns how many there were."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([harmless(value) for value in row])
            count += 1
    return count
