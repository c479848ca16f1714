"""Tables of the city's streets and addresses; private to the room. Rows belong to the file they came in."""

from django.db import models


class LoadedFile(models.Model):
    """One file of points or renames, as loaded; a newer file of the same name replaces it and its rows."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)  # points | renames | both
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=160)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=models.Q(replaced_at=None), name="city_file_once"),
            models.UniqueConstraint(fields=["name"], condition=models.Q(replaced_at=None), name="city_file_name_once"),
        ]


class AddressPoint(models.Model):
    """A house and where it stands. WGS 84."""

    file = models.ForeignKey(LoadedFile, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=40)  # in Ukrainian, "" where the file names none
    street = models.CharField(max_length=200)
    house = models.CharField(max_length=40)
    street_key = models.CharField(max_length=900)  # a letter may become four in Latin
    house_key = models.CharField(max_length=40)
    settlement = models.CharField(max_length=120)
    district = models.CharField(max_length=120)
    lon_deg = models.FloatField()
    lat_deg = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["street_key", "house_key"], name="city_point_address")]
        constraints = [
            models.CheckConstraint(condition=models.Q(lon_deg__range=(-180, 180)), name="city_point_lon"),
            models.CheckConstraint(condition=models.Q(lat_deg__range=(-90, 90)), name="city_point_lat"),
        ]


class StreetRename(models.Model):
    """A street that changed its name, and often its kind. Either language may be missing, but not both new names."""

    file = models.ForeignKey(LoadedFile, on_delete=models.CASCADE, related_name="renames")
    kind_old = models.CharField(max_length=40)
    kind_new = models.CharField(max_length=40)
    old_uk = models.CharField(max_length=200)
    new_uk = models.CharField(max_length=200)
    old_ru = models.CharField(max_length=200)
    new_ru = models.CharField(max_length=200)
    settlement = models.CharField(max_length=120)
    decided_on = models.CharField(max_length=60)  # as given: a date, or "2015-2016"
    source = models.TextField()
