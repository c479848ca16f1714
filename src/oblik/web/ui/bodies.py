"""What one request may bring: decided by its address and by what it announces, before a byte is written to the disk."""

import shutil
import tempfile
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from oblik.accounts.tokens import bearer_of
from oblik.base.clock import now

Answer = Callable[[HttpRequest], HttpResponse]

_FORM_BYTES: Final = 1_000_000  # the fields around a file
_FREE_BYTES: Final = 500_000_000  # what stays free for the database to go on writing
_PROGRAMS: Final = "/api/"
_SMALL_BYTES: Final = 5_000_000  # below it nobody asks the disk


def bounded_body(get_response: Answer) -> Answer:
    """Refuses a body that is larger than the sender may send, or than the disk has room for.

    Django unpacks files of a form to the disk before any view, and so any right, is asked: a stranger could fill it.
    A body without Content-Length is read as empty (PEP 3333), so what is announced is all there is.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        size = _announced(request)
        if size is None or _holds_nul(request):
            return render(request, "400.html", status=400)
        if size > _most(request, size=size):
            return _refused(request, status=413)
        if size > _SMALL_BYTES and _free_bytes() < 2 * size + _FREE_BYTES:  # once as it comes, once as it is kept
            return _refused(request, status=507)
        return get_response(request)

    return answer


def _holds_nul(request: HttpRequest) -> bool:
    """Whether the address holds a NUL byte, which no text of PostgreSQL may hold and no person ever types."""
    if request.path_info.startswith(_PROGRAMS):
        return False  # answered there, in the words of programs
    query = request.META.get("QUERY_STRING", "")
    return "%00" in query or "\x00" in query or "\x00" in request.path_info


def _announced(request: HttpRequest) -> int | None:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _most(request: HttpRequest, *, size: int) -> int:
    """A file's worth for whom we know, a form's worth for everybody else; who sends no more is not looked up."""
    form = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) + _FORM_BYTES
    if size <= form or not _is_known(request):
        return form
    return int(settings.OBLIK_MAX_FILE_MB * 1_000_000) + _FORM_BYTES


def _is_known(request: HttpRequest) -> bool:
    """Whether the token is good, or without one the session somebody's; a wrong token stays wrong beside a session."""
    said = request.headers.get("Authorization")
    if said is not None:
        scheme, _, token = said.partition(" ")
        return scheme.lower() == "bearer" and bearer_of(token.strip(), at=now()) is not None
    return settings.SESSION_COOKIE_NAME in request.COOKIES and bool(get_user(request).is_authenticated)


def _free_bytes() -> int:
    """Room on the fuller of the two disks: where forms are unpacked, and where files are kept."""
    folders = {tempfile.gettempdir(), str(settings.OBLIK_DATA)}
    return min(shutil.disk_usage(folder).free for folder in folders)


def _refused(request: HttpRequest, *, status: int) -> HttpResponse:
    if request.path_info.startswith(_PROGRAMS):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
        saved = {"Content-Disposition": 'attachment; filename="api.json"'}
        return JsonResponse(problem, status=status, content_type="application/problem+json", headers=saved)
    return render(request, "413.html", {"status": status, "most_mb": settings.OBLIK_MAX_FILE_MB}, status=status)
