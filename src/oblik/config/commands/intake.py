"""`oblik intake`: owners' lists come in; a report tells what became of each row."""

import sys
from pathlib import Path

import click

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, OblikError, msg
from oblik.config.commands.output import as_json, console_actor, print_json, print_table, progress_bar, sentence
from oblik.config.commands.rights import require_list, within
from oblik.intake import queries
from oblik.intake.actions import lists
from oblik.intake.logic.mapping import parse_mapping
from oblik.intake.sentences import problem_text
from oblik.inventory import queries as inventory


@click.group()
def intake() -> None:
    """Lists as owners hand them in: received, read, cleaned, and reported row by row."""


@intake.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--owner", required=True, help="Code of the owner whose list it is.")
@click.option("--campaign", required=True, help="Code of the campaign it is handed in for.")
@click.option("--sheet", default="", help="Read this sheet alone.")
@click.option("--mapping", "mapping_file", type=click.Path(path_type=Path), help="TOML file: what each column means.")
@as_json
def add(
    files: tuple[Path, ...], owner: str, campaign: str, sheet: str, mapping_file: Path | None, json_wanted: bool
) -> None:
    """Hand in one or more lists. The same file again changes nothing; an unreadable one is kept and named."""
    require_list("hand_in", owner=owner, campaign=campaign)
    inventory.require_open(campaign, within=within("hand_in"))
    mapping = _mapping(mapping_file) if mapping_file else None
    done: list[dict[str, object]] = []
    for path in files:
        try:
            with progress_bar(path.name) as progress:
                got = lists.add_list(
                    path, owner=owner, campaign=campaign, by=console_actor(), at=now(), sheet=sheet, mapping=mapping,
                    progress=progress,
                )  # fmt: skip
            line = queries.submission(got.submission, within=within("hand_in"))
            done.append(
                {"file": path.name, "submission": got.submission, "known": got.known, "rows": got.rows,
                 "records": got.records, "verdicts": line.verdicts, "replaces": line.replaces,
                 "vanished": line.vanished, "columns": line.understood}
            )  # fmt: skip
        except OblikError as wrong:
            if wrong.code == "not_found":
                raise
            done.append({"file": path.name, "error": wrong.code, "message": sentence(wrong)})
    if json_wanted:
        print_json(done)
    else:
        for entry in done:
            _tell(entry)
    if any("error" in entry for entry in done):
        sys.exit(1)


def _mapping(path: Path) -> dict[str, str]:
    try:
        return parse_mapping(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise InvalidInput(
            msg("The mapping file “{value}” cannot be read: {reason}. It must be TOML in UTF-8."),
            value=str(path), reason=str(wrong),
        ) from wrong  # fmt: skip


def _tell(entry: dict[str, object]) -> None:
    if "error" in entry:
        click.echo(f"{entry['file']}: {entry['message']}", err=True)
        return
    verdicts = entry["verdicts"] if isinstance(entry["verdicts"], dict) else {}
    said = ", ".join(f"{n} {verdict}" for verdict, n in sorted(verdicts.items())) or "no cameras found"
    known = " (handed in before: nothing changed)" if entry["known"] else ""
    click.echo(f"{entry['file']}: submission {entry['submission']}{known}")
    click.echo(f"  {entry['rows']} rows, {entry['records']} expected cameras: {said}")
    if entry["replaces"]:
        click.echo(
            f"  a newer state of submission {entry['replaces']}; {entry['vanished']} vanished, to be asked about"
        )
    columns = entry["columns"] if isinstance(entry["columns"], list) else []
    for sheet in columns:
        if sheet["hidden"]:
            continue
        guesses = [
            (c["header"] or f"column {c['index'] + 1}", c["target"] or "not understood", f"{c['confidence']:.0%}",
             c["by"],
             "; ".join(c["examples"][:2]))
            for c in sheet["columns"]
        ]  # fmt: skip
        print_table(["Column", "Taken as", "Sure", "By", "Examples"], rows=guesses, title=sheet["sheet"])


@intake.command(name="list")
@click.option("--campaign", default="", help="Of this campaign alone.")
@as_json
def list_(campaign: str, json_wanted: bool) -> None:
    """List what was handed in."""
    found = queries.submissions(campaign=campaign, within=within())
    if json_wanted:
        print_json(
            [
                {"submission": s.id, "campaign": s.campaign, "owner": s.owner, "file": s.file_name, "state": s.state,
                 "received_at": s.received_at, "verdicts": s.verdicts, "replaces": s.replaces,
                 "replaced_by": s.replaced_by, "vanished": s.vanished}
                for s in found
            ]
        )  # fmt: skip
        return
    print_table(
        ["No.", "Campaign", "Owner", "File", "State", "Rows by verdict"],
        rows=[
            (s.id, s.campaign, s.owner, s.file_name, s.state, ", ".join(f"{n} {v}" for v, n in s.verdicts.items()))
            for s in found
        ],
    )


@intake.command()
@click.argument("submission", type=int)
@click.option("--problems", "problems_only", is_flag=True, help="Only rows with a problem.")
@as_json
def report(submission: int, problems_only: bool, json_wanted: bool) -> None:
    """Report each row of a list: its verdict, and each problem with cell, value and remedy."""
    line = queries.submission(submission, within=within())
    rows = [_row(row) for row in queries.report(submission, within=within()) if row.problems or not problems_only]
    if json_wanted:
        print_json(
            {"submission": line.id, "file": line.file_name, "owner": line.owner, "campaign": line.campaign,
             "state": line.state, "failure": line.failure, "replaces": line.replaces, "vanished": line.vanished,
             "verdicts": line.verdicts, "columns": line.understood, "rows": rows}
        )  # fmt: skip
        return
    if line.state == "failed":
        click.echo(f"{line.file_name} could not be read: {line.failure.get('template', '')}", err=True)
    print_table(
        ["Row", "Verdict", "Problems"],
        rows=[(row["ref"], row["verdict"], _lines(row["problems"])) for row in rows],
        title=f"{line.file_name} ({line.owner})",
    )


def _row(row: queries.ReportedRow) -> dict[str, object]:
    problems = []
    for p in row.problems:
        sentence, remedy = problem_text(p.code, column=p.column, value=p.value, field=p.field)
        problems.append(
            {
                "code": p.code,
                "field": p.field,
                "cell": p.column,
                "value": p.value,
                "message": sentence,
                "remedy": remedy,
            }
        )
    return {
        "sheet": row.sheet, "row": row.row, "ref": row.ref, "role": row.role, "verdict": row.verdict,
        "records": row.records, "problems": problems, "cells": row.cells, "values": row.values,
    }  # fmt: skip


def _lines(problems: object) -> str:
    assert isinstance(problems, list)
    return "\n".join(f"{p['message']} {p['remedy']}" for p in problems)
