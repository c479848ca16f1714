"""Which projected system metres were written in, found by trying the systems that could hold them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

Floats = npt.NDArray[np.float64]

AGREE_M: Final = 60.0  # systems this close to each other give one answer: SK-42 and UCS-2000 lie a few metres apart
NEAR_KM: Final = 150.0
CLEARLY_NEARER: Final = 3.0


@dataclass(frozen=True, slots=True)
class System:
    """A projected system with the bounds of its use in degrees and the numbers it writes there.

    area: west, south, east, north. east_m, north_m: lowest and highest easting and northing.
    """

    epsg: int
    name: str
    area: tuple[float, float, float, float]
    east_m: tuple[float, float]
    north_m: tuple[float, float]


def _gauss_kruger(epsg: int, name: str, *, central: float, half_deg: float, false_m: float) -> System:
    """A transverse Mercator zone of Ukraine (44 to 52.5 degrees north); bounds with half a degree to spare."""
    reach = (half_deg + 0.5) * 80_500.0  # metres in a degree of longitude at 44 degrees north
    west, east = max(21.8, central - half_deg - 0.5), min(40.5, central + half_deg + 0.5)
    return System(epsg, name, (west, 44.0, east, 52.6), (false_m - reach, false_m + reach), (4.87e6, 5.84e6))


def _utm(zone: int) -> System:
    central = zone * 6.0 - 183.0
    area = (central - 3.5, 34.0, central + 3.5, 71.0)
    return System(32600 + zone, f"UTM {zone}N", area, (170_000.0, 830_000.0), (3.76e6, 7.88e6))


# EPSG names and false eastings checked against the EPSG data set that pyproj ships.
SYSTEMS: Final = (
    *(
        _gauss_kruger(6374 + zone, f"UCS-2000 TM {zone}", central=3.0 * zone, half_deg=1.5, false_m=300_000.0)
        for zone in range(7, 14)
    ),
    *(
        _gauss_kruger(5558 + zone, f"UCS-2000 GK {zone}", central=c, half_deg=3.0, false_m=zone * 1e6 + 500_000.0)
        for zone, c in ((4, 21.0), (5, 27.0), (6, 33.0), (7, 39.0))
    ),
    *(
        _gauss_kruger(5563 + zone, f"UCS-2000 3° GK {zone}", central=3.0 * zone, half_deg=1.5, false_m=zone * 1e6 + 5e5)
        for zone in range(7, 14)
    ),
    *(
        _gauss_kruger(5562 + zone, f"UCS-2000 GK {c:g}E", central=c, half_deg=3.0, false_m=500_000.0)
        for zone, c in ((4, 21.0), (5, 27.0), (6, 33.0), (7, 39.0))
    ),
    *(
        _gauss_kruger(28400 + zone, f"SK-42 GK {zone}", central=c, half_deg=3.0, false_m=zone * 1e6 + 500_000.0)
        for zone, c in ((4, 21.0), (5, 27.0), (6, 33.0), (7, 39.0))
    ),
    *(
        _gauss_kruger(2575 + zone, f"SK-42 3° {3 * zone}E", central=3.0 * zone, half_deg=1.5, false_m=500_000.0)
        for zone in range(7, 14)
    ),
    *(_utm(zone) for zone in range(28, 39)),
    System(2056, "LV95", (5.9, 45.8, 10.5, 47.9), (2.48e6, 2.84e6), (1.07e6, 1.3e6)),
    System(21781, "LV03", (5.9, 45.8, 10.5, 47.9), (480_000.0, 840_000.0), (70_000.0, 300_000.0)),
    System(28992, "RD New", (3.2, 50.7, 7.3, 53.7), (0.0, 290_000.0), (300_000.0, 630_000.0)),
    System(2154, "Lambert-93", (-9.9, 41.1, 10.4, 51.6), (0.0, 1.3e6), (6.0e6, 7.2e6)),
)
WEB_MERCATOR: Final = System(3857, "web Mercator", (-180.0, -75.0, 180.0, 75.0), (-2.004e7, 2.004e7), (-1.3e7, 1.3e7))


_EPSG: Final = re.compile(r"epsg\W{0,3}(\d{4,5})", re.IGNORECASE)
_ZONE: Final = re.compile(r"(?:зон[аиі]|zone|zona|utm)\W{0,3}(\d{1,2})", re.IGNORECASE)
_FAMILIES: Final = (
    ("UCS-2000", re.compile(r"(?:уск|ucs|усск)\W{0,2}(?:20)?00", re.IGNORECASE)),
    ("SK-42", re.compile(r"(?:ск|sk|cк)\W{0,2}(?:19)?42", re.IGNORECASE)),
    ("UTM", re.compile(r"(?<![a-z])utm(?![a-z])", re.IGNORECASE)),
)


@lru_cache(maxsize=64)
def _to_degrees(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, 4326, always_xy=True)


@dataclass(frozen=True, slots=True)
class Found:
    """Places in degrees, the system they were written in and how far other fitting systems lie (m)."""

    lon_deg: Floats
    lat_deg: Floats
    system: str
    spread_m: float


def systems_named(header: str) -> tuple[System, ...]:
    """The systems that a header such as "X, м (УСК-2000, зона 11)" can mean; () where it names none that we know.

    Zones of three degrees and of six are numbered alike: a number stands for either.
    """
    if code := _EPSG.search(header):
        return tuple(system for system in (*SYSTEMS, WEB_MERCATOR) if system.epsg == int(code[1]))
    family = next((name for name, pattern in _FAMILIES if pattern.search(header)), None)
    if family is None:
        return ()
    known = tuple(system for system in SYSTEMS if system.name.startswith(family))
    zone = _ZONE.search(header)
    return tuple(system for system in known if int(zone[1]) == _zone_of(system)) if zone else known


def _zone_of(system: System) -> int:
    """The zone's number, where the name gives the central meridian instead: of three degrees or of six."""
    last = system.name.split()[-1]
    if not last.endswith("E"):
        return int(last.rstrip("N"))
    return int(last[:-1]) // 3 if "3°" in system.name else (int(last[:-1]) + 3) // 6


