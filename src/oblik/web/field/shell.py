"""The page on the phone, and what lets it open without a network: its service worker, and its name on a home screen."""

import json
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oblik.city.queries import credit_due
from oblik.inventory.checking import MOST_PHOTOS
from oblik.inventory.logic.field import WORST_ACCURACY_M
from oblik.web.ui import labels
from oblik.web.ui.access import page
from oblik.web.ui.middleware import LENT

# What a phone lends to this page alone: where it is, which way it looks, what is before it.
_BORROWED: Final = frozenset({"accelerometer", "camera", "geolocation", "gyroscope", "magnetometer"})
PERMISSIONS: Final = ", ".join(f"{name}=({'self' if name in _BORROWED else ''})" for name in LENT)
_TOLD: Final = ("kind", "mount", "state")
_NAMED: Final = ("bearing_deg", "height_m", *_TOLD)


@page("hand_in")
def shell(request: HttpRequest) -> HttpResponse:
    """The page without anything of a round: that comes by itself and is kept apart, so that it can be thrown away."""
    context = {
        "words": _words(),
        "choices": [(name, labels.FIELD_LABELS[name], labels.CHOICES[name].items()) for name in _TOLD],
        "credit": _("© OpenStreetMap contributors") if credit_due() else "",
        "most_photos": MOST_PHOTOS,
        "worst_m": int(WORST_ACCURACY_M),
    }
    answer = render(request, "field/shell.html", context)
    answer["Permissions-Policy"] = PERMISSIONS
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page for when there is no network; what it keeps changes with any file of it."""
    files = _kept_files(settings.DEBUG)
    if files is None:
        raise Http404
    names, version, script = files
    head = {"version": version, "files": [static(f"built/{name}") for name in names], "shell": reverse("field")}
    answer = HttpResponse(f"self.OBLIK = {json.dumps(head)};\n{script}", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=1)
def _kept_files(_debug: bool) -> tuple[list[str], str, str] | None:
    """The built files that the page needs, one mark for all their contents, and the worker's script."""
    listed = finders.find("built/field-files.json")
    if not listed:
        return None
    folder = Path(str(listed)).parent
    names = [str(name) for name in json.loads(Path(str(listed)).read_text(encoding="utf-8"))]
    digest = sha256()
    for name in [*names, "field-sw.js"]:
        digest.update((folder / name).read_bytes())
    return names, digest.hexdigest()[:16], (folder / "field-sw.js").read_text(encoding="utf-8")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone calls the page when it is put on the home screen."""
    return JsonResponse(
        {
            "name": f"Oblik · {_('Field checks')}", "short_name": "Oblik", "lang": get_language(),
            "start_url": reverse("field"), "scope": reverse("field"), "display": "standalone",
            "background_color": "#f6f8fb", "theme_color": "#066fd1",
            "icons": [{"src": static("ui/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )  # fmt: skip


def _words() -> dict[str, object]:
    """What the page says of itself while it runs; {n} and such are filled there."""
    return {
        "language": get_language(),
        "waiting": _forms(lambda n: ngettext("{n} check waiting", "{n} checks waiting", n)),
        "done": _("{done} of {all} checked"),
        "all_sent": _("All sent"),
        "sending": _("Sending…"),
        "offline": _("No connection"),
        "sign_in": _("Sign in to send"),
        "trouble": _forms(lambda n: ngettext("{n} check not taken", "{n} checks not taken", n)),
        "saved": _("Kept on this phone. It is sent as soon as there is a connection."),
        "taken": _("Taken by the office."),
        "changed": _("Taken. Meanwhile somebody had changed: {fields}."),
        "gone": _("Taken. This camera is no longer in the register; the office sees your words."),
        "near": _("Taken as a question. It may be one of: {cameras}."),
        "alone": _("Taken as a question. No other camera of the register stands near."),
        "no_round": _("There is no round for you today."),
        "no_round_hint": _("Ask the office for one. When it is there, open this page once with a connection."),
        "of_person": _("Checks of {person} that wait on this phone: {n}. They are sent when {person} signs in here."),
        "accuracy": _("Position known to {m} m"),
        "rough": _("Position too rough: {m} m. Step into the open, or set the place on the map."),
        "searching": _("Looking for the position…"),
        "denied": _("The phone does not tell its position. Allow it for this page, or set the place on the map."),
        "here": _("here"),
        "sides": [_("north"), _("north-east"), _("east"), _("south-east"), _("south"), _("south-west"), _("west"),
                  _("north-west")],
        "looks": _("looks to the {side}, {deg}°"),
        "compass_none": _("This phone tells no compass. Turn the hand on the map, or type the degrees."),
        "compass_hold": _("Hold the phone flat and point its upper edge where the camera looks."),
        "magnetic": _("corrected from magnetic to true north by {deg}°"),
        "scan_none": _("The camera of the phone cannot be used. Type the code from the label."),
        "scan_wrong": _("This is not the label of a camera: {text}"),
        "scan_other": _("{code} is not in your round. You can check it all the same."),
        "code_wrong": _("{code} is not a camera code; a digit may be mistyped."),
        "photo_wrong": _("This file cannot be opened as a picture."),
        "place_needed": _("Say where the camera is: wait for a position, or set it on the map."),
        "answer_needed": _("Choose an answer first."),
        "leave": _("Checks not sent yet: {n}. They stay on this phone until you sign in here again."),
        "drop": _("Throw this check away? It is not sent and cannot be brought back."),
        "answers": {
            "found": _("Found as listed"), "different": _("Found, but different"), "not_found": _("Not found"),
            "unreachable": _("Could not get there"), "new": _("New camera"),
        },
        "fields": {"position": _("Place")} | {name: str(labels.FIELD_LABELS[name]) for name in _NAMED},
        "choices": {name: {key: str(word) for key, word in labels.CHOICES[name].items()} for name in _TOLD},
        "m": _("m"), "km": _("km"),
        "zoom_in": _("Zoom in"), "zoom_out": _("Zoom out"), "map": _("Map of the round"),
        "new_camera": _("New camera here"), "scan": _("Scan a label"), "queue": _("What was said"),
        "as_listed": _("as listed"), "not_known": _("not known"),
        "differs": _("What is different"), "seen": _("What can be seen"),
    }  # fmt: skip


def _forms(of: Callable[[int], str]) -> dict[str, str]:
    """The forms of a sentence by the number in it, under the names that browsers give to them."""
    return {name: of(n) for name, n in (("one", 1), ("few", 2), ("many", 5), ("other", 5))}
