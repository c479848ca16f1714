"""Tables of campaigns; private to the room. What was handed in names its campaign by code, from a floor below."""

from django.db import models

from oblik.inventory.logic.campaigns import CAMPAIGN_STATES, MEMBER_ROLES


class Campaign(models.Model):
    """An ordered count with dates, scope and commission."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    since = models.DateField()  # first day
    until = models.DateField()  # last day
    order_ref = models.CharField(max_length=300, blank=True, default="")  # "розпорядження № 17 від 02.02.2026"
    scope = models.TextField(blank=True, default="")
    state = models.CharField(max_length=8, default="open")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=CAMPAIGN_STATES), name="campaign_state_known"),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="campaign_days_in_order"),
        ]


class CommissionMember(models.Model):
    """Somebody who signs the documents of a campaign."""

    campaign = models.ForeignKey("inventory.Campaign", on_delete=models.PROTECT, related_name="members")
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=300, blank=True, default="")
    role = models.CharField(max_length=10)
    place = models.IntegerField()  # the order of signatures

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "place"], name="member_place_once"),
            models.UniqueConstraint(
                fields=["campaign", "role"],
                condition=models.Q(role__in=["chair", "secretary"]),
                name="member_one_chair_one_secretary",
            ),
            models.CheckConstraint(condition=models.Q(role__in=MEMBER_ROLES), name="member_role_known"),
        ]
