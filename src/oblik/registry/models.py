"""Tables of the register; private to the room."""

from django.db import models

from oblik.registry.logic.fields import KINDS, OWNER_KINDS, STATES
from oblik.registry.logic.papers import ATTACHMENT_KINDS
from oblik.registry.logic.secrets import SECRET_FIELDS
from oblik.registry.logic.trust import SOURCE_KINDS


class Owner(models.Model):
    """An organisation on whose books cameras stand."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=OWNER_KINDS), name="owner_kind_known"),
        ]


class CodeCounter(models.Model):
    """The last number given to a camera under a prefix; numbers are never given twice."""

    prefix = models.CharField(max_length=10, unique=True)
    last_number = models.BigIntegerField(default=0)


class Camera(models.Model):
    """One imaging device. Columns repeat the winning values that are searched, sorted or drawn; `values` holds all."""

    code = models.CharField(max_length=24, unique=True)
    owner = models.ForeignKey("registry.Owner", on_delete=models.PROTECT, related_name="cameras")
    state = models.CharField(max_length=20, default="in_service")
    merged_into = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, null=True, related_name="absorbed")
    values = models.TextField(default="{}")  # JSON text {field: value}; text, so that bulk writes need no conversion
    origins = models.TextField(default="{}")  # JSON text {field: claim id}
    version = models.IntegerField(default=1)
    sources = models.IntegerField(default=1)  # how many claims stand
    updated_at = models.DateTimeField()

    lon_deg = models.FloatField(null=True)
    lat_deg = models.FloatField(null=True)
    place_origin = models.CharField(max_length=12, default="")
    bearing_deg = models.FloatField(null=True)
    kind = models.CharField(max_length=12, default="")
    district = models.TextField(null=True)  # this and the purpose: what rights may end at; absent where not told
    purpose = models.TextField(null=True)
    hfov_deg = models.FloatField(null=True)
    search_text = models.TextField(default="")  # folded: code, names, ids, addresses; the street's key

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="camera_state_known"),
            # Form and check digit are left to `oblik check-data`: SQLite alone knows no regular expressions.
            models.CheckConstraint(condition=~models.Q(code=""), name="camera_code_given"),
            models.CheckConstraint(condition=models.Q(kind__in=["", *KINDS]), name="camera_kind_known"),
            models.CheckConstraint(
                condition=models.Q(lon_deg__isnull=True, lat_deg__isnull=True)
                | models.Q(lon_deg__isnull=False, lat_deg__isnull=False),
                name="camera_place_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(sources=0), name="camera_merged_is_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="camera_merged_into_another",
            ),
            models.CheckConstraint(condition=models.Q(sources__gte=0, version__gte=0), name="camera_counts"),
            models.CheckConstraint(
                condition=models.Q(lat_deg__isnull=True) | models.Q(lat_deg__gte=-90, lat_deg__lte=90),
                name="camera_lat_range",
            ),
            models.CheckConstraint(
                condition=models.Q(lon_deg__isnull=True) | models.Q(lon_deg__gte=-180, lon_deg__lte=180),
                name="camera_lon_range",
            ),
            models.CheckConstraint(
                condition=models.Q(bearing_deg__isnull=True) | models.Q(bearing_deg__gte=0, bearing_deg__lt=360),
                name="camera_bearing_range",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "code"], name="camera_owner"),
            models.Index(fields=["updated_at"], name="camera_updated"),
            models.Index(fields=["sources", "id"], name="camera_sources"),
            # Of those that have one: most rights end at an owner, and each index slows the intake of lists.
            models.Index(
                fields=["district", "code"], condition=models.Q(district__isnull=False), name="camera_district"
            ),
            models.Index(fields=["purpose", "code"], condition=models.Q(purpose__isnull=False), name="camera_purpose"),
        ]


class Claim(models.Model):
    """What one source says of a camera. Withdrawn, never deleted."""

    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, related_name="claims")
    source_kind = models.CharField(max_length=16)  # see logic.trust.SOURCE_KINDS
    source_ref = models.CharField(max_length=80)  # "record:123", "person:olena"; what it points at lives floors above
    owner = models.ForeignKey("registry.Owner", on_delete=models.PROTECT, null=True, related_name="claims")
    campaign_code = models.CharField(max_length=40, blank=True, default="")  # whose list said so; "" for others
    said_at = models.DateTimeField()
    values = models.TextField()  # JSON text {field: value}
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_ref"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="claim_one_standing_per_source",
            ),
            models.CheckConstraint(condition=models.Q(source_kind__in=list(SOURCE_KINDS)), name="claim_source_known"),
            models.CheckConstraint(condition=~models.Q(source_ref=""), name="claim_source_named"),
        ]


class CameraVersion(models.Model):
    """What the register held of a camera from one change to the next, in both times."""

    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    owner = models.ForeignKey("registry.Owner", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20)
    values = models.TextField()
    origins = models.TextField()
    by = models.CharField(max_length=160)
    why = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["camera", "number"], name="version_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="version_from_one"),
        ]


class Secret(models.Model):
    """What one source told of a camera's device that only few may see: sealed, withdrawn, never deleted."""

    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, related_name="secrets")
    field = models.CharField(max_length=20)  # see logic.secrets.SECRET_FIELDS
    sealed = models.TextField()  # a token that opens in this row alone
    source_ref = models.CharField(max_length=80)  # as of the claim that it came with
    owner = models.ForeignKey("registry.Owner", on_delete=models.PROTECT, null=True, related_name="+")  # who told it
    said_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "field", "source_ref"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="secret_one_standing_per_source",
            ),
            models.CheckConstraint(condition=models.Q(field__in=SECRET_FIELDS), name="secret_field_known"),
        ]
        indexes = [models.Index(fields=["source_ref"], name="secret_source")]


class SecretLook(models.Model):
    """That somebody looked at a secret: counted by the hour. What was seen and why stands in the journal."""

    by = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["by", "at"], name="secret_look_by")]


class Attachment(models.Model):
    """A photo or a document kept with a camera: the file itself lies sealed by its hash. Taken off, never deleted."""

    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=10)  # see logic.papers.ATTACHMENT_KINDS
    sha256 = models.CharField(max_length=64)  # of the file as it came
    file_name = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField()
    what = models.TextField(default="")  # what it shows or says, in a person's words
    shown_sha256 = models.CharField(max_length=64, default="")  # a photo without what its device wrote into it
    thumbnail_sha256 = models.CharField(max_length=64, default="")
    taken_at = models.DateTimeField(null=True)  # by the clock of the device that took it
    lon_deg = models.FloatField(null=True)  # where the device says that it stood
    lat_deg = models.FloatField(null=True)
    bearing_deg = models.FloatField(null=True)
    added_by = models.CharField(max_length=160)
    added_at = models.DateTimeField()
    removed_by = models.CharField(max_length=160, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "sha256"],
                condition=models.Q(removed_at__isnull=True),
                name="attachment_once_per_camera",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=ATTACHMENT_KINDS), name="attachment_kind_known"),
            models.CheckConstraint(
                condition=models.Q(lon_deg__isnull=True, lat_deg__isnull=True)
                | models.Q(lon_deg__gte=-180, lon_deg__lte=180, lat_deg__gte=-90, lat_deg__lte=90),
                name="attachment_place_whole",
            ),
        ]
