"""What is wrong with the journal, in sentences."""

from collections.abc import Iterable

from django.utils.translation import gettext

from oblik.journal.logic.chain import SAID, Fault


def told(faults: Iterable[Fault]) -> list[str]:
    """A sentence for each fault, in the language of whoever asks."""
    return [gettext(SAID[fault.kind]).format(**fault.params) for fault in faults]
