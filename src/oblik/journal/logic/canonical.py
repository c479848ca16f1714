"""The bytes of an entry that are hashed: one text for one entry, the same on every machine."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Final, Literal

Kind = Literal["done", "looked"]

_HALF: Final = re.compile("[\ud800-\udfff]")
START: Final = bytes(32)  # what the first entry has in place of a previous hash


@dataclass(frozen=True, slots=True)
class Fields:
    """An entry as it is hashed: texts and whole numbers only. Instants as `instant_text` writes them, parts_root hex
    or empty, details canonical JSON."""

    number: int
    kind: str
    subject: str
    what: str
    happened_at: str
    recorded_at: str
    by: str
    why: str
    details: str
    parts: int = 0
    parts_root: str = ""


def canonical(value: object) -> str:
    """JSON with sorted keys and no blanks, letters as they are: RFC 8785 for texts, whole numbers, lists and objects.

    TypeError for what is no JSON, ValueError for a number that is none (NaN).
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def details_text(details: Mapping[str, object] | None) -> str:
    """Details as they are stored and hashed; halves of letters are written out, so that they can be read and shown."""
    return _HALF.sub(lambda half: f"\\\\u{ord(half[0]):04x}", canonical(dict(details or {})))


def storable(text: str) -> str:
    """The text with what no database keeps written out: halves of letters (from odd file names) and the zero byte."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def instant_text(at: datetime) -> str:
    """An aware instant in UTC to the microsecond: `2026-11-23 07:43:21.000125`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def entry_object(fields: Fields, *, previous: bytes) -> dict[str, str | int]:
    """What a proof shows of an entry: `canonical` of it is the text that is hashed."""
    return {
        "by": fields.by,
        "details": fields.details,
        "happened_at": fields.happened_at,
        "kind": fields.kind,
        "number": fields.number,
        "parts": fields.parts,
        "parts_root": fields.parts_root,
        "previous": previous.hex(),
        "recorded_at": fields.recorded_at,
        "subject": fields.subject,
        "v": 1,
        "what": fields.what,
        "why": fields.why,
    }


def entry_text(fields: tuple[object, ...], *, previous: bytes) -> bytes:
    """`canonical(entry_object(...))` of the columns in the order of `Fields`, in bytes and four times as fast.

    TypeError where a column holds no text, UnicodeEncodeError where the text is none.
    """
    number, kind, subject, what, happened_at, recorded_at, by, why, details, parts, parts_root = fields
    q = encode_basestring
    return (
        f'{{"by":{q(by)},"details":{q(details)},"happened_at":{q(happened_at)},"kind":{q(kind)},"number":{number},'  # type: ignore[arg-type]  # whatever a damaged database holds is refused by q
        f'"parts":{parts},"parts_root":{q(parts_root)},"previous":"{previous.hex()}","recorded_at":{q(recorded_at)},'  # type: ignore[arg-type]  # as above
        f'"subject":{q(subject)},"v":1,"what":{q(what)},"why":{q(why)}}}'  # type: ignore[arg-type]  # as above
    ).encode()


def entry_hash(fields: tuple[object, ...], *, previous: bytes) -> bytes:
    """SHA-256 of a zero byte and the entry's text: a link of the chain and a leaf of the tree (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\0" + entry_text(fields, previous=previous)).digest()


def part_hash(subject: str, *, details: str) -> bytes:
    """The leaf of one part of a batch."""
    return hashlib.sha256(b"\0" + canonical({"details": details, "subject": subject}).encode()).digest()
