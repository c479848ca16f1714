"""Marks by which a device or an asset is known: MAC, serial, UUID, inventory number, port."""

import re
from typing import Final

from oblik.intake.logic.values.texts import latin, plain, squeeze

_MAC_SHAPE: Final = re.compile(
    r"(?:[0-9A-F]{2}([:\-. ]))(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}|(?:[0-9A-F]{4}[.\-:]){2}[0-9A-F]{4}|[0-9A-F]{12}"
    r"|[0-9A-F]{6}[-:.][0-9A-F]{6}"
)
_MAC_MARKS: Final = str.maketrans("", "", ":-.")
_HEX: Final = frozenset("0123456789ABCDEFabcdef")
_MAC_LABEL: Final = re.compile(r"^(?:MAC|МАС)(?:[- ]?(?:ADDRESS|ADDR|АДРЕСА?))?\s*[:=]?\s*")
_NOT_HEX: Final = re.compile(r"[^0-9A-F]")
_UUID: Final = re.compile(
    r"^(?:urn:uuid:|uuid:|\{)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$",
    re.IGNORECASE,
)
# Begins with a letter that begins no label, holds a digit: nothing to take away.
_PLAIN_SERIAL: Final = re.compile(r"(?:[A-HJ-RT-Z][A-Z0-9-]*[0-9][A-Z0-9-]*|[0-9]+(?:[A-DF-Z-][A-Z0-9-]*)?)[A-Z0-9]")
_EATEN: Final = re.compile(r"^\d+(?:[.,]\d+)?[EЕeе]\+\d+$")
# A label ends where something else than a letter, a digit or a dash begins: SN000123 and INV-0000 are whole numbers.
_SERIAL_LABEL: Final = re.compile(
    r"^(?:S\s*/\s*N|С\s*/\s*Н|№|#|(?:SN|СН|SER(?:IAL)?|СЕР(?:ІЙНИЙ|ИЙНЫЙ)?|ЗАВ(?:ОДСЬКИЙ|ОДСКОЙ)?)(?=[\s.:#№=]))"
    r"(?:[\s.]*(?:NO|NUMBER|НОМЕР)(?=[\s.:#№=]))?[\s.:#№=]*"
)
_INVENTORY_LABEL: Final = re.compile(
    r"^(?:(?:ІНВ(?:ЕНТ[^\W\d]*)?|ИНВ(?:ЕНТ[^\W\d]*)?|INV(?:ENT[^\W\d]*)?)(?=[\s.:#№=])"
    r"(?:[\s.]*(?:N|NO|NUMBER|НОМЕР)(?=[\s.:#№=]))?[\s.:#№=]*|№\s*)"
)
_DASHES: Final = re.compile(r"(?:\s*[-‐‑‒–—―−])+\s*")
_DECIMAL_ZERO: Final = re.compile(r"^(\d+)[.,]0+$")
_INVALID_MACS: Final = frozenset({"000000000000", "FFFFFFFFFFFF"})


def mac(text: str) -> tuple[str | None, str | None]:
    """12 upper-case hexadecimal digits, read from any of four notations; "not_a_mac" otherwise.

    Cyrillic А, В, С, Е typed for the Latin letters are mended. All zeros and all ones are nobody's address.
    """
    if len(digits := text.translate(_MAC_MARKS)) == 12 and _HEX.issuperset(digits) and _is_usual_mac(text):  # kept fast
        digits = digits.upper()
        return (None, "not_a_mac") if digits in _INVALID_MACS else (digits, None)
    text = plain(text).strip("'\"’ ").upper()
    if not text:
        return None, None
    text = latin(_MAC_LABEL.sub("", text)).replace("–", "-").replace("—", "-").replace("‑", "-")
    if not _MAC_SHAPE.fullmatch(text):
        return None, "not_a_mac"
    digits = _NOT_HEX.sub("", text)
    return (None, "not_a_mac") if digits in _INVALID_MACS else (digits, None)


def _is_usual_mac(text: str) -> bool:
    """Whether hexadecimal digits stand in pairs or fours with one kind of mark between, or without any."""
    size = len(text)
    if size == 17:
        return text[2::3] in (":::::", "-----")
    return size == 12 or (size == 14 and text[4] == text[9] == ".")


def uuid(text: str) -> tuple[str | None, str | None]:
    """The UUID in lower case with its four dashes, without "urn:uuid:"; "not_a_uuid" otherwise."""
    text = plain(text)
    if not text:
        return None, None
    found = _UUID.match(text)
    return (None, "not_a_uuid") if found is None else ("-".join(found.groups()).lower(), None)


def serial(text: str) -> tuple[str | None, str | None]:
    """The serial number in upper case without spaces, labels and a leading apostrophe.

    "serial_eaten" where a spreadsheet turned it into 8,12E+11; "placeholder_value" for 00000 and the like;
    "letters_mended" where Cyrillic look-alikes stood among Latin letters or digits.
    """
    if (text.isdigit() and text.isascii()) or _PLAIN_SERIAL.fullmatch(text):
        return (text, None) if text.strip(text[0]) else (None, "placeholder_value")
    clean = plain(text)
    value = _without_label(clean, label=_SERIAL_LABEL).replace(" ", "")
    value = _without_label(value, label=_SERIAL_LABEL)  # a label may only now stand together
    if not value or plain(value) == "":
        return None, None
    if _EATEN.match(value):
        return None, "serial_eaten"
    mended = latin(value)
    if len(mended) > 1 and len(set(mended)) == 1:
        return None, "placeholder_value"
    return mended, ("letters_mended" if mended != value else None)


def inventory_number(text: str) -> tuple[str | None, str | None]:
    """The number on the owner's books in upper case; letters stay as they are, dashes and spaces in one form."""
    if text.isdigit() and text.isascii():
        return text, None
    clean = plain(text)
    value = _without_label(clean, label=_INVENTORY_LABEL)
    if _EATEN.match(value.replace(" ", "")):
        return None, "number_eaten"
    value = squeeze(_DASHES.sub("-", value))
    if whole := _DECIMAL_ZERO.match(value):
        value = whole[1]
    return (value if plain(value) else None), None


def city_code(text: str) -> tuple[str | None, str | None]:
    """The city's own code of a camera as a list quotes it: upper case, Latin letters, one kind of dash, no spaces."""
    value = latin(_DASHES.sub("-", plain(text).upper()).replace(" ", ""))
    return (squeeze(value) if plain(value) else None), None


def source_id(text: str) -> tuple[str | None, str | None]:
    """The row's own number in its list, as written; "number_eaten" for 1,2E+09."""
    if text.isdigit() and text.isascii():
        return text, None
    clean = plain(text).lstrip("'’ ")
    if _EATEN.match(clean):
        return None, "number_eaten"
    if whole := _DECIMAL_ZERO.match(clean):
        clean = whole[1]
    return (plain(clean) or None), None


def _without_label(clean: str, *, label: re.Pattern[str]) -> str:
    """Upper case without labels and apostrophes, repeated until nothing more comes off."""
    before, value = "", clean.upper()
    while before != value:
        before = value
        value = squeeze(label.sub("", value.strip("'\"’`* "), count=1))
    return value


def port(text: str) -> tuple[int | None, str | None]:
    """A port from 1 to 65535; the first of several; "not_a_port" otherwise."""
    clean = plain(text)
    if not clean:
        return None, None
    first = re.match(r"\D{0,6}?(\d{1,7})(?:[.,]0+)?(?!\d)", clean)
    number = int(first[1]) if first else 0
    return (number, None) if 1 <= number <= 65535 else (None, "not_a_port")
