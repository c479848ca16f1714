"""Texts that nobody reads without the key: AES-256-GCM under a ring of keys, each text bound to its place."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from oblik.base.errors import OblikError, msg

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_HEAD: Final = "s1"  # the form of a token: what a later form would change
_PAD: Final = 32  # a token's length says no more of a password than how many times 32 bytes it takes


class KeyMissing(OblikError):
    """The key of a secret is not in the ring; everything that is no secret goes on."""

    code = "key_missing"


class DamagedSecret(OblikError):
    """A token was changed, cut, or stands where it was not written."""

    code = "secret_damaged"


def new_key_id(key: bytes, *, number: int) -> str:
    """What a key is called: its number in the ring and the beginning of its hash, by which a damaged key is known."""
    return f"{number:04d}-{hashlib.sha256(b'oblik key id' + key).hexdigest()[:8]}"


def derived(key: bytes, *, purpose: bytes, salt: bytes = b"") -> bytes:
    """A key for one purpose out of a key of the ring: 32 bytes, HKDF with SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt or None, info=purpose).derive(key)


@lru_cache(maxsize=64)
def _token_cipher(key: bytes) -> AESGCM:
    return AESGCM(derived(key, purpose=b"oblik token"))


@lru_cache(maxsize=8)
def _mark_key(key: bytes) -> bytes:
    return derived(key, purpose=b"oblik mark")


@dataclass(frozen=True, slots=True)
class Ring:
    """keys: id -> 32 bytes. active: the id that new tokens are made with, "" where there is none. where: its folder,
    for the sentence of an error. marking: the key of `mark`, which never turns with the others."""

    keys: Mapping[str, bytes] = field(repr=False)
    active: str
    where: str
    marking: bytes = field(default=b"", repr=False)

    def key(self, name: str) -> bytes:
        """A key by its id; KeyMissing tells which file is wanted."""
        found = self.keys.get(name)
        if found is None:
            raise KeyMissing(
                msg("The key {value} is not in {folder}: put the file {value}.key back, or set OBLIK_KEYS."),
                value=name or "0001", folder=self.where,
            )  # fmt: skip
        return found

    def active_key(self) -> bytes:
        """The key that new secrets are sealed with; KeyMissing where the ring is empty."""
        if not self.active:
            raise KeyMissing(
                msg("There is no key in {folder}, so no secret can be kept; run `oblik init`, or set OBLIK_KEYS."),
                folder=self.where,
            )
        return self.keys[self.active]

    def seal(self, text: str, *, bound: str) -> str:
        """A token `s1.KEY.BASE64` of the text. bound: the table, row and field it stands in; it opens nowhere else."""
        nonce = token_bytes(_NONCE_BYTES)
        padded = text.encode() + b"\x80"
        padded += bytes(-len(padded) % _PAD)
        sealed = _token_cipher(self.active_key()).encrypt(nonce, padded, bound.encode())
        return f"{_HEAD}.{self.active}.{urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"

    def open(self, token: str, *, bound: str) -> str:
        """The text of a token; KeyMissing without its key, DamagedSecret where it is not what was written there."""
        name = key_of(token)
        cipher = _token_cipher(self.key(name))
        try:
            body = token.rpartition(".")[2]
            raw = urlsafe_b64decode(body + "=" * (-len(body) % 4))
            padded = cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound.encode())
            return padded[: padded.rindex(b"\x80")].decode()
        except (InvalidTag, NotBase64, ValueError) as wrong:
            raise _damaged() from wrong

    def turned(self, token: str, *, bound: str) -> str:
        """The same text under the active key; the token itself where it is under it already."""
        return token if key_of(token) == self.active else self.seal(self.open(token, bound=bound), bound=bound)

    def mark(self, text: str, *, purpose: str) -> str:
        """32 hex digits that equal texts share and nobody can make without the key (HMAC-SHA-256, cut to 128 bits)."""
        if not self.marking:
            raise KeyMissing(
                msg("The file mark.key is not in {folder}: put it back, or run `oblik init` on a new register."),
                folder=self.where,
            )
        return hmac.digest(_mark_key(self.marking), f"{purpose}\x00{text}".encode(), "sha256").hex()[:32]


def key_of(token: str) -> str:
    """The id of the key that a token needs; DamagedSecret where it is no token."""
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != _HEAD:
        raise _damaged()
    return parts[1]


def _damaged() -> DamagedSecret:
    return DamagedSecret(
        msg("A secret is damaged: it was changed, or it stands where it was not written. Restore it from a backup.")
    )
