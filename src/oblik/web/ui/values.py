"""A camera's values as a person reads them."""

from datetime import date, datetime
from math import isfinite
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oblik.registry.logic.fields import FIELDS
from oblik.web.ui.labels import CHOICES, UNITS

_DECIMALS: Final = {"lon_deg": 6, "lat_deg": 6}


def written(name: str, value: object) -> str:
    """A field's value with its unit, in the language of the page; "" where there is none, dots where it is secret."""
    field = FIELDS.get(name)
    if value is None or value == "" or field is None:
        return "" if value is None else str(value)
    if field.secret:
        return "••••••"
    if field.type == "choice":
        return str(CHOICES.get(name, {}).get(str(value), value))
    if field.type == "boolean":
        return _("Yes") if value in (True, "true", 1) else _("No")
    if field.type == "date":
        return _day(value)
    text = _number(name, value) if field.type in ("number", "integer") else str(value)
    if name == "mac" and len(text) == 12:
        return ":".join(text[at : at + 2] for at in range(0, 12, 2))
    unit = str(UNITS.get(field.unit, ""))
    return f"{text}{'' if unit == '°' else ' '}{unit}" if unit else text


def _number(name: str, value: object) -> str:
    try:
        number = float(str(value))
    except ValueError:
        return str(value)
    if not isfinite(number):
        return str(value)
    if name in _DECIMALS:
        return f"{number:.{_DECIMALS[name]}f}"  # With a point: coordinates are copied into other programs.
    if number == int(number):
        # Ports and pixels are names rather than amounts: no thousands separator.
        return str(int(number))
    return str(formats.number_format(round(number, 2), use_l10n=True))


def day(at: date | datetime) -> str:
    """A day in the usual short form of the language; in English with the month as a word: 3/4 has two meanings."""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    return str(formats.date_format(local, "j M Y" if _english() else "SHORT_DATE_FORMAT"))


def moment(at: datetime) -> str:
    """A day and the time of day, of twenty-four hours, on our clocks."""
    return f"{day(at)} {timezone.localtime(at):%H:%M}"


def _english() -> bool:
    return (get_language() or "en").startswith("en")


def _day(value: object) -> str:
    if isinstance(value, date):
        return day(value)
    try:
        return day(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return str(value)
