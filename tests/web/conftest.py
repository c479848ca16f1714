"""A small register made through its own actions, and people of each role."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.inventory import actions as inventory
from oblik.registry import actions as registry

BY = Actor("console", "test")
SINCE = datetime(2025, 3, 1, 9, tzinfo=UTC)
PASSWORD = "sorok-dvi-kamery-na-opori"


@pytest.fixture
def register(db):
    """Four cameras of two owners: codes by their place in the list. The first has two lists and a person's word."""
    owners = [
        registry.add_owner("KP", name="КП «Світло»", kind="enterprise", by=BY, at=SINCE),
        registry.add_owner("POL", name="Поліція", kind="state", by=BY, at=SINCE),
    ]
    light, police = owners
    said = [
        {"name": "Вхід", "address": "вул. Садова, 1", "kind": "dome", "lon_deg": 34.0, "lat_deg": 49.0,
         "place_origin": "given", "bearing_deg": 10.0, "height_m": 4.0, "stream_url": "rtsp://admin:secret@10.0.0.1/"},
        {"name": "Двір", "address": "вул. Садова, 2", "kind": "fixed", "lon_deg": 34.0, "lat_deg": 49.0,
         "place_origin": "geocoded", "state": "faulty"},
        {"name": "Брама", "address": "пл. Ринок, 3", "lon_deg": 34.1, "lat_deg": 49.1, "place_origin": "given"},
        {"name": "Без місця", "address": "десь"},
    ]  # fmt: skip
    with transaction.atomic():
        first, codes = registry.create_cameras([light, light, police, light], at=SINCE)
        claims = [
            registry.NewClaim(first + n, "owner_list", f"test:{n}", owner, SINCE, json.dumps(values))
            for n, (owner, values) in enumerate(zip([light, light, police, light], said, strict=True))
        ]
        other = {"name": "Вхід", "kind": "ptz", "bearing_deg": 80.0, "lon_deg": 34.0001, "lat_deg": 49.0}
        older = SINCE - timedelta(days=30)
        claims.append(registry.NewClaim(first, "owner_list", "test:old", police, older, json.dumps(other)))
        registry.add_claims(claims, at=SINCE)
        registry.fold_cameras(list(range(first, first + 4)), happened_at=SINCE, at=SINCE, by=BY)
    later = SINCE + timedelta(days=60)
    registry.pin_values(codes[0], values={"height_m": 6.0}, by=Actor("person", "olena"), at=later, why="Виміряно")
    return codes


@pytest.fixture
def campaign(register):
    inventory.open_campaign("C1", name="Перша", since=SINCE.date(), until=SINCE.date(), by=BY, at=SINCE)
    return "C1"


@pytest.fixture
def officer(client, register):
    """A browser in which an officer, who sees everything, has signed in."""
    accounts.add_person("olena", role="officer", password=PASSWORD)
    assert client.login(username="olena", password=PASSWORD)
    return client


@pytest.fixture
def clerk(client, register):
    """A browser in which a clerk of the police, who sees the police's cameras, has signed in."""
    accounts.add_person("petro", role="clerk", password=PASSWORD, owner_code="POL")
    assert client.login(username="petro", password=PASSWORD)
    return client
