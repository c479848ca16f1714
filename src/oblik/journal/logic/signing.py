"""Checkpoints: what the journal was at one moment, signed with Ed25519, and which keys may sign."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from oblik.journal.logic.canonical import canonical
from oblik.journal.logic.merkle import Frontier

CHECKPOINT: Final = "oblik.journal.checkpoint.v1"
KEY: Final = "oblik.journal.key.v1"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The journal after `number` entries: the newest one's hash, the tree over all, and by which key at which instant.

    frontier: the right edge of the tree, so that the next checkpoint need not read what this one has read. previous:
    the digest of the checkpoint before, empty in the first. key: the id of the key.
    """

    number: int
    head: str
    root: str
    frontier: tuple[str, ...]
    signed_at: str
    previous: str
    key: str
    signature: str = ""

    def unsigned(self) -> dict[str, object]:
        """What is signed: `canonical` of it."""
        return {
            "format": CHECKPOINT, "number": self.number, "head": self.head, "root": self.root,
            "frontier": list(self.frontier), "signed_at": self.signed_at, "previous": self.previous, "key": self.key,
        }  # fmt: skip

    def signed(self) -> dict[str, object]:
        """The whole, as it stands in its file."""
        return {**self.unsigned(), "signature": self.signature}

    @property
    def digest(self) -> str:
        """What the next checkpoint names this one by."""
        return hashlib.sha256(canonical(self.signed()).encode()).hexdigest()

    @property
    def tree(self) -> Frontier:
        return Frontier(self.number, map(bytes.fromhex, self.frontier))


def read_checkpoint(said: object) -> Checkpoint | None:
    """A checkpoint from its JSON; None where it is none."""
    if not isinstance(said, Mapping) or said.get("format") != CHECKPOINT:
        return None
    texts = [said.get(name) for name in ("head", "root", "signed_at", "previous", "key", "signature")]
    number, frontier = said.get("number"), said.get("frontier")
    if not isinstance(number, int) or not isinstance(frontier, list) or not all(isinstance(t, str) for t in texts):
        return None
    head, root, signed_at, previous, key, signature = map(str, texts)
    found = Checkpoint(number, head, root, tuple(map(str, frontier)), signed_at, previous, key, signature)
    try:
        return found if found.tree.root().hex() == root and canonical(found.signed()) == canonical(said) else None
    except ValueError:
        return None


def key_id(public: str) -> str:
    """The short name of a public key given in hex: the first sixteen digits of its SHA-256."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half in hex, 64 digits."""
    return key.public_key().public_bytes_raw().hex()


def signature_of(said: Mapping[str, object], *, key: Ed25519PrivateKey) -> str:
    """The signature in hex over the canonical text."""
    return key.sign(canonical(said).encode()).hex()


def is_signed(said: Mapping[str, object], *, signature: str, public: str) -> bool:
    """Whether the signature over the canonical text is that of the public key; False for what is no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(signature), canonical(said).encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class KeyNote:
    """A public key and who vouches for it: the key used before it, nobody for the first."""

    public: str
    made_at: str
    vouched_by: str = ""
    signature: str = ""

    def unsigned(self) -> dict[str, object]:
        return {"format": KEY, "public": self.public, "made_at": self.made_at, "vouched_by": self.vouched_by}

    def signed(self) -> dict[str, object]:
        """The whole, as it stands in its file."""
        return {**self.unsigned(), "signature": self.signature}

    @property
    def id(self) -> str:
        return key_id(self.public)


def read_key_note(said: object) -> KeyNote | None:
    """A key note from its JSON; None where it is none."""
    if not isinstance(said, Mapping) or said.get("format") != KEY:
        return None
    found = KeyNote(*(str(said.get(name, "")) for name in ("public", "made_at", "vouched_by", "signature")))
    try:
        return found if len(bytes.fromhex(found.public)) == 32 else None
    except ValueError:
        return None


def trusted_keys(notes: Iterable[KeyNote], *, given: Sequence[str] = ()) -> dict[str, str]:
    """Key id -> public key of all keys that may sign: the given ones and all that these vouch for, one by another.

    Where none is given, the first key ever made is taken at its word: the one that no other vouches for and that is
    the oldest. Who wants to rely on nothing stored here keeps the public key and gives it.
    """
    known = list(notes)
    first = sorted((n for n in known if not n.vouched_by), key=lambda n: n.made_at)
    trusted = {key_id(public): public for public in given or [n.public for n in first[:1]]}
    grown = True
    while grown:
        grown = False
        for note in known:
            voucher = trusted.get(note.vouched_by)
            if note.id in trusted or voucher is None:
                continue
            if is_signed(note.unsigned(), signature=note.signature, public=voucher):
                trusted[note.id] = note.public
                grown = True
    return trusted
