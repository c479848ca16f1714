"""What the table and the map are asked to show, read from the address and written back into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest

from oblik.registry import queries as registry
from oblik.registry.logic.fields import KINDS, STATES
from oblik.web.desk.access import seen_by
from oblik.web.ui import labels

LONGEST_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Each is empty where nothing is asked; unknown choices of an old or mistyped address are dropped."""

    text: str = ""
    owner: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        kind, state = query.get("kind", ""), query.get("state", "")
        return cls(
            text=query.get("text", "").strip()[:LONGEST_TEXT],
            owner=query.get("owner", "").strip()[:40],
            kind=kind if kind in (*KINDS, "unknown") else "",
            state=state if state in STATES else "",
        )

    @property
    def asked(self) -> dict[str, str]:
        """The filters that are set, by their names in an address."""
        every = {"text": self.text, "owner": self.owner, "kind": self.kind, "state": self.state}
        return {name: value for name, value in every.items() if value}

    @property
    def address(self) -> str:
        """The filters as the query part of an address, without the question mark."""
        return urlencode(self.asked)


def choices(request: HttpRequest) -> dict[str, object]:
    """What the filter form offers to this person."""
    return {
        "owners": registry.owners(within=seen_by(request)),
        "kinds": labels.KINDS.items(),
        "states": labels.STATES.items(),
    }


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for, 1 where it asks for none or for nonsense."""
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1
