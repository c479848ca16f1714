"""Tables of the city: addresses, renamed streets and what its map shows; private to the room."""

from django.db import models


class Source(models.Model):
    """Where files come from again and again: a newer extract of a source ends what it no longer holds."""

    name = models.CharField(max_length=255, unique=True)
    credit = models.CharField(max_length=120, default="", blank=True)  # whom a map must name, "" for nobody


class LoadedFile(models.Model):
    """One file as loaded. A newer one of the same name (a table) or source (a map) takes its place."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)  # points | renames | both | map | terrain
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="files")
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=160)
    replaced_at = models.DateTimeField(null=True)
    stands_at = models.DateTimeField(null=True)  # the day that a map shows

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=models.Q(replaced_at=None), name="city_file_once"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(replaced_at=None, source=None), name="city_file_name_once"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(replaced_at=None), name="city_file_source_once"
            ),
        ]


class AddressPoint(models.Model):
    """A house and where it stands, WGS 84. since_at is empty for what the first file of its source already held."""

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
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")  # none for tables
    digest = models.BigIntegerField(default=0)  # tells a map's address from all others of its source
    since_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)

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


class Feature(models.Model):
    """One version of a building, street, district, water, green, housing plot or place; see `logic.things`.

    Where it lies is a quadbin cell of zoom 26 (`logic.cells`): the middle of its box, or 0 for what reaches further
    than `queries.REACH_M` from there and is looked at by every search. since_at is empty for what the first file of its
    source already held: it stood before we knew of it.
    """

    file = models.ForeignKey(LoadedFile, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    layer = models.CharField(max_length=10)
    ref = models.BigIntegerField()  # the object's own number in its source
    digest = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    names = models.TextField()
    height_m = models.FloatField(null=True)
    height_origin = models.CharField(max_length=8)  # measured | levels | assumed, "" outside buildings
    wkb = models.BinaryField()
    cell = models.BigIntegerField()
    since_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["layer", "cell"], name="city_feature_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "layer", "ref"], condition=models.Q(until_at=None), name="city_feature_once"
            ),
            models.CheckConstraint(
                condition=models.Q(height_m=None) | models.Q(height_m__gt=0, height_m__lte=900), name="city_height"
            ),
        ]
