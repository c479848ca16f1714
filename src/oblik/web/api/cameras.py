"""Cameras over the API: list, one, history, sources; entered and edited by hand with a reason."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Field, Path, Query, Router, Schema

from oblik.base.clock import now
from oblik.base.errors import Forbidden, msg
from oblik.intake import queries as intake
from oblik.registry import actions, queries
from oblik.registry.entering import enter_camera as enter_camera_by_hand
from oblik.registry.logic.fields import KINDS, STATES
from oblik.registry.logic.records import Value
from oblik.registry.logic.trust import SOURCE_KINDS
from oblik.web.api.doors import actor, cameras_shown, require, scope
from oblik.web.api.once import fresh, json_answer, once, version_wanted
from oblik.web.api.schemas import (
    Code,
    GivenValues,
    Page,
    PageAsked,
    Reason,
    Said,
    Values,
    page_of,
    place_asked,
    require_shown,
    shown_fields,
    shown_values,
)

router = Router(tags=["cameras"])

CameraCode = Annotated[str, Path(min_length=1, max_length=40, description="The camera's code, such as KHA-000123-4.")]


class CameraLine(Schema):
    """A camera in a list. Positions are WGS 84; bearings clockwise from true north."""

    code: str
    owner: str
    owner_name: str
    # The table of states is the one place where they stand; none where only the asker's own lists are told.
    state: Literal["", *STATES]  # type: ignore[valid-type]  # as said above
    kind: str = Field(description="fixed, dome, panning or ptz; empty where unknown")
    lon_deg: float | None
    lat_deg: float | None
    place_origin: str
    bearing_deg: float | None
    values: Values


class Camera(CameraLine):
    """A camera as it is, or as it was at the end of the day `as_of`."""

    version: int = Field(description="Goes up with each change; also the ETag.")
    merged_into: str | None = Field(description="The camera that it turned out to be, where that may be seen.")
    as_of: date | None
    whole: bool = Field(description="False for another's camera, of which you are told what your own lists say.")


class CamerasAsked(PageAsked):
    text: str = Field("", max_length=200, description="Words to look for: code, address, serial, name.")
    owner: str = Field("", max_length=40, description="Code of an owner.")
    kind: Literal["", "unknown", *KINDS] = ""  # type: ignore[valid-type]  # see STATES above
    state: Literal["", *STATES] = ""  # type: ignore[valid-type]  # see STATES above


class DayAsked(Said):
    as_of: date | None = Field(None, description="As the register stood at the end of that day.")


class VersionLine(Schema):
    """One state of a camera: what changed, when in the world, when on record, by whom, why."""

    version: int
    happened_at: datetime
    recorded_at: datetime
    state: str
    by: str
    why: str
    changed: dict[str, "Change"]


class Change(Schema):
    before: Value | None
    after: Value | None


class SourceLine(Schema):
    """What one source says of a camera."""

    claim: int
    kind: Literal[tuple(SOURCE_KINDS)]  # type: ignore[valid-type]  # see STATES above
    owner: str | None
    name: str = Field(description="File, sheet and row where it came out of a list; else empty.")
    said_at: datetime
    withdrawn_at: datetime | None
    values: Values
    won: list[str] = Field(description="The fields in which this source's word stands in the register.")


class NewCamera(Said):
    """A camera entered by hand."""

    owner: Code
    reference: str = Field(
        min_length=1, max_length=60, pattern=r"^[\x21-\x7e]+$",
        description="Your own number of it: sent again with the same values, it changes nothing.",
    )  # fmt: skip
    values: GivenValues
    why: Reason


class Edit(Said):
    """Values set by hand: they outrank every other source."""

    values: GivenValues
    why: Reason


VersionLine.model_rebuild()


def line_of(line: queries.CameraLine) -> CameraLine:
    return CameraLine(**_line(line))


def _line(line: queries.CameraLine) -> dict[str, Any]:
    columns = ("code", "owner", "owner_name", "state", "kind", "lon_deg", "lat_deg", "place_origin", "bearing_deg")
    return {**{name: getattr(line, name) for name in columns}, "values": shown_values(line.values)}


def camera_of(card: queries.CameraCard) -> Camera:
    return Camera(
        **_line(card.line), version=card.version, merged_into=card.merged_into or None, as_of=card.as_of,
        whole=card.whole,
    )  # fmt: skip


@router.get("/cameras", response=Page[CameraLine], operation_id="cameras")
def cameras(request: HttpRequest, asked: Query[CamerasAsked]) -> Page[CameraLine]:
    """Cameras that may be seen, by code."""
    after = place_asked(request, asked=asked)
    found = queries.cameras_after(
        str(after or ""), most=asked.limit + 1, text=asked.text, owner=asked.owner, kind=asked.kind, state=asked.state,
        within=scope(request, "see"),
    )  # fmt: skip
    cameras_shown(request, min(len(found), asked.limit))
    return page_of(request, found, asked=asked, line=line_of, place=lambda line: line.code)


@router.post("/cameras", response={200: Camera, 201: Camera}, operation_id="enter_camera")
@once
def enter_camera(request: HttpRequest, new: NewCamera) -> HttpResponseBase:
    """Enters a camera that no list has. With a reference that was used before nothing is entered twice."""
    require_shown(new.values)
    told = {name: str(new.values.get(name, "")) for name in ("district", "kind", "purpose")}
    require(request, "edit", owner=new.owner, **told)
    code, created = enter_camera_by_hand(
        new.owner, reference=new.reference, values=new.values, by=actor(request), at=now(), why=new.why
    )
    response = json_answer(
        camera_of(queries.camera_card(code, within=scope(request, "see"))), status=201 if created else 200
    )
    response.headers["Location"] = reverse("api-1:camera", kwargs={"code": code})
    return response


@router.get("/cameras/{code}", response=Camera, operation_id="camera", url_name="camera")
def camera(request: HttpRequest, code: CameraCode, asked: Query[DayAsked]) -> HttpResponseBase:
    """One camera. Its ETag is good for If-Match when editing."""
    card = queries.camera_card(code, as_of=asked.as_of, within=scope(request, "see"))
    cameras_shown(request, 1)
    if not card.whole or card.as_of is not None:
        return json_answer(camera_of(card))
    return fresh(request, etag=f'"{card.version}"', said=lambda: camera_of(card))


@router.patch("/cameras/{code}", response=Camera, operation_id="edit_camera")
@once
def edit_camera(request: HttpRequest, code: CameraCode, edit: Edit) -> HttpResponseBase:
    """Sets values by hand, with the reason. With If-Match only where nobody changed the camera meanwhile."""
    card = queries.camera_card(code, within=scope(request, "see"))
    if not card.whole:
        raise Forbidden(
            msg("Camera {value} is another owner's; your own lists are all that you can change."), value=code
        )
    require_shown(edit.values)
    require(request, "edit", **card.line.qualities)
    wanted = version_wanted(request)
    # Without If-Match the version of which the rights were asked: meanwhile it may have become another owner's.
    version = card.version if wanted is None else wanted
    actions.pin_values(
        card.line.code, values=edit.values, by=actor(request), at=now(), why=edit.why, version=version,
        within=scope(request, "edit"),
    )  # fmt: skip
    after = queries.camera_card(card.line.code, within=scope(request, "see"))
    response = json_answer(camera_of(after))
    response.headers["ETag"] = f'"{after.version}"'
    return response


@router.get("/cameras/{code}/history", response=Page[VersionLine], operation_id="camera_history")
def history(request: HttpRequest, code: CameraCode, asked: Query[PageAsked]) -> Page[VersionLine]:
    """Every state of a camera, newest first."""
    before = place_asked(request, asked=asked)
    every = queries.camera_history(code, within=scope(request, "see"))
    found = [one for one in every if before is None or one.number < int(before)]
    return page_of(request, found, asked=asked, line=_version, place=lambda one: one.number)


def _version(one: queries.VersionLine) -> VersionLine:
    return VersionLine(
        version=one.number, happened_at=one.happened_at, recorded_at=one.recorded_at, state=one.state, by=one.by,
        why=one.why,
        changed={
            name: Change(before=pair[0], after=pair[1])
            for name, pair in one.changed.items()
            if name in shown_fields()
        },
    )  # fmt: skip


@router.get("/cameras/{code}/sources", response=list[SourceLine], operation_id="camera_sources")
def sources(request: HttpRequest, code: CameraCode, asked: Query[DayAsked]) -> list[SourceLine]:
    """What each source says of a camera. Lists of owners that may not be seen are left out."""
    card = queries.camera_card(code, as_of=asked.as_of, within=scope(request, "see"))
    names = intake.sources_named([one.source_ref for one in card.claims])
    return [
        SourceLine(
            claim=one.claim, kind=one.source_kind, owner=one.owner or None, name=names.get(one.source_ref, ""),
            said_at=one.said_at, withdrawn_at=one.withdrawn_at, values=shown_values(one.values),
            won=sorted(name for name, claim in card.origins.items() if claim == one.claim and name in shown_fields()),
        )
        for one in card.claims
    ]  # fmt: skip
