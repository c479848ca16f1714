"""What the phone asks and sends: the day's rounds, and each check with its photos, however often it is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, InvalidInput, NotFound, OblikError, msg
from oblik.city.queries import base_map_file
from oblik.db import kept_files
from oblik.inventory import checking, rounds
from oblik.inventory.logic.field import Answer, Check, Fix, PlaceFrom
from oblik.inventory.rounds import RoundLine
from oblik.registry.logic.records import Value
from oblik.web.ui.access import page, sentence
from oblik.web.ui.limits import limited

_ROUNDS: Final = 3  # the day's, and those that follow: one may be read at home in the evening
_STATUS: Final[dict[type[OblikError], int]] = {NotFound: 404, InvalidInput: 422, Conflict: 409}


class _SentFix(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lon_deg: float = Field(ge=-180, le=180)
    lat_deg: float = Field(ge=-90, le=90)
    accuracy_m: float = Field(ge=0, le=100_000)

    def read(self) -> Fix:
        return Fix(self.lon_deg, self.lat_deg, self.accuracy_m)


class _Sent(BaseModel):
    """A check as the phone writes it."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    round: int
    answer: Answer
    said_at: AwareDatetime
    camera: str = Field(default="", max_length=24)
    version: int = Field(default=0, ge=0, le=2_000_000_000)
    stood: _SentFix | None = None
    place: _SentFix | None = None
    place_from: PlaceFrom = "map"
    bearing_deg: float | None = Field(default=None, ge=0, le=360)
    bearing_from: str = Field(default="", max_length=10)
    values: dict[str, Value] = Field(default_factory=dict, max_length=20)
    note: str = Field(default="", max_length=4_000)

    def read(self) -> Check:
        return Check(
            id=self.id, round=self.round, answer=self.answer, said_at=self.said_at, camera=self.camera,
            seen_version=self.version, stood=self.stood.read() if self.stood else None,
            place=self.place.read() if self.place else None, place_from=self.place_from,
            bearing_deg=self.bearing_deg, bearing_from=self.bearing_from, values=self.values, note=self.note,
        )  # fmt: skip


def told(view: Callable[[HttpRequest], JsonResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view whose errors are told as JSON, in the language of the page."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            return view(request)
        except OblikError as wrong:
            status = _STATUS.get(type(wrong), 400)
            return JsonResponse({"code": wrong.code, "sentence": sentence(wrong)}, status=status)

    return answer


@require_safe
@page("hand_in")
@told
def day(request: HttpRequest) -> JsonResponse:
    """The rounds of the person from today on, with what their phone needs and no more; and whose they are."""
    worker = request.user.get_username()
    today = timezone.localdate()
    found = rounds.rounds_for(worker, since=today)[:_ROUNDS]
    return JsonResponse(
        {
            "person": worker, "csrf": get_token(request), "today": today.isoformat(), "base": _base(),
            "rounds": [_round(request, one) for one in found],
        }
    )  # fmt: skip


def _base() -> str:
    """The address of the city's own base map, another with each drawing; "" where none is drawn."""
    path = base_map_file()
    return f"{reverse('map-base')}?v={path.stat().st_mtime_ns:x}" if path.is_file() else ""


def _round(request: HttpRequest, one: RoundLine) -> dict[str, Any]:
    within = scope_of(request.user, "see")
    return {
        "id": one.id, "campaign": one.campaign, "day": one.day.isoformat(), "name": one.name,
        "way_m": round(one.way_m), "start": one.start,
        "stops": [asdict(stop) for stop in rounds.stops(one.id, within=within)],
    }  # fmt: skip


@limited("field_check")
@require_POST
@page("hand_in")
@told
def checks(request: HttpRequest) -> JsonResponse:
    """Takes one check: the field `check` as JSON, its photos as files `photo`."""
    worker, at = request.user.get_username(), now()
    check = _read(request.POST.get("check", ""))
    with _photos(request, at=at) as photos:
        taken = checking.take_check(
            check, photos=photos, worker=worker, by=Actor("person", worker), at=at,
            within=scope_of(request.user, "hand_in"),
        )  # fmt: skip
    links = {"open": reverse("camera", args=[taken.camera])} if taken.camera else {}
    return JsonResponse({**asdict(taken), "links": links})


def _read(text: str) -> Check:
    try:
        return _Sent.model_validate_json(text).read()
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        raise InvalidInput(
            msg("The check cannot be read: {field} is not as it should be."),
            field=".".join(str(part) for part in first["loc"]) or "check",
        ) from wrong


@contextmanager
def _photos(request: HttpRequest, *, at: datetime) -> Iterator[list[Path]]:
    """The photos as files in a folder of our own, gone afterwards; named by the time and their place, not by phones."""
    sent = [file for file in request.FILES.getlist("photo") if isinstance(file, UploadedFile)]
    if not sent:
        yield []
        return
    if len(sent) > checking.MOST_PHOTOS:
        raise InvalidInput(
            msg("A check takes {most} photos of up to {size} MB."),
            most=checking.MOST_PHOTOS, size=checking.PHOTO_BYTES // 1_000_000,
        )  # fmt: skip
    with kept_files.private_folder(sum(file.size or 0 for file in sent)) as folder:
        paths = []
        for number, file in enumerate(sent, 1):
            path = folder / f"{at:%Y-%m-%d}-{number}.jpg"
            with path.open("wb") as stream:
                for chunk in file.chunks():
                    stream.write(chunk)
            paths.append(path)
        yield paths
