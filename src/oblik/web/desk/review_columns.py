"""A question as the page shows it: the row beside its cameras, field by field, and the reasons as bars that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oblik.accounts.queries import Scope
from oblik.base.errors import NotFound
from oblik.intake import queries as intake
from oblik.intake.logic.likeness import Likeness, likeness, likeness_of_places
from oblik.intake.logic.matching.explain import Explanation
from oblik.intake.questions import Proposed, Question
from oblik.registry import queries as registry
from oblik.registry.logic.fields import FIELDS
from oblik.registry.queries import CameraCard, SourceLine
from oblik.web.desk.comparison import UNSEEN
from oblik.web.desk.review_sketch import Sketch, distance, sketch
from oblik.web.ui.labels import Label
from oblik.web.ui.values import written

# What people know a camera again by comes first, then where it is and how it looks, then numbers, then the rest.
_FIRST: Final = (
    "name", "address", "street", "house", "site", "place", "district", "bearing_deg", "height_m", "kind", "vendor",
    "model", "mac", "serial", "onvif_uuid", "inventory_number", "ip", "port", "source_id", "owner_name",
)  # fmt: skip
_IN_PLACE: Final = frozenset({"lon_deg", "lat_deg", "accuracy_m", "place_origin"})
_COMPARED: Final = ("equal", "near", "different")
_SURE: Final = 1e-6
BAR_PX: Final = 240

MARKS: Final[dict[str, tuple[str, Label]]] = {
    "equal": ("=", gettext_lazy("equal")),
    "near": ("≈", gettext_lazy("near")),
    "different": ("≠", gettext_lazy("differs")),
    "only_row": ("+", gettext_lazy("only in the row")),
    "only_camera": ("−", gettext_lazy("not in the row")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a camera says of a field and how the row stands to it; stand "" where neither says anything."""

    text: str
    stand: Likeness | str
    sign: str
    word: Label


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what the row says, then what each camera says. differs: whether any camera says something else."""

    name: str
    text: str
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall, from x_px for width_px; bits as written, such as "+12.3"."""

    label: str
    detail: str
    bits: str
    tone: str
    x_px: float
    width_px: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where a camera's words come from."""

    owner: str
    kind: str
    row: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Column:
    """One camera that the row may be. number: 1 is the best; steps: empty where nothing is known to weigh against."""

    number: int
    code: str
    owner: str
    probability: float
    asked_by: str
    card: CameraCard
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]
    silent: tuple[str, ...]
    zero_px: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A question ready for its template. both: fields that the row and some camera speak of; alone: the others."""

    question: Question
    owner_name: str
    columns: tuple[Column, ...]
    both: tuple[Line, ...]
    alone: tuple[Line, ...]
    plan: Sketch | None


def shown(asked: Question, *, within: Scope, names: Mapping[str, str]) -> Shown:
    """The question with its cameras as the scope shows them; a camera that is gone meanwhile is left out."""
    columns: list[Column] = []
    for proposed in asked.proposals:
        try:
            card = registry.camera_card(proposed.camera, within=within)
        except NotFound:
            continue
        columns.append(_column(len(columns) + 1, proposed, card, names))
    said = [one.card.line.values for one in columns]
    plan = sketch(asked.values, [(one.code, one.card.line.values) for one in columns])
    lines = _lines(asked.values, said)
    both = tuple(line for line in lines if any(cell.stand in _COMPARED for cell in line.cells) or not columns)
    alone = tuple(line for line in lines if line not in both)
    return Shown(asked, names.get(asked.owner, asked.owner), tuple(columns), both, alone, plan)


def _column(number: int, proposed: Proposed, card: CameraCard, names: Mapping[str, str]) -> Column:
    standing = [claim for claim in card.claims if claim.withdrawn_at is None]
    rows = intake.sources_named([claim.source_ref for claim in standing])
    sources = tuple(_source(claim, rows, names) for claim in standing)
    told = proposed.explanation
    steps = _steps(told, proposed.probability) if told else []
    lowest, highest = _reach(steps)
    return Column(
        number, proposed.camera, names.get(card.line.owner, card.line.owner), proposed.probability, proposed.by, card,
        sources, tuple(_bar(step, lowest, highest) for step in steps),
        tuple(_(reason.comparison_label) for reason in told.reasons if reason.level == "null") if told else (),
        _x_px(0.0, lowest, highest),
    )  # fmt: skip


def _source(claim: SourceLine, rows: Mapping[str, str], names: Mapping[str, str]) -> Source:
    return Source(names.get(claim.owner, claim.owner), claim.source_kind, rows.get(claim.source_ref, ""), claim.said_at)


# ---------------------------------------------------------------------------------------------- field by field


def _lines(row: Mapping[str, object], cameras: Sequence[Mapping[str, object]]) -> tuple[Line, ...]:
    rest = [name for name in FIELDS if name not in _FIRST and name not in _IN_PLACE]
    found = []
    for name in (*_FIRST, *rest):
        if name == "place":
            found.append(_place_line(row, cameras))
        elif name not in UNSEEN and not FIELDS[name].secret:
            found.append(_line(name, row, cameras))
    return tuple(line for line in found if line is not None)


def _line(name: str, row: Mapping[str, object], cameras: Sequence[Mapping[str, object]]) -> Line | None:
    own = row.get(name)
    if own in (None, "") and all(camera.get(name) in (None, "") for camera in cameras):
        return None
    stands = [_stand(name, row, camera) for camera in cameras]
    cells = tuple(
        _cell(written(name, camera.get(name)), stand or "") for camera, stand in zip(cameras, stands, strict=True)
    )
    return Line(name, written(name, own), cells, "different" in stands)


def _stand(name: str, row: Mapping[str, object], camera: Mapping[str, object]) -> Likeness | None:
    found = likeness(FIELDS[name], row.get(name), camera.get(name))
    if name == "address" and found == "different":
        # One house under the street's old and new name, in two languages: the words differ, the place does not.
        houses = [likeness(FIELDS[part], row.get(part), camera.get(part)) for part in ("street", "house")]
        return "near" if houses == ["equal", "equal"] else found
    return found


def _place_line(row: Mapping[str, object], cameras: Sequence[Mapping[str, object]]) -> Line | None:
    own = _place_text(row)
    others = [_place_text(camera) for camera in cameras]
    if not own and not any(others):
        return None
    cells = []
    for camera, text in zip(cameras, others, strict=True):
        if not own or not text:
            stand: Likeness | str = "only_row" if own else "only_camera" if text else ""
            cells.append(_cell(text, stand))
            continue
        away_m = distance(row, camera)
        cells.append(_cell(f"{text} · {away_m:.0f} {_('m')}", likeness_of_places(away_m)))
    return Line("position", own, tuple(cells), any(cell.stand == "different" for cell in cells))


def _place_text(values: Mapping[str, object]) -> str:
    if values.get("lat_deg") is None:
        return ""
    found = f"{written('lat_deg', values['lat_deg'])}, {written('lon_deg', values['lon_deg'])}"
    origin = values.get("place_origin")
    return f"{found} ({written('place_origin', origin)})" if origin else found


def _cell(text: str, stand: Likeness | str) -> Cell:
    sign, word = MARKS.get(stand, ("", ""))
    return Cell(text, stand, sign, word)


# ---------------------------------------------------------------------------------------------- the waterfall

_Raw = tuple[str, str, float, float]  # label, detail, where it starts in bits, where it ends


def _steps(told: Explanation, probability: float) -> list[_Raw]:
    """From how common a match is at all to the final word, the strongest reason first; the sums are exact."""
    steps: list[_Raw] = [(_("To begin with"), _("so many of the pairs looked at are one camera"), 0.0, told.prior_bits)]
    spoken = sorted((one for one in told.reasons if abs(one.bits) > _SURE), key=lambda one: -abs(one.bits))
    at = told.prior_bits
    for reason in spoken:
        steps.append((_(reason.comparison_label), _(reason.level_label), at, at + reason.bits))
        at += reason.bits
    if told.inside:
        steps.append((_("One list"), _("both rows stand in the same list"), at, told.total_bits))
    final = _bits(probability)
    if abs(final - told.total_bits) > 0.05:
        steps.append(
            (_("Beside it"), _("what else stands there, rivals, how common its names are"), told.total_bits, final)
        )
    steps.append((_("Together"), "", 0.0, final))
    return steps


def _bits(probability: float) -> float:
    p = min(1 - _SURE, max(_SURE, probability))
    return log2(p / (1 - p))


def _reach(steps: Sequence[_Raw]) -> tuple[float, float]:
    ends = [0.0, *(end for _l, _d, start, end in steps for end in (start, end))]
    return min(ends), max(ends)


def _x_px(bits: float, lowest: float, highest: float) -> float:
    return round((bits - lowest) / max(highest - lowest, 1.0) * BAR_PX, 1)


def _bar(step: _Raw, lowest: float, highest: float) -> Step:
    label, detail, start, end = step
    left, right = sorted((_x_px(start, lowest, highest), _x_px(end, lowest, highest)))
    bits = end - start
    tone = "for" if bits > 0.05 else "against" if bits < -0.05 else "zero"
    return Step(label, detail, f"{bits:+.1f}".replace("-", "−"), tone, left, round(max(right - left, 1.5), 1))
