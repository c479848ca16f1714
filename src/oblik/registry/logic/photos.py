"""A photo as people are shown it, and what its device wrote into it: when and where it was taken, looking where."""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from oblik.base.errors import InvalidInput, msg

SHOWN_PX: Final = 2_000  # the longer side
THUMBNAIL_PX: Final = 360
_MOST_PX: Final = 120_000_000  # a picture of a few kilobytes can unfold to gigabytes
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Photo:
    """shown and thumbnail are JPEG without anything but the picture. taken_on: by the device's clock, of no zone.

    lon_deg and lat_deg are both given or both None; bearing_deg in [0, 360) is where the device looked.
    """

    shown: bytes
    thumbnail: bytes
    taken_on: datetime | None
    lon_deg: float | None
    lat_deg: float | None
    bearing_deg: float | None


def photo_of(data: bytes, *, name: str) -> Photo:
    """The photo in a file's bytes; InvalidInput, naming the file, where it is none that can be opened.

    JPEG, PNG and WebP are read, turned upright as the device says. What the device wrote is read with mistrust: a place
    outside the Earth or at zero, and a day that is none, are None.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PX:
                raise InvalidInput(
                    msg("The picture “{value}” is too large; make it smaller and try again."), value=name
                )
            told = picture.getexif()
            place, day = told.get_ifd(IFD.GPSInfo), told.get_ifd(IFD.Exif)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise InvalidInput(
            msg("“{value}” cannot be opened as a picture; save it as JPEG and try again."), value=name
        ) from wrong
    lon_deg, lat_deg = _place(place)
    taken = str(day.get(Base.DateTimeOriginal) or told.get(Base.DateTime) or "")
    return Photo(
        _jpeg(upright, side_px=SHOWN_PX, quality=85), _jpeg(upright, side_px=THUMBNAIL_PX, quality=80),
        _taken_on(taken), lon_deg, lat_deg, _bearing(place),
    )  # fmt: skip


def _jpeg(picture: Image.Image, *, side_px: int, quality: int) -> bytes:
    """The picture anew, pixel by pixel: nothing else of the file comes along."""
    smaller = picture.copy()
    smaller.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", smaller.size)
    bare.paste(smaller)
    out = io.BytesIO()
    bare.save(out, format="JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _taken_on(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip("\x00 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - EXIF names no zone
    except ValueError:
        return None


def _place(told: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lat = _degrees(told.get(GPS.GPSLatitude), turned=told.get(GPS.GPSLatitudeRef) in ("S", "s"))
    lon = _degrees(told.get(GPS.GPSLongitude), turned=told.get(GPS.GPSLongitudeRef) in ("W", "w"))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None, None
    return round(lon, 7), round(lat, 7)


def _degrees(parts: Any, *, turned: bool) -> float | None:
    """Degrees, minutes and seconds as one number; None where they are none."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    whole = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(whole):
        return None
    return -whole if turned else whole


def _bearing(told: Mapping[int, Any]) -> float | None:
    """Where the device looked, if by true north; a magnetic bearing is off by the declination, so it is left out."""
    if told.get(GPS.GPSImgDirectionRef) != "T":
        return None
    try:
        degrees = float(told.get(GPS.GPSImgDirection))  # type: ignore[arg-type]  # whatever a device wrote
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return round(degrees % 360.0, 2) % 360.0 if math.isfinite(degrees) else None
