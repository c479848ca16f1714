"""Where a base map comes from that is not our own, read from the environment."""

from oblik.base.addresses import target_of
from oblik.base.errors import OblikError


def map_style(address: str) -> str:
    """The address of a map style as the browser may open it, "" for none; ValueError for one that no page should.

    People's browsers will ask this host: only public hosts by https are taken, and no address with a password in it.
    """
    if not address:
        return ""
    try:
        target_of(address, purpose="base_map")
    except OblikError as wrong:
        raise ValueError(f"OBLIK_MAP_STYLE: {wrong}") from wrong
    return address
