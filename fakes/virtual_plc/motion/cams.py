"""Cams: the curve that MC_InterpolateCam makes of the valid points of a cam, scaled, moved and repeated.

Points are joined by straight lines or by cubic polynomials. Facts: docs/facts/motion.md#cams.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.motion.profile import Point

_LINEAR: Final = 0
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Table:
    """An interpolated cam.

    Attributes:
        xs: leading values of its points, in their order; at least two.
        ys: their following values.
        slopes: first derivatives there; empty for straight lines.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    slopes: tuple[float, ...] = ()

    def at(self, leading: float) -> Point:
        """Return the following value and its derivatives; outside of the cam that of its end, at rest."""
        if not self.xs[0] <= leading <= self.xs[-1]:
            return Point(self.ys[0] if leading < self.xs[0] else self.ys[-1], 0.0, 0.0)
        at = min(bisect_right(self.xs, leading), len(self.xs) - 1) - 1
        length, way = self.xs[at + 1] - self.xs[at], self.ys[at + 1] - self.ys[at]
        share = (leading - self.xs[at]) / length
        if not self.slopes:
            return Point(self.ys[at] + share * way, way / length, 0.0)
        first, last = self.slopes[at] * length, self.slopes[at + 1] * length
        square, cube = 3 * way - 2 * first - last, first + last - 2 * way
        return Point(
            self.ys[at] + share * (first + share * (square + share * cube)),
            (first + share * (2 * square + 3 * share * cube)) / length,
            (2 * square + 6 * share * cube) / length**2,
        )


def interpolate(data: Any) -> Table | None:
    """Return the curve through the valid points in the data block of a cam, None without two of them."""
    valid = (each for each, is_valid in zip(data.Point, data.ValidPoint, strict=True) if is_valid)
    points = dict(sorted((each.x, each.y) for each in valid))
    xs, ys = tuple(points), tuple(points.values())
    if len(xs) < 2:
        return None
    settings = data.InterpolationSettings
    if settings.InterpolationMode == _LINEAR:
        return Table(xs, ys)
    return Table(xs, ys, _slopes(xs, ys, joined=settings.BoundaryConditions == 1))


def _slopes(xs: Sequence[float], ys: Sequence[float], *, joined: bool) -> tuple[float, ...]:
    """Return slopes at the points: that of the line between both neighbours; at the ends that of the next line."""
    last = len(xs) - 1
    slopes = [
        (ys[min(at + 1, last)] - ys[max(at - 1, 0)]) / (xs[min(at + 1, last)] - xs[max(at - 1, 0)])
        for at in range(last + 1)
    ]
    if joined:
        slopes[0] = slopes[-1] = (slopes[0] + slopes[-1]) / 2
    return tuple(slopes)


@dataclass(frozen=True, slots=True)
class Cam:
    """A cam as a job uses it.

    Attributes:
        table: the cam.
        scale: scaling of leading and following values.
        place: offset of leading and following values.
        cyclic: whether it is repeated.
        appending: whether each run begins at the following value at which the one before ended.
    """

    table: Table
    scale: tuple[float, float]
    place: tuple[float, float]
    cyclic: bool = False
    appending: bool = False

    def at(self, leading: float) -> Point:
        """Return the following value and its derivatives."""
        cycle = self.cycle_of(leading) if self.cyclic else 0
        first, length = self.table.xs[0], self.table.xs[-1] - self.table.xs[0]
        own = (leading - self.place[0]) / self.scale[0] - cycle * length
        if self.cyclic:
            own = min(max(own, first), first + length)
        value, slope, bend = self.table.at(own)
        if self.appending:
            value += cycle * (self.table.ys[-1] - self.table.ys[0])
        more = self.scale[1] / self.scale[0]
        return Point(value * self.scale[1] + self.place[1], slope * more, bend * more / self.scale[0])

    def moved(self, leading: float, following: float) -> Cam:
        """Return the same cam at another place."""
        return replace(self, place=(self.place[0] + leading, self.place[1] + following))

    def cycle_of(self, leading: float) -> int:
        """Return how many whole runs are before a leading value; 0 within the first one, its end included."""
        first, length = self.table.xs[0], self.table.xs[-1] - self.table.xs[0]
        runs = ((leading - self.place[0]) / self.scale[0] - first) / length
        whole = int(runs // 1)
        return whole if self.cyclic or abs(runs - 1) > _TOLERANCE else 0

    def edge(self, before: int, after: int) -> tuple[float, float]:
        """Return leading and following value at which one run has ended and the next one begun."""
        first, length, rise = (
            self.table.xs[0],
            self.table.xs[-1] - self.table.xs[0],
            self.table.ys[-1] - self.table.ys[0],
        )
        value = self.table.ys[-1] if after > before else self.table.ys[0]
        value += before * rise if self.appending else 0.0
        leading = first + max(before, after) * length
        return leading * self.scale[0] + self.place[0], value * self.scale[1] + self.place[1]
