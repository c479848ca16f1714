"""Loading the city's own tables: address points and renamed streets."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput, UnreadableFile, msg
from oblik.city.logic.tables import CityTable, Skipped, understand_rows
from oblik.city.models import AddressPoint, LoadedFile, StreetRename
from oblik.city.readers.delimited import rows_of
from oblik.db.bulk import insert_rows
from oblik.journal.actions import record

_POINT = (
    "file_id", "kind", "street", "house", "street_key", "house_key", "settlement", "district", "lon_deg", "lat_deg",
)  # fmt: skip
_RENAME = (
    "file_id", "kind_old", "kind_new", "old_uk", "new_uk", "old_ru", "new_ru", "settlement", "decided_on", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of one file: every row below the header is loaded, a repetition, or in skipped.

    known: this very content is loaded already, nothing was changed. replaced: rows of an older file with the same name
    went out. repeated: rows that only repeat a rename of the same file, or bring nothing besides.
    """

    file: str
    kind: str
    rows: int
    points: int
    renames: int
    skipped: tuple[Skipped, ...] = ()
    known: bool = False
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    name: str
    sha256: str
    table: CityTable


def load_files(paths: Sequence[Path], *, by: Actor, at: datetime) -> list[LoadReport]:
    """Loads all files or none; one report per file, in order.

    The same content again changes nothing. A file named like an older one replaces that one's rows; files with other
    names add to what is there. UnreadableFile or InvalidInput name the file that cannot be used.
    """
    read = [_read(path) for path in paths]
    with transaction.atomic():
        return [_store(one, by=by, at=at) for one in read]


def _read(path: Path) -> _Read:
    try:
        content = path.read_bytes()
    except OSError as wrong:
        raise UnreadableFile(
            msg("{file} cannot be opened ({why}); check the path and the rights."), file=str(path), why=wrong.strerror
        ) from wrong
    table = understand_rows(rows_of(content, name=path.name))
    if table.kind == "unknown":
        raise InvalidInput(
            msg(
                "{file}: the first line names neither address points (kind, street, house, lat, lon) nor renamed "
                "streets (kind_old, kind_new, old_uk, new_uk, old_ru, new_ru); put these names into it."
            ),
            code="unknown_city_table",
            file=path.name,
        )
    return _Read(path.name[-255:], hashlib.sha256(content).hexdigest(), table)


def _store(read: _Read, *, by: Actor, at: datetime) -> LoadReport:
    table = read.table
    if LoadedFile.objects.filter(sha256=read.sha256, replaced_at=None).exists():
        return LoadReport(read.name, table.kind, table.rows, 0, 0, tuple(table.skipped), known=True)
    older = LoadedFile.objects.filter(name=read.name, replaced_at=None).first()
    if older:
        older.points.all().delete()
        older.renames.all().delete()
        older.replaced_at = at
        older.save(update_fields=["replaced_at"])
    loaded = LoadedFile.objects.create(
        sha256=read.sha256, name=read.name, kind=table.kind, rows=table.rows, loaded_at=at, loaded_by=str(by)
    )
    insert_rows(AddressPoint, columns=_POINT, rows=_point_rows(loaded.pk, table))
    insert_rows(StreetRename, columns=_RENAME, rows=_rename_rows(loaded.pk, table))
    report = LoadReport(
        read.name, table.kind, table.rows, len(table.points), len(table.renames), tuple(table.skipped),
        replaced=older is not None,
    )  # fmt: skip
    details = {
        "file": read.name,
        "sha256": read.sha256,
        "rows": report.rows,
        "points": report.points,
        "renames": report.renames,
        "skipped": len(report.skipped),
        "replaces": older.pk if older else None,
    }
    record(subject=f"city:{loaded.pk}", what="loaded", by=by, at=at, details=details)
    return report


def _point_rows(file: int, table: CityTable) -> Iterator[tuple[object, ...]]:
    for p in table.points:
        yield (
            file, p.kind, p.street, p.house, p.street_key, p.house_key, p.settlement, p.district, p.lon_deg, p.lat_deg
        )  # fmt: skip


def _rename_rows(file: int, table: CityTable) -> Iterator[tuple[object, ...]]:
    for rename, source in zip(table.renames, table.sources, strict=True):
        yield (file, *rename[:6], rename.settlement, rename.decided_on, source)
