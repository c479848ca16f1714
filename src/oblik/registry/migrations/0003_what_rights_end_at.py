"""District and purpose of a camera and the campaign of a claim in columns: rights may end at them."""

import json

from django.db import migrations, models

_BATCH = 5_000


def fill(apps, schema_editor):
    cameras = apps.get_model("registry", "Camera").objects
    told = []
    for camera in cameras.filter(values__contains='"').only("id", "values").iterator(chunk_size=_BATCH):
        values = json.loads(camera.values)
        camera.district, camera.purpose = values.get("district") or None, values.get("purpose") or None
        if camera.district or camera.purpose:
            told.append(camera)
        if len(told) >= _BATCH:
            cameras.bulk_update(told, ["district", "purpose"], batch_size=300)
            told.clear()
    cameras.bulk_update(told, ["district", "purpose"], batch_size=300)


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_what_must_hold")]

    operations = [
        migrations.AddField("camera", "district", models.TextField(null=True)),
        migrations.AddField("camera", "purpose", models.TextField(null=True)),
        migrations.AddField("claim", "campaign_code", models.CharField(max_length=40, blank=True, default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "camera",
            models.Index(
                fields=["district", "code"], condition=models.Q(district__isnull=False), name="camera_district"
            ),
        ),
        migrations.AddIndex(
            "camera",
            models.Index(fields=["purpose", "code"], condition=models.Q(purpose__isnull=False), name="camera_purpose"),
        ),
    ]
