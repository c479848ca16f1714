"""The documents that lie in a campaign's folder: their hashes, whether they are still as prepared, kept for good once
the campaign is frozen."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from django.conf import settings

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, NotFound, msg
from oblik.inventory import queries
from oblik.inventory.counting import documents_version
from oblik.inventory.models import Campaign, PreparedDocument
from oblik.journal.queries import entries_about

State = Literal["same", "changed", "missing"]
_BLOCK: Final = 1 << 20
_ACT: Final = "4-act.pdf"


@dataclass(frozen=True, slots=True)
class Printing:
    """One printing of a campaign's documents. version: what had been done by then, see counting.documents_version."""

    language: str
    data_sha256: str
    version: str
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """A document and whether its bytes are those that were prepared."""

    language: str
    name: str
    sha256: str
    state: State


@dataclass(frozen=True, slots=True)
class Frozen:
    """When, by whom and why a campaign was frozen."""

    at: datetime
    by: str
    why: str


def note(campaign: Campaign, *, files: Sequence[Path], printing: Printing) -> None:
    """Notes what was just printed into the campaign's own folder; what a former printing left there goes.

    Inside the transaction of the printing.
    """
    campaign.documents.filter(language=printing.language).delete()
    names = {path.name for path in files}
    for stale in queries.documents(campaign.code, language=printing.language):
        if stale.name not in names:
            (files[0].parent / stale.name).unlink(missing_ok=True)
    PreparedDocument.objects.bulk_create(_row(campaign, path, printing=printing) for path in files)


def settle(campaign: Campaign, *, by: Actor, at: datetime) -> dict[str, str]:
    """Name -> SHA-256 of all documents of a campaign that is being frozen; Conflict where one was changed or lost."""
    for found in check(campaign.code):
        if found.state != "same":
            raise Conflict(
                msg("The document {name} is no longer as it was prepared; prepare the documents again."),
                name=found.name,
            )
    for language, _name in settings.LANGUAGES:
        folder = queries.documents_folder(campaign.code, language=language)
        for line in queries.documents(campaign.code, language=language):
            if not line.sha256:  # printed there before hashes were noted
                printing = Printing(language, "", "", by, at)
                _row(campaign, folder / line.name, printing=printing).save()
    return {f"{one.language}/{one.name}": one.sha256 for one in campaign.documents.order_by("language", "name")}


def kept_for_good(code: str, *, language: str) -> list[Path]:
    """The documents of a frozen campaign in a language, as they were frozen; none where it is open or has none.

    Conflict where one of them is no longer as it was.
    """
    if queries.campaign(code).state != "frozen":
        return []
    return [
        document_file(code, language=language, name=one.name)
        for one in PreparedDocument.objects.filter(campaign__code=code, language=language).order_by("name")
    ]


def check(code: str, *, within: Scope = EVERYWHERE) -> list[Checked]:
    """Each document that was noted, with whether the file still has its hash; those that the scope covers."""
    found = []
    for language, _name in settings.LANGUAGES:
        folder = queries.documents_folder(code, language=language)
        seen = {line.name for line in queries.documents(code, language=language, within=within)}
        whole = within.covers_list(owner=None, campaign=code)
        for one in PreparedDocument.objects.filter(campaign__code=code, language=language).order_by("name"):
            if one.name in seen or whole:
                found.append(Checked(language, one.name, one.sha256, _state(folder / one.name, sha256=one.sha256)))
    return found


def document_file(code: str, *, language: str, name: str, within: Scope = EVERYWHERE) -> Path:
    """Where a listed document lies; Conflict where the campaign is frozen and the file is not what was frozen."""
    known = language in dict(settings.LANGUAGES)
    listed = queries.documents(code, language=language, within=within) if known else []
    line = next((one for one in listed if one.name == name), None)
    if line is None:
        raise NotFound(msg("There is no document “{value}”; see the list of documents."), value=name)
    path = queries.documents_folder(code, language=language) / name
    is_frozen = queries.campaign(code, within=within).state == "frozen"
    if is_frozen and line.sha256 and _state(path, sha256=line.sha256) != "same":
        raise Conflict(
            msg("The file of {name} is not the document that was frozen; restore it from a backup."), name=name
        )
    return path


def act_state(code: str) -> Literal["none", "stale", "ready"]:
    """Whether an act has been prepared in some language, and whether something was done since that it may tell of."""
    versions = list(
        PreparedDocument.objects.filter(campaign__code=code, name=_ACT).values_list("data_version", flat=True)
    )
    if versions:
        return "ready" if set(versions) <= {"", documents_version()} else "stale"
    folders = (queries.documents_folder(code, language=language) for language, _name in settings.LANGUAGES)
    return "ready" if any((folder / _ACT).is_file() for folder in folders) else "none"


def frozen(code: str) -> Frozen | None:
    """When and why a campaign was frozen; None while it is open."""
    entry = next((one for one in reversed(entries_about(f"inventory:{code}")) if one.what == "frozen"), None)
    return Frozen(entry.happened_at, entry.by, entry.why) if entry else None


def _row(campaign: Campaign, path: Path, *, printing: Printing) -> PreparedDocument:
    return PreparedDocument(
        campaign=campaign, language=printing.language, name=path.name, sha256=_sha256(path),
        size_bytes=path.stat().st_size, data_sha256=printing.data_sha256, data_version=printing.version,
        written_at=printing.at, written_by=str(printing.by),
    )  # fmt: skip


def _state(path: Path, *, sha256: str) -> State:
    if not path.is_file():
        return "missing"
    return "same" if _sha256(path) == sha256 else "changed"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
