"""What our sources promise about themselves: no shell, no serialised objects, no planted secrets, proper randomness."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from tests.web.test_headers import every_address

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imported(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^\s*(?:from|import) ([\w.]+)", text))


def test_no_module_reads_serialised_objects():
    wrong = []
    for path in SOURCES:
        wrong += [
            f"{path}: {name}" for name in imported(path) & {"pickle", "marshal", "shelve", "yaml", "dill", "joblib"}
        ]
        wrong += [
            f"{path}: {name}()" for name, _call in calls(path) if name in ("eval", "exec", "compile", "__import__")
        ]
        wrong += [
            f"{path}: allow_pickle"
            for _name, call in calls(path)
            for word in call.keywords
            if word.arg == "allow_pickle" and getattr(word.value, "value", False)
        ]
    assert not wrong


def test_no_module_starts_a_shell():
    wrong = []
    for path in SOURCES:
        for name, call in calls(path):
            shell = any(word.arg == "shell" and getattr(word.value, "value", True) for word in call.keywords)
            if name in ("os.system", "os.popen", "subprocess.getoutput") or (name.startswith("subprocess.") and shell):
                wrong.append(f"{path}: {name}")
    assert not wrong


def test_unguessable_values_come_from_the_system():
    """random is for the demo and for statistics; keys, tokens and passwords come from `secrets`."""
    rooms = {"accounts", "base", "config", "db", "journal", "net", "registry", "web"}
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.relative_to(ROOT / "src/oblik").parts[0] in rooms and imported(path) & {"random", "numpy.random"}
    ]
    assert not wrong


XML = {"xml.etree.ElementTree", "xml.dom.minidom", "xml.sax", "lxml", "lxml.etree", "xml.parsers.expat"}


def test_xml_is_read_without_entities():
    """Each module that parses XML goes through defusedxml; writing by hand quotes."""
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        for name, _call in calls(path)
        if re.search(
            r"(?:^|\.)(?:ElementTree|etree|ET|minidom|sax|expat)\.(?:parse|fromstring|iterparse|XML|ParserCreate)$",
            name,
        )
        and not any("defusedxml" in module for module in imported(path))
    ]
    assert not wrong


SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b|\bxox[bp]-[\w-]{20,}|\bsk_live_\w{16,}"
)


def test_no_secret_stands_in_the_repository():
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in listing.stdout.splitlines():
        path = ROOT / name
        is_text = path.is_file() and path.suffix in {".py", ".md", ".toml", ".txt", ".sh", ".json", ".html", ".ts", ""}
        if is_text and SECRET.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(name)
    assert not found


def test_passwords_are_hashed_slowly():
    """In a process of its own: the tests use a fast hasher."""
    code = (
        "import django; django.setup(); from django.contrib.auth.hashers import make_password; "
        "print(make_password('sorok-dvi-kamery'))"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "oblik.config.settings"}
    hashed = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    algorithm, count, salt, _digest = hashed.strip().split("$")
    assert algorithm == "pbkdf2_sha256"
    assert int(count) >= 600_000
    assert len(salt) >= 22
    assert PBKDF2PasswordHasher().verify("sorok-dvi-kamery", hashed.strip())


def test_password_rules_are_length_and_a_list_of_known_ones():
    for good in (
        "sorok-dvi-kamery-na-opori",
        "ключ від 3 дверей",
        "🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑",
        "a" * 6 + " " * 4 + "b" * 6,
        "x y" * 40,
    ):
        validate_password(good)
    for bad in ("short", "password1234", "qwertyuiop12", "y" * 129 + "z"):
        with pytest.raises(ValidationError):
            validate_password(bad)


@pytest.mark.django_db
def test_no_other_site_is_let_in(client):
    for address in every_address():
        for origin in ("https://evil.example", "null"):
            answer = client.options(address, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")], address
