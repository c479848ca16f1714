"""Rows that stand for several cameras, and the cells that give each of those its own value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from oblik.intake.logic.drafts import LONGEST_VALUE, Column, Draft, Normalised, codes_of, normalised
from oblik.intake.logic.values import bearings, counts, identifiers, network

# Cells whose lists tell the cameras of a row apart.
_LISTED: Final[dict[str, Callable[[str], Normalised]]] = {
    "mac": identifiers.mac,
    "serial": identifiers.serial,
    "onvif_uuid": identifiers.uuid,
    "inventory_number": identifiers.inventory_number,
    "bearing_deg": bearings.bearing,
}
# What names one device: without a list only the first camera of the row keeps it.
_OF_ONE_DEVICE: Final = ("mac", "serial", "onvif_uuid")
_MAY_SAY_HOW_MANY: Final = ("name", "vendor_model", "model", "kind")
_SEPARATORS: Final = re.compile(r"\s*(?:[;\n|]|,(?=\s)|,(?!\d)|\s/\s|\sта\s|\sи\s|\sі\s|\sand\s)\s*")
_LIST_MARKS: Final = (";", "\n", "|", ",", " / ", " та ", " и ", " і ", " and ")
_MAYBE_LIST: Final = re.compile(r"[;\n|,]|\s/\s|\s(?:та|и|і|and)\s")

T = TypeVar("T")


@dataclass(slots=True)
class Parts:
    """How many cameras each row became, and the values that its parts have of their own.

    own: (row, field) -> one value per part.
    """

    sizes: list[int]
    own: dict[tuple[int, str], list[object | None]]

    @property
    def is_plain(self) -> bool:
        """True where every row is one camera."""
        return not self.own and all(size == 1 for size in self.sizes)


def addresses(draft: Draft) -> dict[int, tuple[str, ...]]:
    """Fill `ip` and `port`; the rows with several addresses."""
    several: dict[int, tuple[str, ...]] = {}
    for column in draft.columns.get("ip", ()):
        first = network.plain_ips(set(column.texts))
        odd = Column(column.header, column.unit, [text for text in column.texts if text not in first])
        found = normalised(odd, network.network)
        ports: dict[str, int | None] = {}
        many: dict[str, tuple[str, ...]] = {}
        for text, (answer, _) in found.items():
            if isinstance(answer, network.Network):
                first[text], ports[text] = answer.ips[0], answer.port
                if len(answer.ips) > 1:
                    many[text] = answer.ips
        draft.fill("ip", list(map(first.get, column.texts)))
        if any(port is not None for port in ports.values()):
            draft.fill("port", [ports.get(text) for text in column.texts])
        draft.note_codes("ip", column, codes_of(found))
        if many:
            for row, text in enumerate(column.texts):
                if text in many:
                    several.setdefault(row, many[text])
    return several


def split_rows(draft: Draft, ips: dict[int, tuple[str, ...]]) -> Parts:
    """How many cameras each row stands for, from its count, its addresses and its lists of devices.

    Wants the listed columns raw: it normalises cells with several values and takes back the problems they gave.
    """
    told = _told(draft)
    lists = _lists(draft)
    sizes = [1] * len(draft)
    own: dict[tuple[int, str], list[object | None]] = {}
    for row in sorted(set(told) | set(ips) | {row for row, _ in lists}):
        devices = {"ip": list[object | None](ips[row])} if row in ips else {}
        devices |= {name: lists[row, name] for name in _LISTED if (row, name) in lists}
        sizes[row] = _agreed(draft, row, told=told.get(row), devices=devices)
        if sizes[row] < 2:
            continue
        for name, values in devices.items():
            if len(values) <= sizes[row]:
                own[row, name] = values + [None] * (sizes[row] - len(values))
                _forget(draft, row, name)
        for name in _OF_ONE_DEVICE:
            value = draft.values[name][row] if name in draft.values else None
            if name not in devices and value is not None:
                own[row, name] = [value] + [None] * (sizes[row] - 1)
    return Parts(sizes, own)


def _told(draft: Draft) -> dict[int, int]:
    """Rows whose count column, name or model says how many cameras there are."""
    told: dict[int, int] = {}
    for column in draft.columns.get("count", ()):
        found = normalised(column, counts.count)
        draft.note_codes("count", column, codes_of(found))
        numbers = {text: value for text, (value, _) in found.items() if isinstance(value, int)}
        told = _by_row(column, numbers) | told
    for column in (column for target in _MAY_SAY_HOW_MANY for column in draft.columns.get(target, ())):
        said = {text: counts.count_within(text) for text in set(column.texts) if len(text) <= LONGEST_VALUE}
        more = {text: number for text, number in said.items() if number is not None and number > 1}
        told = _by_row(column, more) | told
    return told


def _lists(draft: Draft) -> dict[tuple[int, str], list[object | None]]:
    """Cells that hold several values, every one of them good."""
    lists: dict[tuple[int, str], list[object | None]] = {}
    for name, normalise in _LISTED.items():
        for column in draft.columns.get(name, ()):
            maybe = _maybe_lists(column)
            found = {text: values for text in maybe if (values := _listed(text, normalise))}
            for row, values in _by_row(column, found).items():
                lists.setdefault((row, name), values)
    return lists


def _maybe_lists(column: Column) -> set[str]:
    unique = set(column.texts)
    together = "\0".join(unique)  # one look at all of them is many times faster than a look at each
    if not any(mark in together for mark in _LIST_MARKS):
        return set()
    return {text for text in unique if len(text) <= LONGEST_VALUE and _MAYBE_LIST.search(text)}


def _by_row(column: Column, found: Mapping[str, T]) -> dict[int, T]:
    """The rows whose text was found."""
    if not found:
        return {}
    return {row: found[text] for row, text in enumerate(column.texts) if text in found}


def _listed(text: str, normalise: Callable[[str], Normalised]) -> list[object | None] | None:
    pieces = [piece for piece in _SEPARATORS.split(text.strip()) if piece]
    if not 2 <= len(pieces) <= counts.MOST:
        return None
    values = [normalise(piece)[0] for piece in pieces]
    return None if any(value is None for value in values) else values


def _agreed(draft: Draft, row: int, *, told: int | None, devices: dict[str, list[object | None]]) -> int:
    """The number of cameras of a row; disagreement is noted and the larger number taken, so that none is hidden.

    A list of bearings or inventory numbers alone does not make cameras: one camera may turn, one thing may be booked
    twice. It only counts where the row says how many cameras there are.
    """
    strong = {len(values) for name, values in devices.items() if name in ("ip", *_OF_ONE_DEVICE)}
    most = max(strong, default=1)
    if told is None:
        told = most
    elif strong and most != told:
        header = draft.header_of("count", "name", "vendor_model", "model", "kind")
        draft.note(row, "count_disagrees", "count", str(told), column=header)
    if len(strong) > 1:
        draft.note(row, "count_disagrees", "ip", str(most), column=draft.header_of("ip", *_OF_ONE_DEVICE))
    size = max(told, most)
    if size > counts.MOST:
        draft.note(row, "count_implausible", "count", str(size), column=draft.header_of("count", "ip"))
        return 1
    return size


def _forget(draft: Draft, row: int, name: str) -> None:
    """Take back what was noted about a cell when it was read as one value."""
    kept = [problem for problem in draft.problems.get(row, ()) if problem.field != name or name == "ip"]
    if kept:
        draft.problems[row] = kept
    else:
        draft.problems.pop(row, None)
