"""Grants: who may what, until when, by one question to the database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils.functional import SimpleLazyObject

from oblik.accounts import actions, queries
from oblik.accounts.queries import EVERYWHERE, NOWHERE, ROLES, SECOND_FACTOR, VERBS, Reach, Scope, may, scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, InvalidInput, NotFound
from oblik.journal.queries import entries_about

pytestmark = pytest.mark.django_db
BY = Actor("console", "test")


def person(role, name="olena", *, factor=False, **given):
    owner = "KP" if ROLES[role].bound else ""
    actions.add_person(name, role=role, password="sorok-dvi-kamery", owner_code=owner, **given)
    found = get_user_model().objects.get(username=name)
    found.second_factor_given = factor
    return found


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_may_what_its_line_in_the_table_says(role):
    somebody = person(role, factor=True)
    assert {verb for verb in VERBS if may(somebody, verb)} == ROLES[role].verbs


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if role.verbs & SECOND_FACTOR])
def test_secrets_and_pictures_need_a_second_factor_in_this_sign_in(role):
    somebody = person(role)
    assert not any(may(somebody, verb) for verb in SECOND_FACTOR)
    assert queries.needs_second_factor(somebody)
    somebody.second_factor_given = lambda: True
    assert any(may(somebody, verb) for verb in SECOND_FACTOR)


def test_strangers_models_and_things_may_nothing_the_console_everything():
    for nothing in (AnonymousUser(), SimpleLazyObject(AnonymousUser), Actor("model", "m1"), None, "admin", object()):
        assert all(scope_of(nothing, verb) == NOWHERE for verb in VERBS)
    assert all(scope_of(Actor("console", "root"), verb) == EVERYWHERE for verb in VERBS)
    assert scope_of(Actor("person", "nemo"), "see") == NOWHERE


def test_a_person_acting_by_name_has_the_same_rights():
    somebody = person("clerk")
    assert scope_of(Actor("person", "olena"), "see") == scope_of(somebody, "see") == Scope(
        (Reach(owners=frozenset({"KP"})),)
    )  # fmt: skip
    assert scope_of(SimpleLazyObject(lambda: somebody), "hand_in").owners == {"KP"}


def test_who_is_switched_off_or_locked_may_nothing():
    somebody = person("administrator", factor=True)
    somebody.is_active = False
    assert not any(may(somebody, verb) for verb in VERBS)
    somebody.is_active = True
    somebody.is_locked = True
    assert not any(may(somebody, verb) for verb in VERBS)


def test_a_grant_ends_at_its_instant():
    person("nobody")
    soon = now() + timedelta(seconds=50)
    actions.set_role("olena", role="auditor", until=soon, by=BY, at=now())
    assert may(Actor("person", "olena"), "audit")
    grant = get_user_model().objects.get(username="olena").grants.get()
    grant.granted_at, grant.until_at = now() - timedelta(days=2), now() - timedelta(seconds=1)
    grant.save()
    assert not may(Actor("person", "olena"), "see")
    with pytest.raises(InvalidInput):
        actions.set_role("olena", role="auditor", until=datetime(2020, 1, 1, tzinfo=UTC), by=BY, at=now())


def test_a_role_takes_the_place_of_those_held_unless_it_comes_besides():
    person("clerk")
    over = actions.Over(districts=["Центр", "Захід"], kinds=["dome"])
    actions.set_role("olena", role="operator", over=over, keep=True, by=BY, at=now())
    assert {g.role for g in queries.people()[0].grants} == {"clerk", "operator"}
    assert may(Actor("person", "olena"), "see", owner="POL", district="Центр", kind="dome", purpose="", campaign="")
    assert not may(Actor("person", "olena"), "see", owner="POL", district="Центр", kind="ptz")
    actions.set_role("olena", role="operator", over=over, keep=True, by=BY, at=now())
    assert len(queries.people()[0].grants) == 3  # the same right twice is one right
    actions.set_role("olena", role="nobody", by=BY, at=now(), why="пішла")
    assert not may(Actor("person", "olena"), "see")
    assert len(queries.grants_of("olena")) == 5
    assert [entry.what for entry in entries_about("person:olena")] == ["added", "role_set", "role_set", "role_set"]


def test_a_clerk_without_an_owner_is_refused_by_us_and_by_the_database():
    with pytest.raises(InvalidInput, match="owner"):
        actions.add_person("petro", role="clerk")
    with pytest.raises(InvalidInput):
        actions.add_person("petro", role="king")
    somebody = person("nobody")
    for role, owner in (("clerk", ""), ("partner", ""), ("king", "KP"), ("nobody", "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            somebody.grants.create(role=role, owner_code=owner, granted_at=now(), granted_by="test")
    with pytest.raises(NotFound):
        actions.set_role("nemo", role="auditor", by=BY, at=now())


@dataclass(frozen=True)
class Bearer:
    person: object
    verbs: frozenset
    reach: Reach = field(default_factory=Reach)


def test_a_token_has_what_its_person_and_itself_both_have():
    somebody = person("clerk")
    assert scope_of(Bearer(somebody, frozenset({"see", "configure"})), "see").owners == {"KP"}
    assert not may(Bearer(somebody, frozenset({"configure"})), "configure")
    assert not may(Bearer(somebody, frozenset({"see"})), "hand_in")
    assert not may(Bearer(somebody, frozenset({"see"}), Reach(owners=frozenset({"POL"}))), "see")
    officer = person("officer", "ivan")
    narrow = Bearer(officer, frozenset({"see"}), Reach(owners=frozenset({"POL"}), kinds=frozenset({"dome"})))
    assert scope_of(narrow, "see") == Scope((narrow.reach,))


def test_many_questions_are_one_question_to_the_database(django_assert_num_queries):
    person("officer")
    somebody = get_user_model().objects.get(username="olena")
    with django_assert_num_queries(1):
        for verb in VERBS:
            may(somebody, verb, owner="KP")
        assert somebody.role == "officer"


def test_commands_act_as_somebody_whose_account_works():
    somebody = person("auditor")
    assert queries.actor_named("olena") == Actor("person", "olena")
    with pytest.raises(NotFound):
        queries.actor_named("nemo")
    somebody.is_active = False
    somebody.save()
    with pytest.raises(Forbidden):
        queries.actor_named("olena")
