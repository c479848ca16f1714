"""The walk of a round: every place once, never longer than the greedy walk, near the best that others find."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from oblik.inventory.logic.walk import short_way, way_m

degrees = st.tuples(st.floats(36.1, 36.4), st.floats(49.9, 50.1))
some_places = st.lists(degrees, max_size=25)


def along(places, order):
    return [places[at] for at in order]


@settings(max_examples=40)
@given(places=some_places, start=st.none() | degrees)
def test_every_place_is_visited_once_and_the_walk_is_the_same_each_time(places, start):
    order = short_way(places, start=start)
    assert sorted(order) == list(range(len(places)))
    assert short_way(places, start=start) == order


@settings(max_examples=40)
@given(places=some_places, start=degrees)
def test_the_walk_is_never_longer_than_going_to_the_nearest_next(places, start):
    left, here, nearest = set(range(len(places))), start, []
    while left:
        following = min(left, key=lambda at: math.dist(here, places[at]))
        left.remove(following)
        nearest.append(following)
        here = places[following]
    walk = way_m(along(places, short_way(places, start=start)), start=start)
    assert walk <= way_m(along(places, nearest), start=start) * 1.001 + 1


@settings(max_examples=15)
@given(places=st.lists(degrees, min_size=1, max_size=6), start=degrees)
def test_a_small_walk_is_close_to_the_very_best(places, start):
    best = min(way_m(along(places, order), start=start) for order in itertools.permutations(range(len(places))))
    assert way_m(along(places, short_way(places, start=start)), start=start) <= best * 1.25 + 1


def test_one_street_is_walked_from_end_to_end():
    street = [(36.2 + n / 1000, 50.0) for n in (3, 0, 4, 1, 2)]
    assert [street[at] for at in short_way(street)] in (sorted(street), sorted(street)[::-1])
    assert short_way([]) == ()
    assert way_m([]) == 0.0
    assert way_m([(36.0, 50.0), (36.0, 50.01)]) == pytest.approx(1113.2, rel=0.01)


def solved_m(places, *, start):
    """The walk that OR-tools finds in a second: an open way from the start."""
    points = [start, *places]
    manager = pywrapcp.RoutingIndexManager(len(points) + 1, 1, [0], [len(points)])
    model = pywrapcp.RoutingModel(manager)

    def metres(one, other):
        pair = manager.IndexToNode(one), manager.IndexToNode(other)
        return 0 if max(pair) == len(points) else round(way_m([points[pair[0]], points[pair[1]]]) * 100)

    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitCallback(metres))
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(700)
    return model.SolveWithParameters(asked).ObjectiveValue() / 100


@pytest.mark.slow
def test_a_round_of_forty_is_within_a_tenth_of_what_a_solver_finds():
    dice = random.Random(4)
    ratios = []
    for _ in range(3):
        places = [(dice.uniform(36.20, 36.23), dice.uniform(49.98, 50.00)) for _ in range(40)]
        start = places[0]
        ours = way_m(along(places, short_way(places, start=start)), start=start)
        ratios.append(ours / solved_m(places, start=start))
    assert max(ratios) <= 1.10, ratios
