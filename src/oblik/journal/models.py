"""Tables of the journal; private to the room. Rows are added, never changed or removed: triggers refuse it."""

from django.db import models


class Entry(models.Model):
    """One thing done or looked at: what, when in the world and on record, by whom, why.

    number: without gaps, in the order of recording; `record` gives it, not the database. details: canonical JSON as
    text, because what is hashed must come back to the letter. parts: how many parts a batch has, parts_root the
    Merkle root over them in hex. hash: over all of this and the hash of the entry before.
    """

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=6, default="done")
    subject = models.CharField(max_length=120)
    what = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=160)
    why = models.TextField(blank=True, default="")
    details = models.TextField(default="{}")
    parts = models.IntegerField(default=0)
    parts_root = models.CharField(max_length=64, blank=True, default="")
    hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "number"], name="journal_subject"),
            models.Index(fields=["by", "number"], name="journal_by"),
            models.Index(fields=["what", "number"], name="journal_what"),
            models.Index(fields=["recorded_at"], name="journal_recorded"),
        ]


class Part(models.Model):
    """One subject of an entry that covers many."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.IntegerField()
    subject = models.CharField(max_length=120)
    details = models.TextField(default="{}")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "place"], name="journal_part_place")]
        indexes = [models.Index(fields=["subject", "entry"], name="journal_part_subject")]
