"""Entries are chained: those that are there are copied into the new table in the order of their recording."""

import json

from django.db import migrations, models
from django.db.models import Q

from oblik.db import bulk, guards
from oblik.journal.logic.canonical import START, details_text, entry_hash, instant_text, storable

_CHUNK = 5_000
_COLUMNS = ("number", "kind", "subject", "what", "happened_at", "recorded_at", "by", "why", "details", "parts",
            "parts_root", "hash")  # fmt: skip


def chain(apps, schema_editor):
    """Streams the old entries; the chain begins with the oldest."""
    old, new = apps.get_model("journal", "OldEntry"), apps.get_model("journal", "Entry")
    previous, number, after = START, 0, Q()
    while True:
        found = list(old.objects.filter(after).order_by("recorded_at", "id")[:_CHUNK])
        rows = []
        for entry in found:
            number += 1
            texts = ("done", storable(entry.subject), storable(entry.what), instant_text(entry.happened_at),
                     instant_text(entry.recorded_at), storable(entry.by), storable(entry.why),
                     details_text(entry.details), 0, "")  # fmt: skip
            previous = entry_hash((number, *texts), previous=previous)
            rows.append((number, *texts[:3], bulk.instant(entry.happened_at), bulk.instant(entry.recorded_at),
                         *texts[5:], previous))  # fmt: skip
        bulk.insert_rows(new, columns=_COLUMNS, rows=rows)
        if len(found) < _CHUNK:
            return
        last = found[-1]
        after = Q(recorded_at__gt=last.recorded_at) | Q(recorded_at=last.recorded_at, id__gt=last.id)


def guard(apps, schema_editor):
    guards.forbid_changes(schema_editor.connection, table="journal_entry", key=("number",))
    guards.forbid_changes(schema_editor.connection, table="journal_part", key=("entry_id", "place"))


def unguard(apps, schema_editor):
    guards.allow_changes(schema_editor.connection, table="journal_entry")
    guards.allow_changes(schema_editor.connection, table="journal_part")


def unchain(apps, schema_editor):
    old, new = apps.get_model("journal", "OldEntry"), apps.get_model("journal", "Entry")
    for entry in new.objects.order_by("number").iterator(chunk_size=_CHUNK):
        old.objects.create(
            subject=entry.subject, what=entry.what, happened_at=entry.happened_at, recorded_at=entry.recorded_at,
            by=entry.by, why=entry.why, details=json.loads(entry.details),
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="entry_subject"),
        migrations.RenameModel(old_name="Entry", new_name="OldEntry"),
        migrations.AlterField(
            model_name="oldentry",
            name="recorded_at",
            field=models.DateTimeField(),
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(default="done", max_length=6)),
                ("subject", models.CharField(max_length=120)),
                ("what", models.CharField(max_length=60)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", models.CharField(max_length=160)),
                ("why", models.TextField(blank=True, default="")),
                ("details", models.TextField(default="{}")),
                ("parts", models.IntegerField(default=0)),
                ("parts_root", models.CharField(blank=True, default="", max_length=64)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "number"], name="journal_subject"),
                    models.Index(fields=["by", "number"], name="journal_by"),
                    models.Index(fields=["what", "number"], name="journal_what"),
                    models.Index(fields=["recorded_at"], name="journal_recorded"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.IntegerField()),
                ("subject", models.CharField(max_length=120)),
                ("details", models.TextField(default="{}")),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False, on_delete=models.deletion.PROTECT, related_name="+", to="journal.entry"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("entry", "place"), name="journal_part_place")],
                "indexes": [models.Index(fields=["subject", "entry"], name="journal_part_subject")],
            },
        ),
        migrations.RunPython(chain, unchain),
        migrations.DeleteModel(name="OldEntry"),
        migrations.RunPython(guard, unguard),
    ]
