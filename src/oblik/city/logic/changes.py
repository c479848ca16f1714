"""What a newer extract changes: which of its things are new, which changed, which vanished."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


def digest(*parts: object) -> int:
    """A number of 63 bits that changes when one of the parts does; the same for the same parts on any machine."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big") >> 1


class Standing:
    """What stands before a load: ids, their reference (an object's own number in the source) and their digest."""

    def __init__(self, ids: Sequence[int], refs: Sequence[int], digests: Sequence[int]) -> None:
        order = np.argsort(np.asarray(refs, dtype=np.int64), kind="stable")
        self._ids: Integers = np.asarray(ids, dtype=np.int64)[order]
        self._refs: Integers = np.asarray(refs, dtype=np.int64)[order]
        self._digests: Integers = np.asarray(digests, dtype=np.int64)[order]
        self._seen = np.zeros(len(order), dtype=bool)
        self._met: set[int] = set()
        self.unchanged = 0
        self.changed = 0
        self.added = 0

    def fresh(self, refs: Sequence[int], digests: Sequence[int]) -> tuple[list[int], list[int]]:
        """Positions of what must be written, and the ids of older versions which that ends.

        New or changed things are written; a reference met before in this load is dropped.
        """
        write, end = [], []
        asked = np.asarray(refs, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._refs, asked), max(len(self._refs) - 1, 0))
        known = self._refs[at] == asked if len(self._refs) else np.zeros(len(asked), dtype=bool)
        for position, ref in enumerate(refs):
            if ref in self._met:
                continue
            self._met.add(ref)
            if not known[position]:
                self.added += 1
                write.append(position)
                continue
            here = at[position]
            self._seen[here] = True
            if self._digests[here] == digests[position]:
                self.unchanged += 1
                continue
            self.changed += 1
            write.append(position)
            end.append(int(self._ids[here]))
        return write, end

    def vanished(self) -> list[int]:
        """Ids of what the load no longer held."""
        return [int(one) for one in self._ids[~self._seen]]
