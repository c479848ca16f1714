"""How pages name the bands of a picture and the reasons why a camera does not see a place."""

from typing import Final

from django import template
from django.utils.translation import gettext_lazy as _

from oblik.coverage.documents.words import BANDS, Label

register = template.Library()

WHY_NOT: Final[dict[str, Label]] = {
    "too_far": _("too far off"),
    "outside_view": _("looks another way"),
    "dead_zone": _("below it, in its dead zone"),
    "behind_wall": _("a building stands in between"),
    "above_view": _("looks above it"),
    "not_in_service": _("not in service"),
    "not_there_then": _("not there then"),
}


@register.filter
def band_label(band: str) -> str:
    """A band in words."""
    return str(BANDS.get(band, band))


@register.filter
def why_not_label(reason: str) -> str:
    """Why a camera does not see a place, in words."""
    return str(WHY_NOT.get(reason, reason))
