"""The keys of secrets: files outside the database, one a key, in OBLIK_DATA/keys or in the folder OBLIK_KEYS."""

import os
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path
from secrets import token_bytes
from typing import Final

from django.conf import settings

from oblik.base.errors import InvalidInput, msg
from oblik.base.sealing import KEY_BYTES, KeyMissing, Ring, new_key_id

_NAMED: Final = re.compile(r"(\d{4})-[0-9a-f]{8}")
_MARK: Final = "mark.key"


def folder() -> Path:
    """Where the keys lie."""
    named = settings.OBLIK_KEYS
    return Path(named) if named else Path(settings.OBLIK_DATA) / "keys"


def ring() -> Ring:
    """The keys as they lie there now; an empty ring where there are none. A damaged key file is named."""
    found: dict[str, bytes] = {}
    where = folder()
    for path in sorted(where.glob("*.key")) if where.is_dir() else ():
        if _NAMED.fullmatch(path.stem):
            key = _read(path)
            if new_key_id(key, number=int(path.stem[:4])) != path.stem:
                raise _damaged(path)
            found[path.stem] = key
    marking = where / _MARK
    return Ring(found, max(found, default=""), str(where), _read(marking) if marking.is_file() else b"")


def prepare() -> None:
    """Makes the first keys where there are none; written once, readable by their owner alone."""
    where = folder()
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (where / _MARK).is_file():
        _write(where / _MARK, token_bytes(KEY_BYTES))
    if not ring().active:
        add_key()


def add_key() -> str:
    """A new key, which is the active one from now on; its id."""
    number = max((int(name[:4]) for name in ring().keys), default=0) + 1
    key = token_bytes(KEY_BYTES)
    name = new_key_id(key, number=number)
    _write(folder() / f"{name}.key", key)
    return name


def remove_key(name: str) -> None:
    """Takes a key away for good; the active one stays."""
    held = ring()
    held.key(name)
    if name == held.active:
        raise InvalidInput(msg("The key {value} is the active one; it stays."), value=name)
    (folder() / f"{name}.key").unlink()


def exposed() -> list[str]:
    """Names of key files that others than their owner may read."""
    return [path.name for path in sorted(folder().glob("*.key")) if path.stat().st_mode & 0o077]


def _read(path: Path) -> bytes:
    try:
        key = b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except (OSError, NotBase64, ValueError) as wrong:
        raise _damaged(path) from wrong
    if len(key) != KEY_BYTES:
        raise _damaged(path)
    return key


def _damaged(path: Path) -> KeyMissing:
    return KeyMissing(
        msg("The key file {value} cannot be used: it is damaged or may not be read. Restore it from its backup."),
        value=str(path),
    )


def _write(path: Path, key: bytes) -> None:
    """On disk before its name appears: a key must outlive whatever is sealed with it."""
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(b64encode(key) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    part.rename(path)
    shelf = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(shelf)
    finally:
        os.close(shelf)
