"""A camera's values corrected by hand, with a reason; and the last such correction taken back."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, Forbidden, InvalidInput, msg
from oblik.registry import attaching, editing, edits
from oblik.registry import queries as registry
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.records import Value
from oblik.web.desk.camera_form import edited, groups
from oblik.web.ui.access import page, seen_by, sentence
from oblik.web.ui.limits import limited
from oblik.web.ui.values import written

_LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else changed while the form was open: the field, what it held then, holds now, and was typed."""

    name: str
    then: str
    now: str
    mine: str


@limited("search")
@require_http_methods(["GET", "POST"])
@page("edit")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a camera; what is wrong with it is said beside its fields, and nothing is lost."""
    card = editable_card(request, code)
    if request.method == "POST":
        return _saved(request, card)
    return _form(request, card, {}, status=200)


def editable_card(request: HttpRequest, code: str) -> registry.CameraCard:
    """The camera, if the person may edit it; one that they may only see is told as such."""
    card = registry.camera_card(code, within=scope_of(request.user, "see"))
    if not card.whole or not scope_of(request.user, "edit").covers(**card.line.qualities):
        raise Forbidden(msg("Camera {value} can be seen, but not edited by you."), value=card.line.code)
    registry.camera_id(card.line.code, within=scope_of(request.user, "edit"))
    if card.merged_into or not card.line.sources:
        raise Conflict(
            msg("Camera {value} is no longer in the register; it is {other} now."),
            value=card.line.code, other=card.merged_into or "-",
        )  # fmt: skip
    return card


def _saved(request: HttpRequest, card: registry.CameraCard) -> HttpResponse:
    data = request.POST
    pins = edits.pinned_on(card.line.code, within=seen_by(request))
    changes, wrong = edited(data, held=card.line.values, pins=pins)
    why = data.get("why", "").strip()[:_LONGEST_REASON]
    happened_at, late = _day(data.get("happened_on", ""))
    wrong |= {"happened_on": late} if late else {}
    if not why:
        wrong["why"] = _("Say why: a reason is kept with every change.")
    if data.get("version", "") != str(card.version):
        return _form(request, card, {"meanwhile": _meanwhile(request, card), "status": 409, "wrong": {}})
    if wrong:
        return _form(request, card, {"wrong": wrong})
    paper = data.get("document", "").strip()[:200]
    try:
        _write(request, card, changes, why=f"{why} · {paper}" if paper else why, happened_at=happened_at)
    except (InvalidInput, Conflict, Forbidden) as told:
        return _form(request, card, {"trouble": sentence(told)})
    return redirect("camera", code=card.line.code)


def _write(
    request: HttpRequest, card: registry.CameraCard, changes: Mapping[str, Value | None], *, why: str,
    happened_at: datetime | None,
) -> None:  # fmt: skip
    """The edit and the document that it rests on, both or neither."""
    by, at = Actor("person", request.user.get_username()), now()
    paper = request.FILES.get("paper")
    with transaction.atomic():
        if isinstance(paper, UploadedFile):
            keep_upload(paper, code=card.line.code, what=why, by=by, at=at)
        changed = editing.edit_camera(
            card.line.code, values=changes, by=by, at=at, why=why, version=card.version, happened_at=happened_at,
            within=scope_of(request.user, "edit"),
        )  # fmt: skip
        if not changed and paper is None:
            raise InvalidInput(msg("Nothing was changed: every value is as it was."))


def keep_upload(file: "UploadedFile[bytes]", *, code: str, what: str, by: Actor, at: datetime) -> int:
    """A file as it was sent, kept with a camera."""
    with tempfile.TemporaryDirectory(prefix="oblik-attach-") as folder:
        path = Path(folder) / "sent"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        return attaching.attach(code, path=path, what=what, by=by, at=at, file_name=file.name or "")


def _day(text: str) -> tuple[datetime | None, str]:
    """The end of the day on which something came to be so, never later than now; and what is wrong with it."""
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, _("“{value}” is not a day; write it as 2026-05-31.").format(value=text)
    at = now()
    today = timezone.localtime(at).date()
    if day > today:
        return None, _("The day lies in the future; give the day on which it came to be so.")
    return (at if day == today else timezone.make_aware(datetime.combine(day, time(12)))), ""


def _meanwhile(request: HttpRequest, card: registry.CameraCard) -> list[Meanwhile]:
    """What changed between the version that the form was made from and the camera as it stands."""
    asked = request.POST.get("version", "")
    history = {str(one.number): one for one in registry.camera_history(card.line.code, within=seen_by(request))}
    then = history[asked].values if asked in history else {}
    return [
        Meanwhile(name, written(name, then.get(name)), written(name, card.line.values.get(name)),
                  request.POST.get(name, ""))
        for name, field in FIELDS.items()
        if not field.secret and name != "street_key" and then.get(name) != card.line.values.get(name)
    ]  # fmt: skip


def _form(
    request: HttpRequest, card: registry.CameraCard, more: Mapping[str, object], *, status: int = 422
) -> HttpResponse:
    context = dict(more)
    wrong = context.get("wrong", {})
    typed = request.POST if request.method == "POST" else None
    pins = edits.pinned_on(card.line.code, within=seen_by(request))
    context["groups"] = groups(card.line.values, pins=pins, typed=typed, wrong=wrong)  # type: ignore[arg-type]  # what _saved collected
    context |= {"card": card, "typed": typed or {}, "today": timezone.localtime(now()).date()}
    code = int(str(context.pop("status", status)))
    return render(request, "desk/camera_edit.html", context, status=code)


@require_POST
@page("edit")
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the last edit back, if it is still the last."""
    card = editable_card(request, code)
    number = request.POST.get("edit", "").strip()
    edit_number = int(number) if number.lstrip("-").isdecimal() and len(number) < 19 else 0
    by, within = Actor("person", request.user.get_username()), scope_of(request.user, "edit")
    editing.undo_edit(card.line.code, by=by, at=now(), why="edit undone", edit=edit_number, within=within)
    return redirect("camera", code=card.line.code)
