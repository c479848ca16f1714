"""Where files stay exactly as received: named by their SHA-256, written once, never changed."""

import hashlib
import os
import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hex, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def kept_path(sha256: str, *, file_name: str) -> Path:
    """Where a file with this content lies; the suffix stays, as some readers look at it."""
    suffix = Path(file_name).suffix.lower()
    safe = suffix if suffix[1:].isalnum() and len(suffix) <= 8 else ""
    root: Path = settings.OBLIK_DATA
    return root / "files" / sha256[:2] / f"{sha256}{safe}"


def keep(path: Path, *, sha256: str) -> Path:
    """Copies the file into the store, so that a crash leaves either the whole file or none."""
    target = kept_path(sha256, file_name=path.name)
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: two people may hand in the same file at the same moment.
    with path.open("rb") as source, NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as copy:
        shutil.copyfileobj(source, copy, _BLOCK)
        copy.flush()
        os.fsync(copy.fileno())
    Path(copy.name).replace(target)
    return target
