"""How much of a picture is to be seen, and where: fitted, or at a scale round a point. Pure."""

from typing import Final, NamedTuple

STEPS: Final = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0)


class Frame(NamedTuple):
    """A picture of `size` pixels in a room of `room`; `zoom` 0 fits it.

    `middle`: what of it stands in the middle, 0 to 1 in both directions.
    """

    size: tuple[int, int]
    room: tuple[int, int]
    zoom: float = 0.0
    middle: tuple[float, float] = (0.5, 0.5)

    @property
    def fitted(self) -> float:
        """The scale at which all of it is seen; never enlarged."""
        return min(1.0, *(room / side for room, side in zip(self.room, self.size, strict=True)))

    @property
    def scale(self) -> float:
        return self.zoom or self.fitted

    @property
    def shown(self) -> tuple[int, int]:
        """So large is what is seen, in pixels of the room."""
        wide, high = (
            max(1, min(room, round(side * self.scale))) for room, side in zip(self.room, self.size, strict=True)
        )
        return wide, high

    @property
    def region(self) -> tuple[float, float, float, float]:
        """What of the picture is seen: left, top, right, bottom in its own pixels."""
        spans = [self._span(axis) for axis in (0, 1)]
        return spans[0][0], spans[1][0], spans[0][1], spans[1][1]

    def _span(self, axis: int) -> tuple[float, float]:
        side = self.size[axis]
        whole = side * self.scale <= self.room[axis] + 0.5
        length = float(side) if whole else self.shown[axis] / self.scale
        low = max(0.0, min(side - length, self.middle[axis] * side - length / 2))
        return low, low + length

    def stepped(self, step: int) -> "Frame":
        """Larger (1) or smaller (-1), to the next of `STEPS`; smaller than fitted is fitted."""
        if step > 0:
            larger = (each for each in STEPS if each > self.scale * 1.001)
            return self._replace(zoom=next(larger, self.scale))
        smaller = [each for each in STEPS if self.fitted * 1.001 < each < self.scale * 0.999]
        return self._replace(zoom=smaller[-1]) if smaller else self.whole()

    def whole(self) -> "Frame":
        return self._replace(zoom=0.0, middle=(0.5, 0.5))

    def moved(self, x: float, y: float) -> "Frame":
        """What is seen moves by so many pixels of the room over the picture, as far as that reaches."""
        middle = []
        for axis, distance in enumerate((x, y)):
            low, high = self._span(axis)
            half, side = (high - low) / 2, self.size[axis]
            at = (low + high) / 2 + distance / self.scale
            middle.append(max(half, min(side - half, at)) / side)
        return self._replace(middle=(middle[0], middle[1]))

    @property
    def words(self) -> str:
        return f"{round(self.zoom * 100)} %" if self.zoom else "Fit"
