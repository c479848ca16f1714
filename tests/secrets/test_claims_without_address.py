"""Whatever hands claims to the register: of a stream address only the mark is kept."""

import json

import pytest
from django.db import transaction

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.registry import actions, vault
from oblik.registry.logic.secrets import STREAM_MARK
from oblik.registry.models import Camera, CameraVersion, Claim

BY = Actor("console", "test")


@pytest.mark.django_db
def test_an_address_in_the_clear_does_not_reach_the_tables(data_dir):
    owner = actions.add_owner("KP", name="KP", kind="state", by=BY, at=now())
    values = {"address": "вул. Садова, 1", "stream_url": "rtsp://admin:Zx9kL@192.0.2.7/1"}
    with transaction.atomic():
        camera, _codes = actions.create_cameras([owner], at=now())
        said = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        actions.add_claims([actions.NewClaim(camera, "owner_list", "test:1", owner, now(), said)], at=now())
        actions.fold_cameras([camera], happened_at=now(), at=now(), by=BY)
    kept = [str(list(model.objects.values())) for model in (Claim, Camera, CameraVersion)]
    assert not [word for word in ("Zx9kL", "192.0.2.7") if any(word in text for text in kept)]
    assert all(STREAM_MARK in text for text in kept)
    assert not any(vault.clear_values().values())
