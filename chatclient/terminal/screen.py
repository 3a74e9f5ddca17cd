"""What is on the full screen and what is done on it: everything is drawn anew from the model, in lines of pieces.

It knows the terminal only as `Terminal`; what it is laid out on, and which keys call what, is put together above it.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.layout import AnyContainer, HSplit

from chatclient import sizes
from chatclient.conversation import Conversation
from chatclient.events import Arrived, ClientEvent, Pending, Uploaded, UploadFailed, Uploading
from chatclient.model import Changes
from chatclient.rows import Row
from chatclient.terminal import helping, layout, panels
from chatclient.terminal.cells import wrap
from chatclient.terminal.composer import Composer
from chatclient.terminal.conversation import ConversationView
from chatclient.terminal.desk import Desk
from chatclient.terminal.doing import Doing, Entry, Work
from chatclient.terminal.drawing import Line
from chatclient.terminal.jumping import Jumping
from chatclient.terminal.painted import Painted
from chatclient.terminal.picker import Picker
from shared.errors import Refused
from shared.mentions import mentioned
from shared.protocol import Message

TALLEST: Final = 5
"""Lines that a sentence over the box may have."""
_PROMPTS: Final = {"edit": "✎ ", "reply": "↳ ", None: "> "}


class Terminal(Protocol):
    """What it stands on. `focus` gives the keyboard to a field, None: to the box."""

    @property
    def cells(self) -> int: ...
    @property
    def rows(self) -> int: ...
    def redraw(self) -> None: ...
    def focus(self, field: Buffer | None) -> None: ...
    def bell(self) -> None: ...
    def end(self) -> None: ...


class Screen:
    """`terminal` is set before anything is shown. `picker` is the list over everything, None for none."""

    terminal: Terminal

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._model = desk.model
        self.view = ConversationView(desk.model.me)
        self.composer = Composer(desk, self._typed)
        self.doing = Doing(desk, self)
        self.picker: Picker | None = None
        self.over: AnyContainer = HSplit([])
        self.members_shown = False
        self.mouse_on = False
        self.notice: tuple[str, str] = ("", "")
        self._question: Callable[[], object] | None = None
        self._places: list[panels.Place] = []
        self._first_place = 0
        self._jumping = Jumping(desk, self.pick)

    @property
    def cells(self) -> int:
        """How wide the terminal is."""
        return self.terminal.cells

    @property
    def rows(self) -> int:
        """How tall it is."""
        return self.terminal.rows

    def controls(self) -> layout.Controls:
        """The parts that are drawn here."""
        view = self.view
        return layout.Controls(
            rooms=Painted(self._draw_rooms, self._room_clicked, lambda lines: self.desk.step(lines // 3)),
            head=Painted(lambda cells, _: [panels.head(self._model, self.desk.current, cells)]),
            talk=Painted(self._draw_talk, view.choose_line, view.scroll),
            notice=Painted(lambda cells, _: self._draw_notice(cells), tall=lambda cells: len(self._draw_notice(cells))),
            between=Painted(self._draw_between),
            members=Painted(lambda cells, _: panels.members(self._model, self.desk.current, cells)),
            status=Painted(lambda cells, _: [panels.status(self._model, time.time(), cells)]),
        )

    # --- drawing --------------------------------------------------------------------------------------------

    def _draw_talk(self, cells: int, height: int) -> Sequence[Line]:
        talk = self.desk.current
        if talk is None:
            return []
        self.view.seen = panels.seen(self._model, talk)
        lines = self.view.draw(cells, height)
        if self.view.wants_older:
            self.desk.older(talk)
        if self.view.wants_newer:
            self.desk.newer(talk)
        return lines

    def _draw_rooms(self, cells: int, height: int) -> Sequence[Line]:
        self._places = panels.rooms(self._model, cells)
        here = next((at for at, place in enumerate(self._places) if place.room == self._model.current), 0)
        lines, self._first_place = panels.around([place.line for place in self._places], here, height)
        return lines

    def _draw_between(self, cells: int, _height: int) -> Sequence[Line]:
        about = self.composer.about()
        if about:
            return [panels.working(about, cells)]
        return [panels.between(self._model, self.desk.current, self.view.following, cells)]

    def _draw_notice(self, cells: int) -> list[Line]:
        style, words = self.notice
        return [((style, " "), *line) for line in wrap(((style, words),), cells - 2)[:TALLEST]] if words else []

    def prompt(self) -> str:
        """What stands before the box."""
        return _PROMPTS[self.composer.draft.work]

    def _room_clicked(self, y: int) -> None:
        at = self._first_place + y
        if at < len(self._places) and self._places[at].room:
            self.desk.open(self._places[at].room)

    # --- what happens ---------------------------------------------------------------------------------------

    def drawn(self, changes: Changes) -> None:
        row = self.composer.draft.row
        talk = self.desk.current
        if row is not None and talk is not None and talk.name in changes.timelines:
            at = talk.timeline.index(row.key)
            if at is not None and talk.timeline.row(at).kind == "tombstone":
                self.composer.leave()
                self.complain("The message that you wrote about was deleted.")
        self.terminal.redraw()

    def heard(self, event: ClientEvent) -> None:
        match event:
            case Pending(room=room) if room == self._model.current:
                self.view.to_end()
            case Uploading(sent=sent, total=total) if sent < total:
                self.say(f"Uploading: {sizes.progress(sent, total)}")
            case Uploaded() | UploadFailed():
                if self.notice[1].startswith("Uploading"):
                    self.notice = ("", "")
            case Arrived(event=Message() as message) if message.user != self._model.me:
                self._ring(message)

    def _ring(self, message: Message) -> None:
        """The terminal's bell, for what concerns me and is not in sight."""
        talk = self._model.conversations.get(message.room)
        if talk is None or talk.name == self._model.current:
            return
        level = self.desk.keep.preferences(self.desk.place.server).of(talk.name)
        if level == "all" or (level == "mentions" and mentioned(message.text, self._model.me)):
            self.terminal.bell()

    def opened(self, talk: Conversation, unread: int) -> None:
        self._question = None
        self.view.show(talk.timeline)
        self.composer.open(talk.name)
        self.close_picker()

    def goto(self, seq: int) -> None:
        self.view.goto(str(seq))

    def say(self, sentence: str) -> None:
        self.notice = ("class:say", sentence)
        self.terminal.redraw()

    def complain(self, sentence: str) -> None:
        self.notice = ("class:complain", sentence)
        self.terminal.redraw()

    # --- what is typed --------------------------------------------------------------------------------------

    def _typed(self) -> None:
        if self._question is None:
            self.notice = ("", "")

    def enter(self) -> None:
        """Enter: take what is offered, choose from the list, or send what is written."""
        if self.picker is not None:
            entry = self.picker.chosen()
            self.close_picker()
            if entry is not None and entry.choose is not None:
                self._try(entry.choose)
        elif self.composer.buffer.complete_state is not None:
            self.composer.buffer.complete_state = None
        elif self.composer.text.strip() or self.composer.draft.work == "edit":
            self._try(self._send)

    def _send(self) -> None:
        text, draft = self.composer.text, self.composer.draft
        room = self._model.current
        self.notice = ("", "")
        if draft.work == "edit" and draft.row is not None:
            self.doing.edit(draft.row, text)
        elif draft.work == "reply" and draft.row is not None and not text.startswith("/"):
            self.doing.say(text, draft.row.seq)
        else:
            self.composer.write("")  # what the command begins to edit takes its place
            try:
                self.doing.enter(text)
            except Refused:
                self.composer.write(text)
                raise
            self.view.chosen = ""
            return
        if room == self._model.current and self.composer.draft is draft:
            self.composer.take()
        self.view.chosen = ""

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except Refused as refused:
            self.complain(refused.message)

    def escape(self) -> None:
        """Back, by one step."""
        if self.picker is not None:
            self.close_picker()
        elif self.composer.buffer.complete_state is not None:
            self.composer.buffer.cancel_completion()
        elif self._question is not None:
            self.answer(False)
        elif not self.composer.leave():
            self.view.chosen = ""
            self.to_end()
        self.notice = ("", "")

    def answer(self, yes: bool) -> None:
        """To the question over the box."""
        do, self._question, self.notice = self._question, None, ("", "")
        if yes and do is not None:
            if self.composer.draft.work == "edit":
                self.composer.leave()
            self._try(do)

    @property
    def asked(self) -> bool:
        """Is there a question to be answered?"""
        return self._question is not None

    def edit_last(self) -> None:
        """↑ in an empty box."""
        self.command("/edit")

    def command(self, line: str) -> None:
        """What a key does that stands for a command."""
        self._try(lambda: self.doing.enter(line))

    def interrupt(self) -> None:
        """Ctrl+C: throw away what is written; nothing is ended by it."""
        if self.picker is not None or self.asked:
            self.escape()
        elif self.composer.text:
            self.composer.leave()
            self.composer.write("")
            self.notice = ("", "")
        else:
            self.say("Ctrl+Q leaves Parley.")

    # --- what commands need ---------------------------------------------------------------------------------

    def chosen(self) -> Row | None:
        return self.view.row()

    def begin(self, work: Work, row: Row) -> None:
        self.composer.begin(work, row)

    def confirm(self, question: str, do: Callable[[], object]) -> None:
        self._question = do
        self.complain(f"{question} y: yes, any other key: no")

    def list(self, title: str, entries: Sequence[Entry]) -> None:
        self.pick(Picker(title, lambda typed: [each for each in entries if typed.casefold() in each.text.casefold()]))

    def pick(self, picker: Picker) -> None:
        """Show this list over everything, until something is chosen or Esc is pressed."""
        self.picker = picker
        picker.hint = picker.hint or "↑↓ Enter Esc"
        self.over = layout.over(self, picker)
        self.terminal.focus(picker.field)
        self.terminal.redraw()

    def close_picker(self) -> None:
        """The conversation again."""
        if self.picker is not None:
            self.picker = None
            self.terminal.focus(None)

    def members(self, talk: Conversation) -> None:
        self.toggle_members()

    def toggle_members(self) -> None:
        """F2."""
        self.members_shown = not self.members_shown

    def to_end(self) -> None:
        """The newest."""
        self.desk.newest()
        self.view.to_end()

    def help(self) -> None:
        self.list("Keys and commands", helping.entries())

    def mouse(self) -> None:
        self.mouse_on = not self.mouse_on
        told = "scrolls and chooses; Shift marks text" if self.mouse_on else "marks text"
        self.say(f"The mouse {told} now.")

    def sent(self) -> None:
        self.to_end()

    def jump(self) -> None:
        """Ctrl+K."""
        self._jumping.open()

    def quit(self) -> None:
        self.terminal.end()
