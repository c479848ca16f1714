"""A run of the model over a campaign: records become cameras, wait for a person, or join cameras that are known."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import polars as pl
from django.db import transaction

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, msg
from oblik.db import bulk
from oblik.intake.actions import register
from oblik.intake.actions.lists import Progress, silent
from oblik.intake.actions.refreshing import refresh_addresses
from oblik.intake.logic.matching import assignment, scoring
from oblik.intake.logic.matching.model import default_model
from oblik.intake.matching_frame import campaign_frame, judged_frame
from oblik.intake.models import Judgement, MatchRun, Record, Submission
from oblik.journal import actions as journal
from oblik.registry import actions as registry

_SETTLED: Final = ("matched", "new", "duplicate")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one run did. records: looked at; settled: that already stood for a camera; the rest by decision."""

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


def run_matching(campaign: str, *, by: Actor, at: datetime, progress: Progress = silent) -> RunSummary:
    """Decides every record of a campaign that stands for no camera yet.

    Computing touches nothing; then one transaction writes cameras, claims, judgements and decisions, after looking
    that nobody changed the records meanwhile. Killed at any point it leaves the state before or the state after. A
    second run without new records changes nothing; what people judged stays.
    """
    _require_lists(campaign)
    refresh_addresses(campaign, by=by, at=at, progress=progress)
    _inherit(campaign, by=by, at=at)
    progress("loading", 0.0)
    records = campaign_frame(campaign)
    judged = judged_frame(campaign)
    progress("scoring", 0.0)
    pairs = scoring.score(records, progress=lambda done, total: progress("scoring", done / max(total, 1))).pairs
    progress("assigning", 0.0)
    decisions = assignment.assign(
        records, pairs, judged=judged, progress=lambda done, total: progress("assigning", done / max(total, 1))
    )
    progress("registering", 0.0)
    with transaction.atomic():
        summary = _write(campaign, records, decisions, pairs=pairs.height, by=by, at=at, progress=progress)
    progress("registering", 1.0)
    return summary


def _require_lists(campaign: str) -> None:
    waiting = Submission.objects.filter(campaign_code=campaign, state="received").values_list("file_name", flat=True)
    if waiting:
        raise Conflict(
            msg("The list “{value}” was received and not read to the end; hand it in again to take it up."),
            value=waiting[0],
        )


def _inherit(campaign: str, *, by: Actor, at: datetime) -> None:
    """Rows of a newer list stand for the camera that the older list's row stood for, unless a person said otherwise."""
    while True:
        heirs = Record.objects.filter(
            submission__campaign_code=campaign, camera__isnull=True, previous__camera__isnull=False
        ).exclude(verdict="broken")
        forbidden = set(
            Judgement.objects.filter(record__in=heirs, by_kind="human", withdrawn_at__isnull=True).values_list(
                "record_id", flat=True
            )
        )
        inherited = heirs.values_list("id", "previous__camera_id", "previous__decision")
        heritage = [row for row in inherited if row[0] not in forbidden]
        links = {record: camera for record, camera, _ in heritage}
        if not links:
            return
        with transaction.atomic():
            register.claim_all(links, at=at, by=by, why="newer list of the same owner")
            _judge(
                ((r, c, "same", 1.0, "the same row of the owner's older list") for r, c in links.items()), at=at, by=by
            )
            # What stood twice in the older list stands twice in the newer one.
            _settle(
                {
                    record: ("duplicate" if decision == "duplicate" else "matched", camera, 1.0)
                    for record, camera, decision in heritage
                }
            )
            journal.record(
                subject=f"campaign:{campaign}", what="inherited", by=by, at=at, details={"records": len(links)}
            )


def _write(
    campaign: str, records: pl.DataFrame, decisions: assignment.Decisions, *, pairs: int, by: Actor, at: datetime,
    progress: Progress,
) -> RunSummary:  # fmt: skip
    model = Actor("model", default_model().version)
    decided = decisions.records.filter(~pl.col("fixed")) if "fixed" in decisions.records.columns else decisions.records
    open_ids = decided["record"].to_list()
    _require_untouched(records, open_ids)
    cameras, added = _cameras_of_groups(records, decisions.records, at=at)
    run = MatchRun.objects.create(campaign_code=campaign, model_version=model.name, ran_at=at, by=str(by))
    links: dict[int, int] = {}
    outcome: dict[int, tuple[str, int | None, float]] = {}
    for record, group, decision, probability in decided.select(
        "record", "group", "decision", "probability"
    ).iter_rows():
        camera = cameras.get(group) if decision in _SETTLED else None
        outcome[record] = (decision, camera, probability)
        if camera is not None:
            links[record] = camera
    progress("registering", 0.2)
    _withdraw_questions(open_ids, decisions, cameras, at=at, by=model)
    register.claim_all(links, at=at, by=model, why=f"matching run {run.pk}")
    progress("registering", 0.7)
    words = {
        "matched": "matched by the model",
        "new": "no other record is this camera",
        "duplicate": "twice in one list",
    }
    _judge(
        ((r, c, "same", p, words[d]) for r, (d, c, p) in outcome.items() if c is not None), at=at, by=model, run=run.pk
    )
    _ask(decisions, cameras, at=at, by=model, run=run.pk)
    _settle(outcome)
    _settle_older(campaign, by=by, at=at)
    counts = decided["decision"].value_counts()
    by_decision = dict(zip(counts["decision"], counts["count"], strict=True))
    summary = RunSummary(
        run.pk, model.name, records.height, pairs, records.height - decided.height,
        *[int(by_decision.get(name, 0)) for name in ("matched", "new", "duplicate", "review")], added,
    )  # fmt: skip
    run.summary = asdict(summary)
    run.save(update_fields=["summary"])
    journal.record(subject=f"campaign:{campaign}", what="matched", by=by, at=at, details=asdict(summary))
    return summary


