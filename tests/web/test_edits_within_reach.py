"""No edit takes a camera out of the reach of whoever makes it: typed, let go or taken back."""

import pytest
from django.test import Client
from tests.web.conftest import BY, PASSWORD

from oblik.accounts import actions as accounts
from oblik.base.clock import now
from oblik.base.errors import Forbidden
from oblik.config.commands import camera as commands
from oblik.registry import editing, edits
from oblik.registry.queries import camera_card

HERE = "Центральний"


@pytest.fixture
def limited(register):
    """An officer of one district, into which a person has put the first camera: its list names no district."""
    editing.edit_camera(register[0], values={"district": HERE}, by=BY, at=now(), why="Карта міста")
    accounts.add_person("ihor", role="nobody", password=PASSWORD)
    accounts.set_role("ihor", role="officer", over=accounts.Over(districts=[HERE]), by=BY, at=now())
    browser = Client()
    assert browser.login(username="ihor", password=PASSWORD)
    return browser


def sent(browser, code, **changed):
    """The form of a camera as it came, with something changed; None leaves an input out."""
    page = browser.get(f"/cameras/{code}/edit/")
    inputs = [one for group in page.context["groups"] for one in group.inputs]
    data = {one.field.name: one.value for one in inputs}
    data |= {f"pin_{one.field.name}": "on" for one in inputs if one.pinned}
    data |= {"version": str(page.context["card"].version), "why": "Перевірка"} | changed
    return browser.post(f"/cameras/{code}/edit/", {name: one for name, one in data.items() if one is not None})


@pytest.mark.parametrize("changed", [{"district": "Заводський"}, {"pin_district": None}, {"district": ""}])
def test_on_the_page_no_change_takes_the_camera_away(limited, register, changed):
    before = camera_card(register[0])
    assert sent(limited, register[0], **changed).status_code == 422
    assert camera_card(register[0]) == before
    assert edits.pinned_on(register[0])["district"] == HERE
    assert sent(limited, register[0], height_m="7").status_code == 302


def test_on_the_page_the_last_edit_stays_where_undoing_it_takes_the_camera_away(limited, register):
    number = edits.last_edit(register[0]).number
    assert limited.post(f"/cameras/{register[0]}/edit/undo/", {"edit": number}).status_code == 403
    assert edits.pinned_on(register[0])["district"] == HERE


def test_what_a_source_says_as_well_may_be_let_go(limited, register):
    """What counts is where the camera is afterwards, not that the field is one on which rights rest."""
    editing.edit_camera(register[0], values={"kind": "dome"}, by=BY, at=now(), why="Як у списку")
    accounts.set_role("ihor", role="officer", over=accounts.Over(kinds=["dome"]), by=BY, at=now())
    assert camera_card(register[0]).line.values["kind"] == "dome"
    assert sent(limited, register[0], pin_kind=None).status_code == 302
    assert "kind" not in edits.pinned_on(register[0])


@pytest.mark.parametrize("words", ["set", "unset", "undo"])
def test_at_the_console_no_edit_takes_the_camera_away(limited, register, settings, words):
    settings.OBLIK_PERSON = "ihor"
    with pytest.raises(Forbidden):
        if words == "set":
            commands.set_.callback(register[0], ("district=Заводський",), why="x")
        elif words == "unset":
            commands.unset.callback(register[0], ("district",), why="x")
        else:
            commands.undo.callback(register[0], why="x")
    assert edits.pinned_on(register[0])["district"] == HERE
