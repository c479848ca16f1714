"""The few pictures that docs/guide and the README show: the English pages of the demo city, small enough to be kept."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image
from tools.screens import SCREENS

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "guide" / "pictures"
ALL_BYTES: Final = 2_000_000
_QUALITY: Final = 82
_DESK_PX, _PHONE_PX = 1000, 300


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of the guide: the screen, its width, and how much of the page from its top is seen."""

    screen: str
    width: int = 1280
    height: int = 800
    theme: str = "light"


SHOTS: Final[dict[str, Shot]] = {
    "campaign": Shot("campaign", height=860),
    "discrepancies": Shot("discrepancies-of-fields", height=760),
    "freeze": Shot("freeze", height=620),
    "upload": Shot("upload", height=900),
    "list": Shot("list-doubtful-rows", height=820),
    "cameras": Shot("cameras", height=700),
    "map": Shot("map-near", height=800),
    "map-dark": Shot("map-near", height=800, theme="dark"),
    "search": Shot("palette", height=640),
    "camera": Shot("camera", height=1000),
    "review": Shot("review", height=860),
    "rounds": Shot("rounds", height=760),
    "field-round": Shot("field", width=360, height=740),
    "field-map": Shot("field-map", width=360, height=740),
    "field-check": Shot("field-different", width=360, height=740),
    "coverage": Shot("coverage", height=860),
    "coverage-near": Shot("coverage-near", height=860),
    "coverage-overlap": Shot("coverage-overlap", height=700),
    "coverage-blind": Shot("coverage-blind", height=860),
    "coverage-place": Shot("coverage-place", height=760),
    "coverage-tables": Shot("coverage-table", height=620),
    "people": Shot("person", height=900),
    "second-factor": Shot("factors", height=620),
    "audit": Shot("audit", height=760),
    "audit-unusual": Shot("audit-unusual", height=760),
}


def take_guide(walk: Any, *, only: str = "") -> int:
    """Draws the pictures of the guide anew; 0 when all came out and they are small enough together."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    named = {screen.name: screen for screen in SCREENS}
    for name, shot in ((name, shot) for name, shot in SHOTS.items() if only in name):
        screen = named[shot.screen]
        phone = shot.width < 500
        with walk.opened(
            screen.who, language="en", width=shot.width, theme=shot.theme, scale=2.0 if phone else 1.0
        ) as page:  # fmt: skip
            page.set_viewport_size({"width": shot.width, "height": shot.height})
            walk.failed += [f"{name}: {one}" for one in walk.shown(page, screen)]
            data = page.screenshot(animations="disabled")
        kept = small(data, width_px=_PHONE_PX if phone else _DESK_PX)
        (FOLDER / f"{name}.webp").write_bytes(kept)
        print(f"{name}.webp: {len(kept) / 1000:.0f} KB", flush=True)
    for path in FOLDER.glob("*.webp"):
        if path.stem not in SHOTS:
            path.unlink()
    total = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    print(f"{len(SHOTS)} pictures of the guide, {total / 1000:.0f} KB of {ALL_BYTES / 1000:.0f} KB")
    for line in walk.failed:
        print(f"  {line}")
    return 1 if walk.failed or total >= ALL_BYTES else 0


def small(data: bytes, *, width_px: int) -> bytes:
    """A picture as WebP of that width."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    height_px = round(picture.height * width_px / picture.width)
    out = io.BytesIO()
    picture.resize((width_px, height_px), Image.Resampling.LANCZOS).save(out, "WEBP", quality=_QUALITY, method=6)
    return out.getvalue()
