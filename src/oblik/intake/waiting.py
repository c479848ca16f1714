"""The rows that wait for a person, as questions in the order of what their answers settle."""

import threading
from bisect import insort
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.db import bulk
from oblik.intake.logic.worth import worth
from oblik.intake.models import Judgement, Record, Submission
from oblik.journal.queries import Asked, journal_version, newest_entries
from oblik.registry import queries as registry

_FOLLOWED: Final = 300  # so many entries of the journal are followed one by one; after more all is read anew
_KIND: Final = '"kind":"'


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits. cameras: those proposed; books: owners of those; worth: see logic.worth.

    aside: a person was unsure already, and the model asks nothing more of it.
    """

    record: int
    submission: int
    campaign: str
    owner: str
    kind: str
    cameras: tuple[int, ...]
    books: frozenset[str]
    worth: float
    aside: bool

    @property
    def traits(self) -> tuple[str, str, str, bool]:
        """By what questions are chosen: campaign, owner, kind of camera, whether put aside."""
        return (self.campaign, self.owner, self.kind, self.aside)

    @property
    def place(self) -> tuple[bool, float, int]:
        """Where it stands in the queue: open doubts before those put aside, the worthiest first."""
        return (self.aside, -self.worth, self.record)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions somebody wants to answer; empty is any. campaigns: those still open. kind: of camera, or
    "unknown". aside: only those put aside; else only those that nobody has looked at."""

    campaigns: frozenset[str] = frozenset()
    owner: str = ""
    kind: str = ""
    aside: bool = False

    def takes(self, one: Waiting) -> bool:
        return self.fits(one.traits)

    def fits(self, traits: tuple[str, str, str, bool]) -> bool:
        campaign, owner, kind, aside = traits
        return (
            campaign in self.campaigns
            and aside is self.aside
            and (not self.owner or owner == self.owner)
            and (not self.kind or kind == ("" if self.kind == "unknown" else self.kind))
        )


