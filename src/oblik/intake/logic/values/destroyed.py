"""Where the decimal point stood in coordinates that a spreadsheet turned into 461.993.881."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

# How often a latitude or longitude has so many digits before the point, roughly over the world's cities, and how often
# so many digits after it are written. Only their ratios matter, and only where nothing else tells.
_LAT_DIGITS: Final = {1: 0.05, 2: 0.95}
_LON_DIGITS: Final = {1: 0.15, 2: 0.55, 3: 0.3}
_DECIMALS: Final = {4: 0.02, 5: 0.08, 6: 0.4, 7: 0.4, 8: 0.05, 13: 0.01, 14: 0.02, 15: 0.02}
_CLEAR: Final = 10.0


def placed(digits: str, before: int) -> float:
    """The number with its point after the first `before` digits; "-461993881" and 2 give -46.1993881."""
    sign, bare = (-1.0, digits[1:]) if digits.startswith("-") else (1.0, digits)
    return sign * float(f"{bare[:before] or '0'}.{bare[before:] or '0'}"[:24])


def decimals(digits: str, before: int) -> int:
    """How many digits stand after the point."""
    return max(0, len(digits.lstrip("-")) - before)


def digits_before(lat: Sequence[str], lon: Sequence[str]) -> tuple[int, int, bool]:
    """Digits before the point of latitudes and longitudes, and whether that is clear.

    Both columns are taken to have been written with the same number of decimals, so the usual lengths of their digits
    differ by as much as the digits before the point do.
    """
    lat_length, lon_length = _usual_length(lat), _usual_length(lon)
    scores: list[tuple[float, int, int]] = []
    for lat_before, lat_share in _LAT_DIGITS.items():
        for lon_before, lon_share in _LON_DIGITS.items():
            if abs(placed(_longest(lat), lat_before)) > 90 or abs(placed(_longest(lon), lon_before)) > 180:
                continue
            behind = lat_length - lat_before
            same = 1.0 if behind == lon_length - lon_before else 0.02
            scores.append((lat_share * lon_share * same * _DECIMALS.get(behind, 0.005), lat_before, lon_before))
    if not scores:
        return 2, 2, False
    scores.sort(reverse=True)
    clear = len(scores) == 1 or scores[0][0] >= _CLEAR * scores[1][0]
    return scores[0][1], scores[0][2], clear


def _usual_length(column: Sequence[str]) -> int:
    return Counter(len(digits.lstrip("-")) for digits in column).most_common(1)[0][0]


def _longest(column: Sequence[str]) -> str:
    return max(column, key=len)
