"""Headers: every answer, of whatever kind and to whomever, tells the browser to trust nothing but us."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from oblik.web.desk import documents
from oblik.web.field.shell import PERMISSIONS
from oblik.web.ui import middleware

TEMPLATES = Path(middleware.__file__).parent / "templates"
EVERYWHERE = {
    "Content-Security-Policy": middleware.POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAMPLES = {"int": "1", "str": "KHA-000001-1", "slug": "a", "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "path": "a"}


def every_address() -> list[str]:
    """An address for each route there is, with invented values where it wants some."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, route)
            else:
                plain = re.sub(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)", "1", route)  # routes as regular expressions
                plain = re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES.get(match[1] or "str", "1"), plain)
                found.append("/" + re.sub(r"[\^$\\]", "", plain))

    walk(get_resolver().url_patterns, "")
    return sorted(set(found))


def missing(answer: HttpResponse) -> list[str]:
    wrong = [name for name, value in EVERYWHERE.items() if answer.get(name) != value]
    lent = answer.get("Permissions-Policy", "")
    if "camera=()" not in lent and lent != PERMISSIONS:  # only /field/ says so, see test_field.py
        wrong.append("Permissions-Policy")
    if "Cache-Control" not in answer:
        wrong.append("Cache-Control")
    return wrong


@pytest.mark.django_db
def test_every_route_answers_a_stranger_with_all_headers(client):
    lacking = {address: missing(client.get(address)) for address in every_address()}
    assert len(lacking) > 15
    assert not {address: names for address, names in lacking.items() if names}


def test_every_route_answers_somebody_who_signed_in_with_all_headers(officer, campaign):
    officer.raise_request_exception = False
    lacking = {address: missing(officer.get(address)) for address in every_address()}
    assert not {address: names for address, names in lacking.items() if names}


@pytest.mark.django_db
def test_errors_and_files_carry_the_headers_too(client):
    assert missing(client.get("/no/such/page/")) == []
    assert missing(client.get("/sign-in/", headers={"host": "evil.example"})) == []
    assert missing(Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})) == []
    assert missing(client.get("/static/ui/favicon.svg")) == []


def test_pages_are_kept_by_nobody_and_tiles_are_asked_for_anew(officer, campaign):
    for address in ("/cameras/", "/campaigns/C1/", "/map/", "/no/such/page/"):
        assert officer.get(address)["Cache-Control"] == "no-store", address
    assert officer.get("/map/tiles/0/0/0.mvt")["Cache-Control"] == "private, no-cache"


def test_the_policy_allows_nothing_inline_and_no_other_host():
    parts = dict(part.split(" ", 1) for part in middleware.POLICY.split("; "))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == parts["form-action"] == "'self'"
    assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
    assert not re.search(r"unsafe|\*|https?:", middleware.POLICY)


def test_who_shows_a_document_and_the_document_shown_differ_from_the_policy_in_framing_alone():
    usual = set(middleware.POLICY.split("; "))
    assert set(documents._FRAMING.split("; ")) - usual == {"frame-src 'self'"}
    assert usual <= set(documents._FRAMING.split("; "))
    assert usual ^ set(documents._FRAMED.split("; ")) == {"frame-ancestors 'none'", "frame-ancestors 'self'"}


INLINE = re.compile(
    r"<style\b|<script\b(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]{3,}\s*=\s*[\"']|javascript:(?!\s)|\shx-on[:-]|"
    r"\|\s*safe\b|autoescape\s+off|<base\b|<iframe\b|<object\b|<embed\b",
    re.IGNORECASE,
)


def inline_in(text: str) -> list[str]:
    return [found[0] for found in INLINE.finditer(text)]


def test_no_template_holds_inline_script_or_style_or_unescaped_values():
    pages = list(TEMPLATES.rglob("*.html"))
    assert len(pages) > 20
    found = {str(page.relative_to(TEMPLATES)): inline_in(page.read_text(encoding="utf-8")) for page in pages}
    assert found.pop("desk/document.html") == ["<iframe"]  # a document of our own in the browser's viewer
    assert not {page: parts for page, parts in found.items() if parts}


