"""Judgements over the API: what waits for a person, a person's word, and taking it back."""

from datetime import datetime
from typing import Final, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query, Router, Schema

from oblik.base.clock import now
from oblik.base.errors import NotFound, msg
from oblik.intake import queries
from oblik.intake.actions import judgements
from oblik.intake.refs import RowRef, find_record
from oblik.inventory import queries as inventory
from oblik.registry import queries as registry
from oblik.web.api.doors import actor, scope
from oblik.web.api.once import json_answer, once
from oblik.web.api.schemas import Code, Number, Page, PageAsked, Reason, Said, page_of, place_asked

router = Router(tags=["judgements"])

_EVERY: Final = 10_000_000


class WaitingAsked(PageAsked):
    campaign: Code
    owner: str = Field("", max_length=40, description="Code of an owner.")


class Proposal(Schema):
    """A camera that a record may be, and how likely the model holds it."""

    camera: str
    probability: float


class Waiting(Schema):
    """A record that waits for a person, with the cameras that it may be, best first."""

    record: int
    ref: str = Field(description="SUBMISSION:SHEET:ROW, with .PART where the row stands for several cameras")
    submission: int
    owner: str
    proposals: list[Proposal]


class JudgementsAsked(PageAsked):
    record: Number


class Judgement(Schema):
    """A word on whether a record is a camera, by a person or by a model."""

    judgement: int
    record: int
    camera: str
    verdict: Literal["same", "different", "unsure"]
    by_kind: Literal["human", "model"]
    by: str
    why: str
    probability: float | None
    made_at: datetime
    withdrawn_at: datetime | None


class NewJudgement(Said):
    record: Number
    camera: Code
    verdict: Literal["same", "different", "unsure"]
    why: Reason


class Withdrawal(Said):
    record: Number
    camera: Code
    why: Reason


class Outcome(Schema):
    """What became of the record: the camera that it stands for, null while it waits."""

    record: int
    ref: str
    camera: str | None


@router.get("/judgements/waiting", response=Page[Waiting], operation_id="waiting")
def waiting(request: HttpRequest, asked: Query[WaitingAsked]) -> Page[Waiting]:
    """Records of a campaign that wait for a person's word."""
    seen, after = scope(request, "judge"), place_asked(request, asked=asked)
    every = inventory.rows_of(
        asked.campaign, owner=asked.owner, category="waiting", per_page=_EVERY, within=seen
    ).lines  # fmt: skip
    waits = [line for line in every if line.record is not None and (after is None or line.record > int(after))]
    found = sorted(waits, key=lambda line: line.record or 0)
    asked_of = queries.proposals(asked.campaign, within=seen)

    def said(line: inventory.RowLine) -> Waiting:
        proposals = [
            Proposal(camera=one.camera, probability=one.probability) for one in asked_of.get(line.record or 0, [])
        ]
        ref = ":".join(filter(None, (str(line.submission), line.sheet, str(line.row))))
        ref += f".{line.part}" if line.part > 1 else ""
        return Waiting(
            record=line.record or 0, ref=ref, submission=line.submission, owner=line.owner, proposals=proposals
        )

    return page_of(request, found, asked=asked, line=said, place=lambda line: line.record or 0)


@router.get("/judgements", response=Page[Judgement], operation_id="judgements")
def list_judgements(request: HttpRequest, asked: Query[JudgementsAsked]) -> Page[Judgement]:
    """Every word on a record, oldest first; withdrawn ones stay."""
    after = place_asked(request, asked=asked)
    _record(request, asked.record)
    every = queries.judgements_of(asked.record, within=scope(request, "judge"))
    found = [one for one in every if after is None or one.number > int(after)]
    return page_of(request, found, asked=asked, line=_judgement, place=lambda one: one.number)


def _judgement(one: queries.JudgementLine) -> Judgement:
    columns = ("record", "camera", "verdict", "by_kind", "by", "why", "probability", "made_at", "withdrawn_at")
    return Judgement(judgement=one.number, **{name: getattr(one, name) for name in columns})


@router.post("/judgements", response={201: Outcome}, operation_id="judge")
@once
def judge(request: HttpRequest, new: NewJudgement) -> HttpResponseBase:
    """A person's word: it outranks every run of the model. Saying the same again changes nothing."""
    ref = _record(request, new.record)
    _require_camera(request, new.camera)
    code = judgements.judge(
        ref.record, camera=new.camera, verdict=new.verdict, by=actor(request), at=now(), why=new.why
    )
    return json_answer(Outcome(record=ref.record, ref=str(ref), camera=code or None), status=201)


@router.post("/judgements/withdrawals", response={201: Outcome}, operation_id="withdraw_judgement")
@once
def withdraw(request: HttpRequest, gone: Withdrawal) -> HttpResponseBase:
    """Takes a person's word on a record and a camera back; the next matching run decides anew."""
    ref = _record(request, gone.record)
    _require_camera(request, gone.camera)
    code = judgements.withdraw(ref.record, camera=gone.camera, by=actor(request), at=now(), why=gone.why)
    return json_answer(Outcome(record=ref.record, ref=str(ref), camera=code or None), status=201)


def _record(request: HttpRequest, number: int) -> RowRef:
    """The record; one that may not be judged is not there, in the same words."""
    try:
        return find_record(str(number), within=scope(request, "judge"))
    except NotFound as missing:
        raise NotFound(msg("There is no record {value}."), value=number) from missing


def _require_camera(request: HttpRequest, code: str) -> None:
    """NotFound where the camera, or what it turned out to be, is none or may not be judged: in the same words."""
    registry.standing_id(code, within=scope(request, "judge"))
