"""Picture size from "1920x1080", "1080p", "4 Мп" or "4K"."""

import re
from typing import Final

from oblik.intake.logic.values.texts import plain

_SIZE: Final = re.compile(r"(?<!\d)(\d{3,5})\s*(?:[x×х*✕:]|на|by)\s*(\d{3,5})(?!\d)", re.IGNORECASE)
_LINES: Final = re.compile(r"(?<!\d)(\d{3,4})\s*[pрPР](?!\w)")
_MEGAPIXELS: Final = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s*-?\s*(?:м\s*п|m\s*p|мегап|megap|м\.?\s*пікс|м\.?\s*пикс)", re.I
)
_BARE: Final = re.compile(r"^(\d{1,2}(?:[.,]\d{1,2})?)$")

# What makers sell under these names; the widest-spread picture size of each class.
_BY_LINES: Final = {
    4320: (7680, 4320), 2160: (3840, 2160), 1944: (2592, 1944), 1520: (2688, 1520), 1440: (2560, 1440),
    1296: (2304, 1296), 1200: (1600, 1200), 1080: (1920, 1080), 960: (1280, 960), 900: (1600, 900), 720: (1280, 720),
    576: (704, 576), 480: (640, 480),
}  # fmt: skip
_BY_MEGAPIXELS: Final = (
    (0.3, (640, 480)), (0.4, (704, 576)), (1.0, (1280, 720)), (1.3, (1280, 960)), (2.0, (1920, 1080)),
    (2.1, (1920, 1080)), (3.0, (2048, 1536)), (4.0, (2560, 1440)), (5.0, (2592, 1944)), (6.0, (3072, 2048)),
    (8.0, (3840, 2160)), (8.3, (3840, 2160)), (12.0, (4000, 3000)), (16.0, (4608, 3456)), (20.0, (5472, 3648)),
    (24.0, (5664, 4248)), (32.0, (7680, 4320)),
)  # fmt: skip
_BY_NAME: Final = (
    (re.compile(r"(?<!\w)8\s*[kк](?!\w)", re.I), (7680, 4320)),
    (re.compile(r"(?<!\w)4\s*[kк](?!\w)|ultra\s*hd|(?<!\w)uhd(?!\w)", re.I), (3840, 2160)),
    (re.compile(r"(?<!\w)(?:2\s*[kк]|qhd|wqhd)(?!\w)", re.I), (2560, 1440)),
    (re.compile(r"full\s*-?\s*hd|(?<!\w)fhd(?!\w)", re.I), (1920, 1080)),
    (re.compile(r"(?<!\w)hd(?!\w)", re.I), (1280, 720)),
    (re.compile(r"(?<!\w)(?:d1|4cif|960h)(?!\w)", re.I), (704, 576)),
    (re.compile(r"(?<!\w)cif(?!\w)", re.I), (352, 288)),
    (re.compile(r"(?<!\w)vga(?!\w)", re.I), (640, 480)),
)

Size = tuple[int, int]


def resolution(text: str) -> tuple[Size | None, str | None]:
    """(width_px, height_px).

    Megapixels and names stand for the usual picture of that class and are noted as "resolution_by_class".
    "not_a_resolution" for what names none.
    """
    text = plain(text)
    if not text:
        return None, None
    if found := _SIZE.search(text):
        one, other = int(found[1]), int(found[2])
        return (max(one, other), min(one, other)), None
    if (found := _LINES.search(text)) and int(found[1]) in _BY_LINES:
        return _BY_LINES[int(found[1])], None
    if found := _MEGAPIXELS.search(text) or _BARE.match(text):
        return _class_of(float(found[1].replace(",", ".")))
    for pattern, size in _BY_NAME:
        if pattern.search(text):
            return size, "resolution_by_class"
    return None, "not_a_resolution"


def _class_of(megapixels: float) -> tuple[Size | None, str | None]:
    nearest, size = min(_BY_MEGAPIXELS, key=lambda pair: abs(pair[0] - megapixels))
    if abs(nearest - megapixels) > 0.15 * nearest:
        return None, "not_a_resolution"
    return size, "resolution_by_class"
