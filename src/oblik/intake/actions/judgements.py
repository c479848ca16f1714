"""A person says whether a record is a camera; what the model thought before is withdrawn, never deleted."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput, msg
from oblik.intake.actions import register
from oblik.intake.models import Judgement, Record
from oblik.journal import actions as journal
from oblik.registry import actions as registry_actions
from oblik.registry import queries as registry

Verdict = Literal["same", "different", "unsure"]


def judge(record_id: int, *, camera: str, verdict: Verdict, by: Actor, at: datetime, why: str) -> str:
    """Keeps a person's judgement and does what follows from it; the code of the camera the record now stands for.

    same: the record joins that camera, leaving the one it stood for. different: where it stood for that camera it
    leaves it; a record with nowhere left to go becomes a camera of its own. unsure: it leaves the camera and waits.
    The answer is "" while it waits. Saying the same again changes nothing.
    """
    if not why.strip():
        raise InvalidInput(msg("A judgement needs a reason: say why with --why."))
    camera_id = registry.camera_id(camera)
    with transaction.atomic():
        record = Record.objects.select_for_update().select_related("submission").get(pk=record_id)
        if record.verdict == "broken":
            raise InvalidInput(
                msg("Row {value} is broken and stands for no camera; mend the list first."), value=record_id
            )
        standing = Judgement.objects.filter(
            record=record, camera_id=camera_id, by_kind="human", withdrawn_at__isnull=True
        ).first()
        if standing and standing.verdict == verdict:
            return _code_of(record)
        _withdraw(record, camera_id=camera_id, verdict=verdict, by=by, at=at)
        Judgement.objects.create(
            record=record, camera_id=camera_id, verdict=verdict, by_kind="human", by=str(by), why=why, made_at=at
        )
        _follow(record, camera_id=camera_id, verdict=verdict, by=by, at=at)
        journal.record(
            subject=f"record:{record_id}", what=f"judged_{verdict}", by=by, at=at, why=why, details={"camera": camera}
        )
    return _code_of(record)


def _withdraw(record: Record, *, camera_id: int, verdict: Verdict, by: Actor, at: datetime) -> None:
    """A new word on this camera replaces a person's older one; `same` replaces the older `same` on any camera."""
    old = Judgement.objects.filter(record=record, withdrawn_at__isnull=True)
    old.filter(by_kind="human", camera_id=camera_id).update(withdrawn_at=at, withdrawn_by=str(by))
    if verdict == "same":
        old.filter(verdict="same").update(withdrawn_at=at, withdrawn_by=str(by))
        old.filter(by_kind="model").update(withdrawn_at=at, withdrawn_by=str(by))
    else:
        old.filter(by_kind="model", camera_id=camera_id).update(withdrawn_at=at, withdrawn_by=str(by))


def _follow(record: Record, *, camera_id: int, verdict: Verdict, by: Actor, at: datetime) -> None:
    why = f"judged {verdict}"
    if verdict == "same":
        if record.camera_id != camera_id:
            left = register.release(record, at=at, by=by, why=why)
            register.claim_all({record.pk: camera_id}, at=at, by=by, why=why)
            if left is not None:
                registry_actions.retire_empty([left], merged_into=camera_id, at=at)
        _settle(record, camera_id=camera_id, decision="judged", probability=1.0)
        return
    if record.camera_id == camera_id:
        register.release(record, at=at, by=by, why=why)
        registry_actions.retire_empty([camera_id], merged_into=None, at=at)
    if record.camera_id is not None:
        return  # It stands for another camera; this word changes nothing there.
    waits = (
        verdict == "unsure"
        or Judgement.objects.filter(record=record, verdict="unsure", withdrawn_at__isnull=True).exists()
    )
    if waits:
        _settle(record, camera_id=None, decision="review", probability=None)
        return
    first, _ = registry_actions.create_cameras([record.submission.owner_id], at=at)
    register.claim_all({record.pk: first}, at=at, by=by, why=why)
    Judgement.objects.create(
        record=record, camera_id=first, verdict="same", by_kind="human", by=str(by), made_at=at,
        why="a camera of its own: judged different from the others",
    )  # fmt: skip
    _settle(record, camera_id=first, decision="judged", probability=1.0)


def _settle(record: Record, *, camera_id: int | None, decision: str, probability: float | None) -> None:
    record.camera_id = camera_id
    record.decision = decision
    record.probability = probability
    record.save(update_fields=["camera", "decision", "probability"])


def _code_of(record: Record) -> str:
    return registry.codes_of([record.camera_id]).get(record.camera_id, "") if record.camera_id else ""
