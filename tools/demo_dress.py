"""The demo city with everything that screens can show: loaded once, dressed once, and what of it each address needs.

Everything is made through the same actions as real data; the city, its people and their words are invented.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

OBLIK: Final = str(Path(sys.executable).with_name("oblik"))
DRESS: Final = "2"  # raise it where `_dressed` does something else: the folder is then made anew
LAID: Final = "Камери закладів 2026 (чернетка).csv"
NEWCOMER, WALKER = "newcomer", "walker"


def dressed(data: Path) -> dict[str, str]:
    """What fills the addresses of the screens; makes the city in the folder where it is not there yet."""
    stamp = data / "dressed.json"
    if not stamp.is_file() or json.loads(stamp.read_text("utf-8"))["dress"] != DRESS:
        data.mkdir(parents=True, exist_ok=True)
        if not (data / "loaded").is_file():
            for command in (("demo", "load"), ("city", "tiles")):
                run(data, *command)
            (data / "loaded").touch()
        _django(data)
        from django.db import transaction

        with transaction.atomic():  # all of it or nothing: it can be stopped and begun again
            made = _dress(data)
        run(data, "work", "--once")
        run(data, "coverage", "update")
        stamp.write_text(json.dumps({"dress": DRESS, **made}), encoding="utf-8")
    else:
        run(data, "init")
    _django(data)
    told: dict[str, str] = json.loads(stamp.read_text("utf-8"))
    return told | _today() | _found()


def run(data: Path, *command: str, heard: bool = True) -> None:
    """A command of ours on the folder; where it is not heard, it may also fail."""
    subprocess.run(
        [OBLIK, *command],
        env=os.environ | {"OBLIK_DATA": str(data), "LOGNAME": "server"},
        check=heard,
        capture_output=not heard,
    )


def _django(data: Path) -> None:
    os.environ |= {"OBLIK_DATA": str(data), "DJANGO_SETTINGS_MODULE": "oblik.config.settings"}
    import django

    django.setup()


# ---------------------------------------------------------------------------------------------- done once


def _dress(data: Path) -> dict[str, str]:
    from oblik.accounts import actions as accounts
    from oblik.accounts import tokens
    from oblik.base.actors import Actor
    from oblik.base.clock import now
    from oblik.demo.loading import PASSWORD

    by, at, code = Actor("person", "officer"), now(), _campaign()
    accounts.add_person(WALKER, role="field", password=PASSWORD, name="Петро Польовий")
    tokens.issue_token("officer", verbs={"see"}, days=90, note="Карта чергової частини", by=by, at=at)
    _asked(code, by=by, at=at)
    _settled(code, by=by, at=at)
    _answered(by=by, at=at)
    return {"upload": str(_laid(data, code=code, by=by, at=at)), **_cameras(data, by=by, at=at), **_walked(code, at=at)}


def _campaign() -> str:
    from oblik.inventory import queries

    return queries.campaigns()[0].code


def _asked(code: str, *, by: Any, at: datetime) -> None:
    """The count runs today. All owners of lists are asked; one more, whose list has not come, is late."""
    from oblik.intake import queries as intake
    from oblik.inventory import actions as inventory
    from oblik.inventory import awaited
    from oblik.inventory.logic.deadlines import Asked
    from oblik.registry import actions as registry

    registry.add_owner("MET", name="КП «Метробуд»", kind="enterprise", by=by, at=at)
    inventory.edit_campaign(
        code, name="Інвентаризація камер відеоспостереження", since=(at - timedelta(days=60)).date(),
        until=(at + timedelta(days=38)).date(), order_ref="№ 1-д", scope="усі камери відеоспостереження міста",
        by=by, at=at,
    )  # fmt: skip
    due_on = (at - timedelta(days=3)).date()
    owners = {line.owner for line in intake.submissions(campaign=code)} - {"OSM"}
    awaited.expect_owners(code, owners=owners, due_on=(at + timedelta(days=7)).date(), by=by, at=at)
    awaited.expect_owners(code, owners={"MET"}, due_on=due_on, by=by, at=at)
    asked = Asked("MET", due_on, "Зразковий Р. Р.", "kamery@metrobud.example", "uk")
    awaited.change_expected(code, asked, by=by, at=at)


def _settled(code: str, *, by: Any, at: datetime) -> None:
    """Of the discrepancies some are given to somebody, some settled."""
    from oblik.inventory import cases

    found = cases.case_page(code, wanted=cases.Wanted(kind="mismatch"), page=1, per_page=60).lines
    keys = [(line.matter.kind, line.matter.camera, line.matter.field) for line in found]
    cases.assign(code, keys[:9], assignee="officer", by=by, at=at)
    cases.comment(code, keys[0], text="Телефонував балансоутримувачу, чекаємо на фото.", by=by, at=at)
    cases.resolve(code, keys[9:14], outcome="accepted", document="Лист № 214 від 03.11.2025", by=by, at=at)
    cases.resolve(code, keys[14:17], outcome="owner_fixes", by=by, at=at)


def _answered(*, by: Any, at: datetime) -> None:
    """A few questions of the review have their answers."""
    from oblik.intake import waiting
    from oblik.intake.actions import judgements
    from oblik.registry import queries as registry

    for n, one in enumerate(waiting.waiting(waiting.Wanted(campaigns=frozenset({_campaign()})), most=4)):
        camera = registry.codes_of(one.cameras)[one.cameras[0]]
        judgements.judge(
            one.record, camera=camera, verdict="same" if n % 2 else "different", by=by, at=at + timedelta(seconds=n),
            why="порівняно на місці",
        )  # fmt: skip


def _laid(data: Path, *, code: str, by: Any, at: datetime) -> int:
    """A file on the desk that nobody has read yet."""
    from oblik.intake.actions import uploads
    from oblik.intake.jobs import start_job

    path = data / "demo" / LAID
    head = "№;Назва;Адреса;Широта;Довгота;Куди дивиться;Висота, м;Стан;Примітка"
    rows = (
        f"{n};Вхід {n};вул. Садова, буд. {n * 3};{49.03 + n / 1000:.4f};{34.28 + n / 900:.4f};"
        f"{('північ', 'схід', 'пн-зх', 'двір')[n % 4]};{3 + n % 3},5;{'працює' if n % 7 else 'не працює'};"
        for n in range(1, 41)
    )
    path.write_text("\n".join(("Перелік камер закладів;;;;;;;;", head, *rows, "Разом;40;;;;;;;")), encoding="utf-8")
    number = uploads.lay(path, owner="EDU", campaign=code, by=by, at=at)
    start_job("look", campaign=code, owner="EDU", args={"upload": number}, by=by, at=at)
    return number


def _cameras(data: Path, *, by: Any, at: datetime) -> dict[str, str]:
    """A camera that several lists have, edited, with a photo; and one with a way in, sealed."""
    from oblik.registry import actions, attaching, editing, searching
    from oblik.registry.logic.wanted import Wanted

    lines = searching.found_cameras(Wanted(), sort="sources", per_page=200).lines
    shown = next(line for line in lines if {"bearing_deg", "serial", "ip"} <= set(line.values) and line.lon_deg)
    editing.edit_camera(
        shown.code, values={"height_m": 6.5, "hfov_deg": 80.0}, by=by, at=at, why="Виміряно на місці під час обходу",
    )  # fmt: skip
    path = data / "demo" / "photo.jpg"
    path.write_bytes(_photo())
    attaching.attach(shown.code, path=path, what="Вигляд з тротуару", by=by, at=at)
    secret = next(line for line in lines if line.code != shown.code)
    way_in = {"device_login": "desk", "device_password": "vyhadanyi-parol"}
    actions.pin_values(secret.code, values=way_in, by=by, at=at, why="Передано балансоутримувачем")
    return {"camera": shown.code, "secret": secret.code}


def _photo() -> bytes:
    """A pole with a camera under an evening sky, drawn here: no picture of any real street."""
    from PIL import Image, ImageDraw

    picture = Image.linear_gradient("L").resize((1200, 900)).convert("RGB")
    sky = Image.composite(
        Image.new("RGB", picture.size, "#e9b384"), Image.new("RGB", picture.size, "#5b7aa8"), picture.convert("L")
    )
    draw = ImageDraw.Draw(sky)
    for n, top in enumerate((520, 430, 600, 470, 560)):
        draw.rectangle((n * 250 - 20, top, n * 250 + 200, 900), fill="#39445a")
        for x in range(n * 250 + 15, n * 250 + 180, 50):
            draw.rectangle((x, top + 40, x + 22, top + 75), fill="#f4d58d")
    draw.rectangle((590, 120, 612, 900), fill="#20242c")
    draw.rectangle((540, 150, 700, 205), fill="#dfe4ea")
    draw.ellipse((520, 155, 565, 200), fill="#20242c")
    out = io.BytesIO()
    sky.save(out, "JPEG", quality=85)
    return out.getvalue()


def _walked(code: str, *, at: datetime) -> dict[str, str]:
    """Yesterday's round, checked: found, different, not found, and a camera that nobody knew."""
    from oblik.accounts.queries import scope_of
    from oblik.base.actors import Actor
    from oblik.inventory import checking, rounds
    from oblik.inventory.logic.field import Check, Fix

    number = _handed_out(code, day=at - timedelta(days=1), name="Центр, перший обхід", at=at)
    by = Actor("person", WALKER)
    within = scope_of(by, "hand_in")
    stops = rounds.stops(number)

    def say(n: int, answer: Any, *, photos: Callable[[], list[Path]] = list, **more: Any) -> str:
        stop = stops[n]
        lon, lat = stop.lon_deg or 0.0, stop.lat_deg or 0.0
        known: dict[str, Any] = {} if answer == "new" else {"camera": stop.code, "seen_version": stop.version}
        check = Check(
            UUID(int=n + 1, version=4), number, answer, at - timedelta(minutes=90 - n * 12),
            stood=Fix(lon + 0.0001, lat, 6.0), **known, **more,
        )  # fmt: skip
        checking.take_check(check, photos=photos(), worker=WALKER, by=by, at=at, within=within)
        return str(check.id)

    say(0, "found")
    checked = say(1, "different", bearing_deg=215.0, bearing_from="compass", note="Повернута на перехрестя.")
    say(2, "not_found", note="Стовп демонтовано.")
    say(
        3, "new", values={"kind": "dome", "mount": "wall"}, note="Купольна над аптекою.",
        place=Fix((stops[3].lon_deg or 0) + 0.0002, stops[3].lat_deg or 0, 6.0), place_from="gps",
    )  # fmt: skip
    return {"round": str(number), "check": checked}


