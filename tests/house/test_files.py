"""Every file keeps the house rules: sizes, docstrings, names, opt-outs with a reason, purity of logic."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import house_rules as rules
from house_rules import Source

ROOT = Path(__file__).resolve().parents[2]


@cache
def source(path: Path) -> Source:
    """Read and parsed once for all rules."""
    return Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def sources(*folders: str) -> list[Source]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    foreign = {"migrations", "node_modules", "__pycache__"}
    return [source(path) for path in paths if not foreign & set(path.relative_to(ROOT).parts)]


def is_logic(source: Source) -> bool:
    return "/logic/" in source.path


def is_pure(source: Source) -> bool:
    is_ground = source.path.startswith("src/oblik/base/") and source.name != "clock"
    return is_ground or is_logic(source) or "/readers/" in source.path


def assert_kept(rule: Callable[[Source], Iterator[str]], files: list[Source]) -> None:
    broken = [line for file in files for line in rule(file)]
    assert not broken, "\n".join(["", *broken])


@pytest.mark.parametrize("rule", rules.EVERYWHERE, ids=lambda rule: rule.__name__)
def test_no_file_of_ours_breaks_the_rule(rule):
    assert_kept(rule, sources("src", "tests", "benchmarks", "tools"))


@pytest.mark.parametrize("rule", rules.PRODUCT, ids=lambda rule: rule.__name__)
def test_no_file_of_the_product_breaks_the_rule(rule):
    assert_kept(rule, sources("src"))


@pytest.mark.parametrize("rule", rules.PURE, ids=lambda rule: rule.__name__)
def test_logic_readers_and_base_are_pure(rule):
    assert_kept(rule, [file for file in sources("src") if is_pure(file)])


@pytest.mark.parametrize("rule", rules.LOGIC, ids=lambda rule: rule.__name__)
def test_logic_takes_values_and_says_what_it_gives(rule):
    assert_kept(rule, [file for file in sources("src") if is_logic(file)])


DEEP = "def f(x):\n" + "".join("    " * n + f"if x > {n}:\n" for n in range(1, 7)) + "    " * 7 + "return x\n"
LADDER = "def f(x):\n    if x == 0:\n        return 0\n" + "".join(
    f"    elif x == {n}:\n        return {n}\n" for n in range(1, 9)
)

PLANTED = [
    # rule, a file that breaks it, one just inside it
    (rules.too_long, "def f():\n" + "    pass\n" * 80, "def f():\n" + "    pass\n" * 79),
    (rules.too_long, "x = 1\n" * 600, "x = 1\n" * 599),
    (
        rules.too_many_parameters,
        "def f(a, b, c, d, e, *, g, h, i, j): ...",
        "def f(self, a, b, c, d, e, *, g, h, i): ...",
    ),
    (rules.too_deep, DEEP, LADDER),
    (rules.too_deep, "class A:\n    " + DEEP.replace("\n", "\n    "), "def f():\n    def g():\n        pass\n"),
    (rules.without_docstring, "x = 1\n", '"""Answers x."""\nx = 1\n'),
    (rules.without_docstring, "", '"""Answers nothing yet."""\n'),
    (rules.opt_out_without_reason, "x = f()  # type: ignore\n", "x = f()  # type: ignore[arg-type]  # f is untyped\n"),
    (rules.opt_out_without_reason, "x = f()  # type: ignore[arg-type]\n", "x = '# type: ignore'\n"),
    (rules.opt_out_without_reason, "import a  # noqa: F401\n", "import a  # noqa: F401 -- registers the reader\n"),
    (rules.opt_out_without_reason, "import a  # noqa\n", "x = 1  # an ordinary comment\n"),
    (rules.printing, "print('x')\n", "console.print('x')\n"),
    (rules.positional_crowd, "def f(a, b, c, d): ...", "def f(a, *, b, c, d): ...\ndef _g(a, b, c, d): ..."),
    (rules.undocumented_logic, "def f(a): ...", "def f(a):\n    'Twice a.'\ndef _g(a): ..."),
    (rules.asking_which_database, "if connection.vendor == 'sqlite': ...", "x = camera.vendor\n"),
    (rules.hidden_plumbing, "from django.dispatch import receiver\n", "from django.db import transaction\n"),
    (rules.hidden_plumbing, "from typing import TYPE_CHECKING\n", "from typing import Final\n"),
    (rules.network_in_pure_code, "import urllib.request\n", "from urllib.parse import urlsplit\n"),
    (rules.network_in_pure_code, "from urllib import request\n", "import json\n"),
    (rules.disk_in_logic, "def f(p):\n    return p.read_text()\n", "def f(p):\n    return p.name\n"),
    (rules.disk_in_logic, "import os\n", "import math\n"),
    (rules.disk_in_logic, "x = p.joinpath('a').read_text()\n", "x = resources.files('a').joinpath('b').read_text()\n"),
    (rules.disk_in_logic, "x = open('a')\n", "x = door.open('a')\n"),
    (rules.clock_in_pure_code, "x = datetime.now(UTC)\n", "x = datetime(2026, 1, 1)\n"),
    (rules.clock_in_pure_code, "x = date.today()\n", "x = clock.now\n"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_planted_violation_is_caught(rule, bad, good):
    assert list(rule(Source("src/oblik/room/page.py", bad)))
    assert not list(rule(Source("src/oblik/room/page.py", good)))


def test_code_in_a_package_page_is_caught():
    page = Source("src/oblik/room/__init__.py", '"""The room."""\nimport os\n')
    assert list(rules.code_in_a_package_page(page))
    assert not list(rules.code_in_a_package_page(Source(page.path, '"""The room."""\n')))


def test_a_name_without_a_noun_is_caught():
    assert list(rules.name_without_a_noun(Source("src/oblik/room/utils.py", "")))
    assert list(rules.name_without_a_noun(Source("src/oblik/common/streets.py", "")))
    assert not list(rules.name_without_a_noun(Source("tools/reference.py", "")))
