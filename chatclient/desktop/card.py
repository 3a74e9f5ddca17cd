"""The card of one person: who they are, how they are, and what one may do with them in this room.

It stands at the left of their line in the members' panel. What weighs heavily is asked for once more by the one who
does it; how long somebody is muted is chosen on the card itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from chatclient.desktop import tags
from chatclient.desktop.controls import RING, Button
from chatclient.desktop.look import Look
from chatclient.desktop.popover import Item, Overlay, Popover
from chatclient.desktop.roster import Step
from chatclient.desktop.rows import Rows
from shared.protocol import Role, State

WIDTH: Final = 292
_X: Final = 17  # the line and the margin inside it
_AVATAR: Final = 56
_GAP: Final = 12  # between the card and what it stands beside
_MINUTES: Final = ((10, "For 10 minutes"), (60, "For an hour"), (24 * 60, "For a day"))


class Subject(NamedTuple):
    """Whom the card is about. `state` empty: not known. `me`: the reader, with whom nothing is to be done."""

    user: str
    name: str
    role: Role
    state: State | Literal[""]
    word: str
    note: str
    muted: str
    since: str
    room: str
    steps: tuple[Step, ...]
    me: bool


@dataclass(frozen=True)
class Actions:
    """What the card's parts do. `step` is given what is to be done; `mute` the minutes; `closed` comes at its end."""

    message: Callable[[], object]
    mention: Callable[[], object]
    step: Callable[[Step], object]
    mute: Callable[[int], object]
    closed: Callable[[], object]


class Anchor(NamedTuple):
    """What the card stands beside, in pixels of the window: the left edge, and the top of the person's line."""

    left: int
    top: int


class Card(Popover):
    """`show` brings it up to date while it stands open."""

    def __init__(self, overlay: Overlay, look: Look, subject: Subject, anchor: Anchor, actions: Actions) -> None:
        super().__init__(overlay, look, WIDTH)
        self.subject = subject
        self._anchor = anchor
        self._actions = actions
        self._choosing = False
        self._message = Button(
            self, look, "Message", self.then(actions.message), ground="popover", kind="primary", width=1
        )
        self._mention = Button(self, look, "Mention", self.then(actions.mention), ground="popover")
        self.rows = Rows(self, look, ground="popover")
        self._fill()

    def show(self, subject: Subject) -> None:
        """What is known of them now."""
        if subject != self.subject:
            self.subject = subject
            self._fill()
            self.arrange()
            self.repaint()

    def _fill(self) -> None:
        items = self._lengths() if self._choosing else [self._item(step) for step in self.subject.steps]
        self.rows.show(items)

    def _item(self, step: Step) -> Item:
        room = self.subject.room
        icon, text, danger = {
            "mute": ("mute", "Mute in this room", False),
            "unmute": ("mute", "Unmute", False),
            "promote": ("shield", "Make moderator", False),
            "demote": ("shield", "Remove as moderator", False),
            "kick": ("leave", f"Remove from {room}", True),
            "ban": ("ban", f"Ban from {room}", True),
        }[step]
        do = self._choose_length if step == "mute" else self.then(lambda: self._actions.step(step))
        return Item(icon, text, do, danger)

    def _lengths(self) -> Sequence[Item]:
        return [Item("clock", text, self.then(lambda m=minutes: self._actions.mute(m))) for minutes, text in _MINUTES]  # type: ignore[misc] # mypy infers no type for a lambda with defaults

    def _choose_length(self) -> None:
        self._choosing = True
        self._fill()
        self.arrange()
        self.repaint()
        self.rows.focus_set()
        self.rows.cursor = None
        self.rows.step(1)

    def then(self, command: Callable[[], object]) -> Callable[[], object]:
        """A command that closes the card first."""

        def run() -> None:
            self.close()
            command()

        return run

    def destroy(self) -> None:
        super().destroy()
        self._actions.closed()

    # --- place and looks ------------------------------------------------------------------------------------

    def first_focus(self) -> None:
        self.focus_set()  # nothing is chosen beforehand; Tab comes to the first button

    def place_at(self, width: int, height: int, room: tuple[int, int]) -> tuple[int, int]:
        x = self._anchor.left - width - _GAP
        if x < 8:
            x = max(8, (room[0] - width) // 2)
        return x, max(8, min(self._anchor.top - 64, room[1] - height - 8))

    def content_height(self) -> int:
        bottom = self._buttons_top()
        if not self.subject.me:
            bottom += 36 + 16
        if self.rows.lines:
            bottom += 5 + self.rows.total + 8
        return bottom - 1

    def _text_width(self) -> int:
        return WIDTH - 2 * _X

    def _note_lines(self) -> list[str]:
        subject, lines = self.subject, []
        for text in (subject.note, subject.muted):
            lines += self.pen.wrap(text, "body", self._text_width())
        return lines

    def _buttons_top(self) -> int:
        """Under all that is said about them."""
        y = _X + _AVATAR + 12
        y += 20 * len(self._note_lines())
        if self.subject.since:
            y += 16 + (4 if self._note_lines() else 0)
        elif not self._note_lines():
            y -= 12
        return y + 16

    def paint(self) -> None:
        super().paint()
        pen, subject = self.pen, self.subject
        pen.avatar(subject.user, _X, _X, _AVATAR, "popover")
        left, right = _X + _AVATAR + 16, WIDTH - _X
        tag = tags.width(pen, subject.role)
        end = pen.line(left, 35, subject.name, "title", "text", "popover", width=right - left - (tag + 8 if tag else 0))
        tags.draw(pen, end + 8, 35, subject.role, "popover")
        below = subject.word
        if subject.state:
            pen.presence(subject.state, left + 5, 57, "popover")
            left += 17
        if subject.name != subject.user:
            below = f"{below} · @{subject.user}" if below else f"@{subject.user}"
        pen.line(left, 57, below, "small", "muted", "popover", width=right - left)
        self._paint_note(_X + _AVATAR + 12)
        self._place_buttons(self._buttons_top())

    def _paint_note(self, y: int) -> None:
        lines = self._note_lines()
        for line in lines:
            self.pen.line(_X, y + 10, line, "body", "text", "popover")
            y += 20
        if self.subject.since:
            middle = y + 8 + (4 if lines else 0)
            self.pen.line(_X, middle, self.subject.since, "small", "muted", "popover", width=self._text_width())

    def _place_buttons(self, y: int) -> None:
        if self.subject.me:
            return
        second = self._mention.winfo_reqwidth()
        first = self._text_width() - (second - 2 * RING) - 8
        self._message.place(x=_X - RING, y=y - RING, width=first + 2 * RING)
        self._mention.place(x=_X + first + 8 - RING, y=y - RING)
        if not self.rows.lines:
            self.rows.place_forget()
            return
        self.pen.rectangle(1, y + 52, WIDTH - 2, 1, "popover_line")
        self.rows.place(x=9, y=y + 57, width=WIDTH - 18, height=self.rows.total)
