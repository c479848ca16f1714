"""The photos and documents that are kept with cameras, and their files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.db.models import Q, QuerySet

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import NotFound, msg
from oblik.db import kept_files
from oblik.registry import queries
from oblik.registry.models import Attachment

Form = Literal["original", "shown", "thumbnail"]


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A photo or a document of a camera. camera is the code that it was attached to, which may have been merged."""

    id: int
    camera: str
    kind: str
    file_name: str
    size_bytes: int
    sha256: str
    what: str
    taken_at: datetime | None
    lon_deg: float | None
    lat_deg: float | None
    bearing_deg: float | None
    added_by: str
    added_at: datetime


_LINE = ("id", "camera__code", "kind", "file_name", "size_bytes", "sha256", "what", "taken_at", "lon_deg", "lat_deg",
         "bearing_deg", "added_by", "added_at")  # fmt: skip


def attachments_of(code: str, *, within: Scope = EVERYWHERE) -> list[AttachmentLine]:
    """What is kept with a camera within a scope, and with those merged into it; the newest first."""
    camera = queries.camera_id(code, within=within)
    found = _standing().filter(Q(camera_id=camera) | Q(camera__merged_into_id=camera))
    return [AttachmentLine(*row) for row in found.order_by("-added_at", "-id").values_list(*_LINE)]


def attachment(number: int, *, code: str, within: Scope = EVERYWHERE) -> AttachmentLine:
    """One attachment of a camera within a scope; NotFound for any other number."""
    found = next((line for line in attachments_of(code, within=within) if line.id == number), None)
    if found is None:
        raise NotFound(msg("There is no attachment {value}."), value=number)
    return found


def removed_of(code: str) -> frozenset[int]:
    """Numbers of what was taken off a camera, or off those merged into it."""
    camera = queries.camera_id(code)
    taken = Attachment.objects.filter(Q(camera_id=camera) | Q(camera__merged_into_id=camera))
    return frozenset(taken.filter(removed_at__isnull=False).values_list("pk", flat=True))


@contextmanager
def opened(number: int, *, form: Form) -> Iterator[Path]:
    """The file of an attachment, as it came or as a photo is shown; opened from its seal in a folder of our own."""
    row = Attachment.objects.filter(pk=number).values_list("sha256", "file_name", "shown_sha256", "thumbnail_sha256")
    sha256, name, shown, thumbnail = row.get()
    made = {"shown": shown, "thumbnail": thumbnail}.get(form, "")
    with kept_files.opened(made or sha256, file_name="made.jpg" if made else name) as path:
        yield path


def lost_files() -> Iterator[tuple[int, str, str]]:
    """number, camera, name of each attachment whose file is not kept."""
    rows = Attachment.objects.order_by("id").values_list(
        "id", "camera__code", "file_name", "sha256", "shown_sha256", "thumbnail_sha256"
    )
    for number, code, name, sha256, *made in rows.iterator(chunk_size=5_000):
        whole = kept_files.is_kept(sha256, file_name=name)
        if not whole or not all(kept_files.is_kept(one, file_name="made.jpg") for one in made if one):
            yield number, code, name


def _standing() -> QuerySet[Attachment]:
    return Attachment.objects.filter(removed_at__isnull=True)
