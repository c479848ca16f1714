"""The auditor's screen: who did and looked at what, what is unusual, and proofs for those outside."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import get_default_timezone, make_aware
from django.views.decorators.http import require_POST

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, NotFound, msg
from oblik.journal import anomalies, checkpoints, proofs, queries
from oblik.journal.actions import looked
from oblik.registry.logic.export_table import harmless
from oblik.web.desk.access import page

PER_PAGE: Final = 50
_COLUMNS: Final = (
    "number", "kind", "recorded_at", "happened_at", "by", "what", "subject", "why", "details", "parts",
)  # fmt: skip
_NAMES: Final = ("by", "subject", "what", "kind", "since", "until")


class _Line:
    """Takes a line of CSV and hands it on: the answer is streamed."""

    def write(self, text: str) -> str:
        return text


def _require_all(request: HttpRequest) -> None:
    """An entry may tell of any owner: who audits a part of the register asks for that part elsewhere."""
    if not scope_of(request.user, "audit").all:
        raise Forbidden(msg("The journal tells of all owners; it opens to those who audit the whole register."))


def _actor(request: HttpRequest) -> Actor:
    return Actor("person", request.user.get_username())


def _given(request: HttpRequest) -> dict[str, str]:
    """What the form asks for, as typed; empty fields and what no field takes are dropped."""
    asked = request.POST if request.method == "POST" else request.GET
    given = {name: asked.get(name, "").replace("\0", "").strip()[:160] for name in _NAMES}
    if given["kind"] not in ("done", "looked"):
        given["kind"] = ""
    return {name: value for name, value in given.items() if value}


def _asked(given: dict[str, str]) -> queries.Asked:
    by = given.get("by", "")
    until = _midnight(given.get("until", ""))
    return queries.Asked(
        given.get("subject", ""),
        by if not by or ":" in by else f"person:{by}",
        given.get("what", ""),
        given.get("kind", ""),
        _midnight(given.get("since", "")),
        until + timedelta(days=1) if until else None,
    )


def _midnight(day: str) -> datetime | None:
    """The beginning of a day on our clocks; None for what is no day, or one that no clock of ours shows."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        return None
    return make_aware(datetime.combine(asked, time())) if 1970 <= asked.year <= 9000 else None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None


@page("audit")
def entries(request: HttpRequest) -> HttpResponse:
    """One page of entries, newest first; older ones follow by number, so that a page stays what it was."""
    _require_all(request)
    given = _given(request)
    found = queries.newest_entries(_asked(given), before=_number(request.GET.get("before", "")), limit=PER_PAGE + 1)
    older = f"{urlencode({**given, 'before': found[PER_PAGE - 1].number})}" if len(found) > PER_PAGE else ""
    signed = checkpoints.newest()
    context = {
        "found": found[:PER_PAGE], "given": given, "query": urlencode(given), "older": older, "signed": signed,
        "signed_at": checkpoints.signed_at(signed) if signed else None, "later": "before" in request.GET,
        "overdue": checkpoints.is_overdue(),
    }  # fmt: skip
    return render(request, "desk/audit.html", context)


@page("audit")
def unusual(request: HttpRequest) -> HttpResponse:
    """What is worth a question: each line leads to its entries."""
    _require_all(request)
    zone = get_default_timezone()
    found = []
    for one in anomalies.anomalies(at=now(), zone=zone):
        days = {"since": one.since.astimezone(zone).date(), "until": one.last_at.astimezone(zone).date()}
        whose = "subject" if one.kind == "failed_sign_ins" else "by"
        asked = {**days, "what": one.what, **({whose: one.about} if one.kind != "silence" else {})}
        found.append((one, urlencode({name: value for name, value in asked.items() if value})))
    kinds = ("many_looks", "much_read", "at_night", "failed_sign_ins", "refused", "rights_changed", "silence")
    grouped = [(kind, [line for line in found if line[0].kind == kind]) for kind in kinds]
    return render(request, "desk/audit_unusual.html", {"groups": grouped})


@page("audit")
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry with everything in it."""
    _require_all(request)
    found = queries.entry(_possible(number))
    context = {"entry": found, "parts": queries.parts_of(found.number) if found.parts else []}
    return render(request, "desk/audit_entry.html", context)


def _possible(number: int) -> int:
    if number >= 2**63:
        raise NotFound(msg("There is no entry {number} in the journal."), number=number)
    return number


@page("audit")
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof of one entry as a file, for somebody who has our public key."""
    _require_all(request)
    made = proofs.proof_of(_possible(number))
    response = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="entry-{number}.proof.json"'
    return response


@require_POST
@page("audit")
def export(request: HttpRequest) -> HttpResponseBase:
    """All entries that fit as CSV; that they were taken out is an entry itself."""
    _require_all(request)
    given = _given(request)
    looked(subject="journal:entries", what="exported", by=_actor(request), at=now(), details=given)
    response = StreamingHttpResponse(_lines(_asked(given)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response


def _lines(asked: queries.Asked) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(_COLUMNS))
    for done in queries.all_entries(asked):
        row: list[str | int | None] = [
            done.number, done.kind, done.recorded_at.isoformat(), done.happened_at.isoformat(), done.by, done.what,
            done.subject, done.why, json.dumps(done.details, ensure_ascii=False), done.parts,
        ]  # fmt: skip
        yield str(writer.writerow([harmless(cell) for cell in row]))
