"""OpenStreetMap tags to fields: fixed by the tagging scheme, so nothing is guessed.

Source: wiki.openstreetmap.org, man_made=surveillance and highway=speed_camera.
"""

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
    "webcam": "stream_url",
    "camera:count": "count",
    "description": "note",
    "note": "note",
    "osm type": "ignore",
    "man_made": "ignore",
}
# `direction` is the older word for camera:direction; it is used where the newer one is absent.
OLDER: Final = {"direction": "bearing_deg", "webcam": "stream_url"}


def is_camera(tags: dict[str, str]) -> bool:
    """True for what the map calls a camera: surveillance or a speed camera."""
    return (
        tags.get("man_made") == "surveillance"
        or tags.get("highway") == "speed_camera"
        or "surveillance" in tags
        or "surveillance:type" in tags
    )
