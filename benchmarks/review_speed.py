"""How long the next question takes: `python -m benchmarks.review_speed [CAMERAS] [WAITING] [--data FOLDER]`.

The register of benchmarks.desk_pages, of which WAITING rows (30000) are taken off their cameras and made questions with
two proposals each. Then a reviewer answers: the page, the next question, and answers that bring the next one along.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

TARGET_MS = 150.0
ANSWERS = ("same", "new", "unsure")


def main() -> int:
    """0 when the 95th percentile of each is under the target."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cameras", type=int, nargs="?", default=325_000)
    options.add_argument("waiting", type=int, nargs="?", default=30_000)
    options.add_argument("--requests", type=int, default=60)
    options.add_argument("--data", default="")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        os.environ["OBLIK_DATA"] = given.data or passing
        os.environ["OBLIK_LIMITS"] = "0"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
        import django

        django.setup()
        from benchmarks import desk_pages
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        desk_pages.draw(given.cameras)
        _doubt(given.waiting)
        return measure(given.requests)


def _doubt(wanted: int) -> None:
    """Takes rows off their cameras until so many wait, each asked about its own camera and a neighbour of it."""
    import random

    from django.db import transaction

    from oblik.base.actors import Actor
    from oblik.base.clock import now
    from oblik.db import bulk
    from oblik.intake.actions import register
    from oblik.intake.models import Judgement, Record
    from oblik.journal import actions as journal
    from oblik.registry.models import Claim

    have = Record.objects.filter(decision="review").count()
    found = Record.objects.filter(decision="matched", camera__sources__gte=2).order_by("-pk")
    rows = list(found.values_list("pk", "camera_id")[: max(0, wanted - have)])
    drawn, at = random.Random(7), now()
    by = Actor("model", "bench")
    with transaction.atomic():
        for start in range(0, len(rows), 2_000):
            part = rows[start : start + 2_000]
            for condition in bulk.named([record for record, _camera in part], column="record_id"):
                Judgement.objects.filter(condition, withdrawn_at__isnull=True).update(withdrawn_at=at)
            refs = [f"record:{record}" for record, _camera in part]
            for at_ref in range(0, len(refs), 500):
                Claim.objects.filter(source_ref__in=refs[at_ref : at_ref + 500]).update(withdrawn_at=at)
        register.settle({record: ("review", None, 0.5) for record, _camera in rows})
        said = [
            (record, camera + other, "unsure", drawn.uniform(0.05, 0.97), "to be reviewed")
            for record, camera in rows
            for other in ((0, -1) if camera > 1 else (0,))
        ]
        register.judge_all(said, at=at, by=by)
        journal.record(subject="campaign:C1", what="matched", by=by, at=at)


def measure(requests: int) -> int:
    """Prints median and 95th percentile of each step in milliseconds, by the clock and of computing."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from oblik.intake.waiting import traits_waiting

    client = Client(SERVER_NAME="127.0.0.1", headers={"X-Requested-With": "review"})
    client.force_login(get_user_model().objects.get(username="officer"))
    began = time.perf_counter()
    left = sum(traits_waiting().values())
    print(f"{left} questions read into memory in {time.perf_counter() - began:.2f} s")
    client.get("/review/")
    pieces: list[dict[str, Any]] = client.get("/review/next/").json()["ahead"]
    answered: list[int] = []

    def answer() -> None:
        piece = pieces.pop(0)
        cameras = [part.split('"')[0] for part in piece["html"].split('name="proposed" value="')[1:]]
        sent = {
            "record": piece["record"], "said": ANSWERS[len(answered) % 3], "camera": cameras[:1], "proposed": cameras,
            "have": ",".join(str(one["record"]) for one in pieces),
        }  # fmt: skip
        told = client.post("/review/answer/", sent)
        assert told.status_code == 200, told.content[:300]
        answered.append(piece["record"])
        pieces.extend(told.json()["ahead"])

    def one_more() -> None:
        have = ",".join(str(piece["record"]) for piece in pieces[:2])
        assert len(client.get("/review/next/", {"have": have}).json()["ahead"]) == 1

    def undo() -> None:
        assert client.post("/review/undo/", {"record": answered.pop()}).status_code == 200

    steps: dict[str, Callable[[], Any]] = {
        "the page": lambda: client.get("/review/"), "the next question": one_more, "an answer and the next": answer,
        "taking back": undo, "what was answered": lambda: client.get("/review/decided/"),
    }  # fmt: skip
    worst = max(
        _timed(name, step, requests if name != "taking back" else requests // 2) for name, step in steps.items()
    )
    print(f"target: p95 under {TARGET_MS:g} ms: {'met' if worst < TARGET_MS else 'MISSED'}")
    return 0 if worst < TARGET_MS else 1


def _timed(name: str, step: Callable[[], Any], times: int) -> float:
    import numpy as np

    walls, cpus = [], []
    step()
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        step()
        walls.append((time.perf_counter() - began) * 1000)
        cpus.append((time.process_time() - busy) * 1000)
    (p50, p95), (cpu_50, cpu_95) = np.percentile(walls, [50, 95]), np.percentile(cpus, [50, 95])
    print(
        f"{name:26} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms   computing p50 {cpu_50:6.1f}  p95 {cpu_95:6.1f}", flush=True
    )
    return float(p95)


if __name__ == "__main__":
    sys.exit(main())
