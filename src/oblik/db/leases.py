"""Who is at work on something: a lock on a file that the system takes back from a process however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lease(path: Path) -> Iterator[bool]:
    """Whether it is ours alone until the end of the block. Nobody waits, and a killed holder holds nothing.

    A heartbeat in the database would not do: on SQLite whoever writes a long list lets no beat of its own through, and
    would be taken for dead. Processes of several machines need the folder in common, which they share anyway.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(held)


def is_held(path: Path) -> bool:
    """Whether somebody holds it at this moment."""
    if not path.is_file():
        return False
    with lease(path) as ours:
        return not ours
