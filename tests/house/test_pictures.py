"""Pictures of the guide are small, shown somewhere, and drawn by `make screenshots`."""

from pathlib import Path

from test_documented import links

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "guide" / "pictures"
ALL_BYTES = 2_000_000
DRAWN = {".webp", ".png", ".jpg", ".jpeg", ".gif", ".svg"}


def shown(root: Path) -> set[Path]:
    """The pictures that documents link to."""
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    found = {(page.parent / link).resolve() for page in pages for link in links(page.read_text(encoding="utf-8"))}
    return {path for path in found if path.suffix in DRAWN}


def test_pictures_are_small_together():
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < ALL_BYTES


def test_every_picture_is_shown_and_every_picture_shown_is_there():
    assert shown(ROOT) == {path for path in (ROOT / "docs").rglob("*") if path.suffix in DRAWN}


def test_every_picture_has_its_line_and_every_line_its_picture():
    from tools.guide_pictures import SHOTS

    assert {path.name for path in PICTURES.iterdir()} == {f"{name}.webp" for name in SHOTS}


def test_a_picture_that_is_shown_is_found(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("![a](pictures/a.webp) [b](b.md)", encoding="utf-8")
    assert shown(tmp_path) == {(tmp_path / "docs/pictures/a.webp").resolve()}
