"""Days as people and spreadsheets write them, to ISO text "YYYY-MM-DD"."""

import calendar
import re
from datetime import date, timedelta
from typing import Final

from oblik.intake.logic.values.texts import plain

EARLIEST_YEAR: Final = 1970
LATEST_YEAR: Final = 2060
_EXCEL_ZERO: Final = date(1899, 12, 30)  # day 0 of spreadsheets, with Lotus' false 29 February 1900 allowed for

_MONTH_STEMS: Final = {
    1: "січ янв jan ene", 2: "лют фев feb fév fev", 3: "бер мар mar mär mrt maart", 4: "кві апр apr avr abr",
    5: "тра май мая may mai mei", 6: "чер июн jun juin", 7: "лип июл jul juil", 8: "сер авг aug aoû aou ago",
    9: "вер сен sep", 10: "жов окт oct okt", 11: "лис ноя nov", 12: "гру дек dec déc dic dez",
}  # fmt: skip
_STEM_TO_MONTH: Final = {stem: number for number, stems in _MONTH_STEMS.items() for stem in stems.split()}
_STEMS_BY_LENGTH: Final = tuple(sorted(_STEM_TO_MONTH, key=len, reverse=True))
_ISO: Final = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{4}|\d{2})(?!\d)")
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_MONTH_YEAR: Final = re.compile(r"(?<![\d.])(\d{1,2})\s*[-./]\s*(\d{4})(?!\d)")
_YEAR_MONTH: Final = re.compile(r"(?<!\d)(\d{4})\s*[-./]\s*(\d{1,2})(?!\d)")
_QUARTER: Final = re.compile(
    r"(?<!\w)(?:(iv|i{1,3}|[іi]v|і{1,3}|[1-4])\s*[-–]?\s*(?:й|ий)?\s*(?:кв|квартал|quarter|trim)\w*\.?|q([1-4]))", re.I
)
_YEAR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_SERIAL: Final = re.compile(r"^(\d{5})(?:[.,]\d+)?$")
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "і": 1, "іі": 2, "ііі": 3, "іv": 4}

Day = tuple[str | None, str | None]


def day(text: str, *, last: bool = False) -> Day:
    """The day as "YYYY-MM-DD".

    A month, quarter or year alone gives its first day (its last with `last`) and "date_imprecise". Day comes before
    month where both could be, as in Europe. Spreadsheet serial numbers (44267) are read. "not_a_date" for what is no
    date, "date_implausible" for one outside 1970 to 2060.
    """
    text = plain(text)
    if not text:
        return None, None
    try:
        return _read(text, last=last)
    except (ValueError, OverflowError):  # the 31st of February, month 17
        return None, "not_a_date"


def _read(text: str, *, last: bool) -> Day:
    if found := _ISO.search(text):
        return _checked(*map(int, found.groups()))
    if found := _DAY_FIRST.search(text):
        first, second, year = map(int, found.groups())
        if second > 12 >= first:
            first, second = second, first
        return _checked(_full_year(year, digits=len(found[3])), second, first)
    if found := _COMPACT.match(text):
        return _checked(*map(int, found.groups()))
    if found := _SERIAL.match(text):
        counted = _EXCEL_ZERO + timedelta(days=int(found[1]))
        return _checked(counted.year, counted.month, counted.day)
    return _by_words(text.casefold(), last=last)


def _by_words(text: str, *, last: bool) -> Day:
    year_found = _YEAR.search(text)
    year = int(year_found[1]) if year_found else 0
    month = next((named for word in _WORD.findall(text) if (named := _month(word))), 0)
    if month and not year and (short := re.search(r"['’]?(?<!\d)(\d{2})\s*(?:р|г|$)", text)):
        year = _full_year(int(short[1]), digits=2)
    if month and year:
        rest = text.replace(year_found[1], " ", 1) if year_found else ""
        number = re.search(r"(?<!\d)(\d{1,2})(?!\d)", rest)
        if number:
            return _checked(year, month, int(number[1]))
        return _period(year, month, month, last=last)
    if year and (quarter := _QUARTER.search(text)):
        number_of = int(quarter[2]) if quarter[2] else _ROMAN.get(quarter[1]) or int(quarter[1])
        return _period(year, number_of * 3 - 2, number_of * 3, last=last)
    if found := _MONTH_YEAR.search(text):
        return _period(int(found[2]), int(found[1]), int(found[1]), last=last)
    if (found := _YEAR_MONTH.search(text)) and int(found[2]) <= 12:
        return _period(int(found[1]), int(found[2]), int(found[2]), last=last)
    return _period(year, 1, 12, last=last) if year else (None, "not_a_date")


def _month(word: str) -> int:
    return next((_STEM_TO_MONTH[stem] for stem in _STEMS_BY_LENGTH if word.startswith(stem)), 0)


def _full_year(year: int, *, digits: int) -> int:
    if digits == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _checked(year: int, month: int, number: int) -> Day:
    value = date(year, month, number)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None, "date_implausible"
    return value.isoformat(), None


def _period(year: int, first_month: int, last_month: int, *, last: bool) -> Day:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None, "date_implausible"
    if last:
        return date(year, last_month, calendar.monthrange(year, last_month)[1]).isoformat(), "date_imprecise"
    return date(year, first_month, 1).isoformat(), "date_imprecise"
