"""Which streets a city has, under all their names, and which houses stand on them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from oblik.city.logic.addresses import parse_address, split_kind
from oblik.city.logic.names import fold_words, house_key, kind_of, street_fold
from oblik.city.logic.words import KIND_KEYS

_M_PER_DEG: Final = 111_195.0
_RUNS_ON_M: Final = 300.0
Identity = tuple[str, str, str]  # settlement as given, kind as in keys, fold of the name


class Points(NamedTuple):
    """Address points as columns of one length; settlement and district may be left empty as a whole."""

    kind: Sequence[str] = ()
    street: Sequence[str] = ()
    house: Sequence[str] = ()
    lat_deg: Sequence[float] = ()
    lon_deg: Sequence[float] = ()
    settlement: Sequence[str] = ()
    district: Sequence[str] = ()


class Rename(NamedTuple):
    """One renaming. Any of the four names may be empty, but not both new ones. decided_on sorts as text (ISO date)."""

    kind_old: str
    kind_new: str
    old_uk: str
    new_uk: str
    old_ru: str = ""
    new_ru: str = ""
    settlement: str = ""
    decided_on: str = ""


class Street:
    """One street of today: its key, its label in Ukrainian, and its houses as row numbers of the points."""

    __slots__ = ("district", "fold", "houses", "key", "kind", "label", "repeats", "rows", "settlement")

    def __init__(self, identity: Identity, label: str) -> None:
        self.settlement, self.kind, self.fold = identity
        self.label = label
        self.key = f"{self.kind}|{self.fold}"
        self.houses: dict[str, int] = {}
        self.repeats: dict[str, list[int]] = {}  # a house with several points
        self.rows: list[int] = []
        self.district = ""


class Named(NamedTuple):
    """One name of a street: how is "current", "translated" (another language) or "former"."""

    kind: str
    street: Street
    how: str


_RANK: Final = {"current": 0, "translated": 1, "former": 2}


class _Turn(NamedTuple):
    """A rename reduced to what matters: the old names, and the street of today."""

    old: tuple[tuple[str, str], ...]  # (kind, fold)
    new: tuple[str, str]
    other_new: tuple[tuple[str, str], ...]
    label: str
    settlement: str
    decided_on: str


def lay_out(points: Points, renames: Iterable[Rename]) -> tuple[list[Street], dict[str, list[Named]]]:
    """All streets, and for each folded name the streets it may mean.

    A street split in two keeps two streets: nobody who writes a part's new name means the other part, and both parts
    count their houses from the same numbers. The old name leads to both, and the house decides.
    A name given up by one street and given to another leads to both streets and joins nothing. Two renames in a row
    (A to B, later B to C) are one street only if the dates say so or only C is among the points.
    Points filed under an old name move to the street of today, unless that name is in use again or was split.
    """
    turns = [turn for turn in map(_turn, renames) if turn.new[1]]
    streets: dict[Identity, Street] = {}
    _add_points(streets, points)
    _join_near(streets, points)
    given = {(settlement, kind, fold) for settlement, kind, fold in streets}
    turns = _followed(turns, {(kind, fold) for _, kind, fold in given})
    _move_outdated(streets, turns)
    index: dict[str, dict[tuple[str, int], Named]] = defaultdict(dict)
    by_name = _by_name(streets)
    for turn in turns:
        for street in _targets(turn, streets, by_name):
            for kind, fold in turn.other_new:
                _note(index, fold, Named(kind, street, "translated"))
            for kind, fold in turn.old:
                _note(index, fold, Named(kind, street, "former"))
    for street in streets.values():
        _note(index, street.fold, Named(street.kind, street, "current"))
        _note_inner_kind(index, street)
    _tell_settlements_apart(streets.values())
    return list(streets.values()), {fold: list(named.values()) for fold, named in index.items()}


def learned_words(renames: Iterable[Rename]) -> dict[str, str]:
    """Russian word to Ukrainian word, both folded, as the names given in both languages show ("Еловая", "Ялинова").

    Only words whose translations never disagree.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    for rename in renames:
        for uk, ru in ((rename.old_uk, rename.old_ru), (rename.new_uk, rename.new_ru)):
            words_uk, words_ru = fold_words(uk), fold_words(ru)
            if len(words_uk) == len(words_ru):
                for word_uk, word_ru in zip(words_uk, words_ru, strict=True):
                    seen[word_ru].add(word_uk)
    return {ru: min(uk) for ru, uk in seen.items() if len(uk) == 1 and ru not in uk}


