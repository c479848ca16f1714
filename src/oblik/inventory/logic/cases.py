"""What people make of discrepancies: one matter per camera, kind and field, its facts, and when it stays settled."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from oblik.inventory.logic.discrepancies import Discrepancy, DiscrepancyKind, Said

CaseState = Literal["open", "in_work", "resolved"]
CASE_STATES: Final[tuple[CaseState, ...]] = ("open", "in_work", "resolved")

Outcome = Literal["accepted", "owner_fixes", "written_off", "field_check"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("accepted", "owner_fixes", "written_off", "field_check")

Key = tuple[str, str, str]  # kind, camera, field


@dataclass(frozen=True, slots=True)
class Matter:
    """A discrepancy and all whom it concerns: the act counts each camera and field once.

    facts: a fingerprint of who says what. It does not change when a list comes again that says the same.
    """

    kind: DiscrepancyKind
    camera: str
    field: str
    owners: tuple[str, ...]
    values: tuple[Said, ...]
    gap: float | None
    facts: str

    @property
    def key(self) -> Key:
        """What it is found again by, however often the campaign is counted."""
        return (self.kind, self.camera, self.field)


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a matter was settled and what that rests on."""

    outcome: str
    document: str = ""


def matters_of(parts: Iterable[Discrepancy]) -> tuple[Matter, ...]:
    """The discrepancies, each camera and field once, in the order in which they first come; empty gives empty."""
    told: dict[Key, list[Discrepancy]] = {}
    for part in parts:
        told.setdefault((part.kind, part.camera, part.field), []).append(part)
    return tuple(_matter(found) for found in told.values())


def _matter(found: list[Discrepancy]) -> Matter:
    first = found[0]
    values: list[Said] = []
    for part in found:
        values += [said for said in part.values if said not in values]
    owners = tuple(dict.fromkeys(part.owner for part in found))
    return Matter(first.kind, first.camera, first.field, owners, tuple(values), first.gap, facts_of(found))


def facts_of(parts: Iterable[Discrepancy]) -> str:
    """SHA-256 in hex over whom a matter concerns and who says what.

    Not over files and rows: the same words in a newer list settle nothing and unsettle nothing.
    """
    said = sorted((part.owner, one.value, sorted(set(one.owners))) for part in parts for one in part.values)
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def state_now(state: str, *, facts_then: str, facts_now: str) -> CaseState:
    """The state of a case as its matter stands now: what was settled is open again once other facts are told."""
    if state == "resolved":
        return "resolved" if facts_then == facts_now else "open"
    return "in_work" if state == "in_work" else "open"


def settled(matters: Collection[Matter], *, resolutions: dict[Key, tuple[Resolution, str]]) -> dict[Key, Resolution]:
    """The resolutions (with the facts they were found on) that still stand."""
    return {
        one.key: resolutions[one.key][0]
        for one in matters
        if one.key in resolutions and resolutions[one.key][1] == one.facts
    }
