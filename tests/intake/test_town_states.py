"""Whatever people and runs do to a small town, in whatever order, nothing that Oblik promises is ever broken."""

import itertools
import os
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.kit.lists import camera_row, write_csv

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput
from oblik.intake import checks, queries
from oblik.intake.actions import judgements, lists, matching
from oblik.intake.models import Record
from oblik.inventory import actions as inventory
from oblik.inventory import checks as inventory_checks
from oblik.registry import checks as registry_checks
from oblik.registry.actions import add_owner, pin_values
from oblik.registry.models import Camera

BY = Actor("person", "olena")
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
OWNERS = ("KP", "POL")
NUMBERS = st.lists(st.integers(0, 6), min_size=2, max_size=6)
NTH = st.integers(0, 1_000)


class Town(RuleBasedStateMachine):
    """Two owners with a handful of cameras; each step is one thing that a person can do."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = (AT + timedelta(minutes=i) for i in itertools.count())
        self.files = itertools.count()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(first=NUMBERS, second=NUMBERS)
    def two_owners(self, first, second):
        inventory.open_campaign("C1", name="Перша", since=date(2026, 1, 1), until=date(2026, 12, 31), by=BY, at=AT)
        for owner, numbers in zip(OWNERS, (first, second), strict=True):
            add_owner(owner, name=owner, kind="state", by=BY, at=AT)
            self.hand_in(owner=owner, numbers=numbers, turned=0, quoting=False)

    @rule(owner=st.sampled_from(OWNERS), numbers=NUMBERS, turned=st.sampled_from([0, 90]), quoting=st.booleans())
    def hand_in(self, owner, numbers, turned, quoting):
        codes = list(Camera.objects.order_by("id").values_list("code", flat=True)) if quoting else []
        rows = [
            camera_row(n, **{"Інв. номер": f"{owner}-{n}", "Азимут": (n * 37 + turned) % 360})
            | ({"city_code": codes[n % len(codes)]} if codes else {})
            for n in numbers
        ]
        columns = (*rows[0],)
        path = write_csv(Path(self.folder.name) / f"{owner}{next(self.files)}.csv", rows, columns=columns)
        lists.add_list(
            path, owner=owner, campaign="C1", by=BY, at=next(self.clock),
            mapping={"city_code": "city_code"} if codes else None,
        )  # fmt: skip

    @rule()
    def match(self):
        matching.run_matching("C1", by=BY, at=next(self.clock))
        again = matching.run_matching("C1", by=BY, at=next(self.clock))
        assert (again.cameras_added, again.matched, again.new, again.duplicate) == (0, 0, 0, 0)

    @rule(record=NTH, camera=NTH, verdict=st.sampled_from(["same", "different", "unsure"]), own=st.booleans())
    def judge(self, record, camera, verdict, own):
        records = list(Record.objects.order_by("id"))
        cameras = list(Camera.objects.order_by("id"))
        if not cameras:
            return
        chosen = records[record % len(records)]
        code = chosen.camera.code if own and chosen.camera else cameras[camera % len(cameras)].code
        try:
            got = judgements.judge(chosen.pk, camera=code, verdict=verdict, by=BY, at=next(self.clock), why="looked")
        except (Conflict, InvalidInput):
            return
        said = judgements.judge(chosen.pk, camera=code, verdict=verdict, by=BY, at=next(self.clock), why="looked")
        assert said == got, "the same word again changes nothing"
        chosen.refresh_from_db()
        assert (chosen.camera.code if chosen.camera else "") == got

    @rule(camera=NTH, bearing=st.integers(0, 359))
    def pin(self, camera, bearing):
        standing = list(Camera.objects.filter(sources__gt=0).order_by("id"))
        if standing:
            code = standing[camera % len(standing)].code
            pin_values(code, values={"bearing_deg": bearing}, by=BY, at=next(self.clock), why="looked")
            assert '"bearing_deg":' in Camera.objects.get(code=code).values

    @invariant()
    def nothing_is_broken(self):
        assert [*registry_checks.broken(), *checks.broken(), *inventory_checks.broken()] == []

    @invariant()
    def every_record_is_somewhere(self):
        rows = queries.campaign_rows("C1")
        assert rows["record"].drop_nulls().len() == Record.objects.count()


@pytest.mark.slow
@pytest.mark.django_db
def test_no_order_of_steps_breaks_a_promise(data_dir):
    run_state_machine_as_test(
        Town,
        settings=settings(
            max_examples=int(os.environ.get("OBLIK_TOWN_EXAMPLES", "8")),
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # One step takes a tenth of a second: making a failure smaller would take many minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
