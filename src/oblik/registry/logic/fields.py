"""What a camera record can hold: one line per field, read by intake, the register, documents and pages alike."""

from dataclasses import dataclass
from typing import Final, Literal

FieldType = Literal["text", "number", "integer", "date", "boolean", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """unit is SI or as in the name; tolerance is how far two numbers may lie apart and still be the same value."""

    name: str
    type: FieldType
    group: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    tolerance: float = 0.0
    secret: bool = False


KINDS: Final = ("fixed", "dome", "panning", "ptz")  # OSM camera:type, with ptz besides
MOUNTS: Final = ("wall", "pole", "ceiling", "street_lamp", "traffic_signals", "roof", "gantry")  # OSM camera:mount
SURVEILLANCE: Final = ("camera", "ALPR", "guard")  # OSM surveillance:type
OWNER_KINDS: Final = ("department", "enterprise", "state", "private")
STATES: Final = ("planned", "applied", "approved", "installed", "in_service", "faulty", "retired", "refused", "lost")

FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for field in (
        Field("city_code", "text", "identity"),  # our own code, where a list quotes it; never a value of the camera
        Field("source_id", "text", "identity"),  # the row's own id in the list; stable between lists
        Field("inventory_number", "text", "identity"),
        Field("serial", "text", "identity"),
        Field("mac", "text", "identity"),  # 12 upper-case hex digits, no separators
        Field("onvif_uuid", "text", "identity"),
        Field("ip", "text", "identity"),
        Field("port", "integer", "identity"),
        Field("name", "text", "identity"),  # the camera's label: "Камера 3 (вхід)"
        Field("owner_name", "text", "identity"),  # balance holder as written in the row
        Field("operator_name", "text", "identity"),
        Field("lon_deg", "number", "place", unit="deg"),
        Field("lat_deg", "number", "place", unit="deg"),
        Field("accuracy_m", "number", "place", unit="m"),
        Field("place_origin", "choice", "place", choices=("given", "geocoded", "field", "device", "osm")),
        Field("address", "text", "place"),  # as given
        Field("street_key", "text", "place"),  # one key for all names of one street; see city
        Field("street", "text", "place"),  # resolved, current name in Ukrainian
        Field("house", "text", "place"),
        Field("district", "text", "place"),
        Field("site", "text", "place"),
        Field("indoor", "boolean", "place"),
        Field("floor", "text", "place"),
        Field("height_m", "number", "pose", unit="m", tolerance=1.0),
        Field("bearing_deg", "number", "pose", unit="deg", tolerance=25.0),
        Field("tilt_deg", "number", "pose", unit="deg", tolerance=10.0),
        Field("hfov_deg", "number", "optics", unit="deg", tolerance=10.0),
        Field("focal_mm", "text", "optics", unit="mm"),
        Field("range_m", "number", "optics", unit="m", tolerance=10.0),
        Field("ir_range_m", "number", "optics", unit="m", tolerance=10.0),
        Field("width_px", "integer", "optics", unit="px"),
        Field("height_px", "integer", "optics", unit="px"),
        Field("fps", "number", "optics", unit="1/s", tolerance=1.0),
        Field("codec", "text", "optics"),
        Field("vendor", "text", "device"),
        Field("model", "text", "device"),
        Field("kind", "choice", "device", choices=KINDS),
        Field("mount", "choice", "device", choices=MOUNTS),
        Field("surveillance", "choice", "device", choices=SURVEILLANCE),
        Field("zone", "text", "device"),  # OSM surveillance:zone
        Field("audio", "boolean", "device"),
        Field("purpose", "text", "use"),
        Field("retention_days", "number", "use", unit="d"),
        Field("stream_url", "text", "network", secret=True),
        Field("link", "text", "network"),
        Field("contract", "text", "money"),
        Field("contractor", "text", "money"),
        Field("warranty_until", "date", "money"),
        Field("installed_on", "date", "money"),
        Field("state", "choice", "use", choices=STATES),
        Field("note", "text", "use"),
    )
}
