"""An OpenStreetMap extract (.osm.pbf, .osm) as things and addresses, one after the other, without holding it whole."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import osmium
import osmium.osm

from oblik.base.errors import UnreadableFile, msg
from oblik.city.logic.things import AREA_KEYS, Address, Thing, address_of, things_of

_LARGE_BYTES: Final = 400_000_000  # from here on the places of nodes are kept in a file instead of memory
_WANTED: Final = (*AREA_KEYS, "highway", "addr:housenumber")
_NODE, _WAY, _RELATION = 0, 1, 2


def read(path: Path, *, storey_m: float) -> Iterator[Thing | Address]:
    """All things and addresses of an extract; relations come as one area. UnreadableFile where it breaks off."""
    with tempfile.TemporaryDirectory(prefix="oblik-nodes-") as folder:
        large = path.stat().st_size > _LARGE_BYTES
        storage = f"sparse_file_array,{folder}/nodes" if large else "flex_mem"
        try:
            orderly = path if path.name.endswith(".pbf") else _sorted(path, Path(folder))
            yield from _objects(orderly, storage=storage, storey_m=storey_m)
        except (RuntimeError, osmium.InvalidLocationError) as wrong:
            raise UnreadableFile(
                msg("{file} breaks off or is no OpenStreetMap extract ({why}); download it again."),
                file=path.name,
                why=str(wrong),
            ) from wrong


def _sorted(path: Path, folder: Path) -> Path:
    """The same extract in the order of its numbers: editors save what was drawn last at the end."""
    found = folder / "sorted.osm.pbf"
    reader = osmium.MergeInputReader()
    reader.add_file(str(path))
    with osmium.SimpleWriter(str(found)) as writer:
        reader.apply(writer)
    return found


def made_at(path: Path) -> datetime | None:
    """The instant of the map that the extract shows, as its header says; None where it does not."""
    said = _said(path, "osmosis_replication_timestamp")
    try:
        return datetime.fromisoformat(said) if said else None
    except ValueError:
        return None


def generator(path: Path) -> str:
    """The program that wrote the extract, "" where it does not say."""
    return _said(path, "generator")


def _said(path: Path, word: str) -> str:
    try:
        return str(osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING).header().get(word))
    except RuntimeError:
        return ""  # no extract, as reading it will tell


def _objects(path: Path, *, storage: str, storey_m: float) -> Iterator[Thing | Address]:
    writer = osmium.geom.WKBFactory()
    # Closed ways come once more as areas; as lines only streets and streams are wanted.
    lines = osmium.filter.KeyFilter("highway", "waterway")
    lines.enable_for(osmium.osm.WAY)
    objects = (
        osmium.FileProcessor(str(path))
        .with_locations(storage)
        .with_areas(osmium.filter.KeyFilter(*AREA_KEYS, "addr:housenumber"))
        .with_filter(osmium.filter.KeyFilter(*_WANTED))
        .with_filter(lines)
    )
    one: Any  # a node, way, relation or area, told apart below
    make: Any
    for one in objects:
        if one.is_node():
            shape, ref, make = "point", one.id * 4 + _NODE, writer.create_point
        elif one.is_way():
            shape, ref, make = "line", one.id * 4 + _WAY, writer.create_linestring
        elif one.is_area():
            shape, ref, make = (
                "area",
                one.orig_id() * 4 + (_WAY if one.from_way() else _RELATION),
                writer.create_multipolygon,
            )
        else:
            continue
        yield from _of(one, shape=shape, ref=ref, make=make, storey_m=storey_m)


def _of(one: Any, *, shape: Any, ref: int, make: Any, storey_m: float) -> Iterator[Thing | Address]:
    tags = dict(one.tags)
    addressed = shape != "line" and "addr:housenumber" in tags
    try:
        wkb = bytes.fromhex(make(one))
    except (RuntimeError, osmium.InvalidLocationError):
        return  # A way whose nodes lie outside the extract has no shape here.
    yield from things_of(tags, shape=shape, ref=ref, wkb=wkb, storey_m=storey_m)
    if addressed:
        address = address_of(tags, wkb=wkb)
        if address:
            yield address
