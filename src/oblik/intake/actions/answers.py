"""A person answers the question that a waiting row is, or takes the answer back and is asked again."""

from datetime import datetime
from typing import Final, Literal, get_args

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.db import turns
from oblik.intake.actions import judgements
from oblik.intake.models import Judgement, Record
from oblik.journal import actions as journal
from oblik.registry import actions as registry_actions
from oblik.registry import queries as registry
from oblik.registry.actions import REGISTER

Answer = Literal["same", "different", "unsure", "new"]
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
_GONE: Final = msg("Row {value} waits no longer: somebody has answered meanwhile.")


def answer(record_id: int, *, said: Answer, cameras: tuple[str, ...], by: Actor, at: datetime, why: str) -> str:
    """Keeps an answer to the question that a waiting record is; the camera that it now stands for, "" while it waits.

    cameras: codes out of those proposed. same: it is the one named. different: it is not the one named; with nothing
    else proposed it becomes a camera of its own. new: it is none of those named, likewise. unsure: of all those named
    nobody can tell, and it is put aside. Conflict where the record waits no longer or a camera is not asked about any
    more: the answer was to another question.
    """
    if said not in ANSWERS or (said == "same" and len(cameras) != 1):
        raise InvalidInput(msg("“{value}” is no answer; choose same, different, unsure or new."), value=said)
    with turns.turn(REGISTER), journal.gathered():
        record = _waiting(record_id)
        asked = _asked(record)
        if said != "new" and not cameras:
            raise InvalidInput(msg("Say of which camera: the row may be {value}."), value=", ".join(sorted(asked)))
        for camera in cameras:
            if registry.plain_code(camera) not in asked:
                raise Conflict(_GONE, value=record_id)
        verdict: judgements.Verdict = "different" if said == "new" else said
        code = ""
        for camera in cameras:
            code = judgements.judge(record_id, camera=camera, verdict=verdict, by=by, at=at, why=why)
        if said == "new" and not asked:
            code = _first_of_its_kind(record, by=by, at=at, why=why)
        return code


def _waiting(record_id: int) -> Record:
    record = Record.objects.select_related("submission").filter(pk=record_id).first()
    if record is None:
        raise NotFound(msg("There is no record {value}."), value=record_id)
    if record.decision != "review":
        raise Conflict(_GONE, value=record_id)
    return record


def _asked(record: Record) -> frozenset[str]:
    standing = Judgement.objects.filter(record=record, verdict="unsure", withdrawn_at__isnull=True)
    return frozenset(standing.values_list("camera__code", flat=True))


def _first_of_its_kind(record: Record, *, by: Actor, at: datetime, why: str) -> str:
    """Nothing was proposed, and a person says that it is a camera all the same."""
    judgements.own_camera(record, judgements.along_with(record), by=by, at=at, why=why)
    journal.record(subject=f"record:{record.pk}", what="judged_new", by=by, at=at, why=why)
    record.refresh_from_db()
    return registry.codes_of([record.camera_id or 0]).get(record.camera_id or 0, "")


def take_back(record_id: int, *, by: Actor, at: datetime, why: str, said_at: datetime | None = None) -> None:
    """Withdraws the newest answer on a record, and asks again what it had answered. said_at: the answer that is meant;
    Conflict where another has followed it.

    The record leaves the camera that the answer gave it and waits as before; a camera made for it alone keeps its code
    and is counted no longer. Conflict where nobody answered, and where a later list or run has gone on from there.
    """
    with turns.turn(REGISTER):
        record = Record.objects.select_related("submission").filter(pk=record_id).first()
        if record is None:
            raise NotFound(msg("There is no record {value}."), value=record_id)
        words = Judgement.objects.filter(record=record, by_kind="human", withdrawn_at__isnull=True)
        newest = words.order_by("-made_at", "-pk").first()
        if newest is None:
            raise Conflict(msg("Nobody's answer on row {value} stands that could be taken back."), value=record_id)
        if said_at is not None and newest.made_at != said_at:
            raise Conflict(
                msg("Row {value} has been answered again since; take the later answer back first."), value=record_id
            )
        last = words.filter(made_at=newest.made_at)
        details = {"verdicts": sorted(last.values_list("verdict", flat=True))}
        along = judgements.along_with(record)
        stood_for = record.camera_id
        if stood_for is not None and last.filter(verdict="same", camera_id=stood_for).exists():
            left = judgements.leave(record, along, by=by, at=at, why=why)
            registry_actions.retire_empty([left] if left else [], merged_into=None, at=at, by=by)
        elif stood_for is not None:
            raise Conflict(
                msg("Row {value} stands for a camera for another reason than this answer; judge it anew."),
                value=record_id,
            )
        answered_at = newest.made_at
        last.update(withdrawn_at=at, withdrawn_by=str(by))
        for one in (record, *along):
            _ask_again(one, answered_at=answered_at, at=at, is_asked=one.pk == record.pk)
        journal.record(subject=f"record:{record_id}", what="answer_taken_back", by=by, at=at, why=why, details=details)


def _ask_again(record: Record, *, answered_at: datetime, at: datetime, is_asked: bool) -> None:
    """Puts the questions that the answer had settled once more, in the words and by the one who had asked."""
    old = Judgement.objects.filter(record=record, verdict="unsure", withdrawn_at=answered_at)
    standing = set(
        Judgement.objects.filter(record=record, withdrawn_at__isnull=True).values_list("camera_id", "by_kind")
    )
    again = [one for one in old if (one.camera_id, one.by_kind) not in standing]
    Judgement.objects.bulk_create(
        [
            Judgement(
                record=record, camera_id=one.camera_id, verdict="unsure", by_kind=one.by_kind, by=one.by,
                run_id=one.run_id, probability=one.probability, why=one.why,
                made_at=one.made_at if one.by_kind == "human" else at,  # a person's word stays of its own day
            )
            for one in again
        ]
    )  # fmt: skip
    if is_asked or again:
        likely = max((one.probability for one in again if one.probability is not None), default=None)
        judgements.settle(record, camera_id=None, decision="review", probability=likely)
