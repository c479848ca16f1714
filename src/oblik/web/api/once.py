"""The same write sent twice is done once: conditional requests, and answers kept under the caller's own key."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from ninja.responses import NinjaJSONEncoder

from oblik.accounts.repeats import Answered, Asked, begin_once, finish_once, forget_once, rights_of
from oblik.accounts.tokens import Bearer
from oblik.base.clock import now
from oblik.base.errors import Conflict, InvalidInput, msg
from oblik.web.api.doors import asker

Rest = ParamSpec("Rest")
Route = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]

KEY_HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,100}")
_VERSION: Final = re.compile(r'"(\d{1,9})"')
_MEDIA_TYPE: Final = "application/json; charset=utf-8"
_KEPT_HEADERS: Final = ("ETag", "Location")


def json_answer(said: Any, *, status: int = 200) -> HttpResponse:
    """A schema, or plain values, as the answer."""
    plain = said.model_dump() if hasattr(said, "model_dump") else said
    content = json.dumps(plain, cls=NinjaJSONEncoder, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=_MEDIA_TYPE)


def once(route: Route[Rest]) -> Route[Rest]:
    """A write that, sent again with the same Idempotency-Key, gives the first answer and does nothing.

    Kept for a day, for each token by itself. The key with another content is a Conflict; so is a key whose first
    request is still under way. Whose rights have changed meanwhile is not given the answer again.
    """

    @wraps(route)
    def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        key = request.headers.get(KEY_HEADER, "")
        bearer = asker(request)
        if not key or not isinstance(bearer, Bearer):
            return route(request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            raise InvalidInput(
                msg("The {field} is up to 100 visible ASCII signs, not “{value}”."), field=KEY_HEADER, value=key
            )
        asked = Asked(token=bearer.token, key=key, digest=_digest(request), rights=rights_of(bearer))
        kept = begin_once(asked, at=now())
        if kept is not None:
            again = HttpResponse(kept.content, status=kept.status, content_type=_MEDIA_TYPE, headers=kept.headers)
            again.headers["Idempotent-Replayed"] = "true"
            return again
        done = False
        try:
            response = route(request, *args, **kwargs)
            done = response.status_code < 400
        finally:
            if not done:
                forget_once(asked)  # It changed nothing: it may be tried again.
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        finish_once(asked, answer=Answered(response.status_code, _content(response), headers))
        return response

    return answer


def _content(response: HttpResponseBase) -> str:
    return response.content.decode() if isinstance(response, HttpResponse) else ""


def _digest(request: HttpRequest) -> str:
    """What is sent, in short: the same key for something else is a mistake of the caller. Files count by content."""
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.FILES or request.POST:
        for name, value in sorted(request.POST.items()):
            said.update(f"{name}={value}\n".encode())
        for name, file in sorted(request.FILES.items()):
            said.update(f"{name}={getattr(file, 'name', '')}\n".encode())
            for chunk in file.chunks():  # type: ignore[union-attr]  # under one name one file: the last
                said.update(chunk)
    else:
        said.update(request.body)
    return said.hexdigest()


def version_wanted(request: HttpRequest) -> int | None:
    """The version that If-Match names: None where none or any (`*`) is wanted."""
    said = request.headers.get("If-Match", "").strip()
    if said in ("", "*"):
        return None
    match = _VERSION.fullmatch(said)
    if match is None:
        raise Conflict(
            msg("If-Match is the ETag of the camera as you read it, such as \"3\"; “{value}” is none."),
            code="stale", value=said[:60],
        )  # fmt: skip
    return int(match[1])


def fresh(request: HttpRequest, *, etag: str, said: Callable[[], Any]) -> HttpResponseBase:
    """The answer with its ETag, or 304 where the caller has it already; `said` is asked only where it is needed."""
    known = get_conditional_response(request, etag=etag) if request.method in ("GET", "HEAD") else None
    response = known if known is not None else json_answer(said())
    response.headers["ETag"] = etag
    return response
