"""What every answer under /api/ has in common: the caller's language, and problem+json wherever something is wrong."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from oblik.web.api.problems import MEDIA_TYPE, language_of, problem

Answer = Callable[[HttpRequest], HttpResponse]

ROOT: Final = "/api/"
_JSON: Final = ("application/json", MEDIA_TYPE)
_KEPT: Final = ("Allow", "Retry-After", "WWW-Authenticate")  # headers of an error that say how to do it right


def problems_only(get_response: Answer) -> Answer:
    """Turns the pages that tell of errors into problem+json, for addresses under /api/ alone.

    Such pages come from below the views: an address that is none, a host that is not ours, a crash.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return get_response(request)
        with translation.override(language_of(request)):
            # No database keeps this sign, and PostgreSQL fails over it.
            response = problem(404) if "\x00" in request.path_info else get_response(request)
            if response.status_code == 302:
                response = problem(403)  # A page wants to be seen first, such as that of the second factor.
            if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
                kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
                response = problem(response.status_code, headers=kept)
            response.headers.setdefault("Content-Language", translation.get_language() or "uk")
            if response.headers.get("Content-Type", "").startswith(_JSON):
                # A browser led here shows nothing of ours as a page. Source: OWASP ASVS 14.4.2.
                response.headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')
            patch_vary_headers(response, ["Accept-Language", "Authorization"])
            return response

    return answer
