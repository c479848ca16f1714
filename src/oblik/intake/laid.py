"""What lies on the desk: files that were laid there and not handed in yet, and what is understood of them."""

from dataclasses import dataclass
from datetime import datetime

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import NotFound, OblikError, msg
from oblik.db import keyring
from oblik.intake.logic import samples
from oblik.intake.logic.mapping import HEADER_ROW
from oblik.intake.models import OwnerMapping, Upload
from oblik.intake.queries import reached


@dataclass(frozen=True, slots=True)
class UploadLine:
    """A file on the desk. state: waiting | looked | failed | read (then `submission` is the list it became).

    mapping: what was corrected so far; header_row: the row chosen for the names of columns, None as found.
    """

    id: int
    campaign: str
    owner: str
    file_name: str
    size_bytes: int
    rows: int
    state: str
    failure: dict[str, object]
    mapping: dict[str, str]
    sheet: str
    header_row: int | None
    submission: int | None
    laid_at: datetime
    laid_by: str


def uploads(*, campaign: str = "", within: Scope = EVERYWHERE) -> list[UploadLine]:
    """Files on the desk within a scope, the newest first; those handed in are lists and no longer here."""
    found = Upload.objects.filter(reached(within)).exclude(state="read").select_related("owner").order_by("-id")
    if campaign:
        found = found.filter(campaign_code=campaign)
    return [_line(upload) for upload in found[:200]]


def upload(number: int, *, within: Scope = EVERYWHERE) -> UploadLine:
    """One file by its number; one outside the scope is answered like one that is not."""
    return _line(_one(number, within=within))


def sheets_of(number: int, *, within: Scope = EVERYWHERE) -> list[samples.SheetSeen] | None:
    """What is understood of each sheet with the corrections made so far, the wanted one alone where one was chosen.

    None where the sample is not there (not looked at yet) or cannot be opened any more: it has to be looked at again.
    """
    found = _one(number, within=within)
    if not found.sample:
        return None
    try:
        text = keyring.ring().open(found.sample, bound=f"upload:{found.pk}")
    except OblikError:  # sealed with a key that is gone
        return None
    known = OwnerMapping.objects.filter(owner_id=found.owner_id).order_by("learnt_at").values_list("header", "target")
    remembered = dict(known)
    return [samples.seen(one, mapped=found.mapping, remembered=remembered) for one in samples.read(text)]


def _one(number: int, *, within: Scope) -> Upload:
    found = None
    if number < 2**63:
        found = Upload.objects.select_related("owner").filter(reached(within), pk=number).first()
    if found is None:
        raise NotFound(msg("There is no file with the number {value} on the desk."), value=number)
    return found


def _line(found: Upload) -> UploadLine:
    row = found.mapping.get(HEADER_ROW, "")
    return UploadLine(
        found.pk, found.campaign_code, found.owner.code, found.file_name, found.size_bytes, found.rows, found.state,
        found.failure, found.mapping, found.sheet_wanted, int(row) if row.isdecimal() else None, found.submission_id,
        found.laid_at, found.laid_by,
    )  # fmt: skip
