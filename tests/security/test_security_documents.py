"""The documents on security say what is so: tests named in them exist, all requirements and attacks stand in them."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "docs/guide/security.md", ROOT / "THREATS.md", ROOT / "docs/guide/personal-data.md"]
GUIDE = DOCUMENTS[0]
# OWASP ASVS 4.0.3, what level 2 asks: section -> numbers in it. Deleted ones and those of level 3 alone are left out.
LEVEL_2 = {
    "1.1": "1-7", "1.2": "1-4", "1.4": "1 4 5", "1.5": "1-4", "1.6": "1-4", "1.7": "1-2", "1.8": "1-2", "1.9": "1-2",
    "1.10": "1", "1.11": "1-2", "1.12": "2", "1.14": "1-6",
    "2.1": "1-12", "2.2": "1-3", "2.3": "1-3", "2.4": "1-5", "2.5": "1-7", "2.6": "1-3", "2.7": "1-6", "2.8": "1-7",
    "2.9": "1-3", "2.10": "1-4",
    "3.1": "1", "3.2": "1-4", "3.3": "1-4", "3.4": "1-5", "3.5": "1-3", "3.7": "1",
    "4.1": "1 2 3 5", "4.2": "1-2", "4.3": "1-3",
    "5.1": "1-5", "5.2": "1-8", "5.3": "1-10", "5.4": "1-3", "5.5": "1-4",
    "6.1": "1-3", "6.2": "1-6", "6.3": "1-2", "6.4": "1-2",
    "7.1": "1-4", "7.2": "1-2", "7.3": "1 3 4", "7.4": "1-3",
    "8.1": "1-4", "8.2": "1-3", "8.3": "1-8",
    "9.1": "1-3", "9.2": "1-4",
    "10.2": "1-2", "10.3": "1-3",
    "11.1": "1-8",
    "12.1": "1-3", "12.2": "1", "12.3": "1-6", "12.4": "1-2", "12.5": "1-2", "12.6": "1",
    "13.1": "1 3 4 5", "13.2": "1 2 3 5 6", "13.3": "1-2", "13.4": "1-2",
    "14.1": "1-4", "14.2": "1-6", "14.3": "2-3", "14.4": "1-7", "14.5": "1-4",
}  # fmt: skip


def tests_there_are() -> set[str]:
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(node.name)
    return found


def named(text: str) -> set[str]:
    return set(re.findall(r"`(test_\w+)`", text))


def rows(text: str) -> list[list[str]]:
    """Cells of every row of every table, but for heads and lines."""
    lines = [
        line
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith(("| requirement", "| attack"))
    ]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def required() -> set[str]:
    found = set()
    for section, numbers in LEVEL_2.items():
        for part in numbers.split():
            first, _dash, last = part.partition("-")
            found |= {f"V{section}.{number}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_every_test_that_our_security_documents_name_exists():
    known = tests_there_are()
    missing = {path.name: sorted(named(path.read_text(encoding="utf-8")) - known) for path in DOCUMENTS}
    assert not {name: tests for name, tests in missing.items() if tests}


def test_every_requirement_of_level_2_stands_in_the_table_once():
    told = [
        number for row in rows(GUIDE.read_text(encoding="utf-8")) for number in re.findall(r"V\d+\.\d+\.\d+", row[0])
    ]
    assert set(told) == required()
    assert len(told) == len(set(told))


def test_a_requirement_without_a_test_says_who_or_why():
    bare = [
        row[0]
        for row in rows(GUIDE.read_text(encoding="utf-8"))
        if row[0].startswith("V") and not named(row[3]) and len(row[2]) < 12
    ]
    assert not bare


def test_every_attack_that_is_tried_stands_in_the_table_and_no_other():
    sources = sorted((ROOT / "tests/security").glob("test_attacks*.py"))
    nodes = [node for path in sources for node in ast.parse(path.read_text(encoding="utf-8")).body]
    tried = {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    text = GUIDE.read_text(encoding="utf-8").partition("## Attacks tried")[2]
    told = [name for row in rows(text) for name in named(row[-1])]
    more = {"test_no_pattern_is_kept_busy_by_a_hostile_text", "test_a_resolver_that_changes_its_mind_is_asked_once"}
    assert set(told) == tried | more
    assert len(told) == len(set(told))
