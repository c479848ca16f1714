"""Tables of what cameras see; private to the room. Rows are closed, not removed, so that last year's answer stays."""

from django.db import models


class Footprint(models.Model):
    """What a camera saw from one change to the next, of itself or of the buildings around it."""

    camera = models.ForeignKey("registry.Camera", on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=24)  # of the camera; codes never change
    version = models.IntegerField()  # of the camera, that it was computed from
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20)
    lon_deg = models.FloatField(null=True)  # where it hangs; empty where its place is not known
    lat_deg = models.FloatField(null=True)
    home = models.BigIntegerField(default=0)  # quadbin cell of zoom queries.HOME_ZOOM around it, 0 without a place
    shape = models.BinaryField(default=b"")  # see logic.packing; empty for one that sees no ground
    facts = models.BigIntegerField()  # digest of the values that it was computed from
    walls = models.BigIntegerField()  # digest of the buildings around it
    assumed = models.CharField(max_length=120, default="")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gt=models.F("since_at")),
                name="footprint_ends_after_it_began",
            ),
            models.UniqueConstraint(fields=["camera"], condition=models.Q(until_at=None), name="footprint_one_today"),
        ]
        indexes = [
            models.Index(fields=["camera", "since_at"], name="footprint_camera"),
            models.Index(fields=["home"], name="footprint_home"),
        ]


class Cell(models.Model):
    """A cell that a footprint possibly touches: the way to find who sees a place."""

    cell = models.BigIntegerField()  # quadbin, of one of logic.touched.ZOOMS
    footprint = models.ForeignKey(Footprint, on_delete=models.CASCADE, related_name="cells", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["cell", "footprint"], name="cell_footprint"),
            models.Index(fields=["footprint"], name="cell_of_footprint"),
        ]


class Mark(models.Model):
    """How far the register and the city have been followed; one row."""

    version = models.BigIntegerField(default=0)  # the newest version of a camera that was followed
    city = models.BigIntegerField(default=0)  # the load of the city's tables that footprints were checked against
    checked = models.BigIntegerField(default=0)  # while a newer load is being checked: footprints up to here are done
    checking = models.BigIntegerField(default=0)  # that newer load, 0 when none is
    updated_at = models.DateTimeField()


class Survey(models.Model):
    """The sums of what a part of the register sees; made from footprints again at any time."""

    key = models.CharField(max_length=64, unique=True)  # of the scope, see sums.key_of
    number = models.BigIntegerField(default=0)  # grows with each change: the version of everything drawn from it
    city = models.BigIntegerField(default=0)  # the load of the city's tables that it was made with
    cameras = models.IntegerField(default=0)
    totals = models.TextField(default="{}")  # JSON, see sums.Totals
    made_at = models.DateTimeField()


class Block(models.Model):
    """One block of a survey: its squares and its part of the sums."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="blocks", db_index=False)
    cell = models.BigIntegerField()  # quadbin of logic.surface.BLOCK_ZOOM
    digest = models.BigIntegerField()  # of the footprints and the load of the map that it was made from
    surface = models.BinaryField()  # see logic.surface.Surface.packed
    sums = models.TextField()  # JSON, see blocks.Sums

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "cell"], name="coverage_block_once")]


class IncidentList(models.Model):
    """Places with weights that somebody uploaded: where things happened. The newest list counts."""

    name = models.CharField(max_length=255)
    places = models.BinaryField()  # float64, (n, 3): lon, lat, weight
    rows = models.IntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=160)
