"""What is printed of cameras: the passport of one, and sheets of labels with QR codes for several."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import InvalidInput, msg
from oblik.inventory.documents.labels import MOST_LABELS, Place, label_sheets, qr_svg
from oblik.inventory.documents.passport import CameraPaper, Change, Fact, Section, camera_paper
from oblik.journal.actions import looked
from oblik.registry import attachments, searching
from oblik.registry import queries as registry
from oblik.registry.words import FIELD_NAMES
from oblik.web.desk.camera import Passport, passport_of
from oblik.web.desk.comparison import Row
from oblik.web.desk.filters import Filters
from oblik.web.ui.access import page, seen_by
from oblik.web.ui.labels import KINDS, STATES
from oblik.web.ui.limits import limited
from oblik.web.ui.templatetags.oblik_ui import actor_label, why_label
from oblik.web.ui.templatetags.passport import provenance
from oblik.web.ui.values import day, moment, written

_PHOTOS: Final = 4
_CHANGES: Final = 20  # the newest; all of them stand on the page


@limited("export")
@require_GET
@page()
def passport_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The passport as PDF in the language asked for, else in that of the page; `as_of` as on the page."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
    passport = passport_of(request, code)
    at = now()
    with translation.override(language):
        pdf = camera_paper(_paper(request, passport, language=language))
    by = Actor("person", request.user.get_username())
    details = {"document": "passport", "language": language}
    looked(subject=f"camera:{passport.card.line.code}", what="downloaded", by=by, at=at, details=details)
    return _pdf(pdf, name=f"{passport.card.line.code}-{language}.pdf")


def _pdf(pdf: bytes, *, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _paper(request: HttpRequest, passport: Passport, *, language: str) -> CameraPaper:
    card, line = passport.card, passport.card.line
    owners = registry.owner_names(within=seen_by(request))
    lead = [(_("Owner"), line.owner_name), (_("State"), str(STATES.get(line.state, line.state)))] if card.whole else []
    told = [name for name in ("name", "address") if name in line.values]
    lead += [(str(FIELD_NAMES[name]), written(name, line.values[name])) for name in told]
    lead.append((_("Kind"), str(KINDS.get(line.kind, line.kind)) if line.kind else _("Unknown")))
    lead.append((_("As of"), day(card.as_of or _today())))
    person = str(getattr(request.user, "first_name", "") or request.user.get_username())
    return CameraPaper(
        code=line.code,
        language=language,
        title=_("Passport of a camera"),
        lead=lead,
        sections=[
            Section(str(section.label), [_fact(row, passport, owners) for row in section.rows])
            for section in passport.comparison.sections
        ],
        photos=list(_photos(passport)),
        papers=[(one.file_name, one.what, day(one.added_at)) for one in passport.documents],
        changes=[_change(version) for version in passport.history[:_CHANGES]],
        qr=qr_svg(line.code),
        printed=_("Printed on {day} by {person}").format(day=day(_today()), person=person),
        words={
            "pinned": _("pinned by hand"),
            "also": _("but:"),
            "papers": _("Documents kept with the camera"),
            "changes": _("Changes"),
            "page_of": _("page {page} of {pages}"),
        },
        issued_on=_today(),
    )


def _fact(row: Row, passport: Passport, owners: dict[str, str]) -> Fact:
    return Fact(
        str(FIELD_NAMES[row.field.name]), row.text, provenance(row.source, passport.rows, owners) or str(row.why),
        [f"{one.text} — {provenance(one.source, passport.rows, owners)}" for one in row.others], row.pinned,
    )  # fmt: skip


def _photos(passport: Passport) -> Iterable[tuple[bytes, str]]:
    for one in passport.photos[:_PHOTOS]:
        with attachments.opened(one.id, form="shown") as path:
            under = [one.what, moment(one.taken_at) if one.taken_at else _("added {day}").format(day=day(one.added_at))]
            yield path.read_bytes(), " · ".join(part for part in under if part)


def _change(version: registry.VersionLine) -> Change:
    def one(name: str, before: object, after: object) -> str:
        new = written(name, after) if after is not None else _("removed")
        told = f"{written(name, before)} → {new}" if before is not None else new
        return f"{FIELD_NAMES.get(name, name)}: {told}"

    return Change(
        day(version.happened_at), _("recorded {when}").format(when=moment(version.recorded_at)),
        [one(name, *pair) for name, pair in version.changed.items()], actor_label(version.by), why_label(version.why),
    )  # fmt: skip


@limited("export")
@require_GET
@page()
def labels_pdf(request: HttpRequest) -> HttpResponse:
    """Labels for the cameras named by `code`, as often as needed, else for those that the filters of the table keep."""
    within = seen_by(request)
    codes = [registry.plain_code(code) for code in request.GET.getlist("code")][: MOST_LABELS + 1]
    places = [_place(registry.camera_card(code, within=within).line) for code in dict.fromkeys(codes)]
    if not codes:
        wanted = Filters.read(request.GET).wanted(within=within)
        found = searching.found_cameras(wanted, per_page=MOST_LABELS + 1, within=within)
        places = [_place(line) for line in found.lines]
    if not places:
        raise InvalidInput(msg("No camera was chosen to print labels for."))
    if len(places) > MOST_LABELS:
        raise InvalidInput(
            msg("More than {most} labels at once would not be printed through; narrow the filters."), most=MOST_LABELS
        )
    at = now()
    words = {
        "list": _("Which label belongs where"), "code": _("Code"), "name": _("Name"), "address": _("Address"),
        "page_of": _("page {page} of {pages}"),
    }  # fmt: skip
    by = Actor("person", request.user.get_username())
    looked(subject="camera:all", what="exported", by=by, at=at, details={"format": "labels", "count": len(places)})
    language = get_language() or settings.LANGUAGE_CODE
    pdf = label_sheets(places, language=language, words=words, issued_on=_today())
    return _pdf(pdf, name="labels.pdf")


def _place(line: registry.CameraLine) -> Place:
    return Place(line.code, str(line.values.get("name", "")), str(line.values.get("address", "")))


def _today() -> date:
    return timezone.localtime(now()).date()
