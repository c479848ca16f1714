"""Every answer that is an error: problem+json (RFC 9457), a sentence in the caller's language, never a trace."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from oblik.base.errors import Conflict, Forbidden, InvalidInput, NotFound, OblikError, UnreadableFile

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/api/v1/reference#"  # each code is explained there

# status -> the code and title of what has no better one of its own.
TITLES: Final = {
    400: ("malformed", gettext_lazy("The request cannot be understood")),
    401: ("not_signed_in", gettext_lazy("Nobody is signed in")),
    403: ("forbidden", gettext_lazy("Not allowed")),
    404: ("not_found", gettext_lazy("There is nothing here")),
    405: ("method", gettext_lazy("This address does not take this method")),
    409: ("conflict", gettext_lazy("It contradicts what is so already")),
    412: ("stale", gettext_lazy("It was changed meanwhile")),
    413: ("too_large", gettext_lazy("The request is too large")),
    415: ("media_type", gettext_lazy("This kind of content is not taken here")),
    422: ("invalid_input", gettext_lazy("A value cannot be used")),
    429: ("too_many", gettext_lazy("Too many requests")),
    500: ("broken", gettext_lazy("Something went wrong on our side")),
}
_DETAILS: Final = {
    400: gettext_lazy("The request is damaged or incomplete. Compare it with the reference."),
    401: gettext_lazy("Send an access token: “Authorization: Bearer oblik_…”. A page of the desk issues one."),
    403: gettext_lazy("Your rights, or those of the token, do not reach this. Ask your administrator."),
    404: gettext_lazy("There is nothing at this address that you may see."),
    405: gettext_lazy("Use one of the methods that the header Allow names."),
    409: gettext_lazy("Read it again, then decide what to send."),
    412: gettext_lazy("Read it again and repeat the change with its new ETag in If-Match."),
    413: gettext_lazy("Send less at once."),
    415: gettext_lazy("Send application/json; a list is handed in as multipart/form-data."),
    422: gettext_lazy("Correct the named values and send it again."),
    429: gettext_lazy("Wait for as many seconds as the header Retry-After says."),
    500: gettext_lazy("It was written down for the administrator. Try again later."),
}
_STATUS: Final[dict[type[OblikError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    InvalidInput: 422,
    UnreadableFile: 422,
    Conflict: 409,
}
_STATUS_OF_CODE: Final = {"malformed": 400, "stale": 412, "too_large": 413, "media_type": 415, "too_many": 429}
# What may stand in a field of an error: long enough to find the value again, short enough not to send it all back.
_LONGEST_VALUE: Final = 120


def language_of(request: HttpRequest) -> str:
    """The language of Accept-Language where it is one of ours, else the one that the pages chose."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wanted == "*":
            break
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return translation.get_language() or "uk"


def problem(
    status: int, *, code: str = "", detail: str = "", errors: Sequence[Mapping[str, object]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """The answer that tells of an error, in the active language; without a sentence of its own the usual one."""
    usual, title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    usual_detail = _DETAILS.get(status, _DETAILS[500 if status >= 500 else 400])
    said: dict[str, object] = {
        "type": TYPES + (code or usual),
        "title": str(title),
        "status": status,
        "code": code or usual,
        "detail": detail or str(usual_detail),
    }
    if errors:
        said["errors"] = list(errors)
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer.headers["Content-Language"] = translation.get_language() or "uk"
    answer.headers["Cache-Control"] = "no-store"
    patch_vary_headers(answer, ["Accept-Language"])
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="oblik"'
    for name, value in (headers or {}).items():
        answer.headers[name] = value
    return answer


def sentence(wrong: OblikError) -> str:
    """The error in the active language."""
    translated = _(wrong.template)
    return translated.format(**wrong.params) if wrong.params else translated


def problem_of(wrong: OblikError) -> HttpResponse:
    """The answer to an error of ours, by its code and type."""
    status = _STATUS_OF_CODE.get(wrong.code) or next(
        (status for kind, status in _STATUS.items() if isinstance(wrong, kind)), 409
    )
    errors = []
    if status == 422 and ("field" in wrong.params or "value" in wrong.params):
        errors.append(
            field_error(str(wrong.params.get("field", "")), value=wrong.params.get("value"), detail=sentence(wrong))
        )
    return problem(status, code=wrong.code, detail=sentence(wrong), errors=errors)


def field_error(field: str, *, value: object, detail: str) -> dict[str, object]:
    """One value that cannot be used: where it stands, what it is, what to do."""
    said: dict[str, object] = {"field": field, "detail": detail}
    if value is not None:
        said["value"] = shown(value)
    return said


def shown(value: object) -> str:
    """A value as an error repeats it: short, and without what no text can hold."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
