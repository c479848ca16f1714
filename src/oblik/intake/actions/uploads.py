"""A file is laid on the desk, looked at, corrected column by column, and handed in or taken away again."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, OblikError, msg
from oblik.db import kept_files, keyring, turns
from oblik.intake.actions import lists
from oblik.intake.actions.lists import Kept, Progress, silent
from oblik.intake.formats import read_sheets
from oblik.intake.logic import samples
from oblik.intake.logic.mapping import HEADER_ROW, TARGETS
from oblik.intake.logic.storing import storable
from oblik.intake.models import Submission, Upload
from oblik.journal import actions as journal
from oblik.registry import queries as registry
from oblik.registry.logic.folding import plain


def lay(path: Path, *, owner: str, campaign: str, by: Actor, at: datetime) -> int:
    """Keeps a file and puts it on the desk; its number there. Nothing is handed in by it."""
    owner_id = registry.owner_id(owner)
    sha256 = kept_files.sha256_of(path)
    kept_files.keep(path, sha256=sha256)
    kept = Kept(sha256, plain(path.name), path.stat().st_size)
    return _lay(kept, owner_id=owner_id, campaign=campaign, mapping={}, sheet="", by=by, at=at)


def lay_again(submission: int, *, by: Actor, at: datetime) -> int:
    """Puts a list that was handed in back on the desk with its corrections, to be read in another way."""
    found = _submission(submission)
    kept = Kept(found.sha256, found.file_name, found.size_bytes)
    return _lay(
        kept, owner_id=found.owner_id, campaign=found.campaign_code, mapping=found.mapping, sheet=found.sheet_wanted,
        by=by, at=at,
    )  # fmt: skip


def _lay(
    kept: Kept, *, owner_id: int, campaign: str, mapping: Mapping[str, str], sheet: str, by: Actor, at: datetime
) -> int:
    with turns.turn("desk"):
        same = Upload.objects.filter(campaign_code=campaign, owner_id=owner_id, sha256=kept.sha256)
        lying = same.exclude(state="read").order_by("-id").first()
        if lying is not None and lying.file_name == kept.file_name:
            return lying.pk  # It lies there already, with all that was corrected.
        upload = Upload.objects.create(
            campaign_code=campaign, owner_id=owner_id, file_name=kept.file_name, sha256=kept.sha256,
            size_bytes=kept.size_bytes, mapping=dict(mapping), sheet_wanted=sheet, laid_at=at, laid_by=str(by),
        )  # fmt: skip
        journal.record(
            subject=f"upload:{upload.pk}", what="laid", by=by, at=at,
            details={"file": kept.file_name, "sha256": kept.sha256, "owner": upload.owner.code, "campaign": campaign},
        )  # fmt: skip
    return upload.pk


def look(upload_id: int, *, progress: Progress = silent) -> None:
    """Reads the file and keeps the sample by which pages show what was understood; no entry, as nothing is decided."""
    upload = Upload.objects.get(pk=upload_id)
    progress("reading", 0.0)
    try:
        with kept_files.opened(upload.sha256, file_name=upload.file_name) as path:
            sheets = storable(read_sheets(path, limits=lists.limits()))
    except OblikError as wrong:
        params = {name: plain(str(value)) for name, value in wrong.params.items()}
        failure = {"code": wrong.code, "template": wrong.template, "params": params}
        Upload.objects.filter(pk=upload_id).update(state="failed", failure=failure)
        return
    progress("understanding", 0.7)
    told = samples.written([samples.sampled(sheet) for sheet in sheets])
    sealed = keyring.ring().seal(told, bound=bound(upload_id))
    rows = sum(len(sheet.rows) for sheet in sheets)
    found = Upload.objects.filter(pk=upload_id).exclude(state="read")
    found.update(state="looked", sample=sealed, rows=rows, failure={})


def bound(upload: int) -> str:
    """Where the sealed sample stands, which is the only place where it opens."""
    return f"upload:{upload}"


def correct(upload: int, *, column: str, target: str, by: Actor, at: datetime) -> None:
    """What a person says a column is; "" takes it back. column: the key of a samples.ColumnSeen."""
    if target and target not in TARGETS:
        raise InvalidInput(msg("“{value}” is no field of a camera; choose one of the list."), value=target)
    with turns.turn("desk"):
        found = _lying(upload)
        mapping = {key: known for key, known in found.mapping.items() if key != column}
        if target:
            mapping[plain(column)] = target
        _keep(found, mapping=mapping, sheet=found.sheet_wanted, by=by, at=at)


def choose_header(upload: int, *, row: int | None, by: Actor, at: datetime) -> None:
    """Which row holds the names of columns: its number, 0 for none, None for as found. Columns are guessed anew."""
    if row is not None and not 0 <= row < 10**7:
        raise InvalidInput(msg("“{value}” is no number of a row."), value=row)
    with turns.turn("desk"):
        found = _lying(upload)
        _keep(found, mapping={} if row is None else {HEADER_ROW: str(row)}, sheet=found.sheet_wanted, by=by, at=at)


def choose_sheet(upload: int, *, sheet: str, by: Actor, at: datetime) -> None:
    """Which sheet is the list, "" for all that are not hidden. Columns are guessed anew."""
    with turns.turn("desk"):
        _keep(_lying(upload), mapping={}, sheet=plain(sheet), by=by, at=at)


def _keep(found: Upload, *, mapping: Mapping[str, str], sheet: str, by: Actor, at: datetime) -> None:
    found.mapping, found.sheet_wanted = dict(mapping), sheet
    found.save(update_fields=["mapping", "sheet_wanted"])
    journal.record(
        subject=f"upload:{found.pk}", what="corrected", by=by, at=at, details={"mapping": dict(mapping), "sheet": sheet}
    )


def take_away(upload: int, *, by: Actor, at: datetime) -> None:
    """Takes a file off the desk that was not handed in. Sealed it stays, as others may keep the same content."""
    with turns.turn("desk"):
        found = _lying(upload)
        name = found.file_name
        found.delete()
        journal.record(subject=f"upload:{upload}", what="taken_away", by=by, at=at, details={"file": name})


def hand_in(upload: int, *, by: Actor, at: datetime) -> int:
    """Hands in what lies on the desk, with its corrections; the number of the submission, which has to be read yet.

    Corrections are learnt for the owner. The same file with the same corrections is the same submission.
    """
    with turns.turn("desk"):
        found = _lying(upload)
        if found.state != "looked":
            raise Conflict(msg("The file “{value}” could not be looked at yet; wait a moment."), value=found.file_name)
        kept = Kept(found.sha256, found.file_name, found.size_bytes)
        submission = lists.enter(
            kept, owner=found.owner.code, campaign=found.campaign_code, sheet=found.sheet_wanted,
            mapping=found.mapping, by=by, at=at,
        )  # fmt: skip
        found.state, found.submission, found.sample = "read", submission, ""
        found.save(update_fields=["state", "submission", "sample"])
    return submission.pk


def _lying(upload: int) -> Upload:
    found = Upload.objects.select_related("owner").filter(pk=upload).first() if upload < 2**63 else None
    if found is None:
        raise NotFound(msg("There is no file with the number {value} on the desk."), value=upload)
    if found.state == "read":
        raise Conflict(msg("The file “{value}” was handed in already; see its list."), value=found.file_name)
    return found


def _submission(number: int) -> Submission:
    found = Submission.objects.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotFound(msg("There is no submission {value}; see `oblik intake list`."), value=number)
    return found
