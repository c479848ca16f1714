"""People are added and their passwords set here."""

import secrets

from django.db import transaction

from oblik.accounts.models import Person
from oblik.base.errors import Conflict, msg


def add_person(username: str, *, role: str, password: str = "", owner_code: str = "", name: str = "") -> str:
    """Adds somebody; the password given, or a new random one, comes back so that it can be shown once."""
    with transaction.atomic():
        if Person.objects.filter(username=username).exists():
            raise Conflict(msg("The sign-in name “{username}” is taken; choose another."), username=username)
        secret = password or secrets.token_urlsafe(12)
        Person.objects.create_user(
            username,
            password=secret,
            role=role,
            owner_code=owner_code,
            first_name=name,
            is_superuser=False,
        )
    return secret


def has_people() -> bool:
    return Person.objects.exists()
