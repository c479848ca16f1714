"""A place written in one cell: degrees in every notation, map links, geometry, or projected metres."""

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from oblik.intake.logic.values.texts import plain

Axis = Literal["lat", "lon", ""]
Order = Literal["lat lon", "lon lat", ""]

LONGEST_PAIR: Final = 200  # letters; longer texts are links and geometries, which are read by their own marks

_PLAIN_PAIR: Final = re.compile(r"^([-+]?\d+(?:\.\d+)?)\s*(?:[,;|/\t]\s*|\s+)([-+]?\d+(?:\.\d+)?)$")
_COMMA_PAIR: Final = re.compile(r"^([-+]?\d+,\d+)\s*(?:[;|/]\s*|,\s+|,(?=[-+]?\d+,)|\s+)([-+]?\d+,\d+)$")
_DESTROYED: Final = re.compile(r"^[-−]?\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})+$")
_DESTROYED_PAIR: Final = re.compile(
    r"^([-−]?\d{1,3}([.'’])\d{3}(?:\2\d{3})+)\s*[,;|/ ]\s*([-−]?\d{1,3}\2\d{3}(?:\2\d{3})+)$"
)
_LINKS: Final = (
    # latitude first
    (re.compile(r"!3d(-?\d+\.\d+)!4d(-?\d+\.\d+)"), "lat lon"),
    (re.compile(r"[?&#](?:m?lat)=(-?\d+\.\d+)&(?:m?lon|m?lng|long)=(-?\d+\.\d+)", re.I), "lat lon"),
    (re.compile(r"#map=\d+(?:\.\d+)?/(-?\d+\.\d+)/(-?\d+\.\d+)"), "lat lon"),
    (re.compile(r"[?&](?:q|query|ll|sll|daddr|destination|center|cbll|latlng|to)=(?:ll\.|loc:)?(-?\d+\.\d+)(?:,|"
        r"%2C)\+?(-?\d+\.\d+)", re.I), "lat lon"),
    (re.compile(r"@(-?\d+\.\d+),\+?(-?\d+\.\d+)"), "lat lon"),
    (re.compile(r"/(?:maps/)?(?:place|search|dir)/+(-?\d+\.\d+),\+?(-?\d+\.\d+)"), "lat lon"),
    (re.compile(r"^geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)", re.I), "lat lon"),
    # longitude first
    (re.compile(r"[?&](?:ll|pt|whatshere\W*5?B?point\W*5?D?)=(-?\d+\.\d+)(?:,|%2C)(-?\d+\.\d+)", re.I), "lon lat"),
    (re.compile(r"^(?:SRID=\d+;)?POINT\s*(?:Z|M|ZM)?\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)", re.I), "lon lat"),
    (re.compile(r"[\"']?coordinates[\"']?\s*:\s*\[\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)", re.I), "lon lat"),
)  # fmt: skip
_LON_FIRST_HOSTS: Final = ("yandex.", "2gis.")

_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_DEGREES = r"\s*(?:°|º|˚|⁰|\bdeg\b|град\w*\.?|гр\.?|d(?=\s*\d)|\*)"
_MINUTES = r"\s*(?:'(?!')|′|’|‘|`|´|м(?:ін|ин)?\.?|min\.?|m(?=\s*\d))"
_SECONDS = r"\s*(?:\"|″|”|“|''|′′|’’|´´|с(?:ек)?\.?(?![хХ])|sec\.?|s(?=\W|$))?"
_LETTER = (
    r"(?:(?:пн\.?\s?ш\.?|пд\.?\s?ш\.?|сх\.?\s?д\.?|зх\.?\s?д\.?|с\.?\s?ш\.?|ю\.?\s?ш\.?|в\.?\s?д\.?|з\.?\s?д\.?"
    r"|північ\w*|півд\w*|схід\w*|захід\w*|север\w*|южн\w*|восто\w*|запад\w*|north|south|east|west|пн\.?|пд\.?|сх\.?|зх\.?"
    r"|[nsewсюзве])(?![^\W\d_]))"
)
_LABEL: Final = re.compile(
    r"(?:(?:широта|latitude|lat|шир\.|breite|довгота|долгота|longitude|long|lng|lon|дов\.|долг\.|länge)\b\.?\s*[:=]?|[xyхуshдш]\s*[:=])\s*",
    re.IGNORECASE,
)
_DATUM: Final = re.compile(r"[\s,;(\[]*(?:WGS|ВГС)\s*-?\s*(?:19)?84[\s)\]]*$", re.IGNORECASE)
_ANGLE: Final = re.compile(
    rf"(?P<before>{_LETTER}\s*)?(?P<sign>[-−+]\s*)?(?P<deg>(?<!\d)\d{{1,3}}(?!\d)(?:[.,]\d+)?)"
    rf"(?:{_DEGREES}(?:\s*(?P<min>\d{{1,2}}(?:[.,]\d+)?){_MINUTES}(?:\s*(?P<sec>\d{{1,2}}(?:[.,]\d+)?){_SECONDS})?)?)?"
    rf"(?(before)|\s*(?P<after>{_LETTER})?)",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"^[\s,;|/]*$")
