"""Random requests at every address, as everybody: no 5xx, answers as the document says, no word of a foreign house.

Usage: .venv/bin/python -m benchmarks.fuzz [--requests N] [--seed N]; FUZZ_REQUESTS names the number, too.
The API is asked what schemathesis makes of its OpenAPI document; pages are asked what hypothesis puts into every form
and every parameter that walking the addresses and their pages finds.
"""

import argparse
import contextlib
import io
import json
import logging
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.fuzz_town import OWN, RECORDS, WORDS, Caller, Town, as_json, build, file_of

REQUESTS = 200_000
API_SHARE = 0.6
RESTORED_EVERY = 4_000  # requests after which the database is as in the beginning: it stays small
_REFUSED = re.compile("|".join(re.escape(word.casefold()) for word in WORDS))
_CODE = re.compile(r"KHA-\d{6}-\d")
# Asked seldom: these read files, match, or hash a password.
_COSTLY = {"hand_in": 0.05, "start_matching": 0.02}
_COSTLY_PAGES = ("sign-in", "password", "me/again", "invit", "second-factor")


@dataclass
class Found:
    """What a run came to."""

    requests: int = 0
    statuses: Counter = field(default_factory=Counter)
    callers: Counter = field(default_factory=Counter)
    addresses: Counter = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)  # 5xx
    leaks: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)  # not as the document says

    @property
    def is_clean(self) -> bool:
        return not (self.broken or self.leaks or self.unlike)


@dataclass(frozen=True)
class Asked:
    """One request as bytes on the wire would say it."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}?{self.query} {self.body[:200]!r} {dict(self.headers)}"


class LastWords(logging.Handler):
    """Keeps how the last crash ended, instead of printing its trace."""

    said = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            *_, last = traceback.extract_tb(record.exc_info[2])
            ours = [one for one in traceback.extract_tb(record.exc_info[2]) if "/oblik/" in one.filename] or [last]
            place = ours[-1]
            self.said = f"{record.exc_info[1]!r} in {place.filename.rpartition('/oblik/')[2]}:{place.lineno}"


class Door:
    """Django's whole stack in this process, without a socket."""

    def __init__(self) -> None:
        from django.core.handlers.wsgi import WSGIHandler

        self.handler, self.crash = WSGIHandler(), LastWords()
        logger = logging.getLogger("django.request")
        logger.handlers, logger.propagate = [self.crash], False

    def ask(self, asked: Asked, caller: Caller):
        from django.core.handlers.wsgi import WSGIRequest
        from django.core.signals import request_finished
        from django.db import close_old_connections

        environ = {
            "REQUEST_METHOD": asked.method, "PATH_INFO": asked.path.encode("utf-8", "replace").decode("latin-1"),
            "QUERY_STRING": asked.query, "CONTENT_TYPE": asked.media_type, "CONTENT_LENGTH": str(len(asked.body)),
            "REMOTE_ADDR": "127.0.0.1", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SCRIPT_NAME": "",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
            "wsgi.input": io.BytesIO(asked.body),
        }  # fmt: skip
        for name, value in (*asked.headers, *caller.headers.items()):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        request = WSGIRequest(environ)
        request._dont_enforce_csrf_checks = True  # forms are asked what lies behind the CSRF token
        response = self.handler.get_response(request)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        # As Django's own test client does: the end of a request would close the connection of a test's transaction.
        request_finished.disconnect(close_old_connections)
        response.close()
        request_finished.connect(close_old_connections)
        return response, content


