"""How the screen is divided, from 40 × 10 to as large as it gets.

Under 100 columns the members take the place of the rooms; under 60 the rooms show only while they are asked for.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.layout import (
    AnyContainer,
    BufferControl,
    ConditionalContainer,
    Dimension,
    DynamicContainer,
    Float,
    FloatContainer,
    HSplit,
    Layout,
    UIControl,
    VSplit,
    Window,
)
from prompt_toolkit.layout.menus import CompletionsMenu

from chatclient.terminal.composer import SafeInput
from chatclient.terminal.drawing import Line, rule
from chatclient.terminal.painted import Painted
from chatclient.terminal.picker import MOST, Picker

WIDE: Final = 100
NARROW: Final = 60
AROUND: Final = 5
"""Lines of a list's frame and field, and what is left free."""
COMPOSER: Final = 6
"""Lines that the box may have."""


class Parts(Protocol):
    """What stands in it, and what decides on its places."""

    picker: Picker | None
    over: AnyContainer
    members_shown: bool

    @property
    def cells(self) -> int: ...
    @property
    def rows(self) -> int: ...
    def prompt(self) -> str: ...


class Controls(NamedTuple):
    """What is drawn, from the left to the right and from above to below."""

    rooms: UIControl
    head: UIControl
    talk: UIControl
    notice: UIControl
    between: UIControl
    members: UIControl
    status: UIControl


def side(cells: int) -> int:
    """How wide the rooms, or the members, are."""
    return 20 if cells < WIDE else 26


def build(parts: Parts, controls: Controls, box: Buffer, notice_shown: Callable[[], bool]) -> tuple[Layout, Window]:
    """The whole screen, and the window of the box."""
    wide = Condition(lambda: parts.cells >= WIDE)
    roomy = Condition(lambda: parts.cells >= NARROW)
    members = Condition(lambda: parts.members_shown)
    composer = Window(
        BufferControl(box, input_processors=[SafeInput()], focusable=True),
        height=lambda: Dimension(min=1, max=COMPOSER),
        dont_extend_height=True,
        wrap_lines=True,
        get_line_prefix=lambda number, wrapped: [
            ("class:prompt", parts.prompt() if number == 0 and not wrapped else "  ")
        ],
    )
    conversation = HSplit(
        [
            Window(controls.head, height=1),
            VSplit([Window(width=1), Window(controls.talk), Window(width=1)]),
            ConditionalContainer(Window(controls.notice, dont_extend_height=True), Condition(notice_shown)),
            Window(controls.between, height=1),
            VSplit([Window(width=1), composer]),
        ]
    )
    line = Window(width=1, char="│", style="class:line")
    body = VSplit(
        [
            ConditionalContainer(
                VSplit([Window(controls.rooms, width=lambda: Dimension.exact(side(parts.cells))), line]),
                roomy & (~members | wide),
            ),
            ConditionalContainer(
                VSplit([Window(controls.members, width=lambda: Dimension.exact(side(parts.cells))), line]),
                members & roomy & ~wide,
            ),
            conversation,
            ConditionalContainer(
                VSplit([line, Window(controls.members, width=lambda: Dimension.exact(side(parts.cells)))]),
                members & (wide | ~roomy),
            ),
        ]
    )
    root = FloatContainer(
        HSplit([body, Window(controls.status, height=1)]),
        floats=[
            Float(CompletionsMenu(max_height=8, scroll_offset=1), xcursor=True, ycursor=True),
            Float(
                ConditionalContainer(DynamicContainer(lambda: parts.over), Condition(lambda: parts.picker is not None)),
                top=1,
            ),
        ],
    )
    return Layout(root, composer), composer


def over(parts: Parts, picker: Picker) -> HSplit:
    """The list in its frame, as wide as there is place; its field takes the keyboard."""

    def cells() -> int:
        return parts.cells if parts.cells <= 80 else 78

    def width(less: int = 0) -> Dimension:
        return Dimension.exact(max(cells() - less, 1))

    def tall(_width: int = 0) -> int:
        return max(1, min(MOST, parts.rows - AROUND, len(picker.entries)))

    def across(left: str, words: Callable[[], str], right: str) -> Window:
        def draw(wide: int, _height: int) -> list[Line]:
            return [(("class:line", left), *rule(words(), wide - 2, "class:line"), ("class:line", right))]

        return Window(Painted(draw), height=1, width=width)

    def edge() -> Window:
        return Window(width=1, char="│", style="class:line")

    field = Window(
        BufferControl(picker.field, input_processors=[SafeInput()], focusable=True),
        height=1,
        width=lambda: width(2),
        get_line_prefix=lambda _number, _wrapped: [("class:prompt", " > ")],
    )
    entries = Window(
        Painted(picker.draw, picker.clicked, picker.step, tall),
        width=lambda: width(2),
        height=lambda: Dimension.exact(tall()),
    )
    return HSplit(
        [
            across("┌", lambda: picker.title, "┐"),
            VSplit([edge(), field, edge()]),
            VSplit([edge(), entries, edge()]),
            across("└", lambda: picker.hint, "┘"),
        ]
    )
