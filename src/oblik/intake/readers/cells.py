"""What a person sees in a cell: values of any reader turned into text, whole columns at a time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

_HEAD = 64


def number_text(value: float) -> str:
    """The shortest text that reads back as the number; whole numbers have no fraction and no exponent."""
    text = repr(value)
    if text.endswith(".0"):
        return text[:-2]
    if "e+" in text:
        return f"{value:.0f}"
    if "e-" in text:
        return f"{value:.20f}".rstrip("0").rstrip(".")
    return "" if text in ("nan", "inf", "-inf") else text


def moment_text(value: datetime) -> str:
    """ISO text; midnight is a plain date, as in most lists."""
    if value.hour or value.minute or value.second or value.microsecond:
        return value.isoformat(sep=" ", timespec="seconds")
    return value.date().isoformat()


def _anything(value: Any) -> str:
    return _BY_TYPE.get(type(value), str)(value)


def _listed(value: Iterable[Any]) -> str:
    return "; ".join(_anything(item) for item in value)


_BY_TYPE: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    float: number_text,
    bool: lambda value: "true" if value else "false",
    datetime: moment_text,
    date: date.isoformat,
    time: lambda value: value.isoformat(timespec="seconds"),
    timedelta: str,
    type(None): lambda _: "",
    bytes: lambda value: value.decode("utf-8", "replace"),
    list: _listed,
    tuple: _listed,
    dict: repr,
}


def column_texts(values: Sequence[Any]) -> list[str]:
    """Text of each value; one conversion per type found, so a column of one type costs one pass."""
    if len(values) > 2 * _HEAD:
        # Words stand above a column of numbers; apart from them it is of one type again.
        return _texts(values[:_HEAD]) + _texts(values[_HEAD:])
    return _texts(values)


def _texts(values: Sequence[Any]) -> list[str]:
    kinds = set(map(type, values))
    if kinds == {str}:
        return list(values)
    if kinds == {float}:
        return _float_texts(values)
    if kinds == {float, str}:  # numbers and blanks between them
        found = iter(_float_texts([value for value in values if type(value) is float]))
        return [value if type(value) is str else next(found) for value in values]
    if len(kinds) == 1:
        return list(map(_BY_TYPE.get(kinds.pop(), str), values))
    by_type = {kind: _BY_TYPE.get(kind, str) for kind in kinds}
    return [value if type(value) is str else by_type[type(value)](value) for value in values]


def _float_texts(values: Sequence[float]) -> list[str]:
    texts = list(map(repr, values))
    marks = "".join(texts)
    if "e" in marks or "n" in marks:  # exponents, nan and inf
        return list(map(number_text, values))
    return [text[:-2] if text.endswith(".0") else text for text in texts]


def grid_texts(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """The grid as text; all rows must have one width."""
    if not rows or not rows[0]:
        return [[] for _ in rows]
    return list(map(list, zip(*map(column_texts, zip(*rows, strict=True)), strict=True)))
