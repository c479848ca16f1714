"""A made-up count: owners, lists, cameras and discrepancies of a town that does not exist."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl
import pytest

from oblik.inventory.logic.campaigns import Campaign, Member
from oblik.inventory.logic.count import Count, ListReceived, aligned
from oblik.inventory.logic.discrepancies import CLAIMS_SCHEMA, discrepancies_of
from oblik.inventory.logic.figures import ROWS_SCHEMA, classified, figures_of

OWNERS = {
    "DEPT-TR": "Департамент транспорту Вербівської міської ради",
    "DEPT-ZKG": "Департамент житлово-комунального господарства",
    "KP-SVITLO": "КП «Вербівське міськсвітло»",
    "KP-METRO": "КП «Вербівські електротранспортні мережі»",
    "KP-PARK": "КП «Парки та сквери Вербівки»",
    "GU-BEZPEKA": "Головне управління безпеки у Вербівській області",
    "TOV-OKO": "ТОВ «Пильне око»",
    "TOV-RYNOK": "ТОВ «Торговий дім “Вербівський ринок”»",
}
STREETS = (
    "вулиця Яблунева",
    "проспект Майстрів",
    "вулиця Гончарна",
    "провулок Тихий",
    "площа Ярмаркова",
    "бульвар Липовий",
)
COMMISSION = (
    Member("О. П. Коваль", "заступниця міського голови", "chair"),
    Member("І. І. Бондар", "начальник відділу цифрового розвитку", "member"),
    Member("Т. Г. Шевчук", "головна бухгалтерка департаменту", "member"),
    Member("М. Д. Лисенко", "провідний інженер", "secretary"),
)


def made_up_campaign(members=COMMISSION) -> Campaign:
    return Campaign(
        code="2026-1",
        name="Перша загальноміська інвентаризація камер відеоспостереження",
        since=date(2026, 3, 1),
        until=date(2026, 4, 30),
        order_ref="розпорядження міського голови від 16.02.2026 № 21-р",
        scope="усі камери, що спостерігають за місцями загального користування",
        state="open",
        opened_at=datetime(2026, 2, 20, 9, tzinfo=UTC),
        opened_by="console:olena",
        members=members,
    )


def made_up_rows(owners: list[str], *, cameras: int, seed: int) -> pl.DataFrame:
    """Rows of one list per owner, every third camera of an owner in the next owner's list too."""
    dice = random.Random(seed)
    lines: list[tuple[object, ...]] = []
    for place, owner in enumerate(owners):
        mine = range(place, cameras, len(owners))
        theirs = list(range((place + 1) % len(owners), cameras, len(owners)))[::3]
        row = 4
        for number in sorted({*mine, *theirs}):
            decision = dice.choices(
                ["matched", "new", "judged", "review", "broken", "duplicate"], [40, 40, 3, 4, 2, 4]
            )[0]
            camera = None if decision in ("review", "broken") else f"VRB-{number:06d}"
            parts = 3 if dice.random() < 0.01 and decision == "new" else 1
            for part in range(1, parts + 1):
                code = f"{camera}" if part == 1 or camera is None else f"VRB-{900000 + number * 3 + part:06d}"
                lines.append(
                    (place + 1, f"{owner}.xlsx", "Камери", row, part, owner, True, "new", decision, code, 0.97)
                )
            row += 1
        for tail in range(3):
            lines.append(
                (place + 1, f"{owner}.xlsx", "Камери", row + tail, 1, owner, True, "", "not_a_camera", None, None)
            )
    old = owners[0]
    lines += [
        (99, f"{old}-2025.csv", "", n, 1, old, False, "new", "matched", f"VRB-{700000 + n:06d}", 0.9) for n in (2, 3, 4)
    ]
    return pl.DataFrame(
        [line[:9] + ((None,) if line[8] in ("review", "broken") else line[9:10]) + line[10:] for line in lines],
        schema=ROWS_SCHEMA,
        orient="row",
    )


def made_up_cameras(codes: list[str], *, owners: list[str], seed: int) -> pl.DataFrame:
    dice = random.Random(seed)
    lines = [
        {
            "camera": code,
            "owner": dice.choice(owners),
            "state": dice.choices(["in_service", "faulty", "installed"], [80, 15, 5])[0],
            "serial": f"DS{dice.randrange(10**9):09d}",
            "kind": dice.choice(["fixed", "dome", "ptz", None]),
            "vendor": dice.choice(["Hikvision", "Dahua", "Axis"]),
            "model": dice.choice(["DS-2CD2043G2-I", "IPC-HFW2431S", "P1448-LE"]),
            "street": dice.choice(STREETS),
            "house": str(dice.randrange(1, 150)),
            "site": dice.choice([None, "опора № 17", "вхід до станції"]),
            "lat_deg": 50.0,
            "lon_deg": 36.2,
            "bearing_deg": dice.choice([None, 15.0, 135.0, 270.0]),
            "sources": 2,
        }
        for code in codes
    ]
    return aligned(pl.DataFrame(lines, infer_schema_length=None))


def made_up_claims(codes: list[str], *, seed: int) -> pl.DataFrame:
    dice = random.Random(seed)
    lines: list[tuple[object, ...]] = []
    for code in codes[:: max(1, len(codes) // 700)]:
        first, second = dice.sample(list(OWNERS), 2)
        for name, one, other in (
            ("height_m", "4.0", "6.5"),
            ("model", "DS-2CD2043G2-I", "IPC-HFW2431S"),
            ("bearing_deg", "10", "95"),
        ):
            if dice.random() < 0.5:
                lines.append(
                    (code, name, one, f"{first}.xlsx · Камери · {dice.randrange(4, 400)}", "list", first, True)
                )
                lines.append(
                    (code, name, other, f"{second}.xlsx · Камери · {dice.randrange(4, 400)}", "list", second, True)
                )
        if dice.random() < 0.1:
            lines.append((code, "owner_name", OWNERS[second], f"{first}.xlsx · Камери · 7", "list", first, True))
    return pl.DataFrame(lines, schema=CLAIMS_SCHEMA, orient="row")


def build_count(*, cameras: int = 60, owners: int = 4, seed: int = 7, members=COMMISSION) -> Count:
    named = list(OWNERS)[:owners]
    rows = classified(made_up_rows(named, cameras=cameras, seed=seed))
    codes = sorted(set(rows["camera"].drop_nulls()))
    dice = random.Random(seed)
    return Count(
        campaign=made_up_campaign(members),
        owners=OWNERS,
        lists=(
            *(
                ListReceived(place + 1, owner, f"{owner}.xlsx", date(2026, 3, 5), f"{place:064x}", True)
                for place, owner in enumerate(named)
            ),
            ListReceived(99, named[0], f"{named[0]}-2025.csv", date(2026, 3, 2), "f" * 64, False),
        ),
        rows=rows,
        cameras=made_up_cameras(codes, owners=named, seed=seed),
        own_numbers={
            (owner, code): f"10143{dice.randrange(10**4):04d}"
            for owner, code in rows.select("owner", "camera").drop_nulls().unique(maintain_order=True).iter_rows()
        },
        figures=figures_of(rows),
        discrepancies=discrepancies_of(rows, made_up_claims(codes, seed=seed), owners=OWNERS),
    )


@pytest.fixture(scope="session")
def a_count() -> Callable[..., Count]:
    return build_count
