"""Makes the demo city: streets, cameras, the files their owners send, and the truth about every row."""

import csv
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np

from oblik.demo import features, packages
from oblik.demo.cameras import Camera, make_cameras
from oblik.demo.layout import Grid, feature_truth, lay_out, truth_rows
from oblik.demo.owners import OWNERS, UPDATER, Owner
from oblik.demo.rows import Entry, ListWriter
from oblik.demo.streets import Ground, address_rows, make_ground, rename_rows
from oblik.demo.styles import STYLES, Style
from oblik.demo.townmap import write_map
from oblik.demo.truth import TrueCamera, Truth, TruthRow, with_tellable, write_truth
from oblik.demo.update import Change, newer_list

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
    map: Path
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
    *seeds, map_seed = np.random.SeedSequence([seed, ("default", "other").index(profile)]).spawn(4)
    ground_rng, camera_rng, list_rng = (np.random.Generator(np.random.PCG64(s)) for s in seeds)
    ground = make_ground(ground_rng, size=(cameras / 3500) ** 0.5, profile=profile)
    known = make_cameras(camera_rng, ground, count=cameras)
    directory.mkdir(parents=True, exist_ok=True)
    tables = _write_tables(directory, ground)
    drawn = directory / "city.osm.pbf"
    write_map(drawn, rng=np.random.Generator(np.random.PCG64(map_seed)), ground=ground, cameras=known)
    rows: list[TruthRow] = []
    files = []
    styles = STYLES[profile]
    older: tuple[ListWriter, list[Entry]] | None = None
    for style, rng in zip(styles, list_rng.spawn(len(styles)), strict=True):
        writer = ListWriter(rng, ground, style, mess=mess)
        entries = writer.entries(known)
        path = directory / style.file
        rows.extend(write_list(path, ground, style=style, entries=entries))
        files.append(DemoFile(path, style.owner))
        if style.owner == UPDATER:
            older = writer, entries
    truth = with_tellable(Truth(tuple(rows), true_cameras(known)))
    write_truth(truth, directory)
    updates = (_write_update(directory / "update", *older, known, truth),) if older else ()
    city = DemoCity(
        directory, ground.city[0], OWNERS, _CAMPAIGN, tables, drawn, tuple(files), updates, directory / "truth.csv"
    )
    _write_manifest(city, seed=seed, cameras=cameras, mess=mess, profile=profile)
    return city


def _write_update(
    directory: Path, writer: ListWriter, entries: list[Entry], known: Sequence[Camera], truth: Truth
) -> DemoFile:
    """The owner's newer list with its own truth and what changed since the older one."""
    newer, changes = newer_list(writer, entries, known)
    older = Path(writer.style.file)
    path = directory / f"{older.stem} (оновлено){older.suffix}"
    rows = write_list(path, writer.ground, style=writer.style, entries=newer)
    both = with_tellable(Truth((*truth.rows, *rows), truth.cameras))
    write_truth(Truth(both.rows[len(truth.rows) :], truth.cameras), directory)
    _write_csv(directory / "changes.csv", [f.name for f in fields(Change)], [astuple(change) for change in changes])
    return DemoFile(path, writer.style.owner)


def read_city(directory: Path) -> DemoCity:
    """The city that `make_city` wrote there, from its city.toml."""
    known = tomllib.loads((directory / "city.toml").read_text(encoding="utf-8"))
    campaign = known["campaign"]
    return DemoCity(
        directory,
        known["name"],
        tuple(Owner(o["code"], o["name"], o["kind"]) for o in known["owner"]),
        Campaign(campaign["code"], campaign["name"], campaign["since"], campaign["until"]),
        tuple(directory / name for name in known["tables"]),
        directory / known["map"],
        tuple(DemoFile(directory / f["path"], f["owner"]) for f in known["file"]),
        tuple(DemoFile(directory / f["path"], f["owner"]) for f in known["update"]),
        directory / known["truth"],
    )


def _write_manifest(city: DemoCity, *, seed: int, cameras: int, mess: float, profile: Profile) -> None:
    """city.toml: what lies here and in which order to load it."""
    quote = json.dumps  # a JSON string is a TOML string
    lines = [
        "# An invented city: no real place, person or device. Written by `oblik demo make`; load in this order.",
        f"name = {quote(city.name, ensure_ascii=False)}",
        f"seed = {seed}",
        f"cameras = {cameras}",
        f"mess = {float(mess)}",
        f"profile = {quote(profile)}",
        f"tables = {quote([table.name for table in city.tables])}",
        f"map = {quote(city.map.name)}",
        f"truth = {quote(city.truth.name)}",
        "\n[campaign]",
        f"code = {quote(city.campaign.code)}",
        f"name = {quote(city.campaign.name, ensure_ascii=False)}",
        f"since = {city.campaign.since}",
        f"until = {city.campaign.until}",
    ]
    for owner in city.owners:
        name = quote(owner.name, ensure_ascii=False)
        lines.append(f"\n[[owner]]\ncode = {quote(owner.code)}\nname = {name}\nkind = {quote(owner.kind)}")
    for word, files in (("file", city.files), ("update", city.updates)):
        for file in files:
            path = quote(file.path.relative_to(city.directory).as_posix(), ensure_ascii=False)
            lines.append(f"\n[[{word}]]\npath = {path}\nowner = {quote(file.owner)}")
    (city.directory / "city.toml").write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


def write_list(path: Path, ground: Ground, *, style: Style, entries: Sequence[Entry]) -> list[TruthRow]:
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
            code=camera.code, x_m=round(camera.x_m, 3), y_m=round(camera.y_m, 3),
            bearing_deg=round(camera.bearing_deg, 3), kind=camera.model.kind,
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
        _write_csv(directory / name, header, rows)
    return tuple(directory / name for name, _, _ in tables)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
