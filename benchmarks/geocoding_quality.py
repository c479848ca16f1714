"""How well addresses are found: five places in many spellings, beside a plain fuzzy search over whole address texts.

Each list is asked as written and then perturbed: typing slips, transliteration, the other language, former names, other
word order. "Held out" asks for houses that the table does not hold: neighbours must tell. Found means a place within
100 m of the truth; wrong means an answer further than that. The fuzzy search (rapidfuzz, WRatio, the best of all known
texts) may always answer, as in the usual recipe.
"""

import json
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from oblik.city.logic.gazetteer import Gazetteer
from oblik.city.logic.names import house_key
from oblik.city.logic.roads import StreetLines
from oblik.city.logic.streets import Points, Rename
from oblik.city.logic.tables import understand_rows
from oblik.city.logic.things import Address, Thing
from oblik.city.readers import osm
from oblik.city.readers.delimited import rows_of

DATA = Path("../shared/data")
ASKED, ASKED_OF_PEER, NEAR_M = 1500, 150, 100.0
LATIN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’'",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "iu",
            "ia",
            "",
            "",
        ],
        strict=True,
    )
)
RU_KINDS = {"вулиця": "ул.", "провулок": "пер.", "проспект": "пр-т", "площа": "пл.", "бульвар": "б-р",
            "шосе": "шоссе", "набережна": "наб.", "узвіз": "спуск", "в'їзд": "въезд", "проїзд": "проезд"}  # fmt: skip


@dataclass
class Town:
    """Points, renames and lines of one place; other: (street, settlement) -> its name in the second language."""

    name: str
    points: Points
    renames: list[Rename] = field(default_factory=list)
    lines: StreetLines | None = None
    other: dict[tuple[str, str], str] = field(default_factory=dict)
    former: dict[tuple[str, str], str] = field(default_factory=dict)
    latin_too: bool = False

    def where(self, row: int) -> tuple[str, str]:
        return self.label(row), self.points.settlement[row] if self.points.settlement else ""

    def label(self, row: int) -> str:
        return f"{self.points.kind[row]} {self.points.street[row]}".strip()


def metres(lon, lat, lon2, lat2):
    return np.hypot((lon - lon2) * np.cos(np.radians(lat2)), lat - lat2) * 111_195


def slip(rng: random.Random, text: str) -> str:
    """One typing slip inside the longest word: a letter left out, doubled, swapped or another."""
    word = max(text.split(), key=len)
    at = rng.randrange(1, max(2, len(word) - 1))
    made = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            word[:at] + rng.choice("аеіонклрст" if word[at] >= "а" else "aeionklrst") + word[at + 1 :],
        )
    )
    return text.replace(word, made, 1)


def latin(text: str) -> str:
    made = "".join(LATIN.get(c, LATIN.get(c.lower(), c)) if c.lower() in LATIN else c for c in text)
    return made.replace("vulytsia", "vul.").replace("provulok", "prov.")


def town_of_extract(name: str, path: Path) -> Town:
    found = list(osm.read(path, storey_m=3.2))
    homes = [one for one in found if isinstance(one, Address)]
    spots = shapely.point_on_surface(shapely.from_wkb([one.wkb for one in homes]))
    points = Points(
        [""] * len(homes), [one.street for one in homes], [one.house for one in homes],
        shapely.get_y(spots).tolist(), shapely.get_x(spots).tolist(),
    )  # fmt: skip
    ways = [one for one in found if isinstance(one, Thing) and one.layer == "street" and one.name]
    names = [json.loads(way.names) if way.names else {} for way in ways]
    lines = StreetLines([way.name for way in ways], names, shapely.from_wkb([way.wkb for way in ways]))
    other, former = {}, {}
    for way, said in zip(ways, names, strict=True):
        second = next((said[key] for key in ("sv", "ru", "en") if said.get(key, way.name) != way.name), "")
        if second:
            other[way.name, ""] = second
        if said.get("old"):
            former[way.name, ""] = said["old"][0]
    return Town(name, points, lines=lines, other=other, former=former)