def _require_untouched(records: pl.DataFrame, open_ids: list[int]) -> None:
    """Somebody may have judged or matched while we computed: then what we computed is of yesterday."""
    wanted = set(open_ids)
    linked = Record.objects.filter(pk__gte=min(wanted, default=0), pk__lte=max(wanted, default=0), camera__isnull=False)
    if wanted & set(linked.values_list("id", flat=True)):
        raise Conflict(msg("Records were matched or judged while this run was computing; run it again."))


def _cameras_of_groups(records: pl.DataFrame, decided: pl.DataFrame, *, at: datetime) -> tuple[dict[int, int], int]:
    """group -> camera, new cameras made for groups that had none; how many were made."""
    settled = decided.filter(pl.col("decision").is_in(list(_SETTLED)) | pl.col("camera").is_not_null())
    groups = (
        settled.filter(pl.col("group").is_not_null())
        .group_by("group")
        .agg(pl.col("camera").max(), pl.col("record").min())
        .sort("record")
    )
    known = dict(groups.filter(pl.col("camera").is_not_null()).select("group", "camera").iter_rows())
    fresh = groups.filter(pl.col("camera").is_null())
    owners = dict(Submission.objects.values_list("id", "owner_id"))
    lists = dict(records.select("record_id", "list_id").iter_rows())
    first, codes = registry.create_cameras([owners[lists[record]] for record in fresh["record"]], at=at)
    return known | {group: first + i for i, group in enumerate(fresh["group"])}, len(codes)


def _questions(decisions: assignment.Decisions, cameras: dict[int, int]) -> dict[tuple[int, int], float]:
    asked: dict[tuple[int, int], float] = {}
    for record, group, camera, probability in decisions.proposals.select(
        "record", "group", "camera", "probability"
    ).iter_rows():
        target = camera if camera is not None else cameras.get(group)
        if target is not None:
            asked[record, target] = max(probability, asked.get((record, target), 0.0))
    return asked


def _withdraw_questions(
    open_ids: list[int], decisions: assignment.Decisions, cameras: dict[int, int], *, at: datetime, by: Actor
) -> None:
    """Questions that this run would not ask in the same words again."""
    asked = _questions(decisions, cameras)
    standing = Judgement.objects.filter(by_kind="model", verdict="unsure", withdrawn_at__isnull=True)
    wanted = set(open_ids)
    stale = [
        pk
        for pk, record, camera, probability in standing.values_list("pk", "record_id", "camera_id", "probability")
        if record in wanted and abs(asked.get((record, camera), -1.0) - (probability or 0.0)) > 1e-9
    ]
    for start in range(0, len(stale), 5_000):
        Judgement.objects.filter(pk__in=stale[start : start + 5_000]).update(withdrawn_at=at, withdrawn_by=str(by))


def _ask(decisions: assignment.Decisions, cameras: dict[int, int], *, at: datetime, by: Actor, run: int) -> None:
    standing = set(
        Judgement.objects.filter(withdrawn_at__isnull=True)
        .exclude(verdict="same")
        .values_list("record_id", "camera_id")
    )
    asked = _questions(decisions, cameras)
    fresh = [(r, c, "unsure", p, "to be reviewed") for (r, c), p in asked.items() if (r, c) not in standing]
    _judge(fresh, at=at, by=by, run=run)


def _judge(
    said: Iterable[tuple[int, int, str, float, str]], *, at: datetime, by: Actor, run: int | None = None
) -> None:
    rows = list(said)
    first = bulk.reserve_ids(Judgement, count=len(rows))
    made = bulk.instant(at)
    bulk.insert_rows(
        Judgement,
        columns=["id", "record_id", "camera_id", "verdict", "by_kind", "by", "run_id", "probability", "why", "made_at",
                 "withdrawn_by"],
        rows=(
            (first + i, record, camera, verdict, "model", str(by), run, probability, why, made, "")
            for i, (record, camera, verdict, probability, why) in enumerate(rows)
        ),
    )  # fmt: skip


def _settle(outcome: dict[int, tuple[str, int | None, float]]) -> None:
    bulk.update_rows(
        Record,
        columns=["decision", "camera_id", "probability"],
        rows=((decision, camera, probability, record) for record, (decision, camera, probability) in outcome.items()),
    )


def _settle_older(campaign: str, *, by: Actor, at: datetime) -> None:
    """Rows of replaced lists follow the newer row that repeats them: same camera, or waiting with it."""
    waiting = Record.objects.filter(
        submission__campaign_code=campaign, decision__in=["", "review"], next__isnull=False
    ).values_list("id", "decision", "next__camera_id", "next__decision")
    while True:
        follows: dict[int, tuple[str, int | None, float]] = {}
        for old, decision, camera, of_next in waiting.all():
            if camera is not None:
                follows[old] = ("duplicate" if of_next == "duplicate" else "matched", camera, 1.0)
            elif of_next == "review" and decision == "":
                follows[old] = ("review", None, 0.0)
        if not follows:
            return
        links = {old: camera for old, (_, camera, _) in follows.items() if camera is not None}
        register.claim_all(links, at=at, by=by, why="older list of the same owner")
        _judge(((r, c, "same", 1.0, "the same row of the owner's newer list") for r, c in links.items()), at=at, by=by)
        _settle(follows)
