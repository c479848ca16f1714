"""`oblik camera`: what the register holds."""

from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

import click

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, msg
from oblik.config.commands.output import as_json, console_actor, print_json, print_table
from oblik.config.commands.rights import require, within
from oblik.intake import queries as intake
from oblik.intake.alike import cameras_alike
from oblik.journal.actions import looked
from oblik.registry import actions, attaching, editing, edits, exporting, queries, vault
from oblik.registry.entering import enter_camera
from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.records import Value
from oblik.registry.logic.secrets import SECRET_FIELDS

T = TypeVar("T")
_day = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As the register stood at the end of that day.")


@click.group()
def camera() -> None:
    """Cameras: list, show, edit, add, history, export."""


@camera.command(name="list")
@click.option("--owner", default="", help="Code of an owner.")
@click.option("--text", default="", help="Words to look for: code, address, serial, IP, name.")
@click.option("--page", default=1, show_default=True)
@click.option("--per-page", default=50, show_default=True)
@click.option("--all", "everything", is_flag=True, help="Every camera instead of one page.")
@as_json
def list_(owner: str, text: str, page: int, per_page: int, everything: bool, json_wanted: bool) -> None:
    """List cameras."""
    size = 10_000_000 if everything else per_page
    found = queries.search_cameras(owner=owner, text=text, page=page, per_page=size, within=within())
    if json_wanted:
        print_json(
            [
                {"code": c.code, "owner": c.owner, "state": c.state, "sources": c.sources, **_shown(c.values)}
                for c in found.lines
            ]
        )
        return
    print_table(
        ["Code", "Owner", "State", "Kind", "Place", "Sources"],
        rows=[(c.code, c.owner, c.state, c.kind, _place(c.values), c.sources) for c in found.lines],
        title=f"{found.total} cameras, page {found.number} of {found.pages}",
    )


@camera.command()
@click.argument("code")
@_day
@as_json
def show(code: str, as_of: datetime | None, json_wanted: bool) -> None:
    """Show a camera: each field, which source gave it, and what the others said."""
    card = queries.camera_card(code, as_of=as_of.date() if as_of else None, within=within())
    named = intake.sources_named([c.source_ref for c in card.claims])
    if json_wanted:
        print_json(
            {
                "code": card.line.code, "owner": card.line.owner, "state": card.line.state, "version": card.version,
                "merged_into": card.merged_into, "values": _shown(card.line.values), "origins": card.origins,
                "sources": [
                    {"claim": c.claim, "kind": c.source_kind, "ref": c.source_ref, "row": named.get(c.source_ref, ""),
                     "owner": c.owner, "said_at": c.said_at, "withdrawn_at": c.withdrawn_at, "values": _shown(c.values)}
                    for c in card.claims
                ],
            }
        )  # fmt: skip
        return
    standing = [c for c in card.claims if c.withdrawn_at is None]
    rows = []
    for name in FIELDS:
        if name in card.line.values and not FIELDS[name].secret:
            said = [("✔ " if card.origins.get(name) == c.claim else "") + str(c.values.get(name, "")) for c in standing]
            rows.append((name, card.line.values[name], *said))
    heads = [named.get(c.source_ref, c.source_ref) for c in standing]
    merged = f" (merged into {card.merged_into})" if card.merged_into else ""
    print_table(["Field", "Value", *heads], rows=rows, title=f"{card.line.code}{merged} · {card.line.owner_name}")


@camera.command()
@click.argument("code")
@_day
@as_json
def history(code: str, as_of: datetime | None, json_wanted: bool) -> None:
    """Show each state of a camera, newest first: what changed, when in the world, when on record, by whom."""
    lines = queries.camera_history(code, within=within())
    if as_of:
        lines = [v for v in lines if v.happened_at.astimezone(UTC).date() <= as_of.date()]
    if json_wanted:
        print_json(
            [
                {"version": v.number, "happened_at": v.happened_at, "recorded_at": v.recorded_at, "state": v.state,
                 "by": v.by, "why": v.why, "changed": _shown(v.changed)}
                for v in lines
            ]
        )  # fmt: skip
        return
    print_table(
        ["No.", "Happened", "Recorded", "By", "Why", "Changed"],
        rows=[
            (v.number, f"{v.happened_at:%Y-%m-%d %H:%M}", f"{v.recorded_at:%Y-%m-%d %H:%M}", v.by, v.why,
             "\n".join(f"{n}: {a} → {b}" for n, (a, b) in _shown(v.changed).items()))
            for v in lines
        ],
    )  # fmt: skip


@camera.command()
@click.argument("code")
@click.option("--why", required=True, help="The reason, kept in the journal with your name.")
@as_json
def secret(code: str, why: str, json_wanted: bool) -> None:
    """Show log-in, password and stream address of a camera's device. Every look is kept."""
    shown = vault.reveal(code, why=why, by=console_actor(), at=now(), within=within("see_secrets"))
    if json_wanted:
        print_json(shown)
        return
    print_table(
        ["Field", "Secret", "Source", "Said"],
        rows=[
            (s.field, "(damaged)" if s.text is None else s.text, s.source_ref, f"{s.said_at:%Y-%m-%d}") for s in shown
        ],
        title=queries.plain_code(code),
    )


