"""A person says whether a record is a camera; what the model thought before is withdrawn, never deleted."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.db import turns
from oblik.intake.actions import register
from oblik.intake.actions.register import Link
from oblik.intake.answered import OWN_CAMERA
from oblik.intake.models import Judgement, Record
from oblik.journal import actions as journal
from oblik.registry import actions as registry_actions
from oblik.registry import queries as registry
from oblik.registry.actions import REGISTER

Verdict = Literal["same", "different", "unsure"]
_ALONG: Final = "the same row of another list of this owner"


def judge(record_id: int, *, camera: str, verdict: Verdict, by: Actor, at: datetime, why: str) -> str:
    """Keeps a person's judgement and does what follows from it; the code of the camera the record now stands for.

    same: the record joins that camera, leaving the one it stood for. different: where it stood for that camera it
    leaves it; a record with nowhere left to go becomes a camera of its own. unsure: it leaves the camera and waits.
    Rows of the owner's older and newer lists that are this very row go along, unless a person spoke of them too. A
    camera that was merged means the one it was merged into. The answer is "" while the record waits. Saying the same
    again changes nothing.
    """
    if not why.strip():
        raise InvalidInput(msg("A judgement needs a reason: say why with --why."))
    with turns.turn(REGISTER):
        record = Record.objects.select_related("submission").filter(pk=record_id).first()
        if record is None:
            raise NotFound(msg("There is no record {value}."), value=record_id)
        if record.verdict == "broken":
            raise InvalidInput(
                msg("Row {value} is broken and stands for no camera; mend the list first."), value=record_id
            )
        named, camera_id = registry.camera_id(camera), registry.standing_id(camera)
        words = Judgement.objects.filter(record=record, by_kind="human", withdrawn_at__isnull=True)
        if words.filter(camera_id=camera_id, verdict=verdict).exists():
            return _code_of(record)
        along = along_with(record)
        if verdict != "same":
            _require_others(record, along, camera_id=camera_id, code=camera)
        asked = _withdraw(record, cameras={named, camera_id}, verdict=verdict, by=by, at=at)
        Judgement.objects.create(
            record=record, camera_id=camera_id, verdict=verdict, by_kind="human", by=str(by), why=why, made_at=at,
            probability=asked,
        )  # fmt: skip
        _follow(record, along, camera_id=camera_id, verdict=verdict, by=by, at=at)
        journal.record(
            subject=f"record:{record_id}", what=f"judged_{verdict}", by=by, at=at, why=why, details={"camera": camera}
        )
        return _code_of(record)


def withdraw(record_id: int, *, camera: str, by: Actor, at: datetime, why: str) -> str:
    """Takes back what a person said of a record and a camera; the code of the camera the record now stands for.

    After a withdrawn `same` the record, and its like in the owner's other lists, stands for no camera and the next run
    decides anew; a withdrawn `different` or `unsure` leaves the record where it is. Conflict where nobody said
    anything, and where the camera is known from this row alone.
    """
    if not why.strip():
        raise InvalidInput(msg("A withdrawal needs a reason: say why."))
    with turns.turn(REGISTER):
        record = Record.objects.select_related("submission").filter(pk=record_id).first()
        if record is None:
            raise NotFound(msg("There is no record {value}."), value=record_id)
        camera_id = registry.standing_id(camera)
        cameras = {registry.camera_id(camera), camera_id}
        words = Judgement.objects.filter(
            record=record, camera_id__in=cameras, by_kind="human", withdrawn_at__isnull=True
        )
        said = sorted(words.values_list("verdict", flat=True))
        if not said:
            raise Conflict(
                msg("Nobody has said anything of record {value} and camera {camera} that could be taken back."),
                value=record_id, camera=camera,
            )  # fmt: skip
        if "same" in said and record.camera_id == camera_id:
            along = along_with(record)
            _require_others(record, along, camera_id=camera_id, code=camera)
            leave(record, along, by=by, at=at, why=why)
            registry_actions.retire_empty([camera_id], merged_into=None, at=at, by=by)
        words.update(withdrawn_at=at, withdrawn_by=str(by))
        details = {"camera": camera, "verdicts": said}
        journal.record(
            subject=f"record:{record_id}", what="judgement_withdrawn", by=by, at=at, why=why, details=details
        )
        record.refresh_from_db()
        return _code_of(record)


def along_with(record: Record) -> list[Record]:
    """Rows of the owner's older and newer lists that are the same row and share its lot, but for those that a person
    spoke of."""
    kin: dict[int, Record] = {}
    ahead = [record]
    while ahead:
        here = ahead.pop()
        near = list(Record.objects.filter(previous=here)) + ([here.previous] if here.previous else [])
        fresh = [one for one in near if one.pk not in kin and one.pk != record.pk]
        kin.update((one.pk, one) for one in fresh)
        ahead += fresh
    spoken = Judgement.objects.filter(record__in=kin, by_kind="human", withdrawn_at__isnull=True)
    out = set(spoken.values_list("record_id", flat=True))
    return [
        one
        for pk, one in sorted(kin.items())
        if pk not in out and one.camera_id == record.camera_id and one.verdict != "broken"
    ]


def _require_others(record: Record, along: list[Record], *, camera_id: int, code: str) -> None:
    """A camera that stands on this row alone is what the row says: there is nothing to part it from."""
    if record.camera_id != camera_id:
        return
    ours = {f"record:{one.pk}" for one in (record, *along)}
    if registry.sources_of(camera_id) <= ours:
        raise Conflict(
            msg("Camera {value} is known from this row alone: there is nothing that the row could differ from."),
            value=code,
        )


def _withdraw(record: Record, *, cameras: Collection[int], verdict: Verdict, by: Actor, at: datetime) -> float | None:
    """A new word on this camera replaces a person's older one; `same` replaces the older `same` on any camera.

    The answer is how likely the model held it, where it had asked.
    """
    old = Judgement.objects.filter(record=record, withdrawn_at__isnull=True)
    asked = old.filter(by_kind="model", verdict="unsure", camera_id__in=cameras).values_list("probability", flat=True)
    probability = max((p for p in asked if p is not None), default=None)
    gone = {"withdrawn_at": at, "withdrawn_by": str(by)}
    old.filter(by_kind="human", camera_id__in=cameras).update(**gone)
    if verdict == "same":
        old.filter(verdict="same").update(**gone)
        old.filter(by_kind="model").update(**gone)
    else:
        old.filter(by_kind="model", camera_id__in=cameras).update(**gone)
    return probability


def _follow(record: Record, along: list[Record], *, camera_id: int, verdict: Verdict, by: Actor, at: datetime) -> None:
    why = f"judged {verdict}"
    if verdict == "same":
        if record.camera_id != camera_id:
            left = leave(record, along, by=by, at=at, why=why)
            _join(record, along, camera_id=camera_id, by=by, at=at, why=why)
            if left is not None:
                registry_actions.retire_empty([left], merged_into=camera_id, at=at, by=by)
        settle(record, camera_id=camera_id, decision="judged", probability=1.0)
        return
    if record.camera_id is None and record.decision == "":
        return  # No run has looked at it yet: the next one will, and heed this word.
    if record.camera_id == camera_id:
        leave(record, along, by=by, at=at, why=why)
        registry_actions.retire_empty([camera_id], merged_into=None, at=at, by=by)
    if record.camera_id is not None:
        return  # It stands for another camera; this word changes nothing there.
    questions = Judgement.objects.filter(record=record, verdict="unsure", withdrawn_at__isnull=True)
    if verdict == "unsure" or questions.exists():
        for one in (record, *along):
            settle(one, camera_id=None, decision="review", probability=None)
        return
    own_camera(record, along, by=by, at=at, why=why)


def own_camera(record: Record, along: list[Record], *, by: Actor, at: datetime, why: str) -> None:
    """The record becomes a camera of its own, and its like with it. Inside the register's turn."""
    first, _ = registry_actions.create_cameras([record.submission.owner_id], at=at)
    Judgement.objects.create(
        record=record, camera_id=first, verdict="same", by_kind="human", by=str(by), made_at=at, why=OWN_CAMERA,
    )  # fmt: skip
    _join(record, along, camera_id=first, by=by, at=at, why=why)
    settle(record, camera_id=first, decision="judged", probability=1.0)


def leave(record: Record, along: list[Record], *, by: Actor, at: datetime, why: str) -> int | None:
    left = register.release(record, at=at, by=by, why=why)
    for one in along:
        register.release(one, at=at, by=by, why=why)
    return left


def _join(record: Record, along: list[Record], *, camera_id: int, by: Actor, at: datetime, why: str) -> None:
    """The record and its like come to stand for a camera; the person spoke of the record, the others follow."""
    register.claim_all({record.pk: camera_id}, at=at, by=by, why=why)
    links = {one.pk: Link(camera_id, "judged") for one in along}
    register.attach(links, at=at, by=by, why=why, words={"judged": _ALONG})


def settle(record: Record, *, camera_id: int | None, decision: str, probability: float | None) -> None:
    record.camera_id = camera_id
    record.decision = decision
    record.probability = probability
    record.save(update_fields=["camera", "decision", "probability"])


def _code_of(record: Record) -> str:
    return registry.codes_of([record.camera_id]).get(record.camera_id, "") if record.camera_id else ""
