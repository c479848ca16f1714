"""Every command asks for its right before anything else; with OBLIK_PERSON it shows what that person may see."""

from datetime import UTC, datetime

import click
import pytest
from django.db import transaction

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Forbidden, NotFound
from oblik.config.commands import camera as camera_commands
from oblik.config.commands import campaign as campaign_commands
from oblik.config.commands import intake as intake_commands
from oblik.config.commands import owner as owner_commands
from oblik.config.commands.rights import NEEDED, require, require_everywhere, within
from oblik.config.commands.root import COMMANDS, oblik
from oblik.inventory import actions as inventory
from oblik.inventory import queries as campaigns
from oblik.registry import actions as registry
from oblik.registry import queries as cameras

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


BY = Actor("console", "test")


@pytest.fixture
def limited(acting):
    """limited("officer", owners=["KP"]) gives the commands after it no more rights than these."""

    def made(role, **over):
        accounts.add_person("limited", role="nobody")
        accounts.set_role("limited", role=role, over=accounts.Over(**over), by=BY, at=now())
        acting("limited")

    return made


def test_who_edits_one_owners_cameras_decides_nothing_about_the_count_of_all(limited):
    for code in ("C1", "C2"):
        inventory.open_campaign(code, name=code, since=now().date(), until=now().date(), by=BY, at=now())
    limited("officer", owners=["KP"])
    day = datetime(2026, 3, 1, tzinfo=UTC)
    commands = campaign_commands.campaign.commands
    with pytest.raises(Forbidden):
        commands["freeze"].callback(code="C1", why="x")
    with pytest.raises(Forbidden):
        commands["member"].callback(code="C1", name="x", role="chair", post="")
    with pytest.raises(Forbidden):
        commands["open"].callback(code="C3", name="x", since=day, until=day, order_ref="", scope="")
    assert [one.code for one in campaigns.campaigns() if one.state == "open"] == ["C2", "C1"]
    assert not any(one.members for one in campaigns.campaigns())


def test_who_works_in_one_district_hands_in_nobodys_list(limited, tmp_path):
    registry.add_owner("POL", name="POL", kind="state", by=BY, at=now())
    inventory.open_campaign("C1", name="C1", since=now().date(), until=now().date(), by=BY, at=now())
    limited("field", districts=["Центральний"])
    asked = {"owner": "POL", "campaign": "C1", "sheet": "", "mapping_file": None, "json_wanted": False}
    with pytest.raises(Forbidden):
        intake_commands.intake.commands["add"].callback(files=(tmp_path / "a.csv",), **asked)


def test_a_camera_is_not_pushed_out_of_what_the_person_may_edit(limited):
    owner = registry.add_owner("KP", name="KP", kind="state", by=BY, at=now())
    with transaction.atomic():
        camera, (code,) = registry.create_cameras([owner], at=now())
        said = '{"address":"вул. Садова, 1","district":"Центральний"}'
        registry.add_claims([registry.NewClaim(camera, "owner_list", "test:1", owner, now(), said)], at=now())
        registry.fold_cameras([camera], happened_at=now(), at=now(), by=BY)
    limited("officer", districts=["Центральний"])
    with pytest.raises(Forbidden):
        camera_commands.camera.commands["set"].callback(code=code, assignments=("district=Лівий",), why="x")
    camera_commands.camera.commands["set"].callback(code=code, assignments=("height_m=4",), why="Виміряно")
    assert cameras.camera_card(code).line.values["district"] == "Центральний"
