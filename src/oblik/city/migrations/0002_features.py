"""Things of the map with their time of standing; addresses ended instead of deleted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("city", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Feature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layer", models.CharField(max_length=10)),
                ("ref", models.BigIntegerField()),
                ("digest", models.BigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("names", models.TextField()),
                ("height_m", models.FloatField(null=True)),
                ("height_origin", models.CharField(max_length=8)),
                ("wkb", models.BinaryField()),
                ("cell", models.BigIntegerField()),
                ("since_at", models.DateTimeField(null=True)),
                ("until_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, unique=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="loadedfile",
            name="city_file_name_once",
        ),
        migrations.AddField(
            model_name="addresspoint",
            name="digest",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="addresspoint",
            name="since_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="addresspoint",
            name="until_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="loadedfile",
            name="stands_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="feature",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="city.loadedfile"
            ),
        ),
        migrations.AddField(
            model_name="feature",
            name="source",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="city.source"),
        ),
        migrations.AddField(
            model_name="addresspoint",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="city.source"
            ),
        ),
        migrations.AddField(
            model_name="loadedfile",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="files", to="city.source"
            ),
        ),
        migrations.AddConstraint(
            model_name="loadedfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None), ("source", None)),
                fields=("name",),
                name="city_file_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="loadedfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)), fields=("source",), name="city_file_source_once"
            ),
        ),
        migrations.AddIndex(
            model_name="feature",
            index=models.Index(fields=["layer", "cell"], name="city_feature_place"),
        ),
        migrations.AddConstraint(
            model_name="feature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_at", None)), fields=("source", "layer", "ref"), name="city_feature_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="feature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("height_m", None), models.Q(("height_m__gt", 0), ("height_m__lte", 900)), _connector="OR"
                ),
                name="city_height",
            ),
        ),
    ]
