"""Which record belongs to which camera: a constrained assignment of scored pairs, never a chain of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from oblik.intake.logic.matching.evidence import Edges, Members, judged_frame
from oblik.intake.logic.matching.rivals import Floats, Indexes, pairing_probabilities
from oblik.intake.logic.matching.thresholds import Thresholds, thresholds

PROPOSALS: Final = 5
PROPOSED_FROM: Final = 0.02
ONE_OF_THEM: Final = 0.5
OVERBOOKED: Final = 1.2
DECISIONS: Final = ("matched", "new", "duplicate", "review")
npt_bool = npt.NDArray[np.bool_]
Progress = Callable[[int, int], None]  # lists done, lists in all


@dataclass(frozen=True, slots=True)
class Decisions:
    """records: record, group, camera, decision, probability, partner, fixed: one row per record, by record.

    group numbers cameras of this run from 0; camera is the existing camera of that group or null; a record in review
    has no group. fixed records had a camera or a person's 'same' before. proposals: record, rank (from 1), group,
    camera, probability, partner: what a person is asked, best first, at most five for each record in review.
    """

    records: pl.DataFrame
    proposals: pl.DataFrame


def assign(
    records: pl.DataFrame, pairs: pl.DataFrame, *, judged: pl.DataFrame | None = None, bounds: Thresholds | None = None,
    progress: Progress | None = None,
) -> Decisions:  # fmt: skip
    """Decides every record: matched, new, duplicate or review, under the constraints of a count.

    records as for `score_pairs`; pairs as it gives them; judged: record, camera, verdict (same, different, unsure).
    Records with a camera stay with it and existing cameras are never joined. Lists are taken one after another, the
    best described first; each list's rows are matched one to one against the cameras known so far, where a camera
    that already has a row of that list is out. The probability of a pairing counts its rivals, so near ties end in
    review, not in a merge. Deterministic: the same input gives the same output whatever the order of rows.
    """
    run = _Run(Members.of(records, judged_frame(judged)), pairs, bounds or thresholds())
    stages = run.members.stages()
    for number, rows in enumerate(stages):
        run.join_duplicates(rows)
        run.decide(rows)
        if progress is not None:
            progress(number + 1, len(stages))
    # What waits was asked against the cameras known at the time; by now there are more.
    run.settle_budget()
    for rows in stages:
        run.decide(rows[run.waiting[rows]], last=True)
    return run.decisions()


class _Run:
    """One run's state, by record position: which group each is in, what waits, and how sure each decision was."""

    def __init__(self, members: Members, pairs: pl.DataFrame, bounds: Thresholds) -> None:
        self.members = members
        self.bounds = bounds
        self.edges = Edges.of(members, pairs)
        size = len(members)
        self.group = members.group.copy()
        self.groups = members.groups
        self.waiting = np.zeros(size, dtype=bool)
        self.kind = np.where(members.group >= 0, 0, -1).astype(np.int8)
        self.sure = np.where(members.group >= 0, 1.0, 0.0)
        self.partner = np.full(size, -1, dtype=np.int64)
        self.leader = np.arange(size)  # of the rows of one list that are one camera; others follow the first
        self.asked = 0
        self.allowance = 0.0
        self.kept_share = 1.0
        self.proposed: list[tuple[Indexes, Indexes, Floats, Indexes]] = []

    def join_duplicates(self, rows: Indexes) -> None:
        """Rows of one list that are surely one camera follow the first of them, or the camera that one stands for."""
        own = self.edges.inside(rows)
        sure = own.probability >= self.bounds.duplicate
        kept = {int(row): {int(row)} for row in np.unique(np.concatenate([own.left[sure], own.right[sure]]))}
        order = np.lexsort((own.right[sure], own.left[sure], -own.probability[sure]))
        for position in np.flatnonzero(sure)[order]:
            left, right = int(own.left[position]), int(own.right[position])
            self._follow(kept, left, right, float(own.probability[position]))

    def _follow(self, kept: dict[int, set[int]], left: int, right: int, probability: float) -> None:
        first, second = int(self.leader[left]), int(self.leader[right])
        if self.group[first] < 0 <= self.group[second] or (self.group[first] < 0 and second < first):
            first, second = second, first
        if first == second or self.group[second] >= 0:
            return  # Already one, or two existing cameras.
        together = kept.get(first, {first}) | kept.get(second, {second})
        keys = self.members.row_key[list(together)]
        keys = keys[keys >= 0]
        if len(np.unique(keys)) < len(keys) or self._forbidden(second, int(self.group[first])):
            return  # Parts of one row are different cameras by the owner's own count.
        followers = [row for row in together if row != first and self.leader[row] in (first, second)]
        kept[first] = together
        self.leader[followers] = first
        self.kind[second], self.sure[second] = DECISIONS.index("duplicate"), probability
        self.partner[second] = left if second == int(right) else right
        self.group[followers] = self.group[first]

    def _forbidden(self, record: int, group: int) -> bool:
        return group >= 0 and bool(self.members.is_forbidden(np.array([record]), np.array([group]))[0])

    def decide(self, rows: Indexes, *, last: bool = False) -> None:
        """Matches the undecided rows of one list to the groups known so far; the rest wait or found groups."""
        rows = rows[(self.group[rows] < 0) & (self.leader[rows] == rows)]
        if not len(rows):
            return
        edges = self.edges.towards(rows, self.leader, self.group, self.members)
        probability = pairing_probabilities(edges.left, edges.group, edges.bits)
        together = self._with_twins(edges.left, edges.group, probability)
        free = ~self.members.unsure[edges.left]
        self._match(edges.left, edges.group, edges.partner, together, free & (together >= self.bounds.merge))
        best = np.zeros(len(self.group))
        np.maximum.at(best, edges.left, probability)
        anyone = np.bincount(edges.left, probability, minlength=len(self.group))
        open_rows = rows[self.group[rows] < 0]
        # Among many alike each is unlikely, yet that it is one of them may be likely.
        doubtful = (best[open_rows] >= self.bounds.review) | (anyone[open_rows] >= ONE_OF_THEM)
        review = open_rows[doubtful | self.members.unsure[open_rows]]
        self.waiting[rows] = False
        self._ask(review, best, len(rows), last=last)
        if last:
            asked = self.waiting[edges.left] & (probability >= PROPOSED_FROM)
            self.proposed.append((edges.left[asked], edges.group[asked], probability[asked], edges.partner[asked]))
        self._found(open_rows[~self.waiting[open_rows]], best)

    def _with_twins(self, left: Indexes, group: Indexes, probability: Floats) -> Floats:
        """The probability of the pairing or of one that differs only by the numbering of parts of one row."""
        row_twin = self.members.twin[left]
        group_twin = self.members.group_twins(self.group, self.groups)[group]
        by_row = _summed(probability, row_twin, group)
        by_group = _summed(probability, group_twin, left)
        return np.asarray(np.minimum(np.maximum(by_row, by_group), 1.0))

    def _match(self, left: Indexes, group: Indexes, partner: Indexes, sure: Floats, good: npt_bool) -> None:
        order = np.flatnonzero(good)
        order = order[np.lexsort((group[order], left[order], -sure[order]))]
        taken: set[int] = set()
        for position in order:
            row, target = int(left[position]), int(group[position])
            if self.group[row] < 0 and target not in taken:
                taken.add(target)
                self._enter(row, target)
                self.kind[row], self.sure[row] = DECISIONS.index("matched"), sure[position]
                self.partner[row] = partner[position]

    def _enter(self, row: int, group: int) -> None:
        self.group[row] = group
        self.waiting[row] = False
        for follower in self.edges.followers(row, self.leader):
            self.group[follower] = group

    def settle_budget(self) -> None:
        """What share of the waiting may go on waiting: the first round asks a little too much, because later lists
        answer some of it."""
        waiting = int((self.waiting & ~self.members.unsure).sum())
        self.kept_share = min(1.0, int(self.allowance) / waiting) if waiting else 1.0

    def _ask(self, review: Indexes, best: Floats, rows: int, *, last: bool) -> None:
        """Lets the likeliest wait, as many as may be asked; a person's own 'unsure' waits whatever the number."""
        unsure = self.members.unsure[review]
        self.waiting[review[unsure]] = True
        others = review[~unsure]
        if last:
            room = int(np.ceil(rows * self.kept_share)) if self.kept_share < 1.0 else len(others)
        else:
            self.allowance += rows * self.bounds.questions_per_row
            room = max(0, int(self.allowance * OVERBOOKED) - self.asked)
        chosen = others[np.lexsort((others, -best[others]))][:room]
        self.waiting[chosen] = True
        self.asked += 0 if last else len(chosen)

    def _found(self, rows: Indexes, best: Floats) -> None:
        for row in rows:
            self._enter(int(row), self.groups)
            self.groups += 1
        self.kind[rows] = DECISIONS.index("new")
        self.sure[rows] = 1.0 - best[rows]

    def decisions(self) -> Decisions:
        ids = self.members.ids
        waiting = self.waiting[self.leader]
        self.group[waiting] = -1
        kind = np.where(waiting, DECISIONS.index("review"), self.kind)
        camera = self.members.cameras_of(self.group)
        proposals = self._proposals()
        best = proposals.filter(pl.col("rank") == 1).select("record", best="probability", asked="partner")
        records = pl.DataFrame({
            "record": ids, "group": _nullable(self.group), "camera": camera,
            "decision": pl.Series(np.array(DECISIONS)[kind]), "probability": self.sure,
            "partner": _nullable(np.where(self.partner >= 0, ids[self.partner], -1), self.partner >= 0),
            "fixed": self.members.group >= 0,
        })  # fmt: skip
        records = records.join(best, on="record", how="left").with_columns(
            pl.when(pl.col("decision") == "review").then(pl.col("best").fill_null(0.0))
            .otherwise(pl.col("probability")).alias("probability"),
            pl.when(pl.col("decision") == "review").then(pl.col("asked")).otherwise(pl.col("partner")).alias("partner"),
        )  # fmt: skip
        return Decisions(records.drop("best", "asked").sort("record"), proposals)

    def _proposals(self) -> pl.DataFrame:
        parts = self.proposed or [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))]
        left, group, probability, partner = (np.concatenate(column) for column in zip(*parts, strict=True))
        ids = self.members.ids
        frame = pl.DataFrame({
            "leader": left, "group": group, "camera": self.members.cameras_of(group),
            "probability": probability, "partner": ids[partner] if len(ids) else partner,
        })  # fmt: skip
        waiting = np.flatnonzero(self.waiting[self.leader]) if len(ids) else np.zeros(0, np.int64)
        asked = pl.DataFrame({"record": ids[waiting], "leader": self.leader[waiting]})
        frame = asked.join(frame, on="leader").sort(["record", "probability", "group"], descending=[False, True, False])
        ranked = frame.with_columns(pl.int_range(1, pl.len() + 1).over("record").alias("rank"))
        return ranked.filter(pl.col("rank") <= PROPOSALS).select(
            "record", "rank", "group", "camera", "probability", "partner"
        )


def _summed(probability: Floats, twin: Indexes, other: Indexes) -> Floats:
    """Per edge the sum of probabilities over its twins towards the same other side; without twins its own."""
    total = probability.copy()
    several = np.flatnonzero(twin >= 0)
    if len(several):
        keys = np.stack([twin[several], other[several]])
        _, place = np.unique(keys, axis=1, return_inverse=True)
        place = place.reshape(-1)
        total[several] = np.bincount(place, weights=probability[several])[place]
    return total


def _nullable(values: Indexes, given: npt_bool | None = None) -> pl.Series:
    mask = values >= 0 if given is None else given
    frame = pl.DataFrame({"value": values, "given": mask})
    return frame.select(pl.when("given").then(pl.col("value").cast(pl.Int64)))["value"]
