"""Long work as a page shows it: how far it is, live while somebody looks, and where it ends."""

import json
import os
import time
from collections.abc import Generator, Iterator
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language

from oblik.accounts.queries import Scope
from oblik.base.errors import NotFound
from oblik.intake import running
from oblik.web.desk.access import page, seen_by
from oblik.web.ui.templatetags.work import job_percent, job_step

# A watcher holds a thread of the server, which has twice as many and one (config.commands.serve); the others ask.
_SEATS: Final = BoundedSemaphore(os.cpu_count() or 1)
_LOOK_S: Final = 0.4
_LONGEST_S: Final = 25.0  # then the browser comes back by itself, and others have had their turn


@page()
def job(request: HttpRequest, number: int) -> HttpResponse:
    """The fragment of one piece of work, for pages that ask again and again."""
    return render(request, "desk/job.html", {"job": running.job(number, within=seen_by(request))})


@page()
def job_events(request: HttpRequest, number: int) -> HttpResponseBase:
    """How far it is, told as it goes on. 204 where all seats are taken: the page then asks again and again."""
    within = seen_by(request)
    running.job(number, within=within)
    if not _SEATS.acquire(blocking=False):
        return HttpResponse(status=204)
    response = StreamingHttpResponse(
        _Events(number, within=within, language=get_language() or "en"), content_type="text/event-stream"
    )
    response["X-Accel-Buffering"] = "no"  # a proxy between us and the browser must not collect what comes bit by bit
    return response


class _Events:
    """The stream of one watcher. Closing it, by whoever ends the answer, gives the seat back."""

    def __init__(self, number: int, *, within: Scope, language: str) -> None:
        self._told = _told(number, within=within, language=language)
        self._seated = True

    def __iter__(self) -> Iterator[bytes]:
        return self._told

    def close(self) -> None:
        self._told.close()
        if self._seated:
            self._seated = False
            _SEATS.release()


def _told(number: int, *, within: Scope, language: str) -> Generator[bytes, None, None]:
    """Events as the browser's EventSource reads them, one at each change, the last when the work has ended."""
    started, last = time.monotonic(), ""
    yield b"retry: 1000\n\n"
    while time.monotonic() - started < _LONGEST_S:
        try:
            line = running.job(number, within=within)
        except NotFound:
            return
        with translation.override(language):
            said = {"state": line.state, "words": str(job_step(line)), "percent": job_percent(line)}
        text = json.dumps(said, ensure_ascii=False)
        if text != last:
            yield f"data: {text}\n\n".encode()
            last = text
        if not line.is_open:
            return
        time.sleep(_LOOK_S)
