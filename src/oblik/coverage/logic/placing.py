"""Which few of many possible changes let the most be seen: maximum coverage, solved with its bound on the optimum."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ortools.linear_solver.python import model_builder
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_NEAR: Final = 1e-4  # HiGHS calls a plan optimal that is within this share of its bound


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One possible change: the demands that it lets be seen, and what it costs.

    free: does not count among the new cameras, but among the free changes. group: of the options that share a number
    of 0 or more exactly one holds; keeps marks the one that is so already, which counts nowhere.
    """

    sees: Integers
    cost: float = 0.0
    free: bool = False
    group: int = -1
    keeps: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """weights: (demands,) >= 0 of what is not seen by anything that cannot change. most_new and most_free: how many
    changes of each sort; budget: for all costs together, None where there is none."""

    weights: Floats
    options: Sequence[Option]
    most_new: int
    most_free: int = 0
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A chosen option and what it adds to those before it."""

    option: int
    gain: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Chosen options, free ones first, then the one that adds most first.

    gain: weight seen more than without any change; bound: more than this nobody can gain; proven: gain is the optimum.
    """

    steps: tuple[Step, ...]
    gain: float
    bound: float
    proven: bool

    @property
    def gap(self) -> float:
        """How far, as a share of the bound, the optimum may lie above the gain; 0 where nothing can be gained."""
        return max(self.bound - self.gain, 0.0) / self.bound if self.bound > 0 else 0.0


def solved(problem: Problem, *, seconds: float = 30.0) -> Plan:
    """The best plan found within some seconds, never worse than `greedy`; nothing to choose from gives an empty plan.

    Source: maximal covering location problem (Church and ReVelle 1974) as an integer program, solved by HiGHS within
    OR-tools (its CP-SAT leaves gaps of 50 % and more on them: measured, see benchmarks/coverage_placement);
    demands that the same options see are one demand.
    """
    start = greedy(problem)
    if not problem.options or not (problem.weights > 0).any():
        return start
    weights, sees = _merged(problem)
    model, chosen = _model(problem, weights, sees)
    solver = model_builder.ModelSolver("highs")
    solver.set_solver_specific_parameters("output_flag=false")  # It greets on the standard output otherwise.
    solver.set_time_limit_in_seconds(seconds)
    status = solver.solve(model)
    before = _seen(problem, [i for i, one in enumerate(problem.options) if one.keeps])
    if status not in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE):
        return Plan(start.steps, start.gain, max(float(weights.sum()) - before, start.gain), False)
    found = [i for i, one in enumerate(chosen) if solver.value(one) > 0.5 and not problem.options[i].keeps]
    gain = _gain(problem, found)
    if start.gain > gain:
        found, gain = [step.option for step in start.steps], start.gain
    bound = max(solver.best_objective_bound - before, gain)
    proven = status == model_builder.SolveStatus.OPTIMAL and bound - gain <= 2 * _NEAR * max(bound + before, 1e-9)
    return Plan(_in_order(problem, found), gain, bound, proven)


def greedy(problem: Problem) -> Plan:
    """The plan that takes, again and again, what adds most (for its money, if that is limited); no useful bound."""
    plans = [_greedily(problem, by_money=False)]
    if problem.budget is not None:
        plans.append(_greedily(problem, by_money=True))
    found = max(plans, key=lambda chosen: _gain(problem, chosen))
    gain = _gain(problem, found)
    return Plan(_in_order(problem, found), gain, float(problem.weights.sum()), False)


def _greedily(problem: Problem, *, by_money: bool) -> list[int]:
    state = _State(problem)
    money, new, free = problem.budget if problem.budget is not None else math.inf, 0, 0
    while True:
        best, best_worth = -1, 0.0
        for i, one in enumerate(problem.options):
            used, most = (free, problem.most_free) if one.free else (new, problem.most_new)
            if one.keeps or i in state.taken or used >= most or one.cost > money + 1e-9 or one.group in state.moved:
                continue
            gain = state.gain(i)
            worth = gain / max(one.cost, 1e-9) if by_money else gain
            if gain > 1e-9 and worth > best_worth:
                best, best_worth = i, worth
        if best < 0:
            return list(state.taken)
        one = problem.options[best]
        state.take(best)
        money -= one.cost
        new, free = new + (not one.free), free + one.free


