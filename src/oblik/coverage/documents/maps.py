"""Maps of the report as SVG, drawn by ourselves: what is seen, how often, and the blind spots."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from oblik.city import queries as city
from oblik.coverage import sums
from oblik.coverage.documents.drawing import Mosaic, areas, coverage_values, mosaic, outline, overlap_values

_MOST: Final = 720  # squares along the longer edge: finer than a printer shows on half a page
# From faint to fine; told apart in grey as well, as papers are copied.
BAND_COLOURS: Final = ("#dbe9f6", "#b3cfe9", "#7fadd6", "#4a86bd", "#22619c", "#0b3c6f")
SURE_COLOURS: Final = ("#e4f3de", "#bfe3b4", "#8fcc86", "#58ad5c", "#2b8a3e", "#12622a")
TIMES_COLOURS: Final = ("#fde3c1", "#f9b46c", "#e37a2b", "#a94a07")
_BLIND: Final = "#c2410c"
_STREETS: Final = ("motorway", "trunk", "primary", "secondary")


def coverage_map(survey: int) -> str:
    """The best band of every place: green where sure, blue where possible."""
    picture = mosaic(sums.surfaces(survey), value=coverage_values, most=_MOST)
    colours = {i + 1: colour for i, colour in enumerate(BAND_COLOURS)}
    return _svg(picture, _filled(picture, colours | {i + 11: colour for i, colour in enumerate(SURE_COLOURS)}))


def overlap_map(survey: int) -> str:
    """Where two cameras and more look at the same place."""
    picture = mosaic(sums.surfaces(survey), value=overlap_values, most=_MOST)
    colours = {i + 2: colour for i, colour in enumerate(TIMES_COLOURS)}
    return _svg(picture, _filled(picture, colours | {value + 10: colour for value, colour in colours.items()}))


def blind_map(survey: int, *, spots: Sequence[sums.Blind]) -> str:
    """Blind spots as discs, larger for more weight, on what is seen at all."""
    picture = mosaic(sums.surfaces(survey), value=coverage_values, most=_MOST)
    seen = _filled(picture, dict.fromkeys([*range(1, 7), *range(11, 17)], "#e3e7ec"))
    most = max((spot.loss for spot in spots), default=1.0) or 1.0
    marks = []
    for spot in reversed(spots):
        if spot.loss <= 0:
            continue
        x, y = picture.squares(spot.lon_deg, spot.lat_deg)
        radius = 1.5 + 4.5 * (spot.loss / most) ** 0.5
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
    return _svg(picture, [*seen, f'<g fill="{_BLIND}" fill-opacity="0.75">{"".join(marks)}</g>'])


def _filled(picture: Mosaic, colours: Mapping[int, str]) -> list[str]:
    paths: dict[str, list[str]] = {}
    for value, rings in areas(picture.values):
        if value in colours:
            paths.setdefault(colours[value], []).extend(_path(ring) + "z" for ring in rings)
    return [f'<path fill="{colour}" fill-rule="evenodd" d="{"".join(parts)}"/>' for colour, parts in paths.items()]


def _path(corners: Any) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}".replace(".0", "") for x, y in corners)


def _lines(shapes: Iterable[Any], picture: Mosaic, *, colour: str, width: float) -> str:
    found = "".join(_path(line) for shape in shapes for line in outline(shape, picture) if len(line) > 1)
    return f'<path fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" d="{found}"/>'


def _svg(picture: Mosaic, drawn: Iterable[str]) -> str:
    height, width = picture.values.shape
    edges = _lines(city.districts().geometry, picture, colour="#5b6470", width=1.2)
    streets = _lines(city.streets(classes=_STREETS).geometry, picture, colour="#9aa3ad", width=0.6)
    parts = "".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{parts}{streets}{edges}</svg>'
    )
