"""How each cell of a list is written, and what it then still tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import atan2, degrees, isnan
from typing import Final

from oblik.demo import wording
from oblik.demo.cameras import Camera
from oblik.demo.owners import OWNERS
from oblik.demo.streets import Ground, Rng
from oblik.demo.styles import Style

Cell = str | int | float | date
Cells = dict[str, Cell]
_OWNER_NAMES: Final = {owner.code: owner.name for owner in OWNERS}
MEASURED: Final = frozenset({"tilt", "hfov", "pixels"})  # whoever writes these has measured every camera
_AIMED_M: Final = 18.0  # how far off the middle of the picture meets the ground
_LENSES_DEG: Final = (84, 103, 55)
_NOTES: Final = {
    "uk": ("потребує заміни", "немає живлення", "доступ через охорону", "=cmd|' /C calc'!A0", "огляд закриває дерево",
           "спитати у Петра", "???"),
    "ru": ("требует замены", "нет питания", "доступ через охрану", "=HYPERLINK(\"http://example.org\";\"фото\")",
           "закрывает дерево", "уточнить", "???"),
}  # fmt: skip


@dataclass(slots=True)
class Place:
    """How this list-keeper wrote the place of one site."""

    address: str
    street: str
    house: str
    spot: str
    spot_x_m: float
    spot_y_m: float
    language: str
    dx_m: float
    dy_m: float
    fault: str
    labels: str


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes: chance, the city, the owner's habits and how much of its mess is on."""

    rng: Rng
    ground: Ground
    style: Style
    mess: float

    def happens(self, rate: float) -> bool:
        return bool(self.rng.random() < rate * self.mess)


Writer = Callable[[Pen, Camera, Place, Cells, dict[str, object]], None]


