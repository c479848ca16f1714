"""What is known of the city: the gazetteer for addresses, what stands on its map, and how much is loaded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from django.db.models import Count

from oblik.city.layers import Box, Buildings, Shapes, read_buildings, read_shapes
from oblik.city.logic.cells import Floats
from oblik.city.logic.gazetteer import Gazetteer, Resolved
from oblik.city.logic.landmarks import Spots
from oblik.city.logic.roads import StreetLines
from oblik.city.logic.streets import Points, Rename
from oblik.city.models import AddressPoint, Feature, LoadedFile, Source, StreetRename
from oblik.city.readers import terrain

DWELLINGS: Final = frozenset(
    {"apartments", "house", "detached", "semidetached_house", "terrace", "residential", "dormitory", "bungalow"}
)
_State = tuple[object, ...]
_built: dict[str, tuple[_State, Gazetteer]] = {}
_building: Final = Lock()


@dataclass(frozen=True, slots=True)
class CityFile:
    """A file whose rows are in use."""

    name: str
    kind: str
    rows: int
    loaded_at: datetime
    loaded_by: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of the city is loaded; streets as the gazetteer knows them."""

    points: int
    renames: int
    streets: int
    files: int


def gazetteer() -> Gazetteer:
    """The gazetteer of all loaded files, built once per process and again after a load; empty before the first one."""
    name = str(connection.settings_dict["NAME"])
    with _building:
        state = _state()
        known = _built.get(name)
        if known is None or known[0] != state:
            known = (state, _build())
            _built[name] = known
        return known[1]


def _state() -> _State:
    """Changes with each load: a rolled-back load may give its number to the next one, so the content counts too."""
    newest = LoadedFile.objects.order_by("-id").values_list("id", "sha256", "loaded_at").first()
    return tuple(newest or ())


def _build() -> Gazetteer:
    fields = ("kind", "street", "house", "lat_deg", "lon_deg", "settlement", "district")
    rows = _once(AddressPoint.objects.filter(until_at=None).order_by("id").values_list(*fields).iterator())
    renames = (
        StreetRename.objects.filter(file__replaced_at=None)
        .order_by("id")
        .values_list("kind_old", "kind_new", "old_uk", "new_uk", "old_ru", "new_ru", "settlement", "decided_on")
    )
    points = Points(*zip(*rows, strict=True)) if rows else Points()
    named = read_shapes("street", at=None, named=True)
    lines = StreetLines([str(name) for name in named.name], named.names, list(named.geometry))
    return Gazetteer.build(points, [Rename(*row) for row in renames], lines=lines, spots=_spots())


