"""A run of the model over a campaign: records become cameras, wait for a person, or join cameras that are known."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import polars as pl

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, msg
from oblik.db import bulk, turns
from oblik.intake.actions import following, register
from oblik.intake.actions.lists import Progress, silent
from oblik.intake.actions.refreshing import refresh_addresses
from oblik.intake.actions.register import Link
from oblik.intake.logic.matching import assignment, scoring
from oblik.intake.logic.matching.model import default_model
from oblik.intake.matching_frame import campaign_frame, judged_frame
from oblik.intake.models import Judgement, MatchRun, Record, Submission
from oblik.journal import actions as journal
from oblik.registry import actions as registry
from oblik.registry.actions import REGISTER

_WORDS: Final = {
    "matched": "matched by the model",
    "new": "no other record is this camera",
    "duplicate": "twice in one list",
}
_SETTLED: Final = tuple(_WORDS)
_YESTERDAY: Final = msg("Records were matched or judged while this run was computing; run it again.")


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
    following.follow_codes(campaign, by=by, at=at)
    following.follow_older(campaign, by=by, at=at)
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
    with turns.turn(REGISTER), journal.gathered():
        _require_same_words(campaign, judged)
        summary = _write(
            campaign, records, decisions, judged=judged, pairs=pairs.height, by=by, at=at, progress=progress
        )
    progress("registering", 1.0)
    return summary


def _require_lists(campaign: str) -> None:
    waiting = Submission.objects.filter(campaign_code=campaign, state="received").values_list("file_name", flat=True)
    if waiting:
        raise Conflict(
            msg("The list “{value}” was received and not read to the end; hand it in again to take it up."),
            value=waiting[0],
        )


def _write(
    campaign: str, records: pl.DataFrame, decisions: assignment.Decisions, *, judged: pl.DataFrame, pairs: int,
    by: Actor, at: datetime, progress: Progress,
) -> RunSummary:  # fmt: skip
    model = Actor("model", default_model().version)
    decided = decisions.records.filter(~pl.col("fixed")) if "fixed" in decisions.records.columns else decisions.records
    open_ids = decided["record"].to_list()
    _require_untouched(open_ids)
    cameras, added = _cameras_of_groups(records, decisions.records, at=at)
    run = MatchRun.objects.create(campaign_code=campaign, model_version=model.name, ran_at=at, by=str(by))
    asked = _questions(decisions, cameras)
    links, waiting = _sorted_out(campaign, records, decided, cameras=cameras, judged=judged, asked=asked)
    progress("registering", 0.2)
    _withdraw_stale(open_ids, asked, at=at, by=model)
    register.attach(links, at=at, by=model, why=f"matching run {run.pk}", words=_WORDS, run=run.pk)
    progress("registering", 0.7)
    _ask(asked, at=at, by=model, run=run.pk)
    register.settle(waiting)
    following.follow_newer(campaign, by=by, at=at)
    counts = Counter(link.decision for link in links.values())
    summary = RunSummary(
        run.pk, model.name, records.height, pairs, settled=records.height - decided.height, matched=counts["matched"],
        new=counts["new"], duplicate=counts["duplicate"], review=len(waiting), cameras_added=added,
    )  # fmt: skip
    run.summary = asdict(summary)
    run.save(update_fields=["summary"])
    journal.record(subject=f"campaign:{campaign}", what="matched", by=by, at=at, details=asdict(summary))
    return summary


def _sorted_out(
    campaign: str, records: pl.DataFrame, decided: pl.DataFrame, *, cameras: dict[int, int], judged: pl.DataFrame,
    asked: dict[tuple[int, int], float],
) -> tuple[dict[int, Link], dict[int, tuple[str, int | None, float]]]:  # fmt: skip
    """Records that come to stand for a camera, and those that wait. What a rule forbids is added to what is asked."""
    held = _held_by_older(campaign)
    unsure = set(judged.filter(pl.col("verdict") == "unsure")["record"])
    apart = set(judged.filter(pl.col("verdict") != "same").select("record", "camera").iter_rows())
    lists = dict(records.select("record_id", "list_id").iter_rows())
    links: dict[int, Link] = {}
    waiting: dict[int, tuple[str, int | None, float]] = {}
    columns = decided.select("record", "group", "decision", "probability")
    for record, group, decision, probability in columns.iter_rows():
        camera = cameras.get(group) if decision in _SETTLED else None
        if camera is None:
            waiting[record] = (decision, None, probability)
        elif record in unsure or (record, camera) in apart:
            waiting[record] = ("review", None, probability)  # A person's word, where it came by way of a duplicate.
        elif (lists[record], camera) in held:
            # An older row of the same list stands for it already, told apart by nobody: a person has to look.
            asked[record, camera] = probability
            waiting[record] = ("review", None, probability)
        else:
            links[record] = Link(camera, decision, probability)
    return links, waiting


def _require_untouched(open_ids: list[int]) -> None:
    """Somebody may have matched while we computed: then what we computed is of yesterday."""
    for condition in bulk.named(open_ids):
        if Record.objects.filter(condition, camera__isnull=False).exists():
            raise Conflict(_YESTERDAY)


def _require_same_words(campaign: str, judged: pl.DataFrame) -> None:
    """Somebody may have judged while we computed."""
    key = ["record", "camera", "verdict"]
    if not judged_frame(campaign).sort(key).equals(judged.sort(key)):
        raise Conflict(_YESTERDAY)


def _held_by_older(campaign: str) -> set[tuple[int, int]]:
    """(list, camera) of rows that the run did not look at, because a newer list speaks for them."""
    rows = Record.objects.filter(submission__campaign_code=campaign, camera__isnull=False, next__isnull=False)
    return set(rows.values_list("submission_id", "camera_id").iterator(chunk_size=20_000))


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


def _withdraw_stale(open_ids: list[int], asked: dict[tuple[int, int], float], *, at: datetime, by: Actor) -> None:
    """Withdraws the questions that this run would not ask in the same words again."""
    standing = Judgement.objects.filter(by_kind="model", verdict="unsure", withdrawn_at__isnull=True)
    wanted = set(open_ids)
    stale = [
        pk
        for pk, record, camera, probability in standing.values_list("pk", "record_id", "camera_id", "probability")
        if record in wanted and abs(asked.get((record, camera), -1.0) - (probability or 0.0)) > 1e-9
    ]
    for condition in bulk.named(stale):
        Judgement.objects.filter(condition).update(withdrawn_at=at, withdrawn_by=str(by))


def _ask(asked: dict[tuple[int, int], float], *, at: datetime, by: Actor, run: int) -> None:
    """Puts the questions that do not stand already; what a person said of a pair is not asked again."""
    standing = set(
        Judgement.objects.filter(withdrawn_at__isnull=True)
        .exclude(verdict="same")
        .values_list("record_id", "camera_id")
    )
    fresh = [(r, c, "unsure", p, "to be reviewed") for (r, c), p in asked.items() if (r, c) not in standing]
    register.judge_all(fresh, at=at, by=by, run=run)