class Fuzz:
    """Asks, judges the answers and counts."""

    def __init__(self, town: Town, *, seed: int) -> None:
        self.town, self.door, self.random, self.found = town, Door(), random.Random(seed), Found()

    def ask(self, asked: Asked, caller: Caller):
        """One request; what is wrong with the answer is noted."""
        response, content = self.door.ask(asked, caller)
        found = self.found
        found.requests += 1
        found.statuses[response.status_code] += 1
        found.callers[caller.name] += 1
        told = f"{caller.name}: {asked} -> {response.status_code}"
        if response.status_code >= 500:
            found.broken.append(f"{told}: {self.door.crash.said}")
        if not caller.sees_foreign:
            self._judge_words(asked, content, response, told=told)
        if asked.path.startswith("/api/") and response.status_code >= 400:
            self._judge_problem(response, content, told=told)
        return response, content

    def _judge_words(self, asked: Asked, content: bytes, response, *, told: str) -> None:
        headers = " ".join(f"{name}: {value}" for name, value in response.items())
        text = content.decode("utf-8", "replace") + headers
        word = _REFUSED.search(text.casefold())
        said = f"{asked.path} {asked.query} {asked.body.decode('utf-8', 'replace')}".upper()
        codes = {code for code in _CODE.findall(text) if code in self.town.foreign and code not in said}
        if codes:
            codes -= self._met_in_own_rows()
        if word or codes:
            self.found.leaks.append(f"{told}: {word[0] if word else codes}")

    def _met_in_own_rows(self) -> set[str]:
        """Foreign cameras that own rows have been taken for by now: their codes may be told (docs/guide/rights.md)."""
        from oblik.accounts.logic.rights import Reach, Scope
        from oblik.base.errors import NotFound
        from oblik.registry.queries import camera_card

        met = set()
        for code in self.town.foreign:
            with contextlib.suppress(NotFound):
                camera_card(code, within=Scope((Reach(owners=frozenset({OWN})),)))
                met.add(code)
        return met

    def _judge_problem(self, response, content: bytes, *, told: str) -> None:
        is_problem = response.headers.get("Content-Type") == "application/problem+json"
        said = json.loads(content) if is_problem and content else {}
        if asked_head(response) or (said.get("status") == response.status_code and said.get("detail")):
            return
        self.found.unlike.append(f"{told}: no problem+json: {content[:100]!r}")

    def known(self, name: str) -> str | None:
        """Something that exists, where a parameter of this name may name it."""
        values = self.town.known.get(name)
        return self.random.choice(values) if values else None


def asked_head(response) -> bool:
    return not response.headers.get("Content-Length", "1").strip("0")


# The API: what schemathesis makes of the document.


def api_cases(*, each: int, seed: int) -> dict[str, list]:
    """operation -> cases, valid ones and broken ones."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from schemathesis import GenerationMode

    from oblik.web.api.api import api

    document = json.loads(json.dumps(api.get_openapi_schema()))
    cases: dict[str, list] = {}
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seeded(seed)
            @settings(
                max_examples=each, database=None, deadline=None, suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
            )  # fmt: skip
            @given(operation.as_strategy(generation_mode=mode))
            def collect(case):
                name = case.operation.definition.raw["operationId"]
                cases.setdefault(name, []).append(case)

            collect()
    return cases


def asked_of(case, fuzz: Fuzz) -> Asked:
    """A case as a request; often something that exists stands in for a made-up code or number."""
    from schemathesis.core import NotSet

    some = fuzz.random
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        known = fuzz.known(name) if some.random() < 0.7 else None
        path = path.replace("{" + name + "}", known or str(value))
    query = {name: value for name, value in (case.query or {}).items() if name in ("limit",) or some.random() < 0.8}
    for name in list(query):
        known = fuzz.known(name) if some.random() < 0.5 else None
        query[name] = known if known is not None else query[name]
    body, media_type = b"", ""
    if not isinstance(case.body, NotSet):
        media_type = case.media_type or "application/json"
        said = _with_known(case.body, fuzz)
        if media_type == "multipart/form-data" and isinstance(said, dict):
            body, media_type = file_of(said)
        else:
            body = said if isinstance(said, bytes) else as_json(said)
    headers = tuple(
        (name, str(value).encode("latin-1", "replace").decode("latin-1"))
        for name, value in (case.headers or {}).items()
        if name not in ("Authorization", "Cookie", "Content-Type", "Content-Length")
    )
    return Asked(case.method, path, urlencode(query, doseq=True, errors="replace"), body, media_type, headers)


def _with_known(body: object, fuzz: Fuzz) -> object:
    if not isinstance(body, dict):
        return body
    said = dict(body)
    for name in said:
        # A new thing gets no known code or name: it would be ours, and look like a leak.
        known = fuzz.known(name) if fuzz.random.random() < 0.6 and name not in ("code", "name") else None
        if known is not None:
            said[name] = int(known) if name == "record" and isinstance(body[name], int) else known
    if str(said.get("record")).isdecimal() and said.get("camera") in fuzz.town.known["camera"]:
        # Rows stand for cameras of their own house alone: else its words would come out by right.
        side = [
            one for one in fuzz.town.known["camera"] if (one in fuzz.town.foreign) == (int(said["record"]) > RECORDS)
        ]
        said["camera"] = fuzz.random.choice(side)
    if "file" in said and fuzz.random.random() < 0.8:
        said["file"] = "Адреса;Широта;Довгота\nвул. Нова, 1;49.5;34.5\n".encode()
    return said


def conforms(case, response, content: bytes) -> str:
    """What schemathesis finds unlike the document; empty where nothing."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi import checks

    asked = SimpleNamespace(method=case.method, url="http://127.0.0.1" + case.path, headers={}, body=None)
    answer = _response(asked, response, content)
    wanted = [
        not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
        checks.response_schema_conformance, checks.response_headers_conformance,
    ]  # fmt: skip
    try:
        case.validate_response(answer, checks=wanted)
    except FailureGroup as wrong:
        return "; ".join(str(one).replace("\n", " ")[:300] for one in wrong.exceptions)
    return ""


