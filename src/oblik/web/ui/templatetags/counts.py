"""Words and badges of a count: who is awaited, what became of a discrepancy."""

from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oblik.inventory import counting
from oblik.web.ui import count_words as words
from oblik.web.ui.labels import Label

register = template.Library()

_TABLES: Final = {
    "outcome": words.OUTCOMES,
    "case_state": words.CASE_STATES,
    "case_step": words.CASE_STEPS,
    "letter": words.LETTERS,
    "member_role": words.MEMBER_ROLES,
    "checked": words.CHECKED,
    "arrival": words.ARRIVALS,
}


@register.filter
def word_of(key: str, table: str) -> Label:
    """{{ line.outcome|word_of:"outcome" }}; a key that has no word stands for itself."""
    return _TABLES[table].get(key, key)


@register.simple_tag
def arrival_badge(line: Any) -> SafeString:
    """Whether an owner's list is there, in words; how many days it is late."""
    text = str(words.ARRIVALS[line.arrival])
    if line.arrival == "late":
        text = _("late, days: %(days)s") % {"days": line.days_late}
    return format_html('<span class="badge bg-{}-lt">{}</span>', words.ARRIVAL_COLOURS[line.arrival], text)


@register.simple_tag
def case_badge(line: Any) -> SafeString:
    """The state of a discrepancy as a word on its colour."""
    label = words.CASE_STATES[line.state]
    return format_html('<span class="badge bg-{}-lt">{}</span>', words.CASE_COLOURS[line.state], label)


@register.inclusion_tag("desk/counted_late.html")
def counted_late(campaign: str) -> dict[str, object]:
    """A line saying when the figures of a large campaign were counted, where something has been done since."""
    return {"counted_at": counting.late_since(campaign)}
