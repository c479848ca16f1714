"""What the cell reader cannot tell about an xlsx sheet: hidden rows and columns, formulas, comments."""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from defusedxml import ElementTree

from oblik.intake.readers.packages import chunks, damaged

_REF: Final = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_HIDDEN_ROW: Final = re.compile(rb"<row\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
_HIDDEN_COLUMN: Final = re.compile(rb"<col\b([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)/?>")
_CELL: Final = re.compile(rb"<c\b([^>]*[^/])>(.*?)</c>", re.DOTALL)
_FORMULA: Final = re.compile(rb"<f\b[^>]*>([^<]+)</f>")
_VALUE: Final = re.compile(rb"<v>([^<]+)</v>")
_PLAIN: Final = {b"&lt;": b"<", b"&gt;": b">", b"&quot;": b'"', b"&apos;": b"'", b"&amp;": b"&"}
_SPECIAL_CELLS: Final = 200_000
_LONGEST_ROW: Final = 32_000_000  # bytes


@dataclass(slots=True)
class Scan:
    """Rows and columns are 0-based here. texts holds cells whose value the cell reader leaves blank."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: bool = False


def column_number(letters: str) -> int:
    """0-based number of a column named A ... XFD."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """Name of the 0-based column: 0 is A, 26 is AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def scan_workbook(path: Path, *, known: Mapping[str, Scan]) -> dict[str, Scan]:
    """Sheet name to what was found; UnreadableFile where a row is longer than any program writes.

    known: sheets whose rows were looked at before; only their comments are still to be read.
    """
    with zipfile.ZipFile(path) as package:
        return {
            name: _scan_sheet(package, member, file=path.name, known=known.get(name))
            for name, member in sheet_members(package)
        }


def sheet_members(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each worksheet and the member that holds it."""
    book = "xl/workbook.xml"
    targets = dict(_relations(package, book))
    for element in ElementTree.fromstring(package.read(book)).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            member = targets.get(key, ("", ""))[1]
            if member in package.namelist():
                yield element.attrib.get("name", ""), member


def _relations(package: zipfile.ZipFile, member: str) -> Iterator[tuple[str, tuple[str, str]]]:
    folder, name = posixpath.split(member)
    rels = f"{folder}/_rels/{name}.rels"
    if rels not in package.namelist():
        return
    for element in ElementTree.fromstring(package.read(rels)):
        target = element.attrib.get("Target", "")
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        yield element.attrib.get("Id", ""), (element.attrib.get("Type", "").rsplit("/", 1)[-1], full)


def _scan_sheet(package: zipfile.ZipFile, member: str, *, file: str, known: Scan | None) -> Scan:
    scan = known or Scan()
    for piece in _pieces(package, member, file=file) if known is None else ():
        scan_rows(piece, scan)
    for kind, target in dict(_relations(package, member)).values():
        if kind == "comments" and target in package.namelist():
            scan.comments.update(_comments(package.read(target)))
    return scan


def _pieces(package: zipfile.ZipFile, member: str, *, file: str) -> Iterator[bytes]:
    """The sheet's bytes cut at ends of rows."""
    rest = b""
    for chunk in chunks(package, member):
        whole, end, tail = (rest + chunk).rpartition(b"</row>")
        if end:
            yield whole + end
        if len(tail) > _LONGEST_ROW:
            raise damaged(file)
        rest = tail
    yield rest


def scan_rows(piece: bytes, scan: Scan) -> None:
    """Adds what a piece of a sheet, cut between rows, tells of hidden rows and columns, formulas and errors."""
    if b"hidden=" in piece:
        for attributes in _HIDDEN_ROW.findall(piece):
            number = re.search(rb"""\br=["'](\d+)""", attributes)
            if number:
                scan.hidden_rows.append(int(number.group(1)) - 1)
        for attributes in _HIDDEN_COLUMN.findall(piece):
            ends = re.search(rb"""\bmin=["'](\d+)["']""", attributes), re.search(rb"""\bmax=["'](\d+)""", attributes)
            if ends[0] and ends[1]:
                scan.hidden_columns.append((int(ends[0].group(1)) - 1, int(ends[1].group(1)) - 1))
    if b"<f" in piece or b't="e"' in piece:
        scan.formulas |= b"<f" in piece
        _scan_cells(piece, scan)


def _scan_cells(piece: bytes, scan: Scan) -> None:
    for cell in _CELL.finditer(piece):
        attributes, content = cell.groups()
        is_error = b't="e"' in attributes
        if not is_error and b"<f" not in content:
            continue
        value, formula = _VALUE.search(content), _FORMULA.search(content)
        reference = _REF.search(b" " + attributes)
        if reference is None or len(scan.texts) >= _SPECIAL_CELLS:
            continue
        at = int(reference.group(2)) - 1, column_number(reference.group(1).decode())
        if is_error and value:
            scan.texts[at] = _plain(value.group(1))
        elif formula and value is None:
            scan.texts[at] = "=" + _plain(formula.group(1))


def _plain(text: bytes) -> str:
    for entity, character in _PLAIN.items():
        text = text.replace(entity, character)
    return text.decode("utf-8", "replace")


def _comments(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for element in ElementTree.fromstring(data).iter():
        if element.tag.endswith("}comment"):
            reference = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", element.attrib.get("ref", ""))
            text = "".join(part.text or "" for part in element.iter() if part.tag.endswith("}t")).strip()
            if reference and text:
                yield (int(reference.group(2)) - 1, column_number(reference.group(1))), text