def town_of_table(name: str, paths: Sequence[Path], *, lines: StreetLines | None = None) -> Town:
    kinds, streets, houses, lat, lon, settlement = [], [], [], [], [], []
    renames: list[Rename] = []
    for path in paths:
        table = understand_rows(rows_of(path.read_bytes(), name=path.name))
        renames += table.renames
        for p in table.points:
            for column, value in zip(
                (kinds, streets, houses, lat, lon, settlement),
                (p.kind, p.street, p.house, p.lat_deg, p.lon_deg, p.settlement), strict=True,
            ):  # fmt: skip
                column.append(value)
    former = {
        (f"{r.kind_new or r.kind_old} {r.new_uk}", r.settlement): f"{r.kind_old} {r.old_uk}"
        for r in renames
        if r.old_uk
    }
    other = {
        (f"{r.kind_new} {r.new_uk}", r.settlement): f"{RU_KINDS.get(r.kind_new, r.kind_new)} {r.new_ru}"
        for r in renames
        if r.new_ru
    }
    return Town(name, Points(kinds, streets, houses, lat, lon, settlement), renames, lines, other, former, True)


def without(town: Town, held: set[int]) -> Points:
    kept = [row for row in range(len(town.points.street)) if row not in held]
    return Points(*([column[row] for row in kept] if len(column) else [] for column in town.points))


Answer = tuple[float, float] | None


def judge(town: Town, rows: Sequence[int], answers: Sequence[Answer]) -> tuple[float, float, float]:
    """Share found, share wrong, median error of what was answered."""
    same: dict[tuple[str, str], list[int]] = {}
    for row in range(len(town.points.street)):
        same.setdefault((town.label(row), house_key(town.points.house[row])), []).append(row)
    lon, lat = np.asarray(town.points.lon_deg), np.asarray(town.points.lat_deg)
    errors = []
    for row, answer in zip(rows, answers, strict=True):
        if answer is None:
            errors.append(np.nan)
            continue
        true = same[town.label(row), house_key(town.points.house[row])]
        errors.append(float(metres(answer[0], answer[1], lon[true], lat[true]).min()))
    got = np.array(errors)
    answered = got[~np.isnan(got)]
    found = float((answered <= NEAR_M).sum() / max(len(got), 1))
    return (
        found,
        float((answered > NEAR_M).sum() / max(len(got), 1)),
        float(np.median(answered)) if len(answered) else np.nan,
    )


def cases(town: Town, rng: random.Random) -> list[tuple[str, list[int], Callable[[int], str]]]:
    every = rng.sample(range(len(town.points.street)), min(ASKED, len(town.points.street)))

    def text(row: int, street: str | None = None) -> str:
        return f"{street or town.label(row)}, {town.points.house[row]}"

    made = [
        ("as written", every, text),
        ("capitals, no comma", every, lambda row: f"{town.label(row)} {town.points.house[row]}".upper()),
        ("typing slip", every, lambda row: text(row, town.points.kind[row] + " " + slip(rng, town.points.street[row]))),
    ]
    if town.latin_too:
        made.append(("transliterated", every, lambda row: latin(text(row))))
    for what, names in (("other language", town.other), ("former name", town.former)):
        rows = [row for row in range(len(town.points.street)) if town.where(row) in names]
        if rows:
            rows = rng.sample(rows, min(ASKED, len(rows)))
            made.append((what, rows, lambda row, names=names: text(row, names[town.where(row)])))
    return made


def ask(city: Gazetteer, texts: Sequence[str], towns: Sequence[str] | None = None) -> list[Answer]:
    return [
        (one.lon_deg, one.lat_deg) if one.lon_deg is not None and one.lat_deg is not None else None
        for one in city.resolve(texts, settlements=towns)
    ]


def ask_peer(town: Town, points: Points, texts: Sequence[str]) -> list[Answer]:
    known = [f"{k} {s}, {h}".strip() for k, s, h in zip(points.kind, points.street, points.house, strict=True)]
    found = [process.extractOne(text, known, scorer=fuzz.WRatio, processor=default_process) for text in texts]
    return [(points.lon_deg[at[2]], points.lat_deg[at[2]]) if at else None for at in found]


