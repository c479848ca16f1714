"""Records of lists through the real intake, without a database: files read, understood, cleaned."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from oblik.city.logic.gazetteer import Gazetteer
from oblik.city.logic.streets import Points
from oblik.city.logic.tables import understand_rows
from oblik.city.readers.delimited import rows_of
from oblik.demo.city import DemoCity, Profile, make_city
from oblik.demo.truth import all_pairs, read_truth, tellable_pairs
from oblik.intake.formats import read_sheets
from oblik.intake.logic.cleaning import clean_table
from oblik.intake.logic.shapes import CleanColumns, Table
from oblik.intake.logic.tables import understand


@dataclass(frozen=True)
class TrueRecords:
    """records as matching takes them; truth: record_id, list_id, camera (null unknown).

    same and tellable: left, right of all pairs that are one camera, and of those that a careful person could tell.
    """

    records: pl.DataFrame
    truth: pl.DataFrame
    same: pl.DataFrame
    tellable: pl.DataFrame


def gazetteer_of(tables: Sequence[Path]) -> Gazetteer:
    """The gazetteer of city files, as `oblik city load` would build it."""
    found = [understand_rows(rows_of(path.read_bytes(), name=path.name)) for path in tables]
    points = [point for table in found for point in table.points]
    columns = [
        [getattr(p, n) for p in points]
        for n in ("kind", "street", "house", "lat_deg", "lon_deg", "settlement", "district")
    ]
    return Gazetteer.build(Points(*columns), [rename for table in found for rename in table.renames])


def records_of_files(files: Sequence[tuple[Path, str]], gazetteer: Gazetteer | None) -> pl.DataFrame:
    """Cleaned records of (file, owner): file, sheet, row and part besides the columns of matching; broken rows too."""
    frames, first = [], 1
    for list_id, (path, owner) in enumerate(files, start=1):
        for sheet in read_sheets(path):
            table = understand(sheet)
            frame = _frame(table, clean_table(table, gazetteer=gazetteer))
            if sheet.hidden or frame.is_empty():
                continue
            ids = pl.int_range(first, first + frame.height, eager=True).alias("record_id")
            frames.append(frame.with_columns(ids, list_id=pl.lit(list_id), owner=pl.lit(owner), file=pl.lit(path.name)))
            first += frame.height
    return pl.concat(frames, how="diagonal_relaxed")


def _frame(table: Table, clean: CleanColumns) -> pl.DataFrame:
    numbers = [table.sheet.numbers[row] for row in clean.row]
    columns = {name: pl.Series(name, values, strict=False) for name, values in clean.values.items()}
    return pl.DataFrame(
        {"sheet": [table.sheet.name] * len(clean), "row": numbers, "part": clean.part, "parts": clean.parts} | columns
    )


def records_of_demo(*, seed: int, cameras: int, profile: Profile) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records and truth of a demo city."""
    found = true_records_of_demo(seed=seed, cameras=cameras, profile=profile)
    return found.records, found.truth


def true_records_of_demo(
    *, seed: int, cameras: int = 3_500, mess: float = 1.0, profile: Profile = "default"
) -> TrueRecords:
    """Makes a demo city in a temporary folder, reads it and joins the truth."""
    with tempfile.TemporaryDirectory() as folder:
        city = make_city(Path(folder), seed=seed, cameras=cameras, mess=mess, profile=profile)
        return records_of_city(city)


def records_of_city(city: DemoCity) -> TrueRecords:
    """The records of a made city with their truth; rows that the truth calls no camera keep none."""
    records = records_of_files([(file.path, file.owner) for file in city.files], gazetteer_of(city.tables))
    truth = read_truth(city.directory)
    keys = pl.DataFrame(
        [(r.file, r.sheet, r.row, r.part, r.camera) for r in truth.rows if r.camera],
        schema=["file", "sheet", "row", "part", "camera"], orient="row",
    )  # fmt: skip
    keys = keys.with_columns(_sheet())
    by_key = _keyed(records).join(keys, on=["file", "sheet", "row", "part"], how="left", maintain_order="left")
    lost = keys.join(_keyed(records), on=["file", "sheet", "row", "part"], how="anti")
    if lost.height:
        print(f"{lost.height} true rows without a record, such as {lost.head(3).rows()}")
    known = by_key.filter(pl.col("camera").is_not_null())
    ids = {(f, s, r, p): i for f, s, r, p, i in known.select("file", "sheet", "row", "part", "record_id").iter_rows()}

    def paired(pairs: set) -> pl.DataFrame:
        plain = [(_plain_key(a), _plain_key(b)) for a, b in pairs]
        rows = [tuple(sorted((ids[a], ids[b]))) for a, b in plain if a in ids and b in ids]
        return pl.DataFrame(rows, schema={"left": pl.Int64, "right": pl.Int64}, orient="row").unique()

    return TrueRecords(
        records,
        by_key.select("record_id", "list_id", "camera"),
        paired(all_pairs(truth)),
        paired(tellable_pairs(truth)),
    )


def _sheet() -> pl.Expr:
    """The sheet where a file has several; elsewhere a reader may name its only table as it likes."""
    workbook = pl.col("file").str.contains(r"\.(?:xlsx|xls|ods)$")
    return pl.when(workbook).then(pl.col("sheet")).otherwise(pl.lit("")).alias("sheet")


def _plain_key(key: tuple[str, str, int, int]) -> tuple[str, str, int, int]:
    file, sheet, row, part = key
    return file, sheet if file.endswith((".xlsx", ".xls", ".ods")) else "", row, part


def _keyed(records: pl.DataFrame) -> pl.DataFrame:
    return records.select(
        "record_id", "list_id", "file", _sheet(), pl.col("row").cast(pl.Int64), pl.col("part").cast(pl.Int64)
    )
