"""A newer list of one owner: most rows as before, some changed, some gone, some new."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oblik.demo.cameras import Camera
from oblik.demo.rows import Entry, ListWriter
from oblik.demo.wording import STATE_WORDS

VANISHED = 0.02
CHANGED = 0.05
TAKEN_OVER = 8  # sites of others that now stand on this owner's books as well


@dataclass(frozen=True, slots=True)
class Change:
    """what is vanished, new or changed; field, before and after are the cell's column and texts where changed."""

    what: str
    camera: str
    field: str = ""
    before: str = ""
    after: str = ""


def newer_list(
    writer: ListWriter, entries: Sequence[Entry], cameras: Sequence[Camera]
) -> tuple[list[Entry], list[Change]]:
    """The rows of the newer list, and what is different from the older one."""
    found: list[Entry] = []
    changes: list[Change] = []
    for entry in entries:
        plain = not entry.note and len(entry.records) == 1
        draw = float(writer.rng.random()) if plain else 1.0
        if draw < VANISHED:
            changes.append(Change("vanished", entry.records[0][0].code))
            continue
        if draw < VANISHED + CHANGED:
            entry, change = _changed(writer, entry)
            changes.append(change)
        found.append(entry)
    for members in _new_sites(writer, cameras):
        new = writer.site_entries(members[0].site, members)
        found.extend(new)
        changes.extend(
            Change("new", camera.code) for entry in new if entry.note != "duplicate" for camera, _ in entry.records
        )
    return found, changes


def _changed(writer: ListWriter, entry: Entry) -> tuple[Entry, Change]:
    """The row with one cell changed as life changes it."""
    cells, (camera, says) = dict(entry.cells), entry.records[0]
    able = [key for key in ("state", "state", "height", "bearing", "note", "ip") if cells.get(key, "") != ""] or [
        "state"
    ]
    key = able[int(writer.rng.integers(len(able)))]
    before = cells.get(key, "")
    if key == "height" and isinstance(before, (int, float)):
        cells[key] = before + 2
    elif key == "bearing" and isinstance(before, int):
        cells[key] = (before + 90) % 360
        says = replace(says, bearing_deg=(says.bearing_deg + 90) % 360)
    elif key == "ip":
        cells[key] = f"10.25.{camera.site.number % 200}.{10 + camera.ordinal}"
        says = replace(says, ip=str(cells[key]))
    elif key == "note":
        cells[key] = "замінено блок живлення"
    else:
        key = "state"
        before = cells.get(key, "")
        new = "faulty" if camera.state == "in_service" else "in_service"
        cells[key] = STATE_WORDS["uk"][new][0]
    change = Change("changed", camera.code, key, str(before), str(cells[key]))
    return Entry(cells, [(camera, says)], entry.note, entry.site), change


def _new_sites(writer: ListWriter, cameras: Sequence[Camera]) -> list[list[Camera]]:
    owner = writer.style.owner
    groups: dict[int, list[Camera]] = {}
    for camera in cameras:
        if camera.later and owner in camera.lists:
            groups.setdefault(camera.site.number, []).append(camera)
    others: dict[int, list[Camera]] = {}
    for camera in cameras:
        if (
            owner not in camera.site.lists
            and camera.site.kind in ("crossing", "square")
            and camera.state == "in_service"
        ):
            others.setdefault(camera.site.number, []).append(camera)
    return [*groups.values(), *list(others.values())[:TAKEN_OVER]]
