"""A part of the screen that is drawn line by line whenever it is shown, for exactly the place that it has."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from prompt_toolkit.data_structures import Point
from prompt_toolkit.layout.controls import GetLinePrefixCallable, UIContent, UIControl
from prompt_toolkit.mouse_events import MouseEvent, MouseEventType

from chatclient.terminal.drawing import Line

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone


class Painted(UIControl):
    """`draw(width, height)` gives at most `height` lines; `click(y)` and `wheel(lines)` are for the mouse."""

    def __init__(
        self,
        draw: Callable[[int, int], Sequence[Line]],
        click: Callable[[int], object] | None = None,
        wheel: Callable[[int], object] | None = None,
        tall: Callable[[int], int] | None = None,
    ) -> None:
        self._draw = draw
        self._click = click
        self._wheel = wheel
        self._tall = tall

    def create_content(self, width: int, height: int) -> UIContent:
        lines = list(self._draw(width, height))[:height] or [()]
        return UIContent(lambda i: list(lines[i]), len(lines), Point(0, 0), show_cursor=False)

    def preferred_height(
        self,
        width: int,
        max_available_height: int,
        wrap_lines: bool,
        get_line_prefix: GetLinePrefixCallable | None,
    ) -> int | None:
        return min(self._tall(width), max_available_height) if self._tall is not None else None

    def mouse_handler(self, mouse_event: MouseEvent) -> "NotImplementedOrNone":
        match mouse_event.event_type:
            case MouseEventType.SCROLL_UP if self._wheel is not None:
                self._wheel(-3)
            case MouseEventType.SCROLL_DOWN if self._wheel is not None:
                self._wheel(3)
            case MouseEventType.MOUSE_UP if self._click is not None:
                self._click(mouse_event.position.y)
            case _:
                return NotImplemented
        return None
