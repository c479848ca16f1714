"""Numbers with units as people write them: heights, angles, ranges, frame rates, days."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from oblik.intake.logic.values.texts import plain

Normaliser = Callable[[str], tuple[float | None, str | None]]

METRES: Final = {
    "м": 1.0, "m": 1.0, "метр": 1.0, "метри": 1.0, "метра": 1.0, "метрів": 1.0, "метров": 1.0, "метры": 1.0,
    "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "mtr": 1.0, "metro": 1.0, "metros": 1.0, "mètre": 1.0,
    "mètres": 1.0, "см": 0.01, "cm": 0.01, "сантиметрів": 0.01, "сантиметров": 0.01, "мм": 0.001, "mm": 0.001,
    "дм": 0.1, "dm": 0.1, "км": 1000.0, "km": 1000.0, "ft": 0.3048, "feet": 0.3048, "foot": 0.3048, "фут": 0.3048,
    "футів": 0.3048, "футов": 0.3048, "'": 0.3048, "′": 0.3048, "’": 0.3048, "in": 0.0254, "inch": 0.0254,
}  # fmt: skip
DEGREES: Final = {
    "°": 1.0, "º": 1.0, "˚": 1.0, "deg": 1.0, "degree": 1.0, "degrees": 1.0, "град": 1.0, "градус": 1.0,
    "градуси": 1.0, "градуса": 1.0, "градусів": 1.0, "градусов": 1.0, "grad": 1.0, "grados": 1.0, "degrés": 1.0,
    "graden": 1.0, "rad": 57.29577951308232, "рад": 57.29577951308232,
}  # fmt: skip
DAYS: Final = {
    "д": 1.0, "дн": 1.0, "днів": 1.0, "дні": 1.0, "день": 1.0, "дня": 1.0, "дней": 1.0, "діб": 1.0, "доба": 1.0,
    "доби": 1.0, "добу": 1.0, "сут": 1.0, "суток": 1.0, "сутки": 1.0, "day": 1.0, "days": 1.0, "d": 1.0, "tag": 1.0,
    "tage": 1.0, "tagen": 1.0, "jour": 1.0, "jours": 1.0, "día": 1.0, "dia": 1.0, "días": 1.0, "dias": 1.0,
    "dag": 1.0, "dagen": 1.0, "тиж": 7.0, "тижд": 7.0, "тижні": 7.0, "тижнів": 7.0, "тиждень": 7.0, "тижня": 7.0,
    "нед": 7.0, "неделя": 7.0, "недели": 7.0, "недель": 7.0, "неделю": 7.0, "week": 7.0, "weeks": 7.0, "w": 7.0,
    "woche": 7.0, "wochen": 7.0, "semaine": 7.0, "semaines": 7.0, "semana": 7.0, "semanas": 7.0, "weken": 7.0,
    "міс": 30.0, "місяць": 30.0, "місяці": 30.0, "місяців": 30.0, "місяця": 30.0, "мес": 30.0, "месяц": 30.0,
    "месяца": 30.0, "месяцев": 30.0, "month": 30.0, "months": 30.0, "monat": 30.0, "monate": 30.0, "mois": 30.0,
    "mes": 30.0, "meses": 30.0, "maand": 30.0, "maanden": 30.0, "рік": 365.0, "року": 365.0, "роки": 365.0,
    "років": 365.0, "год": 1 / 24, "годин": 1 / 24, "години": 1 / 24, "година": 1 / 24, "часов": 1 / 24,
    "часа": 1 / 24, "час": 1 / 24, "ч": 1 / 24, "г": 1 / 24, "h": 1 / 24, "hour": 1 / 24, "hours": 1 / 24,
    "std": 1 / 24, "stunden": 1 / 24, "heures": 1 / 24, "horas": 1 / 24, "uur": 1 / 24, "year": 365.0,
    "years": 365.0, "jahr": 365.0, "jaar": 365.0, "an": 365.0, "año": 365.0,
}  # fmt: skip
PER_SECOND: Final = dict.fromkeys(
    [
        "fps",
        "к/с",
        "кс",
        "k/s",
        "к/сек",
        "кадр/с",
        "кадр/сек",
        "кадрів/с",
        "кадрів/сек",
        "кадров/с",
        "кадров/сек",
        "кадрів",
        "кадров",
        "frames",
        "frames/s",
        "f/s",
        "hz",
        "гц",
        "bps",
        "ips",
        "i/s",
        "img/s",
    ],
    1.0,
)

_NUMBER = r"\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?"
_MEASURE = re.compile(
    rf"(?P<low>[-−–]?{_NUMBER})\s*(?P<unit1>(?!(?:до|to|bis)\b)[^\W\d_/]+(?:/[^\W\d_]+)?|[°º˚'′’])?(?:\.(?!\.))?"
    rf"(?:\s*(?:[-–—−…]|\.\.+|до|to|bis|÷|à)\s*(?P<high>{_NUMBER})\s*"
    r"(?P<unit2>[^\W\d_/]+(?:/[^\W\d_]+)?|[°º˚'′’])?)?"
)
_LEADS = re.compile(
    r"^(?:~|≈|≃|<|>|≤|≥|=|±|h\s*=|н\s*=|прибл\w*\.?|примерно|близько|біля|около|ок\.|орієнтовно|ориентировочно|"
    r"approx\w*\.?|about|ca\.?|circa|env\.?|unos|до|від|от|не менше|не менее|min\.?|мін\.?|мин\.?|max\.?|макс\.?|"
    r"up to|bis zu)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """Bounds of a number written with or without a unit; low equals high where no range was written."""

    low: float
    high: float
    unit: str
    rest: str


def to_float(text: str) -> float:
    """A matched number as float; a comma is a decimal point, spaces group thousands."""
    return float(text.replace(" ", "").replace("\u00a0", "").replace(",", ".").replace("−", "-").replace("–", "-"))


def measure(text: str) -> Measure | None:
    """The first number or range of a text with its unit as written; None where the text starts with neither."""
    before = None
    while before != text:
        before = text
        text = _LEADS.sub("", text, count=1)
    found = _MEASURE.match(text)
    if found is None:
        return None
    low = to_float(found["low"])
    high = to_float(found["high"]) if found["high"] else low
    unit = found["unit2"] or found["unit1"] or ""
    return Measure(low, high, unit.casefold(), text[found.end() :].strip(" .;,"))


def quantity(
    text: str, *, units: dict[str, float], unit: str, lowest: float, highest: float, code: str = "value_implausible"
) -> tuple[float | None, str | None]:
    """The quantity in base units, rounded to 3 digits, and a problem code.

    unit is taken where the cell names none. A range gives its middle and "range_taken_as_middle". A text without a
    number gives (None, "not_a_number"); a value outside [lowest, highest] gives (None, code).
    """
    try:
        value = float(text)
        found = Measure(value, value, "", "")
    except ValueError:
        text = plain(text)
        if not text:
            return None, None
        maybe = measure(text)
        if maybe is None:
            return None, "not_a_number"
        found = maybe
    factor = units.get(found.unit) if found.unit else units.get(unit.casefold().strip(" ."), 1.0)
    if factor is None:
        return None, "not_a_number"
    value = round((found.low + found.high) / 2 * factor, 3)
    if not lowest <= value <= highest:
        return None, code
    return value + 0.0, ("range_taken_as_middle" if found.low != found.high else None)


def height(text: str, *, unit: str = "") -> tuple[float | None, str | None]:
    """Height above ground in metres, 0 to 200; "height_implausible" outside."""
    return quantity(text, units=METRES, unit=unit, lowest=0.0, highest=200.0, code="height_implausible")


def distance(text: str, *, unit: str = "") -> tuple[float | None, str | None]:
    """A reach in metres, 0 to 20,000."""
    return quantity(text, units=METRES, unit=unit, lowest=0.0, highest=20_000.0)


def accuracy(text: str, *, unit: str = "") -> tuple[float | None, str | None]:
    """Accuracy of a position in metres, 0 to 1,000,000."""
    return quantity(text, units=METRES, unit=unit, lowest=0.0, highest=1_000_000.0)


def field_of_view(text: str, *, unit: str = "") -> tuple[float | None, str | None]:
    """A full angle in degrees, above 0 and up to 360."""
    return quantity(text, units=DEGREES, unit=unit, lowest=0.001, highest=360.0)


def tilt(text: str, *, unit: str = "") -> tuple[float | None, str | None]:
    """Angle against the horizon in degrees, -90 to 90, the sign as given."""
    return quantity(text, units=DEGREES, unit=unit, lowest=-90.0, highest=90.0)


def frame_rate(text: str, *, unit: str = "") -> tuple[float | None, str | None]:
    """Frames per second, up to 1,000."""
    return quantity(text, units=PER_SECOND, unit=unit, lowest=0.001, highest=1000.0)


def retention(text: str, *, unit: str = "") -> tuple[float | None, str | None]:
    """Days for which recordings are kept, up to 20 years; a month counts 30 days, a year 365."""
    return quantity(text, units=DAYS, unit=unit, lowest=0.0, highest=7300.0)


def whole(text: str) -> tuple[int | None, str | None]:
    """A whole number from 1 to 100,000, such as pixels; "not_a_number" or "value_implausible" otherwise."""
    value, code = quantity(text, units={"px": 1.0, "пікс": 1.0, "пикс": 1.0}, unit="", lowest=1.0, highest=100_000.0)
    return (None if value is None else round(value)), code


def focal_length(text: str) -> tuple[str | None, str | None]:
    """Focal length in millimetres as text: "2.8", or "2.8-12" for a zoom; 0.5 to 2,000 mm."""
    text = plain(text)
    if not text:
        return None, None
    found = measure(re.sub(r"^f\s*[=:]?\s*", "", text, flags=re.IGNORECASE))
    if found is None or found.unit not in ("", "мм", "mm"):
        return None, "not_a_number"
    if not 0.5 <= found.low <= found.high <= 2000.0:
        return None, "value_implausible"
    low, high = f"{found.low:g}", f"{found.high:g}"
    return (low if low == high else f"{low}-{high}"), None
