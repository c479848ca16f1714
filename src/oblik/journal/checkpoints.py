"""Signed checkpoints as files outside the database: when one is due, how it is written, which keys vouch for it."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from oblik.base.clock import now
from oblik.base.errors import Conflict, NotFound, msg
from oblik.db import keyring
from oblik.journal import reading
from oblik.journal.logic.canonical import instant_text
from oblik.journal.logic.chain import Walk
from oblik.journal.logic.signing import (
    Checkpoint,
    KeyNote,
    is_signed,
    public_hex,
    read_checkpoint,
    read_key_note,
    signature_of,
    trusted_keys,
)

_KEY_FILE: Final = "journal.pem"
_NOT_SIGNED: Final = msg("The journal does not hold and is not signed; run `oblik journal verify`.")
_SET_BACK: Final = msg(
    "The journal has {number} entries, but {until} were signed: an older state was put back, and nothing is signed"
    " until the newer checkpoints are moved away; docs/guide/audit.md tells how."
)

# Number and instant of the newest checkpoint that this process knows of, by folder: `record` asks for every entry.
_known: dict[Path, tuple[int, datetime]] = {}


def folder() -> Path:
    """Where checkpoints lie: OBLIK_CHECKPOINTS, best on another machine, or the folder checkpoints in OBLIK_DATA."""
    named = settings.OBLIK_CHECKPOINTS
    return Path(named) if named else Path(settings.OBLIK_DATA) / "checkpoints"


def prepare() -> None:
    """Makes the folder and the first key where there are none; safe to repeat."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    if signing_key() is None:
        _take_new_key(now(), voucher=None)


def signing_key() -> Ed25519PrivateKey | None:
    """The key that signs; None where `oblik init` has not made one."""
    path = keyring.folder() / _KEY_FILE
    if not path.is_file():
        return None
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Conflict(msg("{value} holds no Ed25519 key; restore it from its backup."), value=str(path))
    return key


def _required_key() -> Ed25519PrivateKey:
    key = signing_key()
    if key is None:
        raise NotFound(msg("There is no key to sign the journal with; run `oblik init`."))
    return key


def public_key() -> str:
    """The public half of the key in use, in hex: what a partner or a court is given."""
    return public_hex(_required_key())


def rotate_key() -> KeyNote:
    """From now on a new key signs; the old one vouches for it with its last signature and is gone."""
    with _alone(wait=True):
        return _take_new_key(now(), voucher=_required_key())


def _take_new_key(at: datetime, *, voucher: Ed25519PrivateKey | None) -> KeyNote:
    key = Ed25519PrivateKey.generate()
    note = KeyNote(public_hex(key), instant_text(at))
    if voucher is not None:
        note = KeyNote(note.public, note.made_at, vouched_by=_id_of(voucher))
        note = KeyNote(note.public, note.made_at, note.vouched_by, signature_of(note.unsigned(), key=voucher))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    # The note first: a key that nobody vouches for would sign in vain.
    _write(folder() / f"key-{note.id}.json", _json(note.signed()))
    keyring.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(keyring.folder() / _KEY_FILE, pem)
    return note


def _id_of(key: Ed25519PrivateKey) -> str:
    return KeyNote(public_hex(key), "").id


def key_notes() -> list[KeyNote]:
    """The public keys that lie beside the checkpoints; what is none is left out."""
    found = (read_key_note(_read(path)) for path in sorted(folder().glob("key-*.json")))
    return [note for note in found if note is not None]


def stored() -> list[tuple[int, Checkpoint | None]]:
    """(number in the name, checkpoint) of all files, in order; None for a file that holds no checkpoint."""
    paths = sorted(path for path in folder().glob("*.json") if path.stem.isdecimal())
    return [(int(path.stem), read_checkpoint(_read(path))) for path in paths]


def newest() -> Checkpoint | None:
    """The checkpoint with the highest number; None where there is none."""
    paths = sorted(path for path in folder().glob("*.json") if path.stem.isdecimal())
    if not paths:
        return None
    found = read_checkpoint(_read(paths[-1]))
    if found is None:
        raise Conflict(
            msg("The checkpoint {value} is damaged; run `oblik journal verify`, then put its copy back."),
            value=str(paths[-1]),
        )
    return found


