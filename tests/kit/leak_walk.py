"""Run inside an installation of its own: the main job over lists full of secrets, and everything that it says."""

import io
import json
import logging
import sys
from pathlib import Path

from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from oblik.accounts import actions as accounts
from oblik.config.commands.root import oblik
from oblik.config.veils import VeiledFormatter
from oblik.registry import queries as registry
from oblik.web.desk import presence

LISTS, SAID = Path(sys.argv[1]), Path(sys.argv[2])
SEEN: dict[str, int] = {}  # role -> pages that it was shown
ROLES = ("administrator", "officer", "clerk", "auditor", "nobody")


def keep(name: str, said: str | bytes) -> None:
    """Puts something said beside the others."""
    path = SAID / f"{len(list(SAID.iterdir())):04d}-{name.replace('/', '_')[:60]}"
    path.write_bytes(said.encode() if isinstance(said, str) else said)


def run(*words: str, fails: bool = False) -> str:
    """One command; what it printed is kept and comes back."""
    done = CliRunner().invoke(oblik, list(words))
    keep("-".join(words[:2]), done.output + done.stderr + repr(done.exception))
    assert fails or done.exit_code == 0, f"{words}: {done.output}\n{done.exception!r}"
    return done.output


def listen() -> io.StringIO:
    """Everything that is logged, at its most talkative, through the formatter of the program."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(VeiledFormatter())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    return heard


def addresses(patterns: list[URLPattern | URLResolver], *, values: dict[str, str], before: str = "") -> list[str]:
    """Every address that the program answers, its places filled with real codes and numbers."""
    found: list[str] = []
    for one in patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, values=values, before=text)
            continue
        for place, value in values.items():
            text = text.replace(f"<{place}>", value)
        found.append("/" + text)
    return found


def prepare() -> None:
    run("init", "--password", "sorok-dvi-kamery")
    for code in ("KP", "POL"):
        run("owner", "add", code, "--name", code, "--kind", "enterprise")
    run("campaign", "open", "C1", "--name", "Перша", "--from", "2026-01-01", "--until", "2026-12-31")
    run("campaign", "member", "C1", "--name", "О. Голова", "--role", "chair")


def take_in() -> None:
    for path in sorted(LISTS.iterdir()):
        mapping = ["--mapping", str(path.with_name("mapping.toml"))] if path.name == "mapped.csv" else []
        if path.suffix != ".toml":
            run("intake", "add", str(path), "--owner", "KP", "--campaign", "C1", *mapping, "--json", fails=True)
            run("intake", "add", str(path), "--owner", "KP", "--campaign", "C1", *mapping, fails=True)


def main_job() -> list[str]:
    take_in()
    submissions = json.loads(run("intake", "list", "--json"))
    for line in submissions:
        run("intake", "report", str(line["submission"]), "--json")
        run("intake", "report", str(line["submission"]))
    run("match", "run", "--campaign", "C1", "--json")
    run("match", "export", "--campaign", "C1", "--csv", str(SAID / "decisions.csv"))
    run("inventory", "act", "--campaign", "C1", "--output", str(SAID / "act"), "--json")
    cameras = [camera["code"] for camera in json.loads(run("camera", "list", "--all", "--json"))]
    for form in ("csv", "xlsx", "geojson", "gpkg", "osm"):
        run("camera", "export", "--format", form, "--output", str(SAID / f"export.{form}"))
    typed = json.loads((LISTS.parent / "typed.json").read_text(encoding="utf-8"))
    assignments = [f"{name}={value}" for name, value in typed["pinned"].items()]
    run("camera", "set", cameras[0], *assignments, "--why", "typed by hand")
    run("camera", "set", cameras[0], f"note={typed['refused']}", "--why", "x", fails=True)
    for code in cameras[:3]:
        run("camera", "show", code)
        run("camera", "show", code, "--json")
        run("camera", "history", code, "--json")
    run("camera", "show", f"rtsp://u:{typed['guess']}@h/1", fails=True)
    run("journal", "list", "--json", fails=True)
    run("journal", "checkpoint", fails=True)
    run("check-data", "--json", fails=True)
    run("secrets", "status", "--json")
    return cameras


def pages(camera: str) -> None:
    values = {
        "str:code": "C1", "code": camera, "int:number": "1", "number": "1", "int:zoom": "12", "int:x": "2400",
        "int:y": "1380", "str:language": "uk", "str:name": "summary.pdf",
    }  # fmt: skip
    every = addresses(get_resolver().url_patterns, values=values)
    every += [at.replace("/C1/", f"/{camera}/") for at in every if at.startswith("/cameras/C1/")]
    presence.gave_second_factor = lambda request: True
    for role in ROLES:
        name = f"{role}-leak"
        accounts.add_person(name, role=role, password="sorok-dvi-kamery", owner_code="KP" if role == "clerk" else "")
        browser = Client(raise_request_exception=False)
        assert browser.login(username=name, password="sorok-dvi-kamery")
        for at in every:
            if "<" not in at and "(" not in at and "logout" not in at and "signout" not in at:
                answer = browser.get(at)
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                SEEN[role] = SEEN.get(role, 0) + (answer.status_code == 200)
                keep(f"{role}{at}", str(answer.headers).encode() + content)
        keep(f"{role}-hand-in", hand_in(browser))


def hand_in(browser: Client) -> bytes:
    """A list through the programs' door."""
    with (LISTS / "list.csv").open("rb") as stream:
        return browser.post("/api/v1/submissions", {"owner": "KP", "campaign": "C1", "file": stream}).content


def errors(camera: str) -> None:
    """Pages that break while they hold a secret: as everybody sees them, and as a developer does."""
    word = json.loads((LISTS.parent / "typed.json").read_text(encoding="utf-8"))["broken"]

    def broken(*words: object, **more: object) -> object:
        held = f"rtsp://admin:{word}@192.0.2.1/1"
        raise ValueError(f"cannot read {held}, пароль: {word}")

    registry.camera_card = broken
    for debug in (False, True):
        settings.DEBUG = debug
        browser = Client(raise_request_exception=False)
        browser.login(username="officer-leak", password="sorok-dvi-kamery")
        for at in (f"/cameras/{camera}/", f"/api/v1/cameras/{camera}"):
            answer = browser.get(at)
            assert answer.status_code == 500, (at, answer.status_code)
            keep(f"error-{debug}", str(answer.headers).encode() + answer.content)


def shown(camera: str) -> str:
    """What the verb shows: the one place where secrets may stand."""
    return CliRunner().invoke(oblik, ["camera", "secret", camera, "--why", "x", "--json"]).output


def main() -> None:
    """argv: the folder with the lists, the folder where everything printed, answered and logged lands."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.OBLIK_LIMITS = False
    settings.ALLOWED_HOSTS = ["testserver"]
    SAID.mkdir()
    heard = listen()
    prepare()
    cameras = main_job()
    told = [
        CliRunner().invoke(oblik, ["camera", "secret", code, "--why", "x", "--json"]).output for code in cameras[:25]
    ]
    run("secrets", "rotate", "--json")
    told += [
        CliRunner().invoke(oblik, ["camera", "secret", code, "--why", "x", "--json"]).output for code in cameras[25:]
    ]
    pages(cameras[0])
    errors(cameras[0])
    keep("log", heard.getvalue())
    assert SEEN["administrator"] > SEEN["nobody"], SEEN
    sys.stderr.write(f"pages shown: {SEEN}\n")
    sys.stdout.write("".join(told))