def _response(asked, response, content: bytes):
    from schemathesis import Response

    headers = {name.lower(): [value] for name, value in response.items()}
    return Response(response.status_code, headers, content, asked, 0.0, False, response.reason_phrase)


def fuzz_api(fuzz: Fuzz, cases: dict[str, list], *, requests: int) -> Iterator[None]:
    """Each case as somebody, until there were as many requests as wanted."""
    names = sorted(cases)
    weights = [_COSTLY.get(name, 1.0) for name in names]
    for _ in range(requests):
        (name,) = fuzz.random.choices(names, weights)
        case = fuzz.random.choice(cases[name])
        asked, caller = asked_of(case, fuzz), fuzz.random.choice(fuzz.town.callers)
        response, content = fuzz.ask(asked, caller)
        fuzz.found.addresses[f"{asked.method} {case.path}"] += 1
        unlike = conforms(case, response, content) if asked.method != "HEAD" and _is_of(case, asked) else ""
        if unlike:
            fuzz.found.unlike.append(f"{caller.name}: {asked} -> {response.status_code}: {unlike}")
        yield


def _is_of(case, asked: Asked) -> bool:
    """Whether the request still is at the case's address: a made-up code with a slash leads to another."""
    wanted = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(case.path))
    return re.fullmatch(wanted, asked.path) is not None


# Pages: every address, every form, every parameter.


@dataclass(frozen=True)
class Form:
    """An address, how it is asked, and the names that it takes."""

    method: str
    path: str
    names: tuple[str, ...]


def pages() -> list[tuple[str, list[str]]]:
    """Every address of the desk as (template, names of its parts), found by walking the resolver."""
    from django.urls import get_resolver

    return [
        one
        for one in _walked(get_resolver().url_patterns, before="/", names=[])
        if not one[0].startswith(("/api/", "/static/"))
    ]


def _walked(patterns, *, before: str, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    for one in patterns:
        here = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(one.pattern).lstrip("^").rstrip("$\\Z"))
        own = [*names, *one.pattern.converters]
        if hasattr(one, "url_patterns"):
            yield from _walked(one.url_patterns, before=here, names=own)
        else:
            yield here, own


