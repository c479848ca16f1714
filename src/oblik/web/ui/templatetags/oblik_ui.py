"""The tags and filters of our templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from oblik.accounts.logic.rights import Verb
from oblik.accounts.queries import may
from oblik.web.ui import labels, values

register = template.Library()


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the navigation. within: prefix of the view names that belong to it; verb: who is shown it."""

    view: str
    icon: str
    label: labels.Label
    within: str
    verb: Verb = "see"


DOORS: Final = (
    Door("campaigns", "clipboard-list", _("Campaign"), "campaign"),
    Door("lists-newest", "file-spreadsheet", _("Lists"), "list"),
    Door("review", "help-circle", _("Review"), "review", "judge"),
    Door("cameras", "table", _("Cameras"), "camera"),
    Door("map", "map-2", _("Map"), "map"),
    Door("coverage", "eye", _("Coverage"), "coverage"),
    Door("documents", "files", _("Documents"), "document"),
)


COLUMNS: Final[dict[str, labels.Label]] = {
    "code": _("Code"),
    "owner": _("Owner"),
    "kind": _("Kind"),
    "state": _("State"),
    "sources": pgettext_lazy("of a camera", "Sources"),
}
DESCENDING: Final = frozenset({"sources"})


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """A drawing from our own sprite; it only decorates, the words stand beside it."""
    return format_html(
        '<svg class="icon {}" width="24" height="24" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        more,
        static("built/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def doors(context: dict[str, Any]) -> list[dict[str, object]]:
    """The person's navigation, the open entry marked. What only asks to see is shown to all: it says whom to ask."""
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = (match.url_name or "") if match else ""
    return [
        {"address": reverse(door.view), "icon": door.icon, "label": door.label, "open": here.startswith(door.within)}
        for door in DOORS
        if door.verb == "see" or (request is not None and may(request.user, door.verb))
    ]


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """The look that the person chose: light, dark or auto."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else "auto"


@register.inclusion_tag("parts/language.html", takes_context=True)
def languages(context: dict[str, Any]) -> dict[str, Any]:
    """The switch between languages, each named in itself."""
    request: HttpRequest | None = context.get("request")
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "words_of_languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
    }


@register.inclusion_tag("parts/sorted_header.html", takes_context=True)
def sorted_header(context: dict[str, Any], column: str) -> dict[str, Any]:
    """The head of a column that the table can be sorted by; sorting starts at the first page again."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = column
    return {
        "label": COLUMNS[column],
        "address": f"{reverse('cameras')}?{query.urlencode()}",
        "sorted": context.get("sort") == column,
        "descending": column in DESCENDING,
    }


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """The state of a camera as a word on its colour."""
    colour = labels.STATE_COLOURS.get(state, "blue")
    return format_html('<span class="badge bg-{0}-lt text-{0}-fg-soft">{1}</span>', colour, state_label(state))


@register.filter
def initials(name: str) -> str:
    """The first letters of a name's first two words."""
    return "".join(word[0] for word in name.split()[:2]).upper()


@register.filter
def state_label(state: str) -> labels.Label:
    return labels.STATES.get(state, state)


@register.filter
def kind_label(kind: str) -> labels.Label:
    return labels.KINDS.get(kind, kind) if kind else _("Unknown")


@register.filter
def field_label(name: str) -> labels.Label:
    """What a field is called; a discrepancy also knows `position`, the two coordinates together."""
    if name == "position":
        return _("Place")
    return labels.FIELD_LABELS.get(name, name)


@register.filter
def source_label(kind: str) -> labels.Label:
    return labels.SOURCE_KINDS.get(kind, kind)


@register.filter
def actor_label(actor: str) -> str:
    """Who did it, as Actor writes it: `person:olena`, `console:root`, `model:model-1`."""
    kind, _colon, name = actor.partition(":")
    label = labels.ACTORS.get(kind)
    return f"{label} {name}".strip() if label is not None else actor


@register.filter
def why_label(why: str) -> str:
    """A reason that the program itself wrote, in the language of the page; a person's own words as they are."""
    known = labels.REASONS_WRITTEN.get(why)
    if known is not None:
        return str(known)
    run = why.removeprefix("matching run ")
    return gettext("matching run %(number)s") % {"number": run} if run != why and run.isdigit() else why


@register.filter
def day(at: date | None) -> str:
    """A day in the usual short form of the language."""
    return values.day(at) if at is not None else ""


@register.filter
def moment(at: datetime | None) -> str:
    """A day and the time of day on our clocks."""
    return values.moment(at) if at is not None else ""


@register.filter
def role_label(role: str) -> labels.Label:
    return labels.ROLES.get(role, role)


@register.filter
def decision_label(decision: str) -> labels.Label:
    return labels.DECISIONS.get(decision, decision)


@register.filter
def category_label(category: str) -> labels.Label:
    return labels.CATEGORIES.get(category, category)


@register.filter
def discrepancy_label(kind: str) -> labels.Label:
    return labels.DISCREPANCIES.get(kind, kind)


@register.filter
def campaign_state_label(state: str) -> labels.Label:
    return labels.CAMPAIGN_STATES.get(state, state)


@register.filter
def written(value: object, name: str) -> str:
    """A field's value as a person reads it: {{ value|written:"height_m" }}."""
    return values.written(name, value)


@register.filter
def entry(mapping: Mapping[object, object], key: object) -> object:
    """What a mapping holds under a key, "" where nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def percent(share: float | None) -> str:
    """A share in [0, 1] as whole per cent; never 100 % unless it is."""
    if share is None:
        return ""
    return f"{min(int(share * 100), 99) if share < 1 else 100} %"