@dataclass(slots=True)
class Queue:
    """All that wait, as of one entry of the journal. seen: scope -> the records that it covers, worked out once."""

    number: int
    version: str
    items: dict[int, Waiting]
    order: list[Waiting]
    seen: dict[Scope, frozenset[int]] = field(default_factory=dict)
    tally: Counter[tuple[str, str, str, bool]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.tally.update(one.traits for one in self.items.values())

    def replace(self, records: Collection[int], found: Iterable[Waiting]) -> None:
        for record in records:
            gone = self.items.pop(record, None)
            if gone is not None:
                self.tally[gone.traits] -= 1
        for one in found:
            self.items[one.record] = one
            self.tally[one.traits] += 1
            insort(self.order, one, key=lambda waiting: waiting.place)
        self.seen.clear()


_lock = threading.RLock()
_kept: dict[str, Queue] = {}


def waiting(
    wanted: Wanted, *, most: int | None = None, besides: Collection[int] = (), within: Scope = EVERYWHERE
) -> list[Waiting]:
    """The questions wanted within a scope, the one that settles most first; at most so many, besides those named.

    Within a scope: of its lists, and only where it covers a camera proposed; that another's camera is alike is not
    told.
    """
    with _lock:
        queue = _current()
        seen = None if within.all else _seen(queue, within)
        fits = (
            one
            for one in queue.order
            if queue.items.get(one.record) is one
            and wanted.takes(one)
            and one.record not in besides
            and (seen is None or one.record in seen)
        )
        return list(islice(fits, most))


def traits_waiting(*, within: Scope = EVERYWHERE) -> Counter[tuple[str, str, str, bool]]:
    """(campaign, owner, kind of camera, whether put aside) -> how many questions wait within a scope."""
    with _lock:
        queue = _current()
        if within.all:
            return +queue.tally
        return Counter(queue.items[record].traits for record in _seen(queue, within))


def campaign_of(record: int) -> str:
    """The code of the campaign in which a row was handed in, "" where there is no such row."""
    return Record.objects.filter(pk=record).values_list("submission__campaign_code", flat=True).first() or ""


def forget(record: int) -> None:
    """A row that turned out to wait no longer: it went along with another."""
    with _lock:
        for queue in _kept.values():
            queue.replace([record], [])


def _current() -> Queue:
    """The queue as it stands: what was done since it was last looked at is followed entry by entry."""
    version = journal_version()
    if connection.in_atomic_block:
        return _read(version)  # what this transaction has written may yet be rolled back
    name = str(connection.settings_dict["NAME"])
    queue = _kept.get(name)
    if queue is not None and queue.version == version:
        return queue
    if queue is None or not _followed(queue, version):
        queue = _kept[name] = _read(version)
    return queue


def _number(version: str) -> int:
    head = version.partition(":")[0]
    return int(head) if head.isdecimal() else 0


def _followed(queue: Queue, version: str) -> bool:
    """Brings the queue up to an entry by looking again at the rows that were judged; False where more was done."""
    behind = _number(version) - queue.number
    if not 0 < behind <= _FOLLOWED:
        return False
    touched: set[int] = set()
    for entry in newest_entries(Asked(), limit=behind):
        room, _colon, rest = entry.subject.partition(":")
        if room in ("campaign", "submission"):
            return False
        if room == "record" and rest.isdecimal():
            touched.add(int(rest))
    if touched:
        queue.replace(touched, _asked(Q(pk__in=touched)))
    queue.number, queue.version = _number(version), version
    return True


def _read(version: str) -> Queue:
    found = sorted(_asked(Q()), key=lambda one: one.place)
    return Queue(_number(version), version, {one.record: one for one in found}, found)


def standing(condition: Q) -> QuerySet[Record]:
    """Records that wait in lists that no newer one replaces."""
    newer = Submission.objects.filter(
        replaces=OuterRef("submission_id"), campaign_code=OuterRef("submission__campaign_code"), state="read"
    )
    found = Record.objects.filter(condition, decision="review", submission__state="read")
    return found.filter(~Exists(newer)).order_by("pk")


def _asked(condition: Q) -> list[Waiting]:
    """The waiting rows that fit, each with what is proposed for it; one that nothing is proposed for is asked too."""
    heads = list(
        standing(condition).values_list(
            "pk", "submission_id", "submission__campaign_code", "submission__owner__code", "values"
        )
    )
    records = [head[0] for head in heads]
    questions = Judgement.objects.filter(verdict="unsure", withdrawn_at__isnull=True)
    proposed: dict[int, list[tuple[int, str, float | None, str]]] = {}
    per_camera: Counter[int] = Counter()
    for part in bulk.named(records, column="record_id") if condition else [Q(record__decision="review")]:
        for record, camera, book, probability, by_kind in questions.filter(part).values_list(
            "record_id", "camera_id", "camera__owner__code", "probability", "by_kind"
        ):
            proposed.setdefault(record, []).append((camera, book, probability, by_kind))
            per_camera[camera] += 1
    return [_waiting(head, proposed.get(head[0], []), per_camera) for head in heads]


def _waiting(
    head: tuple[int, int, str, str, str], said: list[tuple[int, str, float | None, str]], per_camera: Counter[int]
) -> Waiting:
    record, submission, campaign, owner, values = head
    cameras = tuple(camera for camera, *_rest in said)
    books = frozenset(book for _camera, book, *_rest in said)
    value = worth(
        [probability or 0.0 for *_rest, probability, _by in said],
        rows=sum(per_camera[camera] - 1 for camera in cameras),
        owners=len(books | {owner}),
    )
    aside = bool(said) and all(by_kind == "human" for *_rest, by_kind in said)
    at = values.find(_KIND)
    kind = values[at + len(_KIND) : values.index('"', at + len(_KIND))] if at >= 0 else ""
    return Waiting(record, submission, campaign, owner, kind, cameras, books, value, aside)


def _seen(queue: Queue, within: Scope) -> frozenset[int]:
    """The records that a scope covers with at least one of their proposed cameras, or with none proposed."""
    found = queue.seen.get(within)
    if found is None:
        lists = [one for one in queue.items.values() if within.covers_list(owner=one.owner, campaign=one.campaign)]
        codes = registry.codes_of(sorted({camera for one in lists for camera in one.cameras}))
        covered = registry.codes_within(codes.values(), within=within)
        found = queue.seen[within] = frozenset(
            one.record
            for one in lists
            if not one.cameras or any(codes.get(camera, "") in covered for camera in one.cameras)
        )
    return found
