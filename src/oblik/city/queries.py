"""What the city's tables say: the gazetteer for addresses, and how much is loaded."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from django.db import connection

from oblik.city.logic.gazetteer import Gazetteer
from oblik.city.logic.streets import Points, Rename
from oblik.city.models import AddressPoint, LoadedFile, StreetRename

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
    rows = list(AddressPoint.objects.order_by("id").values_list(*fields))
    renames = StreetRename.objects.order_by("id").values_list(
        "kind_old", "kind_new", "old_uk", "new_uk", "old_ru", "new_ru", "settlement", "decided_on"
    )
    points = Points(*zip(*rows, strict=True)) if rows else Points()
    return Gazetteer.build(points, [Rename(*row) for row in renames])


def counts() -> Counts:
    """Points, renames, streets and files in use."""
    return Counts(
        points=AddressPoint.objects.count(),
        renames=StreetRename.objects.count(),
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
    rows = AddressPoint.objects.order_by("id").values_list("kind", "street", "house", "lon_deg", "lat_deg")
    columns = [(f"{kind} {street}".strip(), house, lon, lat) for kind, street, house, lon, lat in rows.iterator()]
    street, house, lon_deg, lat_deg = zip(*columns, strict=True) if columns else ((), (), (), ())
    return Houses(list(street), list(house), list(lon_deg), list(lat_deg))


def city_version() -> int:
    """Grows with each load of a table; 0 before the first. Tells whether addresses were resolved with what is known."""
    newest = LoadedFile.objects.order_by("-id").values_list("id", flat=True).first()
    return int(newest or 0)
