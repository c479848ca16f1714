"""Footprints, the cells by which they are found, and the mark of what was followed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField(default=0)),
                ("city", models.BigIntegerField(default=0)),
                ("checked", models.BigIntegerField(default=0)),
                ("checking", models.BigIntegerField(default=0)),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Footprint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=24)),
                ("version", models.IntegerField()),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("state", models.CharField(max_length=20)),
                ("lon_deg", models.FloatField(null=True)),
                ("lat_deg", models.FloatField(null=True)),
                ("home", models.BigIntegerField(default=0)),
                ("shape", models.BinaryField(default=b"")),
                ("facts", models.BigIntegerField()),
                ("walls", models.BigIntegerField()),
                ("assumed", models.CharField(default="", max_length=120)),
                ("computed_at", models.DateTimeField()),
                (
                    "camera",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.camera",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cell", models.BigIntegerField()),
                (
                    "footprint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cells",
                        to="coverage.footprint",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="footprint",
            index=models.Index(fields=["camera", "since_at"], name="footprint_camera"),
        ),
        migrations.AddIndex(
            model_name="footprint",
            index=models.Index(fields=["home"], name="footprint_home"),
        ),
        migrations.AddConstraint(
            model_name="footprint",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at", None), ("until_at__gt", models.F("since_at")), _connector="OR"),
                name="footprint_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="footprint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_at", None)), fields=("camera",), name="footprint_one_today"
            ),
        ),
        migrations.AddIndex(
            model_name="cell",
            index=models.Index(fields=["cell", "footprint"], name="cell_footprint"),
        ),
        migrations.AddIndex(
            model_name="cell",
            index=models.Index(fields=["footprint"], name="cell_of_footprint"),
        ),
    ]
