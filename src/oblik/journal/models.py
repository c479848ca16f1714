"""Tables of the journal; private to the room. Rows are added, never changed or removed."""

from django.db import models


class Entry(models.Model):
    """One thing done: to what, what it was, in the world and on record, by whom, why."""

    subject = models.CharField(max_length=120)
    what = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=160)
    why = models.TextField(blank=True, default="")
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="entry_subject")]