def spellings(streets: Iterable[Street], renames: Iterable[Rename]) -> dict[str, set[str]]:
    """For each folded name the ways in which the tables spell it."""
    written = {street.label.partition(" ")[2] if street.kind else street.label for street in streets}
    written.update(name for rename in renames for name in (rename.old_uk, rename.new_uk, rename.old_ru, rename.new_ru))
    known: dict[str, set[str]] = defaultdict(set)
    for name in written:
        known[street_fold(name)].add(name)
    return known


def _turn(rename: Rename) -> _Turn:
    kind_old, kind_new = kind_of(rename.kind_old), kind_of(rename.kind_new)
    kinds = KIND_KEYS.get(kind_old, kind_old), KIND_KEYS.get(kind_new, kind_new)
    new = [street_fold(name) for name in (rename.new_uk, rename.new_ru) if name.strip()]
    old = {street_fold(name) for name in (rename.old_uk, rename.old_ru) if name.strip()}
    label = f"{kind_new} {rename.new_uk.strip() or rename.new_ru.strip()}".strip()
    first = new[0] if new else ""
    return _Turn(
        old=tuple((kinds[0], fold) for fold in sorted(old) if fold and (kinds[0], fold) != (kinds[1], first)),
        new=(kinds[1], first),
        other_new=tuple((kinds[1], fold) for fold in new[1:] if fold and fold != first),
        label=label,
        settlement=rename.settlement,
        decided_on=rename.decided_on,
    )


def _followed(turns: list[_Turn], given: set[tuple[str, str]]) -> list[_Turn]:
    """Each turn led on to the street of today: A to B, then later B to C, becomes A to C."""
    onward: dict[tuple[str, str], list[_Turn]] = defaultdict(list)
    for turn in turns:
        for old in turn.old:
            onward[old].append(turn)
    return [led for turn in turns for led in _ends(turn, onward, given)]


def _ends(turn: _Turn, onward: dict[tuple[str, str], list[_Turn]], given: set[tuple[str, str]]) -> list[_Turn]:
    here, seen = turn, {turn.new}
    while True:
        later = [other for other in onward.get(here.new, ()) if _goes_on(here, other, given)]
        targets = {other.new for other in later}
        if len(targets) != 1 or later[0].new in seen:
            return [turn._replace(new=here.new, label=here.label, other_new=here.other_new)]
        here = later[0]
        seen.add(here.new)


def _goes_on(first: _Turn, then: _Turn, given: set[tuple[str, str]]) -> bool:
    if first.settlement != then.settlement:
        return False
    if first.decided_on and then.decided_on:
        return first.decided_on < then.decided_on
    return first.new not in given and then.new in given


def _add_points(streets: dict[Identity, Street], points: Points) -> None:
    settlements = points.settlement or [""] * len(points.kind)
    districts = points.district or [""] * len(points.kind)
    groups: dict[tuple[str, str, str], Street | None] = {}
    keys: dict[str, str] = {}
    in_district: dict[Street, Counter[str]] = defaultdict(Counter)
    for row, triple in enumerate(zip(points.kind, points.street, settlements, strict=True)):
        if triple not in groups:
            groups[triple] = _street_of(streets, *triple)
        street = groups[triple]
        if street is None:
            continue
        street.rows.append(row)
        if districts[row]:
            in_district[street][districts[row]] += 1
        written = points.house[row]
        if written not in keys:
            keys[written] = house_key(written)
        _add_house(street, keys[written], row)
    for street, counted in in_district.items():
        if len(counted) == 1:
            street.district = next(iter(counted))


def _add_house(street: Street, house: str, row: int) -> None:
    if not house:
        return
    first = street.houses.setdefault(house, row)
    if first != row:
        street.repeats.setdefault(house, [first]).append(row)


def _join_near(streets: dict[Identity, Street], points: Points) -> None:
    """Streets of one name are one where their houses run on into each other, whatever town each point names.

    Maps name the town of some houses and not of others. Two streets that count the same numbers stay two.
    """
    same: dict[tuple[str, str], list[Street]] = defaultdict(list)
    for (_, kind, fold), street in streets.items():
        same[kind, fold].append(street)
    at = np.column_stack([np.asarray(points.lon_deg, dtype=np.float64), np.asarray(points.lat_deg, dtype=np.float64)])
    for several in same.values():
        several.sort(key=lambda street: -len(street.rows))
        for index, large in enumerate(several):
            for small in several[index + 1 :]:
                if large.rows and small.rows and _runs_on(large, small, at):
                    _take_in(large, small)
                    del streets[small.settlement, small.kind, small.fold]
                    small.rows = []


