"""What fields, kinds, states and sources are called on a page."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oblik.registry.words import FIELD_NAMES

Label = str | Promise

GROUPS: Final[dict[str, Label]] = {
    "identity": _("Identity"),
    "place": _("Place"),
    "pose": _("Pose"),
    "optics": _("Optics"),
    "device": _("Device"),
    "use": _("Use"),
    "network": _("Network"),
    "money": _("Money"),
}

FIELD_LABELS: Final[Mapping[str, Label]] = FIELD_NAMES

UNITS: Final[dict[str, Label]] = {
    "deg": "°",
    "m": _("m"),
    "mm": _("mm"),
    "px": _("px"),
    "d": pgettext_lazy("unit", "days"),
    "1/s": "",
}

KINDS: Final[dict[str, Label]] = {
    "fixed": _("Fixed"),
    "dome": _("Dome"),
    "panning": _("Panning"),
    "ptz": pgettext_lazy("kind of camera", "PTZ"),
}

STATES: Final[dict[str, Label]] = {
    "planned": _("Planned"),
    "applied": _("Applied for"),
    "approved": _("Approved"),
    "installed": _("Installed"),
    "in_service": _("In service"),
    "faulty": _("Faulty"),
    "retired": _("Retired"),
    "refused": _("Refused"),
    "lost": pgettext_lazy("camera", "Lost"),
}

CHOICES: Final[dict[str, dict[str, Label]]] = {
    "kind": KINDS,
    "state": STATES,
    "mount": {
        "wall": _("Wall"),
        "pole": _("Pole"),
        "ceiling": _("Ceiling"),
        "street_lamp": _("Street lamp"),
        "traffic_signals": _("Traffic lights"),
        "roof": _("Roof"),
        "gantry": _("Gantry"),
    },
    "surveillance": {"camera": _("Camera"), "ALPR": _("Number-plate reader"), "guard": _("Guard")},
    "place_origin": {
        "given": _("Given in the list"),
        "geocoded": _("Worked out from the address"),
        "field": _("Measured on site"),
        "device": _("Reported by the device"),
        "osm": _("OpenStreetMap"),
    },
}

SOURCE_KINDS: Final[dict[str, Label]] = {
    "person": _("A person"),
    "device": _("The device itself"),
    "field_check": _("Field check"),
    "owner_list": _("Owner's list"),
    "osm": _("OpenStreetMap"),
}

# Who did something, before the name of the person, the model or the account of the machine.
ACTORS: Final[dict[str, Label]] = {
    "person": "",
    "console": _("at the console:"),
    "model": pgettext_lazy("actor", "model"),
}

# Reasons that the program itself writes into the history.
REASONS_WRITTEN: Final[dict[str, Label]] = {
    "newer list of the same owner": _("newer list of the same owner"),
    "edit undone": _("edit undone"),
}

OWNER_KINDS: Final[dict[str, Label]] = {
    "department": _("Department"),
    "enterprise": _("Communal enterprise"),
    "state": _("State body"),
    "private": _("Private firm"),
}

CATEGORIES: Final[dict[str, Label]] = {
    "camera": _("Cameras"),
    "duplicate": _("Duplicates"),
    "repeat": _("Already in another owner's list"),
    "broken": _("Cannot be used"),
    "waiting": _("Wait for review"),
    "not_a_camera": _("Not cameras"),
    "replaced": _("In replaced lists"),
}

DECISIONS: Final[dict[str, Label]] = {
    "matched": _("matched by the model"),
    "judged": _("judged by a person"),
    "review": _("to be reviewed"),
    "new": _("new camera"),
    "duplicate": _("duplicate"),
    "broken": _("cannot be used as it stands"),
    "not_a_camera": _("not a camera"),
    "": _("not matched yet"),
}

DISCREPANCIES: Final[dict[str, Label]] = {
    "surplus": _("Surplus"),
    "shortage": _("Shortage"),
    "mismatch": _("Mismatched fields"),
}

DISCREPANCY_MEANINGS: Final[dict[str, Label]] = {
    "surplus": _("Other lists give these cameras to the owner, whose own list does not have them."),
    "shortage": _("An earlier list of the owner has these cameras, the current one does not."),
    "mismatch": _("The sources of one camera say different things about a field."),
}

DOCUMENTS: Final[dict[str, Label]] = {
    "act": _("Act of the inventory"),
    "protocol": _("Protocol of the commission"),
    "inventory-list": _("Inventory list"),
    "reconciliation": _("Reconciliation statement"),
    "workbook": _("Workbook with every row received and what became of it"),
}

CAMPAIGN_STATES: Final[dict[str, Label]] = {
    "open": pgettext_lazy("campaign", "Open"),
    "frozen": pgettext_lazy("campaign", "Frozen"),
}

ROLES: Final[dict[str, Label]] = {
    "administrator": _("Administrator"),
    "officer": _("Inventory officer"),
    "clerk": _("Owner's clerk"),
    "field": _("Field worker"),
    "commission": _("Commission member"),
    "operator": pgettext_lazy("a person's role", "Operator"),
    "investigator": _("Investigator"),
    "partner": _("Partner"),
    "auditor": _("Auditor"),
    "nobody": _("No rights yet"),
}

RIGHTS: Final[dict[str, Label]] = {
    "see": _("See cameras, lists and figures"),
    "see_secrets": _("See passwords and stream addresses"),
    "edit": _("Edit cameras, open campaigns"),
    "hand_in": _("Hand in lists"),
    "judge": _("Judge which rows are which cameras"),
    "sign": _("Sign documents"),
    "approve": _("Approve"),
    "watch_live": _("Watch live pictures"),
    "watch_archive": _("Watch recordings"),
    "export": _("Export"),
    "hold": _("Keep recordings from being deleted"),
    "delete": _("Delete"),
    "configure": _("Configure, add owners and people"),
    "audit": _("Read the journal"),
}

# Tabler's colours of a state's badge.
STATE_COLOURS: Final[dict[str, str]] = {
    "installed": "green",
    "in_service": "green",
    "faulty": "orange",
    "lost": "red",
    "retired": "secondary",
    "refused": "secondary",
}
