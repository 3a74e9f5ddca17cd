"""What stands over the message under the pointer: three reactions, all others, an answer, and everything else.

It is a widget over the conversation. It shows what may be done with the message and nothing else, goes where the
message is left, and stays while the pointer is on it or its menu is open.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.underneath import underneath
from chatclient.rows import Row

HEIGHT: Final = 36
OVER: Final = 26
"""So far its upper edge stands over the message's."""
INSIDE: Final = 4
_CELL: Final = 32
_EMOJI: Final = 20
_SIDE: Final = 3
_RULE: Final = 5
_RADIUS: Final = 10
_TAKEN: Final = 6  # the scrollbar's, at the right


class Acts(NamedTuple):
    """What the bar does with its message. `more` and `react` are given the bar, which their popovers stand at."""

    toggle: Callable[[Row, str], object]
    react: Callable[[Row, tk.Misc], object]
    reply: Callable[[Row], object]
    more: Callable[[Row, tk.Misc], object]


class _Cell(NamedTuple):
    what: str  # an emoji, or the name of an icon
    x: int
    act: Callable[[], object]


class HoverBar(Painted):
    """`at(row, box)` puts it at a message, whose bubble is `box` in the view; `leave` takes it away.

    `reactions` gives the emoji to offer.
    """

    def __init__(self, view: tk.Canvas, look: Look, reactions: Callable[[], Sequence[str]], acts: Acts) -> None:
        super().__init__(view, look, ground="popover", height=HEIGHT)
        self._view = view
        self._reactions = reactions
        self._acts = acts
        self._cells: list[_Cell] = []
        self._over: int | None = None
        self._corners = ("conv", "conv", "conv", "conv")
        self._rule = 0
        self._inside = False
        self._timer: str | None = None
        self._box = (0, 0, 0, 0)
        self.row: Row | None = None
        """The message that it stands at."""
        self.held = False
        """A popover that it opened stands there: it stays."""
        self.configure(cursor="hand2")
        self.bind("<Motion>", self._moved)
        self.bind("<Enter>", self._entered)
        self.bind("<Leave>", self._left)
        self.bind("<ButtonRelease-1>", self._clicked)
        self.bind("<Destroy>", lambda _event: self._forget_timer())
        for wheel in ("<Button-4>", "<Button-5>", "<MouseWheel>"):
            self.bind(wheel, self._wheel)

    def at(self, row: Row, box: tuple[int, int, int, int]) -> None:
        """Stand at this message, if there is anything to do with it."""
        self._forget_timer()
        if self.held or (row, box) == (self.row, self._box):
            return
        self.row, self._box = row, box
        width = self._lay_out(row)
        if not self._cells:
            self.gone()
            return
        left, top, wide, _ = box
        room = self._view.winfo_width() - _TAKEN - 8
        x = max(8, min(left + wide - INSIDE - width, room - width))
        y = max(4, top - OVER)
        self.place_forget()
        self._view.update_idletasks()
        right, bottom = x + width - 1, y + HEIGHT - 1
        nw, ne, se, sw = (underneath(self._view, *at) for at in ((x, y), (right, y), (right, bottom), (x, bottom)))
        self._corners = (nw, ne, se, sw)
        self._over = None
        self.place(x=x, y=y, width=width, height=HEIGHT)
        tk.Misc.tkraise(self)
        self.repaint()

    def leave(self) -> None:
        """The pointer is on no message any more; it may be on its way to the bar."""
        if not self._inside and not self.held and self._timer is None and self.row is not None:
            self._timer = self.after(120, self._due)

    def hold(self, held: bool) -> None:
        """Stay, because a popover stands at it; or do so no more."""
        self.held = held
        if not held and self.winfo_exists():  # the menu may go with the whole window
            self.gone()

    def gone(self) -> None:
        """Away at once."""
        self._forget_timer()
        self.row, self._over, self._inside = None, None, False
        self.place_forget()

    def middle(self, what: str) -> tuple[int, int]:
        """Where this emoji or icon is on it."""
        cell = next(cell for cell in self._cells if cell.what == what)
        return cell.x + _CELL // 2, HEIGHT // 2

    def _due(self) -> None:
        self._timer = None
        if not self._inside and not self.held:
            self.gone()

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self.after_cancel(self._timer)
            self._timer = None

    # --- what is on it --------------------------------------------------------------------------------------

    def _lay_out(self, row: Row) -> int:
        """Its cells for this message, and its width."""
        acts, x = self._acts, _SIDE
        self._cells = []
        self._rule = 0
        if "react" in row.deeds:
            for emoji in self._reactions():
                self._cells.append(_Cell(emoji, x, self._toggler(row, emoji)))
                x += _CELL
            self._rule = x + _RULE // 2
            x += _RULE
            self._cells.append(_Cell("react", x, lambda: acts.react(row, self)))
            x += _CELL
        if "reply" in row.deeds:
            self._cells.append(_Cell("reply", x, lambda: acts.reply(row)))
            x += _CELL
        if row.deeds:
            self._cells.append(_Cell("more", x, lambda: acts.more(row, self)))
            x += _CELL
        return x + _SIDE

    def _toggler(self, row: Row, emoji: str) -> Callable[[], object]:
        return lambda: self._acts.toggle(row, emoji)

    # --- the mouse ------------------------------------------------------------------------------------------

    def _at(self, x: int) -> int | None:
        return next((i for i, cell in enumerate(self._cells) if cell.x <= x < cell.x + _CELL), None)

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        over = self._at(event.x)
        if over != self._over:
            self._over = over
            self.repaint()

    def _entered(self, _event: "tk.Event[tk.Misc]") -> None:
        self._inside = True
        self._forget_timer()

    def _left(self, _event: "tk.Event[tk.Misc]") -> None:
        self._inside, self._over = False, None
        self.repaint()
        self.leave()

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        index = self._at(event.x) if 0 <= event.y < self.high else None
        if index is not None:
            cell = self._cells[index]
            cell.act()
            if not self.held:
                self.gone()

    def _wheel(self, event: "tk.Event[tk.Misc]") -> str:
        """The conversation scrolls under it, and it goes."""
        sequence = f"<Button-{event.num}>" if event.num in (4, 5) else "<MouseWheel>"
        if not self.held:
            self.gone()
        if event.delta:
            self._view.event_generate(sequence, delta=event.delta)
        else:
            self._view.event_generate(sequence)
        return "break"

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        pen = self.pen
        pen.box(0, 0, self.wide, HEIGHT, _RADIUS, "popover", self._corners, "popover_line")
        if self._rule:
            pen.rectangle(self._rule, 8, 1, 20, "popover_line")
        for index, cell in enumerate(self._cells):
            fill = "popover"
            if index == self._over or (self.held and cell.what == "more"):
                fill = "hover" if self.look.theme.name == "light" else "popover_row"
                pen.box(cell.x, 2, _CELL, _CELL, _RADIUS - 2, fill, "popover")
            middle = cell.x + _CELL // 2
            if cell.what in ("react", "reply", "more"):
                ink = "text" if fill != "popover" else "muted"
                pen.icon(cell.what, middle, HEIGHT // 2, 18, ink, fill)
            else:
                pen.emoji(cell.what, middle, HEIGHT // 2, _EMOJI, fill)
