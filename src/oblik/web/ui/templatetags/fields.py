"""One field of a form as our pages draw it."""

from typing import Any

from django import template
from django.forms import BoundField

register = template.Library()


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, label: str, **more: Any) -> dict[str, Any]:
    """Label, input, what is wrong with it and a hint. more: hint, type, autocomplete, inputmode, focused, narrow."""
    widget = bound.field.widget
    kind = more.pop("type", "") or getattr(widget, "input_type", "text")
    return {
        "field": bound,
        "label": label,
        "type": kind,
        "value": "" if kind == "password" else bound.value() or "",
        "filled": more.pop("autocomplete", "") or widget.attrs.get("autocomplete", ""),
        **more,
    }