def _runs_on(large: Street, small: Street, at: npt.NDArray[np.float64]) -> bool:
    if len(large.houses.keys() & small.houses.keys()) > max(1, len(small.houses) // 5):
        return False
    one, other = at[large.rows], at[small.rows]
    shrink = float(np.cos(np.radians(one[0, 1])))
    gaps = np.hypot((one[:, None, 0] - other[:, 0]) * shrink, one[:, None, 1] - other[:, 1])
    return float(gaps.min()) * _M_PER_DEG <= _RUNS_ON_M


def _take_in(known: Street, street: Street) -> None:
    for house, row in street.houses.items():
        for each in street.repeats.get(house, [row]):
            _add_house(known, house, each)
    known.rows.extend(street.rows)


def _street_of(streets: dict[Identity, Street], kind: str, name: str, settlement: str) -> Street | None:
    found, name = split_kind(kind, name)
    fold = street_fold(name)
    if not fold:
        return None
    identity = (settlement, KIND_KEYS.get(found, found), fold)
    if identity not in streets:
        streets[identity] = Street(identity, f"{found} {name}".strip())
    return streets[identity]


def _by_name(streets: dict[Identity, Street]) -> dict[tuple[str, str], list[Street]]:
    found: dict[tuple[str, str], list[Street]] = defaultdict(list)
    for street in streets.values():
        found[street.kind, street.fold].append(street)
    return found


def _move_outdated(streets: dict[Identity, Street], turns: list[_Turn]) -> None:
    taken = {(turn.settlement, *turn.new) for turn in turns}
    leads: dict[Identity, set[tuple[str, str]]] = defaultdict(set)
    for turn in turns:
        for kind, fold in turn.old:
            leads[turn.settlement, kind, fold].add(turn.new)
    filed = _by_name(streets)
    for turn in turns:
        for kind, fold in turn.old:
            in_use = taken & {(turn.settlement, kind, fold), ("", kind, fold)}
            if in_use or len(leads[turn.settlement, kind, fold]) != 1:
                continue
            under = [s for s in filed.get((kind, fold), ()) if turn.settlement in ("", s.settlement)]
            if len(under) == 1:  # the same name in two settlements: a rename that names neither may mean either
                _move(streets, under[0], turn)
                filed[kind, fold].remove(under[0])


def _move(streets: dict[Identity, Street], street: Street, turn: _Turn) -> None:
    target = (street.settlement, *turn.new)
    del streets[street.settlement, street.kind, street.fold]
    if target in streets:
        known = streets[target]
        _take_in(known, street)
        return
    moved = Street(target, turn.label)
    moved.houses, moved.repeats, moved.rows = street.houses, street.repeats, street.rows
    moved.district = street.district
    streets[target] = moved


def _targets(
    turn: _Turn, streets: dict[Identity, Street], by_name: dict[tuple[str, str], list[Street]]
) -> list[Street]:
    kind, fold = turn.new
    found = _of(turn, by_name.get(turn.new, ()))
    if not found and kind:
        found = _of(turn, by_name.get(("", fold), ()))
    elif not found:
        found = _of(turn, [s for (_, name), some in by_name.items() if name == fold for s in some])
        found = found if len(found) == 1 else []
    if found:
        return found
    street = Street((turn.settlement, *turn.new), turn.label)
    streets[turn.settlement, street.kind, street.fold] = street
    by_name.setdefault(turn.new, []).append(street)
    return [street]


def _of(turn: _Turn, streets: Iterable[Street]) -> list[Street]:
    return [street for street in streets if turn.settlement in ("", street.settlement)]


def _note(index: dict[str, dict[tuple[str, int], Named]], fold: str, named: Named) -> None:
    known = index[fold].get((named.kind, id(named.street)))
    if known is None or _RANK[named.how] < _RANK[known.how]:
        index[fold][named.kind, id(named.street)] = named


def _note_inner_kind(index: dict[str, dict[tuple[str, int], Named]], street: Street) -> None:
    """ "вулиця Полтавський Шлях" is also written "Полтавський шлях"."""
    name = street.label.partition(" ")[2]
    inner = parse_address(name) if " " in name else None
    if inner and inner.kind and inner.folded and inner.folded != street.fold and not inner.house:
        _note(index, inner.folded, Named(KIND_KEYS.get(inner.kind, inner.kind), street, "current"))


def _tell_settlements_apart(streets: Iterable[Street]) -> None:
    same: dict[str, list[Street]] = defaultdict(list)
    for street in streets:
        same[street.key].append(street)
    for key, several in same.items():
        if len(several) > 1:
            for street in several:
                street.key = f"{key}|{street_fold(street.settlement)}"
