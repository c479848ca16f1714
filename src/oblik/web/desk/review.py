"""Review of doubtful pairs: one question after the other, answered by a key, taken back by another."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from oblik.accounts.queries import Scope, scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import InvalidInput, NotFound, OblikError, msg
from oblik.city.queries import city_version, credit_due
from oblik.intake import answered
from oblik.intake.actions import answers
from oblik.intake.questions import Question, question
from oblik.intake.refs import find_record
from oblik.intake.waiting import Wanted, campaign_of, forget, traits_waiting, waiting
from oblik.inventory import queries as inventory
from oblik.registry import queries as registry
from oblik.web.desk import review_holds
from oblik.web.desk.access import page, sentence
from oblik.web.desk.basemap import base_map_version
from oblik.web.desk.review_columns import shown
from oblik.web.ui import labels

_AHEAD: Final = 2  # questions made ready behind the one on the screen
_LOOKED_AT: Final = 40  # so many of the queue are asked after at once whether somebody else looks at them
_MOST_NAMED: Final = 300
PER_PAGE: Final = 50

# Why somebody decided so, at a touch. Kept in English and shown in the language of the page.
CHIPS: Final[dict[str, labels.Label]] = {
    "same place and bearing": gettext_lazy("same place and bearing"),
    "same number of the device": gettext_lazy("same number of the device"),
    "several cameras on one mount": gettext_lazy("several cameras on one mount"),
    "a slip in the list": gettext_lazy("a slip in the list"),
    "seen on site": gettext_lazy("seen on site"),
    "the owner was asked": gettext_lazy("the owner was asked"),
}
_COMPARED: Final = "compared side by side"
_TAKEN_BACK: Final = "the answer was a mistake"
_WRITTEN: Final[dict[str, labels.Label]] = CHIPS | {_COMPARED: gettext_lazy("compared side by side")}

VERDICTS: Final[dict[str, labels.Label]] = {
    "same": gettext_lazy("same camera"),
    "different": gettext_lazy("another camera"),
    "unsure": gettext_lazy("cannot tell"),
    "new": gettext_lazy("a new camera"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reviewer wants to see. aside: "" for what nobody has looked at, "1" for what was put aside."""

    campaign: str = ""
    owner: str = ""
    kind: str = ""
    aside: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> "Filters":
        given = request.POST if request.method == "POST" else request.GET
        kind = given.get("kind", "")
        return cls(
            given.get("campaign", "").strip()[:40],
            given.get("owner", "").strip()[:40],
            kind if kind in (*labels.KINDS, "unknown") else "",
            "1" if given.get("aside") == "1" else "",
        )

    @property
    def asked(self) -> dict[str, str]:
        every = {"campaign": self.campaign, "owner": self.owner, "kind": self.kind, "aside": self.aside}
        return {name: value for name, value in every.items() if value}

    @property
    def address(self) -> str:
        return urlencode(self.asked)

    def wanted(self, still_open: Collection[str]) -> Wanted:
        campaigns = frozenset(code for code in still_open if not self.campaign or code == self.campaign)
        return Wanted(campaigns, self.owner, self.kind, aside=bool(self.aside))


@page("judge")
def review(request: HttpRequest) -> HttpResponse:
    """The question that settles most, with its filters and how far everybody has come."""
    filters, within = Filters.read(request), scope_of(request.user, "judge")
    still_open = _open_campaigns(within)
    found = _taken(request, filters.wanted(still_open), most=1, besides=(), within=within)
    traits = traits_waiting(within=within)
    context = {
        "filters": filters,
        "campaigns": still_open,
        "owners": _choices(traits, 1, registry.owner_names(within=within)),
        "kinds": _choices(traits, 2, {"": _("Unknown"), **labels.KINDS}),
        "first": _html(request, found[0], within=within) if found else "",
        "record": found[0].record if found else 0,
        "progress": _progress(request, filters.wanted(still_open), within=within),
        "base": base_map_version(),
        "ground": reverse("map-ground", args=(0, 0, 0)).replace("/0/0/0", "/{z}/{x}/{y}") if city_version() else "",
        "put_aside": sum(n for one, n in traits.items() if one[3] and one[0] in still_open),
    }
    return render(request, "desk/review.html", context)


