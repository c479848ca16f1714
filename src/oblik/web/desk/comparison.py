"""The sources of a camera side by side: per field what won, why, and what each of the others said."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from math import cos, hypot, radians
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from oblik.inventory.logic.discrepancies import POSITION_TOLERANCE_M
from oblik.registry.logic.fields import FIELDS, Field
from oblik.registry.logic.trust import CORRECTING, PLACE, SOURCE_KINDS
from oblik.registry.queries import CameraCard, SourceLine
from oblik.web.ui.labels import GROUPS, Label
from oblik.web.ui.values import written

_M_PER_DEG: Final = 111_320.0  # one degree of latitude, WGS 84, to 0.5 %

UNSEEN: Final = frozenset({"street_key"})  # a folded form of the street, of use to machines alone

Stand = Literal["won", "agrees", "differs", "silent"]

REASONS: Final[dict[str, Label]] = {
    "alone": "",  # the row itself shows that nobody else says anything
    "agreed": _("the sources agree"),
    "person": _("a person pinned it"),
    "kind": _("this kind of source is trusted more"),
    "newest": _("the newest of equally trusted sources"),
    "measured": _("a measured place outranks one worked out from an address"),
    "first": _("the first of equally trusted sources"),
    "withdrawn": _("its source has been withdrawn since"),
    "elsewhere": _("from a source that you may not see"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one source says of one field."""

    text: str
    stand: Stand


@dataclass(frozen=True, slots=True)
class Other:
    """What a source says of a field that the register does not follow."""

    source: SourceLine
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field across all sources. telling: whether the reason is more than that nobody says otherwise.

    source is the one that gave the value, None where it may not be seen or stands no longer.
    """

    field: Field
    text: str
    why: Label
    cells: list[Cell]
    differ: bool
    telling: bool
    source: SourceLine | None = None
    others: list[Other] = dataclass_field(default_factory=list)

    @property
    def pinned(self) -> bool:
        return self.source is not None and self.source.source_kind == CORRECTING


@dataclass(frozen=True, slots=True)
class Section:
    """The fields of one group that anybody says anything about."""

    label: Label
    rows: list[Row]

    @property
    def differs(self) -> bool:
        return any(row.differ for row in self.rows)


@dataclass(frozen=True, slots=True)
class Comparison:
    sources: list[SourceLine]
    withdrawn: list[SourceLine]
    sections: list[Section]
    differing: int


def compare(card: CameraCard) -> Comparison:
    """All fields that the register or any standing source fills, by group."""
    standing = [claim for claim in card.claims if _stands(claim, card)]
    withdrawn = [claim for claim in card.claims if not _stands(claim, card)]
    sections = []
    for group, label in GROUPS.items():
        rows = [
            row
            for field in FIELDS.values()
            if field.group == group and field.name not in UNSEEN and (row := _row(field, card, standing)) is not None
        ]
        if rows:
            sections.append(Section(label, rows))
    differing = sum(row.differ for section in sections for row in section.rows)
    return Comparison(standing, withdrawn, sections, differing)


def _stands(claim: SourceLine, card: CameraCard) -> bool:
    if claim.withdrawn_at is None:
        return True
    return card.as_of is not None and claim.withdrawn_at.date() > card.as_of


def _row(field: Field, card: CameraCard, sources: Sequence[SourceLine]) -> Row | None:
    """The row of a field; None where nobody says anything."""
    value = card.line.values.get(field.name)
    said = [source for source in sources if source.values.get(field.name) is not None]
    if value is None and not said:
        return None
    winner = card.origins.get(field.name)
    cells = [_cell(field, source, card, winner) for source in sources]
    differ = any(cell.stand == "differs" for cell in cells)
    reason = _reason(field, said, winner, differ=differ) if value is not None else "alone"
    if reason == "withdrawn" and card.hidden:
        reason = "elsewhere"
    telling = reason not in ("alone", "agreed")
    source = next((one for one in sources if one.claim == winner), None) if value is not None else None
    others = [Other(one, cell.text) for one, cell in zip(sources, cells, strict=True) if cell.stand == "differs"]
    return Row(field, written(field.name, value), REASONS[reason], cells, differ, telling, source, others)


def _cell(field: Field, source: SourceLine, card: CameraCard, winner: int | None) -> Cell:
    own = source.values.get(field.name)
    if own is None:
        return Cell("", "silent")
    text = written(field.name, own)
    if source.claim == winner:
        return Cell(text, "won")
    if field.name in PLACE:
        return Cell(text, "agrees" if _same_place(source, card) else "differs")
    return Cell(text, "agrees" if same_value(field, own, card.line.values.get(field.name)) else "differs")


def _same_place(source: SourceLine, card: CameraCard) -> bool:
    """Whether a source puts the camera within POSITION_TOLERANCE_M of where the register has it.

    Degrees by themselves tell a person nothing, and how a place was found is no disagreement about it.
    """
    lon_deg, lat_deg = source.values.get("lon_deg"), source.values.get("lat_deg")
    if None in (lon_deg, lat_deg, card.line.lon_deg, card.line.lat_deg):
        return True
    north_m = (float(str(lat_deg)) - float(str(card.line.lat_deg))) * _M_PER_DEG
    east_m = (float(str(lon_deg)) - float(str(card.line.lon_deg))) * _M_PER_DEG * cos(radians(float(str(lat_deg))))
    return hypot(north_m, east_m) <= POSITION_TOLERANCE_M


def same_value(field: Field, one: object, other: object) -> bool:
    """Whether two values of a field say the same: numbers within the field's tolerance, bearings around the circle."""
    if field.type in ("number", "integer"):
        try:
            apart = abs(float(str(one)) - float(str(other)))
        except ValueError:
            return str(one) == str(other)
        if field.name == "bearing_deg":
            apart = min(apart % 360, 360 - apart % 360)
        tolerance = field.tolerance or (1e-6 if field.unit == "deg" else 0.0)
        return apart <= tolerance
    return str(one).casefold().split() == str(other).casefold().split()


def _reason(field: Field, said: Sequence[SourceLine], winner: int | None, *, differ: bool) -> str:
    won = next((source for source in said if source.claim == winner), None)
    if won is None:
        return "withdrawn"
    others = [source for source in said if source.claim != winner]
    if won.source_kind == "person":
        return "person"
    if not others:
        return "alone"
    if not differ:
        return "agreed"
    if field.name in PLACE and _measured(won) and not all(_measured(source) for source in others):
        return "measured"
    rank = SOURCE_KINDS.get(won.source_kind, 0)
    rivals = [source for source in others if SOURCE_KINDS.get(source.source_kind, 0) <= rank]
    if not rivals:
        return "kind"
    return "newest" if all(source.said_at < won.said_at for source in rivals) else "first"


def _measured(source: SourceLine) -> bool:
    return source.values.get("place_origin", "given") != "geocoded"
