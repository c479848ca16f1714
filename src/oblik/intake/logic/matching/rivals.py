"""How sure a pairing is once its rivals are counted: marginals of a one-to-one matching."""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]

CEILING_BITS: Final = 30.0  # beyond one in a thousand million the figures are made up, and sums lose their small terms
ROUNDS: Final = 60
SETTLED: Final = 1e-4


def pairing_probabilities(rows: Indexes, columns: Indexes, bits: Floats) -> Floats:
    """Per edge the probability that this row and this column are one, if each has at most one partner.

    rows, columns: (n,) numbers from 0; bits: (n,) log2 of the odds of the pair against both staying alone. A lone edge
    gives odds / (1 + odds); two equal candidates share; a candidate that surely belongs to another is out of the way.
    Belief propagation for monomer-dimer systems, exact on trees (Bayati, Gamarnik, Katz, Nair, Tetali 2007,
    "Simple deterministic approximation algorithms for counting matchings"). Empty gives empty.
    """
    if len(rows) == 0:
        return np.zeros(0)
    odds = np.exp2(np.clip(bits, -CEILING_BITS, CEILING_BITS))
    to_column = np.ones(len(rows))
    to_row = np.ones(len(rows))
    for _ in range(ROUNDS):
        new_column = _message(rows, odds * to_row)
        new_row = _message(columns, odds * to_column)
        moved = max(_moved(to_column, new_column), _moved(to_row, new_row))
        # The geometric mean keeps two equal rivals from swinging between all and nothing.
        to_column, to_row = np.sqrt(to_column * new_column), np.sqrt(to_row * new_row)
        if moved < SETTLED:
            break
    joint = odds * to_column * to_row
    return np.asarray(joint / (1.0 + joint))


def _message(nodes: Indexes, weights: Floats) -> Floats:
    total = np.bincount(nodes, weights=weights)
    return np.asarray(1.0 / (1.0 + np.maximum(total[nodes] - weights, 0.0)))


def _moved(old: Floats, new: Floats) -> float:
    return float(np.max(np.abs(np.log(old) - np.log(new))))
