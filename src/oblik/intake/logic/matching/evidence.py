"""The records and scored pairs of a run as arrays, and what they say of a row and a group of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from oblik.intake.logic.matching.frame import prepare
from oblik.intake.logic.matching.rivals import Floats, Indexes

Bools = npt.NDArray[np.bool_]

AGAINST: Final = 0.5  # the share that evidence against one member of a group takes from what speaks for another
AGAINST_FLOOR_BITS: Final = -12.0
_COMPARED: Final = (
    "x_m", "y_m", "bearing", "height", "street_code", "street_text", "house_code", "site_code", "mac_code", "uuid_code",
    "serial_code", "inventory_code", "ip_code", "name_code", "kind_fold", "vendor_fold", "model_fold", "installed",
)  # fmt: skip


def judged_frame(judged: pl.DataFrame | None) -> pl.DataFrame:
    """The judgements with their columns typed; none gives an empty frame."""
    schema = {"record": pl.Int64, "camera": pl.Int64, "verdict": pl.String}
    if judged is None or judged.is_empty():
        return pl.DataFrame(schema=schema)
    return judged.select(pl.col(name).cast(kind) for name, kind in schema.items())


@dataclass(frozen=True, slots=True)
class Members:
    """Records by position, in order of id. group: the group each is fixed to, -1 where open; cameras: group -> camera.

    twin: one number for parts of one row that nothing tells apart, -1 for others; row_key: one number for all parts of
    one row, -1 for others; stage: when the record's list is taken.
    """

    ids: Indexes
    lists: Indexes
    stage: Indexes
    group: Indexes
    cameras: Indexes
    twin: Indexes
    row_key: Indexes
    unsure: Bools
    forbidden: Indexes  # sorted codes of record position and group

    @classmethod
    def of(cls, records: pl.DataFrame, judged: pl.DataFrame) -> Self:
        """From records and judgements. A person's 'same' outranks the record's camera, 'different' takes it away."""
        frame = prepare(records).sort("record_id").with_row_index("position")
        judged = judged.join(frame.select("position", record="record_id"), on="record").sort("position", "camera")
        frame = _with_judged_camera(frame, judged)
        cameras = np.unique(
            np.concatenate([frame["camera"].drop_nulls().to_numpy(), judged["camera"].drop_nulls().to_numpy()])
        )
        camera = frame["camera"].fill_null(-1).to_numpy()
        group = np.where(frame["camera"].is_not_null().to_numpy(), np.searchsorted(cameras, camera), -1)
        different = judged.filter(pl.col("verdict") == "different")
        codes = different["position"].to_numpy().astype(np.int64) * (len(cameras) + 1) + np.searchsorted(
            cameras, different["camera"].to_numpy()
        )
        unsure = np.zeros(frame.height, dtype=bool)
        unsure[judged.filter(pl.col("verdict") == "unsure")["position"].to_numpy()] = True
        return cls(
            ids=frame["record_id"].to_numpy(), lists=frame["list_id"].to_numpy(), stage=_stages(frame),
            group=group.astype(np.int64), cameras=cameras.astype(np.int64), twin=_twins(frame),
            row_key=_numbered(frame, ("list_id", "row_key"), "row_key"), unsure=unsure, forbidden=np.sort(codes),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def groups(self) -> int:
        return len(self.cameras)

    def stages(self) -> list[Indexes]:
        """Positions of each list's records, lists in the order in which they are taken."""
        if not len(self):
            return []
        order = np.argsort(self.stage, kind="stable")
        bounds = np.flatnonzero(np.diff(self.stage[order])) + 1
        return [np.asarray(part) for part in np.split(order, bounds)]

    def is_forbidden(self, record: Indexes, group: Indexes) -> Bools:
        """Where a person said that this record is not this camera."""
        codes = record * (len(self.cameras) + 1) + group
        return np.asarray((group < len(self.cameras)) & np.isin(codes, self.forbidden))

    def cameras_of(self, group: Indexes) -> pl.Series:
        """The existing camera of each group, null for new groups and for none."""
        known = (group >= 0) & (group < len(self.cameras))
        codes = self.cameras[np.where(known, group, 0)] if len(self.cameras) else np.zeros(len(group), np.int64)
        frame = pl.DataFrame({"camera": codes, "known": known})
        return frame.select(pl.when("known").then("camera").alias("camera"))["camera"]

    def group_twins(self, group: Indexes, groups: int) -> Indexes:
        """Per group the twin number of its only record, -1 for groups of several records."""
        sizes = np.bincount(group[group >= 0], minlength=groups)
        twins = np.full(max(groups, 1), -1, dtype=np.int64)
        alone = np.flatnonzero((group >= 0) & (self.twin >= 0))
        alone = alone[sizes[group[alone]] == 1]
        twins[group[alone]] = self.twin[alone]
        twins[: len(self.cameras)] = -1
        return twins


