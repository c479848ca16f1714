"""The passport of one camera on paper: what is known, from whom, since when; its photos, papers and changes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from oblik.inventory.documents.typesetting import set_pages


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the passport. source: who said so and when; others: what other sources say instead."""

    label: str
    value: str
    source: str = ""
    others: Sequence[str] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading."""

    title: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Change:
    """A state of the camera: when it came to be so, when it was recorded, what changed, by whom and why."""

    day: str
    recorded: str
    changed: Sequence[str]
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class CameraPaper:
    """Everything that the paper says, in its language. qr: an SVG picture; photos: JPEG with a line under each.

    words: the headings and fixed words by which the template asks: fields, value, source, also, photos, papers,
    changes, day, what, why, page_of with {page} and {pages}, pinned.
    """

    code: str
    language: str
    title: str
    lead: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    photos: Sequence[tuple[bytes, str]]
    papers: Sequence[tuple[str, str, str]]
    changes: Sequence[Change]
    qr: str
    printed: str
    words: dict[str, str]
    issued_on: date


def camera_paper(paper: CameraPaper) -> bytes:
    """The passport as PDF; the same passport gives the same bytes."""
    told = asdict(paper)
    told["issued_on"] = [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day]
    told["photos"] = [[list(picture), line] for picture, line in paper.photos]
    return set_pages("passport.typ", told=json.dumps(told, ensure_ascii=False), issued_on=paper.issued_on)
