"""Loading the city: tables of address points and renamed streets, maps of what stands in it."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, UnreadableFile, msg
from oblik.city.drawing import Drawn, draw
from oblik.city.formats import credit_of, day_shown, form_of, read_map, source_name
from oblik.city.logic.heights import STOREY_M
from oblik.city.logic.tables import CityTable, Skipped, understand_rows
from oblik.city.models import AddressPoint, LoadedFile, Source, StreetRename
from oblik.city.queries import terrain_file
from oblik.city.readers import terrain
from oblik.city.readers.delimited import rows_of
from oblik.city.storing import Stored, store_things
from oblik.db.bulk import insert_rows, instant
from oblik.journal.actions import gathered, record

_POINT = (
    "file_id", "kind", "street", "house", "street_key", "house_key", "settlement", "district", "lon_deg", "lat_deg",
    "digest", "since_at",
)  # fmt: skip
_RENAME = (
    "file_id", "kind_old", "kind_new", "old_uk", "new_uk", "old_ru", "new_ru", "settlement", "decided_on", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How a map is read. layer: what a plain file of shapes holds, "" to be guessed; source: whom it replaces, "" the
    file's name without its date; stands_at: the day it shows, None what its header says, else that of loading."""

    layer: str = ""
    source: str = ""
    stands_at: datetime | None = None
    storey_m: float = STOREY_M


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of one file: every row below the header is loaded, a repetition, or in skipped.

    known: this very content is loaded already, nothing was changed. replaced: an older file of the same name or source
    gave way. repeated: rows that only repeat a rename of the same file, or bring nothing besides. stored: of a map, how
    much was added, changed, left and ended by layer.
    """

    file: str
    kind: str
    rows: int
    points: int = 0
    renames: int = 0
    skipped: tuple[Skipped, ...] = ()
    known: bool = False
    replaced: bool = False
    source: str = ""
    stored: Stored | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    name: str
    sha256: str
    table: CityTable


def load_files(paths: Sequence[Path], *, by: Actor, at: datetime, options: Options | None = None) -> list[LoadReport]:
    """Loads all files or none; one report per file, in order.

    The same content again changes nothing. A table named like an older one replaces that one's rows; tables with other
    names add to what is there. A newer map of the same source ends what it no longer holds and leaves what is the same.
    UnreadableFile or InvalidInput name the file that cannot be used.
    """
    options = options or Options()
    for path in paths:
        _must_open(path)
    read = {path: _read(path) for path in paths if form_of(path.name) == "table"}
    with transaction.atomic(), gathered():
        return [
            _store(read[path], by=by, at=at) if path in read else _store_map(path, options, by=by, at=at)
            for path in paths
        ]


def _must_open(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as wrong:
        raise UnreadableFile(
            msg("{file} cannot be opened ({why}); check the path and the rights."), file=str(path), why=wrong.strerror
        ) from wrong


def _read(path: Path) -> _Read:
    content = path.read_bytes()
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
        return LoadReport(read.name, table.kind, table.rows, skipped=tuple(table.skipped), known=True)
    older = LoadedFile.objects.filter(name=read.name, source=None, replaced_at=None).first()
    if older:
        older.points.filter(until_at=None).update(until_at=at)
        older.replaced_at = at
        older.save(update_fields=["replaced_at"])
    loaded = LoadedFile.objects.create(
        sha256=read.sha256, name=read.name, kind=table.kind, rows=table.rows, loaded_at=at, loaded_by=str(by)
    )
    insert_rows(
        AddressPoint, columns=_POINT, rows=_point_rows(loaded.pk, table, None if older is None else instant(at))
    )
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


def _store_map(path: Path, options: Options, *, by: Actor, at: datetime) -> LoadReport:
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    name = path.name[-255:]
    kind = "terrain" if options.layer == "terrain" or form_of(name) == "terrain" else "map"
    known = LoadedFile.objects.filter(sha256=sha256, replaced_at=None).first()
    if known:
        return LoadReport(name, kind, known.rows, known=True)
    credit = {"credit": credit_of(path)}
    source, _ = Source.objects.update_or_create(name=options.source or source_name(name), defaults=credit)
    older = LoadedFile.objects.filter(source=source, replaced_at=None).first()
    stands_at = options.stands_at or day_shown(path) or at
    if older and older.stands_at and stands_at < older.stands_at:
        raise Conflict(
            msg(
                "{file} shows {day}, older than what is loaded of {source} ({newer}); load a newer one or name another "
                "source."
            ),
            file=name, day=stands_at.date(), source=source.name, newer=older.stands_at.date(),
        )  # fmt: skip
    if older:
        older.replaced_at = at
        older.save(update_fields=["replaced_at"])
    loaded = LoadedFile.objects.create(
        sha256=sha256,
        name=name,
        kind=kind,
        rows=0,
        loaded_at=at,
        loaded_by=str(by),
        source=source,
        stands_at=stands_at,
    )
    if kind == "terrain":
        loaded.rows = _keep_terrain(path, sha256)
        stored = Stored(added={"terrain": loaded.rows})
    else:
        things = read_map(path, layer=options.layer, storey_m=options.storey_m)
        stored = store_things(things, file=loaded, at=stands_at, first=older is None)
        loaded.rows = stored.total
    loaded.save(update_fields=["rows"])
    details = {
        "file": name,
        "sha256": sha256,
        "source": source.name,
        **asdict(stored),
        "replaces": older.pk if older else None,
    }
    record(subject=f"city:{loaded.pk}", what="loaded", by=by, at=at, details=details)
    return LoadReport(name, kind, loaded.rows, replaced=older is not None, source=source.name, stored=stored)


def draw_base_map(*, by: Actor, at: datetime) -> Drawn:
    """Draws the base map of what is loaded; Conflict where nothing is, DrawingFailed where the disk is full."""
    drawn = draw()
    with transaction.atomic():
        details = {"file": drawn.file.name, "bytes": drawn.bytes, **drawn.features}
        record(subject="city:base-map", what="drawn", by=by, at=at, details=details)
    return drawn


def _keep_terrain(path: Path, sha256: str) -> int:
    """Puts the raster where `queries.elevation_m` looks for it; rows and columns multiplied."""
    columns, rows, _ = terrain.described(path)
    kept = terrain_file(sha256)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, kept)
    return columns * rows


def _point_rows(file: int, table: CityTable, since: object) -> Iterator[tuple[object, ...]]:
    for p in table.points:
        yield (
            file, p.kind, p.street, p.house, p.street_key, p.house_key, p.settlement, p.district, p.lon_deg, p.lat_deg,
            0, since,
        )  # fmt: skip


def _rename_rows(file: int, table: CityTable) -> Iterator[tuple[object, ...]]:
    for rename, source in zip(table.renames, table.sources, strict=True):
        yield (file, *rename[:6], rename.settlement, rename.decided_on, source)