_SPACED_DMS: Final = re.compile(r"^([-−]?\d{1,3})[\s:-](\d{1,2})[\s:-](\d{1,2}(?:[.,]\d+)?)$")
_METRES_TAIL: Final = re.compile(r"\s*(?:м|m|метр\w*)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Angle:
    """One coordinate as written. step is the value of its last digit; destroyed keeps the digits of a number whose
    decimal point a spreadsheet took away (value is then 0)."""

    value: float
    axis: Axis = ""
    step: float = 1.0
    destroyed: str = ""

    def __str__(self) -> str:
        if self.destroyed:
            return _grouped(self.destroyed)
        letter = {"lat": "N", "lon": "E", "": ""}[self.axis]
        short = f"{self.value:.{decimals(self.step)}f}"
        return letter + (short if float(short) == self.value else f"{self.value:.9f}")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two coordinates in the order written; order tells which is which where the text itself does."""

    first: Angle
    second: Angle
    order: Order = ""

    def __str__(self) -> str:
        lettered = self.first.axis or self.second.axis
        if self.order == "lon lat" and not lettered:
            return f"POINT ({self.first} {self.second})"
        if self.order == "lat lon" and not lettered:
            return f"geo:{self.first},{self.second}"
        return f"{self.first}; {self.second}"


def decimals(step: float) -> int:
    """Digits after the point that a step stands for, 0 to 15."""
    return 0 if step >= 1 else min(15, max(0, round(-_log10(step) + 0.4999)))


def _log10(value: float) -> float:
    return math.log10(value) if value > 0 else -15.0


def accuracy_m(step: float) -> float:
    """Metres that the last digit given is worth: 2 decimals of a degree are about 1,000 m; never under 1 m."""
    return max(1.0, float(f"{step * 100_000:.2g}"))


def angle(text: str) -> tuple[Angle | None, str | None]:
    """One coordinate: degrees in any notation, or metres; "coordinates_unreadable" otherwise."""
    text = plain(text)
    if not text:
        return None, None
    simple = _simple(text)
    if simple is not None:
        return simple, None
    text = _DATUM.sub("", _LABEL.sub("", text)).lstrip("'([ ").rstrip(")] ")
    if _DESTROYED.match(text):
        return Angle(0.0, destroyed=re.sub(r"[^\d-]", "", text.replace("−", "-"))), None
    if found := _SPACED_DMS.match(text):
        return _sexagesimal(found[1], found[2], found[3], letter="")
    found = _ANGLE.match(text) if len(text) <= LONGEST_PAIR else None
    if found and not text[found.end() :].strip(" .,;"):
        return _read(found)
    simple = _simple(_METRES_TAIL.sub("", text).replace(" ", ""))
    return (simple, None) if simple else (None, "coordinates_unreadable")


def coordinates(text: str) -> tuple[Pair | None, str | None]:
    """Both coordinates of one cell in the order written; "coordinates_unreadable" where there are not two."""
    if found := _PLAIN_PAIR.match(text):
        return Pair(_number(found[1]), _number(found[2])), None
    text = plain(text)
    if not text:
        return None, None
    if "://" in text or text[0] in "PpSs{gG" or "goo.gl" in text or "maps" in text:
        return _linked(text)
    bare = _LABEL.sub(" ", _DATUM.sub("", text)).lstrip("'\"([{ ").rstrip(")]} ")
    order = _labelled_order(text)
    for pattern in (_PLAIN_PAIR, _COMMA_PAIR):
        if found := pattern.match(bare):
            return Pair(_number(found[1]), _number(found[2]), order), None
    if found := _DESTROYED_PAIR.match(bare):
        one, other = (Angle(0.0, destroyed=re.sub(r"[^\d-]", "", found[i].replace("−", "-"))) for i in (1, 3))
        return Pair(one, other, order), None
    return _two_angles(bare, order=order)


def _simple(text: str) -> Angle | None:
    """A plain decimal with point or comma; None for anything else."""
    text = text.replace("−", "-")
    if not re.fullmatch(r"[-+]?\d+(?:[.,]\d*)?", text, flags=re.ASCII):
        return None
    return _number(text)


def _number(text: str) -> Angle:
    text = text.replace(",", ".")
    digits = len(text) - text.find(".") - 1 if "." in text else 0
    return Angle(float(text[:40]) + 0.0, step=10.0 ** -min(digits, 15))


def _linked(text: str) -> tuple[Pair | None, str | None]:
    """Coordinates out of a map link or a geometry."""
    lon_first = any(host in text for host in _LON_FIRST_HOSTS)
    for pattern, order in _LINKS:
        if lon_first and order == "lat lon" and "ll" in pattern.pattern:
            continue
        if found := pattern.search(text):
            known: Order = "lat lon" if order == "lat lon" else "lon lat"
            return Pair(_number(found[1]), _number(found[2]), known), None
    if "://" in text:
        return None, "link_without_coordinates"
    return _two_angles(_LABEL.sub(" ", text), order=_labelled_order(text))


def _labelled_order(text: str) -> Order:
    """The order that labels such as "довгота: ..., широта: ..." tell."""
    folded = text.casefold()
    lat = min((at for word in ("шир", "lat", "breite") if (at := folded.find(word)) >= 0), default=-1)
    lon = min((at for word in ("дов", "долг", "lon", "lng") if (at := folded.find(word)) >= 0), default=-1)
    if lat < 0 or lon < 0:
        return ""
    return "lat lon" if lat < lon else "lon lat"


def _two_angles(text: str, *, order: Order) -> tuple[Pair | None, str | None]:
    if len(text) > LONGEST_PAIR:
        return None, "coordinates_unreadable"
    halves = [_SPACED_DMS.match(half) for half in re.split(r"\s*[,;|/]\s+|\s*[;|/]\s*", text)]
    if len(halves) == 2 and halves[0] and halves[1]:
        one, _ = _sexagesimal(*halves[0].groups(), letter="")
        other, _ = _sexagesimal(*halves[1].groups(), letter="")
        return (Pair(one, other, order), None) if one and other else (None, "coordinates_unreadable")
    first = _ANGLE.search(text)
    if first is None:
        return None, "coordinates_unreadable"
    second = _ANGLE.search(text, first.end())
    if second is None or not _BETWEEN.match(text[first.end() : second.start()]) or text[: first.start()].strip(" ,;:("):
        return None, "coordinates_unreadable"
    if text[second.end() :].strip(" ,;.)°'\""):
        return None, "coordinates_unreadable"
    (one, code), (other, other_code) = _read(first), _read(second)
    if one is None or other is None:
        return None, code or other_code
    if one.axis == "lon" or other.axis == "lat":
        order = "lon lat"
    elif one.axis == "lat" or other.axis == "lon":
        order = "lat lon"
    if one.axis and one.axis == other.axis:
        return None, "coordinates_unreadable"
    return Pair(one, other, order), None


def _read(found: re.Match[str]) -> tuple[Angle | None, str | None]:
    letter = (found["before"] or found["after"] or "").strip()
    sign = "-" if found["sign"] and found["sign"][0] in "-−" else ""
    if not found["min"]:
        number = _number(sign + found["deg"])
        axis, factor = _hemisphere(letter)
        return Angle(number.value * factor + 0.0, axis, number.step), None
    return _sexagesimal(sign + found["deg"], found["min"], found["sec"] or "", letter=letter)


def _sexagesimal(degrees: str, minutes: str, seconds: str, *, letter: str) -> tuple[Angle | None, str | None]:
    whole, parts, last = _number(degrees.replace("−", "-")), _number(minutes), _number(seconds or "0")
    if parts.value > 60 or last.value > 60:  # exactly 60 is 59.96 rounded by a program
        return None, "coordinates_unreadable"
    axis, factor = _hemisphere(letter)
    size = abs(whole.value) + parts.value / 60 + last.value / 3600
    if degrees.startswith(("-", "−")):
        factor = -factor
    step = last.step / 3600 if seconds else parts.step / 60
    return Angle(round(size * factor, 9) + 0.0, axis, step), None


def _hemisphere(letter: str) -> tuple[Axis, float]:
    """The axis and sign of a hemisphere letter in Latin, Ukrainian or Russian; ("", 1) without one."""
    folded = letter.casefold().replace(" ", "").replace(".", "")
    if not folded:
        return "", 1.0
    if folded.startswith(("пн", "північ", "сш", "n", "север")) or folded == "с":
        return "lat", 1.0
    if folded.startswith(("пд", "півд", "юш", "ю")) or folded in ("s", "south"):
        return "lat", -1.0
    if folded.startswith(("сх", "вд", "e", "восто")) or folded in ("в", "е"):
        return "lon", 1.0
    return "lon", -1.0


def _grouped(digits: str) -> str:
    """Digits written the way a spreadsheet destroys them: groups of three with points."""
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    return sign + f"{int(digits):,}".replace(",", ".") if len(digits) > 3 else sign + digits
