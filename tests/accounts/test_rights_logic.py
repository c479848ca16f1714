"""Roles, reaches and scopes: what adds up, what narrows, what equals what."""

from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.accounts.logic.rights import (
    BOUND,
    EVERYWHERE,
    NOWHERE,
    ROLES,
    SECOND_FACTOR,
    VERBS,
    Reach,
    Scope,
    narrowed,
    tidied,
    verbs_of,
)

few = st.frozensets(st.sampled_from(["A", "B", "C"]), max_size=2)
reaches = st.builds(Reach, few, few, few, few, few)
scopes = st.lists(reaches, max_size=4).map(lambda found: Scope(tuple(found)))
things = st.fixed_dictionaries(
    {name: st.sampled_from(["", "A", "B", "C"]) for name in ("owner", "district", "kind", "purpose", "campaign")}
)


def test_every_right_is_somebodys_and_nobody_has_none():
    assert frozenset().union(*(role.verbs for role in ROLES.values())) == set(VERBS)
    assert verbs_of("nobody") == verbs_of("emperor") == frozenset()


def test_duties_are_kept_apart():
    may = {name: role.verbs for name, role in ROLES.items()}
    changing = {"edit", "hand_in", "judge", "sign", "approve", "delete", "configure", "hold"}
    assert not may["auditor"] & changing  # who looks after the others leaves no marks of their own
    assert {name for name, verbs in may.items() if "audit" in verbs} == {"auditor"}
    assert not may["administrator"] & {"watch_live", "watch_archive", "sign", "approve", "audit"}
    assert {name for name, verbs in may.items() if "see_secrets" in verbs} == {"administrator"}
    assert {name for name, verbs in may.items() if "watch_archive" in verbs} == {"investigator"}
    assert {name for name, verbs in may.items() if verbs & SECOND_FACTOR} == {
        "administrator", "operator", "investigator",
    }  # fmt: skip
    assert sorted(BOUND) == ["clerk", "partner"]


def test_a_quality_that_a_thing_lacks_is_covered_only_where_nothing_limits_it():
    district = Scope((Reach(districts=frozenset({"Центр"})),))
    assert district.covers() and district.covers(owner="KP") and district.covers(owner="KP", district="Центр")
    assert not district.covers(owner="KP", district="")
    assert not NOWHERE.covers() and EVERYWHERE.covers(owner="", district="", kind="", purpose="", campaign="")


def test_a_list_is_of_an_owner_and_a_campaign_and_of_nothing_else():
    clerk = Scope((Reach(owners=frozenset({"KP"})),))
    assert clerk.covers_list(owner="KP", campaign="C1") and not clerk.covers_list(owner="POL", campaign="C1")
    assert not clerk.covers_list(owner=None, campaign="C1")
    assert EVERYWHERE.covers_list(owner=None, campaign="C1")
    member = Scope((Reach(campaigns=frozenset({"C1"})),))
    assert member.covers_list(owner=None, campaign="C1") and not member.covers_list(owner="KP", campaign="C2")
    assert not Scope((Reach(districts=frozenset({"Центр"})),)).covers_list(owner="KP", campaign="C1")


@settings(max_examples=60)
@given(one=scopes, other=scopes, thing=things)
def test_what_two_scopes_share_is_what_both_cover(one, other, thing):
    assert one.within(other).covers(**thing) == (one.covers(**thing) and other.covers(**thing))


@settings(max_examples=60)
@given(scope=scopes, thing=things)
def test_a_tidied_scope_covers_the_same(scope, thing):
    tidy = Scope(tidied(scope.reaches))
    assert tidy.covers(**thing) == scope.covers(**thing)
    assert tidied(tidy.reaches) == tidy.reaches
    assert tidy.all == scope.all or tidy.all


@settings(max_examples=60)
@given(one=reaches, other=reaches)
def test_narrowing_is_mutual(one, other):
    assert narrowed(one, other) == narrowed(other, one)
    assert narrowed(one, Reach()) == one


def test_owners_side_by_side_become_one_reach():
    both = tidied([Reach(owners=frozenset({"A"})), Reach(owners=frozenset({"B"}))])
    assert both == (Reach(owners=frozenset({"A", "B"})),)
    assert Scope(both).own_lists == {"A", "B"}
    assert Scope((Reach(owners=frozenset({"A"}), kinds=frozenset({"dome"})),)).own_lists == frozenset()
