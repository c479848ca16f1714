"""The arithmetic of a count: each record received is a camera, a duplicate, broken or waiting, per owner and in all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from oblik.base.errors import InvalidInput, OblikError, msg

Category = Literal["camera", "duplicate", "broken", "waiting", "not_a_camera", "replaced"]
COUNTED: Final[tuple[Category, ...]] = ("camera", "duplicate", "broken", "waiting")
CATEGORIES: Final[tuple[Category, ...]] = (*COUNTED, "not_a_camera", "replaced")

# One line per record, as intake.queries.campaign_rows gives it.
ROWS_SCHEMA: Final = {
    "submission": pl.Int64,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "part": pl.Int64,
    "owner": pl.String,
    "current": pl.Boolean,
    "verdict": pl.String,
    "decision": pl.String,
    "camera": pl.String,
    "probability": pl.Float64,
}
_ROW: Final = ("submission", "sheet", "row")
_RECORD: Final = (*_ROW, "part")
_DECIDED: Final = ("matched", "judged", "new")


class FiguresError(OblikError):
    """Records received differ from the sum of their categories."""

    code = "figures_do_not_close"


@dataclass(frozen=True, slots=True)
class OwnerFigures:
    """One owner's current lists, counted in records (one record is one camera that a row speaks of).

    rows: rows received; extra: further records of rows that stand for several cameras. cameras: distinct cameras of the
    owner's lists, `shared` of which stand in another owner's list too. duplicates: records about a camera that the
    owner's lists already hold. not_cameras (titles, totals, legends) and replaced (records of lists that a newer one
    replaced) are reported beside the sum, not in it.
    """

    owner: str
    rows: int = 0
    extra: int = 0
    cameras: int = 0
    duplicates: int = 0
    broken: int = 0
    waiting: int = 0
    shared: int = 0
    not_cameras: int = 0
    replaced: int = 0

    @property
    def received(self) -> int:
        """Records received: rows and the extra cameras of rows that stand for several."""
        return self.rows + self.extra

    @property
    def difference(self) -> int:
        """Records received less those accounted for; 0 when the figures close."""
        return self.received - (self.cameras + self.duplicates + self.broken + self.waiting)


@dataclass(frozen=True, slots=True)
class TotalFigures:
    """All owners together: cameras are distinct in the city, repeats are cameras already counted in another's list."""

    rows: int = 0
    extra: int = 0
    cameras: int = 0
    duplicates_inside: int = 0
    repeats_between: int = 0
    broken: int = 0
    waiting: int = 0
    not_cameras: int = 0
    replaced: int = 0

    @property
    def received(self) -> int:
        """Records received: rows and the extra cameras of rows that stand for several."""
        return self.rows + self.extra

    @property
    def duplicates(self) -> int:
        """Duplicates inside lists and repeats between lists."""
        return self.duplicates_inside + self.repeats_between

    @property
    def difference(self) -> int:
        """Records received less those accounted for; 0 when the figures close."""
        return self.received - (self.cameras + self.duplicates + self.broken + self.waiting)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one campaign: per owner in the order of owner codes, and in all."""

    owners: tuple[OwnerFigures, ...] = ()
    total: TotalFigures = field(default_factory=TotalFigures)


def classified(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, one line per record, with `category` (CATEGORIES), `category_in_all` and `shared` added.

    rows: columns of ROWS_SCHEMA. A record waiting for review may have one line per proposed camera; its first line
    counts and its camera is emptied, since none is decided. A record without a decision, or decided without a camera,
    is waiting. Among an owner's current records of one camera the first in order of owner, submission, sheet, row, part
    is the camera and the others are duplicates; `category_in_all` says the same over all owners, with "repeat" for a
    camera that an earlier owner's list holds. Empty gives empty. InvalidInput where a record is decided twice.
    """
    rows = _one_line_per_record(rows)
    named = pl.col("decision").is_in(_DECIDED) & pl.col("camera").is_not_null()
    basis = (
        pl.when(~pl.col("current"))
        .then(pl.lit("replaced"))
        .when(pl.col("decision") == "not_a_camera")
        .then(pl.lit("not_a_camera"))
        .when(pl.col("decision") == "broken")
        .then(pl.lit("broken"))
        .when(pl.col("decision") == "duplicate")
        .then(pl.lit("duplicate"))
        .when(named)
        .then(pl.lit("camera"))
        .otherwise(pl.lit("waiting"))
    )
    rows = rows.with_columns(category=basis)
    is_camera = pl.col("category") == "camera"
    rows = rows.with_columns(
        nth_here=is_camera.cast(pl.Int64).cum_sum().over("owner", "camera", "category"),
        nth_in_all=is_camera.cast(pl.Int64).cum_sum().over("camera", "category"),
        owners=pl.when(is_camera).then(pl.col("owner").n_unique().over("camera", "category")).otherwise(0),
    )
    rows = rows.with_columns(
        category=pl.when(is_camera & (pl.col("nth_here") > 1)).then(pl.lit("duplicate")).otherwise("category"),
        shared=is_camera & (pl.col("nth_here") == 1) & (pl.col("owners") > 1),
    )
    return rows.with_columns(
        category_in_all=pl.when(is_camera & (pl.col("nth_in_all") > 1))
        .then(pl.lit("repeat"))
        .otherwise(pl.col("category")),
    ).drop("nth_here", "nth_in_all", "owners")


