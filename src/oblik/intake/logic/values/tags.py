"""OpenStreetMap tags written in one cell, and which field of the register each of them tells."""

import ast
import json
import re
from typing import Final

from oblik.intake.logic.values.texts import plain

LONGEST: Final = 20_000  # a longer cell is no dictionary of tags

# OSM key -> target of intake. Where two keys tell the same field the first one present wins.
TAG_TARGETS: Final = {
    "camera:direction": "bearing_deg",
    "direction": "bearing_deg",
    "surveillance:direction": "bearing_deg",
    "camera:type": "kind",
    "camera:mount": "mount",
    "support": "mount",
    "camera:angle": "tilt_deg",
    "camera:count": "count",
    "count": "count",
    "surveillance:type": "surveillance",
    "surveillance:zone": "zone",
    "surveillance": "indoor",
    "indoor": "indoor",
    "level": "floor",
    "operator": "operator_name",
    "owner": "owner_name",
    "ref": "inventory_number",
    "serial_number": "serial",
    "name": "name",
    "height": "height_m",
    "manufacturer": "vendor",
    "brand": "vendor",
    "model": "model",
    "addr:full": "address",
    "addr:street": "street_part",
    "addr:place": "street_part",
    "addr:housenumber": "house_part",
    "addr:city": "settlement",
    "addr:district": "district",
    "addr:suburb": "district",
    "contact:webcam": "stream_url",
    "start_date": "installed_on",
    "operational_status": "state",
    "purpose": "purpose",
    "description": "note",
    "note": "note",
}
_ARROWS: Final = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"((?:[^"\\]|\\.)*)"')
_EQUALS: Final = re.compile(r"^\s*([a-z][\w:]*)\s*=\s*(.*?)\s*$")


def tags(text: str) -> tuple[dict[str, str] | None, str | None]:
    """The tags of a cell as a dictionary: JSON, a Python dictionary, hstore ("a"=>"b") or a=b; c=d.

    "not_tags" where none can be read.
    """
    text = plain(text)
    if not text:
        return None, None
    found = _parsed(text) if len(text) <= LONGEST else None
    if found is None:
        return None, "not_tags"
    return {str(key): str(value) for key, value in found.items() if value is not None}, None


def _parsed(text: str) -> dict[object, object] | None:
    if text[0] == "{":
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = _literal(text)
        return value if isinstance(value, dict) else None
    if arrows := _ARROWS.findall(text):
        return dict(arrows)
    pairs = [_EQUALS.match(piece) for piece in re.split(r"[;\n|]", text)]
    found = {pair[1]: pair[2] for pair in pairs if pair}
    return dict(found) if found else None


def _literal(text: str) -> object:
    """What Python's own notation says; literals only, nothing is run."""
    if "\\" in text:  # escapes in unusual text make the parser warn
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def by_target(found: dict[str, str]) -> dict[str, str]:
    """Target of intake -> text, for the tags that tell something the register keeps."""
    told: dict[str, str] = {}
    for key, target in TAG_TARGETS.items():
        if found.get(key):
            told.setdefault(target, found[key])
    return told
