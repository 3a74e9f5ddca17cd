"""The right half of the sign-in: three things said, and over each the line of the history that it becomes."""

import tkinter as tk
from typing import Final, NamedTuple

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.theme import colour_index

_WIDE: Final = 504
_HIGH: Final = 416
_CHECK: Final = 18
_GAP: Final = 28


class _Said(NamedTuple):
    seq: int
    user: str
    clock: str
    seconds: str
    text: str
    own: bool = False


_SAID: Final = (
    _Said(41, "bob", "09:12", "27", "Morning! Coffee is on in the kitchen"),
    _Said(42, "alice", "09:13", "04", "On my way. Shall I bring the plum cake? 🍰", own=True),
    _Said(43, "carol", "09:13", "41", "Please do. I will tell the others"),
)
_PROMISE: Final = (
    ("Your server keeps what is said, line by line, in ", "body"),
    ("chat_history.txt", "code"),
    (". You can read it, search it, copy it and keep it, without Parley.", "body"),
)


class Story(Painted):
    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="side")

    def paint(self) -> None:
        pen = self.pen
        pen.rectangle(0, 0, 1, self.high, "border")
        width = min(_WIDE, self.wide - 48)
        left = max(24, min(69, self.wide - width - 47) + max(0, (self.wide - 620) // 2))
        y = max(24, (self.high - _HIGH) // 2)
        for said in _SAID:
            y = self._bubble(left, y, width, said)
            y = self._record(left, y, width, said)
        y -= _GAP - 12
        pen.line(left, y, "44", "record", "link", "side")
        pen.rectangle(left + 25, y - 6, 6, 12, "accent")
        y += 51
        pen.line(left, y + 10, "Every word in one plain text file", "title", "text", "side")
        pen.prose(left, y + 25, _PROMISE, "muted", min(width, 400), 20, "side")

    def _bubble(self, left: int, top: int, width: int, said: _Said) -> int:
        pen = self.pen
        inset = 0 if said.own else 40
        time = pen.width(said.clock, "tiny") + 12 + (_CHECK if said.own else 0)
        rows = pen.wrap(said.text, "body", width - inset - 24 - time)
        name = 0 if said.own else 19
        wide = max(pen.width(row, "body") for row in rows) + time + 24
        high = 16 + name + 20 * len(rows)
        x = left + width - wide if said.own else left + inset
        light = self.look.theme.name == "light"
        fill = "own" if said.own else "conv" if light else "other"
        pen.box(x, top, wide, high, 16, fill, "side", "border" if light and not said.own else None)
        if not said.own:
            pen.avatar(said.user, left, top + high - 32, 32, "side")
            pen.line(x + 12, top + 18, said.user, "name", f"name{colour_index(said.user)}", fill)
        y = top + 8 + name
        for row in rows:
            pen.line(x + 12, y + 10, row, "body", "own_text" if said.own else "text", fill)
            y += 20
        end = x + wide - 12
        if said.own:
            pen.icon("check", end - 7, y - 7, 14, "own_muted", fill)
            end -= _CHECK
        pen.line_end(end, y - 7, said.clock, "tiny", "own_muted" if said.own else "muted", fill)
        return top + high

    def _record(self, left: int, top: int, width: int, said: _Said) -> int:
        y = top + 14
        end = self.pen.line(left, y, str(said.seq), "record", "link", "side")
        text = f"  2026-11-20T{said.clock}:{said.seconds}Z  lobby  {said.user}  message  text={said.text}"
        self.pen.line(end, y, text, "record", "muted", "side", width=left + width - end)
        return top + 22 + _GAP
