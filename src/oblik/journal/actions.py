"""The ways to write into the journal: what is done, inside its transaction; what is looked at; batches."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Final

from django.db import connection, transaction

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.db import bulk, turns
from oblik.journal import checkpoints
from oblik.journal.logic.canonical import (
    START,
    Kind,
    details_text,
    entry_hash,
    instant_text,
    part_hash,
    storable,
)
from oblik.journal.logic.merkle import Frontier
from oblik.journal.models import Entry, Part

_TURN: Final = "journal"

# Entries of the running transaction that are written at its end, see `gathered`.
_waiting: ContextVar[list[Callable[[], int]] | None] = ContextVar("waiting", default=None)


def record(
    *, subject: str, what: str, by: Actor, at: datetime, why: str = "", details: Mapping[str, object] | None = None
) -> int:
    """Adds an entry and returns its number. subject is `room:code`, what an imperative's past: "opened", "judged".

    The last thing in a transaction: from here to its end no other process can add an entry.
    """
    _require_transaction()
    text, queue = details_text(details), _waiting.get()
    write = partial(_append, "done", subject=subject, what=what, by=by, at=at, why=why, details=text)
    if queue is None:
        return write()
    queue.append(write)
    return 0


def looked(
    *, subject: str, what: str, by: Actor, at: datetime, why: str = "", details: Mapping[str, object] | None = None
) -> int:
    """Adds an entry on reading where reading matters: secrets, exports, live, archive, personal data, cases.

    Called before what is looked at leaves the house. Inside a transaction it is part of it, else it is one by itself.
    """
    with transaction.atomic():
        return _append("looked", subject=subject, what=what, by=by, at=at, why=why, details=details_text(details))


def record_batch(
    *,
    subject: str,
    what: str,
    by: Actor,
    at: datetime,
    parts: Iterable[tuple[str, Mapping[str, object]]],
    why: str = "",
    details: Mapping[str, object] | None = None,
) -> int:
    """Adds one entry on many subjects, each with details of its own, and returns its number.

    parts: (subject, details) each. The entry holds the Merkle root over them, so that each can be proved by itself.
    All hashing is done before other writers have to wait.
    """
    _require_transaction()
    stored = [(storable(each), details_text(said)) for each, said in parts]
    tree = Frontier()
    for each, said in stored:
        tree.add(part_hash(each, details=said))
    root = tree.root().hex() if stored else ""
    batch = (len(stored), root)
    text = details_text(details)
    number = _append("done", subject=subject, what=what, by=by, at=at, why=why, details=text, batch=batch)
    bulk.insert_rows(
        Part,
        columns=["entry_id", "place", "subject", "details"],
        rows=((number, place, each, said) for place, (each, said) in enumerate(stored)),
    )
    return number


@contextmanager
def gathered() -> Iterator[None]:
    """Around a long transaction that records several things: all are written at its end, in order.

    Without it the first `record` would make every other writer wait until the last. Inside, `record` returns 0.
    What a savepoint inside takes back has to be recorded outside of it, as the entry would stay.
    """
    _require_transaction()
    if _waiting.get() is not None:
        yield  # an outer one writes them
        return
    queue: list[Callable[[], int]] = []
    token = _waiting.set(queue)
    try:
        yield
    finally:
        _waiting.reset(token)
    for write in queue:
        write()


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry belongs into the transaction of the thing it tells of")


def _append(
    kind: Kind, *, subject: str, what: str, by: Actor, at: datetime, why: str, details: str,
    batch: tuple[int, str] = (0, ""),
) -> int:  # fmt: skip
    """Chains an entry to the newest one.

    Numbers are given under the lock, so their order is the order of commits and there are no gaps. Two entries with
    one number cannot be: the primary key is the second fence, where somebody writes past the lock.
    """
    turns.take(_TURN)
    newest = Entry.objects.order_by("-number").values_list("number", "hash", "recorded_at").first()
    number, previous, recorded_before = newest if newest else (0, START, None)
    number += 1
    recorded_at = now()
    if recorded_before is not None and recorded_at < recorded_before:
        recorded_at = recorded_before  # The clock went back, or another machine's runs ahead: order outranks it.
    texts = (kind, storable(subject), storable(what), instant_text(at), instant_text(recorded_at), storable(str(by)),
             storable(why), details)  # fmt: skip
    digest = entry_hash((number, *texts, *batch), previous=bytes(previous))
    Entry(
        number=number, kind=kind, subject=texts[1], what=texts[2], happened_at=at, recorded_at=recorded_at,
        by=texts[5], why=texts[6], details=details, parts=batch[0], parts_root=batch[1], hash=digest,
    ).save(force_insert=True)  # fmt: skip
    if checkpoints.is_due(number, at=recorded_at):
        transaction.on_commit(checkpoints.sign_if_due, robust=True)
    return number


def rotate_signing_key(*, by: Actor, at: datetime, why: str) -> str:
    """From now on a new key signs checkpoints; its public half in hex. The old one signs what stands so far."""
    checkpoints.sign()
    with transaction.atomic():
        note = checkpoints.rotate_key()
        details = {"public_key": note.public, "vouched_by": note.vouched_by}
        record(subject="journal:key", what="rotated", by=by, at=at, why=why, details=details)
    checkpoints.sign()
    return note.public
