"""Long work is done by workers: once, in order, again where one was killed, and it says how far it is."""

import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from tests.kit.console import ok, ok_json
from tests.kit.lists import camera_row, write_csv

from oblik.accounts.logic.rights import Reach, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.intake import jobs, running
from oblik.intake.jobs import Kind, Order, start_job
from oblik.journal import queries as journal

BY = Actor("person", "olena")
AT = datetime(2025, 3, 1, 9, tzinfo=UTC)


def kinds(run, **more):
    return {"count": Kind(run, **more)}


def ask(kind="count", campaign="C1", **args):
    return start_job(kind, campaign=campaign, args=args, by=BY, at=AT)


def test_what_is_asked_for_is_done_and_its_answer_kept(db, data_dir):
    orders: list[Order] = []

    def run(order):
        orders.append(order)
        return {"seen": order.args["n"]}

    number = ask(n=3)
    assert running.job(number).state == "waiting"
    assert jobs.work_off(kinds(run)) == 1
    line = running.job(number)
    assert (line.state, line.result) == ("done", {"seen": 3})
    assert line.ended_at is not None
    assert [(one.campaign, one.by) for one in orders] == [("C1", BY)]
    assert not running.lock_path(number).exists()


def test_the_same_wish_is_one_job_until_it_is_done(db, data_dir):
    first = ask(n=1)
    assert ask(n=1) == first
    assert ask(n=2) != first
    jobs.work_off(kinds(lambda order: {}))
    assert ask(n=1) > first


def test_asking_stands_in_the_journal(db, data_dir):
    number = ask(n=1)
    (told,) = journal.entries_about("campaign:C1")
    assert (told.what, told.details["job"], told.by) == ("asked_for", number, "person:olena")


def test_an_error_is_kept_with_its_sentence_and_the_worker_goes_on(db, data_dir):
    def run(order):
        if order.args["n"] == 1:
            raise InvalidInput(msg("The list “{value}” is empty."), value="a.csv")
        if order.args["n"] == 2:
            raise ZeroDivisionError
        return {}

    numbers = [ask(n=n) for n in (1, 2, 3)]
    assert jobs.work_off(kinds(run)) == 3
    lines = [running.job(number) for number in numbers]
    assert [line.state for line in lines] == ["failed", "failed", "done"]
    assert lines[0].failure["params"] == {"value": "a.csv"}
    assert lines[1].failure["code"] == "error"


def test_a_conflict_is_tried_again_and_not_for_ever(db, data_dir):
    seen = []

    def run(order):
        seen.append(order.args["n"])
        if order.args["n"] == 1 and len(seen) == 2:
            return {}
        raise Conflict(msg("Somebody else was faster."))

    passing, lasting = ask(n=1), ask(campaign="C2", n=2)
    jobs.work_off(kinds(run))
    assert running.job(passing).state == "done"
    assert running.job(lasting).state == "failed"
    assert seen.count(2) == 3


def test_work_of_one_campaign_goes_in_order_and_of_another_beside(db, data_dir):
    first, second, other = ask(n=1), ask(n=2), ask(campaign="C2", n=3)
    table = kinds(lambda order: {})
    assert [number for number, _attempts in jobs._ready(table, ours=table)] == [first, other]
    side = {"count": Kind(lambda order: {}, beside=frozenset({"count"}))}
    assert [number for number, _attempts in jobs._ready(side, ours=side)] == [first, second, other]
    quick = {**table, "look": Kind(lambda order: {}, quick=True)}
    look = ask(kind="look", upload=1)
    assert [number for number, _attempts in jobs._ready(quick, ours={"look": quick["look"]})] == [look]


def test_what_another_holds_is_left_to_it(db, data_dir):
    from oblik.db import leases

    number = ask(n=1)
    with leases.lease(running.lock_path(number)) as ours:
        assert ours
        assert jobs.work_off(kinds(lambda order: {})) == 0
    assert jobs.work_off(kinds(lambda order: {})) == 1


def test_two_who_saw_the_same_job_do_it_once(db, data_dir):
    number = ask(n=1)
    assert jobs._claim(number, attempts=0)
    assert not jobs._claim(number, attempts=0)


