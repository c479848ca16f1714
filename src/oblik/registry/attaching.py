"""What puts photos and documents beside cameras and takes them off again; the files lie sealed, by their hashes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.utils import timezone

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.db import kept_files, turns
from oblik.journal import actions as journal
from oblik.registry import queries
from oblik.registry.logic.folding import plain
from oblik.registry.logic.papers import AttachmentKind, kind_of
from oblik.registry.logic.photos import photo_of
from oblik.registry.models import Attachment

MOST_BYTES: Final = 50_000_000
_LONGEST: Final = 2_000
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that lies in the store: what of it the table holds."""

    kind: AttachmentKind
    sha256: str
    shown: str = ""
    thumbnail: str = ""
    taken_at: datetime | None = None
    lon_deg: float | None = None
    lat_deg: float | None = None
    bearing_deg: float | None = None


def attach(code: str, *, path: Path, what: str, by: Actor, at: datetime, file_name: str = "") -> int:
    """Keeps a file with a camera: its number. The same file again on the same camera is the one that is there.

    file_name: as it came, where the path has another name. Of a photo when and where it was taken is read, and a
    picture without these is made to be shown.
    """
    camera_id = queries.camera_id(code)
    name = _named(file_name or path.name)
    what = plain(what).strip()
    if len(what) > _LONGEST:
        raise InvalidInput(msg("{field} is empty or longer than {most} signs."), field="what", most=_LONGEST)
    size = path.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise InvalidInput(
            msg("“{value}” is empty or larger than {most} MB; make it smaller and try again."),
            value=name, most=MOST_BYTES // 1_000_000,
        )  # fmt: skip
    kept = _keep(path, name=name)
    with turns.turn("attachments"):
        known = Attachment.objects.filter(camera_id=camera_id, sha256=kept.sha256, removed_at__isnull=True)
        number = known.values_list("pk", flat=True).first()
        if number is not None:
            return number
        made = Attachment.objects.create(
            camera_id=camera_id, kind=kept.kind, sha256=kept.sha256, file_name=name, size_bytes=size, what=what,
            shown_sha256=kept.shown, thumbnail_sha256=kept.thumbnail, taken_at=kept.taken_at, lon_deg=kept.lon_deg,
            lat_deg=kept.lat_deg, bearing_deg=kept.bearing_deg, added_by=str(by), added_at=at,
        )  # fmt: skip
        journal.record(
            subject=f"camera:{queries.plain_code(code)}", what="attached", by=by, at=at, why=what,
            details={"attachment": made.pk, "kind": kept.kind, "sha256": kept.sha256},
        )  # fmt: skip
    return made.pk


def remove_attachment(number: int, *, by: Actor, at: datetime, why: str) -> None:
    """Takes an attachment off its camera; the file stays, and `restore_attachment` puts it back."""
    if not why.strip():
        raise InvalidInput(msg("Say why: a reason is kept with every change."))
    with turns.turn("attachments"):
        found = _found(number)
        if found.removed_at is not None:
            return
        found.removed_at, found.removed_by = at, str(by)
        found.save(update_fields=["removed_at", "removed_by"])
        _record(found, what="attachment_removed", by=by, at=at, why=why.strip())


def restore_attachment(number: int, *, by: Actor, at: datetime) -> None:
    """Puts an attachment back that was taken off."""
    with turns.turn("attachments"):
        found = _found(number)
        if found.removed_at is None:
            return
        standing = Attachment.objects.filter(camera=found.camera_id, sha256=found.sha256, removed_at__isnull=True)
        if standing.exists():
            raise Conflict(msg("The file “{value}” stands with the camera already."), value=found.file_name)
        found.removed_at, found.removed_by = None, ""
        found.save(update_fields=["removed_at", "removed_by"])
        _record(found, what="attachment_restored", by=by, at=at, why="")


def _found(number: int) -> Attachment:
    found = Attachment.objects.select_related("camera").filter(pk=number).first()
    if found is None:
        raise NotFound(msg("There is no attachment {value}."), value=number)
    return found


def _record(found: Attachment, *, what: str, by: Actor, at: datetime, why: str) -> None:
    details = {"attachment": found.pk, "kind": found.kind, "sha256": found.sha256}
    journal.record(subject=f"camera:{found.camera.code}", what=what, by=by, at=at, why=why, details=details)


def _named(name: str) -> str:
    """The last part of a name without signs that are none, short enough to keep, its end untouched."""
    last = "".join(sign for sign in plain(name).replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip()
    if len(last) <= _LONGEST_NAME:
        return last
    stem, _point, end = last.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(end) - 1]}.{end}" if len(end) < 10 else last[:_LONGEST_NAME]


def _keep(path: Path, *, name: str) -> _Kept:
    """Seals the file, and of a photo what is shown of it."""
    with path.open("rb") as stream:
        kind = kind_of(name, head=stream.read(8))
    sha256 = kept_files.sha256_of(path)
    if kind == "document":
        kept_files.keep(path, sha256=sha256, file_name=name)
        return _Kept(kind, sha256)
    photo = photo_of(path.read_bytes(), name=name)
    taken_at = timezone.make_aware(photo.taken_on) if photo.taken_on else None
    kept_files.keep(path, sha256=sha256, file_name=name)
    return _Kept(
        kind, sha256, kept_files.keep_bytes(photo.shown), kept_files.keep_bytes(photo.thumbnail), taken_at,
        photo.lon_deg, photo.lat_deg, photo.bearing_deg,
    )  # fmt: skip
