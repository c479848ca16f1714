"""Where the next cameras go: the plan is the best there is, keeps to number and money, and takes what is free."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coverage_room.conftest import BY, day, lonlat
from tests.coverage_room.test_sums import enter

from oblik.base.errors import InvalidInput
from oblik.coverage.actions import update
from oblik.coverage.logic.placing import Option, Problem, greedy, solved
from oblik.coverage.logic.weights import Candidate, Place
from oblik.coverage.placing import Wanted, placement
from oblik.registry import actions as registry

Register = Callable[..., tuple[int, str]]


def seen(problem: Problem, chosen: tuple[int, ...]) -> float:
    held = np.zeros(len(problem.weights), dtype=bool)
    for i in chosen:
        held[problem.options[i].sees] = True
    return float(problem.weights[held].sum())


sets = st.lists(st.integers(0, 11), min_size=1, max_size=6, unique=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(sets, st.integers(1, 5)), min_size=1, max_size=7), st.integers(1, 3), st.integers(1, 9))
def test_the_plan_is_as_good_as_the_best_of_all_choices(
    told: list[tuple[list[int], int]], most: int, budget: int
) -> None:
    options = [Option(np.array(sorted(cells)), float(cost)) for cells, cost in told]
    problem = Problem(np.arange(1.0, 13.0), options, most_new=most, budget=float(budget))
    best = max(
        seen(problem, chosen)
        for size in range(most + 1)
        for chosen in combinations(range(len(options)), size)
        if sum(options[i].cost for i in chosen) <= budget
    )
    plan = solved(problem)
    assert plan.gain == pytest.approx(best)
    assert plan.proven and plan.bound == pytest.approx(best, rel=1e-3)
    assert greedy(problem).gain <= plan.gain + 1e-9
    assert sum(options[step.option].cost for step in plan.steps) <= budget
    assert sum(step.gain for step in plan.steps) == pytest.approx(plan.gain)


def test_a_turned_camera_gives_up_what_it_saw() -> None:
    options = [
        Option(np.array([0, 1]), free=True, group=0, keeps=True),
        Option(np.array([2, 3, 4]), free=True, group=0),
    ]
    problem = Problem(np.ones(5), options, most_new=0, most_free=1)
    plan = solved(problem)
    assert (plan.gain, [step.option for step in plan.steps]) == (1.0, [1])
    worse = [options[0], Option(np.array([2]), free=True, group=0)]
    assert solved(Problem(np.ones(5), worse, most_new=0, most_free=1)).steps == ()


def test_free_changes_come_first_and_nothing_useless_is_chosen() -> None:
    options = [Option(np.array([0, 1, 2]), 5.0), Option(np.array([3]), free=True), Option(np.array([0]), 1.0)]
    plan = solved(Problem(np.ones(4), options, most_new=3, most_free=3))
    assert [step.option for step in plan.steps] == [1, 0]
    assert solved(Problem(np.zeros(4), options, most_new=3)).steps == ()
    assert solved(Problem(np.ones(4), [], most_new=3)).gain == 0


@pytest.mark.django_db
def test_a_new_camera_is_put_where_it_sees_the_weights(register: Register) -> None:
    poles = [Candidate("near", *lonlat(0, 0), 5.0, 100.0), Candidate("far", *lonlat(500, 0), 5.0, 100.0)]
    places = [Place(*lonlat(20 + i, 0), 1.0) for i in range(20)]
    found = placement(poles, wanted=Wanted(add=1, free=0), places=places)
    [chosen] = found.chosen
    assert (chosen.action, chosen.name, chosen.bearing_deg) in {("new", "near", 60.0 + 30 * i) for i in range(3)}
    assert found.gain == found.points == pytest.approx(20) and found.proven


@pytest.mark.django_db
def test_what_is_seen_already_brings_nothing_and_private_faulty_and_turned_ones_are_free(register: Register) -> None:
    shop = registry.add_owner("shop", name="Крамниця", kind="private", by=BY, at=day(1))
    _, watching = register(0, 0, when=day(2))  # looks east
    _, faulty = register(0, 100, when=day(2), state="faulty")
    asked = enter(shop, lonlat(0, -100))
    update(by=BY, at=day(3))
    east = [[Place(*lonlat(20 + i, y), 1.0) for i in range(10)] for y in (0, 100, -100)]
    west = [Place(*lonlat(-20 - i, 0), 1.0) for i in range(30)]
    poles = [Candidate("p", *lonlat(0, 2), 5.0, 100.0)]
    found = placement(poles, wanted=Wanted(add=0, free=3), places=[*east[0], *east[1], *east[2], *west])
    told = {one.action: one for one in found.chosen}
    assert found.before == pytest.approx(10)
    assert (told["repair"].camera, told["ask"].camera, told["ask"].owner) == (faulty, asked, "shop")
    assert told["reaim"].camera == watching and told["reaim"].bearing_deg in (240.0, 270.0, 300.0)
    assert found.gain == pytest.approx(10 + 10 + 30 - 10)
    one = placement(poles, wanted=Wanted(add=1, free=0), places=east[0])
    assert one.chosen == () and one.before == pytest.approx(10)


@pytest.mark.django_db
def test_what_cannot_be_placed_says_why(register: Register) -> None:
    pole = Candidate("p", *lonlat(0, 0), 5.0, 1.0)
    with pytest.raises(InvalidInput, match="candidate"):
        placement([], wanted=Wanted(add=1))
    with pytest.raises(InvalidInput, match="150 m"):
        placement([pole], wanted=Wanted(add=1), places=[Place(*lonlat(900, 0), 1.0)])
    with pytest.raises(InvalidInput, match="band"):
        placement([pole], wanted=Wanted(add=1, band="sharp"), places=[Place(*lonlat(9, 0), 1.0)])
