"""What the steps of a count are called on a page: who is awaited, how a discrepancy was settled, what was sent."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oblik.web.ui.labels import Label

ARRIVALS: Final[dict[str, Label]] = {
    "late": _("late"),
    "due": _("awaited"),
    "handed_in": _("handed in"),
    "handed_in_late": _("handed in late"),
    "unasked": _("handed in without being asked"),
}
ARRIVAL_COLOURS: Final[dict[str, str]] = {
    "late": "red", "due": "blue", "handed_in": "green", "handed_in_late": "orange", "unasked": "secondary",
}  # fmt: skip

CASE_STATES: Final[dict[str, Label]] = {
    "open": pgettext_lazy("discrepancy", "Open"),
    "in_work": pgettext_lazy("discrepancy", "In work"),
    "resolved": pgettext_lazy("discrepancy", "Settled"),
}
CASE_COLOURS: Final[dict[str, str]] = {"open": "orange", "in_work": "blue", "resolved": "green"}

OUTCOMES: Final[dict[str, Label]] = {
    "accepted": _("Accepted as it is"),
    "owner_fixes": _("The owner corrects it"),
    "written_off": _("Written off"),
    "field_check": _("To be looked at on site"),
}

CASE_STEPS: Final[dict[str, Label]] = {
    "assigned": _("Given to somebody"),
    "commented": _("Comment"),
    "resolved": pgettext_lazy("discrepancy", "Settled"),
    "reopened": _("Opened again"),
}

LETTERS: Final[dict[str, Label]] = {
    "sent": _("sent"),
    "shown": _("written to the server's output, as no mail server is set"),
    "failed": _("the mail server did not take it"),
    "sending": _("whether it went out is not known"),
}

MEMBER_ROLES: Final[dict[str, Label]] = {
    "chair": _("Chair"),
    "member": pgettext_lazy("of a commission", "Member"),
    "secretary": _("Secretary"),
}

CHECKED: Final[dict[str, Label]] = {
    "same": _("unchanged"),
    "changed": _("changed since"),
    "missing": _("the file is gone"),
}
