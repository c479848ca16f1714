"""The base map's one file, handed out whole or by ranges: the browser reads only the tiles that it draws."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe

from oblik.city.queries import base_map_file
from oblik.web.desk.access import page

MEDIA_TYPE: Final = "application/vnd.pmtiles"
_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_PIECE_BYTES: Final = 256 * 1024


def base_map_version() -> str:
    """Changes with each drawing; "" where no base map is drawn."""
    try:
        state = base_map_file().stat()
    except OSError:
        return ""
    return f"{state.st_mtime_ns:x}-{state.st_size:x}"


@page()
def base_map(request: HttpRequest) -> HttpResponseBase:
    """The file, one range of it, or word that nothing has changed (RFC 9110, sections 13 and 14)."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    path, version = base_map_file(), base_map_version()
    if not version:
        raise Http404("no base map is drawn")
    size, changed_at = path.stat().st_size, int(path.stat().st_mtime)
    headers = {"ETag": f'"{version}"', "Last-Modified": http_date(changed_at), "Accept-Ranges": "bytes"}
    if _unchanged(request, headers["ETag"], changed_at):
        return HttpResponseNotModified(headers=headers)
    asked = request.headers.get("Range", "")
    if request.method == "GET" and asked and _holds(request, headers["ETag"], changed_at):
        span = _span(asked, size)
        if span is None:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        if span:
            first, last = span
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
            return _part(path, first, last, headers | {"Content-Length": str(last - first + 1)}, status=206)
    return _part(path, 0, size - 1, headers | {"Content-Length": str(size)}, status=200)


def _unchanged(request: HttpRequest, etag: str, changed_at: int) -> bool:
    asked = request.headers.get("If-None-Match")
    if asked is not None:
        return asked.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in asked.split(",")}
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and changed_at <= since


def _holds(request: HttpRequest, etag: str, changed_at: int) -> bool:
    """If-Range: a range of an older file is of no use, then the whole new one is sent."""
    asked = request.headers.get("If-Range", "").strip()
    return not asked or asked == etag or parse_http_date_safe(asked) == changed_at


def _span(asked: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte asked for; () for what we do not read as one range, None for one outside the file."""
    found = _RANGE.fullmatch(asked.strip())
    if not found or found[1] == found[2] == "":
        return ()
    if not found[1]:
        length = int(found[2])
        return (max(size - length, 0), size - 1) if length else None
    first, last = int(found[1]), int(found[2] or size - 1)
    if found[2] and last < first:
        return ()
    return (first, min(last, size - 1)) if first < size else None


def _part(path: Path, first: int, last: int, headers: dict[str, str], *, status: int) -> StreamingHttpResponse:
    content = _bytes(path, first, last - first + 1)
    return StreamingHttpResponse(content, content_type=MEDIA_TYPE, status=status, headers=headers)


def _bytes(path: Path, first: int, count: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while count and (piece := file.read(min(count, _PIECE_BYTES))):
            count -= len(piece)
            yield piece
