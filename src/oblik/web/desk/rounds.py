"""Rounds on site: who walks past which cameras on which day, what was said there, and cameras met that nobody knows."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oblik.accounts.queries import ROLES, PersonLine, Scope, people, scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import InvalidInput, NotFound, OblikError, msg
from oblik.city import queries as city
from oblik.intake.logic.values.coordinates import coordinates
from oblik.inventory import checking, rounds
from oblik.inventory import queries as inventory
from oblik.registry import around
from oblik.registry import queries as registry
from oblik.web.desk.access import page, sentence
from oblik.web.ui.labels import Label

PICKS: Final[dict[str, Label]] = {
    "all": gettext_lazy("All cameras"),
    "never": gettext_lazy("Those never looked at on site"),
    "discrepancy": gettext_lazy("Those on which the lists disagree"),
    "waiting": gettext_lazy("Those that a row waiting for review may be"),
}
ANSWERS: Final[dict[str, Label]] = {
    "found": gettext_lazy("Found as listed"),
    "different": gettext_lazy("Found, but different"),
    "not_found": gettext_lazy("Not found"),
    "unreachable": gettext_lazy("Could not get there"),
    "new": gettext_lazy("New camera"),
}
COLOURS: Final = {"found": "green", "different": "orange", "not_found": "red", "new": "blue"}
_MOST: Final = 20  # cameras of a round where nothing else is asked: half a day on foot


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who may be sent."""

    username: str
    name: str


@page("edit")
def every(request: HttpRequest) -> HttpResponseBase:
    """The rounds that were handed out, and the form for another."""
    if request.method == "POST":
        return _hand_out(request)
    return _shown(request, trouble="", given={})


def _shown(request: HttpRequest, *, trouble: str, given: dict[str, str]) -> HttpResponse:
    within = scope_of(request.user, "edit")
    open_ones = [one for one in inventory.campaigns(within=within) if one.state == "open"]
    campaign = given.get("campaign") or (open_ones[0].code if open_ones else "")
    workers = _workers(within)
    context: dict[str, Any] = {
        "found": rounds.rounds(within=within), "campaigns": open_ones, "workers": workers,
        "worker_names": {one.username: one.name for one in workers},
        "picks": PICKS.items(),
        "owners": registry.owner_names(within=within), "districts": around.districts(within=within),
        "trouble": trouble, "given": {"day": timezone.localdate().isoformat(), "most": str(_MOST), **given},
        "campaign": campaign, "most": checking.MOST_STOPS,
        "met": sum(len(rounds.met(campaign=one.code, within=within)) for one in open_ones),
    }  # fmt: skip
    return render(request, "desk/rounds.html", context, status=422 if trouble else 200)


def _workers(within: Scope) -> list[Worker]:
    """Who may hand in what they saw somewhere within the scope, those first whose work it is.

    Besides field workers only those who work nowhere else: officers of the whole city are not the sender's to send.
    """
    able = {name for name, role in ROLES.items() if {"see", "hand_in"} <= role.verbs}

    def reaches_here(one: PersonLine) -> bool:
        met = ((grant, Scope((grant.reach,)).within(within)) for grant in one.grants if grant.role in able)
        return any(here.reaches and (grant.role == "field" or here == Scope((grant.reach,))) for grant, here in met)

    found = [one for one in people() if one.active and reaches_here(one)]
    found.sort(key=lambda one: (all(grant.role != "field" for grant in one.grants), one.username))
    return [Worker(one.username, one.name or one.username) for one in found]


def _hand_out(request: HttpRequest) -> HttpResponseBase:
    given = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    within = scope_of(request.user, "edit")
    try:
        worker = given.get("worker", "")
        if worker not in {one.username for one in _workers(within)}:
            raise InvalidInput(msg("Choose who walks the round."))
        reach = scope_of(Actor("person", worker), "hand_in").within(within)
        start = _start(given.get("start", ""))
        walk = checking.Walk(worker, _day(given.get("day", "")), start, given.get("name", ""))
        cameras = _chosen(given, start=start, within=reach)
        number = checking.make_round(
            given.get("campaign", ""), cameras=cameras, walk=walk, by=_actor(request), at=now(), within=reach
        )  # fmt: skip
    except OblikError as wrong:
        return _shown(request, trouble=sentence(wrong), given=given)
    return redirect("round", number=number)


def _chosen(given: dict[str, str], *, start: tuple[float, float] | None, within: Scope) -> list[str]:
    most = given.get("most", "")
    if not most.isdecimal() or not 0 < int(most) <= checking.MOST_STOPS:
        raise InvalidInput(
            msg("A round has from 1 to {most} cameras, not {value}."), most=checking.MOST_STOPS, value=most
        )
    found = rounds.candidates(
        given.get("campaign", ""), pick=given.get("pick", "all"), owner=given.get("owner", ""),
        district=given.get("district", ""), start=start, most=int(most), within=within,
    )  # fmt: skip
    if not found:
        raise InvalidInput(
            msg("No camera fits: choose others. Those of another round, or beyond this person's rights, are left out.")
        )
    return [one.code for one in found]


