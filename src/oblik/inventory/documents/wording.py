"""The words of the documents: names of fields, categories, decisions and states, in the language that is active."""

from collections.abc import Mapping
from typing import Final

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oblik.registry.logic import fields as registry_fields
from oblik.registry.words import FIELD_NAMES

Words = Mapping[str, str | Promise]

CATEGORIES: Final[Words] = {
    "camera": _("camera"),
    "duplicate": _("duplicate"),
    "repeat": _("already in another owner's list"),
    "broken": _("cannot be used as it stands"),
    "waiting": _("waits for review"),
    "not_a_camera": _("not a camera"),
    "replaced": _("in a list replaced by a newer one"),
}
RECEIVED_AS: Final[Words] = {"row": _("row"), "further": _("further camera of a row")}
DECISIONS: Final[Words] = {
    "matched": _("matched by the model"),
    "judged": _("judged by a person"),
    "review": _("to be reviewed"),
    "new": _("new camera"),
    "duplicate": _("duplicate"),
    "broken": _("cannot be used as it stands"),
    "not_a_camera": _("not a camera"),
    "": _("not matched yet"),
}
VERDICTS: Final[Words] = {
    "new": _("new row"),
    "same": _("same as before"),
    "changed": _("changed"),
    "doubtful": _("doubtful"),
    "broken": _("cannot be used as it stands"),
    "not_a_camera": _("not a camera"),
}
DISCREPANCIES: Final[Words] = {
    "surplus": _("surplus"),
    "shortage": _("shortage"),
    "mismatch": _("mismatched field"),
}
STATES: Final[Words] = {
    "planned": _("planned"),
    "applied": _("applied for"),
    "approved": _("approved"),
    "installed": _("installed"),
    "in_service": _("in service"),
    "faulty": _("faulty"),
    "retired": _("retired"),
    "refused": _("refused"),
    "lost": _("lost"),
}
KINDS: Final[Words] = {
    "fixed": _("fixed"),
    "dome": _("dome"),
    "panning": _("panning"),
    "ptz": _("PTZ"),
}
MOUNTS: Final[Words] = {
    "wall": _("wall"),
    "pole": _("pole"),
    "ceiling": _("ceiling"),
    "street_lamp": _("street lamp"),
    "traffic_signals": _("traffic signals"),
    "roof": _("roof"),
    "gantry": _("gantry"),
}
SURVEILLANCE: Final[Words] = {
    "camera": _("camera"),
    "ALPR": _("number plate reader"),
    "guard": _("guard"),
}
ROLES: Final[Words] = {
    "chair": _("Chair of the commission"),
    "member": _("Member of the commission"),
    "secretary": _("Secretary of the commission"),
}
OUTCOMES: Final[Words] = {
    "accepted": _("accepted as it is"),
    "owner_fixes": _("the owner corrects it"),
    "written_off": _("written off"),
    "field_check": _("to be looked at on site"),
}
UNITS: Final[Words] = {"m": _("m"), "deg": _("°"), "d": _("days"), "px": _("px"), "1/s": _("fps"), "mm": _("mm")}
FIELDS: Final[Words] = {
    **FIELD_NAMES,
    "position": _("Position (latitude, longitude)"),
    "owner_name": _("Balance holder"),
    "address": _("Address"),
}
_CHOICES: Final[Mapping[str, Words]] = {
    "kind": KINDS,
    "mount": MOUNTS,
    "surveillance": SURVEILLANCE,
    "state": STATES,
    "indoor": {"true": _("yes"), "false": _("no")},
    "audio": {"true": _("yes"), "false": _("no")},
}


def word(words: Words, *, key: str | None) -> str:
    """The word for a key in the active language; a key without a word stands for itself."""
    return str(words.get(key or "", key or ""))


def value_text(field: str, *, value: str) -> str:
    """A claim's value as a person reads it: choices in words, numbers with their unit, dates and texts as they are."""
    known = registry_fields.FIELDS.get(field)
    if known is None or known.type not in ("number", "integer"):
        return str(_CHOICES.get(field, {}).get(value.casefold() if field in ("indoor", "audio") else value, value))
    try:
        return measured(float(value), unit=known.unit)
    except ValueError:
        return value


def measured(number: float, *, unit: str) -> str:
    """A number with its unit: 2,5 м, 95°; at most one decimal."""
    text = number_text(round(number, 1))
    named = word(UNITS, key=unit)
    return text + ("" if unit == "deg" else "\u00a0") + named if named else text


def number_text(number: int | float) -> str:
    """A number with a narrow no-break space between thousands and the decimal sign of the active language."""
    whole = f"{number:,}" if isinstance(number, int) else f"{number:,.1f}".removesuffix(".0")
    return whole.replace(",", "\u202f").replace(".", get_format("DECIMAL_SEPARATOR"))
