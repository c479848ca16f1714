"""The register's own invariants, looked at one by one."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery

from oblik.base.errors import InvalidInput
from oblik.base.findings import Broken
from oblik.registry import actions, attachments
from oblik.registry.logic.codes import parse_code
from oblik.registry.logic.trust import CORRECTING
from oblik.registry.models import Camera, CameraVersion, CodeCounter

RULES = ("camera_code", "camera_sources", "camera_fold", "camera_history", "code_counter", "attachment_kept")


def broken() -> Iterator[Broken]:
    """Everything that does not hold in the register; nothing where all is well."""
    yield from _codes()
    yield from _sources()
    yield from _folds()
    yield from _histories()
    for number, code, name in attachments.lost_files():
        yield Broken("attachment_kept", code, f"the file of attachment {number} is gone: {name}")


def _codes() -> Iterator[Broken]:
    last = dict(CodeCounter.objects.values_list("prefix", "last_number"))
    for code in Camera.objects.values_list("code", flat=True).iterator(chunk_size=20_000):
        try:
            parse_code(code)
        except InvalidInput as wrong:
            yield Broken("camera_code", code, str(wrong))
            continue
        prefix, number, _ = code.split("-")
        if int(number) > last.get(prefix, 0):
            yield Broken("code_counter", code, f"number {number} lies beyond the counter {last.get(prefix, 0)}")


def _sources() -> Iterator[Broken]:
    # A person's pin corrects a camera; it is no source that says the camera is there.
    standing = Q(claims__withdrawn_at__isnull=True) & ~Q(claims__source_kind=CORRECTING)
    counted = Camera.objects.annotate(n=Count("claims", filter=standing))
    for code, said, n in counted.exclude(sources=F("n")).values_list("code", "sources", "n"):
        yield Broken("camera_sources", code, f"says {said} sources, has {n} standing claims")
    for code in Camera.objects.filter(merged_into__isnull=False, sources__gt=0).values_list("code", flat=True):
        yield Broken("camera_sources", code, "is merged into another camera and still has sources")


def _folds() -> Iterator[Broken]:
    ids = list(Camera.objects.filter(sources__gt=0).order_by("id").values_list("id", flat=True))
    for code in actions.unfaithful_cameras(ids):
        yield Broken("camera_fold", code, "its values are not what its standing claims give")


def _histories() -> Iterator[Broken]:
    newest = CameraVersion.objects.filter(camera=OuterRef("pk")).order_by("-number")
    differing = Camera.objects.annotate(
        newest_values=Subquery(newest.values("values")[:1]), newest_number=Subquery(newest.values("number")[:1])
    ).exclude(newest_values=F("values"), newest_number=F("version"))
    for code in differing.values_list("code", flat=True):
        yield Broken("camera_history", code, "its newest version is not what it holds now")
    gaps = (
        CameraVersion.objects.values("camera__code")
        .annotate(n=Count("id"), first=Min("number"), last=Max("number"))
        .exclude(first=1, last=F("n"))
    )
    for row in gaps:
        yield Broken("camera_history", row["camera__code"], "its versions are not numbered without a gap")
