"""What an owner's side says of a list that was read: accepted, withdrawn, or what became of rows it lacks."""

from datetime import datetime

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.db import turns
from oblik.intake.actions import lists
from oblik.intake.models import Judgement, Record, Submission, Vanished
from oblik.journal import actions as journal
from oblik.registry.actions import REGISTER
from oblik.registry.logic.folding import plain


def accept(number: int, *, by: Actor, at: datetime) -> None:
    """The owner's side has looked at what was read, and it is their list. Said once more it changes nothing."""
    with turns.turn(_turn(number)):
        found = _read(number)
        if found.accepted_at is not None:
            return
        found.accepted_at, found.accepted_by = at, str(by)
        found.save(update_fields=["accepted_at", "accepted_by"])
        journal.record(subject=f"submission:{number}", what="accepted", by=by, at=at)


def reopen(number: int, *, by: Actor, at: datetime) -> None:
    """Takes the acceptance back."""
    with turns.turn(_turn(number)):
        found = _read(number)
        if found.accepted_at is None:
            return
        found.accepted_at, found.accepted_by = None, ""
        found.save(update_fields=["accepted_at", "accepted_by"])
        journal.record(subject=f"submission:{number}", what="reopened", by=by, at=at)


def withdraw(number: int, *, why: str, by: Actor, at: datetime) -> None:
    """Takes back a list that was handed in by mistake, while no row of it stands for a camera.

    Its file and its rows as received stay; its records, which can be made again from them, go, so that nothing counts
    them. The list that it replaced stands again. Conflict where a row was decided on already, or was accepted.
    """
    why = plain(why).strip()
    if not why:
        raise InvalidInput(msg("Say why the list is withdrawn; the reason is kept with it."))
    with turns.turn(REGISTER), turns.turn(_turn(number)):
        found = _read(number)
        if found.accepted_at is not None:
            raise Conflict(msg("The list “{value}” is accepted; take that back first."), value=found.file_name)
        if _is_decided(number):
            raise Conflict(
                msg(
                    "The list “{value}” was matched already or a newer one stands in its place. Hand in a corrected "
                    "list instead: it replaces this one."
                ),
                value=found.file_name,
            )  # fmt: skip
        replaced, counts = found.replaces_id, found.counts or {}
        Vanished.objects.filter(submission_id=number).delete()
        Record.objects.filter(submission_id=number).delete()
        found.state, found.replaces_id, found.counts = "withdrawn", None, {}
        found.withdrawn_at, found.withdrawn_by, found.withdrawn_why = at, str(by), why
        found.save()
        journal.record(
            subject=f"submission:{number}", what="withdrawn", by=by, at=at, why=why,
            details={"file": found.file_name, "replaced": replaced, **counts},
        )  # fmt: skip


def restore(number: int, *, by: Actor, at: datetime) -> None:
    """Hands a withdrawn list in again; it has to be read anew, from the file that was kept."""
    with turns.turn(_turn(number)):
        found = _found(number)
        if found.state != "withdrawn":
            return
        lists.restore(found, by=by, at=at)


def answer(question: int, *, submission: int, said: str, by: Actor, at: datetime) -> None:
    """What the owner says became of a row that the newer list lacks; an empty text opens the question again."""
    said = plain(said).strip()
    with turns.turn(_turn(submission)):
        found = Vanished.objects.filter(pk=question, submission_id=submission).first()
        if found is None:
            raise NotFound(msg("There is no question with the number {value} about this list."), value=question)
        if found.answer == said:
            return
        found.answer = said
        found.save(update_fields=["answer"])
        journal.record(
            subject=f"submission:{submission}", what="answered", by=by, at=at,
            details={"record": found.record_id, "answer": said},
        )  # fmt: skip


def _is_decided(number: int) -> bool:
    """Whether a row stands for a camera or was asked about, or a newer list took its place."""
    return (
        Record.objects.filter(submission_id=number, camera__isnull=False).exists()
        or Judgement.objects.filter(record__submission_id=number).exists()
        or Submission.objects.filter(replaces_id=number).exists()
    )


def _turn(number: int) -> str:
    return f"list:{number}"


def _read(number: int) -> Submission:
    found = _found(number)
    if found.state != "read":
        raise Conflict(msg("The list “{value}” is not read yet, or was withdrawn."), value=found.file_name)
    return found


def _found(number: int) -> Submission:
    found = Submission.objects.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotFound(msg("There is no submission {value}; see `oblik intake list`."), value=number)
    return found
