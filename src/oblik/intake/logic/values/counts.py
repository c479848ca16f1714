"""How many cameras one row stands for."""

import re
from typing import Final

from oblik.intake.logic.values.texts import plain

MOST: Final = 200  # a row that claims more is asked about rather than expanded

_NUMBER: Final = re.compile(r"(?<![\d.,])(\d{1,6})(?:[.,]0+)?(?![\d.,]?\d)")
_PIECES: Final = re.compile(
    r"(?<![\w.,/-])(\d{1,3})\s*[-–]?\s*(?:х\s|x\s)?(?:шт\b|штук|од\b|одиниц|камер|відеокамер|видеокамер|cam(?:era)?s\b|"
    r"pcs\b|pieces|caméras|cámaras|kameras|stück|stuks)|(?<!\w)[xх×]\s?(\d{1,3})(?![\w.,])",
    re.IGNORECASE,
)
_WORDS: Final = {
    "один": 1, "одна": 1, "одне": 1, "дві": 2, "два": 2, "две": 2, "три": 3, "чотири": 4, "четыре": 4, "п’ять": 5,
    "пять": 5, "шість": 6, "шесть": 6, "сім": 7, "семь": 7, "вісім": 8, "восемь": 8, "one": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "eight": 8,
}  # fmt: skip


def count(text: str) -> tuple[int | None, str | None]:
    """The number of cameras in a cell made for it, 1 to 200.

    "count_implausible" for 0 and for more than 200, "not_a_count" for what is no whole number.
    """
    text = plain(text)
    if not text:
        return None, None
    if found := _NUMBER.search(text):
        number = int(found[1])
        return (number, None) if 1 <= number <= MOST else (None, "count_implausible")
    number = next((value for word, value in _WORDS.items() if text.casefold().startswith(word)), 0)
    return (number, None) if number else (None, "not_a_count")


def count_within(text: str) -> int | None:
    """The number of cameras said in passing: "Камери, 4 шт.", "DS-2CD2043 x2"; None where none is said."""
    found = _PIECES.search(text)
    if not found:
        return None
    number = int(found[1] or found[2])
    return number if 1 <= number <= MOST else None
