"""`oblik match`: which rows are the same camera."""

import csv
from pathlib import Path

import click

from oblik.base.clock import now
from oblik.config.commands.output import as_json, console_actor, print_json, print_table, progress_bar
from oblik.config.commands.rights import require_everywhere, within
from oblik.intake import explaining, queries
from oblik.intake.actions import judgements, matching
from oblik.intake.refs import find_record
from oblik.inventory import queries as inventory
from oblik.journal.actions import looked
from oblik.registry import queries as registry
from oblik.registry.logic.export_table import harmless


@click.group()
def match() -> None:
    """Which rows are the same camera: run the model, export, explain, judge by hand."""


@match.command()
@click.option("--campaign", required=True)
@as_json
def run(campaign: str, json_wanted: bool) -> None:
    """Find candidates, score them, decide, and write the register. Safe to repeat and to stop."""
    inventory.require_open(campaign, within=within("judge"))
    require_everywhere("judge", campaign=campaign)
    with progress_bar(f"Matching {campaign}") as progress:
        summary = matching.run_matching(campaign, by=console_actor(), at=now(), progress=progress)
    if json_wanted:
        print_json(summary)
        return
    print_table(
        ["Records", "Stood before", "Matched", "New", "Duplicates", "For review", "Cameras added"],
        rows=[
            (summary.records, summary.settled, summary.matched, summary.new, summary.duplicate, summary.review,
             summary.cameras_added)
        ],
        title=f"Run {summary.run}, model {summary.model}, {summary.pairs} pairs scored",
    )  # fmt: skip


@match.command()
@click.option("--campaign", required=True)
@click.option("--csv", "output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def export(campaign: str, output: Path) -> None:
    """Write what became of each row: one line per row and camera, waiting rows once per proposed camera."""
    inventory.require(campaign, within=within())
    subject, details = f"campaign:{campaign}", {"format": "csv", "file": output.name}
    looked(subject=subject, what="exported", by=console_actor(), at=now(), details=details)
    count = 0
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["submission", "file", "sheet", "row", "camera", "decision", "probability"])
        for line in queries.decisions(campaign, within=within()):
            writer.writerow([harmless(cell) for cell in line])
            count += 1
    click.echo(f"{count} lines written to {output}")


@match.command()
@click.argument("row")
@click.argument("other")
@as_json
def explain(row: str, other: str, json_wanted: bool) -> None:
    """Tell why two rows are, or are not, the same camera: each comparison with its weight in bits.

    A row is named SUBMISSION:SHEET:ROW as in the report, with .PART where it stands for several cameras.
    """
    left, right = find_record(row, within=within()), find_record(other, within=within())
    found = explaining.explain_records(left.record, right.record)
    if json_wanted:
        print_json({"left": str(left), "right": str(right), "explanation": found})
        return
    rows = [(r.comparison_label, r.level_label, _said(r.left), _said(r.right), f"{r.bits:+.2f}") for r in found.reasons]
    start = ("before looking", "", "", "", f"{found.prior_bits:+.2f}")
    end = ("in all", f"probability {found.probability:.4f}", "", "", f"{found.total_bits:+.2f}")
    print_table(
        ["Comparison", "Outcome", str(left), str(right), "Bits"],
        rows=[start, *rows, end],
        title=f"Model {found.model}{', two rows of one list' if found.inside else ''}",
    )


def _said(values: dict[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


@match.command()
@click.argument("row")
@click.argument("camera")
@click.argument("verdict", type=click.Choice(["same", "different", "unsure"]))
@click.option("--why", required=True, help="The reason; it is kept with the judgement.")
def judge(row: str, camera: str, verdict: judgements.Verdict, why: str) -> None:
    """Say whether a row is that camera. A person's word outranks every run of the model."""
    seen = within("judge")
    ref = find_record(row, within=seen)
    registry.standing_id(camera, within=seen)
    code = judgements.judge(ref.record, camera=camera, verdict=verdict, by=console_actor(), at=now(), why=why)
    click.echo(f"{ref} stands for {code}." if code else f"{ref} waits for review.")
