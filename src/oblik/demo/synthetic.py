"""Large made-up lists for measuring: cleaned records for matching, raw messy files for intake."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import xlsxwriter

from oblik.demo.catalogue import MODELS, SPELLINGS
from oblik.demo.names import ADJECTIVES
from oblik.demo.streets import Frame

Rng = np.random.Generator
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

_FRAME: Final = Frame(34.30, 49.05)
_PER_KM2: Final = 61.0  # cameras of the demo city on its ground
_LISTED: Final = (0.53, 0.36, 0.11)  # share of cameras in one, two and three lists
_DUPLICATES: Final = 0.015
# What the lists know, one column per style of list; further lists repeat the styles.
_KNOWS: Final[dict[str, tuple[float, ...]]] = {
    "mac": (0.9, 0.78, 0.8, 0.0, 0.6, 0.0, 0.0, 0.93, 0.62, 0.0),
    "serial": (0.9, 0.8, 0.72, 0.83, 0.0, 0.9, 0.0, 0.88, 0.0, 0.0),
    "ip": (0.98, 0.9, 0.0, 0.98, 0.0, 0.97, 0.72, 0.99, 0.8, 0.0),
    "place": (0.96, 0.0, 0.9, 0.95, 0.5, 1.0, 0.92, 0.4, 0.99, 1.0),
    "address": (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.95, 0.0),
    "bearing": (0.9, 0.0, 0.0, 0.85, 0.0, 0.92, 0.9, 0.0, 0.0, 0.6),
    "kind": (1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.65),
    "model": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0),
    "name": (1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.88, 1.0, 0.86, 0.0),
    "inventory": (0.6, 0.95, 0.9, 1.0, 1.0, 1.0, 0.0, 0.97, 0.0, 0.0),
}
_NOISE_M: Final = (2.5, 0.0, 5.0, 4.0, 6.0, 3.0, 7.0, 4.0, 6.0, 6.0)
_WRONG: Final = 0.004  # share of identifiers mistyped


@dataclass(frozen=True, slots=True)
class _World:
    """True cameras as columns; site is the number of the pole or building each hangs on."""

    site: Ints
    ordinal: Ints
    x_m: Floats
    y_m: Floats
    bearing_deg: Floats
    model: Ints
    device: Ints
    installed: Ints


def big_lists(*, rows: int, lists: int, seed: int) -> pl.DataFrame:
    """`rows` cleaned records in `lists` lists with the demo city's statistics, sorted by list; truth is the camera.

    Columns: record_id, list_id, owner, truth and the FIELDS that lists give. The city grows with the rows, so that
    cameras stand equally dense at any size. A million rows take some ten seconds.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    world = _world(rng, max(2, int(rows / 1.6)))
    camera, at = _listed(rng, rows, lists, world.site)
    style = at % len(_NOISE_M)
    knows = {name: rng.random(rows) < np.take(shares, style) for name, shares in _KNOWS.items()}
    frame = pl.DataFrame({"list_id": at + 1, "truth": camera.astype(np.int64)})
    frame = frame.with_columns(
        *_identity(rng, world, camera, knows),
        *_place(rng, world, camera, at, knows),
        *_device(rng, world, camera, knows),
    )
    return frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("record_id"),
        "list_id",
        pl.format("OWNER{}", pl.col("list_id")).alias("owner"),
        pl.all().exclude("list_id", "truth"),
        "truth",
    )


