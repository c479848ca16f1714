"""Makes the demo city: streets, cameras, the files their owners send, and the truth about every row."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np

from oblik.demo import features, packages
from oblik.demo.cameras import Camera, make_cameras
from oblik.demo.layout import Grid, feature_truth, lay_out, truth_rows
from oblik.demo.owners import OWNERS, Owner
from oblik.demo.rows import Entry, ListWriter
from oblik.demo.streets import Ground, address_rows, make_ground, rename_rows
from oblik.demo.styles import STYLES, Style
from oblik.demo.truth import TrueCamera, Truth, TruthRow, with_tellable, write_truth

Profile = Literal["default", "other"]
ADDRESS_COLUMNS: Final = ("kind", "street", "house", "lat", "lon")
RENAME_COLUMNS: Final = ("kind_old", "kind_new", "old_uk", "new_uk", "old_ru", "new_ru")


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One list as its owner sends it."""

    path: Path
    owner: str


@dataclass(frozen=True, slots=True)
class Campaign:
    code: str
    name: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class DemoCity:
    """What was written and in which order to load it: owners, campaign, city tables, files, and later the updates."""

    directory: Path
    name: str
    owners: tuple[Owner, ...]
    campaign: Campaign
    tables: tuple[Path, ...]
    files: tuple[DemoFile, ...]
    updates: tuple[DemoFile, ...]
    truth: Path


_CAMPAIGN: Final = Campaign(
    "INV-2025", "Інвентаризація камер відеоспостереження 2025", date(2025, 9, 1), date(2025, 12, 31)
)


def make_city(
    directory: Path, *, seed: int = 1, cameras: int = 3500, mess: float = 1.0, profile: Profile = "default"
) -> DemoCity:
    """Write the invented city into `directory`, the same bytes for the same arguments.

    cameras: true cameras, at least 50; lists hold more rows than that. mess: 1 is as usual, 0 nearly clean, 2 worse.
    profile "other" changes who keeps which kind of list, who shares cameras with whom, and the names of the streets.
    """
    if cameras < 50 or mess < 0:
        raise ValueError("a city needs at least 50 cameras and mess >= 0")
    seeds = np.random.SeedSequence([seed, ("default", "other").index(profile)]).spawn(3)
    ground_rng, camera_rng, list_rng = (np.random.Generator(np.random.PCG64(s)) for s in seeds)
    ground = make_ground(ground_rng, size=(cameras / 3500) ** 0.5, profile=profile)
    known = make_cameras(camera_rng, ground, count=cameras)
    directory.mkdir(parents=True, exist_ok=True)
    tables = _write_tables(directory, ground)
    rows: list[TruthRow] = []
    files = []
    styles = STYLES[profile]
    for style, rng in zip(styles, list_rng.spawn(len(styles)), strict=True):
        entries = ListWriter(rng, ground, style, mess=mess).entries(known)
        path = directory / style.file
        rows.extend(write_list(path, ground, style, entries))
        files.append(DemoFile(path, style.owner))
    write_truth(with_tellable(Truth(tuple(rows), true_cameras(known))), directory)
    return DemoCity(directory, ground.city[0], OWNERS, _CAMPAIGN, tables, tuple(files), (), directory / "truth.csv")


def write_list(path: Path, ground: Ground, style: Style, entries: Sequence[Entry]) -> list[TruthRow]:
    """Write one list in its format; returns the truth of its rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if style.format in ("geojson", "kml", "osm", "pbf"):
        _write_features(path, ground, style, entries)
        return feature_truth(path.name, entries)
    grids = lay_out(style, entries)
    _write_grids(path, style, grids)
    return truth_rows(path.name, grids)


def _write_features(path: Path, ground: Ground, style: Style, entries: Sequence[Entry]) -> None:
    if style.format == "geojson":
        features.write_geojson(path, style, entries)
    elif style.format == "kml":
        features.write_kml(path, style, entries)
    elif style.format == "osm":
        features.write_osm(path, ground, features.osm_nodes(style, entries))
    else:
        features.write_pbf(path, ground, features.osm_nodes(style, entries))


def _write_grids(path: Path, style: Style, grids: Sequence[Grid]) -> None:
    if style.format == "xlsx":
        packages.write_xlsx(path, grids)
    elif style.format == "xls":
        packages.write_xls(path, grids)
    elif style.format == "ods":
        packages.write_ods(path, grids)
    elif style.format == "docx":
        packages.write_docx(path, grids[0], titles=style.titles)
    elif style.format == "csv":
        packages.write_delimited(path, grids[0], encoding="cp1251", delimiter=";", decimal=style.decimal)
    else:
        packages.write_delimited(path, grids[0], encoding="utf-16", delimiter="\t", decimal=style.decimal)


def true_cameras(cameras: Sequence[Camera]) -> dict[str, TrueCamera]:
    """What the truth needs to know of each camera."""
    found = {}
    for camera in cameras:
        site = camera.site
        spots = {f"h{site.house}"} | ({f"x{site.crossing[0]}-{site.crossing[1]}"} if site.crossing else set())
        found[camera.code] = TrueCamera(
            code=camera.code, x_m=camera.x_m, y_m=camera.y_m, bearing_deg=camera.bearing_deg, kind=camera.model.kind,
            vendor=camera.model.vendor, model=camera.model.name, label=camera.label[0], ip=camera.ip,
            spots=frozenset(spots), building=site.kind in ("school", "courtyard", "shop", "mall"),
        )  # fmt: skip
    return found


def _write_tables(directory: Path, ground: Ground) -> tuple[Path, ...]:
    tables = (
        ("addresses.csv", ADDRESS_COLUMNS, address_rows(ground)),
        ("renames.csv", RENAME_COLUMNS, rename_rows(ground)),
    )
    for name, header, rows in tables:
        with (directory / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    return tuple(directory / name for name, _, _ in tables)
