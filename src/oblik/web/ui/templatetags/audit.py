"""How the auditor's pages name what was done."""

from typing import Any, Final

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oblik.accounts.queries import may
from oblik.web.ui.labels import Label
from oblik.web.ui.templatetags.people import EVENTS

register = template.Library()

DONE: Final[dict[str, Label]] = {
    **EVENTS,
    "added": _("Added"),
    "opened": _("Opened"),
    "frozen": _("Frozen"),
    "commission_joined": _("Joined the commission"),
    "documents_printed": _("Documents printed"),
    "campaign_edited": _("Campaign edited"),
    "commission_left": _("Left the commission"),
    "signed": _("Signature noted"),
    "signature_unmarked": _("Signature taken back"),
    "owners_expected": _("Owners asked for lists"),
    "expectation_changed": _("Deadline or contact of an owner changed"),
    "no_longer_expected": _("Owner no longer asked"),
    "contacts_forgotten": _("Contacts deleted"),
    "reminded": _("Owner reminded"),
    "case_assigned": _("Discrepancy given to somebody"),
    "case_commented": _("Discrepancy commented"),
    "case_resolved": _("Discrepancy settled"),
    "case_reopened": _("Discrepancy opened again"),
    "looked_at_document": _("Document looked at"),
    "received": _("List received"),
    "read": _("List read"),
    "failed": _("List could not be read"),
    "cleaned_again": _("List cleaned again"),
    "matched": _("Matched"),
    "followed": _("Followed a newer list"),
    "inherited": _("Taken over from an older list"),
    "quoted": _("City's code quoted"),
    "judgement_withdrawn": _("Judgement withdrawn"),
    "judged_same": _("Judged the same"),
    "judged_different": _("Judged different"),
    "judged_unsure": _("Judged unsure"),
    "pinned": _("Values pinned"),
    "edited": _("Camera edited"),
    "edit_undone": _("Edit of a camera undone"),
    "attached": _("File kept with a camera"),
    "attachment_removed": _("File taken off a camera"),
    "attachment_restored": _("File put back with a camera"),
    "loaded": _("City table loaded"),
    "exported": _("Exported"),
    "listed": _("Cameras read page by page"),
    "downloaded": _("Document downloaded"),
    "looked_at_secret": _("Secret shown"),
    "refused": _("Refused"),
    "issued": _("Access token issued"),
    "revoked": _("Access token revoked"),
    "sealed_anew": _("Secrets sealed anew"),
    "key_added": _("Key added"),
    "key_removed": _("Key removed"),
    "rotated": _("Key of the journal changed"),
    "laid": _("File laid on the desk"),
    "corrected": _("Columns corrected"),
    "taken_away": _("File taken off the desk"),
    "asked_for": _("Work asked for"),
    "work_failed": _("Work failed"),
    "accepted": _("List accepted"),
    "reopened": _("Acceptance of a list taken back"),
    "withdrawn": _("List withdrawn"),
    "restored": _("List handed in again"),
    "answered": _("Said what became of a row"),
    "judged_new": _("Judged a new camera"),
    "answer_taken_back": _("Answer in the review taken back"),
    "entered": _("Camera entered by hand"),
    "handed_out": _("Round handed out"),
    "called_off": _("Round called off"),
    "checked_on_site": _("Checked on site"),
    "met_on_site_settled": _("Camera met on site settled"),
    "drawn": _("Base map drawn"),
    "checked": _("Footprints brought up to date"),
    "summed": _("Coverage added up"),
    "forgotten": _("Coverage of former rights dropped"),
    "data_exported": _("Data about somebody given out"),
    "data_erased": _("Data about somebody erased"),
    "tidied": _("Sessions and invitations that ended removed"),
}

UNUSUAL: Final[dict[str, tuple[Label, Label]]] = {
    "many_looks": (
        _("Looked at unusually much"),
        _("More than three times the median of the person's own days in the two months before."),
    ),
    "much_read": (
        _("Read unusually many cameras"),
        _("A thousand or more in a day, page by page or by programs, and more than three times the own median before."),
    ),
    "at_night": (
        _("Active at night"),
        _("Between 22:00 and 6:00 in the last seven days, by people who hardly ever were before."),
    ),
    "failed_sign_ins": (_("Sign-ins that failed"), _("In the last thirty days.")),
    "refused": (
        _("Refused again and again"),
        _("What somebody's rights do not reach, and many guesses at what is not there, in the last seven days."),
    ),
    "rights_changed": (_("Rights and keys changed"), _("In the last thirty days.")),
    "silence": (_("Silence"), _("More than two days without an entry: nobody worked, or nothing could be recorded.")),
}


@register.filter
def done_label(what: str) -> Label:
    """What was done, in words; a code that has none is shown as it is."""
    return DONE.get(what, what)


@register.filter
def unusual_label(kind: str) -> Label:
    return UNUSUAL[kind][0]


@register.filter
def unusual_text(kind: str) -> Label:
    return UNUSUAL[kind][1]


@register.simple_tag
def done_choices() -> list[tuple[str, Label]]:
    """Everything that can be filtered by, by its words."""
    return sorted(DONE.items(), key=lambda one: str(one[1]).casefold())


@register.simple_tag(takes_context=True)
def may_audit(context: dict[str, Any]) -> bool:
    """Whether the person may read the journal."""
    request: HttpRequest | None = context.get("request")
    return request is not None and may(request.user, "audit")
