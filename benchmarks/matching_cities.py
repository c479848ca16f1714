"""Invented records of overlapping lists, drawn by column: for training the matching model and for measuring its scale.

Not the demo city: no files, no texts to parse, but columns, habits and errors differ from seed to seed much more.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

Rng = np.random.Generator
ORIGIN = (36.2, 49.95)
_KINDS = np.array(["fixed", "dome", "ptz", "panning"])
_WORDS = ["вхід", "каса", "двір", "паркінг", "перехрестя", "зал", "ворота", "хол", "сходи", "зупинка", "міст", "склад"]
_WORDS_RU = [
    "вход",
    "касса",
    "двор",
    "парковка",
    "перекресток",
    "зал",
    "ворота",
    "холл",
    "лестница",
    "остановка",
    "мост",
    "склад",
]


@dataclass(frozen=True)
class DrawnCity:
    """records as matching takes them; truth: record_id, camera, tellable key columns (site)."""

    records: pl.DataFrame
    truth: pl.DataFrame


def draw_city(seed: int, *, cameras: int = 2_000, lists: int = 0) -> DrawnCity:
    """Records of several lists over one set of cameras; which columns a list has and how it errs is drawn too."""
    rng = np.random.default_rng(seed)
    world = _world(rng, cameras)
    number = lists or int(rng.integers(2, 7))
    parts, offset = [], 0
    for list_id in range(1, number + 1):
        part = _list(rng, world, list_id, offset, coverage=float(rng.uniform(0.25, 0.75)))
        offset += part.height
        parts.append(part)
    everything = pl.concat(parts, how="diagonal_relaxed")
    truth = everything.select("record_id", "list_id", camera="true_camera", site="true_site")
    return DrawnCity(everything.drop("true_camera", "true_site"), truth)


def true_pairs(truth: pl.DataFrame) -> pl.DataFrame:
    """left, right of every two records of one camera, left < right."""
    side = truth.select("record_id", "camera")
    pairs = side.rename({"record_id": "left"}).join(side.rename({"record_id": "right"}), on="camera")
    return pairs.filter(pl.col("left") < pl.col("right")).select("left", "right")


def _world(rng: Rng, cameras: int) -> pl.DataFrame:
    sizes = rng.choice([1, 2, 3, 4, 6, 10, 40], p=[0.45, 0.22, 0.13, 0.11, 0.05, 0.035, 0.005], size=cameras)
    site = np.repeat(np.arange(cameras), sizes)[:cameras]
    sites = int(site[-1]) + 1
    side_m = float(np.sqrt(cameras * rng.uniform(6_000, 40_000)))
    site_x, site_y = rng.uniform(0, side_m, sites), rng.uniform(0, side_m, sites)
    # Houses stand along streets: several sites can share a house, neighbours share a street.
    street = (site_y // 180).astype(int) * 7 + (site_x // (side_m / 3 + 1)).astype(int)
    house = (site_x % (side_m / 3 + 1) // 28).astype(int) + 1
    spread = np.where(sizes[np.arange(sites)] > 5, 18.0, rng.choice([0.3, 4.0], size=sites))[site]
    models = [f"DS-{2 + i % 3}CD{1000 + 37 * i}{'GW'[i % 2]}-I{i % 5}" for i in range(60)]
    site_model = rng.zipf(1.5, sites) % 60
    model = np.where(rng.random(cameras) < 0.75, site_model[site], rng.zipf(1.5, cameras) % 60)
    ordinal = np.arange(cameras) - np.searchsorted(site, site) + 1
    turn = rng.uniform(0, 360, sites)[site]
    height = np.round(rng.uniform(2.5, 9, sites)[site] + rng.choice([-0.5, 0, 0, 0.5], size=cameras), 1)
    start = rng.integers(0, 3600, sites)[site] + np.where(rng.random(cameras) < 0.8, 0, rng.integers(0, 900, cameras))
    return pl.DataFrame({
        "camera": np.arange(cameras), "site": site, "ordinal": ordinal,
        "x": site_x[site] + rng.normal(0, 1, cameras) * spread, "y": site_y[site] + rng.normal(0, 1, cameras) * spread,
        "site_x": site_x[site] + rng.normal(0, 10, sites)[site],
        "site_y": site_y[site] + rng.normal(0, 10, sites)[site],
        "street": street[site], "house": house[site],
        "bearing": (turn + (ordinal - 1) * 360 / rng.choice([2, 3, 4, 5], sites)[site]
                    + rng.normal(0, 12, cameras)) % 360,
        "kind": _KINDS[np.where(rng.random(cameras) < 0.7, rng.choice(4, sites, p=[0.55, 0.3, 0.12, 0.03])[site],
                                rng.choice(4, cameras, p=[0.55, 0.3, 0.12, 0.03]))],
        "model": np.array(models)[model],
        "vendor": np.array(["Hikvision", "Dahua", "Axis", "Uniview", "Tiandy", "Bosch"])[model % 6],
        "height": height, "start": start, "word": rng.integers(0, len(_WORDS), cameras),
        "mac": rng.integers(0, 2**40, cameras), "serial": rng.integers(10**8, 10**9, sites)[site] + ordinal * 3,
        "ip": np.arange(cameras) + rng.integers(0, 2**20),
        "inventory": rng.permutation(cameras) + 100_000,
    })  # fmt: skip


def _list(rng: Rng, world: pl.DataFrame, list_id: int, offset: int, *, coverage: float) -> pl.DataFrame:
    by_site = rng.random(int(world["site"].max() or 0) + 1) < coverage  # type: ignore[arg-type, operator]  # integers
    taken = by_site[world["site"].to_numpy()] & (rng.random(world.height) < rng.uniform(0.8, 1.0))
    rows = world.filter(taken)
    twice = rows.filter(rng.random(rows.height) < rng.choice([0, 0.01, 0.03]))
    rows = pl.concat([rows, twice]).sample(fraction=1.0, shuffle=True, seed=int(rng.integers(2**31)))
    columns: dict[str, object] = {
        "record_id": np.arange(rows.height) + offset + 1, "list_id": np.full(rows.height, list_id),
        "owner": [f"OWN{list_id if rng.random() < 0.85 else 1}"] * rows.height,
        "true_camera": rows["camera"], "true_site": rows["site"],
    }  # fmt: skip
    for part in (_placed, _addressed, _identified, _posed, _described, _named):
        columns |= part(rng, rows, list_id)
    return pl.DataFrame(columns).with_columns(pl.col(pl.String).replace("", None))


def _blank(rng: Rng, values: object, share: float) -> pl.Series:
    series = values if isinstance(values, pl.Series) else pl.Series(values)
    keep = pl.Series(rng.random(len(series)) < share)
    return pl.select(pl.when(keep).then(series)).to_series()


def _placed(rng: Rng, rows: pl.DataFrame, _list_id: int) -> dict[str, object]:
    style = rng.choice(["given", "geocoded", "none", "rounded"], p=[0.6, 0.17, 0.15, 0.08])
    if style == "none":
        return {}
    n = rows.height
    noise = float(rng.choice([1.5, 3, 6, 10, 14]))
    if style == "geocoded":
        x, y = rows["site_x"].to_numpy(), rows["site_y"].to_numpy()
        wrong = rng.random(n) < 0.03
        x, y = x + wrong * rng.normal(0, 120, n), y + wrong * rng.normal(0, 120, n)
    else:
        sites = int(rows["site"].max() or 0) + 1  # type: ignore[arg-type, operator]  # integers
        shared = rng.random() < 0.5  # one reading for the pole, or one for each camera
        error = rng.normal(0, noise, (sites, 2))[rows["site"].to_numpy()] if shared else rng.normal(0, noise, (n, 2))
        gross = (rng.random(n) < 0.015)[:, None] * rng.normal(0, 300, (n, 2))
        at = rows.select("site_x", "site_y").to_numpy() if rng.random() < 0.2 else rows.select("x", "y").to_numpy()
        x, y = (at + error + gross).T
    digits = 3 if style == "rounded" else int(rng.choice([4, 5, 6, 7], p=[0.1, 0.25, 0.45, 0.2]))
    given = rng.uniform(0.6, 1.0)
    return {
        "lon_deg": _blank(rng, np.round(ORIGIN[0] + x / 71_600, digits), given),
        "lat_deg": _blank(rng, np.round(ORIGIN[1] + y / 111_320, digits), given),
        "place_origin": ["geocoded" if style == "geocoded" else "given"] * n,
    }


def _addressed(rng: Rng, rows: pl.DataFrame, _list_id: int) -> dict[str, object]:
    if rng.random() < 0.25:
        return {}
    n, share = rows.height, float(rng.uniform(0.7, 1.0))
    house = rows["house"].to_numpy() + (rng.random(n) < 0.04) * rng.integers(-3, 4, n)
    keep = pl.Series(rng.random(n) < share)
    street = pl.Series([f"вул:{s}" for s in rows["street"]])
    columns: dict[str, object] = {
        "house": pl.select(pl.when(keep).then(pl.Series([str(h) for h in house]))).to_series(),
        "address": pl.select(pl.when(keep).then(pl.Series(
            [f"вул. Вигадана {_roman(s)}, {h}" for s, h in zip(rows["street"], house, strict=True)]))).to_series(),
    }  # fmt: skip
    if rng.random() < 0.75:
        columns["street_key"] = pl.select(pl.when(keep).then(street)).to_series()
    return columns


def _roman(number: int) -> str:
    return "".join("бвгджзклмнпрст"[int(d)] + "ао"[i % 2] for i, d in enumerate(f"{number:04d}"))


def _identified(rng: Rng, rows: pl.DataFrame, list_id: int) -> dict[str, object]:
    n = rows.height
    columns: dict[str, object] = {}
    if rng.random() < 0.55:
        typo = (rng.random(n) < 0.015) * rng.integers(1, 2**20, n)
        columns["mac"] = _blank(
            rng, [f"{0xA0 << 40 | m:012X}" for m in rows["mac"].to_numpy() ^ typo], rng.uniform(0.4, 1)
        )
    if rng.random() < 0.5:
        typo = (rng.random(n) < 0.02) * rng.integers(1, 99, n)
        columns["serial"] = _blank(rng, [f"E{s}" for s in rows["serial"].to_numpy() + typo], rng.uniform(0.4, 1))
    if rng.random() < 0.55:
        moved = np.where(rng.random(n) < rng.choice([0.02, 0.12]), rng.integers(0, 2**20, n), rows["ip"].to_numpy())
        site, ordinal = rows["site"].to_numpy(), rows["ordinal"].to_numpy()
        hidden = site % 10 < rng.choice([0, 3, 9])  # behind a router, where every building begins at .1.100
        texts = [
            f"192.168.{s % 12}.{100 + o}" if h else f"10.{v >> 16 & 63}.{v >> 8 & 255}.{v & 255}"
            for v, s, o, h in zip(moved, site, ordinal, hidden, strict=True)
        ]
        columns["ip"] = _blank(rng, texts, rng.uniform(0.5, 1))
    if rng.random() < 0.5:
        own = rng.random() < 0.7
        numbers = rows["inventory"].to_numpy() * (list_id if own else 1)
        columns["inventory_number"] = _blank(rng, [str(v) for v in numbers], rng.uniform(0.5, 1))
    return columns


def _posed(rng: Rng, rows: pl.DataFrame, _list_id: int) -> dict[str, object]:
    n = rows.height
    columns: dict[str, object] = {}
    if rng.random() < 0.65:
        bearing = rows["bearing"].to_numpy() + rng.normal(0, float(rng.choice([3, 6, 12])), n)
        bearing = bearing + (rng.random(n) < 0.02) * 180
        if rng.random() < 0.35:
            bearing = np.round(bearing / 45) * 45
        columns["bearing_deg"] = _blank(rng, np.round(bearing % 360, 1), rng.uniform(0.5, 1))
    if rng.random() < 0.5:
        height = rows["height"].to_numpy() + rng.normal(0, float(rng.choice([0.1, 0.6])), n)
        columns["height_m"] = _blank(rng, np.round(height * 2) / 2, rng.uniform(0.5, 1))
    return columns


def _described(rng: Rng, rows: pl.DataFrame, _list_id: int) -> dict[str, object]:
    n = rows.height
    columns: dict[str, object] = {}
    if rng.random() < 0.6:
        kind = np.where(rng.random(n) < 0.04, rng.choice(_KINDS, n), rows["kind"].to_numpy())
        columns["kind"] = _blank(rng, pl.Series(kind.astype(str)), rng.uniform(0.6, 1))
    if rng.random() < 0.65:
        loose = rng.choice([0.03, 0.2])
        model = pl.Series(
            np.where(rng.random(n) < 0.02, np.roll(rows["model"].to_numpy(), 1), rows["model"].to_numpy()).astype(str)
        )
        short = pl.Series(rng.random(n) < loose)
        spelled = pl.select(pl.when(short).then(model.str.slice(0, 9)).otherwise(model)).to_series()
        columns["model"] = _blank(
            rng, spelled if rng.random() < 0.7 else spelled.str.replace_all("-", " "), rng.uniform(0.6, 1)
        )
    if rng.random() < 0.55:
        columns["vendor"] = _blank(rng, rows["vendor"], rng.uniform(0.6, 1))
    if rng.random() < 0.4:
        days = rows["start"].to_numpy() + np.where(rng.random(n) < 0.15, rng.integers(-60, 400, n), 0)
        texts = (np.datetime64("2014-01-01") + days).astype(str)
        columns["installed_on"] = _blank(rng, pl.Series(texts), rng.uniform(0.5, 1))
    if rng.random() < 0.25:
        owners = np.array(["КП Світло", "Департамент", "КП Житло"])[rows["site"].to_numpy() % 3]
        columns["owner_name"] = _blank(rng, pl.Series(owners.astype(str)), rng.uniform(0.5, 1))
    return columns


def _named(rng: Rng, rows: pl.DataFrame, list_id: int) -> dict[str, object]:
    style = rng.choice(["none", "site", "shared", "running", "place"], p=[0.3, 0.25, 0.2, 0.15, 0.1])
    if style == "none":
        return {}
    words = np.array(_WORDS_RU if rng.random() < 0.3 else _WORDS)[rows["word"].to_numpy()]
    ordinal, n = rows["ordinal"].to_numpy(), rows.height
    if style == "shared":
        names = [f"CAM-{camera:04d}" for camera in rows["camera"]]
    elif style == "running":
        names = [f"Камера {i + list_id}" for i in range(n)]
    elif style == "place":
        names = list(words)
    else:
        names = [f"Камера {o} ({w})" for o, w in zip(ordinal, words, strict=True)]
    return {"name": _blank(rng, pl.Series([str(name) for name in names]), rng.uniform(0.6, 1))}
