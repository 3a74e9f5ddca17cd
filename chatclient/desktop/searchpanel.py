"""The panel of the search at the right: a field, the filters as chips, how much was found, and the hits.

It draws what it is shown and asks nobody. ↑↓ in the field move over the hits, Enter takes one, Esc closes.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop import hitline
from chatclient.desktop.controls import RING, IconButton, Press
from chatclient.desktop.filterline import HEIGHT as FIELD
from chatclient.desktop.filterline import FilterLine
from chatclient.desktop.hitline import HitLine, RoomLabel
from chatclient.desktop.look import Look
from chatclient.desktop.members import Quiet
from chatclient.desktop.paint import Painted
from chatclient.desktop.panel import Panel
from chatclient.desktop.rows import Line, Rows
from chatclient.desktop.smallline import SmallLine
from chatclient.searching import Group, Hit

WIDTH: Final = 400
_HEAD: Final = 56
_CHIPS: Final = 28
_TOP: Final = _HEAD + 12 + _CHIPS + 8 + 20
_FOOT: Final = 36
_HINTS: Final = ("↑↓ Move", "Enter Open", "Esc Close")


class Actions(NamedTuple):
    """`filter` opens the choices of the chip with this name, at it; `clear` takes its choice back."""

    close: Callable[[], object]
    changed: Callable[[], object]
    filter: Callable[[str, tk.Misc], object]
    clear: Callable[[str], object]
    moved: Callable[[Hit], object]
    chosen: Callable[[Hit], object]
    more: Callable[[], object]


class SearchPanel(Panel):
    """`field` is where the text stands; `chips` by their names: room, user, span, files."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master, "side")
        self._do = actions
        self._look = look
        self._measure = Painted(self, look, ground="side")
        self._hits: list[Hit] = []
        self._edge = Panel(self, "border", width=1)
        self._edge.put(x=0, y=0, width=1, relheight=1)
        self._line = Panel(self, "border", height=1)
        self._line.put(x=1, y=_HEAD - 1, relwidth=1, width=-1, height=1)
        self.field = FilterLine(self, look, "Search messages", actions.changed, ground="side")
        self.field.place(x=13, y=10, relwidth=1, width=-13 - 48, height=FIELD)
        self._x = IconButton(self, look, "x", actions.close, ground="side", ink="text")
        self._x.place(relx=1, x=-12 - 32 - RING, y=12 - RING)
        self.chips = {name: Chip(self, look, name, actions) for name in ("room", "user", "span", "files")}
        self.count = SmallLine(self, look, ground="side")
        self.count.place(x=17, y=_HEAD + 12 + _CHIPS + 8, relwidth=1, width=-33, height=16)
        self.rows = _Hits(self, look, ground="side", keyboard=False)
        self.rows.end = actions.more
        self.rows.place(x=1, y=_TOP, relwidth=1, width=-1, relheight=1, height=-_TOP - _FOOT)
        self._foot = _Foot(self, look, ground="side", height=_FOOT)
        self._foot.place(x=1, rely=1, y=-_FOOT, relwidth=1, width=-1, height=_FOOT)
        entry = self.field.entry
        for key, step in (("<Up>", -1), ("<Down>", 1)):
            entry.bind(key, lambda _event, step=step: self._step(step))  # type: ignore[misc] # mypy infers no type for a lambda with defaults
        for key in ("<Return>", "<KP_Enter>"):
            entry.bind(key, lambda _event: self._take())
        self.on("<Configure>", lambda _event: self._arrange())

    def ready(self) -> None:
        """Have the field on the screen now: what is not there yet does not get the keyboard."""
        self.update_idletasks()
        self.field.sized(self.field.winfo_width(), self.field.winfo_height())
        self.update_idletasks()

    # --- what is shown ----------------------------------------------------------------------------------------

    def show(self, groups: Sequence[Group], title: Callable[[str], tuple[str, bool]], count: str) -> None:
        """These hits. `title` gives what to call a room, and whether it is a direct conversation."""
        width = max(200, (self.winfo_width() if self.winfo_ismapped() else WIDTH) - 1)
        before = self.chosen
        self._hits = []
        lines: list[Line] = []
        cursor = None
        for number, group in enumerate(groups):
            lines.append(RoomLabel(*title(group.room), len(group.hits), number == 0))
            for hit in group.hits:
                if before is not None and hit.seq == before.seq:
                    cursor = len(lines)
                self._hits.append(hit)
                high = hitline.count_lines(self._measure.pen, hit, width)
                lines.append(HitLine(hit, high, lambda hit=hit: self._do.chosen(hit)))  # type: ignore[misc] # as above
        self.rows.cursor = None
        self.rows.show(lines, cursor)
        self.count.say(count)

    def say(self, sentence: str) -> None:
        """This in the place of the hits."""
        self._hits = []
        self.rows.cursor = None
        self.rows.show([Quiet(sentence)])
        self.count.say("")

    @property
    def chosen(self) -> Hit | None:
        """The hit that the keyboard is on."""
        line = self.rows.lines[self.rows.cursor] if self.rows.cursor is not None else None
        return line.hit if isinstance(line, HitLine) else None

    @property
    def hits(self) -> list[Hit]:
        return self._hits

    # --- keys -------------------------------------------------------------------------------------------------

    def _step(self, step: int) -> str:
        self.rows.step(step)
        if self.chosen is not None:
            self._do.moved(self.chosen)
        return "break"

    def _take(self) -> str:
        hit = self.chosen or (self._hits[0] if self._hits else None)
        if hit is not None:
            self._do.chosen(hit)
        return "break"

    # --- chips ------------------------------------------------------------------------------------------------

    def chip(self, name: str, text: str, *, on: bool) -> None:
        """What a filter says; `on`: it narrows."""
        self.chips[name].say(text, on)
        self._arrange()

    def _arrange(self) -> None:
        x = 13 - RING
        for chip in self.chips.values():
            chip.place(x=x, y=_HEAD + 12 - RING)
            x += chip.winfo_reqwidth() - 2 * RING + 6


