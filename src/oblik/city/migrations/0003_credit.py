"""Whom a map must name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("city", "0002_features"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="credit",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]
