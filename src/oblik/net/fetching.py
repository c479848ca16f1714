"""Fetches what stands at an address that a person typed, without being sent anywhere else."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from oblik.base.addresses import POLICIES, Ip, Target, judge_answers, target_of
from oblik.base.errors import InvalidInput, msg

_BLOCK: Final = 65_536
_MOST_TURNS: Final = 3
_REDIRECTS: Final = (301, 302, 303, 307, 308)

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: the address that answered in the end, its status, its media type and the whole body."""

    address: str
    status: int
    media_type: str
    body: bytes


def addresses_of(host: str, port: int) -> list[str]:
    """Every address that the system's resolver knows for a host; InvalidInput where it knows none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as wrong:
        raise InvalidInput(msg("Nobody knows the host “{value}”; check the address."), value=host) from wrong
    return [str(answer[4][0]) for answer in found]


def fetch(
    text: str, *, purpose: str, resolver: Resolver = addresses_of, trust: ssl.SSLContext | None = None
) -> Fetched:
    """What stands at the address, after at most three redirects, each judged as if a person had typed it.

    The host is resolved once and the checked answer is the one connected to: a name server that answers differently a
    moment later changes nothing. InvalidInput for an address that the purpose may not open, for too many redirects, for
    a body larger or slower than the purpose's policy, and for a connection that fails.
    """
    policy = POLICIES[purpose]
    until_s = time.monotonic() + policy.timeout_s
    for _turn in range(_MOST_TURNS + 1):
        target = target_of(text, purpose=purpose)
        checked = judge_answers(resolver(target.host, target.port), purpose=purpose, text=text)
        try:
            status, headers, body = _ask(target, ip=checked[0], most=policy.most_bytes, until_s=until_s, trust=trust)
        except (OSError, http.client.HTTPException) as wrong:
            raise InvalidInput(msg("“{value}” does not answer; try again later."), value=target.host) from wrong
        place = headers.get("Location", "")
        if status not in _REDIRECTS or not place:
            return Fetched(text, status, headers.get("Content-Type", ""), body)
        text = urljoin(text, place)
    raise InvalidInput(msg("“{value}” sends on too often; give the address where it ends."), value=target.host)


def _ask(
    target: Target, *, ip: Ip, most: int, until_s: float, trust: ssl.SSLContext | None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One question to one checked address. No cookies, no credentials, no proxy of the environment."""
    line = http.client.HTTPConnection(target.host, target.port, timeout=_left_s(until_s))
    opened = socket.create_connection((str(ip), target.port), timeout=_left_s(until_s))
    try:
        if target.scheme == "https":
            # The certificate must be for the name that was typed, whatever address was connected to.
            context = trust or ssl.create_default_context()
            opened = context.wrap_socket(opened, server_hostname=target.host)
        line.sock = opened
        line.request("GET", target.path, headers={"Accept-Encoding": "identity", "User-Agent": "oblik"})
        answer = line.getresponse()
        return answer.status, answer.headers, _body(answer, opened, host=target.host, most=most, until_s=until_s)
    finally:
        line.close()
        opened.close()


def _body(answer: http.client.HTTPResponse, line: socket.socket, *, host: str, most: int, until_s: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        if line.fileno() >= 0:  # http.client closes it when the body has ended
            line.settimeout(_left_s(until_s))
        part = answer.read1(_BLOCK)
        if not part:
            return b"".join(parts)
        size += len(part)
        if size > most:
            raise InvalidInput(
                msg("“{value}” sends more than {most} bytes, which is not what was asked for."), value=host, most=most
            )
        parts.append(part)


def _left_s(until_s: float) -> float:
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("the time for the whole answer is over")
    return left_s
