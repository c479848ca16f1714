"""Every page of the desk over the demo city: time and queries, beside the same page with nothing kept in memory.

Usage: .venv/bin/python -m benchmarks.pages [--data FOLDER] [--rounds N]
--data names a data folder in which the demo is loaded; without it the demo is loaded into a passing one.
"""

import argparse
import os
import tempfile
import time

TARGET_MS = 150.0
CODE = "INV-2025"


def desk_pages(client) -> list[str]:
    """Addresses of all pages, one of each kind; the camera with the most sources stands for cameras."""
    from django.urls import reverse

    from oblik.registry import queries as registry

    camera = registry.search_cameras(sort="sources", per_page=1).lines[0]
    bounds = ",".join(str(at) for at in (camera.lon_deg, camera.lat_deg) * 2)
    figures, rows = reverse("campaign", args=(CODE,)), reverse("campaign-rows", args=(CODE,))
    differing, table = reverse("campaign-discrepancies", args=(CODE,)), reverse("cameras")
    return [
        reverse("campaigns"), figures, f"{rows}?in_all=1", f"{rows}?in_all=1&page=40", f"{rows}?category=waiting",
        f"{rows}?category=broken", f"{differing}?summary", differing, f"{differing}?kind=mismatch&page=3",
        reverse("documents-of", args=(CODE,)), table, f"{table}?page=60", f"{table}?text=вулиця&sort=sources",
        f"{table}?kind=dome&state=in_service", reverse("camera", args=(camera.code,)),
        reverse("camera-panel", args=(camera.code,)), reverse("map"), f"{reverse('map')}?kind=dome",
        f"{reverse('map-place')}?bounds={bounds}", reverse("map-tile", args=(11, *tile_of(camera, zoom=11))),
        reverse("map-ground", args=(11, *tile_of(camera, zoom=11))),
        reverse("map-ground", args=(14, *tile_of(camera, zoom=14))),
    ]  # fmt: skip


def tile_of(camera, *, zoom: int) -> tuple[int, int]:
    """The column and row of the tile in which a camera stands."""
    import numpy as np

    from oblik.registry.logic.map_index import world_position

    x, y = world_position(np.array([camera.lon_deg]), np.array([camera.lat_deg]))
    return int(x[0] * (1 << zoom)), int(y[0] * (1 << zoom))


def forget() -> None:
    """Empties what the process keeps between requests."""
    from oblik.inventory import counting
    from oblik.web.desk import ground, tiles

    counting._kept.clear()
    tiles._newest = None
    ground._newest = None


def spent_ms(client, page: str) -> float:
    began = time.perf_counter()
    answer = client.get(page)
    taken = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return taken


def measured(client, rounds: int) -> tuple[list[float], list[float]]:
    """Prints each page's times and returns all of them: as usual, and with nothing kept."""
    import numpy as np
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    usual, alone = [], []
    print(f"{'page':70}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'anew ms':>9}")
    for page in desk_pages(client):
        anew = []
        for _ in range(max(2, rounds // 5)):
            forget()
            anew.append(spent_ms(client, page))
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
            queries = len(asked)
        times = [spent_ms(client, page) for _ in range(rounds)]
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{page:70}{queries:8}{p50:9.1f}{p95:9.1f}{float(np.median(anew)):9.1f}")
        usual += times
        alone += anew
    return usual, alone


def main() -> int:
    """0 when p95 over all pages is within the target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", default="")
    options.add_argument("--rounds", type=int, default=20)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        os.environ["OBLIK_DATA"] = given.data or passing
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
        import django

        django.setup()
        import numpy as np
        from django.test import Client

        from oblik.accounts.models import Person
        from oblik.config.commands.demo import demo

        if not given.data:
            demo(["load"], standalone_mode=False)
        client = Client()
        client.force_login(Person.objects.get(username="officer"))
        usual, alone = measured(client, given.rounds)
    p50, p95 = (float(at) for at in np.percentile(usual, [50, 95]))
    peer = float(np.percentile(alone, 95))
    print(f"all pages: p50 {p50:.1f} ms  p95 {p95:.1f} ms; nothing kept in memory: p95 {peer:.1f} ms")
    print(f"target: p95 under {TARGET_MS:g} ms: {'met' if p95 < TARGET_MS else 'MISSED'}")
    print(f"ratio anew/kept at p95: {peer / p95:.1f}")
    return 0 if p95 < TARGET_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
