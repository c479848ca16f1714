"""Run inside an installation of its own: a small register that began sixty days ago and has changed since."""

import json
from datetime import timedelta

from django.db import transaction

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.registry import actions, editing

BY = Actor("person", "petro")
SINCE = now() - timedelta(days=60)


def said(number: int) -> dict[str, object]:
    """The n-th camera of a street."""
    return {
        "name": f"Камера {number}", "address": f"вул. Садова, {number}", "lon_deg": 34 + number / 500, "lat_deg": 49.0,
        "place_origin": "given", "bearing_deg": number * 37.0, "serial": f"SN-{number:05d}",
        "mac": f"001A2B0000{number:02d}", "height_m": 4.0, "kind": "dome",
    }  # fmt: skip


def main() -> None:
    owners = [
        actions.add_owner(code, name=name, kind="enterprise", by=BY, at=SINCE)
        for code, name in (("KP", "КП «Світло»"), ("POL", "Поліція"))
    ]
    with transaction.atomic():
        first, codes = actions.create_cameras([owners[0]] * 12, at=SINCE)
        claims = [
            actions.NewClaim(first + n, "owner_list", f"test:{n}", owners[0], SINCE, json.dumps(said(n)))
            for n in range(12)
        ]
        other = json.dumps({"name": "Камера три", "bearing_deg": 200.0})
        claims.append(actions.NewClaim(first + 3, "owner_list", "test:other", owners[1], SINCE, other))
        actions.add_claims(claims, at=SINCE)
        actions.fold_cameras(list(range(first, first + 12)), happened_at=SINCE, at=SINCE, by=BY)
    later = SINCE + timedelta(days=40)
    editing.edit_camera(codes[3], values={"name": "Брама"}, by=BY, at=later, why="Перейменовано")
