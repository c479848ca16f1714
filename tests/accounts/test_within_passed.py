"""Doors pass the scope on: whoever calls a query that can be limited says within what."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "oblik"
DOORS = ("web", "config/commands")
# Asked for the whole register on purpose: where, what, why.
WHOLE = {
    ("web/api/campaigns.py", "campaign"): "the campaign that this request has opened",
    ("web/api/owners.py", "owners"): "the owner that this request has added",
    ("web/api/submissions.py", "submission"): "the list that this request has handed in",
    ("web/desk/campaign.py", "seats"): "the commission of a campaign that this page has found within the scope",
    ("web/desk/handin.py", "submission"): "the list that this request has handed in",
    ("config/commands/check_data.py", "campaigns"): "an inspection of everything, for those who may audit",
    ("config/commands/check_data.py", "submissions"): "as above",
}


def limited() -> dict[str, set[str]]:
    """module -> its functions that take `within`."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        if "migrations" in path.parts or path.parts[len(SOURCE.parts)] in ("web", "config", "demo"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(a.arg == "within" for a in node.args.kwonlyargs):
                found.setdefault(module, set()).add(node.name)
    return found


def unlimited_calls(text: str, *, functions: dict[str, set[str]]) -> Iterator[tuple[int, str]]:
    """(line, function) of calls that leave `within` out."""
    tree = ast.parse(text)
    modules: dict[str, str] = {}
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in functions:
                    modules[alias.asname or alias.name] = whole
                elif alias.name in functions.get(node.module, ()):
                    names[alias.asname or alias.name] = alias.name
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or any(word.arg in ("within", None) for word in node.keywords):
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            if called.attr in functions.get(modules.get(called.value.id, ""), ()):
                yield node.lineno, called.attr
        elif isinstance(called, ast.Name) and called.id in names:
            yield node.lineno, names[called.id]


FUNCTIONS = limited()


def test_the_functions_are_found():
    assert {"search_cameras", "camera_card", "owner_names"} <= FUNCTIONS["oblik.registry.queries"]
    assert "submissions" in FUNCTIONS["oblik.intake.queries"]
    card = importlib.import_module("oblik.registry.queries").camera_card
    assert "within" in inspect.signature(card).parameters


@pytest.mark.parametrize("door", DOORS)
def test_doors_say_within_what_they_ask(door):
    forgotten = []
    for path in sorted((SOURCE / door).rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        for line, name in unlimited_calls(path.read_text(encoding="utf-8"), functions=FUNCTIONS):
            if (where, name) not in WHOLE:
                forgotten.append(f"{where}:{line} calls {name} without `within`")
    assert not forgotten, "\n".join(forgotten)


def test_a_forgotten_scope_is_caught():
    known = {"oblik.registry.queries": {"camera_card"}}
    text = "from oblik.registry import queries as registry\nregistry.camera_card(code)\n"
    assert list(unlimited_calls(text, functions=known)) == [(2, "camera_card")]
    text = "from oblik.registry.queries import camera_card\ncamera_card(code)\ncamera_card(code, within=x)\n"
    assert list(unlimited_calls(text, functions=known)) == [(2, "camera_card")]