def unproject(
    first_m: Floats,
    second_m: Floats,
    *,
    near: tuple[float, float] | None,
    north_first: bool = False,
    named: Sequence[System] = (),
) -> tuple[Found | None, str | None]:
    """The places of pairs of metres that share one system, in either order of axes.

    first_m, second_m: (n,), n > 0. north_first: the columns say that first_m are northings. near: (lon_deg, lat_deg)
    around which the rest of the list lies, or None. Systems whose median place falls outside their area, or further
    than 150 km from `near`, are dropped. Systems left that disagree by more than 60 m are told apart by `near`: one
    must lie three times nearer than the next, else its places come with "projected_system_unclear" and a spread that
    reaches the next. Without `near` there are then no places. named: what the list itself calls its
    system, tried first.
    """
    found = _fitting(named, first_m, second_m, near=near)
    if not found:
        found = _fitting(SYSTEMS, first_m, second_m, near=near)
    if (
        near is not None and not named
    ) or not found:  # web Mercator holds the whole world, so it is asked last where nothing is near
        orders = (second_m, first_m) if near is None and north_first else None
        world = [_candidate(WEB_MERCATOR, *orders, near=near)] if orders else []
        found += [one for one in world if one] or _fitting((WEB_MERCATOR,), first_m, second_m, near=near)
    if not found:
        return None, "projected_system_unclear"
    if near is not None:
        found.sort(key=lambda one: _away_km(one, near))
    best = found[0]
    gaps = [_gap_m(best, other) for other in found]
    agreeing = max(gap for gap in gaps if gap <= AGREE_M)
    others = [(other, gap) for other, gap in zip(found, gaps, strict=True) if gap > AGREE_M]
    if not others:
        return Found(best.lon_deg, best.lat_deg, best.system, agreeing), None
    if near is None:
        return None, "projected_system_unclear"
    if _away_km(best, near) * CLEARLY_NEARER <= min(_away_km(other, near) for other, _ in others):
        return Found(best.lon_deg, best.lat_deg, best.system, agreeing), None
    reach = min(gap for _, gap in others)
    return Found(best.lon_deg, best.lat_deg, best.system, reach), "projected_system_unclear"


def _fitting(
    systems: Sequence[System], first_m: Floats, second_m: Floats, *, near: tuple[float, float] | None
) -> list[Found]:
    """What each system that can hold the numbers, in either order, makes of them."""
    found: list[Found] = []
    for east, north in ((second_m, first_m), (first_m, second_m)):
        middle_east, middle_north = float(np.median(east)), float(np.median(north))
        for system in systems:
            if _holds(system.east_m, middle_east) and _holds(system.north_m, middle_north):
                candidate = _candidate(system, east, north, near=near)
                if candidate is not None:
                    found.append(candidate)
    return found


def _away_km(found: Found, near: tuple[float, float]) -> float:
    return distance_km(float(np.median(found.lon_deg)), float(np.median(found.lat_deg)), near)


def _holds(bounds: tuple[float, float], value: float) -> bool:
    return bounds[0] <= value <= bounds[1]


def _candidate(system: System, east: Floats, north: Floats, *, near: tuple[float, float] | None) -> Found | None:
    lon, lat = _to_degrees(system.epsg).transform(east, north)
    middle_lon, middle_lat = float(np.median(lon)), float(np.median(lat))
    west, south, east_deg, north_deg = system.area
    if not (west <= middle_lon <= east_deg and south <= middle_lat <= north_deg):
        return None
    if near is not None and distance_km(middle_lon, middle_lat, near) > NEAR_KM:
        return None
    return Found(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), system.name, 0.0)


def _gap_m(one: Found, other: Found) -> float:
    middle = (float(np.median(other.lon_deg)), float(np.median(other.lat_deg)))
    return 1000.0 * distance_km(float(np.median(one.lon_deg)), float(np.median(one.lat_deg)), middle)


def distance_km(lon_deg: float, lat_deg: float, other: tuple[float, float]) -> float:
    """Kilometres between two places on the plane around them; good to 1 % up to a few hundred kilometres."""
    return float(distances_km(np.array([lon_deg]), np.array([lat_deg]), other)[0])


def distances_km(lon_deg: Floats, lat_deg: Floats, other: tuple[float, float]) -> Floats:
    """Kilometres from each place to the other; NaN stays NaN."""
    squeeze = np.cos(np.radians((lat_deg + other[1]) / 2))
    turn = np.abs(lon_deg - other[0])
    turn = np.minimum(turn, 360.0 - turn)
    return np.asarray(111.32 * np.hypot(turn * squeeze, lat_deg - other[1]), dtype=np.float64)
