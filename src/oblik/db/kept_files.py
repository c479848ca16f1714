"""Where files stay exactly as received: named by their SHA-256, sealed as a whole, written once, never changed."""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from django.conf import settings

from oblik.base.errors import Conflict, msg
from oblik.base.sealing import Ring
from oblik.db import keyring, sealed_files

_SEALED: Final = ".sealed"
_MEMORY: Final = Path("/dev/shm")  # a folder in memory, where the system has one
_READING: Final = "oblik-reading-"
_SETTLED_S: Final = 60.0  # so long a folder may be without its lock before another process takes it for abandoned


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hex, read in blocks."""
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


def kept_path(sha256: str, *, file_name: str) -> Path:
    """Where a file with this content lies sealed; the suffix stays, as some readers look at it."""
    clear = _clear_path(sha256, file_name=file_name)
    return clear.with_name(clear.name + _SEALED)


def _clear_path(sha256: str, *, file_name: str) -> Path:
    """Where it lay before files were sealed."""
    suffix = Path(file_name).suffix.lower()
    safe = suffix if suffix[1:].isalnum() and len(suffix) <= 8 else ""
    root: Path = settings.OBLIK_DATA
    return root / "files" / sha256[:2] / f"{sha256}{safe}"


def keep(path: Path, *, sha256: str, file_name: str = "") -> Path:
    """Seals a copy into the store, so that a crash leaves either the whole file or none."""
    target = kept_path(sha256, file_name=file_name or path.name)
    if not target.is_file():
        _seal(path, target, sha256=sha256, ring=keyring.ring())
    return target


def keep_bytes(data: bytes, *, file_name: str = "made.jpg") -> str:
    """Seals what we made ourselves; its SHA-256, by which it is found again under a name of the same end."""
    sha256 = hashlib.sha256(data).hexdigest()
    target = kept_path(sha256, file_name=file_name)
    if not target.is_file():
        sealed_files.write(target, _parts(data), ring=keyring.ring(), bound=_bound(sha256), check=_nothing)
    return sha256


def _parts(data: bytes) -> Iterator[bytes]:
    yield from (data[start : start + sealed_files.CHUNK] for start in range(0, len(data), sealed_files.CHUNK))


def is_kept(sha256: str, *, file_name: str) -> bool:
    """Whether the file is there at all, sealed or still in the clear."""
    return kept_path(sha256, file_name=file_name).is_file() or _clear_path(sha256, file_name=file_name).is_file()


def is_whole(sha256: str, *, file_name: str) -> bool:
    """Whether the file is there as received; KeyMissing and DamagedSecret where that cannot be told."""
    digest = hashlib.sha256()
    for block in _content(sha256, file_name=file_name):
        digest.update(block)
    return digest.hexdigest() == sha256


@contextmanager
def opened(sha256: str, *, file_name: str) -> Iterator[Path]:
    """The file as received, in a `private_folder`."""
    clear = _clear_path(sha256, file_name=file_name)
    sealed = kept_path(sha256, file_name=file_name)
    if not sealed.is_file():
        yield clear  # from before files were sealed; `oblik secrets rotate` seals it
        return
    with private_folder(sealed.stat().st_size) as folder:
        path = folder / clear.name
        with path.open("wb") as stream:
            for block in sealed_files.opened(sealed, ring=keyring.ring(), bound=_bound(sha256)):
                stream.write(block)
        yield path


def clear_files() -> Iterator[Path]:
    """Files kept before files were sealed."""
    for path in _shelves():
        if path.suffix != _SEALED and path.suffix != ".part":
            yield path


def sealed_files_kept() -> Iterator[Path]:
    """Each sealed file."""
    for path in _shelves():
        if path.suffix == _SEALED:
            yield path


def key_of(path: Path) -> str:
    """The id of the key that a sealed file needs; DamagedSecret where its head is not as written."""
    return sealed_files.key_of(path)


def turn(path: Path, *, ring: Ring) -> bool:
    """Brings one kept file under the active key: sealed now, or sealed anew; whether there was anything to do.

    Killed half-way, the file stays as it was. One in the clear is removed only when its sealed copy has its name.
    """
    sha256 = path.name.partition(".")[0]
    if path.suffix != _SEALED:
        _seal(path, path.with_name(path.name + _SEALED), sha256=sha256, ring=ring)
        path.unlink()
    elif sealed_files.key_of(path) != ring.active:
        chunks = sealed_files.opened(path, ring=ring, bound=_bound(sha256))
        sealed_files.write(path, chunks, ring=ring, bound=_bound(sha256), check=_nothing)
    else:
        return False
    return True


def _nothing() -> None:
    """Each chunk was proven when it was opened."""


def _shelves() -> Iterator[Path]:
    root: Path = settings.OBLIK_DATA
    for shelf in sorted(path for path in (root / "files").glob("*") if path.is_dir()):
        yield from sorted(path for path in shelf.iterdir() if path.is_file())


def _content(sha256: str, *, file_name: str) -> Iterator[bytes]:
    sealed = kept_path(sha256, file_name=file_name)
    if sealed.is_file():
        return sealed_files.opened(sealed, ring=keyring.ring(), bound=_bound(sha256))
    return _blocks(_clear_path(sha256, file_name=file_name))


def _bound(sha256: str) -> str:
    return f"file:{sha256}"


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(sealed_files.CHUNK):
            yield block


def _seal(path: Path, target: Path, *, sha256: str, ring: Ring) -> None:
    digest = hashlib.sha256()

    def read() -> Iterator[bytes]:
        for block in _blocks(path):
            digest.update(block)
            yield block

    def check() -> None:
        if digest.hexdigest() != sha256:
            raise Conflict(msg("The file “{value}” changed while it was being read; try again."), value=path.name)

    sealed_files.write(target, read(), ring=ring, bound=_bound(sha256), check=check)


@contextmanager
def private_folder(size_bytes: int) -> Iterator[Path]:
    """A folder for so many bytes in the clear that this process alone may look into; gone afterwards.

    In memory where there is room. What a killed process left is removed by the next that asks for one.
    """
    root = _roomy(size_bytes)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(root)
    folder = Path(mkdtemp(prefix=_READING, dir=root))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _roomy(size_bytes: int) -> Path:
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 3 * size_bytes:
        return _MEMORY
    return Path(settings.OBLIK_DATA) / "reading"


def _sweep(root: Path) -> None:
    """Removes what killed processes left: folders of ours that nobody holds any more."""
    for folder in root.glob(f"{_READING}*"):
        try:
            seen = folder.stat()
            if seen.st_uid != os.getuid() or time.time() - seen.st_mtime < _SETTLED_S:
                continue
            lock = os.open(folder, os.O_RDONLY)
        except OSError:
            continue  # gone meanwhile
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass  # somebody reads there
        finally:
            os.close(lock)
