"""The inventory's own invariants, looked at one by one."""

from collections.abc import Iterator

from oblik.base.errors import OblikError
from oblik.base.findings import Broken
from oblik.inventory import queries

RULES = ("figures_close",)


def broken() -> Iterator[Broken]:
    """Every campaign whose figures do not close; nothing where all is well."""
    for campaign in queries.campaigns():
        try:
            queries.campaign_figures(campaign.code)
        except OblikError as wrong:
            yield Broken("figures_close", f"inventory:{campaign.code}", str(wrong))