@page("judge")
def ahead(request: HttpRequest) -> HttpResponseBase:
    """The next questions as fragments: besides those that the page has, and those that the reviewer left."""
    filters, within = Filters.read(request), scope_of(request.user, "judge")
    return JsonResponse(_next(request, filters, within=within))


@require_POST
@page("judge")
def answer(request: HttpRequest) -> HttpResponseBase:
    """Keeps one answer; with it come the questions that the page then lacks."""
    filters, within = Filters.read(request), scope_of(request.user, "judge")
    record, said = _record(request, within=within), request.POST.get("said", "")
    wanted = request.POST.getlist("camera" if said in ("same", "different") else "proposed")[:_MOST_NAMED]
    for code in wanted:
        registry.standing_id(code, within=within)
    try:
        inventory.require_open(campaign_of(record), within=within)
        became = answers.answer(
            record, said=_said(said), cameras=tuple(wanted), by=_actor(request), at=now(), why=_why(request)
        )
    except OblikError as wrong:
        forget(record)
        if not _is_scripted(request):
            raise
        return JsonResponse({"wrong": sentence(wrong)} | _next(request, filters, within=within), status=409)
    review_holds.release([record], who=request.user.get_username())
    if not _is_scripted(request):
        return redirect(f"{reverse('review')}?{filters.address}")
    rest = question(record, within=within) if said == "different" and not became else None
    told = {"became": became, "again": _fragment(request, rest, within=within) if rest else None}
    return JsonResponse(told | _next(request, filters, within=within))


@require_POST
@page("judge")
def undo(request: HttpRequest) -> HttpResponseBase:
    """Takes the newest answer on a row back and asks it again."""
    within, who = scope_of(request.user, "judge"), request.user.get_username()
    record = _record(request, within=within)
    inventory.require_open(campaign_of(record), within=within)
    answers.take_back(
        record, by=_actor(request), at=now(), why=_TAKEN_BACK, said_at=_instant(request.POST.get("said_at", ""))
    )
    review_holds.hold(record, who=who)
    if not _is_scripted(request):
        messages.success(request, _("The answer is taken back: the row waits again."))
        return redirect("review-decided")
    filters = Filters.read(request)
    found = question(record, within=within)
    progress = _progress(request, filters.wanted(_open_campaigns(within)), within=within)
    return JsonResponse({"again": _fragment(request, found, within=within) if found else None, "progress": progress})


@page("judge")
def decided(request: HttpRequest) -> HttpResponse:
    """What people answered, newest first, each with a way back."""
    within = scope_of(request.user, "judge")
    before = _instant(request.GET.get("before", ""))
    mine = request.GET.get("mine") == "1"
    by = str(_actor(request)) if mine else ""
    found = answered.answers(before=before, by=by, most=PER_PAGE + 1, within=within)
    newest = {one.record: one.made_at for one in reversed(found)}  # of a row the newest answer is taken back first
    lines = [
        (one, VERDICTS.get(one.verdict, one.verdict), why_words(one.why), newest[one.record] == one.made_at)
        for one in found[:PER_PAGE]
    ]
    context = {
        "lines": lines,
        "older": found[PER_PAGE - 1].made_at.isoformat() if len(found) > PER_PAGE else "",
        "mine": mine,
        "first": before is None,
        "names": registry.owner_names(within=within),
        "open": _open_campaigns(within),
    }
    return render(request, "desk/review_decided.html", context)


def why_words(why: str) -> str:
    """A reason as kept, in the language of the page where the program wrote it."""
    return "; ".join(str(_WRITTEN.get(part, part)) for part in why.split("; "))


# ---------------------------------------------------------------------------------------------- what comes next


def _next(request: HttpRequest, filters: Filters, *, within: Scope) -> dict[str, object]:
    """The first fragment that the page lacks, whether it lacks more, and how far everybody has come.

    One at once: a question takes its time to explain, and the page asks for the next while the reviewer thinks.
    """
    who = request.user.get_username()
    have, left = _numbers(request, "have"), _numbers(request, "skip")
    review_holds.release(left, who=who)
    for record in have:
        review_holds.hold(record, who=who)
    wanted = filters.wanted(_open_campaigns(within))
    lacking = max(0, _AHEAD + 1 - len(have))
    besides = {*have, *left, *_numbers(request, "sent")}
    found = _taken(request, wanted, most=min(lacking, 1), besides=besides, within=within)
    return {
        "ahead": [_fragment(request, one, within=within) for one in found],
        "more": bool(found) and lacking > 1,
        "progress": _progress(request, wanted, within=within),
    }


