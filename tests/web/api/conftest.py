"""Programs in the name of people of each role, over the small register of the pages' tests."""

import pytest
from tests.kit.programs import PASSWORD, Program, issued

from oblik.accounts import actions as accounts
from oblik.accounts.queries import ROLES, SECOND_FACTOR


@pytest.fixture
def program(client, register):
    """program("petro", role="clerk", owner="POL") asks with a token of that new person, with all that they may."""

    def made(username: str, *, role: str, owner: str = "", verbs=None, **more) -> Program:
        accounts.add_person(username, role=role, password=PASSWORD, owner_code=owner)
        wanted = verbs or sorted(ROLES[role].verbs - SECOND_FACTOR)
        return Program(client, issued(username, verbs=wanted, **more).token)

    return made


@pytest.fixture
def officer_program(program) -> Program:
    return program("olena-p", role="officer")


@pytest.fixture
def clerk_program(program) -> Program:
    """Of the police, whose is the third camera."""
    return program("petro-p", role="clerk", owner="POL")