def _once(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A point that a table and a map both hold counts once, with the district that one of them knows."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in rows:
        known = found.setdefault(row[:5], row)
        if known is not row:
            merged = tuple(one or other for one, other in zip(known[5:], row[5:], strict=True))
            found[row[:5]] = (*row[:5], *merged)
    return list(found.values())


def _spots() -> Spots:
    found = read_shapes("place", at=None, named=True)
    parks = read_shapes("green", at=None, named=True)
    houses = read_shapes("building", at=None, named=True)
    kinds = [*found.kind, *["park"] * len(parks), *["building"] * len(houses)]
    names = [
        [str(name), *(value for key, value in others.items() if isinstance(value, str) and key != "ref")]
        + [old for key in ("old", "alt") for old in others.get(key, ())]
        for name, others in zip(
            [*found.name, *parks.name, *houses.name], [*found.names, *parks.names, *houses.names], strict=True
        )
    ]
    at = shapely.get_coordinates([*found.geometry, *shapely.point_on_surface([*parks.geometry, *houses.geometry])])
    return Spots(kinds, names, [float(x) for x in at[:, 0]], [float(y) for y in at[:, 1]])


def find(text: str, *, limit: int = 5) -> list[Resolved]:
    """Places that a text may mean, the surest first, each in its district where districts are loaded."""
    return _in_districts(gazetteer().find(text, limit=limit))


def find_at(lon_deg: float, lat_deg: float) -> list[Resolved]:
    """The house nearest to a place, if one stands within 250 m; accuracy_m is how far it lies."""
    found = gazetteer().nearest(lon_deg, lat_deg)
    return _in_districts([found]) if found else []


def _in_districts(found: list[Resolved]) -> list[Resolved]:
    if not any(one.lon_deg is not None and not one.district for one in found):
        return found
    areas = districts()
    return [one if one.district else replace(one, district=_district(areas, one)) for one in found]


def _district(areas: Shapes, one: Resolved) -> str:
    """The smallest named area that holds the place."""
    inside = np.flatnonzero(shapely.contains_xy(areas.geometry, one.lon_deg, one.lat_deg))
    sizes = shapely.area(areas.geometry[inside])
    return str(areas.name[inside[int(np.argmin(sizes))]]) if len(inside) else ""


def counts() -> Counts:
    """Points, renames, streets and files in use."""
    return Counts(
        points=AddressPoint.objects.filter(until_at=None).count(),
        renames=StreetRename.objects.filter(file__replaced_at=None).count(),
        streets=len(gazetteer()),
        files=LoadedFile.objects.filter(replaced_at=None).count(),
    )


def files() -> list[CityFile]:
    """The files in use, in the order loaded."""
    return [
        CityFile(f.name, f.kind, f.rows, f.loaded_at, f.loaded_by)
        for f in LoadedFile.objects.filter(replaced_at=None).order_by("id")
    ]


@dataclass(frozen=True, slots=True)
class Houses:
    """All address points as columns of one length; street with its kind in front."""

    street: list[str]
    house: list[str]
    lon_deg: list[float]
    lat_deg: list[float]


def houses() -> Houses:
    """Every house of the city, for the ground of a map."""
    fields = ("kind", "street", "house", "lon_deg", "lat_deg")
    rows = AddressPoint.objects.filter(until_at=None).order_by(*fields).values_list(*fields).distinct()
    columns = [(f"{kind} {street}".strip(), house, lon, lat) for kind, street, house, lon, lat in rows.iterator()]
    street, house, lon_deg, lat_deg = zip(*columns, strict=True) if columns else ((), (), (), ())
    return Houses(list(street), list(house), list(lon_deg), list(lat_deg))


def city_version() -> int:
    """Grows with each load of a table; 0 before the first. Tells whether addresses were resolved with what is known."""
    newest = LoadedFile.objects.order_by("-id").values_list("id", flat=True).first()
    return int(newest or 0)


def buildings_near(
    *, box: Box | None = None, cells: Sequence[int] | None = None, at: datetime | None = None
) -> Buildings:
    """Buildings whose boxes meet `box` (west, south, east, north degrees) or one of the quadbin `cells` of any zoom.

    at: what stood then; None means by the newest files. Neither box nor cells means the whole city. Flat columns, see
    `layers.Buildings`: ids, height_m, height_origin, kind; ring_start, ring_building, ring_inner; lon_deg, lat_deg.
    """
    return read_buildings(at=at, box=box, cells=cells)


def districts(*, at: datetime | None = None) -> Shapes:
    """Districts as areas; kind is the admin_level ("9") or OSM's word for a quarter ("suburb")."""
    return read_shapes("district", at=at)


def streets(*, classes: Sequence[str] = (), box: Box | None = None, at: datetime | None = None) -> Shapes:
    """Pieces of streets as lines; kind is the class, one of `logic.things.STREET_CLASSES` values ("primary", ...)."""
    return read_shapes("street", at=at, box=box, kinds=classes)


def places(*, kinds: Sequence[str] = (), box: Box | None = None, at: datetime | None = None) -> Shapes:
    """Places of interest as points; kind is one of `logic.things.PLACE_KINDS` ("school", "crossing", "stop", ...)."""
    return read_shapes("place", at=at, box=box, kinds=kinds)


def housing(*, box: Box | None = None, at: datetime | None = None) -> Shapes:
    """Plots of land for housing as areas; dwellings themselves are buildings with `kind` in `DWELLINGS`."""
    return read_shapes("housing", at=at, box=box)


def greens(*, box: Box | None = None, at: datetime | None = None) -> Shapes:
    """Parks, woods, lawns as areas."""
    return read_shapes("green", at=at, box=box)


def waters(*, box: Box | None = None, at: datetime | None = None) -> Shapes:
    """Water as areas, rivers and canals also as lines."""
    return read_shapes("water", at=at, box=box)


def terrain_file(sha256: str) -> Path:
    """Where a loaded raster of heights is kept."""
    return Path(settings.OBLIK_DATA) / "city" / f"terrain-{sha256[:32]}.tif"


def elevation_m(lon_deg: Floats, lat_deg: Floats) -> Floats | None:
    """Height of the ground in metres at each place, NaN where no raster reaches; None where none is loaded."""
    rasters = (
        LoadedFile.objects.filter(kind="terrain", replaced_at=None).order_by("-id").values_list("sha256", flat=True)
    )
    kept = [path for path in map(terrain_file, rasters) if path.is_file()]
    if not kept:
        return None
    found = np.full(np.shape(lon_deg), np.nan)
    for path in kept:
        missing = np.isnan(found)
        if missing.any():
            found[missing] = terrain.elevations(path, np.asarray(lon_deg)[missing], np.asarray(lat_deg)[missing])
    return found


def layer_counts() -> dict[str, int]:
    """How many things stand today, by layer; layers without any are left out."""
    rows = Feature.objects.filter(until_at=None).values_list("layer").annotate(count=Count("id")).order_by("layer")
    return dict(rows)


def base_map_file() -> Path:
    """Where `oblik city tiles` puts the base map."""
    return Path(settings.OBLIK_DATA) / "city" / "base.pmtiles"


def buildings_drawn() -> Iterator[tuple[float | None, str, str, Any]]:
    """Height, its origin, kind and shape of each building that stands today, one after the other."""
    rows = Feature.objects.filter(layer="building", until_at=None)
    for height_m, origin, kind, wkb in rows.values_list("height_m", "height_origin", "kind", "wkb").iterator():
        yield height_m, origin, kind, shapely.from_wkb(bytes(wkb))


def credit_due() -> bool:
    """Whether what is loaded must be shown with the name of OpenStreetMap's contributors."""
    return Source.objects.filter(credit="OpenStreetMap", files__replaced_at=None).exists()
