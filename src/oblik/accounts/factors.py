"""What second factors are made of, sealed: the key of an authenticator app and the seed of recovery codes."""

from collections import Counter
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db import transaction

from oblik.base.sealing import DamagedSecret, KeyMissing, Ring, key_of
from oblik.db import keyring

# Of no row: django-allauth asks for sealing before it says whose factor it is.
_BOUND: Final = "accounts.second_factor"
_FIELDS: Final = ("secret", "seed")


def seal(text: str) -> str:
    """The text under the active key."""
    return keyring.ring().seal(text, bound=_BOUND)


def unseal(token: str) -> str:
    """The text; KeyMissing or DamagedSecret where it cannot be read, and then nobody gets in with it."""
    return keyring.ring().open(token, bound=_BOUND)


def factors_by_key() -> dict[str, int]:
    """How many sealed texts need each key; "?" counts damaged ones."""
    counts: Counter[str] = Counter()
    for one in Authenticator.objects.order_by("pk").iterator():
        for name in _sealed_fields(one.data):
            try:
                counts[key_of(one.data[name])] += 1
            except DamagedSecret:
                counts["?"] += 1
    return dict(counts)


def turn_factors(*, ring: Ring, limit: int, after: int) -> tuple[int, int, int]:
    """One batch sealed anew under the active key: how many were turned, how many could not be read, the last row seen
    (0 at the end)."""
    turned, lost, last = 0, 0, 0
    with transaction.atomic():
        for one in Authenticator.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:limit]:
            last, before = one.pk, turned
            for name in _sealed_fields(one.data):
                try:
                    anew = ring.turned(one.data[name], bound=_BOUND)
                except (DamagedSecret, KeyMissing):
                    lost += 1
                    continue
                turned += anew != one.data[name]
                one.data[name] = anew
            if turned > before:
                one.save(update_fields=["data"])
    return turned, lost, last


def _sealed_fields(data: dict[str, Any]) -> list[str]:
    return [name for name in _FIELDS if isinstance(data.get(name), str)]
