"""Where an address is: every name of a street leads to one key, and its house to a point."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from oblik.city.logic.addresses import ParsedAddress, parse_address
from oblik.city.logic.guesses import Asked, Guesser
from oblik.city.logic.landmarks import Found, Landmarks, Spots
from oblik.city.logic.names import latin_house, street_fold
from oblik.city.logic.places import Nearby, Place, Places
from oblik.city.logic.roads import Roads, StreetLines, renames_of
from oblik.city.logic.streets import Named, Points, Rename, Street, lay_out, learned_words, spellings
from oblik.city.logic.words import GENDERS, KIND_KEYS, MAJOR_KINDS, STOP_KINDS, UNSURE_KINDS

Status = Literal["exact", "street", "ambiguous", "unknown", "empty"]
REMEMBERED_NAMES: Final = 200_000  # names looked up, kept between calls; a bound for processes that run for weeks
OPPOSITE_M: Final = 40.0  # across from or beside a house whose street has no line
CORNER_REACH_M: Final = 400.0  # streets whose nearest houses lie further apart do not meet


@dataclass(frozen=True, slots=True)
class Resolved:
    """An address resolved against the city's tables.

    street: the current Ukrainian name with its kind, or the name as written where the street is unknown. Coordinates
    and accuracy_m are None where there is no place. status: "exact" a point of the house, or of the corner; "street"
    the street is known, the place is only near (a neighbouring or interpolated house, the middle of the street) or
    absent; "ambiguous" several streets fit; "unknown" none fits: street_key is then the key of the name as written, so
    that equal spellings still meet; "empty" no street in the text. matched says how, as "name+place": current |
    translated | former | kind | partial | loose | fuzzy, then point | base | between | near | corner | opposite |
    middle; for a place known by its name its kind, then place, or place? for a mistyped name.
    """

    street_key: str = ""
    street: str = ""
    house: str = ""
    district: str = ""
    lon_deg: float | None = None
    lat_deg: float | None = None
    accuracy_m: float | None = None
    status: Status = "empty"
    matched: str = ""
    settlement: str = ""


EMPTY: Final = Resolved()

_EXACT: Final = ("point", "corner", "opposite")
_WITHOUT_HOUSES: Final = STOP_KINDS | {"район"}


class Gazetteer:
    """All streets of the loaded tables. Build it once and ask it for many addresses at a time."""

    def __init__(
        self, streets: list[Street], names: dict[str, list[Named]], points: Points, renames: Sequence[Rename]
    ) -> None:
        self.roads = Roads(StreetLines(), {})
        self.landmarks = Landmarks(Spots())
        self.streets = streets
        self._names = names
        self._dictionary = learned_words(renames)
        self._places = Places(points)
        self._guesser = Guesser(names, spellings(streets, renames))
        self._nearby: Nearby | None = None
        self._found: dict[Asked, list[Named]] = {}
        self._settlements = {street_fold(street.settlement) for street in streets if street.settlement}

    @classmethod
    def build(
        cls,
        points: Points | None = None,
        renames: Iterable[Rename] = (),
        *,
        lines: StreetLines | None = None,
        spots: Spots | None = None,
    ) -> "Gazetteer":
        """A gazetteer of these tables, any of which may be empty; unknown names keep the key of `parse_address`."""
        points = points or Points()
        renames = [*renames, *(renames_of(lines) if lines else ())]
        streets, names = lay_out(points, renames)
        found = cls(streets, names, points, renames)
        if lines:
            found.roads = Roads(lines, names)
        if spots:
            found.landmarks = Landmarks(spots)
        return found

    def __len__(self) -> int:
        return len(self.streets)

    def resolve(self, addresses: Sequence[str], *, settlements: Sequence[str] | None = None) -> list[Resolved]:
        """One answer per address, in order; equal texts are worked out once.

        settlements: the town of each address where a list has it in a column of its own; "" where it has none.
        """
        if len(self._found) > REMEMBERED_NAMES:
            self._found = {}
        towns = settlements if settlements is not None else [""] * len(addresses)
        asked = dict.fromkeys(zip(addresses, towns, strict=True))
        parsed = {one: _with_town(parse_address(one[0]), one[1]) for one in asked}
        self._guess_unknown(parsed.values())
        answers = {one: self._answer(address, one[0])[0] for one, address in parsed.items()}
        return [answers[one] for one in zip(addresses, towns, strict=True)]

    def find(self, text: str, *, limit: int = 5) -> list[Resolved]:
        """All places that a text may mean, the surest first; several only where it fits several. Empty for none."""
        address = parse_address(text)
        self._guess_unknown([address])
        found = [one for one in self._answer(address, text) if one.lon_deg is not None]
        return sorted(found, key=lambda one: one.accuracy_m or 0.0)[:limit]

    def nearest(self, lon_deg: float, lat_deg: float, *, within_m: float = 250.0) -> Resolved | None:
        """The house whose point is nearest; accuracy_m is how far it lies. None where none is within `within_m`."""
        if self._nearby is None:
            self._nearby = Nearby(self.streets, self._places)
        found = self._nearby.nearest(lon_deg, lat_deg, within_m=within_m)
        if found is None:
            return None
        street, house, place = found
        return Resolved(
            street_key=street.key,
            street=street.label,
            house=house,
            district=place.district or street.district,
            lon_deg=place.lon_deg,
            lat_deg=place.lat_deg,
            accuracy_m=place.accuracy_m,
            status="exact",
            matched="nearest+point",
            settlement=street.settlement,
        )

    # finding the street

    def _guess_unknown(self, addresses: Iterable[ParsedAddress]) -> None:
        """Typing mistakes are looked up in one batch: comparing every name with every other is what costs time."""
        missing = {asked for address in addresses for asked in _asked(address) if not self._known(asked)}
        self._found.update(self._guesser.mistyped(missing))

    def _known(self, asked: Asked) -> list[Named]:
        found = self._found.get(asked)
        if found is None:
            kind, fold, gender, _ = asked
            found = self._look_up(kind, fold, gender) or self._guesser.related(kind, fold)
            self._found[asked] = found
        return found

    def _look_up(self, kind: str, fold: str, gender: str) -> list[Named]:
        found = self._named(kind, fold, gender)
        if not found and self._dictionary:
            other = " ".join(sorted(self._dictionary.get(word, word) for word in fold.split(" ")))
            if other != fold:
                return [one._replace(how="translated") for one in self._named(kind, other, gender)]
        return found

    def _named(self, kind: str, fold: str, gender: str) -> list[Named]:
        named = self._names.get(fold)
        if not named:
            return []
        if kind:
            return [one for one in named if one.kind == kind] or [one for one in named if not one.kind]
        if gender and len(named) > 1:
            return [one for one in named if one.kind in GENDERS[gender]] or named
        return named

    def _candidates(self, address: ParsedAddress) -> list[Named]:
        kind = KIND_KEYS.get(address.kind, address.kind)
        found = self._known((kind, address.folded, address.gender, address.name))
        if not kind and address.house and len(found) > 1:  # stops and quarters number no houses
            found = [one for one in found if one.kind not in _WITHOUT_HOUSES] or found
        if not found and not address.sure:
            for other in UNSURE_KINDS["пр"]:
                found = found or self._known((other, address.folded, "", address.name))
        if not found and kind == "вулиця":
            found = self._major(address)
        if not found and not kind and " " in address.name and address.house:
            found = self._after_first_word(address)
        if not found and address.house and not address.corner_key:
            slips = self._guesser.short_slips(kind, address.name)
            found = [one for one in slips if address.house in one.street.houses]
        return self._of_settlement(found, address.settlement)

    def _major(self, address: ParsedAddress) -> list[Named]:
        """ "вул." said of what is an avenue: believed only if no other kind has the name and the house is there."""
        named = self._names.get(address.folded, [])
        if len({one.street.key for one in named}) != 1 or not all(one.kind in MAJOR_KINDS for one in named):
            return []
        return [one._replace(how="kind") for one in named if address.house in one.street.houses]

    def _after_first_word(self, address: ParsedAddress) -> list[Named]:
        """ "Харків Сумська 25": the first word is no part of the name, if it is no adjective and the house is there."""
        first, _, rest = address.name.partition(" ")
        fold = street_fold(rest)
        if not fold or not first[0].isupper() or first[-1].lower() in "аеєиіїоуюяйьыэё.":
            return []
        found = self._look_up("", fold, address.gender)
        return [one._replace(how="partial") for one in found if address.house in one.street.houses]

    def _of_settlement(self, found: list[Named], settlement: str) -> list[Named]:
        if not settlement or len(found) < 2:
            return found
        town = street_fold(settlement)
        if town not in self._settlements:
            return found
        return [one for one in found if street_fold(one.street.settlement) == town] or found

    def _choose(self, found: list[Named], address: ParsedAddress) -> Named | None:
        """The one street meant: the house decides, then today's name before yesterday's; None if it stays open."""
        streets = {id(one.street): one for one in reversed(found)}
        if len(streets) == 1:
            return found[0]
        if address.house:
            for house in dict.fromkeys((address.house, latin_house(address.house), _base(address.house))):
                owners = [one for one in streets.values() if house in one.street.houses]
                if len(owners) == 1:
                    return owners[0]
                if owners:
                    return None
        current = [one for one in streets.values() if one.how == "current"]
        return current[0] if len(current) == 1 and len({one.kind for one in found}) == 1 else None

    # finding the place

    def _answer(self, address: ParsedAddress, text: str) -> list[Resolved]:
        """The answer first; after an answer that stays open, the places it may mean."""
        found = self._candidates(address) if address.key else []
        if address.corner_key and not address.house:
            corner = self._corner(address, found)
            if corner:
                return [corner]
        named = self._choose(found, address) if found else None
        if named is not None and (named.street.rows or named.kind not in STOP_KINDS):
            return [self._place(address, named)]
        spots = [_of_spot(address, spot) for spot in self.landmarks.find(text)] if len(self.landmarks) else []
        if named is not None:
            placed = self._place(address, named)
            return [replace(spots[0], street_key=placed.street_key)] if len(spots) == 1 else [placed]
        if len(spots) == 1:
            return spots
        if not address.key:
            open_ = Resolved(house=address.house, district=address.district, settlement=address.settlement)
            return [open_, *spots]
        streets = {id(one.street): one for one in reversed(found)}.values()
        return [
            _unplaced(address, "ambiguous" if found or spots else "unknown"),
            *(self._place(address, one) for one in streets),
            *spots,
        ]

    def _place(self, address: ParsedAddress, named: Named) -> Resolved:
        place = self._places.of(named.street, address.house, latin=address.latin)
        if place is None or place.how == "middle":
            middle = self.roads.middle(named.street)
            place = Place(*middle, "middle", place.district if place else "") if middle else place
        elif address.opposite and address.house and place.accuracy_m <= OPPOSITE_M:
            across = self.roads.across(named.street, place.lon_deg, place.lat_deg)
            if across:
                accuracy_m = max(across[2], place.accuracy_m)
                return _placed(address, named, Place(*across[:2], accuracy_m, "opposite", place.district))
        return _placed(address, named, place)

    def _corner(self, address: ParsedAddress, found: list[Named]) -> Resolved | None:
        others = self._of_settlement(self._known(_asked(address)[1]), address.settlement)
        best: tuple[Place, Named] | None = None
        for one in found:
            for other in others:
                place = self._meeting(one.street, other.street) if other.street is not one.street else None
                if place and (best is None or place.accuracy_m < best[0].accuracy_m):
                    best = place, one
        if best is None or best[0].accuracy_m > CORNER_REACH_M:
            return None
        return _placed(address, best[1], best[0])

    def _meeting(self, one: Street, other: Street) -> Place | None:
        met = self.roads.corner(one, other)
        return Place(*met, "corner") if met else self._places.corner(one, other)


def _of_spot(address: ParsedAddress, spot: Found) -> Resolved:
    return Resolved(
        street_key=address.key,
        street=spot.name,
        district=address.district,
        lon_deg=spot.lon_deg,
        lat_deg=spot.lat_deg,
        accuracy_m=spot.accuracy_m,
        status="exact",
        matched=f"{spot.kind}+{spot.how}",
        settlement=address.settlement,
    )


def _asked(address: ParsedAddress) -> list[Asked]:
    """What is looked up for an address: its street, and the second one of a corner."""
    if not address.key:
        return []
    asked = [(KIND_KEYS.get(address.kind, address.kind), address.folded, address.gender, address.name)]
    if address.corner_key:
        kind, _, fold = address.corner_key.partition("|")
        asked.append((kind, fold, "", address.corner_of.partition(" ")[2] if kind else address.corner_of))
    return asked


def _with_town(address: ParsedAddress, town: str) -> ParsedAddress:
    if not town or address.settlement:
        return address
    settled = parse_address(f"{town}, вул. А").settlement if "." in town else town.strip()
    return address._replace(settlement=settled or town.strip())


def _base(house: str) -> str:
    """The number alone: "12А/3" -> "12"."""
    end = 0
    while end < len(house) and house[end].isdigit():
        end += 1
    return house[:end]


def _unplaced(address: ParsedAddress, status: Status) -> Resolved:
    return Resolved(
        street_key=address.key,
        street=f"{address.kind} {address.name}".strip(),
        house=address.house,
        district=address.district,
        status=status,
        settlement=address.settlement,
    )


def _placed(address: ParsedAddress, named: Named, place: Place | None) -> Resolved:
    street = named.street
    accuracy_m = place.accuracy_m if place else None
    if place and address.opposite and place.how != "opposite":
        accuracy_m = max(place.accuracy_m, OPPOSITE_M)
    return Resolved(
        street_key=street.key,
        street=street.label,
        house=address.house,
        district=(place.district if place else "") or street.district or address.district,
        lon_deg=place.lon_deg if place else None,
        lat_deg=place.lat_deg if place else None,
        accuracy_m=accuracy_m,
        status="exact" if place and place.how in _EXACT else "street",
        matched=f"{named.how}+{place.how}" if place else named.how,
        settlement=street.settlement or address.settlement,
    )
