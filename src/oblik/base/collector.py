"""Python's garbage collector, held still while something builds very many values at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """No collection inside. Reading and cleaning a list make no circles but millions of texts and tuples, which the
    collector would walk again and again: a tenth to a third of the time for 100,000 rows (benchmarks/intake_speed)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