def signed_at(checkpoint: Checkpoint) -> datetime:
    """The instant at which a checkpoint was signed."""
    return datetime.fromisoformat(checkpoint.signed_at).replace(tzinfo=UTC)


def is_due(number: int, *, at: datetime) -> bool:
    """Whether the journal with so many entries should be signed: after so many entries or minutes, see settings."""
    where = folder()
    known = _known.get(where)
    if known is None:
        if signing_key() is None:
            return False
        known = _known[where] = _remembered()
    entries, minutes = settings.OBLIK_CHECKPOINT_ENTRIES, settings.OBLIK_CHECKPOINT_MINUTES
    return number - known[0] >= entries or at - known[1] >= timedelta(minutes=minutes)


def _remembered() -> tuple[int, datetime]:
    last = newest()
    return (last.number, signed_at(last)) if last else (0, datetime.min.replace(tzinfo=UTC))


def is_overdue() -> bool:
    """Whether the journal should have been signed and was not: an older state was put back, or signing fails."""
    last, number = newest(), reading.newest_number()
    if last is None or number <= last.number:
        return last is not None and number < last.number
    entries, minutes = settings.OBLIK_CHECKPOINT_ENTRIES, settings.OBLIK_CHECKPOINT_MINUTES
    rows = reading.stored_rows(after=number - 1, until=number)
    recorded_at = datetime.fromisoformat(str(rows[0][5])).replace(tzinfo=UTC) if rows else now()
    # Twice as long: an entry may come while another process signs.
    return number - last.number >= 2 * entries or recorded_at - signed_at(last) >= timedelta(minutes=2 * minutes)


def sign_if_due() -> None:
    """Signs unless another process has just done so or is about to."""
    _known.pop(folder(), None)
    if is_due(reading.newest_number(), at=now()):
        sign(wait=False)


def sign(*, wait: bool = True) -> Checkpoint | None:
    """Signs the journal as it stands and returns the checkpoint; the newest one where nothing was added since.

    None where another process is signing and we need not wait. What was added is walked over first: Conflict where it
    does not hold, because a signature would vouch for it.
    """
    key = _required_key()
    with _alone(wait=wait) as mine:
        if not mine:
            return None
        last, at_once = newest(), now()
        number = reading.newest_number()
        if last is not None and not _is_ours(last):
            raise Conflict(_NOT_SIGNED)  # Else our signature would vouch for what somebody laid into the folder.
        if last is not None and number == last.number:
            return last
        if last is not None and number < last.number:
            raise Conflict(_SET_BACK, number=number, until=last.number)
        at = Walk(last.number, bytes.fromhex(last.head), tree=last.tree) if last else Walk()
        reading.walk_to(at, until=number)
        if at.faults or at.suspects:
            raise Conflict(_NOT_SIGNED)
        checkpoint = _signed(at, instant=at_once, previous=last.digest if last else "", key=key)
        _write(folder() / f"{number:012d}.json", _json(checkpoint.signed()))
        _known[folder()] = (number, at_once)
        return checkpoint


def _is_ours(last: Checkpoint) -> bool:
    public = trusted_keys(key_notes()).get(last.key)
    return public is not None and is_signed(last.unsigned(), signature=last.signature, public=public)


def _signed(at: Walk, *, instant: datetime, previous: str, key: Ed25519PrivateKey) -> Checkpoint:
    frontier = tuple(each.hex() for each in at.tree.hashes)
    said = (at.number, at.head.hex(), at.tree.root().hex(), frontier, instant_text(instant), previous, _id_of(key))
    return Checkpoint(*said, signature=signature_of(Checkpoint(*said).unsigned(), key=key))


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """Whether no other process signs meanwhile: two would both continue the same checkpoint."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / ".lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _json(said: Mapping[str, object]) -> bytes:
    return (json.dumps(said, indent=2) + "\n").encode()


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _write(path: Path, content: bytes) -> None:
    """The file whole or not at all, on disk before its name appears, readable by its owner alone."""
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
