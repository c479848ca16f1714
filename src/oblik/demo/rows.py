"""One owner's list as rows of named cells, with the mess put in and what each row still tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import hypot, isnan, nan
from typing import Final

from pyproj import Transformer

from oblik.demo import wording
from oblik.demo.cameras import Camera, Site
from oblik.demo.cells import MEASURED, WRITERS, Cells, Pen, Place
from oblik.demo.streets import Ground, Rng
from oblik.demo.styles import Style
from oblik.demo.truth import Says

_UCS2000_ZONE_11: Final = 6385


@dataclass(slots=True)
class Entry:
    """One row to be: cells by column key, the cameras it stands for with what it says of each, a note."""

    cells: Cells
    records: list[tuple[Camera, Says]] = field(default_factory=list)
    note: str = ""
    site: int = 0


class ListWriter:
    """Writes one owner's list. mess 1 is the style's own rates; 0 is a careful clerk with a good receiver."""

    def __init__(self, rng: Rng, ground: Ground, style: Style, *, mess: float) -> None:
        self.rng, self.ground, self.style, self.mess = rng, ground, style, mess
        self.pen = Pen(rng, ground, style, mess)
        self.keys = [key for key, _ in style.columns]
        self._metres = Transformer.from_crs(4326, _UCS2000_ZONE_11, always_xy=True) if "x" in self.keys else None

    def entries(self, cameras: Sequence[Camera]) -> list[Entry]:
        """The rows of the list in its own order, duplicates, broken and blank rows among them."""
        mine = [camera for camera in cameras if self.style.owner in camera.lists and not camera.later]
        found: list[Entry] = []
        section = ""
        for members in self._by_site(mine):
            site = members[0].site
            name = self._section(site)
            if name and name != section:
                section = name
                found.append(Entry({self._section_key(): name}, note="section"))
            found.extend(self.site_entries(site, members))
        self._scatter(found)
        self._number(found)
        return found

    def _by_site(self, mine: list[Camera]) -> list[list[Camera]]:
        groups: dict[int, list[Camera]] = {}
        for camera in mine:
            groups.setdefault(camera.site.number, []).append(camera)
        order = list(groups.values())
        shuffled = [order[i] for i in self.rng.permutation(len(order))]
        if self.style.sections:
            shuffled.sort(key=lambda members: self._section(members[0].site))
        return shuffled

    def _section(self, site: Site) -> str:
        if self.style.sections == "district":
            return f"{self.ground.district(site.x_m, site.y_m)[0]} район"
        return ""

    def _section_key(self) -> str:
        return self.keys[0]

    def site_entries(self, site: Site, members: list[Camera]) -> list[Entry]:
        """The rows for the cameras of one site that stand in this list."""
        place = self._place(site)
        alike = len(members) > 1 and all(camera.state == members[0].state for camera in members)
        if alike and "count" in self.keys and self.pen.happens(self.style.counts):
            return [self._several(members, place, by_ip=False)]
        ordered = sorted(members, key=lambda c: c.ip)
        if alike and "ip" in self.keys and self.pen.happens(self.style.ranges) and _consecutive(ordered):
            return [self._several(ordered, place, by_ip=True)]
        found = []
        for camera in members:
            entry = self._single(camera, place)
            found.append(entry)
            if self.pen.happens(self.style.duplicates):
                again = self._again(camera, place, entry)
                if again:
                    found.append(again)
        return found

    # --- places ---

    def _place(self, site: Site) -> Place:
        style, rng = self.style, self.rng
        language = style.language
        if rng.random() < style.second_language:
            language = "uk" if language == "ru" else "ru"
        text, street, (spot, x, y) = self._address(site, language if language != "en" else "uk")
        dx, dy = (float(v) for v in rng.normal(0, style.noise_m * 0.7 * max(self.mess, 0.15), 2))
        if self.pen.happens(style.by_hand) and not isnan(x):  # put on the map by its address
            dx, dy = x - site.x_m, y - site.y_m
        labels = ""
        if style.owner != site.lists[0]:  # the holder's own names are the names
            labels = next((n for n in ("own", "turned") if self.pen.happens(getattr(style, f"{n}_labels"))), "")
        if labels == "turned" and site.kind == "courtyard":
            labels = ""  # entrances have their numbers on the wall
        fault = next((name for name in ("swapped", "zero", "far") if self.pen.happens(getattr(style, name))), "")
        if "address" not in self.keys and "street" not in self.keys:
            spot, x, y = "", nan, nan
        house = self.ground.houses[site.house].number
        return Place(text, street, house, spot, x, y, language, dx, dy, fault, labels)

    def _address(self, site: Site, language: str) -> tuple[str, str, tuple[str, float, float]]:
        """The address and the street as this list writes them, and the spot they name with its place."""
        style, rng, ground = self.style, self.rng, self.ground
        how = wording.Habit(language, bool(rng.random() < style.old), style.habit)
        house = ground.houses[site.house]
        street = wording.street_words(rng, ground.streets[house.street], how=how)
        weights = style.address if site.crossing else (style.address[0] or 1.0, 0.0, style.address[2])
        form = int(rng.choice(3, p=[w / sum(weights) for w in weights]))
        if site.kind in ("school", "courtyard", "shop", "mall"):
            form = 0
        if self.pen.happens(style.vague) and "address" in self.keys:  # the street alone, or the name of a stop
            return site.title[language == "ru"] if site.kind == "stop" else street, street, ("", nan, nan)
        spot = f"h{site.house}", house.x_m, house.y_m
        if form == 1 and site.crossing:
            text = wording.corner_address(rng, ground, site, how=how)
            column, row = site.crossing
            spot = f"x{column}-{row}", float(ground.grid_x[row, column]), float(ground.grid_y[row, column])
        elif form == 2:
            text = wording.opposite_address(rng, ground, site.house, how=how)
        else:
            text = wording.house_address(rng, ground, site.house, how=how)
        if self.pen.happens(style.typo):
            text = wording.misspell(rng, text)
        return text, street, spot

    # --- rows ---

    def _single(self, camera: Camera, place: Place) -> Entry:
        cells: Cells = {}
        says: dict[str, object] = {"spot": place.spot, "spot_x_m": place.spot_x_m, "spot_y_m": place.spot_y_m}
        self._write_place(camera, place, cells, says)
        for key in self.keys:
            write = WRITERS.get(key)
            if write is not None and self._filled(key):
                write(self.pen, camera, place, cells, says)
        if "address" in self.keys and not cells.get("address"):
            says.update(spot="", spot_x_m=nan, spot_y_m=nan)
        said = {name: round(value, 3) if isinstance(value, float) else value for name, value in says.items()}
        return Entry(cells, [(camera, Says(**said))], site=camera.site.number)  # type: ignore[arg-type]  # built by name

    def _filled(self, key: str) -> bool:
        if key in MEASURED:
            return True
        gaps = (1 - self.style.fill.get(key, 1.0)) * min(self.mess, 1.5)
        if key in ("note", "uuid", "gmap"):  # rare by nature, not by carelessness
            gaps = 1 - self.style.fill.get(key, 1.0)
        return bool(self.rng.random() >= gaps)

    def _several(self, members: list[Camera], place: Place, *, by_ip: bool) -> Entry:
        """One row for all cameras of a site: "4" in the column of numbers, or a range of addresses."""
        first = self._single(members[0], place)
        for key in ("serial", "mac", "inv", "bearing", "uuid", "label", "gmap", "ip", "kind"):
            first.cells.pop(key, None)
        said = replace(
            first.records[0][1], mac="", serial="", uuid="", inventory="", ip="", kind="", label="", bearing_deg=nan,
            bearing_slack_deg=nan, vendor="", model="",
        )  # fmt: skip
        if by_ip:
            first.cells["ip"] = f"{members[0].ip}-{members[-1].ip.rsplit('.', 1)[1]}"
            first.records = [(camera, replace(said, ip=camera.ip)) for camera in members]
        else:
            words = (str(len(members)), f"{len(members)} шт.", f"{len(members)} камери")
            first.cells["count"] = wording.pick(self.rng, words)
            first.records = [(camera, said) for camera in members]
            first.note = "several"
        return first

    def _again(self, camera: Camera, place: Place, before: Entry) -> Entry | None:
        """The same camera once more, written a little differently; None where nothing strong would give it away."""
        place = replace(place, dx_m=place.dx_m + 1.5, language="ru" if place.language == "uk" else "uk")
        again = self._single(camera, place)
        first, second = before.records[0][1], again.records[0][1]
        same_id = any(
            getattr(first, n) and getattr(first, n) == getattr(second, n) for n in ("mac", "serial", "inventory")
        )
        same_place = first.ip and first.ip == second.ip and (first.spot == second.spot != "")
        again.note = "duplicate"
        return again if same_id or same_place else None

    def _write_place(self, camera: Camera, place: Place, cells: Cells, says: dict[str, object]) -> None:
        style, rng = self.style, self.rng
        wanted = [key for key in ("lat", "pair", "dms", "x", "gmap", "geometry") if key in self.keys]
        if style.format in ("geojson", "kml", "osm", "pbf"):
            wanted = ["geometry"]
        if not wanted or not self._filled(wanted[0]):
            return
        shake = 0.2 * style.noise_m * self.mess if camera.site.kind in ("school", "mall", "shop", "courtyard") else 0.0
        x = camera.x_m + place.dx_m + (float(rng.normal(0, shake)) if shake else 0.0)
        y = camera.y_m + place.dy_m + (float(rng.normal(0, shake)) if shake else 0.0)
        lon, lat = (round(v, style.digits) for v in self.ground.frame.lonlat(x, y))
        radius = 3 * style.noise_m * 0.7 + 3 + 60_000 / 10**style.digits
        error = hypot(x - camera.x_m, y - camera.y_m)
        if place.fault in ("zero", "far") or error > radius:
            pass  # what is written misleads: it tells nothing of the place
        else:
            says.update(x_m=x, y_m=y, radius_m=radius)
        if place.fault == "zero":
            lon, lat = 0.0, 0.0
        elif place.fault == "far":
            lon, lat = (lon, lat - 10) if rng.random() < 0.5 else (lon - 20, lat)
        elif place.fault == "swapped":
            lon, lat = lat, lon
        self._place_cells(wanted[0], cells, lon, lat)

    def _place_cells(self, how: str, cells: Cells, lon: float, lat: float) -> None:
        digits = self.style.digits
        if how in ("lat", "geometry"):
            cells["lat"], cells["lon"] = round(lat, digits), round(lon, digits)
        elif how == "pair":
            joint = wording.pick(self.rng, (", ", " ", "; "), first=0.8)
            cells["pair"] = f"{lat:.{digits}f}{joint}{lon:.{digits}f}"
            if self.pen.happens(0.03) and abs(lat) > abs(lon) > 0:  # nobody copies a link to a swapped place
                cells["pair"] = f"https://www.google.com/maps?q={lat:.{digits}f},{lon:.{digits}f}"
        elif how == "dms":
            cells["dms"] = f"{wording.dms(lat, positive='N')} {wording.dms(lon, positive='E')}"
        elif how == "gmap":
            cells["gmap"] = f"https://www.google.com/maps/@{lat:.6f},{lon:.6f},19z"
            if self.rng.random() < 0.4:
                cells["gmap"] = f"https://maps.google.com/?q={lat:.6f},{lon:.6f}"
        elif how == "x" and self._metres is not None:
            east, north = self._metres.transform(lon, lat)
            if isnan(east) or abs(east) > 1e9:
                east, north = 0.0, 0.0
            # Surveyors of the country call the northing X.
            cells["x"], cells["y"] = f"{north:.1f}", f"{east:.1f}"

    # --- mess between rows ---

    def _scatter(self, found: list[Entry]) -> None:
        """Put a few broken and blank rows between the others."""
        rows = len(found)
        if self.style.format in ("osm", "pbf") or rows < 5:
            return
        for _ in range(max(1, round(rows * 0.004 * self.mess)) if self.mess else 0):
            at = int(self.rng.integers(2, len(found)))
            cells: Cells = {"no": "", self._section_key(): ""}
            if self.rng.random() < 0.5:
                cells = {self.keys[min(2, len(self.keys) - 1)]: "#REF!" if self.rng.random() < 0.5 else "???"}
            found.insert(at, Entry(cells, note="broken"))
        if self.style.format in ("xlsx", "xls", "ods", "csv", "tsv16"):
            for _ in range(round(rows * self.style.blanks * self.mess)):
                found.insert(int(self.rng.integers(2, len(found))), Entry({}, note="blank"))

    def _number(self, found: list[Entry]) -> None:
        number = 0
        for entry in found:
            if entry.note in ("section", "blank"):
                continue
            number += 1
            if "no" in self.keys:
                entry.cells["no"] = number
            elif entry.note == "broken" and not any(entry.cells.values()):
                entry.cells[self.keys[0]] = str(number)


def _consecutive(ordered: list[Camera]) -> bool:
    heads = {camera.ip.rsplit(".", 1)[0] for camera in ordered}
    tails = sorted(int(camera.ip.rsplit(".", 1)[1]) for camera in ordered)
    ordered.sort(key=lambda camera: int(camera.ip.rsplit(".", 1)[1]))
    return len(heads) == 1 and tails == list(range(tails[0], tails[0] + len(tails)))
