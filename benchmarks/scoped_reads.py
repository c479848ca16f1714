"""What a limit of rights costs a reader of a large register: `python -m benchmarks.scoped_reads 325000`.

Each line is a scope: its cameras, the first and the last page of its table, one card, and the names of its owners; the
peer is the first line, who sees everything.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

SEED = 7
OWNERS = 40
AT = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Draws the register in a database of its own; OBLIK_DATABASE_URL chooses another than SQLite."""
    cameras = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("OBLIK_ROWS", "325000"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OBLIK_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _draw(cameras)
        measure()


def _draw(cameras: int) -> None:
    """A few owners have most cameras; one claim each, every ninth from the campaign C1."""
    from django.db import connection, transaction

    from oblik.base.actors import Actor
    from oblik.db import bulk
    from oblik.registry import actions
    from oblik.registry.models import Camera, Claim

    by = Actor("console", "bench")
    owners = [actions.add_owner(f"O{n}", name=f"Owner {n}", kind="private", by=by, at=AT) for n in range(OWNERS)]
    drawn = random.Random(SEED)
    stamp = bulk.instant(AT)
    with transaction.atomic():
        bulk.insert_rows(
            Camera,
            columns=["id", "code", "owner_id", "state", "values", "origins", "version", "sources", "updated_at",
                     "place_origin", "kind", "district", "purpose", "search_text"],
            rows=(
                (n + 1, f"KHA-{n:07d}", owners[int(drawn.random() ** 2 * OWNERS)], "in_service", '{"name":"x"}', "{}",
                 1, 1, stamp, "", drawn.choice(("dome", "fixed", "ptz", "")), f"D{drawn.randrange(12)}",
                 drawn.choice((None, "roads", "parks")), f"kha {n}")
                for n in range(cameras)
            ),
        )  # fmt: skip
        bulk.insert_rows(
            Claim,
            columns=["id", "camera_id", "source_kind", "source_ref", "owner_id", "said_at", "values", "recorded_at",
                     "campaign_code"],
            rows=(
                (n + 1, n + 1, "owner_list", f"record:{n}", owners[0], stamp, "{}", stamp, "C1" if n % 9 == 0 else "C0")
                for n in range(cameras)
            ),
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure() -> None:
    from oblik.accounts.logic.rights import EVERYWHERE, Reach, Scope
    from oblik.base.errors import NotFound
    from oblik.registry import queries

    def reach(**limits: str) -> Reach:
        return Reach(**{name: frozenset(value.split()) for name, value in limits.items()})

    scopes = {
        "everything": EVERYWHERE,
        "one owner, few": Scope((reach(owners=f"O{OWNERS - 1}"),)),
        "one owner, many": Scope((reach(owners="O0"),)),
        "three owners": Scope((reach(owners=f"O0 O5 O{OWNERS - 1}"),)),
        "owner and kind": Scope((reach(owners="O5", kinds="dome"),)),
        "district": Scope((reach(districts="D3"),)),
        "purpose": Scope((reach(purposes="roads"),)),
        "campaign": Scope((reach(campaigns="C1"),)),
        "owner or district": Scope((reach(owners=f"O{OWNERS - 1}"), reach(districts="D3"))),
    }

    def card(within: Scope) -> None:
        with suppress(NotFound):  # as slow as if it were there: that is the point
            queries.camera_card("KHA-0000777", within=within)

    for name, scope in scopes.items():
        first, found = _timed(partial(queries.search_cameras, within=scope))
        last, _ = _timed(partial(queries.search_cameras, within=scope, page=found.pages))
        one, _ = _timed(partial(card, scope))
        names, _ = _timed(partial(queries.owner_names, within=scope))
        print(
            f"{name:18s} {found.total:8,} cameras  first page {first:7.1f} ms  last {last:7.1f} ms  card {one:5.1f} ms"
            f"  owners' names {names:6.1f} ms"
        )


def _timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of the fastest of three, and the answer."""
    best, answer = float("inf"), None
    for _ in range(3):
        began = time.perf_counter()
        answer = ask()
        best = min(best, time.perf_counter() - began)
    return best * 1000, answer


if __name__ == "__main__":
    main()