class Chip(Press):
    """One filter: what it says and an arrow, or, where it narrows, an x that clears it."""

    radius = 10

    def __init__(self, master: tk.Misc, look: Look, name: str, actions: Actions) -> None:
        self.text = ""
        self.on_ = False
        self._which, self._do = name, actions
        super().__init__(master, look, ground="side", width=60, height=_CHIPS, command=self._act)

    def say(self, text: str, on: bool) -> None:
        if (text, on) != (self.text, self.on_):
            self.text, self.on_ = text, on
            self.configure(width=10 + min(140, self.pen.width(text, "small_semibold")) + 4 + 14 + 10 + 2 * RING)
            self.repaint()

    def _act(self) -> None:
        if self.on_:
            self._do.clear(self._which)
        else:
            self._do.filter(self._which, self)

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        fill = "active" if self.on_ else "hover" if self.hovered else "conv"
        ink, line = ("link", "accent") if self.on_ else ("text", "field")
        self.pen.box(x, y, width, height, self.radius, fill, "side", line)
        self.pen.line(x + 10, y + height // 2, self.text, "small_semibold", ink, fill, width=width - 38)
        icon = "x" if self.on_ else "down"
        self.pen.icon(icon, x + width - 17, y + height // 2, 14, ink if self.on_ else "muted", fill)


class _Hits(Rows):
    """Tells when its end is near."""

    end: Callable[[], object]

    def scroll(self, pixels: int) -> str:
        super().scroll(pixels)
        self._near_end(pixels)
        return "break"

    def step(self, step: int) -> str:
        super().step(step)
        self._near_end(step)
        return "break"

    def _near_end(self, way: int) -> None:
        if way > 0 and self._offset + self.high >= self.total - self.high // 2:
            self.end()


class _Foot(Painted):
    def paint(self) -> None:
        self.pen.rectangle(0, 0, self.wide, 1, "border")
        x = 16
        for hint in _HINTS:
            x = self.pen.line(x, _FOOT // 2 + 1, hint, "small", "muted", "side") + 14
