"""What an access token looks like, how it is known again without being kept, and what one may carry."""

import hashlib
import re
import zlib
from datetime import datetime, timedelta
from typing import Final

PREFIX: Final = "oblik_"  # so that programs that look for secrets in files know one when they meet it
RANDOM_BYTES: Final = 32
LONGEST: Final = timedelta(days=366)
USE_NOTED_EVERY: Final = timedelta(minutes=10)

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BODY, _CHECK = 43, 6  # base-62 digits that hold 256 and 32 bits
_FORM: Final = re.compile(f"{PREFIX}([0-9A-Za-z]{{{_BODY}}})([0-9A-Za-z]{{{_CHECK}}})")


def token_of(random: bytes) -> str:
    """The token that these 32 random bytes make: prefix, 43 base-62 digits, 6 of their CRC-32.

    ValueError for another number of bytes.
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a token is made of {RANDOM_BYTES} bytes, not {len(random)}")
    body = _base62(int.from_bytes(random, "big"), digits=_BODY)
    return PREFIX + body + _checksum(body)


def is_token(text: str) -> bool:
    """Whether a text has the form of a token and its checksum is right; a mistyped one is told without a database."""
    match = _FORM.fullmatch(text)
    return match is not None and _checksum(match[1]) == match[2]


def digest_of(token: str) -> str:
    """What is kept of a token: its SHA-256 in hex. 256 random bits are not guessed, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def hint_of(token: str) -> str:
    """The last four signs, by which a person tells one token from another; they are part of the checksum alone."""
    return token[-4:]


def is_use_news(last_used_at: datetime | None, *, at: datetime) -> bool:
    """Whether a use is worth writing down: at most every ten minutes, so that reading does not become writing."""
    return last_used_at is None or at - last_used_at >= USE_NOTED_EVERY


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), digits=_CHECK)


def _base62(number: int, *, digits: int) -> str:
    said = []
    for _ in range(digits):
        number, rest = divmod(number, 62)
        said.append(_DIGITS[rest])
    return "".join(reversed(said))
