"""Tables of people; private to the room."""

from typing import Final

from django.contrib.auth.models import AbstractUser
from django.db import models

from oblik.accounts.logic.rights import BOUND, ROLES

GRANTED: Final = tuple(role for role in ROLES if role != "nobody")  # who holds no grant is nobody


class Person(AbstractUser):
    """Somebody who signs in. What they may do stands in their grants."""

    language = models.CharField(max_length=5, blank=True, default="")

    @property
    def role(self) -> str:
        """The role granted first, as pages name it; "nobody" without a grant."""
        return next((grant.role for grant in self.standing_grants), "nobody")

    @property
    def standing_grants(self) -> "list[Grant]":
        """Grants that nobody withdrew, asked for once per instance: a request makes one. Some may have run out."""
        if "_grants" not in self.__dict__:
            self.__dict__["_grants"] = list(self.grants.filter(withdrawn_at__isnull=True).order_by("id"))
        found: list[Grant] = self.__dict__["_grants"]
        return found


class Grant(models.Model):
    """A role over a reach, from one day until another. An empty text is "any"; several grants add up.

    Owners, districts and campaigns are named by code or name: they live floors above. Withdrawn, never deleted.
    """

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    owner_code = models.CharField(max_length=40, blank=True, default="")
    district = models.CharField(max_length=120, blank=True, default="")
    kind = models.CharField(max_length=12, blank=True, default="")
    purpose = models.CharField(max_length=200, blank=True, default="")
    campaign_code = models.CharField(max_length=40, blank=True, default="")
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=160)
    until_at = models.DateTimeField(null=True)  # from this instant on it gives nothing
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=GRANTED), name="grant_role_known"),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(BOUND)) | ~models.Q(owner_code=""), name="grant_bound_has_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True) | models.Q(until_at__gt=models.F("granted_at")),
                name="grant_until_later",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "owner_code", "district", "kind", "purpose", "campaign_code"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="grant_once",
            ),
        ]
