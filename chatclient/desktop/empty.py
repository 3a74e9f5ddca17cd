"""A room in which nothing was said yet: its first line, and what one may do there."""

import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple

from chatclient.conversation import Conversation
from chatclient.desktop.controls import RING, Button
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted


class Beginning(NamedTuple):
    """What there is to say about it: two sentences, and the offers that make sense there."""

    heading: str
    sentence: str
    room: bool


class Empty(Painted):
    """Stands over the conversation while that has no message."""

    def __init__(
        self, master: tk.Misc, look: Look, *, invite: Callable[[], object], set_topic: Callable[[], object]
    ) -> None:
        super().__init__(master, look, ground="conv")
        self._beginning = Beginning("", "", False)
        self._invite = Button(self, look, "Invite people", invite, ground="conv", kind="primary", icon="plus")
        self._topic = Button(self, look, "Set a topic", set_topic, ground="conv")

    def show(self, beginning: Beginning) -> None:
        if beginning != self._beginning:
            self._beginning = beginning
            self.repaint()

    def paint(self) -> None:
        pen, middle = self.pen, self.wide // 2
        width = min(480, self.wide - 40)
        y = max(16, min(140, (self.high - 200) // 2))
        ink = "link" if self.look.theme.name == "dark" else "own"
        pen.mark(middle - 32, y, 64, "pale", ink, "conv")
        y += 84
        for row in pen.wrap(self._beginning.heading, "heading", width):
            pen.line(middle - pen.width(row, "heading") // 2, y + 14, row, "heading", "text")
            y += 28
        y += 4
        for row in pen.wrap(self._beginning.sentence, "body", width):
            pen.line(middle - pen.width(row, "body") // 2, y + 10, row, "body", "muted")
            y += 20
        self._place_buttons(middle, y + 20)

    def _place_buttons(self, middle: int, y: int) -> None:
        if not self._beginning.room:
            self._invite.place_forget()
            self._topic.place_forget()
            return
        first, second = self._invite.winfo_reqwidth(), self._topic.winfo_reqwidth()
        left = middle - (first + second - 2 * RING + 8) // 2
        self._invite.place(x=left - RING + RING, y=y - RING)
        self._topic.place(x=left + first - 2 * RING + 8, y=y - RING)


_MOST: Final = 40
"""A room with more notices than this is no longer at its beginning."""


def beginning_of(talk: Conversation, me: str) -> Beginning | None:
    """What to say of a conversation in which nothing was said; None where something was, or where that is not known."""
    rows = talk.timeline
    if not talk.complete_before or rows.count > _MOST:
        return None
    if any(rows.row(index).kind == "message" for index in range(rows.count)):
        return None
    if talk.direct:
        return Beginning(f"This is the first line with {talk.title}", "Say hello.", room=False)
    sentence = "Say hello, or ask somebody in."
    if rows.count:
        first = rows.row(0)
        if first.user == me and first.text == f"{me} made this room":
            day = first.day[:1].lower() + first.day[1:] if first.day in ("Today", "Yesterday") else f"on {first.day}"
            sentence = f"You made the room {day} at {first.clock}. {sentence}"
    return Beginning(f"This is the first line of {talk.title}", sentence, room=True)
