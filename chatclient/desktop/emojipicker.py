"""The picker of emoji: a field to find one, the groups as tabs, the grid, and at the foot its name and the skin tones.

The field keeps the keyboard: letters narrow the grid, arrows move in it, Enter takes, Tab goes to tabs and tones.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient import emojis
from chatclient.desktop.emojigrid import CELL, EmojiGrid, Section
from chatclient.desktop.entry import Entry
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.popover import Overlay, Popover
from chatclient.keep import Keep

WIDTH: Final = 360
_HEIGHT: Final = 408
_FIELD: Final = 36
_TABS: Final = 56
_GRID: Final = _TABS + 37
_FOOT: Final = 56
_ICONS: Final = ("clock", "smile", "🌿", "🍎", "⚽", "🚲", "💡", "🔣", "🏁")
_HAND: Final = "✋"

Box = tuple[int, int, int, int]


class EmojiPicker(Popover):
    """`chosen` gets the emoji, in the skin tone that is set, after the picker has gone."""

    def __init__(self, overlay: Overlay, look: Look, keep: Keep, chosen: Callable[[str], object]) -> None:
        super().__init__(overlay, look, WIDTH)
        self._keep = keep
        self._take = chosen
        self._near: Box = (0, 0, 0, 0)
        self._often = emojis.often(keep.used)
        self._named = ""
        self._variable = tk.StringVar(self)
        self.entry = Entry(self, look, self._variable, placeholder="Search emoji")
        self.tabs = Strip(self, look, (*_ICONS,), 32, 36, self._to_group)
        self.grid_ = EmojiGrid(self, look, pointed=self._point, chosen=self._choose, scrolled=self._passed)
        tones = [emojis.toned(_HAND, tone) for tone in emojis.TONES]
        self.tones = Strip(self, look, tones, 28, 28, self._tone)
        self.tones.chosen = keep.skin
        self._variable.trace_add("write", lambda *_trace: self._show())
        for key, across, down in (("Up", 0, -1), ("Down", 0, 1), ("Prior", 0, -6), ("Next", 0, 6)):
            self.entry.bind(f"<{key}>", lambda _event, a=across, d=down: self.grid_.step(a, d))  # type: ignore[misc] # mypy infers no type for a lambda with defaults
        for key, across in (("Left", -1), ("Right", 1)):
            self.entry.bind(f"<{key}>", lambda _event, a=across: self._beside(a))  # type: ignore[misc] # as above
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _event: self.grid_.take())
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.entry.bind(sequence, lambda _event: self.repaint(), add="+")
        self._show()

    def open(self, near: tk.Misc | Box) -> None:
        """Show it over, or where there is no room under, a widget or `(x, y, width, height)` of the window."""
        if isinstance(near, tk.Misc):
            root = self.overlay.root
            x, y = near.winfo_rootx() - root.winfo_rootx(), near.winfo_rooty() - root.winfo_rooty()
            near = (x, y, near.winfo_width(), near.winfo_height())
        self._near = near
        self.overlay.show(self)

    # --- what is shown ----------------------------------------------------------------------------------------

    def _show(self, *, keep: bool = False) -> None:
        tone = emojis.TONES[self._keep.skin]
        text = self._variable.get().strip()
        if text:
            found = emojis.find(text)[:180]
            sections = [Section("Found", [emojis.toned(each, tone) for each in found])] if found else []
        else:
            sections = [Section("Used often", self._often)]
            sections += [
                Section(group.name, [emojis.toned(each, tone) if tone else each for each in group.emoji])
                for group in emojis.groups()
            ]
        named = self._named
        self.grid_.show(sections, keep=keep)
        if self._named == named:  # another one under the cursor was drawn already
            self.repaint()

    def _to_group(self, number: int) -> None:
        if self._variable.get():
            self._variable.set("")
        self.grid_.to_section(number)
        self.entry.focus_set()

    def _passed(self, section: int) -> None:
        self.tabs.choose(-1 if self._variable.get().strip() else section)

    def _point(self, emoji: str) -> None:
        if emoji != self._named:
            self._named = emoji
            self.repaint()

    def _beside(self, step: int) -> str | None:
        """The caret moves in a text that is being typed, the cursor where the caret cannot go on."""
        caret, end = self.entry.index("insert"), len(self._variable.get())
        if (step < 0 and caret > 0) or (step > 0 and caret < end):
            return None
        return self.grid_.step(step, 0)

    def _tone(self, number: int) -> None:
        self._keep.skin = number
        self._keep.save_quietly()
        self.tones.choose(number)
        self._show(keep=True)
        self.entry.focus_set()

    def _choose(self, emoji: str) -> None:
        self._keep.picked(emoji)
        self._keep.save_quietly()
        self.close()
        self._take(emoji)

    # --- place and drawing ------------------------------------------------------------------------------------

    def first_focus(self) -> None:
        self.entry.focus_set()

    def content_height(self) -> int:
        return _HEIGHT - 2

    def place_at(self, width: int, height: int, room: tuple[int, int]) -> tuple[int, int]:
        x, y, wide, high = self._near
        left = max(8, min(x + wide - width, room[0] - width - 8))
        top = y - height - 8 if y - height - 8 >= 8 else y + high + 8
        return left, max(8, min(top, room[1] - height - 8))

    def paint(self) -> None:
        super().paint()
        pen = self.pen
        focused = holder(self) is self.entry
        line = ("accent", 2) if focused else ("field", 1)
        pen.box(12, 12, self.wide - 24, _FIELD, 10, "conv", "popover", *line)
        pen.icon("search", 33, 12 + _FIELD // 2, 16, "muted", "conv")
        self.entry.put(49, 12 + _FIELD // 2, self.wide - 24 - 49, "conv")
        self.tabs.place(x=16, y=_TABS, width=self.wide - 32, height=36)
        pen.rectangle(1, _GRID - 1, self.wide - 2, 1, "popover_line")
        foot = self.high - 1 - _FOOT
        self.grid_.place(x=1, y=_GRID, width=self.wide - 2, height=max(1, foot - _GRID))
        pen.rectangle(1, foot, self.wide - 2, 1, "popover_line")
        tones = 6 * 28
        self.tones.place(x=self.wide - 12 - tones, y=foot + 14, width=tones, height=28)
        if not self._named:
            self.grid_.place_forget()
            text = f"No emoji is called “{self._variable.get().strip()}”."
            pen.line(20, _GRID + 28, text, "body", "muted", "popover", width=self.wide - 40)
            return
        pen.emoji(self._named, 34, foot + 28, 32, "popover")
        width = self.wide - 12 - tones - 62 - 6
        plain = emojis.toned(self._named, "")
        pen.line(60, foot + 19, emojis.name(plain), "body_bold", "text", "popover", width=width)
        pen.line(60, foot + 38, emojis.shortcode(plain), "small", "muted", "popover", width=width)


class Strip(Painted):
    """A few icons or emoji beside one another, one of them chosen; ← → and Enter where it has the keyboard."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        signs: tuple[str, ...] | list[str],
        width: int,
        height: int,
        command: Callable[[int], object],
    ) -> None:
        super().__init__(master, look, ground="popover", height=height)
        self._signs, self._cell, self._tall, self._command = signs, width, height, command
        self.chosen = 0
        self.configure(takefocus=1, cursor="hand2")
        self.bind("<ButtonRelease-1>", lambda event: self._press(self._at(event.x)))
        self.bind("<Left>", lambda _event: self._press(self.chosen - 1))
        self.bind("<Right>", lambda _event: self._press(self.chosen + 1))
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.bind(sequence, lambda _event: self.repaint())

    @property
    def _gap(self) -> float:
        """Between the left edges of two neighbours."""
        return (self.wide - self._cell) / (len(self._signs) - 1)

    def _at(self, x: int) -> int:
        return min(range(len(self._signs)), key=lambda number: abs(number * self._gap + self._cell / 2 - x))

    def _press(self, number: int) -> None:
        if 0 <= number < len(self._signs):
            self._command(number)

    def choose(self, number: int) -> None:
        """Mark this one; -1 for none."""
        if number != self.chosen:
            self.chosen = number
            self.repaint()

    def paint(self) -> None:
        pen = self.pen
        for number, sign in enumerate(self._signs):
            left, chosen = round(number * self._gap), number == self.chosen
            middle = left + self._cell // 2
            tab = self._tall == CELL
            if chosen and tab:
                pen.rectangle(left, self._tall - 2, self._cell, 2, "accent")
            elif chosen:
                pen.box(left, 0, self._cell, self._tall, 8, "active", "popover", "accent")
            if sign.isascii():
                pen.icon(sign, middle, self._tall // 2, 18, "link" if chosen else "muted", "popover")
            else:
                pen.emoji(sign, middle, self._tall // 2, 18, "popover" if tab or not chosen else "active")
        if holder(self) is self:
            pen.outline(0, 0, self.wide, self._tall, 8, "accent", 2)
