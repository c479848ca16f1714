"""The table of all kinds of work that a worker does, from every room."""

from typing import Final

from oblik.intake import jobs as intake
from oblik.inventory import jobs as inventory

KINDS: Final[intake.Kinds] = {**intake.KINDS, **inventory.KINDS}
