"""The import contracts of pyproject.toml catch what they promise: violations planted in a skeleton of the house."""

import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]

# module that looks where it must not -> what it imports there
PLANTED = {
    "oblik.registry.actions": "oblik.intake.actions",  # up a floor
    "oblik.city.queries": "oblik.accounts.queries",  # across a floor
    "oblik.attic.rooms": "oblik.base.errors",  # a room that nobody placed
    "oblik.intake.queries": "oblik.intake.actions",  # up inside a room
    "oblik.registry.logic.fields": "oblik.registry.queries",  # logic asks the database
    "oblik.web.ui.words": "oblik.web.desk.pages",  # what all audiences share asks one of them
    "oblik.intake.logic.values.texts": "django.utils.text",  # Django in logic
    "oblik.city.logic.names": "requests",  # network in logic
    "oblik.inventory.logic.figures": "oblik.base.clock",  # logic looks at the clock
    "oblik.web.desk.pages": "oblik.registry.models",  # a page reads tables
    "oblik.config.commands.camera": "oblik.registry.models",  # so does a command
    "oblik.base.left": "oblik.base.right",
    "oblik.base.right": "oblik.base.left",  # a circle
}


def build_skeleton(directory: Path, *, planted: dict[str, str]) -> None:
    for module in ("actions", "models", "queries"):
        for room in ("registry", "intake", "inventory", "city", "journal", "accounts"):
            write(directory, f"oblik.{room}.{module}", "")
    for module in (
        "oblik.db.bulk",
        "oblik.net.fetching",
        "oblik.web.api.doors",
        "oblik.coverage.queries",
        "oblik.demo.city",
        "oblik.base.errors",
        "oblik.base.clock",
        "oblik.config.settings",
    ):
        write(directory, module, "")
    # Each contract names modules that have to exist.
    for module in (
        "oblik.web.desk.map",
        "oblik.web.field.shell",
        "oblik.web.ui.theme",
        "oblik.intake.readers.csv",
        "oblik.registry.logic.codes",
    ):
        write(directory, module, "")
    for module, imported in planted.items():
        write(directory, module, f"import {imported}\n")


def write(directory: Path, module: str, text: str) -> None:
    path = directory / Path(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (path.parent, *path.parent.parents):
        if folder == directory:
            break
        (folder / "__init__.py").touch()
    path.write_text(text, encoding="utf-8")


def verdict(directory: Path) -> str:
    """What lint-imports says of the skeleton, as one line: it breaks lines by the width of a terminal."""
    environment = {**os.environ, "PYTHONPATH": str(directory), "COLUMNS": "400"}
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / "pyproject.toml"]
    done = subprocess.run(command, env=environment, cwd=directory, capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split())


def test_a_house_in_order_keeps_every_contract(tmp_path):
    build_skeleton(tmp_path, planted={})
    assert " 0 broken" in verdict(tmp_path)


def test_every_planted_violation_is_named(tmp_path):
    build_skeleton(tmp_path, planted=PLANTED)
    said = verdict(tmp_path)
    assert " 0 kept" in said
    missed = [f"{importer} -> {imported}" for importer, imported in PLANTED.items() if not is_named(importer, said)]
    assert not missed, said


def is_named(importer: str, said: str) -> bool:
    if importer.startswith("oblik.attic"):
        return "oblik.attic" in said or "attic" in said
    if importer.startswith("oblik.base."):
        return ".left" in said and ".right" in said
    return f"{importer} ->" in said or f"{importer} is not allowed" in said


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("oblik", include_external_packages=False, cache_dir=None)


def foreign_readers_of_tables(graph: grimp.ImportGraph) -> list[str]:
    """Modules that import another room's tables."""
    found = []
    for module in sorted(graph.modules):
        parts = module.split(".")
        if len(parts) >= 3 and parts[2] == "models":
            room = ".".join(parts[:2])
            readers = sorted(graph.find_modules_that_directly_import(module))
            found += [f"{reader} imports {module}" for reader in readers if not reader.startswith(room + ".")]
    return found


def test_tables_are_private_to_their_room(imports):
    assert foreign_readers_of_tables(imports) == []


def test_a_planted_reader_of_foreign_tables_is_caught():
    graph = grimp.ImportGraph()
    for module in ("oblik.registry.models", "oblik.registry.queries", "oblik.intake.actions"):
        graph.add_module(module)
    graph.add_import(importer="oblik.registry.queries", imported="oblik.registry.models")
    assert foreign_readers_of_tables(graph) == []
    graph.add_import(importer="oblik.intake.actions", imported="oblik.registry.models")
    assert foreign_readers_of_tables(graph) == ["oblik.intake.actions imports oblik.registry.models"]
