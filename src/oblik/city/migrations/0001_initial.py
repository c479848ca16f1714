"""Files loaded, address points and renamed streets."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LoadedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=255)),
                ("kind", models.CharField(max_length=20)),
                ("rows", models.PositiveIntegerField()),
                ("loaded_at", models.DateTimeField()),
                ("loaded_by", models.CharField(max_length=160)),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)), fields=("sha256",), name="city_file_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)), fields=("name",), name="city_file_name_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StreetRename",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind_old", models.CharField(max_length=40)),
                ("kind_new", models.CharField(max_length=40)),
                ("old_uk", models.CharField(max_length=200)),
                ("new_uk", models.CharField(max_length=200)),
                ("old_ru", models.CharField(max_length=200)),
                ("new_ru", models.CharField(max_length=200)),
                ("settlement", models.CharField(max_length=120)),
                ("decided_on", models.CharField(max_length=60)),
                ("source", models.TextField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="renames", to="city.loadedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AddressPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("street", models.CharField(max_length=200)),
                ("house", models.CharField(max_length=40)),
                ("street_key", models.CharField(max_length=900)),
                ("house_key", models.CharField(max_length=40)),
                ("settlement", models.CharField(max_length=120)),
                ("district", models.CharField(max_length=120)),
                ("lon_deg", models.FloatField()),
                ("lat_deg", models.FloatField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="points", to="city.loadedfile"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["street_key", "house_key"], name="city_point_address")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("lon_deg__range", (-180, 180))), name="city_point_lon"),
                    models.CheckConstraint(condition=models.Q(("lat_deg__range", (-90, 90))), name="city_point_lat"),
                ],
            },
        ),
    ]
