"""Tables of intake; private to the room."""

from typing import Final

from django.db import models

VERDICTS: Final = ("new", "same", "changed", "doubtful", "broken")
DECISIONS: Final = ("", "matched", "judged", "review", "new", "duplicate", "broken")


class Submission(models.Model):
    """One file that an owner handed in. The campaign is named by its code: campaigns live a floor above."""

    campaign_code = models.CharField(max_length=40)
    owner = models.ForeignKey("registry.Owner", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    sheet_wanted = models.TextField(blank=True, default="")
    mapping = models.JSONField(default=dict)  # header -> target, as given with the file
    request = models.CharField(max_length=64)  # SHA-256 over sheet_wanted and mapping: what makes two readings differ
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=160)
    state = models.CharField(max_length=12, default="received")  # received -> read | failed; read -> withdrawn
    failure = models.JSONField(default=dict)  # {code, template, params} of the error that stopped the reading
    understood = models.JSONField(default=list)  # per sheet: name, hidden, columns guessed, counts of roles
    read_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("intake.Submission", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    # How many rows hold sealed cells; None: read before cells were sealed, `oblik secrets rotate` looks at it.
    secret_rows = models.IntegerField(null=True)
    city_version = models.BigIntegerField(default=0)  # the state of the city's tables that addresses were resolved with
    counts = models.JSONField(null=True)  # {verdict: records, "vanished": n}; None: count them, nobody has yet
    accepted_at = models.DateTimeField(null=True)  # when the owner's side said that the list is theirs as read
    accepted_by = models.CharField(max_length=160, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=160, blank=True, default="")
    withdrawn_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign_code", "owner", "sha256", "request"], name="submission_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["received", "read", "failed", "withdrawn"]), name="submission_state_known"
            ),
        ]


class Upload(models.Model):
    """A file laid on the desk: kept and looked at, not handed in before somebody says so."""

    campaign_code = models.CharField(max_length=40)
    owner = models.ForeignKey("registry.Owner", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    sheet_wanted = models.TextField(blank=True, default="")
    mapping = models.JSONField(default=dict)  # what a person corrected so far: header -> target
    state = models.CharField(max_length=8, default="waiting")  # waiting -> looked | failed; looked -> read
    failure = models.JSONField(default=dict)
    # The first and last rows of each sheet, sealed as lists hold passwords; lost with its key, it is made again.
    sample = models.TextField(blank=True, default="")
    rows = models.BigIntegerField(default=0)
    submission = models.ForeignKey("intake.Submission", on_delete=models.PROTECT, null=True, related_name="uploads")
    laid_at = models.DateTimeField()
    laid_by = models.CharField(max_length=160)

    class Meta:
        indexes = [models.Index(fields=["campaign_code"], name="upload_campaign")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "looked", "failed", "read"]), name="upload_state_known"
            ),
        ]


class Job(models.Model):
    """Work that takes longer than a page may: asked for by a page, done by a worker."""

    kind = models.CharField(max_length=40)
    campaign_code = models.CharField(max_length=40)
    owner_code = models.CharField(max_length=40, blank=True, default="")  # whose list it is about; empty: everybody's
    args = models.JSONField(default=dict)
    key = models.CharField(max_length=64)  # SHA-256 over kind, campaign, owner and args: the same wish
    state = models.CharField(max_length=8, default="waiting")  # waiting -> running -> done | failed
    taken_by = models.CharField(max_length=120, blank=True, default="")
    attempts = models.IntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)  # {code, template, params} of the error that ended it
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="job_open"),
            models.Index(fields=["campaign_code", "kind"], name="job_campaign"),
        ]
        constraints = [
            # The same wish twice is one job.
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state__in=["waiting", "running"]), name="job_once_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed"]), name="job_state_known"
            ),
        ]


class RawRow(models.Model):
    """A row exactly as received; kept for ever."""

    # No index of its own: the unique key below begins with it. The same holds for Record.row.
    submission = models.ForeignKey("intake.Submission", on_delete=models.PROTECT, related_name="rows", db_index=False)
    sheet = models.CharField(max_length=120)
    number = models.IntegerField()  # as a person sees it
    role = models.CharField(max_length=8)  # shapes.RowRole
    cells = models.TextField()  # JSON text [cell, ...]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "sheet", "number"], name="rawrow_once"),
        ]


