"""The angle of view in a column, the street's key in the searched text, and an order by sources without sorting."""

from django.db import migrations, models

from oblik.db import bulk
from oblik.registry.logic.records import CAMERA_COLUMNS, columns_of, loaded

_BATCH = 20_000
_FILLED = ("search_text", "hfov_deg")


def fill(apps, schema_editor):
    camera = apps.get_model("registry", "Camera")
    places = [CAMERA_COLUMNS.index(name) for name in _FILLED]
    last = 0
    while rows := list(camera.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "code", "values")[:_BATCH]):
        made = ((columns_of(code, values=loaded(values)), pk) for pk, code, values in rows)
        bulk.update_rows(camera, columns=_FILLED, rows=[(*(columns[n] for n in places), pk) for columns, pk in made])
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_attachments")]

    operations = [
        migrations.AddField("camera", "hfov_deg", models.FloatField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("camera", models.Index(fields=["sources", "id"], name="camera_sources")),
    ]
