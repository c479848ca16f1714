"""How a camera's values travel as JSON text, and which of them stand in columns of their own."""

import json
from collections.abc import Mapping
from typing import Final

from oblik.registry.logic.fields import STATES
from oblik.registry.logic.folding import folded, place_mark, squeezed

Value = str | float | int | bool
Values = Mapping[str, Value]

_SEARCHED: Final = (
    "name", "inventory_number", "serial", "mac", "ip", "onvif_uuid", "address", "street", "site", "model", "source_id",
    "purpose",
)  # fmt: skip
_SQUEEZED: Final = ("serial", "mac", "inventory_number", "model")


def dumped(values: Mapping[str, object]) -> str:
    """JSON text with the fields in alphabetical order and without absent ones: equal values give equal text."""
    present = {name: value for name, value in values.items() if value is not None}
    return json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def loaded(text: str) -> dict[str, Value]:
    """The values back from their text; empty text gives none."""
    return dict(json.loads(text)) if text else {}


def search_text(code: str, *, values: Values) -> str:
    """What a search looks through: words as folded, ids squeezed besides, at the end the street's key and the house."""
    words = [code, *(str(values[name]) for name in _SEARCHED if name in values)]
    ids = [squeezed(str(values[name])) for name in _SQUEEZED if name in values]
    # Folded at once: a gap between two words is a gap like any other.
    mark = place_mark(str(values.get("street_key", "")), str(values.get("house", "")))
    return " ".join(filter(None, [folded("\n".join(words)), *ids, squeezed(code), mark]))


def columns_of(code: str, *, values: Values) -> tuple[object, ...]:
    """The values of CAMERA_COLUMNS for a camera."""
    state = values.get("state")
    bearing, hfov = values.get("bearing_deg"), values.get("hfov_deg")
    return (
        state if state in STATES else "in_service",
        values.get("lon_deg"),
        values.get("lat_deg"),
        values.get("place_origin") or "",
        float(bearing) % 360.0 % 360.0 if bearing is not None else None,
        values.get("kind") or "",
        values.get("district") or None,
        values.get("purpose") or None,
        search_text(code, values=values),
        float(hfov) if hfov is not None and 0 < float(hfov) <= 360 else None,
    )


CAMERA_COLUMNS: Final = ("state", "lon_deg", "lat_deg", "place_origin", "bearing_deg", "kind", "district", "purpose",
                         "search_text", "hfov_deg")  # fmt: skip
