"""What a drawing of a row is made of. Pure values.

Operations name colours by the theme's tokens and fonts by their key, so a drawing outlives a change of theme. All
places are pixels from the row's upper left corner; operations stand in the order in which they are drawn.
"""

from typing import NamedTuple

from shared.protocol import File

Radii = tuple[int, int, int, int]
"""Of four corners, from the upper left one clockwise."""


class Text(NamedTuple):
    x: int
    y: int
    text: str
    font: str
    colour: str


class Rect(NamedTuple):
    x: int
    y: int
    width: int
    height: int
    colour: str


class Bubble(NamedTuple):
    """`line`: token of a line of 1 px along the edge, or empty. A dashed one has no other ground than `ground`."""

    x: int
    y: int
    width: int
    height: int
    colour: str
    radii: Radii
    ground: str
    line: str = ""
    dashed: bool = False


class Box(NamedTuple):
    """A small shape with round corners: drawn as one image, where a bubble is five items."""

    x: int
    y: int
    width: int
    height: int
    radius: int
    colour: str
    ground: str
    line: str = ""


class Emoji(NamedTuple):
    x: int
    y: int
    sequence: str
    size: int
    ground: str
    start: int  # its place in the message's text, -1 in others


class Icon(NamedTuple):
    x: int
    y: int
    name: str
    size: int
    colour: str
    ground: str


class Avatar(NamedTuple):
    x: int
    y: int
    name: str
    size: int


class Picture(NamedTuple):
    """A file's picture, cut to fill its place. `more`: so many others stand behind it, which its darkened face says."""

    x: int
    y: int
    width: int
    height: int
    file: File
    radii: Radii
    blank: str  # colour of its place while it is not there
    ground: str
    more: int = 0


Operation = Text | Rect | Bubble | Box | Emoji | Icon | Avatar | Picture


class Run(NamedTuple):
    """A piece of the message's text on the row: `row.text[start:end]`. An emoji is one sign, all or nothing."""

    x: int
    y: int
    width: int
    height: int
    text: str
    font: str
    start: int
    end: int
    emoji: bool
    rtl: bool = False


class Target(NamedTuple):
    """What can be clicked: `kind` "link" with its address, or "action" with its name. `tip`: what a hover tells."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    value: str
    tip: str = ""


class Drawing(NamedTuple):
    height: int
    operations: tuple[Operation, ...]
    runs: tuple[Run, ...]
    targets: tuple[Target, ...]
    body: Bubble | None  # the message's bubble; where it has none, its place as one that is not drawn
