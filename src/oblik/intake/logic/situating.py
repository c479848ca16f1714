"""Addresses of a list: joined from their parts, resolved to streets and houses, and held against given coordinates."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from oblik.city.logic.addresses import parse_address
from oblik.intake.logic.drafts import Draft
from oblik.intake.logic.places import Place, Places
from oblik.intake.logic.values.projected import distance_km
from oblik.intake.logic.values.urls import free_text

DISAGREES_M: Final = 500.0


class Located(Protocol):
    """What a gazetteer knows of one address."""

    @property
    def street_key(self) -> str: ...
    @property
    def street(self) -> str: ...
    @property
    def house(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def lon_deg(self) -> float | None: ...
    @property
    def lat_deg(self) -> float | None: ...
    @property
    def accuracy_m(self) -> float | None: ...
    @property
    def status(self) -> str: ...


class Locator(Protocol):
    """A gazetteer, as far as cleaning needs one."""

    def resolve(self, addresses: Sequence[str], /) -> Sequence[Located]:
        """One answer per address, in order."""
        ...

    def __len__(self) -> int:
        """How many streets it knows; 0 before any table of the city is loaded."""
        ...


def join_addresses(draft: Draft) -> None:
    """Fill `address` from street, house and settlement columns where no address is given."""
    draft.apply("address", free_text)
    street, house, settlement = (
        next(
            ([free_text(text)[0] or "" for text in draft.texts_of(name)] for name in names if name in draft.columns), []
        )
        for names in (("street_part", "street"), ("house_part", "house"), ("settlement",))
    )
    if not street:
        return
    size = len(draft)
    house, settlement = house or [""] * size, settlement or [""] * size
    joined = [
        ", ".join(part for part in (town, road, number) if part) if road else None
        for town, road, number in zip(settlement, street, house, strict=True)
    ]
    draft.fill("address", joined)


def resolve_addresses(draft: Draft, locator: Locator | None) -> list[Located | None]:
    """Fill street_key, street, house and district; what the gazetteer knows of each row, None without one."""
    addresses = draft.values.get("address")
    if addresses is None:
        return [None] * len(draft)
    unique = sorted({address for address in addresses if isinstance(address, str)})
    if locator is None:
        _parse(draft, addresses, unique)
        return [None] * len(draft)
    known = dict(zip(unique, locator.resolve(unique), strict=True))
    found = [known[address] if isinstance(address, str) else None for address in addresses]
    for name in ("street_key", "street", "house", "district"):
        by_address = {address: getattr(answer, name) or None for address, answer in known.items()}
        draft.fill(name, [by_address.get(address) if isinstance(address, str) else None for address in addresses])
    if not len(locator):
        return found  # it knows no street at all: nothing to say about each row
    header = draft.header_of("address", "street_part")
    for row, (address, answer) in enumerate(zip(addresses, found, strict=True)):
        if answer is not None and answer.status in ("ambiguous", "unknown"):
            draft.note(row, f"address_{answer.status}", "address", str(address), column=header)
    return found


def _parse(draft: Draft, addresses: list[object | None], unique: list[str]) -> None:
    parsed = {address: parse_address(address) for address in unique}
    streets = {address: f"{one.kind} {one.name}".strip() or None for address, one in parsed.items()}
    keys = {address: one.key or None for address, one in parsed.items()}
    houses = {address: one.house or None for address, one in parsed.items()}
    for name, known in (("street_key", keys), ("street", streets), ("house", houses)):
        draft.fill(name, [known.get(address) if isinstance(address, str) else None for address in addresses])


def middle_of(found: Sequence[Located | None]) -> Place | None:
    """Where the addresses lie in the middle; None for fewer than three exactly known ones."""
    places = [(one.lon_deg, one.lat_deg) for one in found if one is not None and one.status == "exact"]
    known = np.array([(lon, lat) for lon, lat in places if lon is not None and lat is not None], dtype=np.float64)
    if len(known) < 3:
        return None
    lon, lat = np.median(known, axis=0)
    return float(lon), float(lat)


def compare_and_geocode(draft: Draft, places: Places, found: Sequence[Located | None], *, columns: str) -> None:
    """Doubt coordinates far from their exact address; give rows without coordinates the place of their address.

    columns: the header of the coordinates, for the problem.
    """
    origin = draft.values_of("place_origin")
    given = ~np.isnan(places.lon_deg)
    rows = [
        row for row, one in enumerate(found) if one is not None and one.lon_deg is not None and one.lat_deg is not None
    ]
    for row in rows:
        one = found[row]
        if one is None or one.lon_deg is None or one.lat_deg is None:
            continue
        doubted = False
        if given[row] and one.status == "exact":
            away_m = 1000.0 * distance_km(places.lon_deg[row], places.lat_deg[row], (one.lon_deg, one.lat_deg))
            doubted = away_m > DISAGREES_M + (one.accuracy_m or 0.0)
            if doubted:
                shown = f"{places.lat_deg[row]:.5f}, {places.lon_deg[row]:.5f}"
                draft.note(row, "place_disagrees_with_address", "address", shown, column=columns)
        # A point far from its list and from its own address has two witnesses against it: a digit is wrong.
        if not given[row] or (doubted and "far_from_list" in places.codes.get(row, ())):
            places.lon_deg[row], places.lat_deg[row] = one.lon_deg, one.lat_deg
            places.accuracy_m[row] = np.nan if one.accuracy_m is None else one.accuracy_m
            origin[row] = "geocoded"
