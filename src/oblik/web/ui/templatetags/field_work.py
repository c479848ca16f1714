"""The tags and filters of pages about rounds on site."""

from typing import Any

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from oblik.accounts.queries import may

register = template.Library()


@register.filter
def way(length_m: float) -> str:
    """A way on foot: whole tens of metres below a kilometre, tenths of a kilometre above."""
    if length_m < 995:
        return f"{round(length_m, -1):.0f} {_('m')}"
    return f"{formats.number_format(length_m / 1000, 1)} {_('km')}"


@register.simple_tag(takes_context=True)
def may_do(context: dict[str, Any], verb: str) -> bool:
    """Whether the reader may do something anywhere at all."""
    request = context.get("request")
    return request is not None and may(request.user, verb)  # type: ignore[arg-type]  # templates name verbs as text
