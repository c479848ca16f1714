"""Writes what a map file holds: what is new goes in, what vanished or changed is ended, the rest is left alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

import numpy as np
import shapely
from django.db.models import QuerySet

from oblik.city.layers import REACH_M
from oblik.city.logic.addresses import split_kind
from oblik.city.logic.cells import M_PER_DEG, Floats, Integers, cells_of
from oblik.city.logic.changes import Standing, digest
from oblik.city.logic.names import house_key, street_key
from oblik.city.logic.things import LAYERS, Address, Thing
from oblik.city.models import AddressPoint, Feature, LoadedFile
from oblik.db.bulk import insert_rows, instant, update_rows

_BATCH: Final = 5_000
_LONGEST_HOUSE: Final = 40
_FEATURE: Final = (
    "file_id", "source_id", "layer", "ref", "digest", "kind", "name", "names", "height_m", "height_origin", "wkb",
    "cell", "since_at",
)  # fmt: skip
_POINT: Final = (
    "file_id", "source_id", "digest", "since_at", "kind", "street", "house", "street_key", "house_key", "settlement",
    "district", "lon_deg", "lat_deg",
)  # fmt: skip


@dataclass(slots=True)
class Stored:
    """Counts of one load by layer ("address" among them): added, changed, unchanged, ended (vanished)."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All that the file holds."""
        return sum(sum(counts.values()) for counts in (self.added, self.changed, self.unchanged))

    def note(self, layer: str, standing: Standing, *, ended: int) -> None:
        """Takes over the counts of one layer; zeros are left out."""
        for where, count in (
            (self.added, standing.added),
            (self.changed, standing.changed),
            (self.unchanged, standing.unchanged),
            (self.ended, ended),
        ):
            if count:
                where[layer] = count


def store_things(
    things: Iterable[Thing | Address], *, file: LoadedFile, at: datetime, first: bool, layers: Sequence[str] = ()
) -> Stored:
    """Writes all things of one file and ends what its source no longer holds. Call inside the load's transaction.

    first: the source's first file, whose things stood already. layers: only these may end ("address" among them); none
    named means all.
    """
    writer = _Writer(file, since=None if first else instant(at), until=instant(at))
    iterator = iter(things)
    while batch := list(islice(iterator, _BATCH)):
        writer.write_things([one for one in batch if isinstance(one, Thing)])
        writer.write_addresses([one for one in batch if isinstance(one, Address)])
    return writer.finish(layers)


class _Writer:
    def __init__(self, file: LoadedFile, *, since: object, until: object) -> None:
        self._file, self._since, self._until = file, since, until
        features = Feature.objects.filter(source=file.source_id)
        self._standing = {layer: _standing(features.filter(layer=layer), "ref") for layer in LAYERS}
        self._addressed = _standing(AddressPoint.objects.filter(source=file.source_id), "digest")
        self._repeats: Counter[int] = Counter()
        self._keys: dict[str, tuple[str, str, str]] = {}

    def write_things(self, things: list[Thing]) -> None:
        for layer in LAYERS:
            some = [thing for thing in things if thing.layer == layer]
            digests = [digest(t.kind, t.name, t.names, t.height_m, t.height_origin, t.wkb) for t in some]
            write, end = self._standing[layer].fresh([t.ref for t in some], digests)
            self._end(Feature, end)
            rows = self._rows([some[i] for i in write], [digests[i] for i in write])
            insert_rows(Feature, columns=_FEATURE, rows=rows)

    def _rows(self, things: list[Thing], digests: list[int]) -> Iterator[tuple[object, ...]]:
        shapes = shapely.from_wkb([thing.wkb for thing in things])
        places = np.array([thing.layer == "place" for thing in things], dtype=bool)
        shapes[places] = shapely.point_on_surface(shapes[places])
        cells = _home_cells(shapely.bounds(shapes).reshape(-1, 4))
        wkbs = shapely.to_wkb(shapes)
        for t, mark, cell, wkb, empty in zip(things, digests, cells, wkbs, shapely.is_empty(shapes), strict=True):
            if not empty:
                yield (
                    self._file.pk, self._file.source_id, t.layer, t.ref, mark, t.kind, t.name, t.names, t.height_m,
                    t.height_origin, wkb, int(cell), self._since,
                )  # fmt: skip

    def write_addresses(self, addresses: list[Address]) -> None:
        if not addresses:
            return
        spots = shapely.point_on_surface(shapely.from_wkb([one.wkb for one in addresses]))
        lon, lat = shapely.get_x(spots), shapely.get_y(spots)
        rows, digests = [], []
        for one, x, y in zip(addresses, lon, lat, strict=True):
            kind, street, key = self._street(one.street)
            house = house_key(one.house)
            if key and house and np.isfinite(x) and len(house) <= _LONGEST_HOUSE:
                row = (
                    kind, street, one.house[:_LONGEST_HOUSE], key, house, one.settlement, one.district,
                    round(float(x), 7), round(float(y), 7),
                )  # fmt: skip
                mark = digest(*row)
                self._repeats[mark] += 1  # two doors of one number at one place stay two
                digests.append(digest(mark, self._repeats[mark]))
                rows.append(row)
        write, _ = self._addressed.fresh(digests, digests)
        head = self._file.pk, self._file.source_id
        points = ((*head, digests[i], self._since, *rows[i]) for i in write)
        insert_rows(AddressPoint, columns=_POINT, rows=points)

    def _street(self, written: str) -> tuple[str, str, str]:
        if written not in self._keys:
            kind, name = split_kind("", written)
            self._keys[written] = kind, name[:200], street_key(kind, name)[:900]
        return self._keys[written]

    def finish(self, layers: Sequence[str]) -> Stored:
        """Ends what vanished."""
        stored = Stored()
        for layer, standing in [*self._standing.items(), ("address", self._addressed)]:
            vanished = standing.vanished() if not layers or layer in layers else []
            self._end(AddressPoint if layer == "address" else Feature, vanished)
            stored.note(layer, standing, ended=len(vanished))
        return stored

    def _end(self, model: type[Feature] | type[AddressPoint], ids: list[int]) -> None:
        if ids:
            update_rows(model, columns=("until_at",), rows=((self._until, one) for one in ids))


def _home_cells(bounds: Floats) -> Integers:
    """The cell of the middle of each box; 0 for boxes that reach further than REACH_M from it."""
    west, south, east, north = bounds.T
    lat = (south + north) / 2
    across_m = (east - west) / 2 * np.cos(np.radians(lat)) * M_PER_DEG
    near = np.maximum(across_m, (north - south) / 2 * M_PER_DEG) <= REACH_M
    return np.where(near, cells_of((west + east) / 2, lat), 0)


def _standing(rows: "QuerySet[Any]", ref: str) -> Standing:
    found = list(rows.filter(until_at=None).values_list("id", ref, "digest").iterator(chunk_size=50_000))
    ids, refs, digests = zip(*found, strict=True) if found else ((), (), ())
    return Standing(ids, refs, digests)
