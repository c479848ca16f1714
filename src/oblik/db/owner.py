"""The role that owns the tables, apart from the one that the program works under (PostgreSQL)."""

from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
from django.db import connection

from oblik.db.guards import grant_application

_SAYS: tuple[str, ...] = ("USER", "PASSWORD", "HOST", "PORT", "NAME")


@contextmanager
def as_owner(url: str, *, only_added: tuple[str, ...]) -> Iterator[None]:
    """Inside, the owner's role is at work; afterwards the program's role gets its rights and is at work again.

    only_added: tables in which the program's role may read and add, and do nothing else. Without a url nothing changes.
    """
    if not url:
        yield
        return
    program = {name: connection.settings_dict[name] for name in _SAYS}
    owner = dj_database_url.parse(url)
    connection.close()
    connection.settings_dict.update({name: owner.get(name, "") for name in _SAYS})
    try:
        yield
        grant_application(connection, role=str(program["USER"]), only_added=only_added)
    finally:
        connection.close()
        connection.settings_dict.update(program)
