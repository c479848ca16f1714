"""Foreign keys are written as strings, so imports do not show them: they point down the floors all the same."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def floors() -> dict[str, int]:
    """Room -> its floor, 0 the lowest, as the import contract says."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["name"].startswith("Floors"))
    return {room.strip(" ()"): height for height, layer in enumerate(reversed(layers)) for room in layer.split("|")}


def points_down(room: str, target: str, *, heights: dict[str, int]) -> bool:
    """Whether a table of `room` may refer to a table of `target` (apps that are not ours lie below all floors)."""
    return room == target or heights.get(target, -1) < heights[room]


def references() -> Iterator[tuple[str, str, str]]:
    """(room, field, room referred to) of every table of ours."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("oblik."):
            for field in model._meta.get_fields():
                if field.is_relation and not field.auto_created and field.related_model is not None:
                    yield model._meta.app_label, f"{model.__name__}.{field.name}", field.related_model._meta.app_label


def test_foreign_keys_point_down():
    heights = floors()
    upward = [
        f"{field} refers up to {target}"
        for room, field, target in references()
        if not points_down(room, target, heights=heights)
    ]
    assert not upward, "\n".join(upward)
    assert any(True for _ in references())


def test_a_key_that_points_up_or_across_is_caught():
    heights = floors()
    assert points_down("intake", "registry", heights=heights)
    assert points_down("intake", "intake", heights=heights)
    assert points_down("accounts", "auth", heights=heights)
    assert not points_down("registry", "intake", heights=heights)
    assert not points_down("city", "accounts", heights=heights)


def tables_fetched_by_name(text: str) -> Iterator[tuple[int, str]]:
    """(line, app) of each `get_model("app", ...)` or `get_model("app.Model")`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "get_model":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value.partition(".")[0]


def test_no_room_fetches_foreign_tables_by_name():
    found = []
    for path in sorted((ROOT / "src/oblik").rglob("*.py")):
        room = path.relative_to(ROOT / "src/oblik").parts[0]
        if "migrations" not in path.parts:
            found += [
                f"{path}:{line} fetches a table of {app}"
                for line, app in tables_fetched_by_name(path.read_text(encoding="utf-8"))
                if app != room
            ]
    assert not found, "\n".join(found)


def test_a_table_fetched_by_name_is_caught():
    assert list(tables_fetched_by_name('x = apps.get_model("registry", "Camera")')) == [(1, "registry")]
    assert list(tables_fetched_by_name('x = apps.get_model("registry.Camera")')) == [(1, "registry")]
    assert list(tables_fetched_by_name("x = get_user_model()")) == []
