"""Regular expressions: each that stands in our modules meets texts made to keep it busy, and answers at once."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

import oblik

LENGTH = 600  # longer than any honest cell; time that grows with the square stays below the limit, the cube does not
LIMIT_S = 0.7
UNITS = (
    "a", "a ", " ", "1", "1.", "1,1 ", "0-", "-", ".", "..", "/", "a/", "@", "a@", ":", "a:", "//", "\\", "(", "((",
    "вул. ", "вул.вул.", "б", "№", "1°1'", "1° ", "ab:", "aa-", "=", "a=", "&a=", "<", "<a ", "<a b=", "&#", "\t", "\n",
    "\r\n", "%2", "_", "а'", "''", '"', "+1", "1e", "x1 x ", ";", "a;", "[", "{", "{a", "\u00a0", "\u0301", "Ё",
    "rtsp://a:", "http://", "пароль: ", "pass=", "0x", "::", "1:", "км", "А 1/", "100 x ",
)  # fmt: skip
ENDS = ("", "щ@")


def flat(value: object) -> Iterator[object]:
    """A value itself, and what stands in it two tables deep."""
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else [value]:
        yield from part if isinstance(part, (tuple, list)) else [part]


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled expression at the top of one of our modules, and those in its tables, by where it stands."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(oblik.__path__, "oblik."):
        if ".migrations" in module.name or module.name.endswith(("wsgi", ".settings")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, one in enumerate(flat(value)):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    found[f"{module.name}.{name}[{number}]"] = one
    return found


def busiest(expression: str, flags: int) -> tuple[float, str]:
    """The longest time of the processor over all hostile texts, and the beginning of the text that took it."""
    pattern = re.compile(expression, flags)
    worst = (0.0, "")
    for unit in UNITS:
        for end in ENDS:
            text = (unit * LENGTH)[:LENGTH] + end
            for ask in (pattern.search, pattern.fullmatch):
                began = time.thread_time()
                ask(text)
                worst = max(worst, (time.thread_time() - began, unit + end))
            if worst[0] > LIMIT_S:
                return worst
    return worst


@pytest.mark.slow
def test_no_pattern_is_kept_busy_by_a_hostile_text():
    known = patterns()
    unlike = {(one.pattern, one.flags & ~re.UNICODE): where for where, one in known.items()}
    assert len(unlike) > 80
    slow = {}
    with ProcessPoolExecutor(2) as pool:
        answers = pool.map(busiest, *zip(*unlike, strict=True), chunksize=4)
        for where, (seconds, text) in zip(unlike.values(), answers, strict=True):
            if seconds > LIMIT_S:
                slow[where] = f"{seconds:.1f} s for {text!r} repeated"
    assert not slow


def test_a_planted_slow_pattern_is_found(monkeypatch):
    monkeypatch.setitem(globals(), "LENGTH", 26)
    monkeypatch.setitem(globals(), "LIMIT_S", 0.002)
    assert busiest(r"(?:a|aa)+b", 0)[0] > 0.002
    assert busiest(r"a+b", 0)[0] < 0.002
