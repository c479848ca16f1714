"""What bands, streets, places and owners' sorts are called on papers and pages."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

BANDS: Final[dict[str, Label]] = {
    "monitor": _("monitor"), "detect": _("detect"), "observe": _("observe"), "recognise": _("recognise"),
    "identify": _("identify"), "inspect": _("inspect"),
}  # fmt: skip
STREETS: Final[dict[str, Label]] = {
    "motorway": _("Motorways"), "trunk": _("Trunk roads"), "primary": _("Main streets"),
    "secondary": _("Secondary streets"), "tertiary": _("District streets"), "residential": _("Residential streets"),
    "living_street": _("Home zones"), "pedestrian": _("Pedestrian streets"), "service": _("Driveways"),
    "track": _("Tracks"), "path": _("Paths"),
}  # fmt: skip
PLACES: Final[dict[str, Label]] = {
    "shelter": _("Shelters"), "crossing": _("Crossings"), "stop": _("Stops"), "station": _("Stations"),
    "signals": _("Traffic lights"), "school": _("Schools"), "kindergarten": _("Kindergartens"),
    "university": _("Universities"), "hospital": _("Hospitals and clinics"), "pharmacy": _("Pharmacies"),
    "police": _("Police"), "fire_station": _("Fire stations"), "office": _("Public offices"),
    "market": _("Markets and shops"), "culture": _("Theatres, museums, libraries"), "worship": _("Places of worship"),
    "playground": _("Playgrounds"), "stadium": _("Stadiums"), "hotel": _("Hotels"), "fuel": _("Filling stations"),
    "bank": _("Banks"), "incident": _("Incidents"),
}  # fmt: skip


def word(words: Mapping[str, Label], key: str) -> str:
    """The word for a key in the active language; the key itself where there is none."""
    return str(words.get(key, key))


def kinds(text: str) -> str:
    """Several kinds of places, as blind spots name them."""
    return ", ".join(word(PLACES, kind).lower() for kind in text.split(",") if kind)
