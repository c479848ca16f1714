"""How far the cells of a workbook reach, told from its bytes before any reader makes room for them."""

import re
from dataclasses import dataclass
from typing import Final

from oblik.intake.readers.limits import Limits, check_grid
from oblik.intake.readers.packages import damaged

# Any cell but one of columns A to Z, rows below 100,000, written as every program does: the others are no danger
# together, so that in most pieces one search finds nothing and all is said.
_ODD: Final = re.compile(rb'<c(?! r="[A-Z][0-9]{1,5}")')
_CELL_AS_USUAL: Final = b'<c r="'
_PREFIXED: Final = re.compile(rb":(?:c|row)[\s/>]")
# A fixed beginning makes a search ten times faster; tags written otherwise take the second.
_REFERENCE: Final = (
    re.compile(rb' r="([A-Za-z]*)(\d{4,}|\d*")'),
    re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d{4,}|\d*["'])"""),
)
_ROW_TAG: Final = re.compile(rb"<(?:\w+:)?row\b")
_CELL_TAG: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_LONGEST_TAG: Final = 8_000_000
_LONGEST_NAME: Final = 3


@dataclass(slots=True)
class Extents:
    """Looks at every member of a package, chunk by chunk; UnreadableFile where cells reach farther than may be held.

    One cell at XFD1048576 makes every reader reserve 17 billion cells, so the extent is checked before reading.
    """

    file: str
    limits: Limits
    _member: str = ""
    _rest: bytes = b""
    _rows: int = 1
    _columns: int = 26
    _counted: int = 0

    def look(self, member: str, chunk: bytes) -> None:
        """The next bytes of a member; an empty chunk ends it."""
        if member != self._member:
            self._member, self._rest, self._rows, self._columns, self._counted = member, b"", 1, 26, 0
        if not chunk:
            self._piece(self._rest)
            self._rest = b""
            return
        cut = chunk.rfind(b"<")  # a tag is looked at whole
        if cut < 0:
            if self._rest:  # inside a tag; what stands before the first one is of no interest
                self._rest += chunk
            if len(self._rest) > _LONGEST_TAG:
                raise damaged(self.file)
            return
        self._piece(self._rest + chunk[:cut] if self._rest else chunk[:cut])
        self._rest = chunk[cut:]

    def _piece(self, piece: bytes) -> None:
        prefixed = _PREFIXED.search(piece) is not None
        if not prefixed and self._columns <= 26 and not _ODD.search(piece):  # a wide sheet's later rows count as well
            return
        usual = not prefixed and piece.count(b"<c") == piece.count(_CELL_AS_USUAL)
        self._measure(piece, usual=usual)
        check_grid(self.file, rows=self._rows, columns=self._columns, limits=self.limits)

    def _measure(self, piece: bytes, *, usual: bool) -> None:
        """Widen the extent by every reference of the piece, and by rows that have none."""
        if not usual:
            rows = _ROW_TAG.split(piece)
            self._counted += len(rows) - 1
            self._rows = max(self._rows, self._counted)
            self._columns = max(self._columns, *(len(_CELL_TAG.findall(row)) for row in rows))
        for letters, number in set(_REFERENCE[not usual].findall(piece)):
            if number[-1:].isdigit():
                self._rows = max(self._rows, int(number[:9]))
            if len(letters) > 1:
                self._columns = max(self._columns, _column(letters))


def _column(letters: bytes) -> int:
    if len(letters) > _LONGEST_NAME:
        return 1_000_000  # beyond any sheet
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
