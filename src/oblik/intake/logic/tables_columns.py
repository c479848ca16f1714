"""What each column of a table is: header and content weighed, one column per single-valued target."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from oblik.intake.logic.content import Profile, is_camera_number, is_code, profile
from oblik.intake.logic.headers import folded
from oblik.intake.logic.mapping import lookup, own_columns, place_of
from oblik.intake.logic.shapes import Guess, Mapped, Rows, Sheet
from oblik.intake.logic.tables_header import Head, head_meanings, head_unit

By = Literal["header", "content", "both", "mapping", "memory", "reader", "none"]

# Targets that several columns may share: texts are joined, the rest is not cleaned.
SHARED: Final = frozenset(
    ("note", "address", "street_part", "house_part", "settlement", "ignore", "tags", "login", "password", "purpose")
)
_SAMPLED: Final = 400  # rows: enough for shares of values, few enough for a list of a million rows
_LEAST: Final = 0.3
_MAKES: Final = frozenset(("vendor_model", "vendor", "model"))
_GENERAL: Final = 0.65  # no header as vague as "Camera" is surer of a meaning
_ENUMERATIONS: Final = frozenset(("indoor", "kind", "mount", "state", "surveillance", "bearing_deg", "resolution"))


def guess_columns(
    sheet: Sheet,
    head: Head,
    data: Sequence[int],
    *,
    mapped: Mapped | None = None,
    remembered: Mapped | None = None,
) -> list[Guess]:
    """One guess per column. Mapping beats the reader, the reader beats memory, memory beats evidence.

    data: indices of rows that look like data. An empty column without a header is "" with confidence 0.
    """
    sample = _sample(sheet.rows, data)
    columns = list(zip(*sample, strict=True)) if sample else [()] * len(head.texts)
    profiles = [profile(column) for column in columns]
    known = _told(sheet, head, mapped=mapped, remembered=remembered)
    taken = {target for target, _ in known.values() if target not in SHARED}
    weighed = [{} if index in known else _weigh(head.texts[index], profiles[index]) for index in range(len(profiles))]
    _order_degrees(weighed, profiles, taken)
    chosen = _assign(weighed, profiles, taken)
    _part_addresses(chosen, profiles)
    _swap_axes(chosen, profiles)
    return [
        _guess(index, head, profiles[index], known=known.get(index), chosen=chosen.get(index))
        for index in range(len(profiles))
    ]


def _sample(rows: Rows, data: Sequence[int]) -> list[Sequence[str]]:
    """The first rows as they stand (row numbers show there) and others spread over the rest."""
    first = data[: _SAMPLED // 2]
    rest = data[_SAMPLED // 2 :]
    step = max(1, len(rest) // (_SAMPLED // 2))
    return [rows[index] for index in (*first, *rest[::step])]


def _told(
    sheet: Sheet,
    head: Head,
    *,
    mapped: Mapped | None,
    remembered: Mapped | None,
) -> dict[int, tuple[str, By]]:
    """Columns whose target somebody has told: index -> (target, by). A single-valued target is told once."""
    told: dict[int, tuple[str, By]] = {}
    taken: set[str] = set()
    mapping, memory = lookup(mapped), lookup(remembered)
    written = own_columns([parts[-1] if parts else "" for parts in head.texts])
    sources: tuple[tuple[By, Callable[[int], str | None]], ...] = (
        ("mapping", lambda index: mapping.get(place_of(index)) or _named(head.texts[index], mapping)),
        ("reader", sheet.fixed.get),
        ("memory", lambda index: _named(head.texts[index], memory)),
        ("header", written.get),
    )
    for by, target_of in sources:
        for index in range(len(head.texts)):
            target = target_of(index)
            if target is None or index in told or target in taken:
                continue
            told[index] = (target, by)
            if target not in SHARED:
                taken.add(target)
    return told


def _named(parts: Sequence[str], names: Mapping[str, str]) -> str | None:
    if not names or not parts:
        return None
    tries = (" / ".join(parts), " ".join(parts), parts[-1], parts[0])
    return next((names[key] for text in tries if (key := folded(text) or text.strip()) in names), None)


def _weigh(parts: Sequence[str], found: Profile) -> dict[str, tuple[float, By]]:
    """Targets of one column with confidence and the evidence for it."""
    by_header = _of_camera(dict(head_meanings(parts)), found)
    weighed: dict[str, tuple[float, By]] = {}
    makes = found.scores.keys() & _MAKES if "kind" not in found.scores else set()
    sure = next((target for target in found.scores if found.is_sure(target)), None)
    for target, score in by_header.items():
        fits = found.fits(target)
        if fits < 0.25:
            score *= 0.3
        elif target == "kind" and score < 0.7 and found.values and "kind" not in found.scores:
            score *= 0.4  # "type" stands above almost anything
        elif target == "kind" and makes:
            score *= 0.3  # "type of camera" over makers and models
        elif target == "address" and found.scores.keys() & _ENUMERATIONS:
            score *= 0.5
        elif sure and sure != target and target not in ("stream_url", "coordinates"):
            score *= 0.55
        content = found.scores.get(target, 0.0)
        if content:
            weighed[target] = (1 - (1 - min(score, 0.98)) * (1 - 0.8 * content), "both")
        else:
            weighed[target] = (min(score, 0.97) * (0.9 + 0.1 * fits), "header")
    for target, score in found.scores.items():
        if target not in weighed:
            certain = found.is_sure(target)
            # A header that means something else speaks against weak evidence.
            contradicted = bool(by_header) and max(by_header.values()) > 0.7
            if target in ("lat_deg", "lon_deg") and "coordinates" in by_header:
                contradicted = False  # one header over two columns
                certain = True
            if target in makes and "kind" in by_header:
                contradicted = False
            weighed[target] = (score * (0.95 if certain else 0.3 if contradicted else 0.8), "content")
    _row_numbers(by_header, found, weighed)
    return weighed


def _of_camera(by_header: dict[str, float], found: Profile) -> dict[str, float]:
    """Under "Camera" alone stand makers and models, codes, or labels: the values say which."""
    if not by_header.keys() >= {"source_id", "name", "vendor_model"} or max(by_header.values()) > _GENERAL:
        return by_header
    numbered = found.values and sum(map(is_camera_number, found.values)) > 0.7 * len(found.values)
    if not numbered and (made := found.scores.keys() & _MAKES):
        return {max(made, key=lambda target: found.scores[target]): 0.8}
    coded = found.values and sum(map(is_code, found.values)) > 0.7 * len(found.values)
    return {"source_id": 0.7} if coded else {"name": 0.75}


def _row_numbers(by_header: Mapping[str, float], found: Profile, weighed: dict[str, tuple[float, By]]) -> None:
    """1, 2, 3 ... without a header of its own is the number of the row, and so is any number under "№".

    Rows left out of the middle of a list must not turn its numbers into names of cameras: in the next list the same
    camera would stand under another one. Codes with letters under "№" name the camera.
    """
    general = not by_header or (by_header.get("ignore", 0.0) > 0 and by_header.get("source_id", 0.0) > 0)
    whole = sum(text.rstrip(".)").isdecimal() for text in found.values)
    if general and (found.counts_rows or (by_header and whole >= 0.5 * len(found.values) > 0)):
        weighed["ignore"] = (0.9 if by_header else 0.7, "both" if by_header else "content")
    elif general and by_header and found.values:
        weighed["source_id"] = (0.65, "both")
        weighed["ignore"] = (0.4, "header")


def _order_degrees(weighed: list[dict[str, tuple[float, By]]], profiles: Sequence[Profile], taken: set[str]) -> None:
    """Two columns of degrees without a word about which is which: the medians, else latitude first."""
    open_columns = [
        index
        for index, targets in enumerate(weighed)
        if "lat_deg" in targets
        and "lon_deg" in targets
        and targets["lat_deg"][1] == targets["lon_deg"][1] == "content"
        and max(targets.values(), key=lambda pair: pair[0])[0] <= max(targets["lat_deg"][0], targets["lon_deg"][0])
    ]
    if len(open_columns) < 2 or taken & {"lat_deg", "lon_deg"}:
        return
    first, second = open_columns[:2]
    one, two = profiles[first].median, profiles[second].median
    latitude_first = True
    if one is not None and two is not None:
        if _is_ukrainian(two, one):
            latitude_first = True
        elif _is_ukrainian(one, two) or abs(one) > 90:
            latitude_first = False
    lat, lon = (first, second) if latitude_first else (second, first)
    weighed[lat].pop("lon_deg")
    weighed[lon].pop("lat_deg")


def _is_ukrainian(lon: float, lat: float) -> bool:
    return 22 <= lon <= 41 and 44 <= lat <= 53


def _assign(
    weighed: Sequence[Mapping[str, tuple[float, By]]],
    profiles: Sequence[Profile],
    taken: set[str],
) -> dict[int, tuple[str, float, By]]:
    """Best pairs first; a single-valued target goes to one column, the runner-up takes its next meaning or none."""
    pairs = sorted(
        (
            (score * (0.85 + 0.15 * profiles[index].filled), -index, target, score, by)
            for index, targets in enumerate(weighed)
            for target, (score, by) in targets.items()
            if score >= _LEAST
        ),
        reverse=True,
    )
    best = [max((score for score, _ in targets.values()), default=0.0) for targets in weighed]
    chosen: dict[int, tuple[str, float, By]] = {}
    used = set(taken)
    for _, negative, target, score, by in pairs:
        index = -negative
        # A much weaker second meaning is worse than admitting that the column is not understood.
        if index in chosen or target in used or score < 0.5 * best[index]:
            continue
        chosen[index] = (target, score, by)
        if target not in SHARED:
            used.add(target)
    return chosen


def _part_addresses(chosen: dict[int, tuple[str, float, By]], profiles: Sequence[Profile]) -> None:
    """Beside a column of streets, a second "place of installation" without streets is the camera's name or its site."""
    given = [index for index, (target, _, _) in chosen.items() if target == "address"]
    streets = [index for index in given if profiles[index].scores.get("address", 0.0) > 0]
    if not streets:
        return
    used = {target for target, _, _ in chosen.values()}
    for index in sorted(given):
        if index in streets or not profiles[index].values:
            continue
        target = next((name for name in ("name", "site") if name not in used), "note")
        used.add(target)
        chosen[index] = (target, min(chosen[index][1], 0.6), "both")


