"""`oblik journal`: who did and looked at what, whether that record still holds, and proofs for others."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from django.utils.timezone import make_aware

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, msg
from oblik.config.commands.output import as_json, console_actor, print_json, print_table
from oblik.journal import actions, checkpoints, checks, proofs, queries, telling
from oblik.journal.verifying import verify as verify_journal

_day = click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M"])


@click.group()
def journal() -> None:
    """The journal: list, verify, prove, checkpoint, key, rotate-key."""


@journal.command(name="list")
@click.option("--subject", default="", help="What it was done to, as room:code; room: alone for all of a room.")
@click.option("--by", default="", help="Who did it, as person:name; person: alone for all people.")
@click.option("--what", default="", help="What was done: pinned, matched, exported ...")
@click.option("--looked", is_flag=True, help="Only what was looked at.")
@click.option("--since", type=_day, help="Recorded on that day or later.")
@click.option("--until", type=_day, help="Recorded before that day.")
@click.option("--limit", default=50, show_default=True, help="At most so many, the newest.")
@as_json
def list_(
    subject: str, by: str, what: str, looked: bool, since: datetime | None, until: datetime | None, limit: int,
    json_wanted: bool,
) -> None:  # fmt: skip
    """List entries, newest first."""
    asked = queries.Asked(subject, by, what, "looked" if looked else "", _aware(since), _aware(until))
    found = queries.newest_entries(asked, limit=limit)
    if json_wanted:
        print_json(found)
        return
    print_table(
        ["No.", "Recorded", "By", "What", "Subject", "Why", "Details"],
        rows=[
            (d.number, f"{d.recorded_at:%Y-%m-%d %H:%M:%S}", d.by, d.what, d.subject, d.why,
             ", ".join(f"{name}: {said}" for name, said in d.details.items()))
            for d in found
        ],
    )  # fmt: skip


def _aware(day: datetime | None) -> datetime | None:
    return make_aware(day) if day else None


@journal.command()
@click.option("--since", default=1, show_default=True, help="Begin at the last checkpoint before this entry.")
@click.option("--key", "keys", multiple=True, metavar="HEX", help="A public key that you kept elsewhere and trust.")
@as_json
def verify(since: int, keys: tuple[str, ...], json_wanted: bool) -> None:
    """Verify every entry, batch and signed checkpoint; exit code 1 and the entries' numbers if something is wrong."""
    for key in keys:
        _require_key(key)
    verdict = verify_journal(since=since, keys=keys)
    said = telling.told(verdict.faults)
    if json_wanted:
        print_json(
            {
                "holds": not verdict.faults, "from": verdict.after + 1, "until": verdict.until,
                "checkpoints": verdict.checkpoints,
                "faults": [
                    {"number": fault.number, "until": fault.until or fault.number, "kind": fault.kind, "said": text}
                    for fault, text in zip(verdict.faults, said, strict=True)
                ],
            }
        )  # fmt: skip
    else:
        for text in said:
            click.echo(text)
        click.echo(
            f"Entries {verdict.after + 1} to {verdict.until} and {verdict.checkpoints} checkpoints looked at, "
            + (f"{len(said)} faults." if said else "all hold.")
        )
        if checks.unguarded_role():
            click.echo("Note: the database role in use owns the journal; see docs/guide/audit.md.", err=True)
    if verdict.faults:
        sys.exit(1)


def _require_key(key: str) -> None:
    try:
        good = len(bytes.fromhex(key)) == 32
    except ValueError:
        good = False
    if not good:
        raise InvalidInput(msg("“{value}” is no public key; give the 64 digits of `oblik journal key`."), value=key)


@journal.command()
@click.argument("entry", type=int)
@click.option("--part", type=int, help="Prove this part of a batch along; the first is 0.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the screen.")
def prove(entry: int, part: int | None, output: Path | None) -> None:
    """Prove that ENTRY stands in the signed journal: JSON that anybody verifies with our public key."""
    text = json.dumps(proofs.proof_of(entry, part=part), ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    output.write_text(text + "\n", encoding="utf-8")
    click.echo(f"Proof of entry {entry} written to {output}")


@journal.command()
@as_json
def checkpoint(json_wanted: bool) -> None:
    """Sign the journal as it stands, into a file outside the database."""
    signed = checkpoints.sign()
    if signed is None:
        return
    if json_wanted:
        print_json(signed.signed())
    else:
        click.echo(f"Entry {signed.number} is the newest signed one; checkpoints lie in {checkpoints.folder()}")


@journal.command()
def key() -> None:
    """Print the public key with which others verify our proofs."""
    click.echo(checkpoints.public_key())


@journal.command(name="rotate-key")
@click.option("--why", required=True, help="The reason, kept in the journal.")
def rotate_key(why: str) -> None:
    """Sign with a new key from now on; the old one vouches for it and is destroyed."""
    click.echo(f"The public key is now {actions.rotate_signing_key(by=console_actor(), at=now(), why=why)}")
