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


class Token(models.Model):
    """A key for programs: what a person may do, narrowed to some verbs and a reach, until a day. Never deleted.

    Of the token itself only its SHA-256 is kept: whoever reads the table, or its backup, can ask nothing with it.
    """

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)  # the last signs, by which its owner knows it again
    verbs = models.JSONField()
    reach = models.JSONField(default=dict)  # direction -> values, as in logic.rights.Reach; absent is any
    note = models.CharField(max_length=200)
    second_factor = models.BooleanField(default=False)  # one was given in the session that issued it
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=160)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to about ten minutes
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=160, blank=True, default="")
    revoked_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("issued_at")), name="token_expires"),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | ~models.Q(revoked_by=""), name="token_revoked_by"
            ),
        ]


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered, for a day; status 0 while it is under way."""

    token = models.ForeignKey("accounts.Token", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)  # of what was sent
    rights = models.CharField(max_length=64, default="")  # of what the sender might do then
    status = models.IntegerField(default=0)
    content = models.TextField(default="")
    headers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once")]


class Invitation(models.Model):
    """A link with which somebody chooses the first password. Of its two secrets only the SHA-256 is kept.

    The one that went by mail proves the address as well; the one shown to the inviter does not.
    """

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="invitations")
    shown_digest = models.CharField(max_length=64, unique=True)
    mailed_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # used, replaced by a newer one, or the person left

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="invitation_expires")
        ]


class Knocking(models.Model):
    """Failed sign-ins in a row under one name, existing or not, told apart by a keyed hash: into the field for the
    name people also type passwords."""

    mark = models.CharField(max_length=64, unique=True)
    failures = models.IntegerField()
    last_at = models.DateTimeField()
    locked_until_at = models.DateTimeField(null=True)