def test_how_far_it_is_can_be_read_meanwhile(db, data_dir):
    seen = []

    def run(order):
        order.progress("reading", 0.25)
        seen.append(running.job(number))
        return {}

    number = ask(n=1)
    jobs.work_off(kinds(run))
    assert [(line.state, line.step, line.share) for line in seen] == [("running", "reading", 0.25)]


def test_a_worker_that_is_to_end_puts_its_job_back(db, data_dir):
    stopped = threading.Event()

    def run(order):
        stopped.set()
        order.progress("reading", 0.5)
        raise AssertionError("went on")

    number = ask(n=1)
    assert jobs.work_off(kinds(run), stopped=stopped) == 1  # and does not take it again
    assert running.job(number).state == "waiting"
    assert jobs.work_off(kinds(lambda order: {})) == 1


def test_what_was_cut_short_three_times_is_given_up(db, data_dir):
    number = ask(n=1)
    for attempt in range(3):
        assert jobs._claim(number, attempts=attempt)  # and killed
    jobs.work_off(kinds(lambda order: {}))
    line = running.job(number)
    assert (line.state, line.failure["code"]) == ("failed", "cut_short")


def test_who_does_not_see_a_list_does_not_see_its_work(db, data_dir):
    own = start_job("count", campaign="C1", owner="ALF", by=BY, at=AT)
    all_lists = start_job("count", campaign="C1", by=BY, at=AT)
    alfa = Scope((Reach(owners=frozenset({"ALF"})),))
    assert [line.id for line in running.jobs(within=alfa)] == [own]
    assert running.job(own, within=alfa).id == own
    with pytest.raises(NotFound):
        running.job(all_lists, within=alfa)
    waiting = start_job("count", campaign="C1", owner="ALF", args={"n": 1}, by=BY, at=AT)
    for owner in ("BET", "GAM", "DEL"):
        start_job("count", campaign="C1", owner=owner, by=BY, at=AT)
    last = start_job("read_list", campaign="C1", owner="ALF", args={"submission": 7}, by=BY, at=AT)
    # Only of the own work it is told how much stands before.
    assert [running.job(one, within=alfa).ahead for one in (own, waiting, last)] == [0, 1, 2]
    assert [line.ahead for line in running.jobs(within=alfa)] == [2, 1, 0]
    assert running.job_of_list(7, within=alfa).ahead == 2
    assert running.job(last).ahead == 6
    assert running.job_of_list(7, within=Scope((Reach(owners=frozenset({"BET"})),))) is None


_HELD = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "oblik.config.settings"
import django
django.setup()
from oblik.intake import jobs
real = jobs._teller
def teller(number, stopped):
    tell = real(number, stopped)
    def held(step, share):
        tell(step, share)
        if step == "storing":
            print("reached", flush=True)
            time.sleep(60)
    return held
jobs._teller = teller
jobs.work_off(jobs.KINDS)
"""


@pytest.mark.slow
def test_a_reading_killed_in_the_middle_is_done_by_the_next_worker(installation, tmp_path):
    ok(installation, "init")
    ok(installation, "owner", "add", "KP", "--name", "КП", "--kind", "enterprise")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    path = write_csv(tmp_path / "list.csv", [camera_row(n) for n in range(40)])
    asked = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'oblik.config.settings'; import django; django.setup();"
        "from pathlib import Path; from oblik.base.actors import Actor; from oblik.base.clock import now;"
        "from oblik.intake.actions import lists; from oblik.intake.jobs import start_job; by = Actor('person', 'x');"
        f"s = lists.receive(Path({str(path)!r}), owner='KP', campaign='C1', by=by, at=now());"
        "start_job('read_list', campaign='C1', owner='KP', args={'submission': s.pk}, by=by, at=now())"
    )
    subprocess.run([sys.executable, "-c", asked], env=installation.env, check=True, timeout=60)
    held = subprocess.Popen([sys.executable, "-c", _HELD], env=installation.env, stdout=subprocess.PIPE, text=True)
    assert held.stdout is not None
    assert held.stdout.readline().strip() == "reached"
    held.send_signal(signal.SIGKILL)
    held.wait(timeout=30)
    started = time.monotonic()
    ok(installation, "work", "--once")
    assert time.monotonic() - started < 30
    line = ok_json(installation, "intake", "list")[0]
    assert (line["state"], line["verdicts"]) == ("read", {"new": 40})
    ok(installation, "check-data")
