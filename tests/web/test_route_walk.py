"""Every route as every role and as a stranger, with codes of the own and of other organisations: nobody sees a word,
a number or an answer that is not theirs."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import mapbox_vector_tile
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path
from tests.kit import organisations
from tests.kit.organisations import BY, Organisations

from oblik.accounts import actions as accounts
from oblik.accounts.logic.rights import ROLES, Reach
from oblik.accounts.tokens import issue_token
from oblik.base.clock import now
from oblik.coverage import actions as coverage
from oblik.coverage import surveying
from oblik.web.api.api import api
from oblik.web.desk.access import page
from oblik.web.ui import refusals

OPEN, OWN = "open", "own"  # anybody at all; anybody who has signed in
# Route -> method -> whom it answers: a right, OPEN or OWN. A new route has to be placed here. Of what changes things
# only those are asked who have no right to it: what it does for the others its own tests say.
TABLE: Final[dict[str, dict[str, str]]] = {
    "": {"GET": "see"},
    "language/": {"POST": OPEN},
    "campaigns/": {"GET": "see"},
    "campaigns/<str:code>/": {"GET": "see"},
    "open-campaign/": {"GET": "edit", "POST": "edit"},
    "campaigns/<str:code>/edit/": {"GET": "edit", "POST": "edit"},
    "campaigns/<str:code>/asked/": {"GET": "see", "POST": "edit"},
    "campaigns/<str:code>/remind/": {"GET": "edit", "POST": "edit"},
    "campaigns/<str:code>/rows/": {"GET": "see"},
    "campaigns/<str:code>/discrepancies/": {"GET": "see", "POST": "judge"},
    "campaigns/<str:code>/discrepancies/<str:kind>/<str:camera>/": {"GET": "see", "POST": "judge"},
    "campaigns/<str:code>/case-files/<int:number>/": {"GET": "see"},
    "campaigns/<str:code>/documents/": {"GET": "see", "POST": "see"},
    "campaigns/<str:code>/documents/<str:language>/<str:name>": {"GET": "see"},
    "campaigns/<str:code>/documents/<str:language>/<str:name>/look/": {"GET": "see"},
    "campaigns/<str:code>/freeze/": {"GET": "edit", "POST": "edit"},
    "documents/": {"GET": "see"},
    "campaigns/<str:code>/lists/": {"GET": "see", "POST": "hand_in"},
    "lists/": {"GET": "see"},
    "lists/<int:number>/": {"GET": "see", "POST": "hand_in"},
    "lists/<int:number>/rows-to-correct.csv": {"GET": "see"},
    "lists/desk/<int:number>/": {"GET": "hand_in", "POST": "hand_in"},
    "jobs/<int:number>/": {"GET": "see"},
    "jobs/<int:number>/events/": {"GET": "see"},
    "cameras/": {"GET": "see"},
    "cameras/export/": {"POST": "export"},
    "cameras/new/": {"GET": "edit", "POST": "edit"},
    "cameras/new/alike/": {"POST": "edit"},
    "cameras/labels.pdf": {"GET": "see"},
    "cameras/<str:code>/": {"GET": "see"},
    "cameras/<str:code>/edit/": {"GET": "edit", "POST": "edit"},
    "cameras/<str:code>/edit/undo/": {"POST": "edit"},
    "cameras/<str:code>/part/": {"POST": "judge"},
    "cameras/<str:code>/passport.pdf": {"GET": "see"},
    "cameras/<str:code>/attachments/": {"POST": "edit"},
    "cameras/<str:code>/attachments/<int:number>/<str:form>/": {"GET": "see"},
    "cameras/<str:code>/attachments/<int:number>/off/remove/": {"POST": "edit"},
    "cameras/<str:code>/attachments/<int:number>/off/restore/": {"POST": "edit"},
    "cameras/<str:code>/panel/": {"GET": "see"},
    "cameras/<str:code>/secrets/": {"GET": "see_secrets", "POST": "see_secrets"},
    "coverage/": {"GET": "see"},
    "coverage/place/": {"GET": "see"},
    "coverage/incidents/": {"POST": "edit"},
    "coverage/tables/<str:name>/": {"GET": "see"},
    "coverage/tables/<str:name>.csv": {"GET": "export"},
    "coverage/tiles/<int:zoom>/<int:x>/<int:y>.mvt": {"GET": "see"},
    "map/": {"GET": "see"},
    "map/place/": {"GET": "see"},
    "map/list/": {"GET": "see"},
    "search/": {"GET": "see"},
    "map/base.pmtiles": {"GET": "see"},
    "map/ground/<int:zoom>/<int:x>/<int:y>.mvt": {"GET": "see"},
    "map/tiles/<int:zoom>/<int:x>/<int:y>.mvt": {"GET": "see"},
    "me/": {"GET": OWN},
    "me/tokens/": {"GET": "see", "POST": "see"},
    "me/tokens/<int:number>/revoke/": {"POST": "see"},
    "me/sessions/end/": {"POST": OWN},
    "me/address/": {"POST": OWN},
    "me/address/<str:key>/": {"GET": OWN},
    "me/password/": {"GET": OWN, "POST": OWN},
    "me/again/": {"GET": OWN, "POST": OWN},
    "me/again/code/": {"GET": OWN, "POST": OWN},
    "me/again/key/": {"GET": OWN, "POST": OWN},
    "me/second-factor/": {"GET": OWN},
    "me/second-factor/app/": {"GET": OWN, "POST": OWN},
    "me/second-factor/app/remove/": {"GET": OWN, "POST": OWN},
    "me/second-factor/keys/add/": {"GET": OWN, "POST": OWN},
    "me/second-factor/keys/<int:pk>/remove/": {"GET": OWN, "POST": OWN},
    "me/second-factor/keys/<int:pk>/name/": {"GET": OWN, "POST": OWN},
    "me/second-factor/codes/": {"GET": OWN},
    "me/second-factor/codes/new/": {"GET": OWN, "POST": OWN},
    "review/": {"GET": "judge"},
    "review/next/": {"GET": "judge"},
    "review/answer/": {"POST": "judge"},
    "review/undo/": {"POST": "judge"},
    "review/decided/": {"GET": "judge"},
    "audit/": {"GET": "audit"},
    "audit/unusual/": {"GET": "audit"},
    "audit/journal.csv": {"POST": "audit"},
    "audit/<int:number>/": {"GET": "audit"},
    "audit/<int:number>/proof.json": {"GET": "audit"},
    "sign-in/": {"GET": OPEN},
    "sign-in/code/": {"GET": OPEN},
    "sign-in/off/": {"GET": OPEN},
    "sign-in/failed/": {"GET": OPEN},
    "sign-in/cancelled/": {"GET": OPEN},
    "sign-in/with/oidc/": {"GET": OPEN},
    "sign-in/with/oidc/done/": {"GET": OPEN},
    "sign-out/": {"POST": OPEN},
    "password/lost/": {"GET": OPEN},
    "password/lost/sent/": {"GET": OPEN},
    "^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$": {"GET": OPEN},
    "password/set/": {"GET": OPEN},
    "invitation/<str:secret>/": {"GET": OPEN},
    "people/": {"GET": "configure"},
    "people/invite/": {"GET": "configure", "POST": "configure"},
    "people/<str:username>/": {"GET": "configure", "POST": "configure"},
    "field/": {"GET": "hand_in"},
    "field/sw.js": {"GET": OPEN},
    "field/manifest.webmanifest": {"GET": OPEN},
    "field/day.json": {"GET": "hand_in"},
    "field/checks/": {"POST": "hand_in"},
    "rounds/": {"GET": "edit", "POST": "edit"},
    "rounds/<int:number>/": {"GET": "edit", "POST": "edit"},
    "rounds/met/": {"GET": "edit"},
    "rounds/checks/<uuid:check>/": {"GET": "edit", "POST": "edit"},
    "rounds/checks/<uuid:check>/photos/<int:number>/": {"GET": "edit"},
    "api/v1/": {"GET": OPEN},
    "api/v1/openapi.json": {"GET": OPEN},
    "api/v1/reference": {"GET": OPEN},
    "api/v1/me": {"GET": OWN},
    "api/v1/cameras": {"GET": "see", "POST": "edit"},
    "api/v1/cameras/<code>": {"GET": "see", "PATCH": "edit"},
    "api/v1/cameras/<code>/history": {"GET": "see"},
    "api/v1/cameras/<code>/sources": {"GET": "see"},
    "api/v1/owners": {"GET": "see", "POST": "configure"},
    "api/v1/owners/<code>": {"GET": "see"},
    "api/v1/campaigns": {"GET": "see", "POST": "edit"},
    "api/v1/campaigns/<code>": {"GET": "see"},
    "api/v1/campaigns/<code>/figures": {"GET": "see"},
    "api/v1/campaigns/<code>/matching-runs": {"POST": "judge"},
    "api/v1/campaigns/<code>/documents": {"GET": "see"},
    "api/v1/campaigns/<code>/documents/<language>/<name>": {"GET": "see"},
    "api/v1/submissions": {"GET": "see", "POST": "hand_in"},
    "api/v1/submissions/<number>": {"GET": "see"},
    "api/v1/submissions/<number>/rows": {"GET": "see"},
    "api/v1/judgements": {"GET": "judge", "POST": "judge"},
    "api/v1/judgements/waiting": {"GET": "judge"},
    "api/v1/judgements/withdrawals": {"POST": "judge"},
    "api/v1/journal": {"GET": "audit"},
}
# What is asked besides the bare address: own, then another's, then nobody's. {code} and such are filled as in routes.
ASKED: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "campaigns/<str:code>/": (),
    "campaigns/<str:code>/rows/": (
        ("owner=ALF", "owner=BRV", "owner=XXX"),
        ("category=waiting", "", ""), ("category=broken", "", ""), ("category=repeat&in_all=1", "", ""),
        ("in_all=1", "", ""), ("category=camera", "", ""),
    ),
    "campaigns/<str:code>/discrepancies/": (
        ("owner=ALF", "owner=BRV", "owner=XXX"), ("summary", "", ""), ("kind=mismatch", "", ""),
    ),
    "campaigns/<str:code>/documents/": (("language=uk", "", ""),),
    "cameras/": (
        ("owner=ALF", "owner=BRV", "owner=XXX"), ("text=alfa", "text=bravo", "text=xxxxx"), ("sort=sources", "", ""),
        ("sort=owner&page=9", "", ""), ("sort=updated", "", ""), ("text=камера", "text=BRAVO00001", "text=XXXXX00001"),
    ),
    "campaigns/<str:code>/lists/": (("owner=ALF", "owner=BRV", "owner=XXX"),),
    "lists/<int:number>/": (
        ("rows=new", "", ""), ("rows=broken", "", ""), ("rows=not_a_camera", "", ""), ("rows=new&page=9", "", ""),
    ),
    "map/": (("owner=ALF", "owner=BRV", "owner=XXX"), ("text=alfa", "text=bravo", "text=xxxxx")),
    "map/place/": (("bounds=30,40,40,60", "", ""),),
    "map/list/": (
        ("area=30_40~40_40~40_60~30_60", "", ""), ("owner=ALF", "owner=BRV", "owner=XXX"),
        ("verdict=missing&campaign=C1", "", ""), ("verdict=found", "", ""), ("verdict=discrepancy", "", ""),
    ),
    "search/": (
        ("text=alfa", "text=bravo", "text=xxxxx"), ("text=камера&part=1", "text=BRAVO00001", "text=XXXXX00001"),
        ("text=вул. Алфаівська 1", "text=bravoivska", "text=xxxxxivska"),
        ("text=alfa-list", "text=bravo-list", "text=xxxxx-list"), ("text=ALF", "text=BRV", "text=XXX"),
    ),
    "map/tiles/<int:zoom>/<int:x>/<int:y>.mvt": (
        ("owner=ALF", "owner=BRV", "owner=XXX"), ("text=alfa", "text=bravo", "text=xxxxx"),
    ),
    "people/": (("text=alfa", "text=bravo", "text=xxxxx"),),
    "review/": (("owner=ALF", "owner=BRV", "owner=XXX"), ("aside=1&kind=dome", "", "")),
    "review/next/": (("have=7&skip=2", "", ""),),
    "review/decided/": (("mine=1", "", ""),),
    "api/v1/cameras": (
        ("owner=ALF", "owner=BRV", "owner=XXX"), ("text=alfa", "text=bravo", "text=xxxxx"), ("limit=1", "", ""),
    ),
    "api/v1/submissions": (("owner=ALF", "owner=BRV", "owner=XXX"), ("campaign=C1", "", "")),
    "api/v1/judgements/waiting": (("campaign=C1", "", ""),),
    "api/v1/judgements": (("record=<record>",) * 3,),
}  # fmt: skip

# Without these an address says nothing; and what is there only once it has been loaded or drawn.
NEEDED: Final = {
    "campaigns/<str:code>/discrepancies/<str:kind>/<str:camera>/": "?field=serial",
    "map/place/": "?bounds=30,40,40,60",
    "coverage/place/": "?lon=34&lat=49",
    "api/v1/judgements": "?record=<record>",
    "api/v1/judgements/waiting": "?campaign=C1",
    "api/v1/journal": "?subject=submission:1",
}
LATER: Final = {
    "campaigns/<str:code>/case-files/<int:number>/",
    "map/base.pmtiles",
    "audit/<int:number>/proof.json",
    "cameras/<str:code>/attachments/<int:number>/<str:form>/",
    "rounds/<int:number>/",
    "rounds/checks/<uuid:check>/",
    "rounds/checks/<uuid:check>/photos/<int:number>/",
}
# A person's page tells how often it was looked at, a factor's form holds a secret made for it, a new camera's form a
# number by which sending it twice enters one.
PASSING: Final = {"people/<str:username>/", "me/second-factor/app/", "me/second-factor/keys/add/", "cameras/new/"}

# A code alone, not three letters of a secret made by chance.
FOREIGN_WORDS: Final = re.compile("bravo|браво|charlie|чарлі|(?<![A-Za-z0-9])(?:BRV|CHL)(?![A-Za-z0-9])", re.IGNORECASE)
_TOKENS: Final = re.compile(r'[A-Za-z0-9]{64}|nonce="[^"]*"|"(?:requested_at|now|request_id)": ?"[^"]*"')
REFUSED: Final = {400, 401, 403, 404, 405, 409, 415, 422}


@dataclass
class Answer:
    """What came back, its body as text, without what differs from one asking to the next."""

    status: int
    text: str
    headers: str
    queries: int
    said: str = field(repr=False, default="")


def ask(client: Client, method: str, address: str) -> Answer:
    connection.queries_log.clear()  # it keeps the last 9,000 and no more
    with CaptureQueriesContext(connection) as queries:
        answer = client.generic(method, address, b"{}" if method != "GET" else b"", content_type="application/json")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
    cookies = "\n".join(morsel.key for morsel in answer.cookies.values())
    asked = [one["sql"] for one in queries.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return Answer(
        answer.status_code, _TOKENS.sub("«»", readable(body, answer.headers.get("Content-Type", ""))),
        f"{headers}\n{cookies}", len(asked),
    )  # fmt: skip


def readable(body: bytes, kind: str) -> str:
    """The words of a body: of a tile its marks, of a workbook its sheets, else the text itself."""
    if "mapbox" in kind or "vector-tile" in kind:
        return str(mapbox_vector_tile.decode(body)) if body else ""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(book.read(name).decode(errors="replace") for name in sorted(book.namelist()))
    return body.decode(errors="replace")


# ---------------------------------------------------------------------------------------------- routes


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        here = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here
        else:
            yield from routes(one, here)


def unplaced(table: dict[str, dict[str, str]], found: set[str]) -> list[str]:
    """Routes that the table does not know, and lines of the table that are no route."""
    return sorted(found ^ set(table))


def fill(route: str, made: Organisations, whose: str) -> str:
    """The address of a route with codes of ours ("own"), of BRV ("foreign") or of nobody ("unknown")."""
    at = ("own", "foreign", "unknown").index(whose)
    kinds = (("submissions", made.lists), ("lists/desk", made.desk), ("lists/", made.lists), ("jobs/", made.jobs))
    numbered = next((numbers for word, numbers in kinds if word in route), {})
    cameras = (made.codes["ALF"][0], made.codes["BRV"][1], "KHA-999999-9")
    values = {
        "code": cameras if "cameras/" in route else ("ALF", "BRV", "XXX") if "owners/" in route else ("C1",) * 3,
        "username": ("alfa-clerk", "bravo-clerk", "xxxxx-clerk"),
        "number": (*(numbered.get(owner, at) for at, owner in enumerate(("ALF", "BRV"), start=1)), 999_999),
        "language": ("uk",) * 3, "kind": ("mismatch",) * 3,
        "camera": (made.shared, made.codes["BRV"][1], "KHA-999999-9"),
        "name": ("failures",) * 3 if "coverage/" in route else (
            "1-inventory-list-01-ALF.pdf", "1-inventory-list-02-BRV.pdf", "1-inventory-list-02-XXX.pdf",
        ),
        "record": (made.records["ALF"], made.records["BRV"], 999_999),
        "check": tuple(f"{n:08d}-0000-4000-8000-{n:012d}" for n in range(3)),
        "zoom": (12,) * 3, "x": (2435,) * 3, "y": (1403,) * 3, "pk": (999_999,) * 3,
    }  # fmt: skip

    def one(match: re.Match[str]) -> str:
        return quote(str(values.get(match[1], ("nothing",) * 3)[at]))

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", one, route)


# ---------------------------------------------------------------------------------------------- the city and its people


@dataclass
class City:
    """made: what each organisation has. whole: role -> a browser, over everything as far as the role goes. own: those
    of ALF alone, by name."""

    made: Organisations
    whole: dict[str, Client]
    own: dict[str, Client]
    stranger: Client


def signed_in(username: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username=username))
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": now().timestamp()}]
    session["account_authentication_methods_user"] = str(session["_auth_user_id"])
    session.save()
    client.get("/")  # The first answer of a session sets its cookies.
    return client


def enter(username: str, role: str, **over: list[str]) -> None:
    accounts.add_person(username, role="nobody", password="sorok-dvi-kamery")
    accounts.set_role(username, role=role, over=accounts.Over(**over), by=BY, at=now())


@pytest.fixture
def city(db, data_dir, settings, tmp_path) -> City:
    settings.OBLIK_LIMITS = False
    documents = data_dir / "documents" / "C1" / "uk"
    documents.mkdir(parents=True)
    for name in ("1-inventory-list-01-ALF.pdf", "1-inventory-list-02-BRV.pdf", "4-act.pdf", "5-workbook.xlsx"):
        (documents / name).write_bytes(name.encode())
    return _peopled(organisations.build(tmp_path))


def _peopled(made: Organisations) -> City:
    whole: dict[str, Client] = {}
    for role, about in ROLES.items():
        enter(f"all-{role}", role, **({"owners": ["ALF"]} if about.bound else {}))
        whole[role] = signed_in(f"all-{role}")
    own = {}
    for role, about in ROLES.items():
        if about.verbs:
            enter(f"alfa-{role}", role, owners=["ALF"])
            own[f"{role} of ALF"] = signed_in(f"alfa-{role}")
    enter("bravo-clerk", "clerk", owners=["BRV"])
    enter("bravo-officer", "officer")
    given = issue_token(
        "all-officer", verbs={"see", "judge", "export"}, days=1, note="walk", by=BY, at=now(),
        reach=Reach(owners=frozenset({"ALF"})),
    )  # fmt: skip
    own["token of ALF"] = token = Client(
        raise_request_exception=False, headers={"Authorization": f"Bearer {given.token}"}
    )
    token.get("/api/v1/me")  # Its first use is noted.
    issue_token("bravo-officer", verbs={"see"}, days=1, note="bravo", by=BY, at=now())
    coverage.update(by=BY, at=now())
    surveying.renew(by=BY, at=now())  # of everything and of what each of them sees
    return City(made, whole, own, Client(raise_request_exception=False))


# ---------------------------------------------------------------------------------------------- the walk


def test_every_route_has_its_line_and_every_line_its_route():
    assert unplaced(TABLE, set(routes(get_resolver()))) == []
    documented = {
        f"api/v1/{route.strip('/').removeprefix('api/v1/')}".replace("{", "<").replace("}", ">"): set(methods)
        for route, methods in api.get_openapi_schema()["paths"].items()
    }
    assert {route: {method.upper() for method in methods} for route, methods in documented.items()} == {
        route: set(methods) for route, methods in TABLE.items() if route in documented
    }


def test_a_route_without_a_line_is_caught():
    assert unplaced({"a/": {}}, {"a/", "b/"}) == ["b/"]
    assert unplaced({"a/": {}, "c/": {}}, {"a/"}) == ["c/"]


def test_strangers_are_asked_to_sign_in_everywhere_else(city):
    wrong = []
    for route, methods in TABLE.items():
        for method, audience in methods.items():
            got = ask(city.stranger, method, fill(route, city.made, "own"))
            if audience == OPEN:
                fine = got.status < 500
            elif route.startswith("api/"):
                fine = got.status == 401
            else:
                fine = (got.status == 302 and "sign-in" in got.headers) or got.status == 405
            if not fine or re.search("alfa|bravo", got.text, re.IGNORECASE):
                wrong.append(f"{method} /{route}: {got.status}")
    assert not wrong, "\n".join(wrong)


def test_each_role_opens_what_its_rights_open_and_nothing_else(city):
    wrong = []
    for role, client in city.whole.items():
        for route, methods in TABLE.items():
            for method, audience in methods.items():
                if audience in (OPEN, OWN):
                    continue
                has = audience in ROLES[role].verbs
                if has and method != "GET":
                    continue
                got = ask(client, method, fill(route + NEEDED.get(route, ""), city.made, "own"))
                fine = got.status in (200, 302) if has else got.status in REFUSED
                if not fine and not (has and route in LATER and got.status == 404):
                    wrong.append(f"{role}: {method} /{route}: {got.status}")
    assert not wrong, "\n".join(wrong)


# Between them they have every right that opens a page or a route; walking as all of them takes a minute.
SOME: Final = ("clerk of ALF", "officer of ALF", "administrator of ALF", "token of ALF")


def addresses(city: City) -> Iterator[tuple[str, str, str]]:
    """Everything that can be read: own, another's and nobody's address; the last two empty where there is none."""
    for route, methods in TABLE.items():
        if "GET" not in methods or methods["GET"] == OPEN:
            continue
        own = fill(route + (NEEDED.get(route, "") if route not in ASKED else ""), city.made, "own")
        others = (fill(route, city.made, "foreign"), fill(route, city.made, "unknown")) if "<" in route else ("", "")
        if others[0] == own:
            others = ("", "")
        yield (own, *others)
        for ours, foreign, unknown in ASKED.get(route, ()):
            yield (
                fill(f"{route}?{ours}", city.made, "own"),
                fill(f"{route}?{foreign}", city.made, "foreign") if foreign else "",
                fill(f"{route}?{unknown}", city.made, "unknown") if unknown else "",
            )


def leaks(got: Answer, *, address: str, hidden: set[str]) -> list[str]:
    """Foreign words and codes in an answer; what the asker typed is no news to them."""
    if got.status >= 500:
        return [f"{address}: {got.status}"]
    typed = re.sub(r"[^\w-]+", " ", address).split()
    text = got.text + "\n" + got.headers
    for word in typed:
        if FOREIGN_WORDS.search(word) or word in hidden:
            text = text.replace(word, "").replace(quote(word), "")
    found = {match[0] for match in FOREIGN_WORDS.finditer(text)} | {code for code in hidden if code in text}
    return [f"{address}: {got.status} tells of {', '.join(sorted(found))}"] if found else []


def test_no_word_and_no_code_of_another_organisation_comes_out(city):
    hidden = set(city.made.codes["BRV"]) - {city.made.shared}
    wrong = []
    for who, client in city.own.items():
        for found in addresses(city):
            for address in filter(None, found if who in SOME else found[:1]):
                wrong += [
                    f"{who}: {leak}" for leak in leaks(ask(client, "GET", address), address=address, hidden=hidden)
                ]
    assert not wrong, "\n".join(wrong)


def alike(foreign: Answer, unknown: Answer, *, names: tuple[str, str]) -> str:
    """ "" where two answers cannot be told apart but by the name that was asked for; else what tells them apart."""
    if foreign.status != unknown.status:
        return f"status {foreign.status} and {unknown.status}"
    texts = []
    parts = {part for name in names for part in _differing(*names, mine=name)}
    for got in (foreign, unknown):
        text = got.text + "\n" + re.sub(r"(?m)^(Content-Length|ETag): .*$", "", got.headers)
        # Both names in both texts: a number such as 1 stands in every page, and means nothing there.
        for form in sorted({*names, *map(quote, names), *parts}, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", "«»", text)
        texts.append(text)
    if texts[0] != texts[1]:
        return "bodies"
    if foreign.queries != unknown.queries:
        return f"{foreign.queries} and {unknown.queries} queries"
    return ""


def _differing(one: str, other: str, *, mine: str) -> set[str]:
    """The part of an address in which two differ: the code or word itself."""
    parts = [re.split(r"[/?&=]", text) for text in (one, other)]
    at = 0 if mine == one else 1
    return {pair[at] for pair in zip(*parts, strict=True) if pair[0] != pair[1]}


def test_what_is_anothers_is_answered_like_what_is_not_there(city, monkeypatch):
    # The journal is told of some refusals, by how many there were and never by what was asked for.
    monkeypatch.setattr(refusals, "STEPS", {})
    wrong = []
    for who, client in ((who, city.own[who]) for who in SOME):
        for _own, foreign, unknown in addresses(city):
            if foreign:
                apart = alike(ask(client, "GET", foreign), ask(client, "GET", unknown), names=(foreign, unknown))
                wrong += [f"{who}: {foreign} | {unknown}: {apart}"] if apart else []
    assert not wrong, "\n".join(wrong)


def test_of_a_camera_that_both_list_the_own_words_are_shown(city):
    for who, client in city.own.items():
        for address in (f"/cameras/{city.made.shared}/", f"/api/v1/cameras/{city.made.shared}/sources"):
            if who.startswith("token") and not address.startswith("/api"):
                continue
            got = ask(client, "GET", address)
            assert got.status == 200
            assert "alfa камера 3" in got.text or "ALFA00003" in got.text
            assert not FOREIGN_WORDS.search(got.text), f"{who}: {address}"


def test_nothing_changes_for_one_organisation_when_another_changes(city, tmp_path):
    """Counts, order, tags of tiles: byte by byte the same, with a third organisation and without."""

    def seen() -> dict[tuple[str, str], tuple[int, str, str]]:
        return {
            (who, address): (got.status, got.text, re.sub(r"(?m)^Set-Cookie.*$", "", got.headers))
            for who, client in ((who, city.own[who]) for who in SOME)
            for address in (found[0] for found in addresses(city) if found[0] not in passing)
            for got in [ask(client, "GET", address)]
        }

    passing = {fill(route, city.made, "own") for route in PASSING}
    before = seen()
    organisations.grow(tmp_path, city.made)
    after = seen()
    changed = [f"{who}: {address}" for (who, address), told in before.items() if after[who, address] != told]
    assert not changed, "\n".join(changed)


# ---------------------------------------------------------------------------------------------- the walk can fail


@page()
def _leaking(request: HttpRequest, what: str) -> HttpResponse:
    """Tells of another organisation in one of the ways in which pages do."""
    told = {"body": "Bravo", "code": "KHA-000002-1", "tile": ""}.get(what, "")
    answer = HttpResponse(told, status=200 if what != "status" else 404)
    if what == "header":
        answer["X-Found"] = "bravo камера".encode().decode("latin-1")
    return answer


urlpatterns = [path("leaking/<str:what>/", _leaking)]


def test_a_planted_leak_is_found(city, settings):
    settings.ROOT_URLCONF = __name__
    for what in ("body", "header", "code"):
        got = ask(city.own["clerk of ALF"], "GET", f"/leaking/{what}/")
        assert leaks(got, address=f"/leaking/{what}/", hidden={"KHA-000002-1"})
    quiet = ask(city.own["clerk of ALF"], "GET", "/leaking/nothing/")
    assert not leaks(quiet, address="/leaking/nothing/", hidden={"KHA-000002-1"})


def test_a_difference_between_anothers_and_nobodys_is_found():
    def got(status: int, text: str, queries: int) -> Answer:
        return Answer(status, text, "", queries)

    names = ("/cameras/A-1/", "/cameras/B-2/")
    assert not alike(got(404, "no A-1", 3), got(404, "no B-2", 3), names=names)
    assert alike(got(403, "no A-1", 3), got(404, "no B-2", 3), names=names)
    assert alike(got(404, "A-1 is not yours", 3), got(404, "no B-2", 3), names=names)
    assert alike(got(404, "no A-1", 4), got(404, "no B-2", 3), names=names)


def test_words_are_found_in_tiles_and_workbooks():
    tile = mapbox_vector_tile.encode(
        [{"name": "cameras", "features": [{"geometry": "POINT(1 1)", "properties": {"owner": "BRV"}}]}]
    )
    assert FOREIGN_WORDS.search(readable(tile, "application/vnd.mapbox-vector-tile"))
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/sharedStrings.xml", "Браво")
    assert FOREIGN_WORDS.search(readable(book.getvalue(), ""))