class _State:
    """What is seen how many times while options are taken one after the other."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._times = np.zeros(len(problem.weights), dtype=np.int64)
        self._kept = {one.group: i for i, one in enumerate(problem.options) if one.keeps}
        self.taken: dict[int, None] = {}
        self.moved: set[int] = set()
        for i in self._kept.values():
            self._times[problem.options[i].sees] += 1

    def gain(self, option: int) -> float:
        one, weights = self._problem.options[option], self._problem.weights
        if one.group < 0 or one.group not in self._kept:
            return float(weights[one.sees[self._times[one.sees] == 0]].sum())
        old = self._problem.options[self._kept[one.group]].sees
        left = np.setdiff1d(old[self._times[old] == 1], one.sees)
        return float(weights[one.sees[self._times[one.sees] == 0]].sum() - weights[left].sum())

    def take(self, option: int) -> None:
        one = self._problem.options[option]
        if one.group >= 0:
            self.moved.add(one.group)
            if one.group in self._kept:
                self._times[self._problem.options[self._kept[one.group]].sees] -= 1
        self._times[one.sees] += 1
        self.taken[option] = None


def _seen(problem: Problem, options: Iterable[int]) -> float:
    held = np.zeros(len(problem.weights), dtype=np.bool_)
    for i in options:
        held[problem.options[i].sees] = True
    return float(problem.weights[held].sum())


def _gain(problem: Problem, chosen: Iterable[int]) -> float:
    """What is seen with these changes beyond what is seen without any."""
    taken = list(chosen)
    moved = {problem.options[i].group for i in taken} - {-1}
    kept = [i for i, one in enumerate(problem.options) if one.keeps]
    after = [*taken, *(i for i in kept if problem.options[i].group not in moved)]
    return _seen(problem, after) - _seen(problem, kept)


def _in_order(problem: Problem, chosen: Sequence[int]) -> tuple[Step, ...]:
    """Free ones first, each time the one that adds most; options that add nothing are left out."""
    state, left, steps = _State(problem), set(chosen), []
    while left:
        best = min(left, key=lambda i: (not problem.options[i].free, -state.gain(i), i))
        steps.append(Step(best, state.gain(best)))
        state.take(best)
        left.remove(best)
    # A move may lose at first what a later choice makes good: only what neither gives nor takes is dropped.
    return tuple(step for step in steps if abs(step.gain) > 1e-9)


def _merged(problem: Problem) -> tuple[Floats, list[list[int]]]:
    """Demands by which options see them: (weight of each such set, the options of each)."""
    rows = np.concatenate([np.full(len(one.sees), i) for i, one in enumerate(problem.options)])
    columns = np.concatenate([one.sees for one in problem.options])
    shape = (len(problem.weights), len(problem.options))
    seen_by = csr_matrix((np.ones(len(rows), dtype=np.int8), (columns, rows)), shape=shape)
    seen_by.sum_duplicates()
    found: dict[bytes, tuple[float, list[int]]] = {}
    for demand in np.flatnonzero((np.diff(seen_by.indptr) > 0) & (problem.weights > 0)):
        options = np.sort(seen_by.indices[seen_by.indptr[demand] : seen_by.indptr[demand + 1]])
        weight, _ = found.get(key := options.tobytes(), (0.0, []))
        found[key] = weight + float(problem.weights[demand]), [int(i) for i in options]
    return np.array([weight for weight, _ in found.values()]), [options for _, options in found.values()]


def _model(problem: Problem, weights: Floats, sees: Sequence[Sequence[int]]) -> tuple[Any, list[Any]]:
    model = model_builder.Model()  # type: ignore[no-untyped-call]  # OR-tools leaves it untyped
    chosen = [model.new_bool_var(f"x{i}") for i in range(len(problem.options))]
    groups: dict[int, list[Any]] = {}
    for i, one in enumerate(problem.options):
        if one.group >= 0:
            groups.setdefault(one.group, []).append(chosen[i])
    for members in groups.values():
        model.add(_sum(members) == 1)
    for free, most in ((False, problem.most_new), (True, problem.most_free)):
        counted = [chosen[i] for i, one in enumerate(problem.options) if one.free == free and not one.keeps]
        if counted:
            model.add(_sum(counted) <= most)
    costs = [one.cost for one in problem.options]
    if problem.budget is not None and any(costs):
        model.add(model_builder.LinearExpr.weighted_sum(chosen, costs) <= problem.budget)
    goals = []
    for options in sees:
        # A share is enough: where its options are whole, so is the most that it can be.
        seen = chosen[options[0]] if len(options) == 1 else model.new_num_var(0.0, 1.0, "")
        if len(options) > 1:
            model.add(_sum([chosen[i] for i in options]) >= seen)
        goals.append(seen)
    model.maximize(model_builder.LinearExpr.weighted_sum(goals, [float(weight) for weight in weights]))
    return model, chosen


def _sum(variables: Sequence[Any]) -> Any:
    return model_builder.LinearExpr.sum(variables)
