"""A camera entered by hand, with the cameras that it may already be shown while it is being typed."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, InvalidInput
from oblik.intake.alike import Alike, cameras_alike
from oblik.registry import queries as registry
from oblik.registry.entering import enter_camera, entered_code
from oblik.registry.logic.records import Value
from oblik.web.desk.camera_form import groups, said, typed_values
from oblik.web.ui.access import page, seen_by, sentence
from oblik.web.ui.limits import limited

LIKELY: Final = 0.8  # from here on a person has to say that it is another camera all the same
_LONGEST_REASON: Final = 2_000


@limited("search")
@require_http_methods(["GET", "POST"])
@page("edit")
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new camera; one that is likely known already is entered only when a person says it is another."""
    if request.method == "GET":
        # The number makes sending the form twice enter one camera.
        return _form(request, {"reference": f"desk-{token_hex(8)}"}, status=200)
    data = request.POST
    values, wrong = typed_values(data)
    owner, why = data.get("owner", ""), data.get("why", "").strip()[:_LONGEST_REASON]
    if owner not in dict(_owners(request)):
        wrong["owner"] = _("Choose on whose books the camera stands.")
    if not why:
        wrong["why"] = _("Say why: a reason is kept with every change.")
    if not any(values.get(name) for name in ("address", "lon_deg", "name")):
        wrong["address"] = _("Say where it is: an address, or its latitude and longitude.")
    qualities = {name: str(values.get(name, "")) for name in ("district", "kind", "purpose")}
    if not wrong and not scope_of(request.user, "edit").covers(owner=owner, **qualities):
        wrong["owner"] = _("You may not enter such a camera for this owner; ask somebody who may.")
    if wrong:
        return _form(request, {"wrong": wrong})
    again = entered_code(owner, reference=data.get("reference", "")) is not None
    alike = [] if again or "another" in data else cameras_alike(values, owner=owner, within=seen_by(request))
    if any(one.probability >= LIKELY for one in alike):
        return _form(request, {"alike": alike, "asked": True}, status=409)
    return _entered(request, values, owner=owner, why=why)


def _entered(request: HttpRequest, values: Mapping[str, Value], *, owner: str, why: str) -> HttpResponse:
    by = Actor("person", request.user.get_username())
    reference = request.POST.get("reference", "")[:60]
    try:
        code, _new = enter_camera(owner, reference=reference, values=values, by=by, at=now(), why=why)
    except InvalidInput as wrong:
        return _form(request, {"trouble": said(wrong)})
    except Conflict as wrong:
        return _form(request, {"trouble": sentence(wrong)})
    return redirect("camera", code=code)


def _form(request: HttpRequest, more: Mapping[str, object], *, status: int = 422) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    wrong = more.get("wrong", {})
    made = groups({}, pins={}, typed=typed, wrong=wrong)  # type: ignore[arg-type]  # made above
    # Where it is comes first: it tells soonest whether the camera is known.
    made.sort(key=lambda group: group.inputs[0].field.group != "place")
    context = {
        "groups": made,
        "owners": _owners(request),
        "typed": typed or {},
        "reference": typed.get("reference", "") if typed else "",
        **more,
    }
    return render(request, "desk/camera_new.html", context, status=status)


def _owners(request: HttpRequest) -> list[tuple[str, str]]:
    """Code and name of those in whose name the person may enter something."""
    within = scope_of(request.user, "edit")
    return [line for line in sorted(registry.owner_names(within=within).items()) if within.covers(owner=line[0])]


@limited("search")
@require_POST
@page("edit")
def alike(request: HttpRequest) -> HttpResponse:
    """Cameras that what was typed so far may be; asked again while a person types."""
    values, _wrong = typed_values(request.POST)
    found: list[Alike] = []
    if values:
        found = cameras_alike(values, owner=request.POST.get("owner", ""), within=seen_by(request))
    return render(request, "desk/camera_alike.html", {"alike": found})
