"""The secrets of one camera's device, shown to whoever may see them and says why; every look is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oblik.accounts.queries import scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import InvalidInput
from oblik.intake import queries as intake
from oblik.registry import queries as registry
from oblik.registry import vault
from oblik.web.desk.access import page, sentence
from oblik.web.ui.limits import limited

_LONGEST_REASON = 500


@limited("reveal")
@page("see_secrets")
def camera_secrets(request: HttpRequest, code: str) -> HttpResponse:
    """Which secrets are kept of a camera; with a reason, the secrets themselves. Never kept by the browser."""
    within = scope_of(request.user, "see_secrets")
    plain = registry.plain_code(code)
    context: dict[str, object] = {"code": plain, "held": vault.secrets_of(code, within=within), "status": 200}
    if request.method == "POST":
        context |= _revealed(request, plain)
    refs = [line.source_ref for line in vault.secrets_of(code, within=within)]
    context["names"] = intake.sources_named(refs)
    status = context.pop("status")
    answer = render(request, "desk/camera_secrets.html", context, status=int(str(status)))
    answer["Cache-Control"] = "no-store"
    return answer


def _revealed(request: HttpRequest, code: str) -> dict[str, object]:
    why = request.POST.get("why", "")[:_LONGEST_REASON]
    by, within = Actor("person", request.user.get_username()), scope_of(request.user, "see_secrets")
    try:
        return {"shown": vault.reveal(code, why=why, by=by, at=now(), within=within), "why": why}
    except InvalidInput as wrong:
        return {"wrong": sentence(wrong), "status": 422}
