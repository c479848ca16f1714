"""The register as OpenStreetMap XML with the tags of man_made=surveillance; ids are negative: not yet in that database.

Tags: https://wiki.openstreetmap.org/wiki/Tag:man_made=surveillance. Cameras without a place cannot be written and are
counted out.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from oblik.registry.logic.export_table import COLUMNS, Row

_TAGS: Final = {
    "code": "ref",
    "kind": "camera:type",
    "mount": "camera:mount",
    "bearing_deg": "camera:direction",
    "surveillance": "surveillance:type",
    "zone": "surveillance:zone",
    "height_m": "height",
    "owner_title": "operator",
    "vendor": "manufacturer",
    "model": "model",
    "name": "name",
    "street": "addr:street",
    "house": "addr:housenumber",
    "installed_on": "start_date",
    "inventory_number": "ref:inventory",
}
_CONTROLS: Final = dict.fromkeys(range(32), " ")


def write(path: Path, rows: Iterable[Row]) -> int:
    """Writes the placed rows and returns how many there were."""
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write("<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\" generator=\"Oblik\">\n")
        for row in rows:
            values = {name: value for name, value in zip(COLUMNS, row, strict=True) if value not in (None, "")}
            if "lon_deg" not in values or "lat_deg" not in values:
                continue
            count += 1
            stream.write(f'  <node id="-{count}" lat="{values["lat_deg"]}" lon="{values["lon_deg"]}" version="1">\n')
            for key, value in _tags(values).items():
                stream.write(f"    <tag k={quoteattr(key)} v={quoteattr(value)}/>\n")
            stream.write("  </node>\n")
        stream.write("</osm>\n")
    return count


def _tags(values: Mapping[str, object]) -> dict[str, str]:
    tags = {"man_made": "surveillance", "surveillance:type": "camera"}
    for name, key in _TAGS.items():
        if name in values:
            value = values[name]
            text = f"{value:g}" if isinstance(value, float) else str(value)
            tags[key] = text.translate(_CONTROLS)
    return tags
