"""What has been done to a subject."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from oblik.journal.models import Entry

_LATE: Final = 1_000  # entries looked back over for those that were committed after one with a higher number


@dataclass(frozen=True, slots=True)
class Done:
    """One entry as others read it."""

    number: int
    subject: str
    what: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    why: str
    details: dict[str, object]


def entries_about(subject: str) -> list[Done]:
    """All entries about a subject, oldest first."""
    return [
        Done(e.pk, e.subject, e.what, e.happened_at, e.recorded_at, e.by, e.why, e.details)
        for e in Entry.objects.filter(subject=subject).order_by("id")
    ]


def journal_version() -> str:
    """Changes with every action: the key of what is kept in memory over several rooms.

    Not the newest number alone: on PostgreSQL an entry may appear after one that was numbered later.
    """
    newest = Entry.objects.order_by("-id").values_list("id", "recorded_at").first()
    if newest is None:
        return "empty"
    number, recorded_at = newest
    return f"{number}:{recorded_at.isoformat()}:{Entry.objects.filter(id__gt=number - _LATE).count()}"