def _start(text: str) -> tuple[float, float] | None:
    """A place typed as coordinates or as an address; None where nothing is."""
    if not text.strip():
        return None
    pair, _trouble = coordinates(text)
    if pair is not None:
        first, second = pair.first.value, pair.second.value  # as on every map that people copy from: latitude first
        return (first, second) if "lon" in (pair.order[:3], pair.first.axis) else (second, first)
    for one in city.find(text, limit=3):
        if one.lon_deg is not None and one.lat_deg is not None:
            return one.lon_deg, one.lat_deg
    raise InvalidInput(
        msg("“{value}” is no place we know; write an address of the city, or coordinates such as 49.99, 36.23."),
        value=text,
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(msg("“{value}” is not a day; write it as 2026-05-31."), value=text) from wrong
    if day < timezone.localdate():
        raise InvalidInput(msg("The day {value} is over; choose today or a later one."), value=text)
    return day


def _actor(request: HttpRequest) -> Actor:
    return Actor("person", request.user.get_username())


@page("edit")
def one_round(request: HttpRequest, number: int) -> HttpResponseBase:
    """The stops of a round with what was said at each; calling it off."""
    within = scope_of(request.user, "edit")
    found = rounds.round_of(number, within=within)
    trouble = ""
    if request.method == "POST":
        try:
            checking.call_off_round(number, by=_actor(request), at=now(), why=request.POST.get("why", ""))
        except OblikError as wrong:
            trouble = sentence(wrong)
        else:
            messages.success(request, _("The round was called off."))
            return redirect("round", number=number)
    context = {
        "round": found, "stops": rounds.stops(number, within=within), "trouble": trouble,
        "checks": rounds.checks(number=number, within=within), "answers": ANSWERS, "colours": COLOURS,
    }  # fmt: skip
    return render(request, "desk/round.html", context, status=422 if trouble else 200)


@page("edit")
def met(request: HttpRequest) -> HttpResponse:
    """Cameras met on site that the register may not have, of all open campaigns."""
    within = scope_of(request.user, "edit")
    found = [
        check
        for campaign in inventory.campaigns(within=within)
        if campaign.state == "open"
        for check in rounds.met(campaign=campaign.code, within=within)
    ]
    return render(request, "desk/met.html", {"found": found, "whole": within.all})


@page("edit")
def check(request: HttpRequest, check: UUID) -> HttpResponseBase:
    """One check with its photos; of a camera met on site, what it is."""
    within = scope_of(request.user, "edit")
    found = rounds.check(check, within=within)
    trouble = ""
    if request.method == "POST":
        try:
            return _settled(request, check, within=within)
        except OblikError as wrong:
            trouble = sentence(wrong)
    place = found.said.get("place") or found.said.get("stood")
    near = around.placed_near((place["lon_deg"], place["lat_deg"]), most=5, within=within) if place else []
    context = {
        "check": found, "answers": ANSWERS, "colours": COLOURS, "place": place, "trouble": trouble,
        "near": near if found.answer == "new" else [], "owners": registry.owner_names(within=within),
        "values": [(name, value) for name, value in found.said.get("values", {}).items()],
    }  # fmt: skip
    return render(request, "desk/field_check.html", context, status=422 if trouble else 200)


def _settled(request: HttpRequest, number: UUID, *, within: Scope) -> HttpResponseBase:
    given = request.POST
    how, camera = given.get("how", ""), given.get("camera", "") or given.get("code", "")
    if how == "entered" and given.get("owner", "") not in registry.owner_names(within=within):
        raise NotFound(msg("Choose the owner on whose books the camera stands."))
    code = checking.settle_met(
        number, how=how, camera=camera, owner=given.get("owner", ""), why=given.get("why", ""), by=_actor(request),
        at=now(), within=within,
    )  # fmt: skip
    if code:
        messages.success(request, _("Settled: it is camera %(code)s.") % {"code": code})
        return redirect("camera", code=code)
    messages.success(request, _("Settled: it is no camera of the register."))
    return redirect("rounds-met")


@page("edit")
def photo(request: HttpRequest, check: UUID, number: int) -> HttpResponse:
    """A photo of a check as it is shown: the picture and nothing else."""
    rounds.check(check, within=scope_of(request.user, "edit"))
    with rounds.photo_opened(number, of=check) as path:
        return HttpResponse(path.read_bytes(), content_type="image/jpeg")
