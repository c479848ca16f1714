"""OpenStreetMap tags to fields: fixed by the tagging scheme, so nothing is guessed.

Source: wiki.openstreetmap.org, man_made=surveillance and highway=speed_camera.
"""

from collections.abc import Mapping
from typing import Final

TARGETS: Final[dict[str, str]] = {
    "id": "source_id",
    "@id": "source_id",
    "lat": "lat_deg",
    "lon": "lon_deg",
    "camera:direction": "bearing_deg",
    "camera:angle": "tilt_deg",
    "camera:type": "kind",
    "camera:mount": "mount",
    "surveillance:type": "surveillance",
    "surveillance:zone": "zone",
    "surveillance": "indoor",  # public | outdoor | indoor
    "indoor": "indoor",
    "height": "height_m",
    "level": "floor",
    "operator": "operator_name",
    "owner": "owner_name",
    "manufacturer": "vendor",
    "model": "model",
    "start_date": "installed_on",
    "ref": "inventory_number",
    "name": "name",
    "addr:street": "street_part",
    "addr:housenumber": "house_part",
    "addr:city": "settlement",
    "addr:district": "district",
    "addr:full": "address",
    "contact:webcam": "stream_url",
    "camera:count": "count",
    "description": "note",
    "note": "note",
    "osm type": "ignore",
    "man_made": "ignore",
}
# Older tag -> the tag that replaced it.
_OLDER: Final = {"direction": "camera:direction", "webcam": "contact:webcam"}


def newer_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags with `direction` under its newer name `camera:direction`, where the newer one is absent."""
    renamed = dict(tags)
    for older, newer in _OLDER.items():
        if older in renamed and newer not in renamed:
            renamed[newer] = renamed.pop(older)
    return renamed


def is_camera(tags: Mapping[str, str]) -> bool:
    """True for what the map calls a camera: surveillance or a speed camera."""
    return (
        tags.get("man_made") == "surveillance"
        or tags.get("highway") == "speed_camera"
        or "surveillance" in tags
        or "surveillance:type" in tags
    )
