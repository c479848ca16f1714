"""Which secrets of a camera the register keeps, and what stands in its values in their place."""

from typing import Final

SECRET_FIELDS: Final = ("stream_url", "device_login", "device_password")
# Before the keyed mark of a stream address, in the values of claims and cameras: sources can be compared by it.
STREAM_MARK: Final = "sealed:"
HIDDEN: Final = "••••"


def secret_bound(code: str, *, field: str, source_ref: str) -> str:
    """Where the token of a camera's secret stands, which is the only place where it opens."""
    return f"secret:{code}:{field}:{source_ref}"
