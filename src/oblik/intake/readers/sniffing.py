"""What a file is by its first bytes and, for a zip, by the names inside."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from oblik.base.errors import UnreadableFile, msg
from oblik.intake.readers.packages import damaged, locked, members_of

_HEAD_BYTES: Final = 8192
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_LISTS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".geojson", ".kml", ".docx", ".gpx", ".zip")
_KNOWN_STRANGERS: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "exe"),
    (b"\x7fELF", "ELF"),
    (b"AC10", "DWG"),
)


@dataclass(frozen=True)
class Look:
    """The first bytes of the file, and for a zip the names inside; what it is, is read off these."""

    path: Path
    head: bytes
    members: tuple[str, ...]

    @property
    def suffix(self) -> str:
        """The suffix in small letters, with its dot."""
        return self.path.suffix.lower()

    @cached_property
    def text_head(self) -> bytes:
        """The head without byte order mark, NUL bytes and leading blanks."""
        return self.head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").lstrip()

    @cached_property
    def root(self) -> str:
        """Name of the first XML element in small letters, "" for what is no markup."""
        if not self.text_head.startswith(b"<"):
            return ""
        bare = re.sub(rb"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(\[.*?\])?[^>]*>", b"", self.text_head, flags=re.DOTALL)
        found = _ROOT.search(bare)
        return found.group(1).decode("ascii", "replace").lower() if found else ""

    def is_zip(self) -> bool:
        """True where the file begins as a zip."""
        return self.head.startswith(_ZIP)

    def is_ole(self) -> bool:
        """True for the container of old office files and of encrypted new ones."""
        return self.head.startswith(_OLE)

    def is_workbook(self) -> bool:
        """xlsx, xlsm, xlsb, xls or ods."""
        if self.is_ole() or self.head[:2] == b"\x09\x08":
            return True
        names = self.members
        if any(name in names for name in ("xl/workbook.xml", "xl/workbook.bin")):
            return True
        return "content.xml" in names and "mimetype" in names and b"opendocument.spreadsheet" in self.head

    def is_document(self) -> bool:
        """docx or docm."""
        return "word/document.xml" in self.members

    def is_shapefile(self) -> bool:
        """A zip with a shapefile inside."""
        return any(name.lower().endswith(".shp") for name in self.members)

    def is_kml(self) -> bool:
        """KML, or KMZ by the .kml inside."""
        return self.root == "kml" or any(name.lower().endswith(".kml") for name in self.members)

    def is_gpx(self) -> bool:
        """GPX."""
        return self.root == "gpx"

    def is_osm(self) -> bool:
        """OpenStreetMap's XML, or a PBF by its first block."""
        return self.root == "osm" or self.head[4:16].find(b"OSMHeader") >= 0

    def is_geopackage(self) -> bool:
        """SQLite: as a GeoPackage; other databases fail in the reader with a sentence."""
        return self.head.startswith(b"SQLite format 3\0")

    def is_spreadsheetml(self) -> bool:
        """A workbook in the XML of 2003."""
        return self.root == "workbook"

    def is_webpage(self) -> bool:
        """HTML, also under the name .xls."""
        return self.root in ("html", "table", "head", "body", "meta", "div", "style", "center", "p")

    def is_json(self) -> bool:
        """An object or a list; a csv may begin with a bracket too, so the suffix has a say."""
        return self.text_head[:1] == b"{" or (self.text_head[:1] == b"[" and self.suffix not in (".csv", ".tsv"))

    def is_text(self) -> bool:
        """No markup, no zip, no container and not full of control characters."""
        if self.is_zip() or self.is_ole() or self.root:
            return False
        odd = sum(byte < 9 or 13 < byte < 26 for byte in self.text_head)
        return odd <= 0.02 * len(self.text_head) + 4

    def refuse_known(self) -> None:
        """UnreadableFile for what is known to be no list: a picture, a PDF, an archive, a locked container."""
        name = self.path.name
        for mark, kind in _KNOWN_STRANGERS:
            if self.head.startswith(mark) and not (mark == b"MZ" and self.is_text()):
                raise _stranger(name, kind)
        if self.is_ole():
            self._refuse_container()
        if self.is_zip() and not self.members:
            raise damaged(name)
        if self.is_zip() and "word/document.xml" not in self.members and not self.is_workbook():
            self._refuse_archive()

    def _refuse_container(self) -> None:
        data = self.path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise locked(self.path.name)
        if "WordDocument".encode("utf-16-le") in data:
            raise _stranger(self.path.name, "doc")
        if not any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book", "WORKBOOK", "BOOK")):
            raise _stranger(self.path.name, "OLE")

    def _refuse_archive(self) -> None:
        names = [name.lower() for name in self.members]
        if any(name.endswith((".shp", ".kml", ".gpkg")) for name in names):
            return
        if any(name.endswith(_LISTS) for name in names):
            raise UnreadableFile(
                msg("{file} is an archive of files. Unpack it and hand in the lists one by one."),
                code="archive_of_lists",
                file=self.path.name,
            )
        raise _stranger(self.path.name, "zip")


def look_at(path: Path) -> Look:
    """The look of the file; UnreadableFile where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise UnreadableFile(
            msg("{file} cannot be opened: {reason}. Check the path and the rights."),
            code="cannot_open",
            file=path.name,
            reason=error.strerror or "",
        ) from error
    return Look(path=path, head=head, members=members_of(path) if head.startswith(_ZIP) else ())


def _stranger(file: str, kind: str) -> UnreadableFile:
    return UnreadableFile(
        msg("{file} is a {kind} file, from which no list can be read. Ask the owner for the list as xlsx, ods or csv."),
        code="not_a_list",
        file=file,
        kind=kind,
    )
