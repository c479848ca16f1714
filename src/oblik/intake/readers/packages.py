"""Zip packages before anybody unpacks them: members, passwords, bombs, document types."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.readers.limits import Limits, too_large

_CHUNK: Final = 8_000_000
Look = Callable[[str, bytes], None]  # a member's name and its next bytes; no bytes at its end

_MARKUP: Final = (".xml", ".rels", ".kml", ".xhtml", ".svg", ".vml")


def members_of(path: Path) -> tuple[str, ...]:
    """Names inside the zip; none where it is not a zip or its directory is damaged."""
    try:
        with zipfile.ZipFile(path) as package:
            return tuple(package.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeDecodeError, ValueError):
        return ()


def check_package(path: Path, *, limits: Limits, look: Look | None = None) -> None:
    """Nothing where every member may be unpacked; UnreadableFile for a bomb, a password, damage or a document type.

    What the directory declares is checked first, then every member is unpacked once into nothing: a directory can lie.
    look: sees all bytes on their way, the largest members last.
    """
    try:
        with zipfile.ZipFile(path) as package:
            members = sorted(package.infolist(), key=lambda member: member.file_size)
            _check_declared(members, file=path.name, limits=limits)
            left = limits.unpacked_bytes
            for member in members:
                left -= _check_actual(package, member, left=left, limits=limits, look=look)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise damaged(path.name) from error
    except RuntimeError as error:  # zipfile tells of a password this way
        raise locked(path.name) from error


def damaged(file: str) -> UnreadableFile:
    """The refusal of a package that breaks off or contradicts itself."""
    return UnreadableFile(
        msg("{file} is damaged or cut off. Open it in its program, save it anew and send it again."),
        code="damaged_file",
        file=file,
    )


def locked(file: str) -> UnreadableFile:
    """The refusal of a file that opens only with a password."""
    return UnreadableFile(
        msg("{file} is protected with a password. Save it without a password and send it again."),
        code="locked_file",
        file=file,
    )


def bomb(file: str, member: str) -> UnreadableFile:
    """The refusal of a package that would grow beyond measure."""
    return UnreadableFile(
        msg(
            "{file} would unpack to far more than its size ({member}) and was not opened. "
            "Save the list anew in its program and send it again."
        ),
        code="zip_bomb",
        file=file,
        member=member,
    )


def with_entities(file: str) -> UnreadableFile:
    """The refusal of markup that defines its own entities; no program writes lists so."""
    return UnreadableFile(
        msg(
            "{file} defines its own entities, which no list needs and which can do harm. "
            "Save the list anew in its program and send it again."
        ),
        code="unsafe_markup",
        file=file,
    )


def _check_declared(members: list[zipfile.ZipInfo], *, file: str, limits: Limits) -> None:
    if len(members) > limits.members:
        raise bomb(file, str(len(members)))
    if any(member.flag_bits & 1 for member in members):
        raise locked(file)
    for member in members:
        _check_ratio(member, member.file_size, file=file, limits=limits)
    total = sum(member.file_size for member in members)
    if total > limits.unpacked_bytes:
        raise too_large(file, size=total, limit=limits.unpacked_bytes)


def _check_ratio(member: zipfile.ZipInfo, size: int, *, file: str, limits: Limits) -> None:
    if size > limits.ratio_from_bytes and size > limits.ratio * max(1, member.compress_size):
        raise bomb(file, member.filename)


def _check_actual(
    package: zipfile.ZipFile, member: zipfile.ZipInfo, *, left: int, limits: Limits, look: Look | None
) -> int:
    # zipfile stops at the declared size and then compares the checksum, the readers in Rust and C do not stop there:
    # a member that declares less than it holds fails the checksum here and never reaches them.
    file = Path(str(package.filename)).name
    size = 0
    markup = member.filename.lower().endswith(_MARKUP)
    for chunk in chunks(package, member.filename):
        if not size and markup and b"<!DOCTYPE" in chunk[:4096].upper().replace(b"\0", b""):
            raise with_entities(file)
        size += len(chunk)
        if size > left:
            raise too_large(file, size=limits.unpacked_bytes + size - left, limit=limits.unpacked_bytes)
        _check_ratio(member, size, file=file, limits=limits)
        if look:
            look(member.filename, chunk)
    if look:
        look(member.filename, b"")
    return size


def chunks(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The member's bytes in pieces of a few megabytes, the next one unpacked while the caller looks at this one."""
    with package.open(name) as stream:
        chunk = stream.read(_CHUNK)
        if len(chunk) < _CHUNK:
            if chunk:
                yield chunk
            return
        with ThreadPoolExecutor(1) as ahead:
            while chunk:
                following = ahead.submit(stream.read, _CHUNK)
                yield chunk
                chunk = following.result()


def contains_markup_type(head: bytes) -> bool:
    """True where a document type declaration stands in the first bytes, in any encoding."""
    return b"<!DOCTYPE" in head.upper().replace(b"\0", b"") or b"<!ENTITY" in head.upper().replace(b"\0", b"")
