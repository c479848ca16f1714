"""Where planted words stand: in files as they lie, unpacked, and in the forms that programs give them."""

import base64
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_MOST = 200_000_000


def forms(word: str) -> list[bytes]:
    """The word as bytes in each form in which it may lie: UTF-8, UTF-16, percent-encoded, escaped, base64."""
    plain = word.encode()
    found = {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), quote(word, safe="").encode()}
    found.add(word.encode("unicode_escape"))
    for text in (plain, word.encode("utf-16-le")):
        for offset in range(3):
            whole = base64.b64encode(b"\x00" * offset + text)
            # What depends on the neighbours before and behind is left out.
            inner = whole[(0, 2, 3)[offset] : len(whole) - 4]
            if len(inner) >= 8:
                found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return sorted(found)


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file as it lies, and everything packed inside it."""
    yield from unpacked(path.name, path.read_bytes())


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes, and everything packed in them: zip (workbooks, documents), gzip, zlib, compressed parts of PDF."""
    yield name, data
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as package:
            for part in package.namelist():
                yield from unpacked(f"{name}/{part}", package.read(part))
    elif data[:2] == b"\x1f\x8b":
        yield from unpacked(f"{name}/gzip", zlib.decompressobj(31).decompress(data, _MOST))
    elif data[:5] == b"%PDF-":
        for number, stream in enumerate(_STREAM.finditer(data)):
            try:
                yield f"{name}/stream {number}", zlib.decompressobj().decompress(stream[1], _MOST)
            except zlib.error:
                continue  # not compressed: it stands in the file as it is


def leaks(words: Iterable[str], *, within: Iterable[tuple[str, bytes]]) -> list[str]:
    """ "word in place" for each word that any of the contents holds in any form."""
    wanted = {word: forms(word) for word in words}
    found = []
    for name, data in within:
        found += [f"{word} in {name}" for word, shapes in wanted.items() if any(shape in data for shape in shapes)]
    return found


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Everything in folders, unpacked."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield from ((f"{path.relative_to(folder)}: {name}", data) for name, data in contents(path))
