"""Intake's own invariants, looked at one by one."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from oblik.base.errors import OblikError
from oblik.base.findings import Broken
from oblik.db import kept_files as store
from oblik.intake.models import Judgement, RawRow, Record, Submission
from oblik.registry import queries as registry

RULES = (
    "rows_accounted", "decision_camera", "claim_standing", "one_row_per_list", "duplicate_of_something", "human_word",
    "question_open", "word_standing", "file_kept",
)  # fmt: skip


def broken() -> Iterator[Broken]:
    """Everything that does not hold in intake; nothing where all is well."""
    yield from _rows()
    yield from _decisions()
    yield from _claims()
    yield from _lists()
    yield from _judgements()
    yield from _files()


def _ref(submission: int, sheet: str, number: int) -> str:
    return ":".join(filter(None, [str(submission), sheet, str(number)]))


def _rows() -> Iterator[Broken]:
    rows = RawRow.objects.filter(submission__state="read").annotate(n=Count("records"))
    lost = rows.filter(role="data", n=0)
    for submission, sheet, number in lost.values_list("submission_id", "sheet", "number"):
        yield Broken("rows_accounted", _ref(submission, sheet, number), "a row of data without a record")
    extra = rows.exclude(role="data").filter(n__gt=0)
    for submission, sheet, number in extra.values_list("submission_id", "sheet", "number"):
        yield Broken("rows_accounted", _ref(submission, sheet, number), "a record on a row that is no data")


def _decisions() -> Iterator[Broken]:
    settled = Q(decision__in=["matched", "judged", "new", "duplicate"])
    wrong = Record.objects.filter((settled & Q(camera__isnull=True)) | (~settled & Q(camera__isnull=False)))
    for pk, decision in wrong.values_list("pk", "decision"):
        yield Broken("decision_camera", f"record:{pk}", f"decision “{decision}” and its camera do not go together")
    for pk in Record.objects.filter(verdict="broken").exclude(decision="broken").values_list("pk", flat=True):
        yield Broken("decision_camera", f"record:{pk}", "is broken and was decided on")


def _claims() -> Iterator[Broken]:
    linked = dict(Record.objects.filter(camera__isnull=False).values_list("pk", "camera_id"))
    claimed = registry.claimed_records()
    for record in linked.keys() ^ claimed.keys():
        said = "stands for a camera without a claim" if record in linked else "has a claim and stands for no camera"
        yield Broken("claim_standing", f"record:{record}", said)
    for record in linked.keys() & claimed.keys():
        if linked[record] != claimed[record]:
            yield Broken("claim_standing", f"record:{record}", "its claim stands beside another camera")


def _lists() -> Iterator[Broken]:
    twice = (
        Record.objects.filter(camera__isnull=False, decision__in=["matched", "new"])
        .values("camera__code", "submission_id")
        .annotate(n=Count("id"))
        .filter(n__gt=1)
    )
    for row in twice:
        said = f"{row['n']} rows of submission {row['submission_id']} stand for it, none marked a duplicate"
        yield Broken("one_row_per_list", row["camera__code"], said)
    lonely = (
        Record.objects.filter(camera__isnull=False)
        .values("camera__code", "submission_id")
        .annotate(n=Count("id"), twice=Count("id", filter=Q(decision="duplicate")))
        .filter(n=F("twice"))
    )
    for row in lonely:
        said = f"submission {row['submission_id']} has only rows marked duplicates of it"
        yield Broken("duplicate_of_something", row["camera__code"], said)


def _judgements() -> Iterator[Broken]:
    human = Judgement.objects.filter(by_kind="human", withdrawn_at__isnull=True)
    for record, camera, verdict, held in human.values_list("record_id", "camera_id", "verdict", "record__camera_id"):
        if (verdict == "same") != (held == camera):
            yield Broken("human_word", f"record:{record}", f"a person said “{verdict}”, the register says otherwise")

    settled = Judgement.objects.filter(withdrawn_at__isnull=True, record__camera__isnull=False)
    asked = settled.filter(by_kind="model", verdict="unsure").values_list("record_id", flat=True)
    for record in asked.distinct():
        yield Broken("question_open", f"record:{record}", "stands for a camera and is still asked about")
    word = Judgement.objects.filter(
        record=OuterRef("pk"), camera=OuterRef("camera"), verdict="same", withdrawn_at__isnull=True
    )
    unsaid = Record.objects.filter(camera__isnull=False).exclude(Exists(word))
    for pk in unsaid.values_list("pk", flat=True):
        yield Broken("word_standing", f"record:{pk}", "stands for a camera, and nobody says why")


def _files() -> Iterator[Broken]:
    for pk, sha256, name in Submission.objects.values_list("pk", "sha256", "file_name"):
        if not store.is_kept(sha256, file_name=name):
            yield Broken("file_kept", f"submission:{pk}", f"the file {name} as received is gone")
            continue
        try:
            whole = store.is_whole(sha256, file_name=name)
        except OblikError as wrong:  # damaged, or its key is gone
            yield Broken("file_kept", f"submission:{pk}", str(wrong))
            continue
        if not whole:
            yield Broken("file_kept", f"submission:{pk}", f"the file {name} is not as received any more")