def forms_of(content: bytes, *, path: str) -> Iterator[Form]:
    """The forms of a page, and the parameters that its links carry."""
    text = content.decode("utf-8", "replace")
    for form in re.findall(r"<form\b.*?</form>", text, re.S):
        action = re.search(r'\baction="([^"]*)"', form)
        method = "POST" if re.search(r'\bmethod="post"', form, re.I) else "GET"
        names = re.findall(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"', form)
        yield Form(method, urlsplit(action[1] if action and action[1] else path).path, tuple(sorted(set(names))))
    for link in re.findall(r'(?:href|hx-get|data-\w+)="([^"#]*\?[^"]*)"', text):
        parts = urlsplit(link.replace("&amp;", "&"))
        if not parts.netloc:
            names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
            yield Form("GET", parts.path or path, tuple(sorted(names)))


def found_forms(fuzz: Fuzz) -> list[Form]:
    """Every form and query of all pages, as whoever sees most; addresses without any are asked with none."""
    forms: dict[Form, None] = {}
    signed_in = [one for one in fuzz.town.callers if "Cookie" in one.headers]
    for template, names in pages():
        for caller in (fuzz.town.callers[0], *signed_in):
            path = template
            for name in names:
                path = path.replace("{" + name + "}", fuzz.known(name) or "1")
            if "sign-out" in path:
                continue
            response, content = fuzz.ask(Asked("GET", path), caller)
            forms[Form("GET", template, ())] = None
            if "html" in response.headers.get("Content-Type", ""):
                forms.update((one, None) for one in forms_of(content, path=path))
    return [one for one in forms if "sign-out" not in one.path]


def strange_values():
    """What a form may be given: text of all kinds, numbers, codes, signs that break things."""
    from hypothesis import strategies as st

    nasty = ["", "0", "-1", "9" * 30, "1e309", "NaN", "\x00", "%00", "' OR 1=1 --", "<script>alert(1)</script>",
             "../" * 6, "\u202e\u2028", "{value}", "{0}", "%s", "null", "[]", "{}", "34,49,35,50", "nan,nan,nan,nan",
             "2026-02-30", "9999-12-31", "0001-01-01", "ї" * 300, "KHA-000001-3"]  # fmt: skip
    return st.one_of(st.sampled_from(nasty), st.text(max_size=60), st.integers().map(str), st.floats().map(str))


def drawn_values(*, count: int, seed: int) -> list[str]:
    """That many values, drawn once: drawing costs more than asking."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    drawn: list[str] = []

    @seeded(seed)
    @settings(
        max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(strange_values())
    def collect(value: str) -> None:
        drawn.append(value)

    collect()
    return drawn


def fuzz_pages(fuzz: Fuzz, forms: list[Form], values: list[str], *, requests: int) -> Iterator[None]:
    """Each form as somebody, filled with what exists and with what does not."""
    some = fuzz.random
    weights = [0.03 if any(part in one.path for part in _COSTLY_PAGES) else 1.0 for one in forms]
    every_name = sorted({name for one in forms for name in one.names} | {"as_of", "page", "sort", "bounds", "text"})
    for _ in range(requests):
        (form,) = some.choices(forms, weights)
        caller = some.choice(fuzz.town.callers)
        path = re.sub(r"\{(\w+)\}", lambda part: _part(part[1], fuzz, values), form.path)
        names = [*form.names, *(some.sample(every_name, 2) if some.random() < 0.4 else ())]
        pairs = [(name, _value(name, fuzz, values)) for name in names if some.random() < 0.8]
        said = urlencode(pairs, errors="replace")
        headers = (("HX-Request", "true"),) if some.random() < 0.1 else ()
        method = some.choice(("GET", "POST", "HEAD", "PUT", "DELETE")) if some.random() < 0.05 else form.method
        if method == "POST":
            asked = Asked("POST", path, "", said.encode(), "application/x-www-form-urlencoded", headers)
        else:
            asked = Asked(method, path, said, headers=headers)
        fuzz.ask(asked, caller)
        fuzz.found.addresses[f"{form.method} {form.path}"] += 1
        yield


def _part(name: str, fuzz: Fuzz, values: list[str]) -> str:
    known = fuzz.known(name) if fuzz.random.random() < 0.7 else None
    return known or (fuzz.random.choice(values).replace("/", "") or "0")


def _value(name: str, fuzz: Fuzz, values: list[str]) -> str:
    known = fuzz.known(name) if fuzz.random.random() < 0.3 else None
    return known if known is not None else fuzz.random.choice(values)


# A run.


def run(town: Town, *, requests: int, seed: int, restored) -> Found:
    """That many requests, API and pages in turn; `restored` is called now and then to bring the beginning back."""
    fuzz = Fuzz(town, seed=seed)
    each = max(3, min(150, requests // 500))
    forms = found_forms(fuzz)
    left = max(0, requests - fuzz.found.requests)
    of_api = int(left * API_SHARE)
    api = fuzz_api(fuzz, api_cases(each=each, seed=seed), requests=of_api)
    html = fuzz_pages(fuzz, forms, drawn_values(count=max(100, each * 20), seed=seed), requests=left - of_api)
    asked = [api] * of_api + [html] * (left - of_api)
    fuzz.random.shuffle(asked)
    for number, one in enumerate(asked, 1):
        next(one, None)
        if number % RESTORED_EVERY == 0:
            restored()
    return fuzz.found


def forget_everything() -> None:
    """Empties what the process keeps of a database that is no more."""
    from django.core.cache import cache

    from oblik.inventory import counting
    from oblik.web.desk import ground, tiles

    counting._kept.clear()
    tiles._newest = None
    ground._newest = None
    cache.clear()


def main() -> int:
    """0 where nothing was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=int(os.environ.get("FUZZ_REQUESTS", REQUESTS)))
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        os.environ |= {"OBLIK_DATA": passing, "OBLIK_LIMITS": "0", "OBLIK_IDLE_MINUTES": "600"}
        os.environ.setdefault("OBLIK_DATABASE_URL", f"sqlite:///{passing}/fuzz.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
        import django

        django.setup()
        from django.conf import settings

        from oblik.config.commands.init import prepare

        # The real one is slow on purpose, and no guessing is measured here.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        prepare()
        town = build(Path(passing), seed=given.seed)
        began, worked = time.perf_counter(), time.process_time()
        found = run(town, requests=given.requests, seed=given.seed, restored=_snapshot())
        print_found(found, seconds=time.perf_counter() - began, cpu_s=time.process_time() - worked)
    return 0 if found.is_clean else 1


def _snapshot():
    """A function that brings the database back to how it is now, where it is SQLite."""
    import sqlite3

    from django.db import connection

    connection.ensure_connection()
    if not isinstance(connection.connection, sqlite3.Connection):
        return forget_everything
    kept = sqlite3.connect(":memory:")
    connection.connection.backup(kept)

    def restore() -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)
        forget_everything()

    return restore


