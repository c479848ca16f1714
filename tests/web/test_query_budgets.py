"""No page asks the database more than its budget in query_budgets.toml, and no more when the register has grown."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from tests.kit import organisations
from tests.web.test_route_walk import ASKED, LATER, NEEDED, OPEN, OWN, TABLE, enter, fill, signed_in

BUDGETS = tomllib.loads((Path(__file__).parent / "query_budgets.toml").read_text("utf-8"))["pages"]


def names(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(route, name) of every address."""
    for one in resolver.url_patterns:
        here = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here, one.name or ""
        else:
            yield from names(one, here)


def desk_pages() -> dict[str, str]:
    """name -> route of every page that staff read; programs have their own table of rights and limits."""
    return {
        name: route
        for route, name in names(get_resolver())
        if not route.startswith("api/") and TABLE.get(route, {}).get("GET") not in (None, OPEN, OWN)
    }


def queries_of(client: Client, address: str) -> tuple[int, int]:
    """The status, and the queries of an answer when what may be kept in memory is kept."""
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
    told = [
        one["sql"] for one in asked.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    return answer.status_code, len(told)


def over_budget(client: Client, made: organisations.Organisations) -> list[str]:
    wrong = []
    for name, route in desk_pages().items():
        own = fill(route, made, "own")
        variants = [NEEDED.get(route, ""), *(f"?{one[0]}" for one in ASKED.get(route, ()))]
        for address in (own + variant for variant in variants):
            status, count = queries_of(client, address)
            if status not in (200, 302) and route not in LATER and address == own + NEEDED.get(route, ""):
                continue  # not of this role's pages, or not there in so small a city
            if count > BUDGETS.get(name, 0):
                wrong.append(f"{name} = {count}  # {address}: {status}, the budget is {BUDGETS.get(name, 'missing')}")
    return wrong


@pytest.fixture
def made(transactional_db, data_dir, settings, tmp_path) -> organisations.Organisations:
    settings.OBLIK_LIMITS = False
    return organisations.build(tmp_path)


def test_pages_keep_to_their_budgets_when_the_register_grows(made, tmp_path):
    for role in ("administrator", "auditor"):
        enter(f"all-{role}", role)
    clients = [signed_in("all-administrator"), signed_in("all-auditor")]
    wrong = [line for client in clients for line in over_budget(client, made)]
    assert not wrong, "\n".join(wrong)
    organisations.grow(tmp_path, made)
    wrong = [line for client in clients for line in over_budget(client, made)]
    assert not wrong, "\n".join(wrong)


def test_every_budget_is_of_a_page():
    assert sorted(set(BUDGETS) - set(desk_pages())) == []