@camera.command()
@click.option("--format", "format_", required=True, type=click.Choice(list(exporting.EXPORTS)))
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def export(format_: str, output: Path) -> None:
    """Export all cameras; stream addresses and other secrets stay here."""
    details = {"format": format_, "file": output.name}
    looked(subject="camera:all", what="exported", by=console_actor(), at=now(), details=details)
    count = exporting.export_cameras(output, format=format_, within=within("export"))
    click.echo(f"{count} cameras written to {output}")


@camera.command(name="set")
@click.argument("code")
@click.argument("assignments", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.option("--why", required=True, help="The reason, kept in the history.")
def set_(code: str, assignments: tuple[str, ...], why: str) -> None:
    """Pin values by hand: they outrank every other source.

    device_login, device_password and stream_url are kept sealed; give them as FIELD=- to be asked without an echo.
    """
    values = dict(_assignment(text) for text in assignments)
    card = queries.camera_card(code, within=within("edit"))
    require("edit", **card.line.qualities)
    actions.pin_values(
        code, values=values, by=console_actor(), at=now(), why=why, version=card.version, within=within("edit")
    )
    click.echo(f"{code}: {', '.join(values)} pinned.")


@camera.command()
@click.argument("code")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@click.option("--why", required=True, help="The reason, kept in the history.")
def unset(code: str, fields: tuple[str, ...], why: str) -> None:
    """Let values go that a person has pinned: the sources decide again."""
    card = _editable(code)
    values: dict[str, Value | None] = dict.fromkeys(fields)
    unknown = sorted(set(fields) - edits.pinned_on(card.line.code, within=within("edit")).keys())
    if unknown:
        raise InvalidInput(msg("Nobody has pinned {value} on this camera."), value=", ".join(unknown))
    editing.edit_camera(
        card.line.code, values=values, by=console_actor(), at=now(), why=why, version=card.version,
        within=within("edit"),
    )  # fmt: skip
    click.echo(f"{card.line.code}: {', '.join(fields)} let go.")


@camera.command()
@click.argument("code")
@click.option("--why", required=True, help="The reason, kept in the history.")
def undo(code: str, why: str) -> None:
    """Take the last edit of a camera back; once more does it again."""
    card = _editable(code)
    last = edits.last_edit(card.line.code, within=within("edit"))
    if last is None:
        raise InvalidInput(msg("Nobody has edited camera {value}: there is nothing to take back."), value=code)
    editing.undo_edit(card.line.code, by=console_actor(), at=now(), why=why, edit=last.number, within=within("edit"))
    click.echo(f"{card.line.code}: {', '.join(last.changed)} as before.")


@camera.command()
@click.argument("owner")
@click.argument("assignments", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.option("--why", required=True, help="How the camera is known, kept in the history.")
@click.option("--reference", default="", help="The owner's own number of it; the same again enters nothing twice.")
@click.option("--another", is_flag=True, help="Enter it although the register has cameras that it may be.")
def add(owner: str, assignments: tuple[str, ...], why: str, reference: str, another: bool) -> None:
    """Enter a camera that no list has, in the name of its owner."""
    values = dict(_assignment(text) for text in assignments)
    told = {name: str(values.get(name, "")) for name in ("district", "kind", "purpose")}
    require("edit", owner=owner, **told)
    alike = [] if another else cameras_alike(values, owner=owner, within=within())
    if alike:
        codes = ", ".join(f"{one.line.code} ({one.probability:.0%})" for one in alike)
        raise InvalidInput(msg("The register has cameras that this may be: {value}. Look, then add --another."),
                           value=codes)  # fmt: skip
    named = reference or f"console-{token_hex(8)}"
    code, new = enter_camera(owner, reference=named, values=values, by=console_actor(), at=now(), why=why)
    click.echo(f"{code} entered." if new else f"{code} was entered before.")


@camera.command()
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--what", default="", help="What it shows or says, in a few words.")
def attach(code: str, file: Path, what: str) -> None:
    """Keep a photo or a document with a camera, sealed; who, when and what stand in the journal."""
    card = _editable(code)
    number = attaching.attach(card.line.code, path=file, what=what, by=console_actor(), at=now())
    click.echo(f"{card.line.code}: {file.name} kept as attachment {number}.")


def _editable(code: str) -> queries.CameraCard:
    card = queries.camera_card(code, within=within("edit"))
    require("edit", **card.line.qualities)
    return card


def _assignment(text: str) -> tuple[str, str | float]:
    name, equals, value = text.partition("=")
    if equals and name in SECRET_FIELDS:
        return name, click.prompt(name, hide_input=True) if value == "-" else value
    field = FIELDS.get(name)
    if not equals or field is None:
        raise InvalidInput(msg("“{value}” is not FIELD=VALUE with a known field."), value=text)
    if field.type in ("number", "integer"):
        try:
            return name, float(value)
        except ValueError as wrong:
            raise InvalidInput(msg("{field} takes a number, “{value}” is none."), field=name, value=value) from wrong
    return name, value


def _shown(values: dict[str, T]) -> dict[str, T]:
    return {name: value for name, value in values.items() if name not in FIELDS or not FIELDS[name].secret}


def _place(values: dict[str, Value]) -> str:
    if values.get("address"):
        return str(values["address"])
    return f"{values['lat_deg']}, {values['lon_deg']}" if "lat_deg" in values else ""
