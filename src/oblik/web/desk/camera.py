"""The passport of a camera: what is known of it, from whom and since when; its history, photos, papers and rows."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.city.queries import city_version, credit_due
from oblik.intake import queries as intake
from oblik.intake.actions import judgements
from oblik.intake.trail import TakenRow, rows_taken
from oblik.registry import edits
from oblik.registry import queries as registry
from oblik.registry.attachments import AttachmentLine, attachments_of
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.papers import DOCUMENTS, PHOTOS
from oblik.web.desk.basemap import base_map_version
from oblik.web.desk.comparison import UNSEEN, Comparison, compare
from oblik.web.ui.access import page, seen_by

_SHORT = ("name", "address", "bearing_deg", "height_m", "vendor", "model", "place_origin")


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything that one page, and one paper, tells of a camera; parts that the asker may not see are empty."""

    card: registry.CameraCard
    comparison: Comparison
    history: list[registry.VersionLine]
    rows: dict[str, TakenRow]
    attachments: list[AttachmentLine]

    @property
    def photos(self) -> list[AttachmentLine]:
        return [one for one in self.attachments if one.kind == "photo"]

    @property
    def partable(self) -> bool:
        """Whether a row could be parted from the camera without leaving nothing."""
        return sum(row.stands for row in self.rows.values()) > 1

    @property
    def documents(self) -> list[AttachmentLine]:
        return [one for one in self.attachments if one.kind == "document"]

    @property
    def days(self) -> list[date]:
        """The days on which the register began to hold something else, the oldest first."""
        return sorted({timezone.localtime(one.happened_at).date() for one in self.history})


def passport_of(request: HttpRequest, code: str) -> Passport:
    """The camera as of the day asked, if the person may see it at all."""
    within = seen_by(request)
    card = registry.camera_card(code, as_of=day_asked(request.GET.get("as_of", "")), within=within)
    comparison = compare(card)
    if not card.whole:
        return Passport(card, comparison, [], {}, [])
    history = registry.camera_history(card.line.code, within=within)
    refs = [source.source_ref for source in (*comparison.sources, *comparison.withdrawn)]
    rows = rows_taken(refs, camera_id=card.line.id)
    return Passport(
        card, comparison, [_without_unseen(version) for version in history],
        {f"record:{row.record}": row for row in rows}, attachments_of(card.line.code, within=within),
    )  # fmt: skip


def day_asked(text: str) -> date | None:
    """The day of an address; None for today."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(msg("“{value}” is not a day; write it as 2026-05-31."), value=text) from wrong


def _without_unseen(version: registry.VersionLine) -> registry.VersionLine:
    return replace(version, changed={name: pair for name, pair in version.changed.items() if name not in UNSEEN})


@page()
def camera(request: HttpRequest, code: str) -> HttpResponse:
    """The passport on a page; with `as_of` as the register held it at the end of that day."""
    passport = passport_of(request, code)
    card = passport.card
    within = seen_by(request)
    edits_here = card.whole and card.as_of is None and card.line.sources > 0
    may_edit = edits_here and scope_of(request.user, "edit").covers(**card.line.qualities)
    today = timezone.localtime(now()).date()
    context = {
        "passport": passport,
        "card": card,
        "comparison": passport.comparison,
        "history": passport.history,
        "days": [day.isoformat() for day in (*passport.days, *([today] if today not in passport.days else []))],
        "today": today,
        "owners": registry.owner_names(within=within),
        "names": intake.sources_named([source.source_ref for source in passport.comparison.sources]),
        "may_see_secrets": _covered(request, card.line.code, "see_secrets"),
        "may_edit": may_edit,
        "may_judge": edits_here and _covered(request, card.line.code, "judge"),
        "last_edit": edits.last_edit(card.line.code, within=within) if may_edit else None,
        "accepted": ",".join(f".{end}" for end in (*PHOTOS, *DOCUMENTS)),
        "base": base_map_version(),
        "ground": _ground(),
        "credit": credit_due(),
        "cone": _cone(card),
        "guessed": card.line.place_origin == "geocoded" or "hfov_deg" not in card.line.values,
    }
    return render(request, "desk/camera.html", context)


def _ground() -> str:
    """The address of tiles of the city's houses and street names; "" where none are loaded."""
    return reverse("map-ground", args=(0, 0, 0)).replace("/0/0/0", "/{z}/{x}/{y}") if city_version() else ""


def _covered(request: HttpRequest, code: str, verb: str) -> bool:
    scope = scope_of(request.user, verb)  # type: ignore[arg-type]  # called with two names of rights, above
    return code in registry.codes_within([code], within=scope)


def _cone(card: registry.CameraCard) -> dict[str, float] | None:
    """Where the camera looks, how wide and how far; None where its bearing is unknown."""
    if card.line.bearing_deg is None:
        return None
    values = card.line.values
    width = float(values.get("hfov_deg") or 60.0)
    return {"bearing": card.line.bearing_deg, "width": min(width, 360.0), "range": float(values.get("range_m") or 30.0)}


@require_POST
@page("judge")
def part(request: HttpRequest, code: str) -> HttpResponse:
    """A person says that a row is another camera than this one."""
    within = scope_of(request.user, "judge")
    card = registry.camera_card(code, within=within)
    number = request.POST.get("record", "")
    refs = {source.source_ref for source in card.claims if source.withdrawn_at is None}
    if not card.whole or f"record:{number}" not in refs:
        raise NotFound(msg("There is no record {value}."), value=number)
    if not request.POST.get("why", "").strip():
        raise InvalidInput(msg("Say why: a reason is kept with every change."))
    by = Actor("person", request.user.get_username())
    became = judgements.judge(
        int(number), camera=card.line.code, verdict="different", by=by, at=now(), why=request.POST["why"][:2_000]
    )
    if became == card.line.code:
        raise Conflict(msg("The row still stands for camera {value}."), value=became)
    return redirect("camera", code=became or card.line.code)


@page()
def camera_panel(request: HttpRequest, code: str) -> HttpResponse:
    """The camera in short, for the panel beside the map."""
    card = registry.camera_card(code, as_of=day_asked(request.GET.get("as_of", "")), within=seen_by(request))
    values = [(name, card.line.values[name]) for name in _SHORT if name in FIELDS and card.line.values.get(name)]
    return render(request, "desk/camera_panel.html", {"card": card, "values": values})
