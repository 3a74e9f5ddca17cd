"""Ctrl+/: the keys and the commands that there are. Only those that work."""

from typing import Final, NamedTuple

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Pen
from chatclient.desktop.popover import PAD, Overlay, Popover
from chatclient.desktop.rows import Line, Rows
from chatclient.slash import COMMANDS

_GO: Final = (
    ("Jump to a room or person", ("Ctrl", "K")),
    ("Search messages", ("Ctrl", "F")),
    ("Go to a date", ("Ctrl", "G")),
    ("Room above or below", ("Alt", "↑ ↓")),
    ("Next unread room", ("Alt", "Shift", "↓")),
)
_WINDOW: Final = (
    ("These keys", ("Ctrl", "/")),
    ("Settings", ("Ctrl", ",")),
    ("Close, or back to the rooms", ("Esc",)),
)
_WRITE: Final = (
    ("Send", ("Enter",)),
    ("New line", ("Shift", "Enter")),
    ("Edit your last message", ("↑",)),
    ("Cancel an edit or a reply", ("Esc",)),
    ("Attach a file", ("Ctrl", "O")),
)
_MESSAGE: Final = (
    ("Choose a message", ("Shift", "Tab", "Tab")),
    ("Reply", ("R",)),
    ("React", ("+",)),
    ("Edit", ("E",)),
    ("Unread from here", ("U",)),
    ("Delete", ("Del",)),
)
_TWO_COLUMNS: Final = 560
_GAP: Final = 48


class _Key(NamedTuple):
    what: str
    caps: tuple[str, ...]


class _Head(NamedTuple):
    text: str


class _Typed(NamedTuple):
    """A command: what it does, and how it is written."""

    what: str
    usage: str


Cell = _Key | _Head | _Typed | None


class _Pair(NamedTuple):
    """One line of the table: what stands left and right."""

    cells: tuple[Cell, ...]
    command: None = None

    @property
    def height(self) -> int:
        return 32

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        column = (width - _GAP * (len(self.cells) - 1)) // len(self.cells)
        for index, cell in enumerate(self.cells):
            x = index * (column + _GAP)
            match cell:
                case _Head(text):
                    pen.line(x, y + 22, text, "small_bold", "muted", ground)
                case _Key(what, caps):
                    self._caps(pen, x, y + self.height - 16, column, what, caps, ground)
                case _Typed(what, usage):
                    start = pen.line_end(x + column, y + self.height - 16, usage, "code_small", "text", ground)
                    pen.line(x, y + self.height - 16, what, "body", "text", ground, width=start - x - 8)
                case None:
                    pass

    def _caps(self, pen: Pen, x: int, middle: int, column: int, what: str, caps: tuple[str, ...], ground: str) -> None:
        right = x + column
        for cap in reversed(caps):
            width = max(24, pen.width(cap, "small") + 16)
            pen.box(right - width, middle - 12, width, 24, 6, "field", ground)
            pen.box(right - width + 1, middle - 11, width - 2, 21, 5, "conv", "field")
            pen.line(right - width + (width - pen.width(cap, "small")) // 2, middle - 1, cap, "small", "text", "conv")
            right -= width + 4
        pen.line(x, middle, what, "body", "text", ground, width=right - x - 8)


def _lines(columns: int) -> list[Line]:
    left: list[Cell] = []
    for head, keys in (("Go", _GO), ("Window", _WINDOW), ("On a message", _MESSAGE)):
        left += [_Head(head), *(_Key(*key) for key in keys)]
    typed = [_Typed(command.what, command.usage) for command in COMMANDS.values()]
    right: list[Cell] = [_Head("Write"), *(_Key(*key) for key in _WRITE), _Head("Commands"), *typed]
    if columns == 1:
        return [_Pair((cell,)) for cell in (*left, *right)]
    left += [None] * (len(right) - len(left))
    return [_Pair(cells) for cells in zip(left, right, strict=True)]


class Keys(Popover):
    def __init__(self, overlay: Overlay, look: Look) -> None:
        super().__init__(overlay, look, 720)
        self.titled("Keys", line=True)
        self._columns = 2
        self.rows = Rows(self.body, look, ground="popover")
        self.rows.show(_lines(2))
        self.rows.pack(fill="both", expand=True, padx=PAD, pady=(0, 20))

    def arrange(self) -> None:
        width = min(self._width, self.overlay.root.winfo_width() - 16)
        columns = 2 if width >= _TWO_COLUMNS else 1
        if columns != self._columns:
            self._columns = columns
            self.rows.show(_lines(columns))
        self.rows.configure(height=self.rows.total)
        super().arrange()

    def paint(self) -> None:
        super().paint()
        self.pen.rectangle(1, 56, self.wide - 2, 1, "popover_line")
