"""Every command asks for its right before anything else; with OBLIK_PERSON it shows what that person may see."""

import click
import pytest

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, NotFound
from oblik.config.commands import owner as owner_commands
from oblik.config.commands.rights import NEEDED, require, require_everywhere, within
from oblik.config.commands.root import COMMANDS, oblik
from oblik.registry import actions as registry

pytestmark = pytest.mark.django_db


def leaves(command, words=""):
    """words -> each command that does something."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from leaves(command.get_command(context, name), f"{words} {name}".strip())
    else:
        yield words, command


EVERY = dict(leaves(oblik))


@pytest.fixture
def acting(settings, db):
    def act(username):
        settings.OBLIK_PERSON = username

    return act


def test_every_command_states_the_right_that_it_needs():
    assert set(EVERY) == set(NEEDED)
    assert {words.split()[0] for words in EVERY} == set(COMMANDS)
    assert all(EVERY[words].callback.asks == verb for words, verb in NEEDED.items())


@pytest.mark.parametrize("words", list(EVERY))
def test_a_command_refuses_somebody_without_rights_before_it_looks_at_its_words(words, acting):
    accounts.add_person("nemo", role="nobody")
    acting("nemo")
    with pytest.raises(Forbidden, match="nemo"):
        EVERY[words].callback()  # Without its words: had it begun to work, this would be a TypeError.


def test_an_unlisted_command_is_an_administrators(acting):
    from oblik.config.commands.rights import guarded

    forgotten = guarded(click.Command("forgotten", callback=lambda: "done"), words="forgotten")
    assert forgotten.callback() == "done"
    accounts.add_person("olena", role="officer")
    acting("olena")
    with pytest.raises(Forbidden):
        forgotten.callback()


def test_the_console_may_everything_and_an_unknown_person_nothing(acting):
    assert within().all and within("audit").all
    acting("nemo")
    with pytest.raises(NotFound, match="nemo"):
        within()


def test_who_administers_or_audits_a_part_does_it_in_the_desk(acting):
    for role, words in (("administrator", "person role"), ("auditor", "journal list")):
        accounts.add_person(role, role="nobody")
        accounts.set_role(role, role=role, over=accounts.Over(owners=["KP"]), by=Actor("console", "test"), at=now())
        acting(role)
        with pytest.raises(Forbidden):
            EVERY[words].callback()


def test_a_clerks_commands_end_at_the_own_owner(acting, capsys):
    for code in ("KP", "POL"):
        registry.add_owner(code, name=code, kind="state", by=Actor("console", "test"), at=now())
    accounts.add_person("petro", role="clerk", owner_code="POL")
    acting("petro")
    owner_commands.owner.commands["list"].callback(json_wanted=False)
    shown = capsys.readouterr().out
    assert "POL" in shown and "KP" not in shown
    require("hand_in", owner="POL", campaign="C1")
    with pytest.raises(Forbidden):
        require("hand_in", owner="KP", campaign="C1")
    with pytest.raises(Forbidden):
        require_everywhere("see", campaign="C1")
