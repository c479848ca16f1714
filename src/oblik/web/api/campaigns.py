"""Campaigns over the API: list, one, figures, documents; opened and matched."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Field, Path, Query, Router, Schema

from oblik.base.clock import now
from oblik.base.errors import NotFound, msg
from oblik.intake.actions.matching import run_matching
from oblik.inventory import actions, queries
from oblik.inventory.logic.campaigns import CAMPAIGN_STATES, MEMBER_ROLES
from oblik.inventory.logic.campaigns import Campaign as CampaignFound
from oblik.inventory.logic.figures import OwnerFigures, TotalFigures
from oblik.journal.actions import looked
from oblik.web.api.doors import actor, require_list, scope
from oblik.web.api.once import json_answer, once
from oblik.web.api.schemas import Code, Page, PageAsked, Said, page_of, place_asked

router = Router(tags=["campaigns"])

CampaignCode = Annotated[str, Path(min_length=1, max_length=40, description="The campaign's code.")]
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
Language = Literal[LANGUAGES]  # type: ignore[valid-type]  # the settings are the one place where they stand
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Member(Schema):
    name: str
    post: str
    role: Literal[MEMBER_ROLES]  # type: ignore[valid-type]  # the table of roles is the one place where they stand


class Campaign(Schema):
    """An ordered count of cameras; `until` is its last day."""

    code: str
    name: str
    since: date
    until: date
    order_ref: str
    scope: str
    state: Literal[CAMPAIGN_STATES]  # type: ignore[valid-type]  # see above
    opened_at: datetime
    commission: list[Member]


class NewCampaign(Said):
    code: Code
    name: str = Field(min_length=1, max_length=300, description="Name, as documents print it.")
    since: date
    until: date = Field(description="Last day.")
    order_ref: str = Field("", max_length=300, description="The order that it rests on.")
    scope: str = Field("", max_length=300, description="Which cameras are counted.")


class Figures(Schema):
    """What was received and what became of it; received = cameras + duplicates + broken + waiting."""

    rows: int
    received: int
    cameras: int
    duplicates: int
    broken: int
    waiting: int
    not_cameras: int = Field(description="Titles, sums, hidden rows: not among the received.")
    replaced: int = Field(description="Rows of lists that a newer one replaced: not among the received.")


class OwnerLine(Figures):
    owner: str
    shared: int | None = Field(description="Cameras that other owners list as well; null for who may not see theirs.")


class TotalLine(Figures):
    duplicates_inside: int
    repeats_between: int


class CampaignFigures(Schema):
    """Figures of the owners that may be seen. total: of the whole city, null for those who do not see all of it."""

    code: str
    owners: list[OwnerLine]
    total: TotalLine | None


class MatchingRun(Schema):
    """What a run of the matching model did. settled: records that stood for a camera before."""

    run: int
    model: str
    records: int
    pairs: int
    settled: int
    matched: int
    new: int
    duplicate: int
    review: int
    cameras_added: int


class DocumentsAsked(Said):
    language: Language = "uk"


class Document(Schema):
    """A document as printed. owner: whose it is, null for the whole city."""

    name: str
    kind: str
    owner: str | None
    size_bytes: int
    written_at: datetime
    address: str = Field(description="Where it is downloaded.")


def _campaign(found: CampaignFound) -> Campaign:
    return Campaign(
        code=found.code, name=found.name, since=found.since, until=found.until, order_ref=found.order_ref,
        scope=found.scope, state=found.state, opened_at=found.opened_at,
        commission=[Member(name=one.name, post=one.post, role=one.role) for one in found.members],
    )  # fmt: skip


@router.get("/campaigns", response=Page[Campaign], operation_id="campaigns")
def campaigns(request: HttpRequest, asked: Query[PageAsked]) -> Page[Campaign]:
    """Campaigns that may be seen, by code."""
    after = place_asked(request, asked=asked)
    every = sorted(queries.campaigns(within=scope(request, "see")), key=lambda one: one.code)
    found = [one for one in every if after is None or one.code > str(after)]
    return page_of(request, found, asked=asked, line=_campaign, place=lambda one: one.code)


@router.post("/campaigns", response={201: Campaign}, operation_id="open_campaign")
@once
def open_campaign(request: HttpRequest, new: NewCampaign) -> HttpResponseBase:
    """Opens a campaign."""
    require_list(request, "edit", owner=None, campaign=new.code)
    actions.open_campaign(
        new.code, name=new.name, since=new.since, until=new.until, order_ref=new.order_ref, scope=new.scope,
        by=actor(request), at=now(),
    )  # fmt: skip
    response = json_answer(_campaign(queries.campaign(new.code)), status=201)
    response.headers["Location"] = reverse("api-1:campaign", kwargs={"code": new.code})
    return response


@router.get("/campaigns/{code}", response=Campaign, operation_id="campaign", url_name="campaign")
def campaign(request: HttpRequest, code: CampaignCode) -> Campaign:
    """One campaign with its commission."""
    return _campaign(queries.campaign(code, within=scope(request, "see")))


@router.get("/campaigns/{code}/figures", response=CampaignFigures, operation_id="campaign_figures")
def figures(request: HttpRequest, code: CampaignCode) -> CampaignFigures:
    """The figures of a campaign, checked to close."""
    found = queries.campaign_figures(code, within=scope(request, "see"))
    total = _total(found.total) if found.total is not None else None
    owners = [
        OwnerLine(**_figures(line), owner=line.owner, shared=line.shared if total else None) for line in found.owners
    ]
    return CampaignFigures(code=code, owners=owners, total=total)


def _total(found: TotalFigures) -> TotalLine:
    inside, between = found.duplicates_inside, found.repeats_between
    return TotalLine(**_figures(found), duplicates_inside=inside, repeats_between=between)


def _figures(line: OwnerFigures | TotalFigures) -> dict[str, int]:
    return {name: getattr(line, name) for name in Figures.model_fields}


@router.post("/campaigns/{code}/matching-runs", response={201: MatchingRun}, operation_id="start_matching")
@once
def start_matching(request: HttpRequest, code: CampaignCode) -> HttpResponseBase:
    """Runs the matching model over a campaign and answers when it is done; without news it changes nothing."""
    queries.require(code, within=scope(request, "see"))
    require_list(request, "judge", owner=None, campaign=code)  # it concerns the lists of all
    queries.require_open(code, within=scope(request, "judge"))
    done = run_matching(code, by=actor(request), at=now())
    return json_answer(MatchingRun(**{name: getattr(done, name) for name in MatchingRun.model_fields}), status=201)


@router.get("/campaigns/{code}/documents", response=list[Document], operation_id="documents")
def documents(request: HttpRequest, code: CampaignCode, asked: Query[DocumentsAsked]) -> list[Document]:
    """The documents that may be read: those of the whole city for who sees all of it, else the own ones."""
    found = queries.documents(code, language=asked.language, within=scope(request, "see"))
    return [
        Document(
            name=line.name, kind=line.kind, owner=line.owner or None, size_bytes=line.size_bytes,
            written_at=line.written_at,
            address=reverse("api-1:document", kwargs={"code": code, "language": asked.language, "name": line.name}),
        )
        for line in found
    ]  # fmt: skip


@router.get(
    "/campaigns/{code}/documents/{language}/{name}", operation_id="document", url_name="document",
    response={200: None},
)  # fmt: skip
def document(
    request: HttpRequest, code: CampaignCode, language: Annotated[Language, Path()],
    name: Annotated[str, Path(max_length=200)],
) -> HttpResponseBase:  # fmt: skip
    """One document as a file. Only names that are listed are opened: an address reaches nothing else on the disk."""
    found = queries.documents(code, language=language, within=scope(request, "see"))
    if name not in {line.name for line in found}:
        raise NotFound(msg("There is no document “{value}”; see the list of documents."), value=name)
    details = {"document": name, "language": language}
    looked(subject=f"inventory:{code}", what="downloaded", by=actor(request), at=now(), details=details)
    file = (queries.documents_folder(code, language=language) / name).open("rb")
    kind = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
