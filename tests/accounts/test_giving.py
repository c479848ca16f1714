"""Nobody gives what they do not have: verbs, reach and time; and somebody always administers everything."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from oblik.accounts import actions, giving, leaving, roster
from oblik.accounts.actions import Over
from oblik.accounts.queries import EVERYWHERE, ROLES, VERBS, scope_of
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, Forbidden

BY = Actor("console", "test")
AT = now()
KP = Over(owners=["KP"])


def person(*roles, name="local", over=KP, factor=True, until=None):
    actions.add_person(name, role="nobody", password="sorok-dvi-kamery")
    for role in roles:
        actions.set_role(name, role=role, over=over, until=until, keep=True, by=BY, at=AT)
    found = get_user_model().objects.get(username=name)
    found.second_factor_given = factor
    return found


def gives(giver, role, *, over=KP, until=None) -> bool:
    try:
        giving.require_givable(role, over=over, until=until, giver=giver)
    except Forbidden:
        return False
    return True


@pytest.mark.django_db
def test_who_administers_everything_gives_every_role():
    assert all(gives(person("administrator", name=f"root-{role}", over=Over()), role) for role in ROLES)
    assert gives(BY, "investigator", over=Over())
    assert not gives(Actor("model", "m"), "field")


@pytest.mark.django_db
@pytest.mark.parametrize("held", [("administrator",), ("administrator", "operator"), ("administrator", "officer"), ()])
def test_who_administers_a_part_gives_no_verb_that_they_do_not_have_there(held):
    giver = person(*held)
    for role, line in ROLES.items():
        has_all = all(scope_of(giver, verb).covers(owner="KP", district="", kind="", purpose="", campaign="")
                      for verb in {"configure", *line.verbs})  # fmt: skip
        assert gives(giver, role) == has_all, role
    assert set(giving.givable_roles(giver)) == {role for role in ROLES if gives(giver, role)} - {"nobody"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "over", [Over(), Over(owners=["POL"]), Over(owners=["KP", "POL"]), Over(districts=["Центр"])]
)  # fmt: skip
def test_who_administers_a_part_gives_nothing_beyond_it(over):
    giver = person("administrator")
    assert not any(gives(giver, role, over=over) for role in ROLES)
    assert gives(giver, "clerk", over=Over(owners=["KP"], districts=["Центр"]))


@pytest.mark.django_db
def test_what_takes_a_second_factor_is_given_only_in_a_sign_in_with_one():
    assert gives(person("administrator"), "administrator")
    assert not gives(person("administrator", name="phished", factor=False), "administrator")


@pytest.mark.django_db
def test_nobody_gives_for_longer_than_they_have():
    end = AT + timedelta(days=30)
    for name, over in (("local", KP), ("deputy", Over())):
        giver = person("administrator", name=name, over=over, until=end)
        assert gives(giver, "clerk", until=end)
        assert not gives(giver, "clerk", until=end + timedelta(days=1))
        assert not gives(giver, "clerk")
        assert gives(giver, "nobody")


@pytest.mark.django_db
def test_verbs_are_given_where_they_are_held_and_not_where_others_are():
    giver = person("administrator", over=Over(owners=["KP", "POL"]))
    actions.set_role("local", role="operator", over=Over(owners=["POL"]), keep=True, by=BY, at=AT)
    giver = get_user_model().objects.get(username="local")
    giver.second_factor_given = True
    assert gives(giver, "operator", over=Over(owners=["POL"]))
    assert not gives(giver, "operator", over=KP)
    assert not gives(giver, "operator", over=Over(owners=["KP", "POL"]))
    assert "watch_live" in VERBS


@pytest.mark.django_db
def test_the_last_who_administers_everything_stays_and_others_may_go():
    person("administrator", name="root", over=Over())
    person("administrator", name="local")
    with roster.still_administered("local", at=AT):
        leaving.disable_person("local", by=BY, at=AT, why="x")
    with pytest.raises(Conflict, match="root"), roster.still_administered("root", at=AT):
        leaving.lock_person("root", by=BY, at=AT, why="x")
    assert roster.member("root", within=EVERYWHERE, at=AT).state == "active"


@pytest.mark.django_db
def test_where_nobody_administers_everything_parts_are_administered_all_the_same():
    person("administrator", name="local")
    with roster.still_administered("local", at=AT):
        leaving.lock_person("local", by=BY, at=AT, why="x")
    assert roster.member("local", within=EVERYWHERE, at=AT).state == "locked"


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_lock_each_other_at_once_do_not_both_succeed():
    for name in ("anna", "borys"):
        person("administrator", name=name, over=Over())
    start, done = threading.Barrier(2), []

    def lock(whom: str, by: str) -> None:
        start.wait(timeout=10)
        try:
            with roster.still_administered(whom, at=AT):
                leaving.lock_person(whom, by=Actor("person", by), at=AT, why="x")
            done.append(whom)
        except Conflict:
            pass
        finally:
            connection.close()

    both = [threading.Thread(target=lock, args=pair) for pair in (("anna", "borys"), ("borys", "anna"))]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=30)
    assert len(done) == 1
