"""A list is received, read, cleaned and compared with the owner's older one."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, repeat
from pathlib import Path

from django.conf import settings

from oblik.base import collector
from oblik.base.actors import Actor
from oblik.base.errors import OblikError, UnreadableFile, msg
from oblik.city import queries as city
from oblik.db import bulk, turns
from oblik.db import kept_files as store
from oblik.intake import raw_secrets
from oblik.intake.actions import older
from oblik.intake.formats import read_sheets
from oblik.intake.logic.cleaning import clean_table
from oblik.intake.logic.mapping import HEADER_ROW, is_place
from oblik.intake.logic.rows import CleanedList, Part, cleaned_list
from oblik.intake.logic.secret_cells import hidden
from oblik.intake.logic.shapes import Mapped, Sheet, Table
from oblik.intake.logic.storing import storable
from oblik.intake.logic.tables import understand
from oblik.intake.models import OwnerMapping, RawRow, Record, Submission, Vanished
from oblik.intake.readers.limits import DEFAULT, Limits
from oblik.journal import actions as journal
from oblik.registry import queries as registry
from oblik.registry.logic.folding import plain

Progress = Callable[[str, float], None]  # what is being done, share done in [0, 1]


def silent(step: str, share: float) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one file: its submission, whether it had been handed in before, and how many rows of each kind."""

    submission: int
    file_name: str
    known: bool
    state: str
    rows: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store."""

    sha256: str
    file_name: str
    size_bytes: int


def add_list(
    path: Path,
    *,
    owner: str,
    campaign: str,
    by: Actor,
    at: datetime,
    sheet: str = "",
    mapping: Mapped | None = None,
    progress: Progress = silent,
) -> Received:
    """Takes a file in and reads it. The same file again changes nothing; a reading cut short is taken up again.

    The file is kept before it is read, so that even an unreadable one is not lost: its submission is then `failed`,
    and the error is raised.
    """
    submission = receive(path, owner=owner, campaign=campaign, by=by, at=at, sheet=sheet, mapping=mapping)
    if submission.state == "read":
        return _received(submission, known=True)
    return read(submission.pk, by=by, at=at, progress=progress)


def receive(
    path: Path, *, owner: str, campaign: str, by: Actor, at: datetime, sheet: str = "", mapping: Mapped | None = None
) -> Submission:
    """Keeps the file and enters it; the earlier submission of the same file comes back where there is one."""
    registry.owner_id(owner)  # NotFound before anything is kept
    if not path.is_file():
        raise UnreadableFile(msg("There is no file “{value}”; check the name."), code="no_such_file", value=str(path))
    sha256 = store.sha256_of(path)
    store.keep(path, sha256=sha256)
    kept = Kept(sha256, path.name, path.stat().st_size)
    return enter(kept, owner=owner, campaign=campaign, by=by, at=at, sheet=sheet, mapping=mapping)


def enter(
    kept: Kept, *, owner: str, campaign: str, by: Actor, at: datetime, sheet: str = "", mapping: Mapped | None = None
) -> Submission:
    """Enters a kept file as handed in; the earlier submission of the same file comes back where there is one."""
    owner_id = registry.owner_id(owner)
    sheet, file_name, sha256 = plain(sheet), plain(kept.file_name), kept.sha256
    mapping = {plain(header): target for header, target in (mapping or {}).items()}
    request = _request(sheet, mapping)
    with turns.turn(_of_owner(owner_id)):
        submission, created = Submission.objects.get_or_create(
            campaign_code=campaign,
            owner_id=owner_id,
            sha256=sha256,
            request=request,
            defaults={
                "file_name": file_name,
                "size_bytes": kept.size_bytes,
                "sheet_wanted": sheet,
                "mapping": mapping,
                "received_at": at,
                "received_by": str(by),
            },
        )
        if created:
            _learn(owner_id, mapping, at=at)
            journal.record(
                subject=f"submission:{submission.pk}", what="received", by=by, at=at,
                details={"file": file_name, "sha256": sha256, "owner": owner, "campaign": campaign},
            )  # fmt: skip
        elif submission.state == "withdrawn":
            restore(submission, by=by, at=at)
        elif submission.state == "failed" and submission.file_name != file_name:
            # The same content under another name: the ending may be what makes it readable.
            submission.file_name = file_name
            submission.save(update_fields=["file_name"])
    return submission


def restore(submission: Submission, *, by: Actor, at: datetime) -> None:
    """A withdrawn list is as received again, to be read anew. Inside a transaction."""
    RawRow.objects.filter(submission_id=submission.pk).delete()  # Reading writes the very same ones again.
    submission.state, submission.counts = "received", None
    submission.withdrawn_at, submission.withdrawn_by, submission.withdrawn_why = None, "", ""
    submission.save(update_fields=["state", "counts", "withdrawn_at", "withdrawn_by", "withdrawn_why"])
    journal.record(subject=f"submission:{submission.pk}", what="restored", by=by, at=at)


def _of_owner(owner_id: int) -> str:
    """The turn that lists of one owner take: each is compared with what came before it."""
    return f"lists:{owner_id}"


def _request(sheet: str, mapping: Mapped) -> str:
    asked = json.dumps([sheet, sorted(mapping.items())], ensure_ascii=False)
    return hashlib.sha256(asked.encode()).hexdigest()


def _learn(owner_id: int, mapping: Mapped, *, at: datetime) -> None:
    for header, target in mapping.items():
        if header == HEADER_ROW:
            continue  # Where the header stands is a matter of this file; what a column means is the owner's habit.
        if is_place(header):
            continue  # So is which column is the third.
        OwnerMapping.objects.update_or_create(
            owner_id=owner_id, header=header[:300], defaults={"target": target, "learnt_at": at}
        )


def read(submission_id: int, *, by: Actor, at: datetime, progress: Progress = silent) -> Received:
    """Reads a received file into rows and records, in one transaction: killed half-way, it leaves nothing behind."""
    with collector.paused():
        return _read(submission_id, by=by, at=at, progress=progress)


def _read(submission_id: int, *, by: Actor, at: datetime, progress: Progress) -> Received:
    submission = Submission.objects.get(pk=submission_id)
    try:
        cleaned = clean_submission(submission, progress=progress)
    except OblikError as wrong:
        _fail(submission, wrong, by=by, at=at)
        raise
    with turns.turn(_of_owner(submission.owner_id)):
        locked = Submission.objects.get(pk=submission_id)
        if locked.state == "read":
            return _received(locked, known=True)  # Another process read it between our look and our lock.
        progress("comparing", 0.0)
        compared = older.compare(locked, cleaned)
        progress("storing", 0.0)
        _store(locked, cleaned, compared=compared, progress=progress)
        locked.state = "read"
        locked.read_at = at
        locked.failure = {}
        locked.understood = cleaned.understood
        locked.replaces_id = compared.replaces
        locked.counts = {**cleaned.verdict_counts(compared.same), "vanished": len(compared.vanished)}
        locked.secret_rows = len({row for row, _ in cleaned.secret})
        locked.city_version = city.city_version()
        locked.save()
        journal.record(
            subject=f"submission:{locked.pk}", what="read", by=by, at=at,
            details={"rows": len(cleaned.numbers), "records": len(cleaned.parts), **locked.counts},
        )  # fmt: skip
    rows = sum(number > 0 for number in cleaned.numbers)
    return Received(locked.pk, locked.file_name, known=False, state="read", rows=rows, records=len(cleaned.parts))


def clean_submission(submission: Submission, *, progress: Progress) -> CleanedList:
    """The kept file of a submission, read, understood and cleaned; touches no table."""
    progress("reading", 0.0)
    with store.opened(submission.sha256, file_name=submission.file_name) as path:
        sheets = storable(read_sheets(path, sheet=submission.sheet_wanted or None, limits=limits()))
    remembered = dict(
        OwnerMapping.objects.filter(owner_id=submission.owner_id).order_by("learnt_at").values_list("header", "target")
    )
    gazetteer = city.gazetteer()
    parts: list[Part] = []
    for index, sheet in enumerate(sheets):
        progress("cleaning", index / len(sheets))
        table = _understood(sheet, mapped=submission.mapping, remembered=remembered)
        table, secret = hidden(table)
        parts.append(raw_secrets.marked(table, clean=clean_table(table, gazetteer=gazetteer), secret=secret))
    progress("cleaning", 1.0)
    return cleaned_list(parts)


def limits() -> Limits:
    """How much of a file is read at most."""
    return replace(DEFAULT, file_bytes=settings.OBLIK_MAX_FILE_MB * 1_000_000)


def _understood(sheet: Sheet, *, mapped: Mapping[str, str], remembered: Mapping[str, str]) -> Table:
    return understand(sheet, mapped=mapped or None, remembered=remembered or None)


def _fail(submission: Submission, wrong: OblikError, *, by: Actor, at: datetime) -> None:
    with turns.turn(_of_owner(submission.owner_id)):
        params = {name: plain(str(value)) for name, value in wrong.params.items()}
        failure = {"code": wrong.code, "template": wrong.template, "params": params}
        # Another process, with another limit or a newer reader, may have read it meanwhile: then it is read.
        failed = Submission.objects.filter(pk=submission.pk).exclude(state="read")
        if failed.update(state="failed", failure=failure):
            journal.record(
                subject=f"submission:{submission.pk}", what="failed", by=by, at=at, details={"code": wrong.code}
            )


def _store(submission: Submission, cleaned: CleanedList, *, compared: older.Compared, progress: Progress) -> None:
    first_row = bulk.reserve_ids(RawRow, count=len(cleaned.numbers))
    bulk.insert_rows(
        RawRow,
        columns=["id", "submission_id", "sheet", "number", "role", "cells"],
        rows=zip(
            count(first_row), repeat(submission.pk), cleaned.sheets, cleaned.numbers, cleaned.roles,
            raw_secrets.sealed(cleaned, submission=submission.pk),
        ),
    )  # fmt: skip
    progress("storing", 0.5)
    first = bulk.reserve_ids(Record, count=len(cleaned.parts))
    verdicts = cleaned.verdicts(compared.same)
    bulk.insert_rows(
        Record,
        columns=["id", "row_id", "submission_id", "part", "parts", "verdict", "values", "problems", "previous_id",
                 "decision"],
        rows=zip(
            count(first), [first_row + row for row in cleaned.rows], repeat(submission.pk), cleaned.parts, cleaned.of,
            verdicts, cleaned.values, cleaned.problems, map(compared.previous.get, range(len(verdicts))),
            ["broken" if verdict == "broken" else "" for verdict in verdicts],
        ),
    )  # fmt: skip
    Vanished.objects.bulk_create(
        [Vanished(record_id=record, submission_id=submission.pk) for record in compared.vanished], batch_size=5_000
    )
    progress("storing", 1.0)


def _received(submission: Submission, *, known: bool) -> Received:
    return Received(
        submission.pk,
        submission.file_name,
        known,
        submission.state,
        RawRow.objects.filter(submission_id=submission.pk, number__gt=0).count(),
        Record.objects.filter(submission_id=submission.pk).count(),
    )
