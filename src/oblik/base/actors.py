"""Who does something: a person, a command typed at the console, or a model."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """kind says what stands behind the name; name is a sign-in name, an operating-system user or a model version."""

    kind: Literal["person", "console", "model"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"
