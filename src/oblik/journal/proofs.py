"""Proofs that an entry, or a part of one, stands in the journal that was signed; see docs/reference/journal.md."""

from dataclasses import fields
from typing import Final

from oblik.base.errors import Conflict, NotFound, msg
from oblik.journal import checkpoints, reading
from oblik.journal.logic.canonical import START, Fields, entry_hash, entry_object, part_hash
from oblik.journal.logic.merkle import climbed, path_of
from oblik.journal.logic.signing import Checkpoint

PROOF: Final = "oblik.journal.proof.v1"


def proof_of(number: int, *, part: int | None = None) -> dict[str, object]:
    """All that a stranger needs besides our public key: the entry, its path, the signed root; JSON throughout.

    part: the place of a part in a batch, which is proved along. An entry that no checkpoint covers yet is signed
    first. NotFound for what is not there, Conflict where the stored entry is not the signed one.
    """
    entry, leaf = _entry(number)
    checkpoint = checkpoints.newest()
    if checkpoint is None or checkpoint.number < number:
        checkpoint = checkpoints.sign()
    if checkpoint is None or checkpoint.number < number:
        raise Conflict(msg("Entry {number} is not covered by a checkpoint; see `oblik journal verify`."), number=number)
    leaves = list(reading.hashes(until=checkpoint.number))
    broken = Conflict(
        msg("Entry {number} is not as it was signed and cannot be proved; run `oblik journal verify`."), number=number
    )
    if len(leaves) != checkpoint.number or leaves[number - 1] != leaf:
        raise broken
    path = path_of(leaves, index=number - 1)
    if climbed(leaf, path=path).hex() != checkpoint.root:
        raise broken
    said: dict[str, object] = {
        "format": PROOF, "entry": entry, "leaf": leaf.hex(), "path": [list(step) for step in path],
        "checkpoint": checkpoint.signed(), "public_key": _public_key(checkpoint),
    }  # fmt: skip
    if part is not None:
        said["part"] = _part(number, place=part)
    return said


def _entry(number: int) -> tuple[dict[str, str | int], bytes]:
    rows = reading.stored_rows(after=max(number - 2, 0), until=number)
    if number < 1 or not rows or rows[-1][0] != number:
        raise NotFound(msg("There is no entry {number} in the journal."), number=number)
    before = rows[0][11] if len(rows) == 2 else START
    previous = before if isinstance(before, bytes) else START
    named = dict(zip((field.name for field in fields(Fields)), rows[-1], strict=False))
    told = Fields(**named)  # type: ignore[arg-type]  # a damaged row is told by its hash
    return entry_object(told, previous=previous), entry_hash(rows[-1][:11], previous=previous)


def _public_key(checkpoint: Checkpoint) -> str:
    return next((note.public for note in checkpoints.key_notes() if note.id == checkpoint.key), "")


def _part(number: int, *, place: int) -> dict[str, object]:
    parts = list(reading.stored_parts(entry=number))
    if not 0 <= place < len(parts):
        raise NotFound(msg("Entry {number} has no part {place}."), number=number, place=place)
    leaves = [part_hash(str(subject), details=str(details)) for _, _, subject, details in parts]
    subject, details = str(parts[place][2]), str(parts[place][3])
    path = [list(step) for step in path_of(leaves, index=place)]
    return {"part": {"details": details, "subject": subject}, "path": path}
