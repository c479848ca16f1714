"""Long work is asked for here and done by workers, outside of any page.

A table of our own and no library: Django's Tasks have no worker that survives being killed, and brokers want a server
beside. What is needed is small. A job is a wish in a table; each of its steps is one transaction of an action that may
be repeated, so that a worker killed at any point is followed by another that begins anew and doubles nothing.

Two fences keep two workers from one job: the lease on its file, which the system takes back from the dead, and the
number of attempts, which only one of them counts up.
"""

import hashlib
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import DatabaseError, close_old_connections, connections, transaction

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, OblikError, msg
from oblik.db import leases, turns
from oblik.intake.actions import lists, matching, uploads
from oblik.intake.actions.lists import Progress
from oblik.intake.models import Job
from oblik.intake.running import OPEN, lock_path, progress_path
from oblik.journal import actions as journal
from oblik.registry.logic.folding import plain

_LOG: Final = logging.getLogger(__name__)
_MOST_ATTEMPTS: Final = 3
_IDLE_S: Final = 0.4  # between two looks at the table
_TROUBLE_S: Final = 5.0  # until a database that does not answer is asked again
_TELL_S: Final = 0.25  # between two words on how far it is


@dataclass(frozen=True, slots=True)
class Order:
    """What a runner is told."""

    campaign: str
    owner: str
    args: Mapping[str, object]
    by: Actor
    at: datetime
    progress: Progress


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work. quick: never waits for the other kinds, nor they for it; beside: may run at the same time.

    run may be called again for an order that it has done, and answers what is worth telling, as JSON.
    """

    run: Callable[[Order], Mapping[str, object]]
    quick: bool = False
    beside: frozenset[str] = field(default_factory=frozenset)


Kinds = Mapping[str, Kind]


class Stopped(Exception):  # not of our tree of errors: nobody is told, the job goes back into the row
    """The worker is to end now."""


def _look(order: Order) -> Mapping[str, object]:
    upload = order.args["upload"]
    assert isinstance(upload, int)
    uploads.look(upload, progress=order.progress)
    return {"upload": upload}


def _read_list(order: Order) -> Mapping[str, object]:
    submission = order.args["submission"]
    assert isinstance(submission, int)
    got = lists.read(submission, by=order.by, at=order.at, progress=order.progress)
    return {"submission": submission, "rows": got.rows, "records": got.records}


def _match(order: Order) -> Mapping[str, object]:
    done = matching.run_matching(order.campaign, by=order.by, at=order.at, progress=order.progress)
    return {
        "run": done.run, "matched": done.matched, "new": done.new, "review": done.review,
        "cameras_added": done.cameras_added,
    }  # fmt: skip


KINDS: Final[Kinds] = {
    "look": Kind(_look, quick=True),
    "read_list": Kind(_read_list, beside=frozenset({"read_list"})),
    "match": Kind(_match),
}


def start_job(
    kind: str, *, campaign: str, owner: str = "", args: Mapping[str, object] | None = None, by: Actor, at: datetime
) -> int:
    """Asks for work and answers its number; the same wish while it is open is the same job.

    owner: whose list it is about, "" where it concerns the lists of all. Whether `by` may ask for it, the caller knows.
    """
    told = dict(args or {})
    text = json.dumps([kind, campaign, owner, told], sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(text.encode()).hexdigest()
    with turns.turn("jobs"):
        same = Job.objects.filter(key=key, state__in=OPEN).values_list("pk", flat=True).first()
        if same is not None:
            return same
        job = Job.objects.create(
            kind=kind, campaign_code=campaign, owner_code=owner, args=told, key=key, asked_at=at, asked_by=str(by)
        )
        journal.record(
            subject=f"campaign:{campaign}", what="asked_for", by=by, at=at,
            details={"job": job.pk, "kind": kind, "owner": owner, **told},
        )  # fmt: skip
    return job.pk


def work(kinds: Kinds, *, stopped: threading.Event) -> None:
    """Does what is asked for until `stopped`; what cannot be finished by then goes back into the row.

    Two lanes: a look at a file, for which a person waits, does not stand behind a long run.
    """
    quick = {name: kind for name, kind in kinds.items() if kind.quick}
    beside = threading.Thread(target=_lane, args=(kinds, quick, stopped), daemon=True)
    beside.start()
    try:
        _lane(kinds, kinds, stopped)
    finally:
        stopped.set()
        beside.join(timeout=30)


def work_off(kinds: Kinds, *, stopped: threading.Event | None = None) -> int:
    """Does everything that can be done now; how many jobs that were."""
    stopped = stopped or threading.Event()
    count = 0
    while not stopped.is_set() and take_one(kinds, stopped=stopped):
        count += 1
    return count


def _lane(kinds: Kinds, ours: Kinds, stopped: threading.Event) -> None:
    try:
        while not stopped.is_set():
            close_old_connections()
            try:
                did = take_one(kinds, ours=ours, stopped=stopped)
            except (DatabaseError, OblikError):
                _LOG.warning("The table of jobs cannot be asked; trying again", exc_info=True)
                stopped.wait(_TROUBLE_S)
                continue
            if not did:
                stopped.wait(_IDLE_S)
    finally:
        connections.close_all()


def take_one(kinds: Kinds, *, ours: Kinds | None = None, stopped: threading.Event) -> bool:
    """Does the first job that nobody else does, of the kinds in `ours` (default all); False where there is none."""
    for number, attempts in _ready(kinds, ours=kinds if ours is None else ours):
        with leases.lease(lock_path(number)) as held:
            if held and _claim(number, attempts=attempts):
                _do(number, kinds, stopped=stopped)
                return True
    return False


def _ready(kinds: Kinds, *, ours: Kinds) -> Iterator[tuple[int, int]]:
    """Open jobs whose turn it is: those of one campaign go in order, but for what may run beside each other."""
    ahead: dict[str, set[str]] = {}
    rows = Job.objects.filter(state__in=OPEN).order_by("id").values_list("pk", "kind", "campaign_code", "attempts")
    for number, kind, campaign, attempts in list(rows):
        known = kinds.get(kind)
        before = ahead.setdefault(campaign, set())
        if known is None or not known.quick:
            free = known is not None and before <= known.beside
            before.add(kind)
        else:
            free = True
        if free and kind in ours:
            yield number, attempts


def _claim(number: int, *, attempts: int) -> bool:
    me = f"{socket.gethostname()[:80]}:{os.getpid()}"
    found = Job.objects.filter(pk=number, state__in=OPEN, attempts=attempts)
    # Nobody else counts it up: whoever read the same number of attempts finds nothing to change.
    return bool(found.update(state="running", taken_by=me, attempts=attempts + 1, started_at=now()))


def _do(number: int, kinds: Kinds, *, stopped: threading.Event) -> None:
    job = Job.objects.get(pk=number)
    if job.attempts > _MOST_ATTEMPTS:
        _end(job, failed=Conflict(msg("The work was cut short {value} times; the server's log says by what."),
                                  code="cut_short", value=_MOST_ATTEMPTS))  # fmt: skip
        return
    kind, _colon, name = job.asked_by.partition(":")
    by = Actor("person" if kind == "person" else "console", name)
    order = Order(job.campaign_code, job.owner_code, job.args, by, now(), _teller(number, stopped))
    try:
        result = kinds[job.kind].run(order)
    except Stopped:
        Job.objects.filter(pk=number).update(state="waiting", taken_by="", attempts=job.attempts - 1)
    except Conflict as wrong:
        if job.attempts >= _MOST_ATTEMPTS:
            _end(job, failed=wrong)
        else:  # Somebody else wrote meanwhile, as it says; begun anew it meets what they left.
            Job.objects.filter(pk=number).update(state="waiting", taken_by="")
    except OblikError as wrong:
        _end(job, failed=wrong)
    except Exception:  # noqa: BLE001  # the worker goes on, whatever one job runs into
        _LOG.exception("Job %s (%s) failed", number, job.kind)
        failed = OblikError(msg("Something went wrong that nobody foresaw; the server's log has the details."))
        _end(job, failed=failed)
    else:
        _end(job, result=result)
    finally:
        progress_path(number).unlink(missing_ok=True)


def _end(job: Job, *, failed: OblikError | None = None, result: Mapping[str, object] | None = None) -> None:
    at = now()
    with transaction.atomic():
        job.state = "failed" if failed else "done"
        job.ended_at = at
        job.result = dict(result or {})
        if failed:
            params = {name: plain(str(value)) for name, value in failed.params.items()}
            job.failure = {"code": failed.code, "template": failed.template, "params": params}
        job.save(update_fields=["state", "ended_at", "result", "failure"])
        if failed:
            journal.record(
                subject=f"campaign:{job.campaign_code}", what="work_failed", by=Actor("model", "worker"), at=at,
                details={"job": job.pk, "kind": job.kind, "code": failed.code},
            )  # fmt: skip
    lock_path(job.pk).unlink(missing_ok=True)


def _teller(number: int, stopped: threading.Event) -> Progress:
    """Writes how far it is where pages read it, not too often; raises Stopped where the worker is to end."""
    path = progress_path(number)
    last = ("", 0.0)  # step, when

    def tell(step: str, share: float) -> None:
        nonlocal last
        if stopped.is_set():
            raise Stopped
        at = time.monotonic()
        if step == last[0] and at - last[1] < _TELL_S:
            return
        last = (step, at)
        fresh = path.with_suffix(f".{threading.get_ident()}.part")
        fresh.write_text(json.dumps({"step": step, "share": round(share, 3)}), encoding="utf-8")
        fresh.replace(path)

    return tell
