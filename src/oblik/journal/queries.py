"""What has been done to a subject, by somebody, in a time; what is unusual in it stands in `anomalies`."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from oblik.base.errors import NotFound, msg
from oblik.journal.models import Entry, Part

_CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True)
class Done:
    """One entry as others read it. kind: "done" or "looked"; parts: how many subjects a batch covers."""

    number: int
    subject: str
    what: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    why: str
    details: dict[str, object]
    kind: str = "done"
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted; empty is any. A subject ending in a colon stands for all of that room; `by` likewise.

    since and until: when it was recorded, until not included.
    """

    subject: str = ""
    by: str = ""
    what: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def _told(entry: Entry) -> Done:
    return Done(
        entry.number, entry.subject, entry.what, entry.happened_at, entry.recorded_at, entry.by, entry.why,
        json.loads(entry.details), entry.kind, entry.parts,
    )  # fmt: skip


def entries_about(subject: str) -> list[Done]:
    """All entries about a subject, oldest first; batches that it is a part of included."""
    batches = Part.objects.filter(subject=subject).values("entry_id")
    return [_told(e) for e in Entry.objects.filter(Q(subject=subject) | Q(number__in=batches)).order_by("number")]


def _found(asked: Asked) -> QuerySet[Entry]:
    found = Entry.objects.all()
    for field, said in (("subject", asked.subject), ("by", asked.by)):
        if said:
            found = found.filter(**{f"{field}__startswith" if said.endswith(":") else field: said})
    if asked.what:
        found = found.filter(what=asked.what)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.since:
        found = found.filter(recorded_at__gte=asked.since)
    if asked.until:
        found = found.filter(recorded_at__lt=asked.until)
    return found


def newest_entries(asked: Asked, *, before: int | None = None, limit: int = 50) -> list[Done]:
    """The newest entries that fit, newest first; before: only those with a lower number, which is the next page."""
    found = _found(asked)
    if before is not None:
        found = found.filter(number__lt=before)
    return [_told(e) for e in found.order_by("-number")[:limit]]


def all_entries(asked: Asked) -> Iterator[Done]:
    """All entries that fit, oldest first, however many."""
    return (_told(e) for e in _found(asked).order_by("number").iterator(chunk_size=_CHUNK))


def entry(number: int) -> Done:
    """One entry; NotFound where there is none."""
    found = Entry.objects.filter(number=number).first()
    if found is None:
        raise NotFound(msg("There is no entry {number} in the journal."), number=number)
    return _told(found)


def parts_of(number: int, *, limit: int = 200) -> list[tuple[int, str, dict[str, object]]]:
    """(place, subject, details) of the first parts of a batch."""
    found = Part.objects.filter(entry_id=number).order_by("place").values_list("place", "subject", "details")
    return [(place, subject, json.loads(details)) for place, subject, details in found[:limit]]


def journal_version(*, but: Collection[str] = (), nor: Collection[str] = ()) -> str:
    """Changes with every action: the key of what is kept in memory over several rooms.

    The newest entry stands for all: numbers are given in the order of commits, and its hash covers those before it.
    but: what is done to subjects of these rooms changes nothing that the caller keeps; nor what is done under these
    words, nor what was looked at.
    """
    entries = Entry.objects.order_by("-number")
    if but or nor:
        entries = entries.filter(kind="done").exclude(what__in=nor)
        for room in but:
            entries = entries.exclude(subject__startswith=f"{room}:")
    newest = entries.values_list("number", "hash").first()
    return f"{newest[0]}:{bytes(newest[1]).hex()[:16]}" if newest else "empty"
