"""The bytes of a vector tile: marks of the map index written as Mapbox Vector Tile layers."""

import mapbox_vector_tile
import numpy as np

from oblik.registry.logic.map_index import EXTENT, MapIndex, TileContent

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


def encode_tile(content: TileContent, index: MapIndex) -> bytes:
    """A tile with the layers `clusters`, `cameras`, `wedges`; no marks give no bytes, which is a legal empty tile."""
    if not len(content):
        return b""
    single = content.point >= 0
    layers = [
        {"name": "clusters", "features": [_cluster(content, at) for at in np.flatnonzero(~single).tolist()]},
        {"name": "cameras", "features": [_camera(content, index, at) for at in np.flatnonzero(single).tolist()]},
        {"name": "wedges", "features": [_wedge(content, at) for at in range(len(content.wedges))]},
    ]
    written: bytes = mapbox_vector_tile.encode(
        [layer for layer in layers if layer["features"]],
        # Our y already grows downwards, as in the tile.
        default_options={"extents": EXTENT, "y_coord_down": True},
    )
    return written


def _point(content: TileContent, at: int) -> dict[str, object]:
    return {"type": "Point", "coordinates": [int(content.x[at]), int(content.y[at])]}


def _cluster(content: TileContent, at: int) -> dict[str, object]:
    west, south, east, north = (round(float(degrees), 6) for degrees in content.bounds_deg[at])
    properties = {"count": int(content.count[at]), "west": west, "south": south, "east": east, "north": north}
    return {"geometry": _point(content, at), "properties": properties}


def _wedge(content: TileContent, at: int) -> dict[str, object]:
    x, y = (int(place) for place in content.wedges[at])
    properties: dict[str, object] = {"bearing_deg": round(float(content.wedge_bearing_deg[at]))}
    hfov_deg = float(content.wedge_hfov_deg[at])
    if np.isfinite(hfov_deg):
        properties["hfov_deg"] = max(1, round(hfov_deg))
    return {"geometry": {"type": "Point", "coordinates": [x, y]}, "properties": properties}


def _camera(content: TileContent, index: MapIndex, at: int) -> dict[str, object]:
    point = int(content.point[at])
    points = index.points
    properties = {
        "code": points.code[point],
        "owner": points.owner[point],
        "kind": points.kind[point],
        "state": points.state[point],
        "origin": points.origin[point],
    }
    return {"geometry": _point(content, at), "properties": {k: v for k, v in properties.items() if v != ""}}
