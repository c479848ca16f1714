"""Tables of campaigns; private to the room. What was handed in names its campaign by code, from a floor below."""

from django.db import models

from oblik.inventory.logic.campaigns import CAMPAIGN_STATES, MEMBER_ROLES
from oblik.inventory.logic.cases import CASE_STATES, OUTCOMES
from oblik.inventory.logic.deadlines import OUTCOMES_SENT
from oblik.inventory.logic.field import ANSWERS


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


class ExpectedOwner(models.Model):
    """An owner who is asked for a list in a campaign, until when, and who of theirs answers.

    The address stands here and not with the owner: it is a person's, given for one count, and goes with it.
    """

    campaign = models.ForeignKey("inventory.Campaign", on_delete=models.PROTECT, related_name="expected")
    owner_code = models.CharField(max_length=40)
    due_on = models.DateField()  # the last day in time
    contact_name = models.CharField(max_length=200, blank=True, default="")
    contact_email = models.CharField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=5, default="uk")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "owner_code"], name="expected_owner_once")]


class Reminder(models.Model):
    """A letter to an owner whose list is awaited. Where the program died before it knew, the outcome stays sending."""

    campaign = models.ForeignKey("inventory.Campaign", on_delete=models.PROTECT, related_name="reminders")
    owner_code = models.CharField(max_length=40)
    email = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=160)
    outcome = models.CharField(max_length=8, default="sending")

    class Meta:
        indexes = [models.Index(fields=["campaign", "owner_code", "sent_at"], name="reminder_newest")]
        constraints = [models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES_SENT), name="reminder_outcome")]


class Case(models.Model):
    """What people make of a discrepancy. It is found again by camera, kind and field, however often it is counted."""

    campaign = models.ForeignKey("inventory.Campaign", on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=10)
    camera_code = models.CharField(max_length=24)
    field = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=8, default="open")
    assignee = models.CharField(max_length=150, blank=True, default="")
    outcome = models.CharField(max_length=12, blank=True, default="")
    document = models.CharField(max_length=300, blank=True, default="")  # number and date of what it rests on
    facts = models.CharField(max_length=64, blank=True, default="")  # fingerprint of what was settled
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind", "camera_code", "field"], name="case_once"),
            models.CheckConstraint(condition=models.Q(state__in=CASE_STATES), name="case_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="resolved") | models.Q(outcome__in=OUTCOMES),
                name="case_resolved_with_outcome",
            ),
        ]


class CaseStep(models.Model):
    """One thing done to a case; only ever added to. A file attached is kept sealed under its SHA-256."""

    case = models.ForeignKey("inventory.Case", on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    text = models.TextField(blank=True, default="")
    assignee = models.CharField(max_length=150, blank=True, default="")
    outcome = models.CharField(max_length=12, blank=True, default="")
    document = models.CharField(max_length=300, blank=True, default="")
    file_name = models.CharField(max_length=255, blank=True, default="")
    file_sha256 = models.CharField(max_length=64, blank=True, default="")
    file_bytes = models.BigIntegerField(default=0)


class PreparedDocument(models.Model):
    """A document as it lies in its campaign's folder; of a frozen campaign none is ever replaced."""

    campaign = models.ForeignKey("inventory.Campaign", on_delete=models.PROTECT, related_name="documents")
    language = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    data_sha256 = models.CharField(max_length=64, blank=True, default="")  # of what it was printed from
    data_version = models.CharField(max_length=80, blank=True, default="")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "language", "name"], name="prepared_document_once")]


class Signed(models.Model):
    """That somebody of the commission has signed on paper, and on which day."""

    member = models.OneToOneField("inventory.CommissionMember", on_delete=models.PROTECT, related_name="signed")
    signed_on = models.DateField()
    marked_at = models.DateTimeField()
    marked_by = models.CharField(max_length=160)


class Round(models.Model):
    """The cameras that somebody is to look at on site on one day. Called off, never deleted."""

    campaign = models.ForeignKey("inventory.Campaign", on_delete=models.PROTECT, related_name="rounds")
    day = models.DateField()
    worker = models.CharField(max_length=150)  # sign-in name
    name = models.CharField(max_length=200, blank=True, default="")
    start_lon_deg = models.FloatField(null=True)
    start_lat_deg = models.FloatField(null=True)
    way_m = models.FloatField(default=0.0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["worker", "day"], name="round_worker_day")]


class Stop(models.Model):
    """A camera of a round; place is its number on the way, from 1."""

    round = models.ForeignKey("inventory.Round", on_delete=models.PROTECT, related_name="stops")
    place = models.IntegerField()
    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "place"], name="stop_place_once"),
            models.UniqueConstraint(fields=["round", "camera"], name="stop_camera_once"),
        ]


class FieldCheck(models.Model):
    """What somebody said on site, exactly once. What it changed stands in the register as a claim of this check."""

    uuid = models.UUIDField(unique=True)  # made on the phone
    digest = models.CharField(max_length=64)  # of all that was sent
    campaign = models.ForeignKey("inventory.Campaign", on_delete=models.PROTECT, related_name="field_checks")
    round = models.ForeignKey("inventory.Round", on_delete=models.PROTECT, related_name="checks")
    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=12)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.CharField(max_length=160)
    said = models.TextField()  # JSON text of what was sent
    told = models.TextField(default="{}")  # JSON text of what was answered
    note = models.TextField(blank=True, default="")
    settled_how = models.CharField(max_length=10, blank=True, default="")  # of a new camera
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(answer__in=ANSWERS), name="field_check_answer_known"),
            models.CheckConstraint(
                condition=models.Q(answer="new") | models.Q(camera__isnull=False), name="field_check_of_a_camera"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_how="") | models.Q(settled_at__isnull=False), name="field_check_settled"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "camera"], name="field_check_camera"),
            models.Index(fields=["campaign", "received_at"], name="field_check_received"),
            models.Index(
                fields=["campaign", "said_at"],
                condition=models.Q(answer="new", settled_how=""),
                name="field_check_open",
            ),
        ]


class FieldPhoto(models.Model):
    """A photo of a check: the file as received lies sealed by its hash, what is shown of it beside it."""

    check_made = models.ForeignKey("inventory.FieldCheck", on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    shown_sha256 = models.CharField(max_length=64)
    lon_deg = models.FloatField(null=True)
    lat_deg = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_made", "sha256"], name="field_photo_once")]