@pytest.mark.parametrize(
    "planted",
    ["<style>a{}</style>", "<script>x()</script>", '<p style="x">', "<a onclick='x()'>", "{{ name|safe }}",
     '<a href="javascript:x()">', "{% autoescape off %}", "<base href=/>"],
)  # fmt: skip
def test_a_planted_inline_part_is_found(planted):
    assert inline_in(planted)


def test_only_our_own_scripts_are_named():
    for page in TEMPLATES.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", text), page


def addressed(remote: str, **meta: str) -> HttpRequest:
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **meta)
    seen = []
    middleware.real_address(lambda passed: seen.append(passed) or HttpResponse())(request)
    return seen[0]


def test_a_stranger_cannot_say_from_where_he_comes():
    request = addressed("203.0.113.9", HTTP_X_FORWARDED_FOR="10.0.0.1", HTTP_X_FORWARDED_PROTO="https",
                        HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="for=10.0.0.1")  # fmt: skip
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert not [name for name in request.META if "FORWARDED" in name]


@override_settings(OBLIK_PROXIES=["10.1.0.0/16", "::1"])
def test_our_own_proxy_is_believed_up_to_the_first_address_that_is_not_ours():
    request = addressed("10.1.0.7", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.9, 10.1.0.8")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"  # what stands before it may be invented
    assert addressed("10.1.0.7").META["REMOTE_ADDR"] == "10.1.0.7"
    assert addressed("203.0.113.9", HTTP_X_FORWARDED_FOR="10.1.0.8").META["REMOTE_ADDR"] == "203.0.113.9"


def with_settings(code: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    (folder / "secret.key").write_text("0123456789abcdefghijKLMNOPQRSTUVWXYZ-_0123456789abcdefghij", encoding="ascii")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OBLIK_")}
    environment = {**plain, "OBLIK_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "oblik.config.settings", **env}
    command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_check_for_deployment_has_nothing_to_say(tmp_path):
    code = "from django.core.management import call_command; call_command('check', deploy=True, fail_level='WARNING')"
    done = with_settings(code, tmp_path, OBLIK_HTTPS="1", OBLIK_HOSTS="oblik.example")
    assert done.returncode == 0, done.stdout + done.stderr
    assert with_settings(code, tmp_path, OBLIK_HOSTS="oblik.example").returncode != 0  # without TLS it complains


def test_tls_makes_cookies_secure_and_browsers_remember(tmp_path):
    code = (
        "from django.test import Client; from django.conf import settings; settings.ALLOWED_HOSTS.append('testserver');"
        "plain = Client().get('/sign-in/'); print(plain.status_code, plain['Location']);"
        "page = Client().get('/static/ui/favicon.svg', secure=True); print(page['Strict-Transport-Security']);"
        "forged = Client().get('/static/ui/favicon.svg', HTTP_X_FORWARDED_PROTO='https'); print(forged.status_code);"
        "ours = Client().get('/static/ui/favicon.svg', HTTP_X_FORWARDED_PROTO='https', REMOTE_ADDR='10.9.9.9');"
        "print(ours.status_code);"
        "print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)"
    )
    done = with_settings(code, tmp_path, OBLIK_HTTPS="1", OBLIK_HOSTS="oblik.example", OBLIK_PROXIES="10.9.9.9")
    assert done.stdout.split("\n")[:5] == [
        "301 https://testserver/sign-in/",
        "max-age=63072000; includeSubDomains",
        "301",
        "200",
        "__Host-session True True",
    ], done.stderr


def test_traces_are_shown_on_this_machine_alone(tmp_path):
    done = with_settings(
        "from django.conf import settings; print(settings.ALLOWED_HOSTS)",
        tmp_path, OBLIK_DEBUG="1", OBLIK_HOSTS="oblik.example",
    )  # fmt: skip
    assert "oblik.example" not in done.stdout
    serve = "from oblik.config.commands.serve import serve; serve(['--host', '0.0.0.0', '--port', '1'])"
    done = with_settings(serve, tmp_path, OBLIK_DEBUG="1")
    assert "OBLIK_DEBUG" in done.stderr
    assert "OBLIK_HOSTS" in with_settings(serve, tmp_path, OBLIK_HOSTS="*").stderr
