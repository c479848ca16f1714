"""Secrets that rows tell of cameras' devices go to the register once it is decided which camera a row stands for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from oblik.base.sealing import KeyMissing
from oblik.base.veiling import MARKED
from oblik.db import bulk, keyring, turns
from oblik.intake import raw_secrets
from oblik.intake.logic.secret_cells import secrets_of_column
from oblik.intake.models import Record, Submission
from oblik.registry import vault
from oblik.registry.actions import REGISTER

_COLUMNS = (
    "pk", "submission__owner_id", "submission__received_at", "submission_id", "row__sheet", "row__number",
    "row__cells",
)  # fmt: skip
Columns = Mapping[str, Mapping[int, tuple[str, str]]]  # sheet -> column -> (target, header)


def deposit(links: Mapping[int, int], *, at: datetime) -> None:
    """Seals beside its camera what each record's row (record -> camera) tells. Inside the register's turn.

    Without its key a secret waits in its row; `oblik secrets rotate` brings it once the key is back.
    """
    if not Submission.objects.filter(secret_rows__gt=0).exists():
        return
    try:
        vault.keep_secrets(list(_told(links)), at=at)
    except KeyMissing:
        return


def deposit_waiting(*, at: datetime, limit: int) -> int:
    """Brings to the register what waits in rows for want of a key; how many secrets went."""
    with turns.turn(REGISTER):
        waiting = waiting_records()[:limit]
        cameras = dict(Record.objects.filter(pk__in=waiting).values_list("pk", "camera_id"))
        return vault.keep_secrets(list(_told({r: c for r, c in cameras.items() if c is not None})), at=at)


def waiting_records() -> list[int]:
    """Records that stand for a camera and whose secrets the register does not have."""
    held = Record.objects.filter(camera__isnull=False, submission__secret_rows__gt=0, row__cells__contains=MARKED)
    records = list(held.order_by("pk").values_list("pk", flat=True))
    told = vault.sources_told([f"record:{record}" for record in records])
    return [record for record in records if f"record:{record}" not in told]


def _told(links: Mapping[int, int]) -> Iterator[vault.NewSecret]:
    ring = keyring.ring()
    columns: dict[int, Columns] = {}
    for condition in bulk.named(links):
        rows = Record.objects.filter(condition, submission__secret_rows__gt=0, row__cells__contains=MARKED)
        for record, owner, said_at, submission, sheet, number, cells in rows.values_list(*_COLUMNS).iterator():
            if submission not in columns:
                columns[submission] = columns_of(Submission.objects.get(pk=submission).understood)
            opened = raw_secrets.opened(cells, submission=submission, sheet=sheet, number=number, ring=ring)
            for name, text in _of_row(opened, columns[submission].get(sheet, {})).items():
                yield vault.NewSecret(links[record], name, text, f"record:{record}", owner, said_at)


def _of_row(opened: Mapping[int, str], columns: Mapping[int, tuple[str, str]]) -> dict[str, str]:
    """What a row tells: a column of its own before words in other columns."""
    told: dict[str, str] = {}
    for sure in (True, False):
        for at, text in opened.items():
            target, header = columns.get(at, ("", ""))
            if (target in ("stream_url", "login", "password")) == sure:
                for name, value in secrets_of_column(text, target=target, header=header).items():
                    told.setdefault(name, value)
    return told


def columns_of(understood: Sequence[Mapping[str, object]]) -> Columns:
    """What was understood of each sheet's columns."""
    answer: dict[str, dict[int, tuple[str, str]]] = {}
    for sheet in understood:
        columns = sheet["columns"]
        assert isinstance(columns, list)
        answer[str(sheet["sheet"])] = {c["index"]: (c["target"], c["header"]) for c in columns}
    return answer
