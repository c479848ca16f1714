"""What the API reads out of a request: JSON or a form, text that a database can keep, and nothing else."""

import json
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from oblik.base.errors import InvalidInput, OblikError, msg

_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
_DEEPEST: Final = 20  # nothing of ours nests deeper than three


class Json(JSONRenderer):
    """Letters as they are: half the size of Ukrainian in escapes, and legible."""

    json_dumps_params = {"ensure_ascii": False}


class WrongMediaType(OblikError):
    """The content is of a kind that is not read here."""

    code = "media_type"


class Content(Parser):
    """Reads bodies and queries for the API."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The JSON of a body. A wrong content type is 415; what is no JSON, or no text, is named."""
        if request.content_type != "application/json":
            raise WrongMediaType(
                msg("The content is “{value}”; this address takes application/json."), value=request.content_type
            )
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError) as wrong:
            raise InvalidInput(msg("The body is no JSON: {reason}."), code="malformed", reason=str(wrong)) from wrong
        _require_text(said)
        if not isinstance(said, dict):
            raise InvalidInput(msg("The body is one JSON object, with names and values in braces."), code="malformed")
        return said

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The values of a query or a form; of a name given twice the last."""
        if isinstance(data, QueryDict) and data is not request.GET and request.content_type not in _FORMS:
            raise WrongMediaType(
                msg("The content is “{value}”; this address takes multipart/form-data."), value=request.content_type
            )
        read: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        _require_text(read)
        return read


def _require_text(said: Any, *, depth: int = 0) -> None:
    """InvalidInput where a text holds what no database keeps: the sign NUL, half a surrogate pair."""
    if depth > _DEEPEST:
        raise InvalidInput(msg("The body nests deeper than {most} levels."), code="malformed", most=_DEEPEST)
    if isinstance(said, dict):
        for name, value in said.items():
            _require_text(name)
            _require_text(value, depth=depth + 1)
    elif isinstance(said, list):
        for value in said:
            _require_text(value, depth=depth + 1)
    elif isinstance(said, str) and ("\x00" in said or not _is_text(said)):
        raise InvalidInput(msg("“{value}” holds signs that no text has; leave them out."), value=ascii(said)[:60])


def _is_text(said: str) -> bool:
    try:
        said.encode()
    except UnicodeEncodeError:
        return False
    return True
