"""Which value of a request cannot be used, and what to do: pydantic's findings as sentences of ours."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from oblik.base.errors import msg
from oblik.web.api.problems import field_error, problem, shown

# pydantic's name of what is wrong -> our sentence; {field} and {value} besides what pydantic tells of the limit.
SENTENCES: Final = {
    "missing": msg("{field} is missing; give it."),
    "extra_forbidden": msg("{field} is not known here; leave it out or correct its name."),
    "string_type": msg("{field} takes text, not {value}."),
    "string_too_short": msg("{field} is too short; it takes at least {min_length} signs."),
    "string_too_long": msg("{field} is too long; it takes at most {max_length} signs."),
    "string_pattern_mismatch": msg("{field} cannot be “{value}”; see the reference for its form."),
    "literal_error": msg("{field} is one of {expected}, not “{value}”."),
    "int_type": msg("{field} takes a whole number, not “{value}”."),
    "int_parsing": msg("{field} takes a whole number, not “{value}”."),
    "int_parsing_size": msg("{field} is too large a number; give a smaller one."),
    "int_from_float": msg("{field} takes a whole number, not “{value}”."),
    "bool_parsing": msg("{field} takes true or false, not “{value}”."),
    "bool_type": msg("{field} takes true or false, not “{value}”."),
    "greater_than_equal": msg("{field} is at least {ge}, not {value}."),
    "less_than_equal": msg("{field} is at most {le}, not {value}."),
    "date_from_datetime_parsing": msg("{field} takes a day such as 2026-01-31, not “{value}”."),
    "date_parsing": msg("{field} takes a day such as 2026-01-31, not “{value}”."),
    "date_type": msg("{field} takes a day such as 2026-01-31, not “{value}”."),
    "date_from_datetime_inexact": msg("{field} takes a day such as 2026-01-31, not “{value}”."),
    "dict_type": msg("{field} takes an object in braces, not “{value}”."),
    "too_short": msg("{field} holds nothing; give at least one value."),
}
OTHER: Final = msg("{field} cannot be “{value}”; see the reference for what it takes.")
_MOST: Final = 20  # errors told at once


def problem_of_values(errors: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """The answer to a request of which some values cannot be used: each named, with its remedy."""
    told: dict[str, dict[str, object]] = {}
    for error in errors:
        field = _field(error["loc"])
        if field not in told and len(told) < _MOST:
            told[field] = _told(error, field=field)
    return problem(422, errors=list(told.values()))


def _told(error: Mapping[str, Any], *, field: str) -> dict[str, object]:
    is_absent = error["type"] == "missing"
    value = None if is_absent else error.get("input")
    template = SENTENCES.get(error["type"], OTHER)
    names = {name: shown(what) for name, what in (error.get("ctx") or {}).items()}
    sentence = _(template).format(**{**names, "field": field, "value": shown(value)})
    return field_error(field, value=value, detail=sentence)


def _field(place: Sequence[object]) -> str:
    """Where a value stands: `limit`, `values.height_m`. The names of our own functions' arguments are left out."""
    source, *rest = [str(part) for part in place]
    if source in ("body", "form", "query") and len(rest) > 1:
        rest = rest[1:]  # the first is the argument that takes the whole body
    inner = [part for part in rest if part.isidentifier() or part.isdecimal()]
    return ".".join(inner) or source
