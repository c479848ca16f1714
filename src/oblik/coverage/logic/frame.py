"""A flat metric frame around a place: metres east and north of it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_AXIS_M: Final = 6_378_137.0  # WGS 84
_E2: Final = 6.694379990141e-3


@dataclass(frozen=True, slots=True)
class Frame:
    """Metres east and north of an origin; within 3 km lengths are true to 1 part in 1,000 at latitude 60."""

    lon_deg: float
    lat_deg: float

    @property
    def east_m(self) -> float:
        """Metres in a degree of longitude."""
        lat = math.radians(self.lat_deg)
        return math.radians(_AXIS_M * math.cos(lat) / math.sqrt(1 - _E2 * math.sin(lat) ** 2))

    @property
    def north_m(self) -> float:
        """Metres in a degree of latitude."""
        return math.radians(_AXIS_M * (1 - _E2) / (1 - _E2 * math.sin(math.radians(self.lat_deg)) ** 2) ** 1.5)

    def x_m(self, lon_deg: Floats) -> Floats:
        """East of the origin."""
        return (np.asarray(lon_deg, dtype=np.float64) - self.lon_deg) * self.east_m

    def y_m(self, lat_deg: Floats) -> Floats:
        """North of the origin."""
        return (np.asarray(lat_deg, dtype=np.float64) - self.lat_deg) * self.north_m

    def lon(self, x_m: Floats) -> Floats:
        """The longitude of metres east."""
        return self.lon_deg + np.asarray(x_m, dtype=np.float64) / self.east_m

    def lat(self, y_m: Floats) -> Floats:
        """The latitude of metres north."""
        return self.lat_deg + np.asarray(y_m, dtype=np.float64) / self.north_m
