"""Invented towns of quite another kind than the demo, one habit at a time: where does matching fail?

Small lists, few columns, poles in a row, houses full of cameras told apart by one word, coordinates copied or guessed.
What a careful person could tell is worked out from what was written: an identifier that both rows state, or a place
where everything else that either row may mean is ruled out by something that both rows state.
"""

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

Rng = np.random.Generator
ORIGIN = (24.7, 48.92)
KX, KY = 73_150.0, 111_320.0
STREETS = ("Зелена", "Млинова", "Соборна", "Тиха", "Вокзальна", "Гончарна", "Озерна", "Лугова", "Ковальська", "Нова")
WORDS = (("вхід", "вход"), ("каса", "касса"), ("двір", "двор"), ("склад", "склад"), ("хол", "холл"),
         ("ворота", "ворота"), ("сходи", "лестница"), ("паркінг", "парковка"))  # fmt: skip
KINDS = ("fixed", "dome", "ptz")
MODELS = tuple(f"{maker}-{number}" for maker in ("IPC-HFW", "DS-2CD", "P32", "TC-C") for number in (1120, 2143, 45, 38))
EVALUATION_SEEDS = (71, 72, 73)
TRAINING_SEEDS = (5_001, 5_002, 5_003)


@dataclass(frozen=True)
class Habit:
    """How one list is written. noise_m None: no coordinates. Shares are of rows that state the value."""

    noise_m: float | None = 3.0
    digits: int = 6
    address: float = 0.0
    ids: float = 0.0
    slips: float = 0.0
    bearing: str = "none"  # none | degrees | words
    label: str = "none"  # none | words | numbers | both | running
    kind: float = 0.0
    model: float = 0.0
    ip: float = 0.0
    inventory: str = "none"  # none | running (each owner from one) | quoted (the holder's own number)
    twice: float = 0.0
    russian: bool = False
    swapped: float = 0.0  # rows with another kind or model than true


@dataclass(frozen=True)
class Town:
    """A town and its lists: habits are taken in turn."""

    name: str
    habits: tuple[Habit, ...]
    cameras: int = 400
    spacing_m: float = 60.0
    sizes: tuple[int, ...] = (1, 1, 1, 2, 3, 4)
    houses: float = 0.3
    overlap: float = 0.5
    apart_deg: float = 45.0
    extra: dict[str, Any] = field(default_factory=dict)