def _swap_axes(chosen: dict[int, tuple[str, float, By]], profiles: Sequence[Profile]) -> None:
    """Surveyors call the northing X. Source: the state geodetic systems SK-42, SK-63 and UCS-2000 number axes so."""
    places = {target: index for index, (target, _, _) in chosen.items() if target in ("x_m", "y_m")}
    if len(places) != 2:
        return
    x, y = profiles[places["x_m"]].median, profiles[places["y_m"]].median
    if x is None or y is None:
        return
    names = None
    if abs(x) <= 180 and abs(y) <= 180:
        swapped = _is_ukrainian(y, x) or abs(y) > 90
        names = ("lat_deg", "lon_deg") if swapped else ("lon_deg", "lat_deg")
    elif 4_400_000 <= x <= 6_200_000 and abs(y) < 1_000_000:
        names = ("y_m", "x_m")
    if names and not any(target in names and target not in places for target, _, _ in chosen.values()):
        for axis, name in zip(("x_m", "y_m"), names, strict=True):
            _, score, by = chosen[places[axis]]
            chosen[places[axis]] = (name, score, by)


def _guess(
    index: int,
    head: Head,
    found: Profile,
    *,
    known: tuple[str, By] | None,
    chosen: tuple[str, float, By] | None,
) -> Guess:
    parts = head.texts[index]
    target, confidence, by = ("", 0.0, "none")
    if known:
        target, confidence, by = known[0], 1.0, known[1]
    elif chosen:
        target, confidence, by = chosen
    return Guess(
        index=index,
        header=" / ".join(parts),
        target=target,
        confidence=round(min(confidence, 1.0), 3),
        by=by,  # type: ignore[arg-type]  # the tuple above widens By to str
        unit=head_unit(parts),
        examples=found.values[:3],
    )
