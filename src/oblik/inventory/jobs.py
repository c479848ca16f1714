"""The papers of a campaign as work for a worker."""

from collections.abc import Mapping
from typing import Final

from oblik.intake.jobs import Kind, Kinds, Order
from oblik.inventory import actions, queries


def _documents(order: Order) -> Mapping[str, object]:
    """args: language."""
    language = str(order.args["language"])
    folder = queries.documents_folder(order.campaign, language=language)
    written = actions.write_documents(
        order.campaign, directory=folder, language=language, by=order.by, at=order.at, progress=order.progress
    )
    return {"language": language, "files": len(written)}


KINDS: Final[Kinds] = {"documents": Kind(_documents)}
