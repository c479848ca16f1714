"""Keys turn: everything sealed goes under a new key in batches, and what lay in the clear is sealed on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from oblik.accounts import factors
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, msg
from oblik.base.sealing import DamagedSecret, KeyMissing, Ring
from oblik.db import kept_files as store
from oblik.db import keyring, scrubbing
from oblik.intake.actions import depositing, sealing
from oblik.intake.actions.lists import Progress, silent
from oblik.intake.models import RawRow, Record, Submission
from oblik.journal import actions as journal
from oblik.registry import vault

_BATCH: Final = 2_000  # secrets or rows in one transaction: others write in between
Batch = Callable[[int], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class KeyState:
    """What needs one key: secrets of cameras, cells of rows, kept files, people's second factors."""

    name: str
    held: bool
    active: bool
    cameras: int
    cells: int
    files: int
    factors: int

    @property
    def needed(self) -> int:
        return self.cameras + self.cells + self.files + self.factors


@dataclass(frozen=True, slots=True)
class State:
    """All keys, and what is not under any: lists, files and values in the clear; waiting: rows whose secrets the
    register lacks for want of a key; exposed: key files that others may read."""

    folder: str
    keys: list[KeyState]
    clear: dict[str, int]
    waiting: int
    exposed: list[str]


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a run did: turned to the active key, sealed for the first time, brought to the register; lost: unreadable
    with the keys at hand."""

    key: str
    turned: int
    sealed: int
    brought: int
    lost: int


def state() -> State:
    """How everything secret is kept now; reads all of it, opens none."""
    ring = keyring.ring()
    cameras, cells, files = vault.secrets_by_key(), sealing.cells_by_key(), _files_by_key()
    people = factors.factors_by_key()
    names = sorted({*cameras, *cells, *files, *people, *ring.keys})
    return State(
        ring.where,
        [
            KeyState(
                name, name in ring.keys, name == ring.active, cameras.get(name, 0), cells.get(name, 0),
                files.get(name, 0), people.get(name, 0),
            )
            for name in names
        ],
        {"lists": len(sealing.lists_in_the_clear()), "files": sum(1 for _ in store.clear_files())}
        | vault.clear_values(),
        len(depositing.waiting_records()),
        keyring.exposed(),
    )  # fmt: skip


def _files_by_key() -> dict[str, int]:
    counts: dict[str, int] = {}
    for path in store.sealed_files_kept():
        try:
            key = store.key_of(path)
        except DamagedSecret:
            key = "?"
        counts[key] = counts.get(key, 0) + 1
    return counts


def rotate(*, by: Actor, at: datetime, go_on: bool = False, progress: Progress = silent) -> Rotated:
    """Makes a new key and brings everything under it; with go_on finishes what an earlier run began.

    Each batch is one transaction and looks for what is not under the active key, so that a run cut short at any point
    has lost nothing and is simply run again. Old keys stay until `forget`.
    """
    if not go_on:
        _require_finished()
        name = keyring.add_key()
        with transaction.atomic():
            journal.record(subject=f"key:{name}", what="key_added", by=by, at=at)
    ring = keyring.ring()
    ring.active_key()
    progress("sealing", 0.0)
    sealed = _seal_clear(ring)
    turned, lost = _turn_all(ring, progress=progress)
    brought = 0
    while here := depositing.deposit_waiting(at=at, limit=_BATCH):
        brought += here
    done = Rotated(ring.active, turned, sealed, brought, lost)
    if turned or sealed or brought:
        with transaction.atomic():
            journal.record(
                subject=f"key:{ring.active}", what="sealed_anew", by=by, at=at,
                details={"turned": turned, "sealed": sealed, "brought": brought, "lost": lost},
            )  # fmt: skip
    return done


def _require_finished() -> None:
    waiting = sum(key.needed for key in state().keys if key.held and not key.active)
    if waiting:
        raise Conflict(
            msg("{count} secrets are still under an older key; finish with `oblik secrets rotate --continue`."),
            count=waiting,
        )


def _seal_clear(ring: Ring) -> int:
    """Everything from before secrets were sealed; what it overwrote goes from the database's files as well."""
    done = 0
    for submission in sealing.lists_in_the_clear():
        sealing.seal_list(submission, ring=ring)
        done += 1
    while here := vault.seal_clear_values(ring=ring, limit=_BATCH):
        done += here
    if done:
        scrubbing.scrub([RawRow, Record, Submission, *vault.TABLES])
    for path in list(store.clear_files()):
        store.turn(path, ring=ring)
        done += 1
    return done


def _turn_all(ring: Ring, *, progress: Progress) -> tuple[int, int]:
    turned, lost = 0, 0
    total = max(1, sum(key.needed for key in state().keys if not key.active))
    batches: tuple[Batch, ...] = (
        lambda after: vault.turn_secrets(ring=ring, limit=_BATCH, after=after),
        lambda after: sealing.turn_cells(ring=ring, limit=_BATCH, after=after),
        lambda after: factors.turn_factors(ring=ring, limit=_BATCH, after=after),
    )
    for batch in batches:
        last = 0
        while True:
            here, unread, last = batch(last)
            turned, lost = turned + here, lost + unread
            progress("sealing", (turned + lost) / total)
            if not last:
                break
    for path in list(store.sealed_files_kept()):
        try:
            turned += store.turn(path, ring=ring)
        except (DamagedSecret, KeyMissing):
            lost += 1
        progress("sealing", (turned + lost) / total)
    return turned, lost


def forget(name: str, *, by: Actor, at: datetime) -> None:
    """Removes an old key; Conflict while anything needs it."""
    needed = {key.name: key.needed for key in state().keys}
    if needed.get(name):
        raise Conflict(
            msg("The key {value} is still needed by {count} secrets; run `oblik secrets rotate --continue` first."),
            value=name, count=needed[name],
        )  # fmt: skip
    keyring.remove_key(name)
    with transaction.atomic():
        journal.record(subject=f"key:{name}", what="key_removed", by=by, at=at)