def print_found(found: Found, *, seconds: float, cpu_s: float) -> None:
    rate = found.requests / cpu_s
    print(f"{found.requests:,} requests in {seconds:,.0f} s, {cpu_s:,.0f} s of one core: {rate:,.0f} a second of work")
    print("by status:", ", ".join(f"{status} {n:,}" for status, n in sorted(found.statuses.items())))
    print("by caller:", ", ".join(f"{name} {n:,}" for name, n in sorted(found.callers.items())))
    print(f"addresses: {len(found.addresses)}")
    for name, wrong in (("5xx", found.broken), ("leaks", found.leaks), ("unlike the document", found.unlike)):
        print(f"{name}: {len(wrong)}")
        for line in _each_kind(wrong):
            print(f"  {line}")


def _each_kind(wrong: list[str]) -> list[str]:
    """One of each kind: the same address and status is told once."""
    kinds: dict[str, str] = {}
    for line in wrong:
        asked, _, what = line.partition(" -> ")
        kinds.setdefault(re.sub(r"[^A-Za-z/ >]", "", asked.partition(": ")[2])[:24] + what[:3] + what[-40:], line)
    return [f"{line[:400]} … {line[-300:]}" if len(line) > 700 else line for line in kinds.values()][:40]


if __name__ == "__main__":
    sys.exit(main())
