"""Bytes of a text file to text: which encoding an owner's program wrote."""

import re
from collections import Counter
from typing import Final

from charset_normalizer import from_bytes

from oblik.base.errors import UnreadableFile, msg

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CYRILLIC: Final = ("cp1251", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic")
_SAMPLE_BYTES: Final = 200_000
_OFTEN: Final = frozenset("оаиіінтервслкмдпуяь")  # the letters that make two thirds of Ukrainian and Russian text
_LETTER: Final = re.compile("[а-яіїєґёА-ЯІЇЄҐЁ]")
_RISE: Final = re.compile("[а-яіїєґё][А-ЯІЇЄҐЁ]")  # capital after small: the mark of a wrong Cyrillic page
_LONELY: Final = re.compile(rb"[A-Za-z][\x80-\xff](?![\x80-\xff])")
_TOGETHER: Final = re.compile(rb"[\x80-\xff]{2}")
_LATIN: Final = ["cp1252", "cp1250", "cp1254", "cp1257", "cp850", "iso8859-15"]
_CONTROL: Final = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27})


def decode(data: bytes, *, file: str) -> tuple[str, str, tuple[str, ...]]:
    """The text, the name of its encoding and notes of the reader ("bad_bytes", "nul_bytes").

    Order: byte order mark, UTF-16 without one, UTF-8, then the Cyrillic pages compared by the letters they give, then
    charset-normalizer for the rest. UnreadableFile("binary_file") where the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_notes(data[len(mark) :], encoding)
    wide = _wide_encoding(data)
    if wide:
        return _with_notes(data, wide)
    _refuse_binary(data, file=file)
    try:
        return _with_notes(data, "utf-8", strict=True)
    except UnicodeDecodeError:
        return _with_notes(data, _one_byte_encoding(data))


def _with_notes(data: bytes, encoding: str, *, strict: bool = False) -> tuple[str, str, tuple[str, ...]]:
    text = data.decode(encoding, "strict" if strict else "replace")
    notes = []
    if not strict and "�" in text:
        notes.append("bad_bytes")
    if "\0" in text:
        text = text.replace("\0", "")
        notes.append("nul_bytes")
    return text, encoding, tuple(notes)


def _wide_encoding(data: bytes) -> str:
    head = data[:4000]
    if len(head) < 4 or b"\0" not in head:
        return ""
    even, odd = head[0::2], head[1::2]
    # Half of UTF-16 bytes of a Cyrillic list are 0x04, of its digits and marks 0x00.
    if sum(map(odd.count, (b"\0", b"\4"))) > 0.9 * len(odd) and odd.count(b"\0") > 1:
        return "utf-16-le"
    if sum(map(even.count, (b"\0", b"\4"))) > 0.9 * len(even) and even.count(b"\0") > 1:
        return "utf-16-be"
    return ""


def _refuse_binary(data: bytes, *, file: str) -> None:
    head = data[:_SAMPLE_BYTES]
    odd = len(head) - len(head.translate(None, _CONTROL))
    if odd > max(8, 0.02 * len(head)):
        raise UnreadableFile(
            msg(
                "{file} is not a list that can be read: its content is binary. "
                "Ask the owner for the list as xlsx, ods or csv."
            ),
            code="binary_file",
            file=file,
        )


def _one_byte_encoding(data: bytes) -> str:
    sample = data[:_SAMPLE_BYTES]
    if _nearly_utf8(sample):
        return "utf-8"
    # High letters of a Latin language stand alone among plain ones; Cyrillic words are made of them.
    if len(_LONELY.findall(sample)) > len(_TOGETHER.findall(sample)):
        return _latin_encoding(sample)
    ranked = sorted(((_likeness(sample.decode(page, "replace")), page) for page in _CYRILLIC), reverse=True)
    return ranked[0][1] if ranked[0][0] > 0.2 else "cp1252"


def _latin_encoding(sample: bytes) -> str:
    """cp1252 holds French, Spanish, Dutch and German; another page where cp1252 would give marks instead of letters."""
    high = [character for character in sample.decode("cp1252", "replace") if character > "\x7f"]
    if sum(map(str.isalpha, high)) >= 0.7 * len(high):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_LATIN).best()
    return best.encoding if best else "cp1252"


def _nearly_utf8(sample: bytes) -> bool:
    """True where a cut or a few odd bytes spoil what is UTF-8 otherwise."""
    text = sample.decode("utf-8", "replace")
    wrong = text.count("�")
    return sum(character > "\x7f" for character in text) - wrong > 20 * wrong


def _likeness(text: str) -> float:
    """How much the high characters look like Cyrillic words, about 0 ... 1."""
    high = [character for character in text if character > "\x7f"]
    if not high:
        return 0.0
    often = sum(count for character, count in Counter(high).items() if character.lower() in _OFTEN)
    letters = len(_LETTER.findall(text))
    small = sum(character.islower() for character in high)
    rises = len(_RISE.findall(text))
    return (0.6 * often + 0.25 * letters + 0.15 * small - 1.5 * rises - (len(high) - letters)) / len(high)
