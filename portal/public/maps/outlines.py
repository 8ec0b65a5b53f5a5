"""Outlines of countries for the map, from Natural Earth (public domain), simplified.

`manage.py outlines FOLDER` makes them anew from the TopoJSON files of the npm package `world-atlas`
(`npm pack world-atlas`), which carries Natural Earth: countries from the map of 1:110 million, what
is too small for it from that of 1:10 million, as a point.
"""

import itertools
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

WIDTH = 1000
# Antarctica is left out: no fund works there.
SOUTH, NORTH = -57.0, 84.0
# Drawn as a part of what the United Nations count them to; Natural Earth gives them no number.
PART_OF = {"N. Cyprus": "196", "Somaliland": "706"}
KOSOVO = "Kosovo"
# How far a simplified line may lie from the true one, and the side below which a ring is left out.
TOLERANCE, SMALLEST = 0.6, 2.0
# The coefficients of the Equal Earth projection (Šavrič, Patterson, Jenny 2018).
_A = (1.340264, -0.081106, 0.000893, 0.003796)


def projected(longitude: float, latitude: float) -> Point:
    """Where a place stands on the map, in units of the drawing."""
    x, y = _equal_earth(longitude, latitude)
    half = _equal_earth(180, 0)[0]
    scale = WIDTH / (2 * half)
    return (x + half) * scale, (_equal_earth(0, NORTH)[1] - y) * scale


def height() -> int:
    """The height of the drawing."""
    return math.ceil(projected(0, SOUTH)[1])


def _equal_earth(longitude: float, latitude: float) -> Point:
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    a1, a2, a3, a4 = _A
    square = theta * theta
    sixth = square**3
    bend = 9 * a4 * sixth * square + 7 * a3 * sixth + 3 * a2 * square + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * bend)
    y = theta * (a4 * sixth * square + a3 * sixth + a2 * square + a1)
    return x, y


def countries(folder: Path, codes: dict[str, str]) -> dict[str, dict[str, Any]]:
    """By ISO code: `d`, the outline as an SVG path, and `x` and `y`, a point within it.

    `codes` leads from the numbers of ISO 3166-1 to its codes of two letters.
    """
    large = _shapes(folder / "countries-110m.json", codes)
    small = _shapes(folder / "countries-10m.json", codes)
    found: dict[str, dict[str, Any]] = {}
    for code in sorted(large.keys() | small.keys()):
        rings = [simplified(ring) for ring in large.get(code, ()) if _side(ring) >= SMALLEST]
        x, y = _middle(max(large.get(code) or small[code], key=_area))
        found[code] = {"d": _path(ring for ring in rings if len(ring) > 3), "x": x, "y": y}
    return found


def _shapes(file: Path, codes: dict[str, str]) -> dict[str, list[Ring]]:
    topology = json.loads(file.read_text())
    arcs = [list(_decoded(arc, topology["transform"])) for arc in topology["arcs"]]
    shapes: dict[str, list[Ring]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        number = geometry.get("id") or PART_OF.get(name, "")
        code = "XK" if name == KOSOVO else codes.get(number)
        if code is None or geometry["type"] is None:
            continue
        polygons = geometry["arcs"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = [
            [projected(*place) for place in part]
            for polygon in polygons
            for indexes in polygon
            for part in _within_the_map(_ring(indexes, arcs))
        ]
        shapes.setdefault(code, []).extend(ring for ring in rings if ring[0][1] < height())
    return {code: rings for code, rings in shapes.items() if rings}


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Point]:
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * scale_x + move_x, max(-90, min(90, y * scale_y + move_y))


def _within_the_map(ring: Ring) -> Iterator[Ring]:
    """The ring, parted where it crosses the edge of the map at 180 degrees."""
    turns, whole = 0, [ring[0]]
    for (before, _latitude), (longitude, latitude) in itertools.pairwise(ring):
        turns += (longitude - before < -180) - (longitude - before > 180)
        whole.append((longitude + 360 * turns, latitude))
    for shift in (-360, 0, 360):
        part = [(x + shift, y) for x, y in whole]
        part = _cut(_cut(part, 180, 1), -180, -1)
        if len(part) > 3:
            yield part


def _cut(ring: Ring, edge: float, side: int) -> Ring:
    """What of the ring lies on this side of the meridian (Sutherland, Hodgman 1974)."""
    kept: Ring = []
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if side * x1 <= side * edge:
            kept.append((x1, y1))
        if (side * x1 <= side * edge) != (side * x2 <= side * edge):
            kept.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return [*kept, kept[0]] if kept else []


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def simplified(line: Ring) -> Ring:
    """The line without points that lie nearer to it than the tolerance (Douglas, Peucker 1973)."""
    keep = {0, len(line) - 1}
    # A ring ends where it begins: it is parted at the point farthest from there.
    far = max(range(len(line)), key=lambda at: math.dist(line[0], line[at]))
    keep.add(far)
    spans = [(0, far), (far, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        between = range(first + 1, last)
        best = max(between, key=lambda at: _distance(line[at], line[first], line[last]))
        if _distance(line[best], line[first], line[last]) > TOLERANCE:
            keep.add(best)
            spans += [(first, best), (best, last)]
    return [line[at] for at in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    length = math.dist(start, end)
    if not length:
        return math.dist(point, start)
    (x, y), (x1, y1), (x2, y2) = point, start, end
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def _side(ring: Ring) -> float:
    xs, ys = zip(*ring, strict=True)
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _middle(ring: Ring) -> Point:
    xs, ys = zip(*ring, strict=True)
    return round((max(xs) + min(xs)) / 2, 1), round((max(ys) + min(ys)) / 2, 1)


def _path(rings: Iterable[Ring]) -> str:
    return "".join(
        "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in ring[:-1]) + "Z"
        for ring in rings
    )
