"""The panel at the right: who is in the room, in groups by presence, with a line that narrows them.

It draws what it is shown and asks nobody; a click on a person hands their line to the one who opens the card.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop import tags
from chatclient.desktop.controls import RING, Button, IconButton
from chatclient.desktop.filterline import HEIGHT as FILTER
from chatclient.desktop.filterline import FilterLine
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted, Pen
from chatclient.desktop.panel import Panel
from chatclient.desktop.roster import Entry, Group
from chatclient.desktop.rows import Label, Line, Rows
from shared.rules import name_key

_HEAD: Final = 56
_FOOT: Final = 61


class MemberLine(NamedTuple):
    """One person. `lit` from outside: their card stands open."""

    entry: Entry
    open: bool
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 44

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        entry = self.entry
        fill = "active" if self.open else "hover" if lit else ground
        if fill != ground:
            pen.box(8, y, width - 16, 44, 8, fill, ground)
        pen.avatar(entry.user, 16, y + 6, 32, fill, presence=entry.state or "offline")
        middle = y + 15 if entry.note else y + 22
        tag = tags.width(pen, entry.role)
        right = width - 16
        ink = "muted" if entry.state in ("", "offline") else "text"
        end = pen.line(60, middle, entry.user, "body", ink, fill, width=right - 60 - (tag + 6 if tag else 0))
        tags.draw(pen, end + 6, middle, entry.role, fill)
        if entry.note:
            pen.line(60, y + 32, entry.note, "small", "muted", fill, width=right - 60)


class BannedLine(NamedTuple):
    """Somebody who may not come in; a click asks whether to lift that."""

    user: str
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 44

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = "hover" if lit else ground
        if lit:
            pen.box(8, y, width - 16, 44, 8, fill, ground)
        pen.avatar(self.user, 16, y + 6, 32, fill)
        right = width - 16
        if lit:
            right = pen.line_end(right, y + 22, "Lift the ban", "small", "link", fill) - 8
        pen.line(60, y + 22, self.user, "body", "muted", fill, width=right - 60)


class Quiet(NamedTuple):
    """A sentence in the place of the list."""

    text: str
    command: None = None

    @property
    def height(self) -> int:
        return 60

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        pen.block(16, y + 16, self.text, "small", "muted", width - 32, 16, ground)


def _label(text: str, *, first: bool) -> Label:
    height = 36 if first else 32
    return Label(text, 16, height - 12, height)


class Actions(NamedTuple):
    """`choose` is given the person; `narrowed` is called when the text of the filter changed."""

    close: Callable[[], object]
    choose: Callable[[str], object]
    narrowed: Callable[[], object]
    invite: Callable[[], object]
    unban: Callable[[str], object]


class MembersPanel(Panel):
    """`show` gives it the groups, `say` a sentence in their place."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master, "side")
        self._actions = actions
        self._groups: Sequence[Group] = ()
        self._banned: Sequence[str] = ()
        self._opened = ""
        self._edge = Panel(self, "border", width=1)
        self._head = _Head(self, look, actions.close)
        self.filter = FilterLine(self, look, "Find a member", actions.narrowed, ground="side")
        self.rows = Rows(self, look, ground="side", ring=8)
        self._line = Panel(self, "border", height=1)
        self._foot = Panel(self, "side")
        self.invite = Button(self._foot, look, "Invite people", actions.invite, ground="side", icon="plus")
        self.invite.pack(fill="x", padx=12 - RING, pady=12 - RING)
        self._edge.put(x=0, y=0, width=1, relheight=1)
        self._head.place(x=1, y=0, relwidth=1, width=-1, height=_HEAD)
        self.filter.place(x=13, y=_HEAD + 12, relwidth=1, width=-25, height=FILTER)
        self.filter.entry.bind("<Down>", lambda _event: self._into_rows())
        self.filter.entry.bind("<Return>", lambda _event: self._first())
        self.rows.place(x=1, y=_HEAD + 12 + FILTER, relwidth=1, width=-1, relheight=1, height=-_HEAD - 48 - _FOOT)
        self._line.put(x=1, rely=1, y=-_FOOT, relwidth=1, width=-1, height=1)
        self._foot.put(x=1, rely=1, y=-_FOOT + 1, relwidth=1, width=-1, height=_FOOT - 1)

    def show(self, groups: Sequence[Group], banned: Sequence[str] = ()) -> None:
        self._groups, self._banned = groups, banned
        lines: list[Line] = []
        for index, group in enumerate(groups):
            lines.append(_label(group.label, first=index == 0))
            lines += [
                MemberLine(entry, entry.user == self._opened, self._choice(entry.user)) for entry in group.entries
            ]
        if banned:
            lines.append(_label(f"Banned, {len(banned):,}", first=not lines))
            lines += [BannedLine(user, lambda user=user: self._actions.unban(user)) for user in banned]  # type: ignore[misc] # mypy infers no type for a lambda with defaults
        if not lines:
            lines = [Quiet(f"Nobody here has “{self.filter.text.strip()}” in their name.")]
        self.rows.show(lines)

    def say(self, sentence: str) -> None:
        """This in the place of the list."""
        self._groups = ()
        self.rows.show([Quiet(sentence)])

    def open_at(self, user: str) -> None:
        """The card of this person stands open; empty for nobody's."""
        if user != self._opened:
            self._opened = user
            if self._groups:
                self.show(self._groups, self._banned)

    def top_of(self, user: str) -> int:
        """Where the line of this person begins, in pixels from the top of the panel."""
        return self.rows.winfo_y() + self.rows.top_of(
            next((i for i, line in enumerate(self.rows.lines) if self._is(line, user)), 0)
        )

    @property
    def users(self) -> list[str]:
        """Who is in the list now, in its order."""
        return [entry.user for group in self._groups for entry in group.entries]

    @staticmethod
    def _is(line: Line, user: str) -> bool:
        return isinstance(line, MemberLine) and name_key(line.entry.user) == name_key(user)

    def _choice(self, user: str) -> Callable[[], object]:
        return lambda: self._actions.choose(user)

    def _into_rows(self) -> str:
        self.rows.focus_set()
        return "break"

    def _first(self) -> str:
        if self.users:
            self._actions.choose(self.users[0])
        return "break"


class _Head(Painted):
    def __init__(self, master: tk.Misc, look: Look, close: Callable[[], object]) -> None:
        super().__init__(master, look, ground="side", height=_HEAD)
        self._x = IconButton(self, look, "x", close, ground="side", ink="text")

    def paint(self) -> None:
        self.pen.line(16, _HEAD // 2, "Members", "title", "text", "side", width=self.wide - 60)
        self._x.place(x=self.wide - 12 - 32 - RING, y=12 - RING)
        self.pen.rectangle(0, _HEAD - 1, self.wide, 1, "border")
