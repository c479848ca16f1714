"""Search everywhere: cameras, streets, owners, campaigns, lists and pages by one text, for the palette and its page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oblik.accounts.queries import Scope, Verb, may
from oblik.city import queries as city
from oblik.city.logic.names import fold_words
from oblik.intake.finding import lists_named
from oblik.inventory import queries as inventory
from oblik.registry import queries as registry
from oblik.registry import searching
from oblik.registry.logic.folding import folded, place_mark, spans, squeezed
from oblik.registry.logic.wanted import Wanted
from oblik.web.desk.access import page, seen_by
from oblik.web.desk.filters import LONGEST_TEXT, meant_places
from oblik.web.ui import labels
from oblik.web.ui.limits import limited

_CAMERAS: Final = 6
_OTHERS: Final = 4
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: where it leads, what it is called with what was met in it, and what else to know."""

    address: str
    icon: str
    title: Pieces
    more: Pieces
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind. all_of: the address of all of them, where more were found than are told."""

    name: str
    label: labels.Label
    hits: list[Hit]
    total: int
    all_of: str = ""


# view, icon, name, right, and other words by which it is looked for
PAGES: Final[tuple[tuple[str, str, labels.Label, Verb, str], ...]] = (
    ("campaigns", "clipboard-list", gettext_lazy("Campaigns"), "see", "campaigns кампанії кампании інвентаризація"),
    ("cameras", "table", gettext_lazy("Cameras"), "see", "cameras камери камеры таблиця таблица реєстр реестр"),
    ("map", "map-2", gettext_lazy("Map of cameras"), "see", "map карта мапа"),
    ("documents", "files", gettext_lazy("Documents"), "see", "documents документи документы акт відомість ведомость"),
    ("profile", "user", gettext_lazy("My account"), "see", "account обліковий запис учётная запись пароль password"),
    ("tokens", "key", gettext_lazy("Tokens for programs"), "see", "tokens токени токены api"),
    ("audit", "history", gettext_lazy("Journal"), "audit", "journal журнал аудит audit"),
    ("people", "users", gettext_lazy("People"), "configure", "people люди користувачі пользователи права rights"),
)  # fmt: skip


@page()
@limited("search")
def search(request: HttpRequest) -> HttpResponse:
    """What a text finds, in groups; `part` gives the groups alone, for the palette."""
    text = request.GET.get("text", "").strip()[:LONGEST_TEXT]
    groups = found_groups(request, text) if squeezed(text) else []
    context = {
        "text": text, "groups": groups, "total": sum(len(group.hits) for group in groups),
        "pages": [] if squeezed(text) else _pages(request, lambda _name: True).hits,
    }  # fmt: skip
    return render(request, "desk/search_found.html" if "part" in request.GET else "desk/search.html", context)


def found_groups(request: HttpRequest, text: str) -> list[Group]:
    """The groups that hold something, in the order told: what is surest first."""
    within = seen_by(request)
    fits = fitting(text)
    groups = [
        _streets(text, within=within), _cameras(text, within=within), _owners(text, fits, within=within),
        _campaigns(text, fits, within=within), _lists(text, fits, within=within), _pages(request, fits),
    ]  # fmt: skip
    return [group for group in groups if group.hits]


def fitting(text: str) -> Callable[[str], bool]:
    """Whether a name holds every word of the text: as folded, or as it sounds in another alphabet."""
    words = [(folded(word), " ".join(fold_words(word))) for word in text.split() if squeezed(word)]

    def fits(name: str) -> bool:
        seen, heard = folded(name), " ".join(fold_words(name))
        return bool(words) and all(word in seen or (len(sound) > 2 and sound in heard) for word, sound in words)

    return fits


def _cameras(text: str, *, within: Scope) -> Group:
    wanted = Wanted(text=text, places=meant_places(text, within=within))
    lines, total = searching.suggested(wanted, most=_CAMERAS, within=within)
    hits = [
        Hit(
            reverse("camera", args=(line.code,)), "camera", spans(line.code, text),
            spans(_told(line.values.get("name"), line.values.get("address"), _met(line, text)), text), line.state,
        )
        for line in lines
    ]  # fmt: skip
    every = f"{reverse('cameras')}?{urlencode({'text': text})}" if total > len(hits) else ""
    return Group("cameras", _("Cameras"), hits, total, every)


def _met(line: registry.CameraLine, text: str) -> str:
    """The identifier by which a camera was found, where neither name nor address tell why."""
    for name in ("serial", "mac", "ip", "inventory_number", "onvif_uuid", "model", "source_id"):
        value = str(line.values.get(name, ""))
        if value and any(squeezed(word) in squeezed(value) for word in text.split() if squeezed(word)):
            return f"{labels.FIELD_LABELS[name]} {value}"
    return ""


def _told(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _streets(text: str, *, within: Scope) -> Group:
    """Streets and houses of the city that the text means, by whatever name."""
    hits = []
    sure = meant_places(text, within=within)
    for found in city.find(text, limit=_OTHERS) if sure else []:
        mark = place_mark(found.street_key, found.house)
        name = f"{found.street}, {found.house}" if found.house else found.street
        count = searching.count_cameras(Wanted(places=(mark,)), within=within) if mark else 0
        counted = ngettext("%(n)s camera in the register", "%(n)s cameras in the register", count) % {"n": count}
        said = counted if count else _("no camera in the register")
        former = _("the street's name today") if found.matched.startswith("former") else ""
        zoom = 18 if found.house else 16
        address = f"{reverse('map')}#at={zoom}/{found.lat_deg:.6f}/{found.lon_deg:.6f}"
        hits.append(Hit(address, "map-pin", spans(name, text), [(_told(former, found.district, said), False)]))
    return Group("streets", _("Addresses"), hits, len(hits))


def _owners(text: str, fits: Callable[[str], bool], *, within: Scope) -> Group:
    found = [
        Hit(f"{reverse('cameras')}?{urlencode({'owner': code})}", "building", spans(name, text), spans(code, text))
        for code, name in sorted(registry.owner_names(within=within).items())
        if fits(f"{code} {name}")
    ]
    return _first("owners", _("Owners"), found)


def _campaigns(text: str, fits: Callable[[str], bool], *, within: Scope) -> Group:
    found = [
        Hit(reverse("campaign", args=(one.code,)), "clipboard-list", spans(one.name, text), spans(one.code, text))
        for one in inventory.campaigns(within=within)
        if fits(f"{one.code} {one.name}")
    ]
    return _first("campaigns", _("Campaigns"), found)


def _lists(text: str, fits: Callable[[str], bool], *, within: Scope) -> Group:
    names = registry.owner_names(within=within)
    found = [
        Hit(
            f"{reverse('campaign-rows', args=(one.campaign,))}?{urlencode({'owner': one.owner})}", "file-spreadsheet",
            spans(one.file_name, text), [(_told(names.get(one.owner, one.owner), one.campaign), False)],
        )
        for one in lists_named(fits, most=_OTHERS, within=within)
    ]  # fmt: skip
    return _first("lists", _("Lists handed in"), found)


def _pages(request: HttpRequest, fits: Callable[[str], bool]) -> Group:
    found = [
        Hit(reverse(view), icon, [(str(label), False)], [])
        for view, icon, label, verb, words in PAGES
        if fits(f"{label} {words}") and may(request.user, verb)
    ]
    return Group("pages", _("Pages"), found, len(found))


def _first(name: str, label: labels.Label, found: Iterable[Hit]) -> Group:
    hits = list(found)
    return Group(name, label, hits[:_OTHERS], len(hits))