def measure(town: Town, rng: random.Random, ours: list[float], peers: list[float]) -> None:
    print(f"\n{town.name}: {len(town.points.street):,} addresses")
    head = f"{'found':>8s}{'wrong':>8s}{'median':>9s}"
    print(f"  {'':22s}{'asked':>7s}{head}   fuzzy search:{head}")
    city = Gazetteer.build(town.points, town.renames, lines=town.lines)

    def line(what: str, rows: list[int], texts: list[str], answered: list[Answer], points: Points) -> None:
        got = judge(town, rows, answered)
        few = min(ASKED_OF_PEER, len(rows))
        peer = judge(town, rows[:few], ask_peer(town, points, texts[:few]))
        ours.append(got[0])
        peers.append(peer[0])
        told, other = (f"{one[0]:8.1%}{one[1]:8.1%}{one[2]:8.1f}m" for one in (got, peer))
        print(f"  {what:22s}{len(rows):7,d}{told}{'':16s}{other}")

    towns = town.points.settlement
    for what, rows, text in cases(town, rng):
        texts = [text(row) for row in rows]
        line(what, rows, texts, ask(city, texts, [towns[r] for r in rows] if towns else None), town.points)
    held = set(rng.sample(range(len(town.points.street)), len(town.points.street) // 10))
    rows = sorted(held)[:ASKED]
    rng.shuffle(rows)
    kept = without(town, held)
    fewer = Gazetteer.build(kept, town.renames, lines=town.lines)
    texts = [f"{town.label(row)}, {town.points.house[row]}" for row in rows]
    line("held out", rows, texts, ask(fewer, texts, [towns[r] for r in rows] if towns else None), kept)


def kharkiv(rng: random.Random, ours: list[float], peers: list[float]) -> None:
    """Old names in two languages to the present one; there are no points, so the street is what counts."""
    path = DATA / "kharkiv_renames" / "kharkiv_renames.csv"
    renames = understand_rows(rows_of(path.read_bytes(), name=path.name)).renames
    city = Gazetteer.build(renames=renames)
    asked = [
        (f"{r.kind_old} {old}", f"{r.kind_new} {r.new_uk or r.new_ru}")
        for r in renames
        for old in (r.old_uk, r.old_ru)
        if old
    ]
    asked += [(slip(rng, text), truth) for text, truth in asked] + [(latin(text), truth) for text, truth in asked]
    known = sorted({f"{r.kind_new} {r.new_uk}" for r in renames} | {f"{r.kind_old} {r.old_uk}" for r in renames})
    present = {f"{r.kind_old} {r.old_uk}": f"{r.kind_new} {r.new_uk}" for r in renames}
    right = sum(got.street == truth for got, (_, truth) in zip(city.resolve([a for a, _ in asked]), asked, strict=True))
    said = [process.extractOne(text, known, scorer=fuzz.WRatio, processor=default_process)[0] for text, _ in asked]
    peer = sum(present.get(one, one) == truth for one, (_, truth) in zip(said, asked, strict=True))
    ours.append(right / len(asked))
    peers.append(peer / len(asked))
    print(f"\nKharkiv's renames: {len(asked)} old names in two languages, mistyped, transliterated")
    print(f"  right street {right / len(asked):.1%}; fuzzy search over old and new names {peer / len(asked):.1%}")


def demo_town() -> Town:
    from oblik.demo.city import make_city

    with tempfile.TemporaryDirectory() as folder:
        made = make_city(Path(folder), cameras=600)
        drawn = town_of_extract("", made.map)
        town = town_of_table("Demo city", made.tables, lines=drawn.lines)
        town.other |= drawn.other
        return town


def main() -> None:
    rng = random.Random(7)
    ours: list[float] = []
    peers: list[float] = []
    towns = []
    if DATA.is_dir():
        towns = [
            town_of_extract("Helsinki (OpenStreetMap)", DATA / "helsinki_osm" / "Helsinki.osm.pbf"),
            town_of_extract("Monaco (OpenStreetMap)", DATA / "monaco_osm" / "monaco.osm.pbf"),
            town_of_table("Ladyzhyn", [DATA / "ladyzhyn" / name for name in ("houses.csv", "streets.csv")]),
        ]
        kharkiv(rng, ours, peers)
    else:
        print("../shared/data is not here: only the demo city is measured")
    for town in [*towns, demo_town()]:
        measure(town, rng, ours, peers)
    mean, peer = sum(ours) / len(ours), sum(peers) / len(peers)
    missed = (1 - peer) / max(1 - mean, 1e-9)
    print(f"\nmean share found {mean:.1%}, fuzzy search {peer:.1%}; it misses {missed:.1f} x as many")


if __name__ == "__main__":
    main()
