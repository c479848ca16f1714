"""Whole files sealed in chunks: as large as they come, read back only with their key, never cut or joined unseen."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from secrets import token_bytes
from tempfile import NamedTemporaryFile
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oblik.base.errors import msg
from oblik.base.sealing import DamagedSecret, Ring, derived

# MAGIC, id of the key (13 signs), salt; then chunks of a mebibyte, each with its tag. Every file has a key of its own,
# derived with its salt, so that counted nonces never repeat; the last chunk says that it is the last (STREAM, Hoang,
# Reyhanitabar, Rogaway, Vizár 2015).
_MAGIC: Final = b"OBLIKSF1"
_ID: Final = 13
_SALT: Final = 32
_HEAD: Final = len(_MAGIC) + _ID + _SALT
CHUNK: Final = 1 << 20
_TAG: Final = 16


def key_of(path: Path) -> str:
    """The id of the key that a sealed file needs."""
    with path.open("rb") as stream:
        return _head(stream.read(_HEAD), path)[0]


def opened(path: Path, *, ring: Ring, bound: str) -> Iterator[bytes]:
    """The chunks of a sealed file; DamagedSecret where a byte is not as written, KeyMissing without the key.

    What came before a damaged chunk has been handed out by then: whoever keeps it must throw it away.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        name, salt = _head(head, path)
        cipher = AESGCM(derived(ring.key(name), purpose=b"oblik file", salt=salt))
        number = 0
        chunk = stream.read(CHUNK + _TAG)
        while True:
            following = stream.read(CHUNK + _TAG)
            try:
                yield cipher.decrypt(_nonce(number, last=not following), chunk, head + bound.encode())
            except (InvalidTag, ValueError) as wrong:
                raise _damaged(path) from wrong
            if not following:
                return
            chunk, number = following, number + 1


def write(path: Path, chunks: Iterable[bytes], *, ring: Ring, bound: str, check: Callable[[], None]) -> None:
    """Seals chunks (each of CHUNK bytes but the last) into a file that appears whole or not at all.

    check is called when all is read, before the file gets its name: what it raises leaves nothing behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: two people may hand in the same file at the same moment.
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            salt = token_bytes(_SALT)
            head = _MAGIC + ring.active.encode() + salt
            cipher = AESGCM(derived(ring.active_key(), purpose=b"oblik file", salt=salt))
            part.write(head)
            for number, (chunk, last) in enumerate(_marked(chunks)):
                part.write(cipher.encrypt(_nonce(number, last=last), chunk, head + bound.encode()))
            check()
            part.flush()
            os.fsync(part.fileno())
        except BaseException:
            Path(part.name).unlink()
            raise
    Path(part.name).replace(path)


def _marked(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each chunk and whether it is the last; one empty chunk for nothing at all."""
    iterator = iter(chunks)
    held = next(iterator, b"")
    for chunk in iterator:
        yield held, False
        held = chunk
    yield held, True


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _head(head: bytes, path: Path) -> tuple[str, bytes]:
    if len(head) != _HEAD or not head.startswith(_MAGIC):
        raise _damaged(path)
    try:
        return head[len(_MAGIC) : len(_MAGIC) + _ID].decode("ascii"), head[-_SALT:]
    except UnicodeDecodeError as wrong:
        raise _damaged(path) from wrong


def _damaged(path: Path) -> DamagedSecret:
    return DamagedSecret(
        msg("The kept file {value} is damaged: it is not what was written. Restore it from a backup."), value=path.name
    )
