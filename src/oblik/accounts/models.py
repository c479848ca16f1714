"""Tables of people; private to the room."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    """Somebody who signs in. owner_code binds a clerk to one owner; it is a code because owners live a floor above."""

    role = models.CharField(max_length=20, default="nobody")
    owner_code = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=5, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["administrator", "officer", "clerk", "auditor", "nobody"]),
                name="person_role_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="clerk") | ~models.Q(owner_code=""), name="person_clerk_has_owner"
            ),
        ]
