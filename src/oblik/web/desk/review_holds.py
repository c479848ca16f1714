"""Who looks at which question just now: nobody else is given it until they answer, leave it, or four minutes pass.

Kept in the cache that all workers share. It tells nothing of cameras, so the journal is not told; that two people
answer one question is refused by the answer itself.
"""

from collections.abc import Collection
from typing import Final

from django.core.cache import cache

HELD_S: Final = 240


def held_by_others(records: Collection[int], *, who: str) -> set[int]:
    """Those of the records that somebody else looks at."""
    found: dict[str, str] = cache.get_many([_key(record) for record in records])
    return {record for record in records if found.get(_key(record), who) != who}


def hold(record: int, *, who: str) -> bool:
    """Takes a question, or keeps it for longer; False where somebody else was faster."""
    if not cache.add(_key(record), who, HELD_S):
        if cache.get(_key(record)) != who:
            return False
        cache.touch(_key(record), HELD_S)
    return bool(cache.get(_key(record)) == who)  # two may have added at once: the later one stands


def release(records: Collection[int], *, who: str) -> None:
    """Leaves questions to others."""
    for record in records:
        if cache.get(_key(record)) == who:
            cache.delete(_key(record))


def _key(record: int) -> str:
    return f"review:{record}"