def _world(rng: Rng, count: int) -> _World:
    sizes = rng.choice([1, 2, 3, 4, 5, 6], count, p=[0.3, 0.24, 0.16, 0.14, 0.09, 0.07])
    site = np.repeat(np.arange(count), sizes)[:count]
    first = np.flatnonzero(np.diff(site, prepend=-1))
    ordinal = np.arange(count) - first[site] + 1
    size = np.take(np.diff(np.append(first, count)), site)
    side_m = 1000 * (count / _PER_KM2) ** 0.5
    at_x, at_y = (rng.uniform(-side_m / 2, side_m / 2, first.size) for _ in range(2))
    order = np.lexsort((at_x, at_y // 500))  # neighbouring numbers are neighbours: forty make a street
    x, y = at_x[order][site], at_y[order][site]
    turn = rng.uniform(0, 360, first.size)[site]
    batch = rng.integers(len(MODELS), size=first.size)[site]
    model = np.where(rng.random(count) < 0.7, batch, rng.integers(len(MODELS), size=count))
    bearing = (turn + (ordinal - 1) * 360 / np.maximum(size, 2) + rng.normal(0, 7, count)) % 360
    turning = np.array([m.kind == "ptz" for m in MODELS])[model]
    spread = 8.0 * (ordinal - 1) * (site % 3 == 0)  # a third of the sites are buildings with entrances
    return _World(
        site=site, ordinal=ordinal, x_m=x + spread, y_m=y, bearing_deg=np.where(turning, np.nan, bearing), model=model,
        device=rng.permutation(count) + 10_000_000, installed=rng.integers(0, 3900, first.size)[site],
    )  # fmt: skip


def _listed(rng: Rng, rows: int, lists: int, site: Ints) -> tuple[Ints, Ints]:
    """The camera and the list of each row: a site's cameras mostly go to the same lists; a few rows come twice."""
    sites = int(site[-1]) + 1
    share = rng.choice(len(_LISTED), sites, p=_LISTED)
    home, step = rng.integers(lists, size=sites), rng.integers(1, max(2, lists // 3 + 1), size=sites)
    parts = [
        (np.flatnonzero((share[site] >= k) & ((k == 0) | (rng.random(site.size) > 0.04))), k)
        for k in range(min(len(_LISTED), lists))
    ]
    camera = np.concatenate([found for found, _ in parts])
    at = np.concatenate([(home[site[found]] + k * step[site[found]]) % lists for found, k in parts])
    extra = rng.integers(camera.size, size=max(rows - camera.size, int(rows * _DUPLICATES)))
    keep = rng.permutation(camera.size)[: rows - extra.size]
    camera, at = np.append(camera[keep], camera[extra]), np.append(at[keep], at[extra])
    order = np.lexsort((camera, at))
    return camera[order], at[order]


def _where(known: Bools, values: pl.Series | list[str], name: str) -> pl.Series:
    series = values if isinstance(values, pl.Series) else pl.Series(values, dtype=pl.String)
    return pl.select(pl.when(pl.Series(known)).then(series).alias(name)).to_series()


def _identity(rng: Rng, world: _World, camera: Ints, knows: dict[str, Bools]) -> list[pl.Series]:
    number = world.device[camera] + 900_000_000 * (rng.random(camera.size) < _WRONG)
    ouis = [model.oui for model in MODELS]
    macs = [f"{ouis[m]}{d % 0xFFFFFF:06X}" for m, d in zip(world.model[camera].tolist(), number.tolist(), strict=True)]
    serials = [f"8{d:011d}" if d % 3 else f"C{d:09d}" for d in number.tolist()]
    ips = [f"10.{20 + c // 60_000}.{c // 240 % 250}.{10 + c % 240}" for c in camera.tolist()]
    labels = [f"Камера {o}" for o in world.ordinal[camera].tolist()]
    inventory = [f"1048{c:07d}" for c in camera.tolist()]
    return [
        _where(knows["mac"], macs, "mac"),
        _where(knows["serial"], serials, "serial"),
        _where(knows["ip"], ips, "ip"),
        _where(knows["name"], labels, "name"),
        _where(knows["inventory"], inventory, "inventory_number"),
    ]


def _place(rng: Rng, world: _World, camera: Ints, at: Ints, knows: dict[str, Bools]) -> list[pl.Series]:
    noise = np.take(_NOISE_M, at % len(_NOISE_M))
    # One list measures a site once: all its cameras share the error.
    key = (world.site[camera] * 1009 + at * 31) % 1_000_003
    ex, ey = (rng.normal(0, 0.7, 1_000_003)[key] * noise for _ in range(2))
    kx, ky = _FRAME.scale
    lon = np.round(_FRAME.lon_deg + (world.x_m[camera] + ex) / kx, 6)
    lat = np.round(_FRAME.lat_deg + (world.y_m[camera] + ey) / ky, 6)
    known = pl.Series(knows["place"])
    site = world.site[camera].tolist()
    words = len(ADJECTIVES)
    streets = [f"{s // 40 // words + 1}-а {ADJECTIVES[s // 40 % words][0]}" for s in site]
    houses = [str(2 * (s % 40) + 1) for s in site]
    addresses = [f"вул. {street}, {house}" for street, house in zip(streets, houses, strict=True)]
    told = knows["address"]
    return [
        pl.select(pl.when(known).then(pl.Series(lon)).alias("lon_deg")).to_series(),
        pl.select(pl.when(known).then(pl.Series(lat)).alias("lat_deg")).to_series(),
        _where(told, addresses, "address"),
        _where(told, [f"вулиця:{street.lower()}" for street in streets], "street_key"),
        _where(told, [f"вулиця {street}" for street in streets], "street"),
        _where(told, houses, "house"),
    ]


def _device(rng: Rng, world: _World, camera: Ints, knows: dict[str, Bools]) -> list[pl.Series]:
    bearing = world.bearing_deg[camera] + rng.normal(0, 6, camera.size)
    seen = knows["bearing"] & ~np.isnan(bearing)
    model = pl.Series(world.model[camera])
    by_model = {
        "vendor": pl.Series([m.vendor for m in MODELS]), "model": pl.Series([m.name for m in MODELS]),
        "kind": pl.Series([m.kind for m in MODELS]),
    }  # fmt: skip
    return [
        pl.select(pl.when(pl.Series(seen)).then(pl.Series(np.round(bearing % 360))).alias("bearing_deg")).to_series(),
        _where(knows["model"], by_model["vendor"].gather(model), "vendor"),
        _where(knows["model"], by_model["model"].gather(model), "model"),
        _where(knows["kind"], by_model["kind"].gather(model), "kind"),
    ]


HEADER: Final = (
    "№ з/п", "Інв. номер", "Назва", "Адреса", "Широта", "Довгота", "Азимут", "Висота", "Тип", "Камера", "Серійний №",
    "MAC", "IP", "Дата встановлення",
)  # fmt: skip


def big_csv(path: Path, rows: int, seed: int) -> None:
    """A raw list of `rows` cameras as owners send it: cp1251, `;`, decimal commas, title rows above, totals below."""
    lines = [";".join(row) for row in _raw(rows, seed)]
    top = ["КП «Приклад»" + ";" * 13, "Перелік камер" + ";" * 13, ";".join(HEADER)]
    end = [f";Всього:;{rows}" + ";" * 11, ";Директор ________" + ";" * 12]
    path.write_bytes("\r\n".join([*top, *lines, *end, ""]).encode("cp1251"))


def big_xlsx(path: Path, rows: int, seed: int) -> None:
    """The same list as a workbook, numbers as numbers."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("Камери")
    sheet.write_string(0, 0, "КП «Приклад»")
    sheet.write_string(1, 0, "Перелік камер")
    for column, name in enumerate(HEADER):
        sheet.write_string(2, column, name)
    for index, row in enumerate(_raw(rows, seed), start=3):
        for column, cell in enumerate(row):
            if not cell:
                continue
            if column in (0, 4, 5, 6):
                sheet.write_number(index, column, float(cell.replace(",", ".")))
            else:
                sheet.write_string(index, column, cell)
    sheet.write_string(rows + 3, 1, "Всього:")
    sheet.write_string(rows + 3, 2, str(rows))
    book.close()


def _raw(rows: int, seed: int) -> list[list[str]]:
    """Cells of `rows` rows with the usual mess: gaps, four notations of a MAC, eaten serials, dates of four styles."""
    rng = np.random.Generator(np.random.PCG64(seed))
    world = _world(rng, rows)
    kx, ky = _FRAME.scale
    lon, lat = (_FRAME.lon_deg + world.x_m / kx).tolist(), (_FRAME.lat_deg + world.y_m / ky).tolist()
    chance = rng.random((rows, 4)).tolist()
    style = rng.integers(0, 4, rows).tolist()
    bearing, site, ordinal = world.bearing_deg.tolist(), world.site.tolist(), world.ordinal.tolist()
    model, device, installed = world.model.tolist(), world.device.tolist(), world.installed.tolist()
    days = (np.datetime64("2014-01-15") + np.arange(4000)).astype(str).tolist()
    found = []
    for i in range(rows):
        if chance[i][0] < 0.002:
            found.append([str(i + 1), *[""] * 13])
            continue
        s, m, how = site[i], MODELS[model[i]], style[i]
        word = ADJECTIVES[s // 40 % len(ADJECTIVES)]
        address = (f"вул. {word[0]}, {2 * (s % 40) + 1}", f"ул. {word[1]}, д. {2 * (s % 40) + 1}")[chance[i][1] < 0.3]
        placed = chance[i][2] < 0.94
        serial = f"8{device[i]:011d}"
        names = SPELLINGS[m.vendor]
        found.append([
            str(i + 1), f"1048{i:07d}", f"Камера {ordinal[i]}", address,
            f"{lat[i]:.6f}".replace(".", ",") if placed else "", f"{lon[i]:.6f}".replace(".", ",") if placed else "",
            "" if bearing[i] != bearing[i] else str(round(bearing[i]) % 360), ("~4м", "5", "6,5", "до 8 м")[how],
            {"fixed": "стаціонарна", "dome": "купольна", "ptz": "поворотна"}[m.kind],
            f"{names[how % len(names)]} {m.name}", "8,12E+11" if chance[i][3] < 0.02 else serial,
            _mac(f"{m.oui}{device[i] % 0xFFFFFF:06X}", how), f"10.{20 + i // 60_000}.{i // 240 % 250}.{10 + i % 240}",
            _date(days[installed[i]], how),
        ])  # fmt: skip
    return found


def _mac(plain: str, how: int) -> str:
    if how == 3:
        return plain
    if how == 2:
        return f"{plain[:4]}.{plain[4:8]}.{plain[8:]}".lower()
    joint = ":" if how == 0 else "-"
    return joint.join(plain[i : i + 2] for i in range(0, 12, 2))


def _date(iso: str, how: int) -> str:
    year, month, day = iso.split("-")
    return (f"{day}.{month}.{year}", iso, f"{month}.{year}", f"{day}/{month}/{year}")[how]