def _inv(w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    if c.holder == w.style.owner or c.holder in w.style.quotes:
        cells["inv"] = c.inventory
        says["inventory"] = f"{c.holder}:{c.inventory}"


def _label(w: Pen, c: Camera, p: Place, cells: Cells, says: dict[str, object]) -> None:
    if p.labels == "own":  # this owner's own number for it, which nobody else knows
        cells["label"] = f"{w.style.owner}-{c.site.number:03d}-{c.ordinal}"
        return
    turned = c.ordinal
    if p.labels == "turned":  # the same words, but counted from another corner
        turned = c.ordinal % len(c.site.cameras) + 1
    cells["label"] = c.label[1 if p.language == "ru" else 0].replace(f" {c.ordinal}", f" {turned}", 1)
    says["label"] = c.label[0].replace(f" {c.ordinal}", f" {turned}", 1)


def _title(_w: Pen, c: Camera, p: Place, cells: Cells, _says: dict[str, object]) -> None:
    cells["title"] = c.site.title[1 if p.language == "ru" else 0]


def _address(w: Pen, _c: Camera, p: Place, cells: Cells, _says: dict[str, object]) -> None:
    cells["address"] = p.address


def _street(_w: Pen, _c: Camera, p: Place, cells: Cells, _says: dict[str, object]) -> None:
    cells["street"] = p.street


def _house(_w: Pen, _c: Camera, p: Place, cells: Cells, _says: dict[str, object]) -> None:
    cells["house"] = p.house


def _district(w: Pen, c: Camera, p: Place, cells: Cells, _says: dict[str, object]) -> None:
    cells["district"] = w.ground.district(c.site.x_m, c.site.y_m)[1 if p.language == "ru" else 0]


def _bearing(w: Pen, c: Camera, p: Place, cells: Cells, says: dict[str, object]) -> None:
    if isnan(c.bearing_deg):
        return
    if w.style.bearing != "deg" and w.happens(0.02):
        cells["bearing"] = f"вздовж {p.street}" if p.language == "uk" else f"вдоль {p.street}"
        return  # which of the two ways, it does not say
    noise = float(w.rng.normal(0, w.style.bearing_noise_deg * min(w.mess, 1.5)))
    value = (c.bearing_deg + noise + (180 if w.happens(0.008) else 0)) % 360
    if w.style.bearing == "deg":
        cells["bearing"] = round(value) % 360
    else:
        how = w.style.bearing
        cells["bearing"] = wording.bearing_words(value, how="ru" if how == "short" and p.language == "ru" else how)
    says["bearing_deg"], says["bearing_slack_deg"] = value, 8.0 if w.style.bearing == "deg" else 25.0


def _height(w: Pen, c: Camera, _p: Place, cells: Cells, _says: dict[str, object]) -> None:
    text = wording.spell_height(w.rng, c.height_m, how=w.style.height)
    cells["height"] = float(text) if w.style.height == "num" else text


def _tilt(_w: Pen, c: Camera, _p: Place, cells: Cells, _says: dict[str, object]) -> None:
    if c.model.kind == "fixed":
        cells["tilt"] = round(degrees(atan2(c.height_m, _AIMED_M)))


def _hfov(_w: Pen, c: Camera, _p: Place, cells: Cells, _says: dict[str, object]) -> None:
    if c.model.kind != "ptz":  # which zooms
        cells["hfov"] = _LENSES_DEG[c.ordinal % len(_LENSES_DEG)]


def _kind(w: Pen, c: Camera, p: Place, cells: Cells, says: dict[str, object]) -> None:
    kind = c.model.kind
    if w.happens(0.015):
        kind = "dome" if kind == "fixed" else "fixed"
    if w.style.format in ("osm", "pbf"):
        cells["kind"] = {"fixed": "fixed", "dome": "dome", "ptz": "panning"}[kind]
    else:
        cells["kind"] = wording.pick(w.rng, wording.KIND_WORDS[p.language][kind])
    says["kind"] = kind


def _vendor(w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    cells["vendor"] = wording.spell_vendor(w.rng, c.model, loose=w.style.loose * w.mess)
    says["vendor"] = c.model.vendor


def _model(w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    cells["model"] = wording.spell_model(w.rng, c.model, loose=w.style.loose * w.mess)
    says["model"] = c.model.name


def _vendor_model(w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    loose = w.style.loose * w.mess
    cells["vendor_model"] = (
        f"{wording.spell_vendor(w.rng, c.model, loose=loose)} {wording.spell_model(w.rng, c.model, loose=loose)}"
    )
    says["vendor"], says["model"] = c.model.vendor, c.model.name


def _serial(w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    if c.serial.isdigit() and len(c.serial) > 11 and w.happens(w.style.eaten * 4):  # only a third are long numbers
        cells["serial"] = wording.eaten_by_spreadsheet(c.serial)
    elif w.happens(0.004):
        cells["serial"] = c.serial[:-2] + c.serial[-1] + c.serial[-2] if c.serial[-1] != c.serial[-2] else c.serial[:-1]
    else:
        cells["serial"] = c.serial if w.rng.random() > 0.03 * w.mess else f"S/N {c.serial.lower()}"
        says["serial"] = c.serial


def _mac(w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    how = w.style.mac
    if w.happens(0.04):
        how = ("colon", "dash", "plain", "dot", "lower")[int(w.rng.integers(5))]
    if w.happens(0.004):
        cells["mac"] = wording.spell_mac(c.mac, how=how)[:-1]
    else:
        cells["mac"] = wording.spell_mac(c.mac, how=how)
        says["mac"] = c.mac


def _ip(w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    if c.state == "planned":
        return
    cells["ip"] = f"{c.ip}:554" if w.happens(0.01) else c.ip
    says["ip"] = c.ip


def _date(w: Pen, c: Camera, _p: Place, cells: Cells, _says: dict[str, object]) -> None:
    if w.style.format == "xlsx" and w.style.date == "dots":
        cells["date"] = c.installed_on  # a true date cell
    else:
        cells["date"] = wording.spell_date(w.rng, c.installed_on, how=w.style.date, language=w.style.language)


def _state(w: Pen, c: Camera, p: Place, cells: Cells, _says: dict[str, object]) -> None:
    language = "en" if w.style.owner == "TRC" else p.language
    cells["state"] = wording.pick(w.rng, wording.STATE_WORDS[language][c.state])


def _note(w: Pen, _c: Camera, p: Place, cells: Cells, _says: dict[str, object]) -> None:
    notes = _NOTES["ru" if p.language == "ru" else "uk"]
    cells["note"] = notes[int(w.rng.integers(len(notes)))]


def _holder(_w: Pen, c: Camera, _p: Place, cells: Cells, _says: dict[str, object]) -> None:
    cells["holder"] = _OWNER_NAMES[c.holder]


def _uuid(_w: Pen, c: Camera, _p: Place, cells: Cells, says: dict[str, object]) -> None:
    cells["uuid"], says["uuid"] = f"urn:uuid:{c.uuid}", c.uuid


def _resolution(w: Pen, c: Camera, _p: Place, cells: Cells, _says: dict[str, object]) -> None:
    model = c.model
    options = (
        f"{model.width_px}x{model.height_px}",
        f"{model.megapixels} Мп",
        f"{model.megapixels}MP",
        f"{model.megapixels} Мпікс",
    )
    cells["resolution"] = wording.pick(w.rng, options)


def _plain(key: str, value: Callable[[Camera], Cell]) -> Writer:
    def write(_w: Pen, c: Camera, _p: Place, cells: Cells, _says: dict[str, object]) -> None:
        cells[key] = value(c)

    return write


WRITERS: Final[dict[str, Writer]] = {
    "inv": _inv, "label": _label, "title": _title, "address": _address, "street": _street, "house": _house,
    "district": _district, "bearing": _bearing, "height": _height, "kind": _kind, "vendor": _vendor, "model": _model,
    "vendor_model": _vendor_model, "serial": _serial, "mac": _mac, "ip": _ip, "date": _date, "state": _state,
    "note": _note,
    "holder": _holder, "tilt": _tilt, "hfov": _hfov, "uuid": _uuid, "resolution": _resolution,
    "pixels": _plain("pixels", lambda c: f"{c.model.width_px}x{c.model.height_px}"),
    "count": _plain("count", lambda c: 1),
    "floor": _plain("floor", lambda c: c.floor),
    "pole": _plain("pole", lambda c: f"{c.site.number * 7 % 900 + 100}/{c.site.number % 9 + 1}"),
    "mount": _plain("mount", lambda c: "wall" if c.mount == "wall" else "pole"),
    "login": _plain("login", lambda c: "admin"),
    "password": _plain("password", lambda c: "demo12345"),
}  # fmt: skip
