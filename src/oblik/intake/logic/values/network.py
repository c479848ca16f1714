"""Network addresses in one cell: one, a list, a range, a whole network, with or without a port."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from oblik.intake.logic.values.texts import plain

MOST_IN_A_RANGE: Final = 256

_IP = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_PLAIN_IP: Final = re.compile(rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}")
_COMMAS: Final = re.compile(r"^(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})$")
_PIECE: Final = re.compile(
    rf"(?P<ip>{_IP})(?!\d)(?:\s*/\s*(?P<mask>\d{{1,2}}))?(?::(?P<port>\d{{1,5}}))?"
    rf"(?:\s*(?:[-–—…]|\.\.+)\s*(?P<end>{_IP}|\.?\d{{1,3}})(?![\d.]))?"
    r"|(?P<tail>(?<![\d.])\.?\d{1,3})(?![\d.])(?:\s*(?:[-–—…]|\.\.+)\s*(?P<tail_end>\.?\d{1,3})(?![\d.]))?"
)
_PORT: Final = re.compile(r"(?:порт|port)\s*[:№=]?\s*(\d{1,5})", re.IGNORECASE)
_DYNAMIC: Final = re.compile(r"dhcp|динам|dynam|аналог|analog", re.IGNORECASE)


class Network(NamedTuple):
    """The addresses of one cell in the order written, each once, and the port if one was written."""

    ips: tuple[str, ...]
    port: int | None = None


def network(text: str) -> tuple[Network | None, str | None]:
    """Every address of the cell; "not_an_ip" where one cannot be read.

    A range or list such as 10.1.2.11-14 or 10.1.2.11, .12 is expanded up to 256 addresses, beyond which only the first
    is kept with "range_not_expanded". A whole network (10.1.2.0/24) gives (None, "network_not_expanded"): it says
    where cameras are, not how many. An address with its mask (10.1.2.11/24) is one address.
    """
    if _PLAIN_IP.fullmatch(text):
        return (None, "not_an_ip") if text == "0.0.0.0" else (Network((text,)), None)
    text = plain(text)
    if not text or _DYNAMIC.search(text):
        return None, None
    if commas := _COMMAS.match(text):
        text = ".".join(commas.groups())
    if ":" in text and "." not in text:
        return _sixth_version(text)
    return _collected(text)


def plain_ips(texts: Iterable[str]) -> dict[str, str]:
    """The texts that are one address as it should be written, each with itself; `network` says the same, slower."""
    return {text: text for text in texts if _PLAIN_IP.fullmatch(text) and text != "0.0.0.0"}


def ip(text: str) -> tuple[str | None, str | None]:
    """The first address of the cell."""
    found, code = network(text)
    return (found.ips[0] if found else None), code


def _sixth_version(text: str) -> tuple[Network | None, str | None]:
    try:
        return Network((str(ipaddress.IPv6Address(text.strip("[]"))),)), None
    except ValueError:
        return None, "not_an_ip"


def _address(text: str) -> str | None:
    parts = [int(part) for part in text.split(".")]
    if max(parts) > 255 or parts == [0, 0, 0, 0]:
        return None
    return ".".join(map(str, parts))


def _collected(text: str) -> tuple[Network | None, str | None]:
    ips: dict[str, None] = {}
    port, code, prefix = None, None, ""
    if named := _PORT.search(text):
        port, text = _port(named[1]), _PORT.sub(" ", text)
    for found in _PIECE.finditer(text):
        if found["ip"]:
            address = _address(found["ip"])
            if address is None:
                return None, "not_an_ip"
            if found["mask"] and _is_whole_network(address, int(found["mask"])):
                return None, "network_not_expanded"
            prefix = address.rpartition(".")[0]
            port = port or _port(found["port"])
            piece, end = address, found["end"]
        elif prefix:
            piece, end = f"{prefix}.{found['tail'].lstrip('.')}", found["tail_end"]
        else:
            continue
        expanded = _range(piece, end, prefix=prefix)
        if expanded is None:
            return None, "not_an_ip"
        if len(expanded) > MOST_IN_A_RANGE:
            expanded, code = expanded[:1], "range_not_expanded"
        ips.update(dict.fromkeys(expanded))
    return (Network(tuple(ips), port), code) if ips else (None, "not_an_ip")


def _port(text: str | None) -> int | None:
    return int(text) if text and 1 <= int(text) <= 65535 else None


def _is_whole_network(address: str, mask: int) -> bool:
    if mask > 31:
        return False
    try:
        ipaddress.IPv4Network(f"{address}/{mask}")
    except ValueError:
        return False  # host bits are set: it is one address written with its mask
    return True


def _range(start: str, end: str | None, *, prefix: str) -> list[str] | None:
    """All addresses from start to end; None where they make no range."""
    if end is None:
        only = _address(start)
        return [only] if only else None
    last = end if end.count(".") == 3 else f"{prefix}.{end.lstrip('.')}"
    if not _address(start) or not _address(last):
        return None
    low, high = int(ipaddress.IPv4Address(_address(start))), int(ipaddress.IPv4Address(_address(last)))
    if high < low:
        return None
    return [str(ipaddress.IPv4Address(low + step)) for step in range(min(high - low, MOST_IN_A_RANGE) + 1)]