class Record(models.Model):
    """One expected camera out of a raw row, cleaned, with its verdict and what became of it."""

    row = models.ForeignKey("intake.RawRow", on_delete=models.PROTECT, related_name="records", db_index=False)
    submission = models.ForeignKey("intake.Submission", on_delete=models.PROTECT, related_name="records")
    part = models.IntegerField(default=1)
    parts = models.IntegerField(default=1)
    verdict = models.CharField(max_length=8)
    values = models.TextField()  # JSON text {field: value}
    problems = models.TextField(default="")  # JSON text [[code, field, value, column], ...] or ""
    previous = models.ForeignKey(
        "intake.Record", on_delete=models.PROTECT, null=True, related_name="next", db_index=False
    )
    decision = models.CharField(max_length=9, default="")
    # The camera it stands for, as the standing judgements say.
    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    probability = models.FloatField(null=True)

    class Meta:
        # Of those that have one: a fresh list has none, and each index costs a tenth of the time to store it.
        indexes = [
            models.Index(fields=["previous"], condition=models.Q(previous__isnull=False), name="record_previous"),
            models.Index(fields=["camera"], condition=models.Q(camera__isnull=False), name="record_camera"),
            models.Index(fields=["submission"], condition=models.Q(decision="review"), name="record_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["row", "part"], name="record_once"),
            models.CheckConstraint(condition=models.Q(verdict__in=VERDICTS), name="record_verdict_known"),
            models.CheckConstraint(condition=models.Q(decision__in=DECISIONS), name="record_decision_known"),
            models.CheckConstraint(condition=models.Q(part__gte=1, part__lte=models.F("parts")), name="record_part_of"),
            models.CheckConstraint(
                condition=models.Q(camera__isnull=True)
                | models.Q(decision__in=["matched", "judged", "new", "duplicate", ""]),
                name="record_camera_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(previous__isnull=True) | models.Q(previous__lt=models.F("id")),
                name="record_previous_older",
            ),
        ]


class Vanished(models.Model):
    """A record of an older list that the owner's newer list no longer has: asked about, never deleted."""

    record = models.ForeignKey("intake.Record", on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey("intake.Submission", on_delete=models.PROTECT, related_name="vanished")
    answer = models.TextField(blank=True, default="")  # what the owner said; empty while the question is open

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "submission"], name="vanished_once")]


class MatchRun(models.Model):
    """One run of the model over a campaign."""

    campaign_code = models.CharField(max_length=40)
    model_version = models.CharField(max_length=40)
    ran_at = models.DateTimeField()
    by = models.CharField(max_length=160)
    summary = models.JSONField(default=dict)


class Judgement(models.Model):
    """This record is that camera, is not, or may be; by whom, with what score and why. Withdrawn, never deleted."""

    record = models.ForeignKey("intake.Record", on_delete=models.PROTECT, related_name="judgements")
    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=9)
    by_kind = models.CharField(max_length=6)  # human | model
    by = models.CharField(max_length=160)
    run = models.ForeignKey("intake.MatchRun", on_delete=models.PROTECT, null=True, related_name="judgements")
    probability = models.FloatField(null=True)
    why = models.TextField(default="")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=160, default="")

    class Meta:
        # A million words of the model say "same"; the few that ask, and those of people, are found without them.
        indexes = [
            models.Index(
                fields=["record"], condition=models.Q(verdict="unsure", withdrawn_at__isnull=True),
                name="judgement_asked",
            ),
            models.Index(fields=["made_at"], condition=models.Q(by_kind="human"), name="judgement_human"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["record", "camera", "by_kind"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="judgement_one_standing",
            ),
            # A record stands for one camera: of all who said "same", one stands.
            models.UniqueConstraint(
                fields=["record"],
                condition=models.Q(withdrawn_at__isnull=True, verdict="same"),
                name="judgement_one_same",
            ),
            models.CheckConstraint(condition=models.Q(by_kind__in=["human", "model"]), name="judgement_by_known"),
            models.CheckConstraint(
                condition=models.Q(probability__isnull=True) | models.Q(probability__gte=0, probability__lte=1),
                name="judgement_probability_range",
            ),
            models.CheckConstraint(condition=models.Q(by_kind="model") | ~models.Q(why=""), name="judgement_reason"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["same", "different", "unsure"]), name="judgement_verdict_known"
            ),
        ]


class OwnerMapping(models.Model):
    """What an owner's column headers mean, learnt from a mapping file; newest wins."""

    owner = models.ForeignKey("registry.Owner", on_delete=models.PROTECT, related_name="+")
    header = models.CharField(max_length=300)  # longer ones are cut
    target = models.CharField(max_length=40)
    learnt_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "header"], name="owner_mapping_once")]
