"""What an inspection of our own data finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold. rule names it, subject is where, said tells a person."""

    rule: str
    subject: str
    said: str