def _handed_out(code: str, *, day: datetime, name: str, at: datetime) -> int:
    from django.utils import timezone

    from oblik.accounts.queries import scope_of
    from oblik.base.actors import Actor
    from oblik.inventory import checking, rounds

    reach, start = scope_of(Actor("person", WALKER), "hand_in"), (34.283, 49.045)
    found = rounds.candidates(code, pick="all", owner="", district="", start=start, most=12, within=reach)
    walk = checking.Walk(WALKER, timezone.localtime(day).date(), start, name)
    return checking.make_round(
        code, cameras=[one.code for one in found], walk=walk, by=Actor("person", "officer"), at=at, within=reach
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------- done each time


def _today() -> dict[str, str]:
    """A round for today, and the links that letters would hold."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.contrib.auth import get_user_model
    from django.core import signing
    from django.utils import timezone

    from oblik.accounts import invitations
    from oblik.accounts.actions import Over
    from oblik.base.actors import Actor
    from oblik.base.clock import now
    from oblik.base.errors import Conflict
    from oblik.inventory import rounds
    from oblik.web.desk import profile

    by, at = Actor("person", "admin"), now()
    if not any(one.day == timezone.localdate() for one in rounds.rounds_for(WALKER, since=timezone.localdate())):
        _handed_out(_campaign(), day=at, name="Центр, другий обхід", at=at)
    try:
        who = invitations.NewPerson(NEWCOMER, "Марія Новенька", "")
        invited = invitations.invite(who, role="clerk", over=Over(owners=["TRN"]), by=by, at=at)
    except Conflict:
        invited = invitations.invite_again(NEWCOMER, by=by, at=at)
    person = get_user_model().objects.get(username="auditor")
    return {
        "invitation": invited.shown,
        "reset": f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}",
        "confirmation": signing.dumps(["officer", "officer@example.org"], salt=profile._SALT),
    }


def _street() -> str:
    """A street on which cameras stand, as somebody types it without a Ukrainian keyboard."""
    return "Mala Kruta"


def _found() -> dict[str, str]:
    """What is read off the register for the rest of the addresses."""
    from oblik.intake import queries as intake
    from oblik.inventory import cases
    from oblik.inventory import queries as inventory
    from oblik.journal import queries as journal
    from oblik.registry import searching
    from oblik.registry.logic.wanted import Wanted

    code = _campaign()
    matter = cases.case_page(code, wanted=cases.Wanted(state="in_work"), page=1, per_page=1).lines[0].matter
    papers = [one.name for one in inventory.documents(code) if one.kind == "act"]
    own = searching.found_cameras(Wanted(owner="EDU"), sort="sources", per_page=1).lines[0]
    lists = intake.submissions(campaign=code)
    side, lon, lat = 0.004, 34.2795, 49.0312  # a dense quarter
    corners = ((lon - side, lat - side), (lon + side, lat - side), (lon + side, lat + side), (lon - side, lat + side))
    return {
        "campaign": code, "late": "MET", "kind": matter.kind, "disputed": matter.camera, "field": matter.field,
        "paper": papers[0], "own": own.code, "street": _street(), "list": str(lists[1].id),
        "newer": str(next(line.id for line in lists if line.replaces)),
        "entry": str(journal.newest_entries(journal.Asked(), limit=1)[0].number),
        "area": "~".join(f"{x:.5f}_{y:.5f}" for x, y in corners),
        "near": f"#at=17.1/{lat - 0.0003:.4f}/{lon - 0.0007:.4f}",
    }  # fmt: skip
