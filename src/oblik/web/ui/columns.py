"""What the columns of a list can be, in words: for choosing, and for saying how sure we are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from oblik.intake.logic.mapping import TARGETS
from oblik.intake.logic.samples import ColumnSeen, SheetSeen
from oblik.registry.logic.fields import FIELDS
from oblik.web.ui.labels import FIELD_LABELS, GROUPS, Label

EXTRA: Final[Mapping[str, Label]] = {
    "ignore": _("Leave out"),
    "password": _("Password (goes to the safe)"),
    "login": _("Login (goes to the safe)"),
    "coordinates": _("Both coordinates in one cell"),
    "x_m": _("East in metres"),
    "y_m": _("North in metres"),
    "count": _("Number of cameras"),
    "resolution": _("Picture size"),
    "vendor_model": _("Maker and model"),
    "street_part": _("Street without house"),
    "house_part": _("House number"),
    "settlement": _("Settlement"),
    "tags": _("OpenStreetMap tags"),
}
_GROUP_OF: Final = {
    "coordinates": "place", "x_m": "place", "y_m": "place", "street_part": "place", "house_part": "place",
    "settlement": "place", "resolution": "optics", "vendor_model": "device", "password": "network", "login": "network",
}  # fmt: skip
LEVELS: Final[Mapping[str, Label]] = {
    "sure": _("sure"),
    "probable": _("probably"),
    "check": _("please check"),
    "unknown": _("not understood"),
    "chosen": _("you chose"),
    "remembered": _("remembered"),
    "fixed": _("by the format"),
    "empty": _("empty"),
}
COLOURS: Final[Mapping[str, str]] = {
    "sure": "green", "probable": "blue", "check": "orange", "unknown": "orange", "chosen": "blue",
    "remembered": "green", "fixed": "green", "empty": "secondary",
}  # fmt: skip
# What became of a row of a list, by its verdict.
VERDICT_NAMES: Final[Mapping[str, Label]] = {
    "new": pgettext_lazy("rows of a list", "New"),
    "same": pgettext_lazy("rows of a list", "Same as before"),
    "changed": pgettext_lazy("rows of a list", "Changed"),
    "doubtful": pgettext_lazy("rows of a list", "Doubtful"),
    "broken": pgettext_lazy("rows of a list", "Cannot be used"),
}
VERDICT_MEANINGS: Final[Mapping[str, Label]] = {
    "new": _("The owner's earlier list does not have these cameras."),
    "same": _("These rows say what the owner's earlier list said."),
    "changed": _("The owner's earlier list has these cameras, with other values."),
    "doubtful": _("These rows are used, but a cell is doubtful: look at it, and correct the list if it is wrong."),
    "broken": _("Without a correction nothing can be counted from these rows. Send them back to the owner."),
    "not_a_camera": _("Titles, names of columns, sums, notes and hidden rows. Look whether a camera is among them."),
}
ROW_ROLES: Final[Mapping[str, Label]] = {
    "title": pgettext_lazy("a row of a list", "title"),
    "header": pgettext_lazy("a row of a list", "names of columns"),
    "total": pgettext_lazy("a row of a list", "sum"),
    "legend": pgettext_lazy("a row of a list", "note or signature"),
    "hidden": pgettext_lazy("a row of a list", "hidden"),
    "blank": pgettext_lazy("a row of a list", "empty"),
}


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column with its words. colour: of the badge that says how sure we are."""

    seen: ColumnSeen
    label: Label
    level: Label
    colour: str
    place: int  # 1-based


def column_head(seen: ColumnSeen) -> ColumnHead:
    """The head of one column."""
    return ColumnHead(seen, target_label(seen.target), LEVELS[seen.level], COLOURS[seen.level], seen.index + 1)


def target_label(target: str) -> Label:
    """What a column was taken for."""
    return EXTRA.get(target) or FIELD_LABELS.get(target) or _("not understood")


def choices() -> list[tuple[Label, list[tuple[str, Label]]]]:
    """All that a column can be, by group: what is most asked for first."""
    grouped: dict[str, list[tuple[str, Label]]] = {name: [] for name in GROUPS}
    other: list[tuple[str, Label]] = [("ignore", EXTRA["ignore"])]
    for target in TARGETS:
        group = FIELDS[target].group if target in FIELDS else _GROUP_OF.get(target, "")
        if target != "ignore":
            grouped.get(group, other).append((target, target_label(target)))
    named: list[tuple[Label, list[tuple[str, Label]]]] = [(_("Other"), other)]
    return named + [(GROUPS[name], lines) for name, lines in grouped.items() if lines]


def doubts(sheet: SheetSeen) -> list[str]:
    """What a person should look at before the list is read; nothing where all is well."""
    targets = {one.target for one in sheet.columns}
    said: list[str] = []
    place = {"lon_deg", "lat_deg", "coordinates", "address", "street_part", "x_m"}
    if not targets & place:
        said.append(
            gettext("No column says where the cameras are. Choose the column with the address or the coordinates.")
        )
    if len(targets & {"lon_deg", "lat_deg"}) == 1:
        said.append(gettext("Only one of latitude and longitude was found. Choose the column of the other."))
    unsure = [one for one in sheet.columns if one.level in ("check", "unknown")]
    if unsure:
        names = ", ".join(f"“{one.header}”" if one.header else str(one.index + 1) for one in unsure[:6])
        said.append(gettext("Please check these columns: %(names)s.") % {"names": names})
    return said
