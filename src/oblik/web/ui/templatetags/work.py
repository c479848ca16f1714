"""Words for long work: what it is, which step runs, why it failed, where it ends."""

from collections.abc import Mapping
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from oblik.intake.running import JobLine
from oblik.web.ui.columns import ROW_ROLES
from oblik.web.ui.labels import Label

register = template.Library()

TITLES: Final[dict[str, Label]] = {
    "look": _("Looking at the file"),
    "read_list": _("Reading the list"),
    "match": _("Finding which rows are the same camera"),
    "documents": _("Writing the documents"),
}
STEPS: Final[dict[str, Label]] = {
    "reading": _("Opening the file"),
    "understanding": _("Finding the table and its columns"),
    "cleaning": _("Cleaning the values"),
    "comparing": _("Comparing with the older list"),
    "storing": _("Storing"),
    "loading": _("Loading the records"),
    "candidates": _("Finding candidates"),
    "scoring": _("Weighing pairs"),
    "assigning": _("Assigning rows to cameras"),
    "registering": _("Writing the register"),
    "documents": _("Writing documents"),
    "sealing": _("Sealing"),
}
# How much of the whole each step usually takes. Measured on lists of 100,000 rows.
SHARES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "look": (("reading", 0.8), ("understanding", 0.2)),
    "read_list": (("reading", 0.3), ("cleaning", 0.4), ("comparing", 0.05), ("storing", 0.25)),
    "match": (("loading", 0.1), ("scoring", 0.45), ("assigning", 0.15), ("registering", 0.3)),
    "documents": (("documents", 1.0),),
}


@register.filter
def job_title(job: JobLine) -> Label:
    return TITLES.get(job.kind, job.kind)


@register.filter
def job_step(job: JobLine) -> Label:
    """What happens now, in words."""
    if job.state == "waiting":
        if not job.ahead:
            return gettext("Waits for its turn")
        return ngettext("Waits for %(n)d other", "Waits for %(n)d others", job.ahead) % {"n": job.ahead}
    if job.state == "running":
        return STEPS.get(job.step, _("Under way"))
    return _("Done") if job.state == "done" else _("Stopped by an error")


@register.filter
def job_percent(job: JobLine) -> int:
    """How much of the whole is done, from 0 to 100."""
    if job.state != "running":
        return 100 if job.state == "done" else 0
    done = 0.0
    for step, share in SHARES.get(job.kind, ()):
        if step == job.step:
            return int(100 * (done + share * min(1.0, job.share)))
        done += share
    return int(100 * min(1.0, job.share))


@register.filter
def job_address(job: JobLine) -> str:
    """The page on which the work ends."""
    if job.kind == "look":
        return reverse("list-upload", args=[job.args["upload"]])
    if job.kind == "read_list":
        return reverse("list", args=[job.args["submission"]])
    if job.kind == "documents":
        return f"{reverse('documents-of', args=[job.campaign])}?language={job.args.get('language', '')}"
    return reverse("campaign", args=[job.campaign])


@register.filter
def row_role(role: str) -> Label:
    """Why a row holds no camera; "" for a row that does."""
    return ROW_ROLES.get(role, "")


@register.filter
def failure_text(failure: Mapping[str, Any]) -> str:
    """Why something could not be done, in the language of the page: an error as it was kept."""
    said = gettext(str(failure.get("template", ""))) if failure.get("template") else str(failure.get("code", ""))
    params = failure.get("params")
    return said.format(**params) if isinstance(params, dict) and params else said
