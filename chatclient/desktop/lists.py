"""The popovers that offer a list: rooms to join, people to write to.

Each asks when it opens and shows what comes; a field above narrows the list, the arrows move in it from there.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop.dialogs import Dialog
from chatclient.desktop.field import Field
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Pen
from chatclient.desktop.popover import Overlay
from chatclient.desktop.rows import Line, Rows
from shared.errors import Refused
from shared.protocol import RoomInfo
from shared.rules import name_key, user_name

_LIST: Final = 264


class RoomLine(NamedTuple):
    """A room that one may join."""

    info: RoomInfo
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 52

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = "popover_row" if lit else ground
        if lit:
            pen.box(0, y, width, 52, 8, fill, ground)
        pen.icon("hash", 20, y + 26, 18, "muted", fill)
        count = "1 member" if self.info.members == 1 else f"{self.info.members:,} members"
        start = pen.line_end(width - 12, y + 26, count, "tiny", "muted", fill)
        pen.line(42, y + 17, self.info.room, "body", "text", fill, width=start - 54)
        pen.line(42, y + 36, self.info.topic or "No topic yet", "small", "muted", fill, width=start - 54)


class PersonLine(NamedTuple):
    """A person with what is known about them."""

    name: str
    note: str
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 44

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = "popover_row" if lit else ground
        if lit:
            pen.box(0, y, width, 44, 8, fill, ground)
        pen.avatar(self.name, 8, y + 6, 32, fill)
        start = pen.line_end(width - 14, y + 22, self.note, "tiny", "muted", fill) if self.note else width - 14
        pen.line(50, y + 22, self.name, "body", "text", fill, width=start - 58)


class Saying(NamedTuple):
    """A quiet sentence in the place of a list."""

    text: str
    command: None = None

    @property
    def height(self) -> int:
        return 44

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        pen.line(12, y + 22, self.text, "body", "muted", ground, width=width - 24)


class Chooser(Dialog):
    """A field and a list under it. Subclasses say which lines a text leaves."""

    def __init__(self, overlay: Overlay, look: Look, title: str, label: str, word: str) -> None:
        super().__init__(overlay, look, title)
        self.field = Field(self.inner, look, label, ground="popover", on_change=self.refresh, on_enter=self.submit)
        self.rows = Rows(self.inner, look, ground="popover")
        self.rows.configure(height=_LIST)
        self.add(self.field, 0)
        self.add(self.rows, 12)
        self.button = self.finish_with(word, self.submit)
        self.field.entry.bind("<Down>", lambda _event: self._move(1))
        self.field.entry.bind("<Up>", lambda _event: self._move(-1))
        self.refresh()

    def lines(self, text: str) -> Sequence[Line]:
        raise NotImplementedError

    def refresh(self) -> None:
        """The lines for what stands in the field now; the first that can be chosen is."""
        lines = self.lines(self.field.text.strip())
        self.rows.show(lines, next((i for i, line in enumerate(lines) if line.command is not None), None))
        self.button.enable(self.rows.cursor is not None)

    def _move(self, step: int) -> str:
        self.rows.step(step)
        return "break"

    def submit(self) -> None:
        self.rows.choose()


class JoinRoom(Chooser):
    """`answer` brings the public rooms; `mine` are those one is in already."""

    def __init__(self, overlay: Overlay, look: Look, mine: frozenset[str], join: Callable[[str], object]) -> None:
        self._mine = mine
        self._join = join
        self._rooms: list[RoomInfo] | None = None
        self._problem = ""
        super().__init__(overlay, look, "Join a room", "Room", "Join")

    def answer(self, rooms: list[RoomInfo]) -> None:
        self._rooms = sorted((info for info in rooms if info.room not in self._mine), key=lambda info: info.room)
        self.refresh()

    def failed(self, sentence: str) -> None:
        self._problem = sentence
        self.refresh()

    def lines(self, text: str) -> Sequence[Line]:
        if self._problem:
            return [Saying(self._problem)]
        if self._rooms is None:
            return [Saying("Asking the server…")]
        if not self._rooms:
            return [Saying("You are in every public room there is.")]
        found = [info for info in self._rooms if text.removeprefix("#").casefold() in info.room.casefold()]
        if not found:
            return [Saying(f"No public room has “{text}” in its name.")]
        return [RoomLine(info, self._choice(info.room)) for info in found]

    def _choice(self, room: str) -> Callable[[], object]:
        def join() -> None:
            self.close()
            self._join(room)

        return join


class MessagePerson(Chooser):
    """Write to somebody: chosen from those who are known, or by name."""

    def __init__(self, overlay: Overlay, look: Look, me: str, message: Callable[[str], object]) -> None:
        self._me = me
        self._message = message
        self._people: list[str] = []
        super().__init__(overlay, look, "Message a person", "Name", "Message")

    def answer(self, people: Sequence[str]) -> None:
        self._people = sorted((name for name in people if name != self._me), key=str.casefold)
        self.refresh()

    def lines(self, text: str) -> Sequence[Line]:
        typed = text.removeprefix("@")
        found = [name for name in self._people if typed.casefold() in name.casefold()]
        lines: list[Line] = [PersonLine(name, "", self._choice(name)) for name in found]
        if typed and name_key(typed) not in {name_key(name) for name in found}:
            try:
                name = user_name(typed)
            except Refused as refused:
                self.field.fail(refused.message)
                return lines
            lines.append(PersonLine(name, "", self._choice(name)))
        return lines or [Saying("Type the name of a person on this server.")]

    def _choice(self, name: str) -> Callable[[], object]:
        def message() -> None:
            self.close()
            self._message(name)

        return message
