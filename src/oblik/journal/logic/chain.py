"""Whether stored entries are the ones that were written: each is hashed again with the hash of the one before it."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from oblik.base.errors import msg
from oblik.journal.logic.canonical import START, entry_hash, entry_text
from oblik.journal.logic.merkle import Frontier

BLOCK: Final = 65_536  # entries that are walked over on their own: a power of two, so that their trees can be joined
_EXPLAINED: Final = 40  # rows that do not fit and are compared with each other: the work grows with the cube

_KEPT: Final = 1_000  # rows that do not fit and are kept whole, of one walk

Row = tuple[object, ...]  # the columns of canonical.Fields in order, then the stored hash

SAID: Final[Mapping[str, str]] = {
    "changed": msg("Entry {number} does not fit its hash: it was changed, or entry {before} was and got a new hash."),
    "hash": msg("The hash of entry {number} was changed; the entry itself is as it was written."),
    "missing": msg("Entries {number} to {until} are missing."),
    "unexpected": msg("Entry {number} stands where none can stand."),
    "moved": msg("Entry {number} has changed places: it was written as entry {until}."),
    "back_dated": msg("Entry {number} is back-dated: it claims to be older than what was recorded before it."),
    "unreadable": msg("Entry {number} holds what no entry holds; its row is damaged."),
    "parts": msg("The parts of entry {number} are not those that were written."),
    "truncated": msg("Entries {number} to {until} are gone from the end; a signed checkpoint knows them."),
    "rewritten": msg("Something in entries {number} to {until} was written anew; a signed checkpoint tells otherwise."),
    "checkpoint": msg("The checkpoint at entry {number} is not as it was signed."),
    "checkpoint_gone": msg("A checkpoint older than the one at entry {number} is missing."),
    "key": msg("The checkpoint at entry {number} is signed with a key that nobody vouches for."),
    "damaged": msg("The database cannot read entries {number} to {until}: its file is damaged."),
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, from which entry on and, where several are concerned, to which. kind is a key of SAID."""

    number: int
    kind: str
    until: int = 0

    @property
    def params(self) -> dict[str, int]:
        """What the sentence in SAID is filled with."""
        return {"number": self.number, "until": self.until or self.number, "before": self.number - 1}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row that does not fit: with the hash stored before it, and the hash that it should have there itself."""

    number: int
    row: Row
    previous: bytes
    found: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """What stood at one entry: the tree walked over so far, the stored hash, and when it says it was recorded."""

    tree: Frontier
    head: bytes
    recorded_at: str


@dataclass(slots=True)
class Walk:
    """Where a walk over entries stands, and what it has met.

    head: the stored hash there, empty where it is not to be had. tree: over what was walked over, and over what stood
    in it before. marks: what stood at the numbers asked for. instants: number of a mark -> when the entry behind it
    says it was recorded. batches: number -> (parts, root) of entries that cover many subjects.
    """

    number: int = 0
    head: bytes = START
    recorded_at: str = ""
    tree: Frontier = field(default_factory=Frontier)
    count: int = 0
    faults: list[Fault] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    instants: dict[int, str] = field(default_factory=dict)
    batches: dict[int, tuple[int, str]] = field(default_factory=dict)


def walk(at: Walk, rows: Iterable[Row], *, marks: Collection[int] = ()) -> None:
    """Goes on from where `at` stands over rows in the order of their numbers; `at` takes what is met.

    A row may hold anything: what is no entry becomes a fault or a suspect, never an error.
    """
    sha256, add = hashlib.sha256, at.tree.add
    for row in rows:
        fields, stored, previous = row[:11], row[11], at.head
        number = at.number + 1
        try:
            found = sha256(b"\0" + entry_text(fields, previous=previous)).digest()
        except (TypeError, UnicodeError):
            found = b""
        if fields[0] != number:
            if not _resumed(at, fields[0]):
                continue
            number = at.number + 1
        elif found != stored and (previous or not found):
            _doubt(at, Suspect(number, row, previous, found))
        if not isinstance(stored, bytes):
            stored = b""
        add(stored)
        at.number, at.head = number, stored
        at.count += 1
        if fields[9] != 0:
            at.batches[number] = (fields[9] if isinstance(fields[9], int) else -1, str(fields[10]))
        _dated(at, fields[5], marks=marks)
        if number in marks:
            at.marks[number] = Mark(at.tree.copy(), stored, at.recorded_at)


def skip(at: Walk, *, until: int, kind: str) -> None:
    """Passes over entries that are not there or cannot be read; what follows them has nothing to be held against."""
    if at.number < until:
        at.faults.append(Fault(at.number + 1, kind, until=until))
        at.number, at.head = until, b""


def _doubt(at: Walk, suspect: Suspect) -> None:
    if len(at.suspects) < _KEPT:
        at.suspects.append(suspect)
    else:
        at.faults.append(Fault(suspect.number, "changed" if suspect.found else "unreadable"))


def _resumed(at: Walk, number: object) -> bool:
    """Whether to go on with a row of another number than the next one; what is missing before it is a fault.

    The row itself cannot be checked: the hash that it was chained to is gone.
    """
    if not isinstance(number, int) or number <= at.number:
        at.faults.append(Fault(at.number + 1, "unexpected"))
        return False
    skip(at, until=number - 1, kind="missing")
    return True


def _dated(at: Walk, recorded_at: object, *, marks: Collection[int]) -> None:
    """Instants never go back: `record` writes none that is older than the one before it."""
    if not isinstance(recorded_at, str):
        return  # such a row is a suspect already
    if recorded_at < at.recorded_at:
        at.faults.append(Fault(at.number, "back_dated"))
    else:
        at.recorded_at = recorded_at
    if at.number - 1 in marks:
        at.instants[at.number - 1] = recorded_at


def explained(suspects: Sequence[Suspect]) -> Iterator[Fault]:
    """What became of rows that do not fit: changed, moved, or only their hash; rows that fit after all are left out.

    A row fits after all if it follows from a hash that stood there once: that of a moved row, or the one that a row
    with a changed hash should have.
    """
    few = suspects[:_EXPLAINED]
    before = {START, *(one.found for one in few), *(one.previous for one in few)}
    before |= {stored for one in few if isinstance(stored := one.row[11], bytes)}
    needed: set[bytes] = set()
    left: list[Suspect] = []
    for one in few:
        origin = _origin(one, numbers=[other.number for other in few], before=before)
        if origin is None:
            left.append(one)
            continue
        number, previous = origin
        needed.add(previous)
        if number != one.number:
            yield Fault(one.number, "moved", until=number)
    for one in left:
        if not one.found:
            yield Fault(one.number, "unreadable")
        else:
            yield Fault(one.number, "hash" if one.found in needed else "changed")
    for one in suspects[_EXPLAINED:]:
        yield Fault(one.number, "changed" if one.found else "unreadable")


def _origin(one: Suspect, *, numbers: Sequence[int], before: Collection[bytes]) -> tuple[int, bytes] | None:
    """The number and previous hash with which a row fits its stored hash; None where there are none."""
    if not one.found:
        return None
    for number in (one.number, *(other for other in numbers if other != one.number)):
        for previous in before:
            if entry_hash((number, *one.row[1:11]), previous=previous) == one.row[11]:
                return number, previous
    return None
