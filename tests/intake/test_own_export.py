"""Our own export read back says what it said: every value of every camera, in each format with columns."""

import pytest

from oblik.intake.formats import read_sheets
from oblik.intake.logic.cleaning import clean_table
from oblik.intake.logic.tables import understand
from oblik.registry.exporting import EXPORTS
from oblik.registry.logic.export_table import export_row
from oblik.registry.logic.fields import FIELDS

WHOLE = {
    "source_id": "7", "inventory_number": "INV-0000", "serial": "SN000123", "mac": "001A2B3C4D5E",
    "onvif_uuid": "2419d68a-2dd2-21b2-a205-ec2d4d1f0abc", "ip": "10.1.2.3", "port": 8554,
    "name": "Камера 3 (вхід)", "owner_name": 'КП "Світло"', "operator_name": "Чергова частина",
    "lon_deg": 36.2304567, "lat_deg": 49.9935123, "accuracy_m": 2.4, "place_origin": "geocoded",
    "address": "вул. Тиха, 5", "street_key": "вулиця|tikh", "street": "вулиця Тиха", "house": "5",
    "district": "Меловий район", "site": "Ліцей № 101", "indoor": False, "floor": "2", "height_m": 4.5,
    "bearing_deg": 315.0, "tilt_deg": -12.5, "hfov_deg": 102.5, "focal_mm": "2.8-12", "range_m": 30.0,
    "ir_range_m": 40.0, "width_px": 1920, "height_px": 1080, "fps": 25.0, "codec": "H.264", "vendor": "Hikvision",
    "model": "DS2CD2043G2I", "kind": "dome", "mount": "wall", "surveillance": "ALPR", "zone": "entrance",
    "audio": True, "purpose": "безпека дітей", "retention_days": 30.0, "link": "оптика",
    "contract": "№ 12 від 1 травня", "contractor": "ТОВ Монтаж",
    "warranty_until": "2026-12-31", "installed_on": "2021-03-15", "state": "faulty",
    "note": "=1+1, потребує заміни",
}  # fmt: skip
SPARSE = {"name": "Камера 1", "lon_deg": -0.5, "lat_deg": 49.0, "place_origin": "given", "accuracy_m": 10000.0}
BARE = {"inventory_number": "000225", "serial": "0012", "state": "planned", "address": "площа Тиха"}
PLANS = {"name": "-33", "site": "+7", "address": "перехрестя вул. Тиха – вул. Рання", "indoor": True, "tilt_deg": 0.0}
CAMERAS = (WHOLE, SPARSE, BARE, PLANS)


@pytest.mark.parametrize("format", ["csv", "xlsx", "geojson", "gpkg"])
@pytest.mark.parametrize("cameras", [CAMERAS, (WHOLE,), (SPARSE,), (BARE, PLANS) * 4])
def test_our_own_export_read_back_says_what_it_said(tmp_path, format, cameras):
    assert set(WHOLE) == set(FIELDS) - {"city_code", "stream_url"}
    path = tmp_path / f"export.{format}"
    rows = [
        export_row(f"KHA-{n:06}-1", owner="KP", owner_name="КП", state=str(values.get("state", "")) or "in_service",
                   values=values)
        for n, values in enumerate(cameras)
    ]  # fmt: skip
    EXPORTS[format](path, rows)
    (sheet,) = read_sheets(path)
    cleaned = clean_table(understand(sheet))
    assert len(cleaned) == len(cameras)
    for record, values in enumerate(cameras):
        said = {name: column[record] for name, column in cleaned.values.items() if column[record] is not None}
        assert said.pop("city_code") == f"KHA-{record:06}-1"
        wanted = {"state": "in_service"} | values
        for name in ("street", "street_key", "house"):  # worked out anew from the address
            said.pop(name, None)
            wanted.pop(name, None)
        assert said == wanted
        assert {problem.code for problem in cleaned.problems[record]} <= {"formula_text"}
