"""What has been done to a subject."""

from dataclasses import dataclass
from datetime import datetime

from oblik.journal.models import Entry


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
