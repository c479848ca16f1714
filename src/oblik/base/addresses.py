"""Which network addresses a program of ours may open when a person typed them: judged before anything is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Literal
from urllib.parse import urlsplit

from oblik.base.errors import InvalidInput, msg

Ip = IPv4Address | IPv6Address
Net = Literal["public", "private", "loopback", "link_local", "metadata", "multicast", "reserved"]
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Policy:
    """What one purpose may open: schemes, nets by their class, ports (empty: any that is not below), bytes, seconds."""

    schemes: frozenset[str]
    nets: frozenset[Net]
    ports: frozenset[int] = frozenset()
    most_bytes: int = 5_000_000
    timeout_s: float = 10.0


# One line per purpose. Cameras stand in private nets, which is why theirs is the only one that reaches into one.
POLICIES: Final[dict[str, Policy]] = {
    "camera": Policy(frozenset({"rtsp", "rtsps", "http", "https"}), frozenset({"private", "public"})),
    "identity": Policy(frozenset({"https"}), frozenset({"private", "public"}), most_bytes=1_000_000),
    "base_map": Policy(frozenset({"https"}), frozenset({"public"}), ports=frozenset({443})),
    "webhook": Policy(frozenset({"https"}), frozenset({"public"}), ports=frozenset({443}), most_bytes=100_000),
}
DEFAULT_PORTS: Final = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
# Doors of other programs that a camera never has: mail, names, shells, databases, orchestration.
CLOSED_PORTS: Final = frozenset(
    {22, 23, 25, 53, 110, 111, 135, 139, 143, 389, 445, 465, 587, 636, 873, 2049, 2375, 2376, 2379, 2380, 3306, 3389,
     5432, 5900, 5984, 6379, 6443, 9200, 10250, 11211, 27017}
)  # fmt: skip

_METADATA: Final[frozenset[Ip]] = frozenset(
    ip_address(one)
    for one in ("169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "168.63.129.16")
)
_PRIVATE: Final = [ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
# An IPv4 address in the clothes of an IPv6 one, and where it stands in it.
_MAPPED: Final = ip_network("::ffff:0:0/96")
_NAT64: Final = ip_network("64:ff9b::/96")
_SIX_TO_FOUR: Final = ip_network("2002::/16")
_TEREDO: Final = ip_network("2001::/32")
_COMPATIBLE: Final = ip_network("::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. host is in lower case and without brackets; path holds the query."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(text: str, *, purpose: str) -> Target:
    """Scheme, host, port and path of an address that a person typed, as far as its text alone can be judged.

    InvalidInput for: more than LONGEST characters, spaces, control characters or a backslash (parsers disagree on
    them), another scheme than the purpose's, a name or password in it, no host, a port that is closed, and a host that
    is written as a number in whatever form (0x7f000001, 2130706433, 0177.0.0.1, 127.1) unless it is a plain address of
    a net that the purpose may open. A host name passes: where it leads is judged by `judge_answers`.
    """
    policy = POLICIES[purpose]
    if len(text) > LONGEST or any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in text):
        raise _refused(text, why="odd_text")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as wrong:
        raise _refused(text, why="not_an_address") from wrong
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in policy.schemes:
        raise _refused(text, why="scheme")
    if "@" in parts.netloc:
        raise _refused(text, why="credentials")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if not port or port in CLOSED_PORTS or (policy.ports and port not in policy.ports):
        raise _refused(text, why="port")
    literal = _literal(host, text=text)
    if literal is not None and net_of(literal) not in policy.nets:
        raise _refused(text, why=net_of(literal))
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def judge_answers(answers: Iterable[str], *, purpose: str, text: str) -> list[Ip]:
    """The addresses that a name stands for, if the purpose may open every one of them; else InvalidInput.

    Every one: a name with one public and one private answer is how a guard that looks at the first is passed.
    """
    allowed = POLICIES[purpose].nets
    found = [_plain(ip_address(answer.partition("%")[0])) for answer in answers]
    for ip in found:
        if net_of(ip) not in allowed:
            raise _refused(text, why=net_of(ip))
    if not found:
        raise _refused(text, why="no_answer")
    return found


def net_of(ip: Ip) -> Net:
    """The class of net that an address belongs to; an IPv4 address inside an IPv6 one counts as that IPv4 address."""
    ip = _plain(ip)
    if ip in _METADATA:
        return "metadata"
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local:
        return "link_local"
    if ip.is_multicast:
        return "multicast"
    if any(_inside(ip, net) for net in _PRIVATE):
        return "private"
    return "public" if ip.is_global and not ip.is_reserved else "reserved"


def _inside(ip: Ip, net: IPv4Network | IPv6Network) -> bool:
    return ip.version == net.version and ip in net


def _plain(ip: Ip) -> Ip:
    if isinstance(ip, IPv4Address):
        return ip
    number = int(ip)
    if ip in _MAPPED or ip in _NAT64 or (ip in _COMPATIBLE and number > 1):
        return IPv4Address(number & 0xFFFFFFFF)
    if ip in _SIX_TO_FOUR:
        return IPv4Address((number >> 80) & 0xFFFFFFFF)
    if ip in _TEREDO:
        return IPv4Address((number & 0xFFFFFFFF) ^ 0xFFFFFFFF)
    return ip


def _literal(host: str, *, text: str) -> Ip | None:
    """The address itself where the host is one; None for a name; refused where it is neither cleanly."""
    if not host or not host.isascii() or "%" in host:
        raise _refused(text, why="host")
    try:
        return _plain(ip_address(host))
    except ValueError:
        pass
    last = host.rpartition(".")[2]
    # inet_aton and browsers read these as IPv4 addresses; no name of the world ends in a number.
    if ":" in host or last.isdigit() or last.startswith("0x"):
        raise _refused(text, why="number_as_host")
    if host == "localhost" or host.endswith((".localhost", ".internal")):
        raise _refused(text, why="loopback")
    labels = host.split(".")
    if len(host) > 253 or not all(_is_label(label) for label in labels):
        raise _refused(text, why="host")
    return None


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and label.replace("-", "").replace("_", "").isalnum() and label[0] != "-" != label[-1]


def _refused(text: str, *, why: str) -> InvalidInput:
    shown = text[:80].rpartition("@")[2]  # a password never goes into an error
    shown = "".join(letter if letter.isprintable() else "?" for letter in shown)
    return InvalidInput(
        msg("The address “{value}” may not be opened from here ({reason}). Give a full address of an allowed kind."),
        code=f"address_{why}",
        value=shown,
        reason=why,
    )
