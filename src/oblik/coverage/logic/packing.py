"""A footprint as bytes: a few hundred numbers that answer any question about what its camera sees."""

import struct
from typing import Final

import numpy as np

from oblik.base.errors import InvalidInput, msg
from oblik.coverage.logic.footprints import STANDS, Footprint, Visible
from oblik.coverage.logic.views import Span, View

FORM: Final = 1  # raised when the bytes change their meaning
_HEAD: Final = struct.Struct("<BBHiid19f")
_SAME: Final = -1


def packed(seen: Footprint) -> bytes:
    """The footprint without its place and without the names of what was assumed; about 1 KB. float32 keeps 1/r to 1 cm
    at 400 m."""
    view = seen.view
    spans = (view.half_deg, view.height_m, view.near_m, view.far_m, view.strength_px)
    same = seen.certain is seen.possible
    head = _HEAD.pack(
        FORM, STANDS.index(seen.stands), 0, len(seen.possible.pieces), _SAME if same else len(seen.certain.pieces),
        view.bearing_deg, *(end for span in spans for end in (span.low, span.high)), view.share, view.blur_m,
        view.ir_m or 0.0, seen.possible.start, seen.possible.width, seen.certain.start, seen.certain.width, 0.0, 0.0,
    )  # fmt: skip
    return head + seen.possible.pieces.tobytes() + (b"" if same else seen.certain.pieces.tobytes())


def unpacked(data: bytes, *, assumed: tuple[str, ...] = ()) -> Footprint:
    """The footprint back, its camera at (0, 0); InvalidInput for bytes of another form or length."""
    if len(data) < _HEAD.size or data[0] != FORM:
        raise InvalidInput(msg("A stored footprint cannot be read; run `oblik coverage update --anew`."))
    head = _HEAD.unpack_from(data)
    stands, many, few, bearing, numbers = head[1], head[3], head[4], head[5], head[6:]
    if len(data) != _HEAD.size + 24 * (many + max(few, 0)) or stands >= len(STANDS):
        raise InvalidInput(msg("A stored footprint cannot be read; run `oblik coverage update --anew`."))
    half, height, near, far, strength = (Span(numbers[i], numbers[i + 1]) for i in range(0, 10, 2))
    share, blur, ir = numbers[10], numbers[11], numbers[12] or None
    view = View(bearing, half, height, near, far, strength, share, blur, ir, assumed)
    pieces = np.frombuffer(data, dtype="<f4", offset=_HEAD.size).reshape(-1, 6)
    possible = Visible(numbers[13], numbers[14], pieces[:many])
    certain = possible if few == _SAME else Visible(numbers[15], numbers[16], pieces[many:])
    return Footprint(0.0, 0.0, STANDS[stands], view, possible, certain)
