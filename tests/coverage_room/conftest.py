"""A small town with cameras: two houses out of a map file, cameras entered as claims."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from django.db import transaction

from oblik.base.actors import Actor
from oblik.city import actions as city
from oblik.coverage.logic.frame import Frame
from oblik.registry import actions
from oblik.registry.logic.records import dumped

BY = Actor("console", "tester")
FRAME = Frame(36.0, 50.0)  # open steppe: nobody's street
KNOWN = {"height_m": 4.0, "bearing_deg": 90.0, "tilt_deg": 12.0, "hfov_deg": 80.0, "width_px": 2560, "height_px": 1440,
         "kind": "fixed", "place_origin": "field", "accuracy_m": 2.0}  # fmt: skip


def day(number: int, month: int = 1) -> datetime:
    return datetime(2026, month, number, 12, tzinfo=UTC)


def lonlat(x_m: float, y_m: float) -> tuple[float, float]:
    return float(FRAME.lon(np.float64(x_m))), float(FRAME.lat(np.float64(y_m)))


def house(west: float, south: float, east: float, north: float, *, height_m: float, ref: int) -> dict[str, object]:
    ring = [lonlat(x, y) for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south))]
    return {
        "type": "Feature", "id": ref, "properties": {"building": "yes", "height": f"{height_m}", "id": ref},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


def load_houses(folder: Path, houses: list[dict[str, object]], *, when: datetime) -> None:
    path = folder / "houses.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": houses}), encoding="utf-8")
    city.load_files([path], by=BY, at=when, options=city.Options(layer="buildings", source="town"))


@pytest.fixture
def owner(db: None) -> int:
    return actions.add_owner("dept", name="Департамент", kind="department", by=BY, at=day(1))


@pytest.fixture
def register(owner: int) -> Callable[..., tuple[int, str]]:
    """register(x_m, y_m, when=..., **changed) -> (camera, code)."""
    count = iter(range(1_000))

    def one(x_m: float, y_m: float, *, when: datetime, **changed: object) -> tuple[int, str]:
        lon, lat = lonlat(x_m, y_m)
        values = {**KNOWN, "lon_deg": lon, "lat_deg": lat, **changed}
        with transaction.atomic():
            first, codes = actions.create_cameras([owner], at=when)
            claim = actions.NewClaim(first, "owner_list", f"record:{next(count)}", owner, when, dumped(values))
            actions.add_claims([claim], at=when)
            actions.fold_cameras([first], happened_at=when, at=when, by=BY)
        return first, codes[0]

    return one
