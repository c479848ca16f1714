"""The fields of a camera as inputs of a form: what stands in them, and what a person typed read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from oblik.base.errors import InvalidInput
from oblik.intake.logic.values.identifiers import mac
from oblik.intake.logic.values.network import ip
from oblik.intake.sentences import problem_text
from oblik.registry.logic.fields import FIELDS, Field
from oblik.registry.logic.pins import pinned
from oblik.registry.logic.records import Value
from oblik.registry.words import FIELD_NAMES
from oblik.web.ui.access import sentence
from oblik.web.ui.labels import CHOICES, GROUPS, UNITS, Label
from oblik.web.ui.values import written

# Kept by machines, by the place itself, or under seal: no input of their own.
_WITHOUT: Final = frozenset({"city_code", "street_key", "place_origin", "stream_url"})
_LONG: Final = frozenset({"note", "address", "zone"})

_CLEANERS: Final[dict[str, Callable[[str], tuple[str | None, str | None]]]] = {"mac": mac, "ip": ip}

EDITED: Final[tuple[Field, ...]] = tuple(one for one in FIELDS.values() if one.name not in _WITHOUT)


@dataclass(frozen=True, slots=True)
class Input:
    """One field in a form. value: as the input holds it; held: as a person reads what the register has."""

    field: Field
    kind: str  # text | long | number | date | choice
    value: str
    held: str = ""
    pinned: bool = False
    wrong: str = ""
    unit: Label = ""
    step: str = "any"
    choices: list[tuple[str, Label]] = dataclass_field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """The inputs that stand together under a heading. open: whether anything in it is filled, pinned or wrong."""

    label: Label
    inputs: list[Input]

    @property
    def open(self) -> bool:
        return any(one.value or one.wrong or one.pinned for one in self.inputs)


def groups(
    held: Mapping[str, Value], *, pins: Mapping[str, Value], typed: QueryDict | None = None,
    wrong: Mapping[str, str] | None = None,
) -> list[Group]:  # fmt: skip
    """The form: what the register holds, or what was typed last time, with what was wrong with it."""
    found = []
    for group, label in GROUPS.items():
        inputs = [_input(one, held, pins, typed, wrong or {}) for one in EDITED if one.group == group]
        if inputs:
            found.append(Group(label, inputs))
    return found


def _input(
    one: Field, held: Mapping[str, Value], pins: Mapping[str, Value], typed: QueryDict | None, wrong: Mapping[str, str]
) -> Input:
    now = held.get(one.name)
    is_pinned = one.name in pins
    value = shown(one, now)
    if typed is not None:
        value, is_pinned = typed.get(one.name, ""), f"pin_{one.name}" in typed
    kind = {"boolean": "choice", "integer": "number"}.get(one.type, one.type)
    choices: list[tuple[str, Label]] = []
    if one.type == "choice":
        choices = [(code, CHOICES.get(one.name, {}).get(code, code)) for code in one.choices]
    elif one.type == "boolean":
        choices = [("yes", _("Yes")), ("no", _("No"))]
    return Input(
        one, "long" if one.name in _LONG else kind, value, written(one.name, now), is_pinned, wrong.get(one.name, ""),
        UNITS.get(one.unit, ""), "1" if one.type == "integer" else "any", choices,
    )  # fmt: skip


def shown(one: Field, value: Value | None) -> str:
    """A value as an input holds it; numbers with a point, whole ones without."""
    if value is None or value == "":
        return ""
    if one.type == "boolean":
        return "yes" if value in (True, "true", 1) else "no"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)[:10] if one.type == "date" else str(value)


def typed_values(data: QueryDict) -> tuple[dict[str, Value], dict[str, str]]:
    """Every field that something was typed into, as the register keeps it; and by field what is wrong with it."""
    values: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for one in EDITED:
        text = data.get(one.name, "").strip()
        if not text:
            continue
        try:
            values[one.name] = pinned(one.name, _cleaned(one.name, text, wrong))
        except InvalidInput as told:
            wrong[one.name] = said(told)
    values = {name: value for name, value in values.items() if name not in wrong}
    for name, other in (("lon_deg", "lat_deg"), ("lat_deg", "lon_deg")):
        if name in values and other not in values and other not in wrong:
            wrong[other] = _("A place needs both its latitude and its longitude.")
    return values, wrong


def _cleaned(name: str, text: str, wrong: dict[str, str]) -> str:
    """An identifier as rows of lists are cleaned; what it is not is put among the wrong."""
    if name not in _CLEANERS:
        return text
    clean, problem = _CLEANERS[name](text)
    if clean is None:
        told, remedy = problem_text(problem or "", column="", value=text, field=name)
        wrong[name] = f"{told} {remedy}".strip()
    return clean or text


def said(wrong: InvalidInput) -> str:
    """What is wrong, with the field called as on the page."""
    name = str(wrong.params.get("field", ""))
    if name in FIELD_NAMES:
        wrong.params["field"] = FIELD_NAMES[name]
    return sentence(wrong)


def edited(
    data: QueryDict, *, held: Mapping[str, Value], pins: Mapping[str, Value]
) -> tuple[dict[str, Value | None], dict[str, str]]:
    """What a form changes: field -> value to pin, None to let a pin go; and by field what is wrong.

    A value typed anew is pinned; a pin whose tick was taken away is let go, as is one whose input was emptied. What no
    person had pinned cannot be emptied: a source says it.
    """
    values, wrong = typed_values(data)
    changes: dict[str, Value | None] = {}
    for one in EDITED:
        name, ticked = one.name, f"pin_{one.name}" in data
        if name not in data or name in wrong:
            continue
        if name not in values:
            if name in pins:
                changes[name] = None
            elif held.get(name) not in (None, ""):
                wrong[name] = _("A source says “{value}”: it can be corrected, not emptied.").format(
                    value=written(name, held[name])
                )
            continue
        same = shown(one, held.get(name)) == shown(one, values[name])
        if (not same and values[name] != pins.get(name)) or (ticked and name not in pins):
            changes[name] = values[name]
        elif name in pins and not ticked:
            changes[name] = None
    return _whole_place(changes, values, pins), wrong


def _whole_place(
    changes: dict[str, Value | None], values: Mapping[str, Value], pins: Mapping[str, Value]
) -> dict[str, Value | None]:
    """Longitude and latitude are pinned together; they stay so where only their accuracy is let go."""
    pair = ("lon_deg", "lat_deg")
    vaguer = changes.get("accuracy_m", 0) is None and all(name in pins and name not in changes for name in pair)
    if vaguer or any(changes.get(name) is not None for name in (*pair, "accuracy_m")):
        changes |= {name: values[name] for name in pair if name in values}
        for name in pair:
            if changes.get(name) is None:
                changes.pop(name, None)
    return changes
