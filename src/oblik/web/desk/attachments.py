"""The photos and documents of a camera: added, looked at, taken off, put back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import InvalidInput, NotFound, msg
from oblik.journal.actions import looked
from oblik.registry import attaching, attachments
from oblik.registry.logic.papers import media_type
from oblik.web.desk.camera_edit import editable_card, keep_upload
from oblik.web.ui.access import page, seen_by
from oblik.web.ui.limits import limited

_FORMS: Final[dict[str, attachments.Form]] = {"original": "original", "shown": "shown", "thumbnail": "thumbnail"}
_MOST_AT_ONCE: Final = 20


@limited("upload")
@require_POST
@page("edit")
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps one or several files with a camera."""
    card = editable_card(request, code)
    by, at = Actor("person", request.user.get_username()), now()
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    if not files:
        raise InvalidInput(msg("Choose a file first: a photo, or a document such as a PDF."))
    if len(files) > _MOST_AT_ONCE:
        raise InvalidInput(msg("Send at most {most} files at once."), most=_MOST_AT_ONCE)
    for file in files:
        keep_upload(file, code=card.line.code, what=request.POST.get("what", ""), by=by, at=at)
    return redirect(reverse("camera", args=[card.line.code]) + "#attachments")


@require_GET
@page()
def file(request: HttpRequest, code: str, number: int, form: str) -> HttpResponseBase:
    """One file: a photo as it is shown or small; a document as it came. A photo as it came is for who may edit."""
    line = attachments.attachment(number, code=code, within=seen_by(request))
    if form not in _FORMS or (line.kind == "document" and form != "original"):
        raise NotFound(msg("There is no attachment {value}."), value=number)
    if form != "original":
        return _picture(request, line, form=_FORMS[form])
    if line.kind == "photo":
        editable_card(request, code)  # it tells where, when and with what it was taken
    by = Actor("person", request.user.get_username())
    details = {"attachment": line.id, "sha256": line.sha256}
    looked(subject=f"camera:{line.camera}", what="downloaded", by=by, at=now(), details=details)
    # Opened from its seal into a folder of our own, which is gone when the last byte is sent.
    answer = FileResponse(_Sent(number), as_attachment=True, filename=line.file_name)
    answer["Content-Type"] = media_type(line.file_name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _picture(request: HttpRequest, line: attachments.AttachmentLine, *, form: attachments.Form) -> HttpResponseBase:
    etag = f'"{line.sha256[:20]}-{form}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    with attachments.opened(line.id, form=form) as path:
        answer = HttpResponse(path.read_bytes(), content_type="image/jpeg", headers={"ETag": etag})
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


class _Sent:
    """The bytes of an attachment as they came, a block at a time."""

    def __init__(self, number: int) -> None:
        self._opened = attachments.opened(number, form="original")
        self._path: Path = self._opened.__enter__()
        self._stream = self._path.open("rb")

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)

    def __iter__(self) -> Iterator[bytes]:
        while block := self._stream.read(1 << 16):
            yield block

    def close(self) -> None:
        self._stream.close()
        self._opened.__exit__(None, None, None)


@require_POST
@page("edit")
def remove(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Takes a file off a camera; the page that follows can put it back."""
    card = editable_card(request, code)
    line = attachments.attachment(number, code=card.line.code, within=seen_by(request))
    by = Actor("person", request.user.get_username())
    attaching.remove_attachment(line.id, by=by, at=now(), why=request.POST.get("why", "")[:500])
    return render(request, "desk/attachment_removed.html", {"code": card.line.code, "line": line})


@require_POST
@page("edit")
def restore(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Puts a file back that was taken off this camera."""
    card = editable_card(request, code)
    if number not in attachments.removed_of(card.line.code):
        raise NotFound(msg("There is no attachment {value}."), value=number)
    attaching.restore_attachment(number, by=Actor("person", request.user.get_username()), at=now())
    return redirect(reverse("camera", args=[card.line.code]) + "#attachments")
