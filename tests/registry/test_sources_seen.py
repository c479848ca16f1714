"""Two rights together show no more than each by itself: what a source says is seen where one of them covers both."""

import json

import pytest
from django.db import transaction

from oblik.accounts.logic.rights import Reach, Scope
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.registry import actions, queries, vault

BY = Actor("console", "test")
OWN, CENTRE = Reach(owners=frozenset({"KP"})), Reach(districts=frozenset({"Центр"}))


@pytest.fixture
def cameras(db, data_dir):
    """District -> a camera of KP there that the police list too, with a password of each list."""
    owners = {code: actions.add_owner(code, name=code, kind="state", by=BY, at=now()) for code in ("KP", "POL")}
    found = {}
    with transaction.atomic():
        for district in ("Центр", "Лівий"):
            camera, (code,) = actions.create_cameras([owners["KP"]], at=now())
            said = json.dumps({"district": district}, ensure_ascii=False)
            for owner, number in owners.items():
                ref = f"{owner}:{district}"
                actions.add_claims([actions.NewClaim(camera, "owner_list", ref, number, now(), said)], at=now())
                secret = vault.NewSecret(camera, "device_password", f"{owner}-wort", ref, number, now())
                vault.keep_secrets([secret], at=now())
            actions.fold_cameras([camera], happened_at=now(), at=now(), by=BY)
            found[district] = code
    return found


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope((OWN, CENTRE)), {"Центр": {"KP", "POL"}, "Лівий": {"KP"}}),
        (Scope((OWN,)), {"Центр": {"KP"}, "Лівий": {"KP"}}),
        (Scope((Reach(),)), {"Центр": {"KP", "POL"}, "Лівий": {"KP", "POL"}}),
    ],
)
def test_a_source_is_seen_where_one_right_covers_owner_and_camera(cameras, scope, seen):
    for district, owners in seen.items():
        code = cameras[district]
        card = queries.camera_card(code, within=scope)
        assert {one.owner for one in card.claims} == owners and card.line.sources == len(owners)
        assert {one.source_ref.partition(":")[0] for one in vault.secrets_of(code, within=scope)} == owners
        (line,) = [one for one in queries.search_cameras(within=scope).lines if one.code == code]
        assert line.sources == len(owners)
        shown = vault.reveal(code, why="Перевірка", by=BY, at=now(), within=scope)
        assert {one.text for one in shown} == {f"{owner}-wort" for owner in owners}
