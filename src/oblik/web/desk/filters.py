"""What the table and the map are asked to show, read from the address and written back into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oblik.accounts.queries import Scope
from oblik.city.queries import gazetteer
from oblik.inventory import queries as inventory
from oblik.inventory.verdicts import VERDICTS, cameras_with
from oblik.registry import searching
from oblik.registry.logic.fields import KINDS, STATES
from oblik.registry.logic.folding import place_mark
from oblik.registry.logic.wanted import MOST_CORNERS, Area, Wanted
from oblik.web.desk.access import seen_by
from oblik.web.ui import labels

LONGEST_TEXT: Final = 200
_FEWEST_CORNERS: Final = 3
VERDICT_LABELS: Final[Mapping[str, labels.Label]] = {
    "found": _("In the lists"),
    "waiting": _("Waits for review"),
    "discrepancy": _("Lists disagree"),
    "missing": _("In no list"),
}
# How surely a name leads to a street: typing mistakes count only where the words as written find nothing.
_SURE: Final = ("current", "translated", "former", "kind")


@dataclass(frozen=True, slots=True)
class Filters:
    """Each is empty where nothing is asked; unknown choices of an old or mistyped address are dropped.

    area: the corners of a polygon as in an address, "lon_lat~lon_lat~lon_lat".
    """

    text: str = ""
    owner: str = ""
    kind: str = ""
    state: str = ""
    purpose: str = ""
    campaign: str = ""
    verdict: str = ""
    area: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        kind, state, verdict = query.get("kind", ""), query.get("state", ""), query.get("verdict", "")
        area = query.get("area", "")
        return cls(
            text=query.get("text", "").strip()[:LONGEST_TEXT],
            owner=query.get("owner", "").strip()[:40],
            kind=kind if kind in (*KINDS, "unknown") else "",
            state=state if state in STATES else "",
            purpose=query.get("purpose", "").strip()[:LONGEST_TEXT],
            campaign=query.get("campaign", "").strip()[:40],
            verdict=verdict if verdict in VERDICTS else "",
            area=area if corners(area) else "",
        )

    @property
    def asked(self) -> dict[str, str]:
        """The filters that are set, by their names in an address. A campaign alone asks for nothing."""
        every = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in every.items() if value and (name != "campaign" or self.verdict)}

    @property
    def address(self) -> str:
        """The filters as the query part of an address, without the question mark."""
        return urlencode(self.asked)

    def wanted(self, *, within: Scope) -> Wanted:
        """What is asked, in the words of the register."""
        chosen = None
        if self.verdict:
            known = [one.code for one in inventory.campaigns(within=within)]
            campaign = self.campaign if self.campaign in known else (known[0] if known else "")
            chosen = cameras_with(self.verdict, campaign=campaign, within=within) if campaign else None
        return Wanted(
            text=self.text, owner=self.owner, kind=self.kind, state=self.state, purpose=self.purpose,
            places=meant_places(self.text, within=within), area=corners(self.area), chosen=chosen,
        )  # fmt: skip


def corners(text: str) -> Area:
    """The polygon of an address; empty where it is none: fewer than three corners, too many, or off the earth."""
    if not text or len(text) > 40 * MOST_CORNERS:
        return ()
    try:
        found = tuple((float(lon), float(lat)) for lon, lat in (pair.split("_") for pair in text.split("~")))
    except ValueError:
        return ()
    fits = all(isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in found)
    return found if fits and _FEWEST_CORNERS <= len(found) <= MOST_CORNERS else ()


def meant_places(text: str, *, within: Scope) -> tuple[str, ...]:
    """Marks of the street, and of the house if one is named, that a text means in any language or by an old name."""
    if not any(letter.isalpha() for letter in text):
        return ()
    found = gazetteer().resolve([text])[0]
    # A street that two share, or that nobody knows: what is written alike in the lists has the same key.
    if not found.street_key or found.status == "empty":
        return ()
    mark = place_mark(found.street_key, found.house)
    unsure = found.matched.partition("+")[0] not in _SURE and found.status in ("exact", "street")
    if unsure and searching.count_cameras(Wanted(text=text), within=within):
        return ()
    return (mark,)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter form offers to a person."""

    found: searching.FilterChoices
    kinds: Mapping[str, labels.Label]
    states: Mapping[str, labels.Label]
    campaigns: list[tuple[str, str]]
    verdicts: Mapping[str, labels.Label]


def choices(request: HttpRequest) -> Choices:
    """What the filter form offers to this person."""
    within = seen_by(request)
    campaigns = [(one.code, one.name) for one in inventory.campaigns(within=within)]
    found = searching.filter_choices(within=within)
    return Choices(found, labels.KINDS, labels.STATES, campaigns, VERDICT_LABELS)


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for, 1 where it asks for none or for nonsense."""
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1
