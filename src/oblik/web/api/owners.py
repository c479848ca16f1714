"""Owners over the API: the organisations on whose books cameras stand."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Field, Path, Query, Router, Schema

from oblik.base.clock import now
from oblik.base.errors import NotFound, msg
from oblik.registry import actions, queries
from oblik.registry.logic.fields import OWNER_KINDS
from oblik.registry.logic.folding import plain
from oblik.web.api.doors import actor, require, scope
from oblik.web.api.once import json_answer, once
from oblik.web.api.schemas import Code, Page, PageAsked, Said, page_of, place_asked

router = Router(tags=["owners"])

OwnerCode = Annotated[str, Path(min_length=1, max_length=40, description="The owner's code.")]


class Owner(Schema):
    """An organisation and how many of its cameras stand in the register."""

    code: str
    name: str
    kind: Literal[OWNER_KINDS]  # type: ignore[valid-type]  # the table of kinds is the one place where they stand
    cameras: int


class NewOwner(Said):
    code: Code
    name: str = Field(min_length=1, max_length=300, description="Full name, as documents print it.")
    kind: Literal[OWNER_KINDS]  # type: ignore[valid-type]  # see above


def _owner(line: queries.OwnerLine) -> Owner:
    return Owner(code=line.code, name=line.name, kind=line.kind, cameras=line.cameras)


def seen_owners(request: HttpRequest) -> list[queries.OwnerLine]:
    """The owners of whose cameras something may be seen, by code."""
    seen = scope(request, "see")
    found = [line for line in queries.owners(within=seen) if seen.covers(owner=line.code)]
    return sorted(found, key=lambda line: line.code)


@router.get("/owners", response=Page[Owner], operation_id="owners")
def owners(request: HttpRequest, asked: Query[PageAsked]) -> Page[Owner]:
    """Owners whose cameras may be seen, by code."""
    after = place_asked(request, asked=asked)
    found = [line for line in seen_owners(request) if after is None or line.code > str(after)]
    return page_of(request, found, asked=asked, line=_owner, place=lambda line: line.code)


@router.get("/owners/{code}", response=Owner, operation_id="owner", url_name="owner")
def owner(request: HttpRequest, code: OwnerCode) -> Owner:
    """One owner."""
    return _owner(_one(request, code))


def _one(request: HttpRequest, code: str) -> queries.OwnerLine:
    found = next((line for line in seen_owners(request) if line.code == code), None)
    if found is None:
        raise NotFound(msg("There is no owner with the code “{value}” that you may see."), value=code)
    return found


@router.post("/owners", response={201: Owner}, operation_id="add_owner")
@once
def add_owner(request: HttpRequest, new: NewOwner) -> HttpResponseBase:
    """Adds an owner."""
    # An owner is of no district, kind, purpose or campaign: a right that ends at one of these adds none.
    require(request, "configure", owner=new.code, district="", kind="", purpose="", campaign="")
    actions.add_owner(new.code, name=new.name, kind=new.kind, by=actor(request), at=now())
    code = plain(new.code).strip()
    response = json_answer(_owner(next(line for line in queries.owners() if line.code == code)), status=201)
    response.headers["Location"] = reverse("api-1:owner", kwargs={"code": code})
    return response