def _taken(
    request: HttpRequest, wanted: Wanted, *, most: int, besides: Collection[int], within: Scope
) -> list[Question]:
    """The first questions that nobody else looks at, taken for this reviewer."""
    who, passed, found = request.user.get_username(), set(besides), list[Question]()
    while len(found) < most:
        batch = waiting(wanted, most=_LOOKED_AT, besides=passed, within=within)
        if not batch:
            break
        others = review_holds.held_by_others([one.record for one in batch], who=who)
        for one in batch:
            if len(found) == most:
                break
            passed.add(one.record)
            if one.record in others or not review_holds.hold(one.record, who=who):
                continue
            asked = question(one.record, within=within)
            if asked is None:
                forget(one.record)
            else:
                found.append(asked)
    return found


def _fragment(request: HttpRequest, asked: Question, *, within: Scope) -> dict[str, object]:
    return {"record": asked.record, "html": _html(request, asked, within=within)}


def _html(request: HttpRequest, asked: Question, *, within: Scope) -> str:
    names = registry.owner_names(within=within)
    context = {"shown": shown(asked, within=within, names=names), "chips": CHIPS, "credit": credit_due()}
    return render_to_string("desk/review_question.html", context, request=request)


def _progress(request: HttpRequest, wanted: Wanted, *, within: Scope) -> dict[str, int]:
    """left: as filtered; today: answers of everybody since midnight; mine: those of the reviewer."""
    midnight = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    today = answered.answered_since(midnight, within=within)
    traits = traits_waiting(within=within)
    left = sum(n for one, n in traits.items() if wanted.fits(one))
    return {"left": left, "today": sum(today.values()), "mine": today[str(_actor(request))]}


def _open_campaigns(within: Scope) -> dict[str, str]:
    """code -> name of the campaigns that still take answers."""
    return {one.code: one.name for one in inventory.campaigns(within=within) if one.state == "open"}


def _choices(
    traits: Counter[tuple[str, str, str, bool]], at: int, names: Mapping[str, labels.Label]
) -> list[tuple[str, labels.Label, int]]:
    """The values of one trait that wait anywhere, with their names and numbers."""
    found: Counter[str] = Counter()
    for one, n in traits.items():
        found[str(one[at])] += n
    return [(value or "unknown", names.get(value, value), n) for value, n in sorted(found.items())]


# ---------------------------------------------------------------------------------------------- what was sent


def _record(request: HttpRequest, *, within: Scope) -> int:
    """The row spoken of; one that may not be judged is not there, in the same words."""
    asked = request.POST.get("record", "")
    try:
        if asked.isdecimal():
            return find_record(asked, within=within).record
    except NotFound:
        pass
    raise NotFound(msg("There is no record {value}."), value=asked[:20])


def _said(text: str) -> answers.Answer:
    for known in answers.ANSWERS:
        if text == known:
            return known
    raise InvalidInput(msg("“{value}” is no answer; choose same, different, unsure or new."), value=text[:20])


def _why(request: HttpRequest) -> str:
    chosen = [chip for chip in request.POST.getlist("chip") if chip in CHIPS]
    text = " ".join(request.POST.get("why", "").split())[:500]
    return "; ".join([*chosen, *([text] if text else [])]) or _COMPARED


def _numbers(request: HttpRequest, name: str) -> list[int]:
    given = request.POST if request.method == "POST" else request.GET
    parts = given.get(name, "").split(",")[:_MOST_NAMED]
    return [int(part) for part in parts if part.isdecimal() and len(part) < 19]


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _actor(request: HttpRequest) -> Actor:
    return Actor("person", request.user.get_username())


def _is_scripted(request: HttpRequest) -> bool:
    """Whether our own script asks, which puts fragments into the page; else a plain form was sent."""
    return request.headers.get("X-Requested-With") == "review"
