"""Who can be sent on a round: nobody is told the names of people whose work lies elsewhere."""

import pytest
from django.test import Client
from django.urls import reverse

from oblik.accounts import actions as accounts
from oblik.accounts.actions import Over
from oblik.base.actors import Actor
from oblik.base.clock import now

PASSWORD = "sorok-dvi-kamery-na-opori"


@pytest.mark.parametrize(("owners", "offered"), [(["KP"], {"kp-field", "everywhere"}), ([], None)])
def test_only_those_who_work_where_the_person_may_send_them(campaign, owners, offered):
    by = Actor("console", "test")
    for name, over in (("kp-field", ["KP"]), ("pol-field", ["POL"]), ("everywhere", [])):
        accounts.add_person(name, role="nobody")
        accounts.set_role(name, role="field", over=Over(owners=over), by=by, at=now())
    accounts.add_person("olena", role="nobody", password=PASSWORD)
    accounts.set_role("olena", role="officer", over=Over(owners=owners), by=by, at=now())
    browser = Client()
    browser.login(username="olena", password=PASSWORD)
    found = {one.username for one in browser.get(reverse("rounds")).context["workers"]} - {"olena"}
    assert found == (offered or {"kp-field", "pol-field", "everywhere"})