def figures_of(rows: pl.DataFrame, *, received: Mapping[str, int] | None = None) -> Figures:
    """The figures of classified rows; checked to close before they are returned.

    received: owner -> data rows received according to the store of raw rows, an independent count; where it is given it
    replaces the count of rows found here, so that a row lost between the two is noticed. FiguresError then.
    """
    per_owner = [
        _owner_figures(owner, part, received=received)
        for (owner,), part in sorted(rows.partition_by("owner", as_dict=True).items(), key=lambda item: str(item[0][0]))
    ]
    missing = sorted(set(received or {}) - {line.owner for line in per_owner})
    per_owner += [OwnerFigures(owner=owner, rows=(received or {})[owner]) for owner in missing]
    figures = Figures(owners=tuple(sorted(per_owner, key=lambda line: line.owner)), total=_total(rows, per_owner))
    check_closes(figures)
    return figures


def check_closes(figures: Figures) -> None:
    """Nothing when the figures close exactly; FiguresError naming each owner and its difference otherwise."""
    wrong = [f"{line.owner}: {line.difference:+d}" for line in figures.owners if line.difference]
    total = figures.total
    if not wrong and total.difference:
        wrong.append(f"Σ: {total.difference:+d}")
    if not wrong and total.received != sum(line.received for line in figures.owners):
        wrong.append(f"Σ: {total.received - sum(line.received for line in figures.owners):+d}")
    if wrong:
        raise FiguresError(
            msg("The figures do not close, records received less records accounted for: {owners}."),
            owners=", ".join(wrong),
        )


def _one_line_per_record(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in their lasting order, proposals for one record folded into its first line."""
    absent = [name for name in ROWS_SCHEMA if name not in rows.columns]
    if absent:
        raise InvalidInput(msg("The rows of the campaign lack the columns {columns}."), columns=", ".join(absent))
    extras = [name for name in rows.columns if name not in ROWS_SCHEMA]
    rows = rows.select(*(pl.col(name).cast(dtype) for name, dtype in ROWS_SCHEMA.items()), *extras)
    review = (pl.col("decision") == "review").fill_null(False)
    twice = rows.filter(~review.all().over(_RECORD) & (pl.len().over(_RECORD) > 1))
    if twice.height:
        first = twice.row(0, named=True)
        raise InvalidInput(
            msg("Row {row} of sheet “{sheet}” in {file} is decided more than once."),
            row=first["row"],
            sheet=first["sheet"] or "",
            file=first["file"],
        )
    rows = rows.unique(subset=_RECORD, keep="first", maintain_order=True)
    rows = rows.with_columns(camera=pl.when(review).then(None).otherwise(pl.col("camera")))
    return rows.sort("owner", *_RECORD, nulls_last=True)


def _owner_figures(owner: object, rows: pl.DataFrame, *, received: Mapping[str, int] | None) -> OwnerFigures:
    counts = dict(rows.group_by("category").len().iter_rows())
    counted = rows.filter(pl.col("category").is_in(COUNTED))
    found = counted.n_unique(subset=_ROW) if counted.height else 0
    name = str(owner)
    return OwnerFigures(
        owner=name,
        rows=found if received is None else received.get(name, 0),
        extra=counted.height - found,
        cameras=counts.get("camera", 0),
        duplicates=counts.get("duplicate", 0),
        broken=counts.get("broken", 0),
        waiting=counts.get("waiting", 0),
        shared=int(rows["shared"].sum()),
        not_cameras=counts.get("not_a_camera", 0),
        replaced=counts.get("replaced", 0),
    )


def _total(rows: pl.DataFrame, owners: list[OwnerFigures]) -> TotalFigures:
    counts = dict(rows.group_by("category_in_all").len().iter_rows())
    return TotalFigures(
        rows=sum(line.rows for line in owners),
        extra=sum(line.extra for line in owners),
        cameras=rows.filter(pl.col("category") == "camera")["camera"].n_unique() if rows.height else 0,
        duplicates_inside=counts.get("duplicate", 0),
        repeats_between=counts.get("repeat", 0),
        broken=counts.get("broken", 0),
        waiting=counts.get("waiting", 0),
        not_cameras=counts.get("not_a_camera", 0),
        replaced=counts.get("replaced", 0),
    )
