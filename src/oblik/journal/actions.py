"""The one way to write into the journal, always inside the transaction of the thing done."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from oblik.base.actors import Actor
from oblik.journal.models import Entry


def record(
    *, subject: str, what: str, by: Actor, at: datetime, why: str = "", details: Mapping[str, object] | None = None
) -> int:
    """Adds an entry and returns its number. subject is `room:code`, what an imperative's past: "opened", "judged"."""
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry belongs into the transaction of the thing it tells of")
    entry = Entry.objects.create(
        subject=subject, what=what, happened_at=at, by=str(by), why=why, details=dict(details or {})
    )
    return entry.pk
