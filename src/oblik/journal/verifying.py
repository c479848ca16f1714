"""Whether the whole journal holds: chain, parts of batches, and the signed checkpoints outside the database."""

import multiprocessing
import os
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from oblik.db import scans
from oblik.journal import checkpoints, reading
from oblik.journal.logic.canonical import instant_text, part_hash
from oblik.journal.logic.chain import BLOCK, Fault, Walk, explained
from oblik.journal.logic.merkle import Frontier
from oblik.journal.logic.signing import Checkpoint, is_signed, trusted_keys

_WORTH_PROCESSES: Final = 400_000  # entries; fewer are walked over before other processes have started
_MOST_PROCESSES: Final = 8
_LEAVES_GAPS: Final = frozenset({"missing", "damaged", "unexpected"})
# A transaction may still be on its way to its end while a checkpoint is signed, and clocks of machines differ.
_LATE: Final = timedelta(minutes=10)

_Points = tuple[list[Checkpoint], list[Fault]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at: entries after number `after` up to `until`, so many checkpoints; and what is wrong."""

    after: int
    until: int
    checkpoints: int
    faults: tuple[Fault, ...]


def verify(*, since: int = 1, keys: Sequence[str] = (), processes: int | None = None) -> Verdict:
    """Looks at all entries from `since` on, or from the checkpoint before it, which is then taken at its signature.

    keys: public keys in hex that are trusted; the first one ever made where none is given.
    """
    points, trusted = checkpoints.stored(), trusted_keys(checkpoints.key_notes(), given=keys)
    good, faults = _signed_points(points, trusted)
    begin = _begin(good, since=since)
    until = reading.newest_number()
    after, marks = begin.number, {point.number for point in good if point.number >= begin.number}
    walks = list(_walks(begin, until=until, marks=marks, processes=processes))
    met = [fault for one in walks for fault in one.faults]
    faults += _against(good, walks, intact=not any(fault.kind in _LEAVES_GAPS for fault in met))
    faults += met
    faults += explained([suspect for one in walks for suspect in one.suspects])
    faults += _parts(walks, after=after)
    return Verdict(after, until, len(points), tuple(_joined(sorted(set(faults)))))


def _joined(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Gaps that touch are one gap: walks end at borders that mean nothing to a person."""
    held: Fault | None = None
    for fault in faults:
        if held and fault.kind == held.kind and fault.kind in _LEAVES_GAPS and fault.number == held.until + 1:
            held = Fault(held.number, held.kind, until=fault.until)
            continue
        if held:
            yield held
        held = fault
    if held:
        yield held


def _begin(good: Sequence[Checkpoint], *, since: int) -> Walk:
    for point in reversed(good):
        if point.number < since:
            return Walk(point.number, bytes.fromhex(point.head), tree=point.tree)
    return Walk()


def _signature_holds(point: Checkpoint, trusted: dict[str, str]) -> bool:
    public = trusted.get(point.key)
    return public is not None and is_signed(point.unsigned(), signature=point.signature, public=public)


def _walks(begin: Walk, *, until: int, marks: Collection[int], processes: int | None) -> Iterator[Walk]:
    """Walks over blocks of entries in order: the first goes on from `begin`, the others each by themselves."""
    first_stop = min(until, (begin.number // BLOCK + 1) * BLOCK)
    starts = range(first_stop, until, BLOCK)
    name = scans.seen_elsewhere()
    count = processes or min(os.cpu_count() or 1, _MOST_PROCESSES)
    if name is None or count < 2 or until - begin.number < _WORTH_PROCESSES:
        reading.walk_to(begin, until=first_stop, marks=marks)
        yield begin
        for start in starts:
            yield walk_block(start, until=min(start + BLOCK, until), marks=marks)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=spawn, initializer=scans.open_elsewhere, initargs=(name,)) as pool:
        asked = [
            pool.submit(walk_block, start, until=min(start + BLOCK, until), marks=_between(marks, start))
            for start in starts
        ]
        reading.walk_to(begin, until=first_stop, marks=marks)
        yield begin
        for one in asked:
            yield one.result()


def _between(marks: Collection[int], start: int) -> frozenset[int]:
    return frozenset(mark for mark in marks if start <= mark <= start + BLOCK)


def walk_block(start: int, *, until: int, marks: Collection[int]) -> Walk:
    """A walk over the entries after `start`; a process of its own may do it."""
    at = reading.walk_after(start)
    reading.walk_to(at, until=until, marks=marks)
    return at


def _parts(walks: Sequence[Walk], *, after: int) -> Iterator[Fault]:
    """Batches whose parts are not those of their root, and parts of entries that have none."""
    said = {number: batch for one in walks for number, batch in one.batches.items()}
    found: dict[int, Frontier] = {}
    wrong: set[int] = set()
    for number, place, subject, details in reading.stored_parts(after=after):
        if not isinstance(number, int) or not isinstance(subject, str) or not isinstance(details, str):
            wrong.add(number if isinstance(number, int) else after)
            continue
        tree = found.setdefault(number, Frontier())
        if place != tree.size:
            wrong.add(number)
        tree.add(part_hash(subject, details=details))
    for number in sorted(said.keys() | found.keys() | wrong):
        tree = found.get(number, Frontier())
        root = tree.root().hex() if tree.size else ""
        if number in wrong or said.get(number, (0, "")) != (tree.size, root):
            yield Fault(number, "parts")


def _signed_points(points: Sequence[tuple[int, Checkpoint | None]], trusted: dict[str, str]) -> _Points:
    """The checkpoints whose signatures hold, and what is wrong with the others."""
    good: list[Checkpoint] = []
    faults: list[Fault] = []
    expected: str | None = ""
    for named, point in points:
        if point is None or point.number != named:
            faults.append(Fault(named, "checkpoint"))
            expected = None  # the next one names a file that we cannot read
            continue
        if expected is not None and point.previous != expected:
            faults.append(Fault(named, "checkpoint_gone"))
        expected = point.digest
        if point.key not in trusted:
            faults.append(Fault(named, "key"))
        elif not _signature_holds(point, trusted):
            faults.append(Fault(named, "checkpoint"))
        else:
            good.append(point)
    return good, faults


def _against(good: Sequence[Checkpoint], walks: Sequence[Walk], *, intact: bool) -> Iterator[Fault]:
    """What signed checkpoints say is wrong with the entries. intact: none is missing, so that trees can be joined."""
    marks = {number: mark for one in walks for number, mark in one.marks.items()}
    instants = {number: at for one in walks for number, at in one.instants.items()}
    roots = _roots(walks) if intact else {}
    last = walks[-1].number
    holds, rewritten = walks[0].number - walks[0].count, False
    for point in good:
        if point.number in instants and instants[point.number] < _early(point.signed_at):
            yield Fault(point.number + 1, "back_dated")
        mark = marks.get(point.number)
        if mark is None or rewritten:
            continue
        if mark.head.hex() == point.head and roots.get(point.number, point.root) == point.root:
            holds = point.number
        else:
            rewritten = True
            yield Fault(holds + 1, "rewritten", until=point.number)
    if good and good[-1].number > last:
        yield Fault(last + 1, "truncated", until=good[-1].number)


def _roots(walks: Sequence[Walk]) -> dict[int, str]:
    """The root of the tree over all entries up to each mark."""
    roots = {number: mark.tree.root().hex() for number, mark in walks[0].marks.items()}
    tree = walks[0].tree
    for one in walks[1:]:
        for number, mark in one.marks.items():
            grown = tree.copy()
            grown.extend(mark.tree, block=BLOCK)
            roots[number] = grown.root().hex()
        tree.extend(one.tree, block=BLOCK)
    return roots


def _early(signed_at: str) -> str:
    return instant_text(datetime.fromisoformat(signed_at).replace(tzinfo=UTC) - _LATE)