PLAIN = Habit()
TOWNS = (
    Town("copied points, nothing else", (Habit(noise_m=0.0), Habit(noise_m=0.0)), sizes=(1,), cameras=150),
    Town("copied points, dense", (Habit(noise_m=0.0), Habit(noise_m=0.0)), sizes=(1,), spacing_m=10, cameras=300),
    Town("copied points, poles by bearing", (Habit(noise_m=0.0, bearing="degrees"),) * 2, cameras=120, houses=0),
    Town("2 m, sparse, nothing else", (Habit(noise_m=2.0),) * 2, sizes=(1,), spacing_m=150, cameras=80),
    Town("3 m, poles by bearing", (Habit(noise_m=3.0, bearing="degrees"),) * 3, houses=0),
    Town("3 m, poles by bearing words", (Habit(noise_m=3.0, bearing="degrees"), Habit(noise_m=3.0, bearing="words")),
         houses=0, apart_deg=80),
    Town("10 m, sparse, kinds and models", (Habit(noise_m=10.0, kind=0.9, model=0.8, address=0.6),) * 3,
         spacing_m=180, sizes=(1, 1, 2)),
    Town("20 m, ids in a third", (Habit(noise_m=20.0, ids=0.35, model=0.7, slips=0.02),) * 4, spacing_m=80),
    Town("addresses and words", (Habit(noise_m=None, address=1, label="words"),
                                 Habit(noise_m=None, address=1, label="words", russian=True)), houses=1,
         sizes=(1, 2, 3, 4, 6, 8), spacing_m=70),
    Town("addresses and numbers", (Habit(noise_m=None, address=1, label="numbers"),) * 3, houses=1,
         sizes=(1, 2, 3, 4, 6, 8), spacing_m=70),
    Town("addresses, numbers and words", (Habit(noise_m=None, address=1, label="both"),
                                          Habit(noise_m=None, address=1, label="words", ids=0.3)), houses=1,
         sizes=(1, 2, 3, 5), spacing_m=70),
    Town("addresses against points", (Habit(noise_m=None, address=1, label="both", model=0.5),
                                      Habit(noise_m=4.0, address=0.9, label="both", model=0.7)), houses=1,
         sizes=(1, 1, 2, 3), spacing_m=60),
    Town("addresses and running numbers", (Habit(noise_m=None, address=1, label="running", kind=0.8, ids=0.3),
                                           Habit(noise_m=5, address=1, label="running", kind=0.8, ids=0.8)),
         houses=0.8, sizes=(1, 2, 3)),
    Town("ids in most, nothing else", (Habit(noise_m=None, ids=0.8, slips=0.01),) * 3),
    Town("ids in most, slips, points", (Habit(noise_m=4, ids=0.8, slips=0.06, bearing="degrees"),) * 4),
    Town("network addresses only", (Habit(noise_m=None, ip=1.0), Habit(noise_m=5, ip=0.8), Habit(noise_m=None, ip=0.9)),
         ),
    Town("numbers from one in each list", (Habit(noise_m=4, inventory="running", label="running", kind=0.9),) * 4),
    Town("numbers of the holder quoted", (Habit(noise_m=None, inventory="quoted", address=0.7),
                                          Habit(noise_m=6, inventory="quoted", address=0.5)), houses=0.6),
    Town("rows written twice", (Habit(noise_m=3, ids=0.5, bearing="degrees", twice=0.05, label="both"),) * 3),
    Town("dense centre, 4 m", (Habit(noise_m=4, bearing="degrees", kind=0.9, model=0.8),) * 3, spacing_m=14,
         sizes=(1, 2), cameras=500),
    Town("six owners, all sorts", (
        Habit(noise_m=3, ids=0.8, bearing="degrees", model=0.9, kind=0.9),
        Habit(noise_m=None, address=1, label="both", ids=0.3), Habit(noise_m=8, bearing="words", kind=0.7),
        Habit(noise_m=0.0, address=0.5, model=0.6), Habit(noise_m=None, ip=0.9, address=0.8, label="words"),
        Habit(noise_m=15, ids=0.6, slips=0.03, twice=0.02, address=0.7)), cameras=700, overlap=0.4),
    Town("big overlap, tiny lists", (Habit(noise_m=2, bearing="degrees"), Habit(noise_m=2, kind=1.0, address=1.0)),
         cameras=25, overlap=0.85, sizes=(1, 1, 2)),
    Town("hardly any overlap", (Habit(noise_m=3, bearing="degrees", kind=0.9),) * 4, overlap=0.12, cameras=800),
    Town("hardly any overlap, addresses", (Habit(noise_m=None, address=1, label="both", kind=0.8),) * 3, overlap=0.15,
         houses=1, cameras=600, sizes=(1, 2, 4)),
    Town("swapped kinds", (Habit(noise_m=2, kind=1, model=1, swapped=0.1, bearing="degrees"),) * 3, sizes=(1, 2)),
    Town("4 digits", (Habit(noise_m=2, digits=4, bearing="degrees", model=0.8), Habit(noise_m=2, bearing="degrees")),
         spacing_m=90),
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """records as matching takes them; truth: record_id, list_id, camera; same and tellable: left, right."""

    records: pl.DataFrame
    truth: pl.DataFrame
    same: pl.DataFrame
    tellable: pl.DataFrame


def random_town(seed: int) -> Town:
    """A town of drawn habits, between those of TOWNS."""
    rng = np.random.default_rng(seed)

    def habit() -> Habit:
        noise = rng.choice([-1, 0, 1, 2, 4, 8, 15, 25], p=[0.27, 0.15, 0.1, 0.13, 0.13, 0.1, 0.07, 0.05])
        return Habit(
            noise_m=None if noise < 0 else float(noise),
            digits=int(rng.choice([4, 5, 6, 7], p=[0.07, 0.28, 0.4, 0.25])),
            address=1.0 if noise < 0 else float(rng.choice([0, 0.5, 1.0])), ids=float(rng.choice([0, 0.3, 0.8])),
            slips=float(rng.choice([0, 0.02, 0.05])), bearing=str(rng.choice(["none", "degrees", "words"])),
            label=str(rng.choice(["none", "words", "numbers", "both", "running"])),
            kind=float(rng.choice([0, 0.5, 1.0])),
            model=float(rng.choice([0, 0.5, 0.9])), ip=float(rng.choice([0, 0, 0.7])),
            inventory=str(rng.choice(["none", "none", "running", "quoted"])),
            twice=float(rng.choice([0, 0, 0.02, 0.05])),
            russian=bool(rng.random() < 0.4), swapped=float(rng.choice([0, 0, 0.03])),
        )  # fmt: skip

    sizes = ((1,), (1, 1, 2), (1, 1, 1, 2, 3, 4), (1, 2, 3, 4, 6), (4, 4, 6))
    return Town(
        f"drawn {seed}", tuple(habit() for _ in range(int(rng.integers(2, 8)))),
        cameras=int(np.exp(rng.uniform(np.log(30), np.log(1_200)))), spacing_m=float(rng.choice([10, 20, 40, 80, 160])),
        sizes=sizes[int(rng.integers(len(sizes)))], houses=float(rng.choice([0, 0.3, 0.7, 1.0])),
        overlap=float(rng.uniform(0.1, 0.8)), apart_deg=float(rng.choice([30, 45, 80])),
    )  # fmt: skip


def write_town(town: Town, seed: int) -> Written:
    """The lists of a town, and what can be told from them."""
    rng = np.random.default_rng([seed, len(town.name), town.cameras])
    world = _world(rng, town)
    rows: list[dict[str, Any]] = []
    shared = rng.random(town.cameras)
    for number, habit in enumerate(town.habits, start=1):
        own = rng.random(town.cameras) < 0.55 / len(town.habits)
        # overlap: the share of a list that other lists hold as well, by and large
        common = (shared < town.overlap) & (rng.random(town.cameras) < 0.85)
        taken = rng.permutation(np.flatnonzero(common | own))
        rows += _list(rng, world, habit, number, taken)
    for position, row in enumerate(rows, start=1):
        row["record_id"] = position
    return _told(world, rows)


def _world(rng: Rng, town: Town) -> dict[str, Any]:
    n = town.cameras
    sizes = rng.choice(town.sizes, size=n)
    site = np.repeat(np.arange(n), sizes)[:n]
    ordinal = np.arange(n) - np.searchsorted(site, site)
    sites = int(site[-1]) + 1
    across = math.ceil(math.sqrt(sites))
    cell = rng.permutation(across * across)[:sites]
    x = (cell % across + rng.uniform(-0.2, 0.2, sites)) * town.spacing_m
    y = (cell // across + rng.uniform(-0.2, 0.2, sites)) * town.spacing_m
    house = rng.random(sites) < town.houses
    spread = np.where(house, rng.uniform(2, 14, sites), 0.15)[site]
    turn, gap = rng.uniform(0, 360, sites), np.maximum(town.apart_deg, 360 / np.maximum(sizes[:sites], 1) * 0.8)
    words = np.stack([rng.permutation(len(WORDS)) for _ in range(sites)])
    side_kind, side_model = rng.choice(3, sites, p=[0.55, 0.3, 0.15]), rng.integers(len(MODELS), size=sites)
    return {
        "x": x[site] + rng.normal(0, 1, n) * spread, "y": y[site] + rng.normal(0, 1, n) * spread,
        "site": site, "ordinal": ordinal, "spread": spread,
        "bearing": (turn[site] + ordinal * gap[site] + rng.uniform(-5, 5, n)) % 360,
        "street": (y[site] // max(town.spacing_m * 2, 40)).astype(int) % len(STREETS),
        "house": (site * 2 + 1),
        "word": words[site, ordinal % len(WORDS)], "number": ordinal + 1,
        "kind": np.where(rng.random(n) < 0.6, side_kind[site], rng.choice(3, n, p=[0.6, 0.3, 0.1])),
        "model": np.where(rng.random(n) < 0.7, side_model[site], rng.integers(len(MODELS), size=n)),
        "mac": 0xE0_50_8B_00_00_00 + rng.permutation(n) + int(rng.integers(1 << 22)),
        "serial": 4_000_000 + rng.permutation(n) * 3, "ip": rng.permutation(n) + 300,
        "holder": rng.integers(1, len(town.habits) + 1, n), "inventory": 10_140_000 + rng.permutation(n),
    }  # fmt: skip


def _list(rng: Rng, world: dict[str, Any], habit: Habit, number: int, taken: Any) -> list[dict[str, Any]]:
    rows = []
    for place, camera in enumerate(taken, start=1):
        for _ in range(1 + int(rng.random() < habit.twice)):
            row: dict[str, Any] = {"camera": int(camera), "list_id": number, "owner": f"O{number}", "says": {}}
            for part in (_coordinates, _address, _device, _numbers, _looks):
                part(rng, world, habit, row, place)
            _label(world, habit, row, place, rng)
            rows.append(row)
    return rows


def _coordinates(rng: Rng, world: dict[str, Any], habit: Habit, row: dict[str, Any], _place: int) -> None:
    if habit.noise_m is None:
        return
    camera = row["camera"]
    # Poles are surveyed once: all cameras of one pole share the point; copied points are the point itself.
    error = rng.normal(0, habit.noise_m / 1.6, 2) if habit.noise_m else np.zeros(2)
    row["lon_deg"] = round(ORIGIN[0] + (world["x"][camera] + error[0]) / KX, habit.digits)
    row["lat_deg"] = round(ORIGIN[1] + (world["y"][camera] + error[1]) / KY, habit.digits)
    reach = 1.2 + 1.9 * habit.noise_m + 0.6 * KY * 10.0**-habit.digits
    if math.hypot(*error) <= reach:
        row["says"] |= {"x": (row["lon_deg"] - ORIGIN[0]) * KX, "y": (row["lat_deg"] - ORIGIN[1]) * KY, "reach": reach}
    else:
        row["says"]["reach"] = -1.0


def _address(rng: Rng, world: dict[str, Any], habit: Habit, row: dict[str, Any], _place: int) -> None:
    if rng.random() >= habit.address:
        return
    camera = row["camera"]
    street, house = STREETS[world["street"][camera]], str(world["house"][camera])
    row |= {"address": f"{'ул.' if habit.russian else 'вул.'} {street}, {house}", "street": street, "house": house,
            "street_key": f"вул:{street.lower()}"}  # fmt: skip
    row["says"]["site"] = int(world["site"][camera])


def _device(rng: Rng, world: dict[str, Any], habit: Habit, row: dict[str, Any], _place: int) -> None:
    camera = row["camera"]
    for name, share, digits in (("mac", habit.ids, "012X"), ("serial", habit.ids * 0.7, "d")):
        if rng.random() >= share:
            continue
        text = format(int(world[name][camera]), digits)
        slipped = rng.random() < habit.slips
        if slipped:
            at = int(rng.integers(len(text)))
            text = text[:at] + str(rng.choice([c for c in "0123456789" if c != text[at]])) + text[at + 1 :]
        row[name] = text if name == "mac" else f"SN{text}"
        row["says"][name] = "" if slipped else text
    if rng.random() < habit.ip:
        value = int(world["ip"][camera])
        row["ip"] = row["says"]["ip"] = f"10.7.{value >> 8}.{value & 255}"


def _numbers(_rng: Rng, world: dict[str, Any], habit: Habit, row: dict[str, Any], place: int) -> None:
    camera = row["camera"]
    if habit.inventory == "running":
        row["inventory_number"] = f"{place:05d}"
    elif habit.inventory == "quoted":
        row["inventory_number"] = row["says"]["inventory"] = str(world["inventory"][camera])
        row["owner_name"] = f"Балансоутримувач {world['holder'][camera]}"


def _looks(rng: Rng, world: dict[str, Any], habit: Habit, row: dict[str, Any], _place: int) -> None:
    camera, says = row["camera"], row["says"]
    kind = KINDS[world["kind"][camera]]
    if rng.random() < habit.kind:
        row["kind"] = says["kind"] = str(rng.choice(KINDS)) if rng.random() < habit.swapped else kind
    if rng.random() < habit.model:
        wrong = rng.random() < habit.swapped
        row["model"] = says["model"] = MODELS[rng.integers(len(MODELS)) if wrong else world["model"][camera]]
    if habit.bearing == "none" or kind == "ptz" or rng.random() < 0.08:
        return
    step = 45 if habit.bearing == "words" else 1
    noise = 4.0 if habit.bearing == "words" else 5.0
    row["bearing_deg"] = says["bearing"] = round((world["bearing"][camera] + rng.normal(0, noise)) / step) * step % 360
    says["slack"] = 22.5 if habit.bearing == "words" else 0.0


def _label(world: dict[str, Any], habit: Habit, row: dict[str, Any], place: int, rng: Rng) -> None:
    camera, says = row["camera"], row["says"]
    if habit.label == "none" or rng.random() < 0.04:
        return
    word = WORDS[world["word"][camera]][habit.russian]
    number = int(world["number"][camera])
    if habit.label == "running":
        row["name"] = f"Камера {place}"
        return
    row["name"] = {"words": word, "numbers": f"Камера {number}", "both": f"Камера {number} ({word})"}[habit.label]
    if habit.label != "numbers":
        says["word"] = int(world["word"][camera])
    if habit.label != "words":
        says["number"] = number


def _told(world: dict[str, Any], rows: list[dict[str, Any]]) -> Written:
    tree = cKDTree(np.stack([world["x"], world["y"]], axis=1))
    at_site: dict[int, set[int]] = {}
    for camera, site in enumerate(world["site"]):
        at_site.setdefault(int(site), set()).add(camera)
    by_camera: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        row["meant"] = _meant(row["says"], tree, at_site)
        by_camera.setdefault(row["camera"], []).append(row)
    same, tellable = [], []
    for camera, known in by_camera.items():
        for i, a in enumerate(known):
            for b in known[i + 1 :]:
                pair = tuple(sorted((a["record_id"], b["record_id"])))
                same.append(pair)
                if _share_identifier(a["says"], b["says"]) or _place_tells(world, camera, a, b):
                    tellable.append(pair)
    schema = {"left": pl.Int64, "right": pl.Int64}
    columns = [{k: v for k, v in row.items() if k not in ("says", "meant", "camera")} for row in rows]
    truth = pl.DataFrame([{k: row[k] for k in ("record_id", "list_id", "camera")} for row in rows])
    return Written(
        pl.DataFrame(columns, infer_schema_length=None), truth,
        *(pl.DataFrame(pairs, schema=schema, orient="row") for pairs in (same, tellable)),
    )  # fmt: skip


def _meant(says: dict[str, Any], tree: cKDTree, at_site: dict[int, set[int]]) -> set[int] | None:
    if says.get("reach", 0) < 0:
        return set()
    found = set(tree.query_ball_point((says["x"], says["y"]), says["reach"])) if "x" in says else None
    named = at_site[says["site"]] if "site" in says else None
    if found is None or named is None:
        return found if named is None else named
    return found & named


def _share_identifier(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return any(a.get(name) and a.get(name) == b.get(name) for name in ("mac", "serial", "ip", "inventory"))


def _place_tells(world: dict[str, Any], camera: int, a: dict[str, Any], b: dict[str, Any]) -> bool:
    if a["meant"] is None or b["meant"] is None or camera not in a["meant"] or camera not in b["meant"]:
        return False
    one, two = a["says"], b["says"]
    names = ("mac", "serial", "ip", "kind", "model", "word", "number", "inventory")
    if any(one.get(n) not in (None, "") and two.get(n) not in (None, "") and one[n] != two[n] for n in names):
        return False
    if any(one.get(n) == "" or two.get(n) == "" for n in ("mac", "serial") if n in one and n in two):
        return False
    if _turned(one.get("bearing"), two.get("bearing"), one.get("slack", 0) + two.get("slack", 0)):
        return False
    return all(_ruled_out(world, other, one, two) for other in (a["meant"] | b["meant"]) - {camera})


def _ruled_out(world: dict[str, Any], other: int, one: dict[str, Any], two: dict[str, Any]) -> bool:
    true = {"kind": KINDS[world["kind"][other]], "model": MODELS[world["model"][other]],
            "word": int(world["word"][other]), "number": int(world["number"][other])}  # fmt: skip
    if any(n in one and n in two and value not in (one[n], two[n]) for n, value in true.items()):
        return True
    bearing = world["bearing"][other]
    return all(_turned(s.get("bearing"), bearing, s.get("slack", 0)) for s in (one, two))


def _turned(first_deg: float | None, second_deg: float | None, slack_deg: float) -> bool:
    if first_deg is None or second_deg is None:
        return False
    return abs((first_deg - second_deg + 180) % 360 - 180) > 20 + slack_deg


def main() -> None:
    """Prints one line for each town, over the evaluation seeds."""
    from benchmarks.matching_quality import of_records  # it in turn needs nothing of ours

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawn", type=int, default=40, help="how many drawn towns besides the named ones")
    parser.add_argument("--seeds", type=int, nargs="*", default=list(EVALUATION_SEEDS))
    options = parser.parse_args()
    print_table(of_records, options.seeds, options.drawn)


def print_table(measure: Callable[[Written], Any], seeds: Sequence[int], drawn: int) -> None:
    """Precision, recall, F1 and questions of each town, the worst mark last."""
    head = ("town", "rows", "pairs", "told", "merged", "precision", "found", "F1", "asked/row")
    print("{:36}{:>6}{:>6}{:>6}{:>7}{:>10}{:>7}{:>8}{:>10}".format(*head))
    everything = []
    for town in TOWNS:
        found = [measure(write_town(town, seed)) for seed in seeds]
        everything += found
        _print_line(town.name, found)
    many = [measure(write_town(random_town(90_000 + n), 90_000 + n)) for n in range(drawn)]
    for number, one in enumerate(many):
        if one.precision < 0.995 or one.f1 < 0.97:
            _print_line(f"drawn {90_000 + number}", [one])
    _print_line(f"{drawn} drawn towns", many)
    _print_line("all towns", everything + many)


def _print_line(name: str, found: list[Any]) -> None:
    if not found:
        return
    total = replace(found[0], **{f: sum(getattr(q, f) for q in found) for f in found[0].__dataclass_fields__})
    print(f"{name:36}{total.rows:>6}{total.same:>6}{total.tellable:>6}{total.merged:>7}{total.precision:>10.4f}"
          f"{total.recall:>7.3f}{total.f1:>8.4f}{total.asked / max(total.rows, 1):>10.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
