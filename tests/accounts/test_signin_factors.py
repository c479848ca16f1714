"""The keys of authenticator apps turn with all other secrets, and no key that they need is removed."""

import pytest
from allauth.mfa.models import Authenticator

from oblik.accounts import actions, factors
from oblik.accounts.models import Person
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict
from oblik.db import keyring
from oblik.intake.actions import rotation

BY = Actor("console", "test")


@pytest.mark.django_db
def test_a_second_factor_outlives_the_turning_of_keys(data_dir):
    keyring.prepare()
    first = keyring.ring().active
    actions.add_person("ihor", role="operator")
    person = Person.objects.get()
    Authenticator.objects.create(user=person, type="totp", data={"secret": factors.seal("JBSWY3DPEHPK3PXP")})
    Authenticator.objects.create(
        user=person, type="recovery_codes", data={"seed": factors.seal("ab" * 40), "used_mask": 1}
    )
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "key", "credential": {"id": "x"}})
    with pytest.raises(Conflict):
        rotation.forget(keyring.add_key() and first, by=BY, at=now())
    done = rotation.rotate(by=BY, at=now(), go_on=True)
    assert (done.turned, done.lost) == (2, 0)
    rotation.forget(first, by=BY, at=now())
    kept = {one.type: one.data for one in Authenticator.objects.all()}
    assert factors.unseal(kept["totp"]["secret"]) == "JBSWY3DPEHPK3PXP"
    assert factors.unseal(kept["recovery_codes"]["seed"]) == "ab" * 40
    assert kept["recovery_codes"]["used_mask"] == 1
    assert kept["webauthn"] == {"name": "key", "credential": {"id": "x"}}
    assert rotation.rotate(by=BY, at=now(), go_on=True).turned == 0
