"""The true cameras of the demo city: where each really is, what it is, and whose lists it stands in."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import cos, hypot, radians, sin
from typing import Final

import numpy as np

from oblik.demo.catalogue import MODELS, Model
from oblik.demo.owners import MAPPED_BY_VOLUNTEERS, MEMBERSHIP, SHARES, UPDATER
from oblik.demo.streets import Ground, House, Rng

Label = tuple[str, str]
_SIZES: Final = {  # fewest and most cameras of one site
    "crossing": (2, 6), "square": (2, 5), "bridge": (2, 4), "school": (4, 12), "courtyard": (1, 3), "stop": (1, 2),
    "shop": (1, 3), "mall": (25, 70),
}  # fmt: skip
_HEIGHTS: Final = {"crossing": (5, 9), "square": (4, 7), "bridge": (6, 9), "stop": (3, 4.5), "mall": (2.8, 4)}
_MOUNTS: Final = {"crossing": "pole", "square": "pole", "bridge": "gantry", "stop": "pole", "mall": "ceiling"}
_PURPOSES: Final = {
    "crossing": ("дорожній рух", "дорожное движение"), "square": ("громадський порядок", "общественный порядок"),
    "bridge": ("контроль проїзду", "контроль проезда"), "school": ("безпека учнів", "безопасность учеников"),
    "courtyard": ("прибудинкова територія", "придомовая территория"), "stop": ("зупинка", "остановка"),
    "shop": ("охорона майна", "охрана имущества"), "mall": ("охорона майна", "охрана имущества"),
}  # fmt: skip
_SPOTS: Final[dict[str, tuple[Label, ...]]] = {
    "school": (
        ("вхід", "вход"), ("спортзал", "спортзал"), ("подвір'я", "двор"), ("їдальня", "столовая"), ("хол", "холл"),
        ("запасний вихід", "запасной выход"), ("ворота", "ворота"), ("стадіон", "стадион"),
    ),
    "shop": (("вхід", "вход"), ("каса", "касса"), ("зал", "зал"), ("склад", "склад")),
    "mall": (("ескалатор", "эскалатор"), ("каса", "касса"), ("галерея", "галерея"), ("паркінг", "паркинг"),
             ("фудкорт", "фудкорт"), ("вхід", "вход")),
}  # fmt: skip


@dataclass(slots=True)
class Site:
    """One pole, wall or building. house is the index of the house it is known by; crossing is set on street corners."""

    number: int
    kind: str
    x_m: float
    y_m: float
    house: int
    crossing: tuple[int, int] | None
    title: Label
    lists: tuple[str, ...]
    cameras: list["Camera"] = field(default_factory=list)


@dataclass(slots=True)
class Camera:
    """One imaging device. bearing_deg is NaN for a dome or PTZ that looks around. lists: whose lists it stands in."""

    code: str
    site: Site
    ordinal: int
    x_m: float
    y_m: float
    bearing_deg: float
    height_m: float
    mount: str
    model: Model
    serial: str
    mac: str
    uuid: str
    ip: str
    inventory: str
    label: Label
    floor: int
    installed_on: date
    state: str
    purpose: Label
    lists: tuple[str, ...]
    later: bool = False  # put up after the lists were written: only the update knows it

    @property
    def holder(self) -> str:
        return self.site.lists[0]


def make_cameras(rng: Rng, ground: Ground, *, count: int) -> list[Camera]:
    """`count` cameras on sites, in a fixed order; about one in seventy is the retired forerunner of another."""
    cameras: list[Camera] = []
    taken: set[object] = set()
    tree = _house_grid(ground)
    site_number = 0
    for kind, share in SHARES[ground.profile].items():
        wanted = round(count * share) if kind != "mall" else count - len(cameras)
        made = 0
        while made < wanted:
            site_number += 1
            site = _place(rng, ground, kind, site_number, taken, tree)
            size = min(int(rng.integers(_SIZES[kind][0], _SIZES[kind][1] + 1)), wanted - made)
            _equip(rng, site, size, len(cameras))
            cameras.extend(site.cameras)
            made += len(site.cameras)
    _join_lists(rng, cameras)
    return cameras


def _house_grid(ground: Ground) -> dict[tuple[int, int], list[int]]:
    """Houses by 100 m squares, so that the nearest one is found without looking at all of them."""
    grid: dict[tuple[int, int], list[int]] = {}
    for index, house in enumerate(ground.houses):
        grid.setdefault((int(house.x_m // 100), int(house.y_m // 100)), []).append(index)
    return grid


def nearest_house(ground: Ground, grid: dict[tuple[int, int], list[int]], *, x_m: float, y_m: float) -> int:
    """Index of the house nearest to a point."""
    column, row = int(x_m // 100), int(y_m // 100)
    for reach in range(1, 80):
        near = [
            i for c in range(column - reach, column + reach + 1) for r in range(row - reach, row + reach + 1)
            for i in grid.get((c, r), ())
        ]  # fmt: skip
        if near:
            return min(near, key=lambda i: hypot(ground.houses[i].x_m - x_m, ground.houses[i].y_m - y_m))
    return 0


def _place(
    rng: Rng, ground: Ground, kind: str, number: int, taken: set[object], grid: dict[tuple[int, int], list[int]]
) -> Site:
    rows, columns = ground.grid_x.shape
    choices = MEMBERSHIP[ground.profile][kind]
    lists = choices[int(rng.choice(len(choices), p=_weights([weight for weight, _ in choices])))][1]
    on_street = kind in ("crossing", "square", "bridge", "stop")
    for _ in range(400):
        # Cameras crowd in the middle of a city: a normal spread of a quarter of its size.
        column, row = int(rng.normal(columns / 2, columns / 4.2)), int(rng.normal(rows / 2, rows / 4.2))
        if not (0 < column < columns - 1 and 0 < row < rows - 1):
            continue
        x, y = float(ground.grid_x[row, column]), float(ground.grid_y[row, column])
        if on_street:
            corner = int(rng.integers(4))
            x, y = x + (11 if corner % 2 else -11) + float(rng.normal(0, 2)), y + (11 if corner > 1 else -11)
            key: object = (column, row, corner if rng.random() < 0.25 else 0)
            if kind == "stop":
                x += float(rng.choice((-45, 45)))
            house = nearest_house(ground, grid, x_m=x, y_m=y)
        else:
            near_x, near_y = x + float(rng.uniform(-80, 80)), y + float(rng.uniform(-80, 80))
            house = nearest_house(ground, grid, x_m=near_x, y_m=near_y)
            x, y, key = ground.houses[house].x_m, ground.houses[house].y_m, house
        if key not in taken:
            break
    taken.add(key)
    crossing = (column, row) if kind in ("crossing", "square", "bridge") and len(ground.at[column, row]) > 1 else None
    return Site(number, kind, x, y, house, crossing, _title(ground, ground.houses[house], kind, number), lists)


def _weights(values: list[float]) -> list[float]:
    total = sum(values)
    return [value / total for value in values]


def _title(ground: Ground, house: House, kind: str, number: int) -> Label:
    uk, ru = ground.streets[house.street].name
    return {
        "school": (f"Ліцей № {number % 190 + 1}", f"Лицей № {number % 190 + 1}"),
        "stop": (f"зупинка «{uk}»", f"остановка «{ru}»"),
        "shop": (f"магазин «{uk}»", f"магазин «{ru}»"),
        "mall": (f"ТЦ «Оріон-{number % 9 + 1}»", f"ТЦ «Орион-{number % 9 + 1}»"),
        "courtyard": (f"двір буд. {house.number}", f"двор д. {house.number}"),
        "square": (f"сквер «{uk}»", f"сквер «{ru}»"),
        "bridge": (f"міст «{uk}»", f"мост «{ru}»"),
    }.get(kind, ("", ""))


def _equip(rng: Rng, site: Site, size: int, so_far: int) -> None:
    """Put `size` cameras on the site: one purchase, so mostly one model, neighbouring serials, one date."""
    batch = int(rng.integers(len(MODELS)))
    base = {model: int(rng.integers(10**8, 9 * 10**8)) for model in range(len(MODELS))}
    turn = float(rng.uniform(0, 360))
    bought = date(2014, 1, 15) + timedelta(days=int(rng.integers(0, 3900)))
    low, high = _HEIGHTS.get(site.kind, (2.5, 4.5))
    site_height = float(rng.uniform(low, high))
    for ordinal in range(1, size + 1):
        index = batch if rng.random() < 0.7 else int(rng.integers(len(MODELS)))
        model = MODELS[index]
        serial_number = base[index] + 3 * ordinal + int(rng.integers(3))
        dx, dy, floor = _inside(rng, site.kind, ordinal)
        bearing = (turn + (ordinal - 1) * 360 / max(size, 2) + float(rng.normal(0, 7))) % 360
        if model.kind == "ptz" or (model.kind == "dome" and site.kind == "mall"):
            bearing = float("nan")
        mac = f"{model.oui}{serial_number % 0xFFFFFF:06X}"
        site.cameras.append(
            Camera(
                code=f"C{so_far + ordinal:05d}", site=site, ordinal=ordinal, x_m=site.x_m + dx, y_m=site.y_m + dy,
                bearing_deg=bearing, height_m=round(site_height * 2 + float(rng.integers(-1, 2))) / 2,
                mount=_MOUNTS.get(site.kind, "wall"), model=model, serial=_serial(rng, model, serial_number, mac),
                mac=mac, uuid=_uuid(rng), ip="", inventory="", label=_label(rng, site.kind, ordinal, bearing, floor),
                floor=floor,
                installed_on=bought if rng.random() < 0.8 else bought + timedelta(days=int(rng.integers(400))),
                state=str(rng.choice(("in_service", "faulty", "installed", "planned", "retired"),
                                     p=(0.885, 0.06, 0.02, 0.015, 0.02))),
                purpose=_PURPOSES[site.kind], lists=site.lists,
            )
        )  # fmt: skip
    if site.kind in ("crossing", "square") and size > 2 and rng.random() < 0.09:
        _forerun(rng, site)


def _forerun(rng: Rng, site: Site) -> None:
    """Make the last camera the retired forerunner of the first: the same pose, another device, an older list."""
    new, old = site.cameras[0], site.cameras[-1]
    old.x_m, old.y_m, old.bearing_deg, old.height_m = new.x_m, new.y_m, new.bearing_deg, new.height_m
    old.state, old.installed_on = "retired", new.installed_on - timedelta(days=int(rng.integers(700, 1500)))
    new.state = "in_service"


def _inside(rng: Rng, kind: str, ordinal: int) -> tuple[float, float, int]:
    """Offset of a camera from its site in metres, and its floor."""
    if kind == "school":
        angle = radians(ordinal * 137.5)
        return 24 * cos(angle) + float(rng.normal(0, 3)), 16 * sin(angle) + float(rng.normal(0, 3)), 1
    if kind == "courtyard":
        return 13.0 * (ordinal - 2) + float(rng.normal(0, 1)), -8.0, 1
    if kind == "shop":
        return float(rng.normal(0, 4)), float(rng.normal(0, 4)), 1
    if kind == "mall":
        return float(rng.uniform(-45, 45)), float(rng.uniform(-30, 30)), int(rng.integers(0, 4))
    return 0.0, 0.0, 0


def _label(rng: Rng, kind: str, ordinal: int, bearing_deg: float, floor: int) -> Label:
    if kind in _SPOTS:
        uk, ru = _SPOTS[kind][int(rng.integers(len(_SPOTS[kind])))]
        if kind == "mall":
            return f"Кам. {ordinal} {floor} пов. {uk}", f"Кам. {ordinal} {floor} эт. {ru}"
        return f"Камера {ordinal} {uk}", f"Камера {ordinal} {ru}"
    if kind == "courtyard":
        return f"під'їзд {ordinal}", f"подъезд {ordinal}"
    if np.isnan(bearing_deg):
        return f"Камера {ordinal} поворотна", f"Камера {ordinal} поворотная"
    return f"Камера {ordinal}", f"Камера {ordinal}"


def _serial(rng: Rng, model: Model, number: int, mac: str) -> str:
    year = 14 + int(number % 11)
    return {
        "digits9": f"{'CDEFGJ'[number % 6]}{number}",
        "digits12": f"8{year}{number}",
        "dahua": f"{year % 10}{'KJLM'[number % 4]}0{number % 0xFFFFF:05X}PAG{int(rng.integers(0xFFFFF)):05X}",
        "unv": f"210235C{year}{number}",
        "mac": mac,
        "letters15": f"ZC4E70G{'MNRT'[number % 4]}{number % 10**7:07d}",
    }[model.serial]


def _uuid(rng: Rng) -> str:
    text = rng.bytes(16).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _join_lists(rng: Rng, cameras: list[Camera]) -> None:
    """Give each camera its lists, address on the network and inventory number."""
    counters: dict[str, int] = {}
    macs: set[str] = set()
    for camera in cameras:
        while camera.mac in macs:
            camera.mac = f"{camera.model.oui}{(int(camera.mac[6:], 16) + 1) % 0xFFFFFF:06X}"
        macs.add(camera.mac)
        if camera.model.serial == "mac":
            camera.serial = camera.mac
        first, *rest = camera.site.lists
        camera.later = first == UPDATER and camera.site.number % 61 == 7
        lists = [first, *(code for code in rest if rng.random() > 0.04)]
        if camera.later:
            lists, camera.state, camera.installed_on = [first], "installed", date(2026, 1, 20)
        elif camera.state == "planned":
            lists = [first]  # Only the one who pays knows what is not there yet.
        elif camera.state == "retired":
            lists = lists[-1:]  # Old devices live on in the list that nobody brought up to date.
        elif rng.random() < MAPPED_BY_VOLUNTEERS.get(camera.site.kind, 0.0):
            lists.append("OSM")
        camera.lists = tuple(lists)
        number = counters[first] = counters.get(first, 0) + 1
        camera.inventory = {
            "DCT": f"1048{number:05d}", "EDU": f"1137{camera.site.number:03d}/{camera.ordinal}",
            "SVT": f"СВ-{number:05d}",
            "TRN": f"{number:06d}", "ZHK": f"Ж/{number}", "SHL": f"10-{number:04d}", "TRC": f"OR{number:05d}",
        }.get(first, f"{first}-{number:05d}")  # fmt: skip
        camera.ip = _ip(camera, counters)


def _ip(camera: Camera, counters: dict[str, int]) -> str:
    kind, site = camera.site.kind, camera.site.number
    if kind in ("crossing", "square", "bridge") or (kind == "stop" and len(camera.site.lists) > 1):
        number = counters["city"] = counters.get("city", 0) + 1
        return f"10.20.{number // 240}.{10 + number % 240}"  # the city's own network: each address once
    if kind == "stop":
        number = counters["tram"] = counters.get("tram", 0) + 1
        return f"10.30.{number // 240}.{10 + number % 240}"
    if kind == "mall":
        return f"172.16.{site % 9 + 1}.{20 + camera.ordinal}"
    if kind == "school":
        return f"192.168.{site % 40 + 1}.{100 + camera.ordinal}"  # small networks behind routers: addresses repeat
    return f"192.168.{site % 3}.{63 + camera.ordinal}"
