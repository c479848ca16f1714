"""Who owns, maintains and watches the demo city's cameras, and which lists a camera of each kind of site stands in."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Owner:
    """kind is one of department, enterprise, state, private."""

    code: str
    name: str
    kind: str


OWNERS: Final = (
    Owner("DCT", "Департамент цифрової трансформації", "department"),
    Owner("EDU", "Департамент освіти", "department"),
    Owner("SVT", "КП «Міськсвітло»", "enterprise"),
    Owner("TRN", "КП «Міськелектротранспорт»", "enterprise"),
    Owner("ZHK", "КП «Житлосервіс»", "enterprise"),
    Owner("SHL", "КП «Шляхи і мости»", "enterprise"),
    Owner("POL", "Управління патрульної поліції", "state"),
    Owner("TRC", "ТОВ «Торгові центри «Оріон»", "private"),
    Owner("SEC", "ТОВ «Охоронна фірма «Бастіон»", "private"),
    Owner("OSM", "Волонтери OpenStreetMap", "private"),
)
UPDATER: Final = "DCT"  # the owner who sends a newer list
Lists = tuple[str, ...]
Choice = tuple[tuple[float, Lists], ...]

# The first list of each choice is the balance holder's. Weights give about 35 % in two lists and 10 % in three.
_STREET: Final[Choice] = (
    (0.30, ("DCT",)), (0.08, ("SVT",)), (0.07, ("POL",)), (0.18, ("DCT", "POL")), (0.17, ("DCT", "SVT")),
    (0.06, ("SVT", "POL")), (0.14, ("DCT", "SVT", "POL")),
)  # fmt: skip
MEMBERSHIP: Final[dict[str, dict[str, Choice]]] = {
    "default": {
        "crossing": _STREET,
        "square": _STREET,
        "bridge": ((0.45, ("SHL",)), (0.35, ("SHL", "POL")), (0.20, ("SHL", "DCT", "POL"))),
        "school": ((0.56, ("EDU",)), (0.20, ("EDU", "SEC")), (0.17, ("EDU", "DCT")), (0.07, ("EDU", "SEC", "DCT"))),
        "courtyard": ((0.60, ("ZHK",)), (0.20, ("ZHK", "SEC")), (0.14, ("ZHK", "DCT")), (0.06, ("ZHK", "SVT", "DCT"))),
        "stop": ((0.50, ("TRN",)), (0.20, ("TRN", "DCT")), (0.15, ("TRN", "POL")), (0.15, ("TRN", "DCT", "POL"))),
        "shop": ((0.70, ("SEC",)), (0.30, ("SEC", "POL"))),
        "mall": ((0.66, ("TRC",)), (0.34, ("TRC", "SEC"))),
    },
    "other": {
        "crossing": ((0.2, ("SVT",)), (0.2, ("DCT",)), (0.25, ("SVT", "POL")), (0.1, ("SHL", "SVT")),
                     (0.1, ("DCT", "POL")), (0.15, ("SVT", "DCT", "POL"))),
        "square": ((0.5, ("DCT",)), (0.3, ("DCT", "POL")), (0.2, ("DCT", "SVT", "POL"))),
        "bridge": ((0.3, ("SHL",)), (0.4, ("SHL", "SVT")), (0.3, ("SHL", "SVT", "POL"))),
        "school": ((0.45, ("EDU",)), (0.35, ("EDU", "SEC")), (0.20, ("EDU", "DCT", "SEC"))),
        "courtyard": ((0.45, ("ZHK",)), (0.25, ("ZHK", "DCT")), (0.2, ("ZHK", "POL")), (0.1, ("ZHK", "DCT", "POL"))),
        "stop": ((0.4, ("TRN",)), (0.4, ("TRN", "SVT")), (0.2, ("TRN", "SVT", "POL"))),
        "shop": ((0.5, ("SEC",)), (0.3, ("SEC", "POL")), (0.2, ("SEC", "DCT"))),
        "mall": ((0.5, ("TRC",)), (0.5, ("TRC", "SEC"))),
    },
}  # fmt: skip
SHARES: Final[dict[str, dict[str, float]]] = {  # of all cameras, by kind of site
    "default": {"crossing": 0.37, "square": 0.05, "bridge": 0.04, "school": 0.17, "courtyard": 0.12, "stop": 0.07,
                "shop": 0.08, "mall": 0.10},
    "other": {"crossing": 0.30, "square": 0.08, "bridge": 0.05, "school": 0.15, "courtyard": 0.18, "stop": 0.08,
              "shop": 0.10, "mall": 0.06},
}  # fmt: skip
MAPPED_BY_VOLUNTEERS: Final = {"crossing": 0.09, "square": 0.12, "bridge": 0.1, "stop": 0.08, "shop": 0.1, "mall": 0.01}
