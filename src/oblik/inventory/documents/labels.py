"""Labels to stick beside cameras: a QR code that holds a camera's code and nothing else, and the code in letters."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

import segno

from oblik.inventory.documents.typesetting import set_pages

# Sheets of 70 by 37 mm, three by eight, are sold everywhere. The level stands a quarter of the code scratched away.
PER_SHEET: Final = 24
MOST_LABELS: Final = 480
_LEVEL: Final = "q"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label belongs, for the list behind the sheets: never printed on the label itself."""

    code: str
    name: str
    address: str


def qr_svg(code: str) -> str:
    """The QR code of a camera as an SVG picture with its quiet zone. It holds the code alone: no address of ours."""
    out = io.BytesIO()
    segno.make(code, error=_LEVEL, boost_error=True, micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, omitsize=True
    )
    return out.getvalue().decode("utf-8")


def label_sheets(places: Sequence[Place], *, language: str, words: dict[str, str], issued_on: date) -> bytes:
    """Sheets of labels as PDF, and behind them the list that says which belongs where.

    words: list (its title), code, name, address, page_of with {page} and {pages}.
    """
    told = {
        "language": language,
        "words": words,
        "issued_on": [issued_on.year, issued_on.month, issued_on.day],
        "places": [asdict(place) | {"qr": qr_svg(place.code)} for place in places],
    }
    return set_pages("labels.typ", told=json.dumps(told, ensure_ascii=False), issued_on=issued_on)