def _with_judged_camera(frame: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    same = judged.filter(pl.col("verdict") == "same").unique("position", keep="last", maintain_order=True)
    frame = frame.join(same.select("position", bound="camera"), on="position", how="left", maintain_order="left")
    apart = judged.filter(pl.col("verdict").is_in(["different", "unsure"])).select("position", "camera").unique()
    apart = apart.with_columns(parted=pl.lit(value=True))
    frame = frame.join(apart, on=["position", "camera"], how="left", maintain_order="left")
    kept = pl.when(pl.col("parted").is_null()).then(pl.col("camera"))
    return frame.with_columns(pl.coalesce(pl.col("bound"), kept).alias("camera"))


def _stages(frame: pl.DataFrame) -> Indexes:
    """When each record's list is taken: lists that tell most about their cameras first, then the longer."""

    def known(*names: str) -> pl.Expr:
        return pl.any_horizontal(pl.col(name).is_not_null() for name in names).mean()

    told = (
        3 * known("mac_code", "serial_code", "uuid_code") + 2 * (~pl.col("coarse")).fill_null(value=False).mean()
        + known("bearing") + known("street_code", "street_text") + 0.5 * known("model_code")
        + 0.5 * known("name_code") - pl.col("row_key").is_not_null().mean()
    )  # fmt: skip
    lists = frame.group_by("list_id").agg(told.round(2).alias("told"), pl.len().alias("rows"))
    lists = lists.sort(["told", "rows", "list_id"], descending=[True, True, False]).with_row_index("stage")
    joined = frame.join(lists.select("list_id", "stage"), on="list_id", how="left", maintain_order="left")
    return np.asarray(joined["stage"].to_numpy().astype(np.int64))


def _numbered(frame: pl.DataFrame, names: Sequence[str], needed: str) -> Indexes:
    """One number for equal values of the columns, -1 where the needed one is null."""
    rank = frame.select(pl.struct(names).rank("dense").cast(pl.Int64).alias("rank"))["rank"].to_numpy()
    return np.asarray(np.where(frame[needed].is_not_null().to_numpy(), rank, -1))


def _twins(frame: pl.DataFrame) -> Indexes:
    parts = frame.select("position", "list_id", "row_key", *_COMPARED).filter(pl.col("row_key").is_not_null())
    twins = np.full(frame.height, -1, dtype=np.int64)
    if parts.height:
        code = parts.select(pl.struct(pl.exclude("position")).hash(7).rank("dense").cast(pl.Int64).alias("twin"))
        twins[parts["position"].to_numpy()] = code["twin"].to_numpy()
    return twins


class Inside(NamedTuple):
    """Pairs of one list by position, left < right."""

    left: Indexes
    right: Indexes
    probability: Floats


class Towards(NamedTuple):
    """What each row has with each group: bits with all of its members, and the member that speaks loudest."""

    left: Indexes
    group: Indexes
    bits: Floats
    partner: Indexes


@dataclass(frozen=True, slots=True)
class Edges:
    """Scored pairs in both directions by position, sorted by the first; starts gives where each record's begin."""

    first: Indexes
    second: Indexes
    bits: Floats
    is_inside: Bools
    starts: Indexes

    @classmethod
    def of(cls, members: Members, pairs: pl.DataFrame) -> Self:
        """From pairs as `score_pairs` gives them; pairs of unknown records are left out."""
        ids = members.ids
        known = (
            pairs.filter(pl.col("left").is_in(ids.tolist()) & pl.col("right").is_in(ids.tolist()))
            if len(ids)
            else pairs.clear()
        )
        left = np.searchsorted(ids, known["left"].to_numpy())
        right = np.searchsorted(ids, known["right"].to_numpy())
        bits, inside = known["weight"].to_numpy(), known["inside"].to_numpy()
        first, second = np.concatenate([left, right]), np.concatenate([right, left])
        order = np.lexsort((second, first))
        first = first[order]
        return cls(
            first, second[order], np.tile(bits, 2)[order], np.tile(inside, 2)[order].astype(bool),
            np.searchsorted(first, np.arange(len(ids) + 1)),
        )  # fmt: skip

    def _of_rows(self, rows: Indexes) -> Indexes:
        """Positions of all edges that begin at these rows."""
        counts = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(counts)
        return np.repeat(self.starts[rows] - (ends - counts), counts) + np.arange(int(ends[-1]) if len(ends) else 0)

    def inside(self, rows: Indexes) -> Inside:
        """The pairs among these rows of one list."""
        edges = self._of_rows(rows)
        edges = edges[self.is_inside[edges] & (self.first[edges] < self.second[edges])]
        return Inside(self.first[edges], self.second[edges], 1.0 / (1.0 + np.exp2(-self.bits[edges])))

    def towards(
        self, rows: Indexes, leader: Indexes, followers: Mapping[int, Sequence[int]], group: Indexes, members: Members
    ) -> Towards:
        """What these open rows of one list have with each group that holds no row of that list.

        A group counts as its best member, less half of what speaks against it from the others, so that one bad value in
        one list neither makes nor hides a match. Pairs that a person called different are left out.
        """
        more = [followers[int(row)] for row in rows if int(row) in followers] if followers else []
        everyone = np.concatenate([rows, *more]) if more else rows
        edges = self._of_rows(everyone)
        edges = edges[group[self.second[edges]] >= 0]
        left, target = leader[self.first[edges]], group[self.second[edges]]
        allowed = ~self._occupied(rows, group, members)[target] if len(target) else np.zeros(0, dtype=bool)
        allowed &= ~members.is_forbidden(left, target)
        return _combined(left[allowed], target[allowed], self.bits[edges][allowed], self.second[edges][allowed])

    def _occupied(self, rows: Indexes, group: Indexes, members: Members) -> Bools:
        """Which groups already hold a row of the list that these rows are of."""
        same_list = np.flatnonzero((members.stage == members.stage[rows[0]]) & (group >= 0))
        occupied = np.zeros(int(group.max()) + 1, dtype=bool)
        occupied[group[same_list]] = True
        return occupied


def _combined(left: Indexes, group: Indexes, bits: Floats, member: Indexes) -> Towards:
    if not len(left):
        return Towards(left, group, bits, member)
    order = np.lexsort((member, -bits, group, left))
    left, group, bits, member = left[order], group[order], bits[order], member[order]
    new = np.r_[True, (left[1:] != left[:-1]) | (group[1:] != group[:-1])]
    starts = np.flatnonzero(new)
    against = np.where(new, 0.0, np.minimum(bits, 0.0))
    total = bits[starts] + np.maximum(AGAINST * np.add.reduceat(against, starts), AGAINST_FLOOR_BITS)
    return Towards(left[starts], group[starts], total, member[starts])
