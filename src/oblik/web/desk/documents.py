"""The documents of a campaign, to download."""

from typing import Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import NotFound, msg
from oblik.inventory import queries as inventory
from oblik.journal.actions import looked
from oblik.registry import queries as registry
from oblik.web.desk.access import page, seen_by
from oblik.web.ui import labels

MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@page()
def newest(request: HttpRequest) -> HttpResponse:
    """The documents of the campaign opened last."""
    found = inventory.campaigns(within=seen_by(request))
    if found:
        return redirect("documents-of", code=found[0].code)
    return render(request, "desk/documents.html", {"campaign": None})


@page()
def listed(request: HttpRequest, code: str) -> HttpResponse:
    """What can be downloaded: the papers of the whole city first, then each owner's; each language by itself."""
    within = seen_by(request)
    printed = {
        language: inventory.documents(code, language=language, within=within) for language, _name in settings.LANGUAGES
    }
    wanted = request.GET.get("language", "")
    language = next((one for one in (wanted, get_language() or "", *printed) if printed.get(one)), "")
    seen = printed.get(language, [])
    names = registry.owner_names(within=within)
    owners: dict[str, list[inventory.DocumentLine]] = {}
    for line in seen:
        if line.owner:
            owners.setdefault(line.owner, []).append(line)
    context = {
        "campaign": inventory.campaign(code, within=within),
        "campaigns": inventory.campaigns(within=within),
        "language": language,
        "languages": [(one, get_language_info(one)["name_local"]) for one, lines in printed.items() if lines],
        "city": [line for line in seen if not line.owner],
        "owners": [(names.get(owner, owner), lines) for owner, lines in sorted(owners.items())],
        "labels": labels.DOCUMENTS,
        "command": _command(code) if within.covers_list(owner=None, campaign=code) else "",
    }
    return render(request, "desk/documents.html", context)


def _command(code: str) -> str:
    return f"oblik inventory act --campaign {code} --output {inventory.documents_folder(code, language='uk')}"


@page()
def download(request: HttpRequest, code: str, language: str, name: str) -> HttpResponseBase:
    """One document as a file. Only names that are listed are opened: an address reaches nothing else on the disk."""
    known = language in dict(settings.LANGUAGES)
    listed = inventory.documents(code, language=language, within=seen_by(request)) if known else []
    if name not in {line.name for line in listed}:
        raise NotFound(msg("There is no document “{value}”; see the list of documents."), value=name)
    by = Actor("person", request.user.get_username())
    details = {"document": name, "language": language}
    looked(subject=f"inventory:{code}", what="downloaded", by=by, at=now(), details=details)
    file = (inventory.documents_folder(code, language=language) / name).open("rb")
    kind = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
