"""Which record belongs to which camera: a constrained assignment of scored pairs, never a chain of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from oblik.intake.logic.matching.evidence import Edges, Members, judged_frame
from oblik.intake.logic.matching.habits import learned_bits
from oblik.intake.logic.matching.model import Model, default_model
from oblik.intake.logic.matching.rivals import Floats, Indexes, pairing_probabilities
from oblik.intake.logic.matching.thresholds import Thresholds, thresholds

PROPOSALS: Final = 5
PROPOSED_FROM: Final = 0.02
ONE_OF_THEM: Final = 0.5
OVERBOOKED: Final = 1.2
ROUNDS: Final = 20  # a round settles at least one waiting row; real runs need two or three
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
    progress: Progress | None = None, model: Model | None = None,
) -> Decisions:  # fmt: skip
    """Decides every record: matched, new, duplicate or review, under the constraints of a count.

    records as for `score_pairs`; pairs as it gives them; judged: record, camera, verdict (same, different, unsure).
    Records with a camera stay with it and existing cameras are never joined. Lists are taken one after another, the
    best described first; each list's rows are matched one to one against the cameras known so far, where a camera
    that already has a row of that list is out. The probability of a pairing counts its rivals, so near ties end in
    review, not in a merge. Deterministic: the same input gives the same output whatever the order of rows.
    """
    learned = learned_bits(records, pairs, model=model or default_model())
    pairs = pairs.with_columns(pl.col("weight") + pl.Series(learned))
    run = _Run(Members.of(records, judged_frame(judged)), pairs, bounds or thresholds())
    stages = run.members.stages()
    for number, rows in enumerate(stages):
        run.join_duplicates(rows)
        run.decide(rows)
        if progress is not None:
            progress(number + 1, len(stages))
    run.settle(stages)
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
        self.followers: dict[int, list[int]] = {}
        self.allowance = max(float(self.bounds.questions_least), self.bounds.questions_per_row * size)
        self.best = np.zeros(size)
        self.seen = 0
        # As few open rows as may wait anyway: nobody is hurried, so a second run asks what the first one asked.
        self.hurried = int(((members.group < 0) & ~members.unsure).sum()) > self.allowance
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
        self.followers[first] = sorted({*self.followers.get(first, ()), *followers})
        self.followers.pop(second, None)
        self.kind[second], self.sure[second] = DECISIONS.index("duplicate"), probability
        self.partner[second] = left if second == int(right) else right
        self.group[followers] = self.group[first]

    def _forbidden(self, record: int, group: int) -> bool:
        return group >= 0 and bool(self.members.is_forbidden(np.array([record]), np.array([group]))[0])

    def decide(self, rows: Indexes, *, last: bool = False) -> None:
        """Matches the undecided rows of one list to the groups known so far; the rest wait or found groups."""
        self.seen += 0 if last else len(rows)
        rows = rows[(self.group[rows] < 0) & (self.leader[rows] == rows)]
        if not len(rows):
            return
        edges = self.edges.towards(rows, self.leader, self.followers, self.group, self.members)
        probability = pairing_probabilities(edges.left, edges.group, edges.bits)
        together = self._with_twins(edges.left, edges.group, probability)
        free = ~self.members.unsure[edges.left]
        self._match(edges.left, edges.group, edges.partner, together, free & (together >= self.bounds.merge))
        self.best[rows] = 0.0
        np.maximum.at(self.best, edges.left, probability)
        anyone = np.bincount(edges.left, probability, minlength=len(self.group))
        open_rows = rows[self.group[rows] < 0]
        # Among many alike each is unlikely, yet that it is one of them may be likely.
        doubtful = (self.best[open_rows] >= self.bounds.review) | (anyone[open_rows] >= ONE_OF_THEM)
        review = open_rows[doubtful | self.members.unsure[open_rows]]
        self.waiting[rows] = False
        self.waiting[self._likeliest(review, np.inf if last else self._room())] = True
        asked = self.waiting[edges.left] & (probability >= PROPOSED_FROM) & last
        self.proposed.append((edges.left[asked], edges.group[asked], probability[asked], edges.partner[asked]))
        self._found(open_rows[~self.waiting[open_rows]])

    def settle(self, stages: Sequence[Indexes]) -> None:
        """Asks what waits again, until nothing moves: it waited for the cameras known at the time, by now there are
        more. Of what still waits no more than the allowance is kept; a second run over the outcome changes nothing."""
        for _ in range(ROUNDS):
            before = self.waiting.sum()
            self.proposed.clear()
            for rows in stages:
                self.decide(rows[self.waiting[rows]], last=True)
            if self.waiting.sum() == before and not self._cut():
                return

    def _cut(self) -> bool:
        """Whether some of the waiting had to be left apart, because no more may be asked."""
        waiting = np.flatnonzero(self.waiting)
        over = np.setdiff1d(waiting, self._likeliest(waiting, self.allowance))
        self.waiting[over] = False
        self._found(over)
        return len(over) > 0

    def _with_twins(self, left: Indexes, group: Indexes, probability: Floats) -> Floats:
        """The probability of the pairing or of one that differs only by the numbering of parts of one row."""
        row_twin = self.members.twin[left]
        group_twin = self.members.group_twins(self.group, self.groups)[group]
        by_row = _summed(probability, row_twin, group)
        by_group = _summed(probability, group_twin, left)
        return np.asarray(np.minimum(np.maximum(by_row, by_group), 1.0))

    def _match(self, left: Indexes, group: Indexes, partner: Indexes, sure: Floats, good: npt_bool) -> None:
        """The surest first; a row or a group that is taken is taken."""
        order = np.flatnonzero(good)
        order = order[np.lexsort((group[order], left[order], -sure[order]))]
        while len(order):
            best = order[_first_of_each(left[order]) & _first_of_each(group[order])]
            rows = left[best]
            self._enter(rows, group[best])
            self.kind[rows], self.sure[rows] = DECISIONS.index("matched"), sure[best]
            self.partner[rows] = partner[best]
            order = order[~np.isin(left[order], rows) & ~np.isin(group[order], group[best])]

    def _enter(self, rows: Indexes, groups: Indexes) -> None:
        self.group[rows] = groups
        self.waiting[rows] = False
        if self.followers:
            for row in rows[np.isin(rows, list(self.followers))]:
                self.group[self.followers[int(row)]] = self.group[row]

    def _room(self) -> float:
        """How many more may wait while lists are taken: their share of the allowance, overbooked because later lists
        answer some of it."""
        if not self.hurried:
            return float("inf")
        share = max(float(self.bounds.questions_least), OVERBOOKED * self.bounds.questions_per_row * self.seen)
        return share - float((self.waiting & ~self.members.unsure).sum())

    def _likeliest(self, review: Indexes, room: float) -> Indexes:
        """Those that may wait: the likeliest, as many as there is room for; a person's own 'unsure' in any case."""
        unsure = self.members.unsure[review]
        others = review[~unsure]
        others = others[np.lexsort((others, -self.best[others]))]
        rows = [1 + len(self.followers.get(int(row), ())) for row in others] if self.followers else np.ones(len(others))
        return np.concatenate([review[unsure], others[np.cumsum(rows) <= room]])

    def _found(self, rows: Indexes) -> None:
        self._enter(rows, self.groups + np.arange(len(rows)))
        self.groups += len(rows)
        self.kind[rows] = DECISIONS.index("new")
        self.sure[rows] = 1.0 - self.best[rows]

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


def _first_of_each(values: Indexes) -> npt_bool:
    """True where a value stands for the first time."""
    first = np.zeros(len(values), dtype=bool)
    first[np.unique(values, return_index=True)[1]] = True
    return first


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
