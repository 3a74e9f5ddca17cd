"""The full screen: what happens is drawn, what is typed is done. Everything on it is made anew from the model.

prompt_toolkit compares what is to be seen with what is there and writes the difference, at most 20 times a second, so
that a busy room is cheap to look at over a slow line too.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.layout import AnyContainer, HSplit
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from chatclient import sizes
from chatclient.conversation import Conversation
from chatclient.events import Arrived, ClientEvent, Pending, Uploaded, UploadFailed, Uploading
from chatclient.model import Changes
from chatclient.rows import Row
from chatclient.terminal import commands, keys, layout, panels
from chatclient.terminal.cells import wrap
from chatclient.terminal.composer import Composer
from chatclient.terminal.conversation import ConversationView
from chatclient.terminal.desk import Desk
from chatclient.terminal.doing import Doing, Entry, Work
from chatclient.terminal.drawing import Line
from chatclient.terminal.jumping import Jumping
from chatclient.terminal.painted import Painted
from chatclient.terminal.palette import STYLES
from chatclient.terminal.picker import Picker
from shared.errors import Refused
from shared.mentions import mentioned
from shared.protocol import Message

PAUSE: Final = 0.05
"""Seconds between two drawings, at least."""
TALLEST: Final = 5
"""Lines that a sentence over the box may have."""
_NO_WHEEL: Final = "\x1b[?1007l"
"""Terminals send ↑ for the wheel otherwise, which would edit the last message."""
_WHEEL: Final = "\x1b[?1007h"


class Screen:
    """`run` shows it until the person leaves, or `end` is called."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._model = desk.model
        desk.face = self
        self.view = ConversationView(desk.model.me)
        self.composer = Composer(desk, self._typed)
        self.doing = Doing(desk, self)
        self.picker: Picker | None = None
        self.over: AnyContainer = HSplit([])
        self.members_shown = False
        self.mouse_on = False
        self._notice: tuple[str, str] = ("", "")
        self._question: Callable[[], object] | None = None
        self._places: list[panels.Place] = []
        self._first_place = 0
        self._ended = False
        self._jumping = Jumping(desk, self.pick)
        built, self._box = layout.build(self, self._controls(), self.composer.buffer, lambda: bool(self._notice[1]))
        self.app: Application[None] = Application(
            layout=built,
            key_bindings=keys.bindings(self),
            style=Style.from_dict(STYLES),
            full_screen=True,
            mouse_support=Condition(lambda: self.mouse_on),
            color_depth=ColorDepth.DEPTH_4_BIT,
            min_redraw_interval=PAUSE,
        )
        self.app.ttimeoutlen = self.app.timeoutlen = 0.1

    def _controls(self) -> layout.Controls:
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

    # --- running --------------------------------------------------------------------------------------------

    async def run(self) -> int:
        """The exit code."""
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # Windows has no such signals
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.end)
        clock = asyncio.create_task(self._tick())
        try:
            if not self._ended:
                self.app.output.write_raw(_NO_WHEEL)
                await self.app.run_async(handle_sigint=False)
        finally:
            clock.cancel()
            self.app.output.write_raw(_WHEEL)
            self.app.output.flush()
        return 0

    def end(self) -> None:
        """Leave."""
        self._ended = True
        if self.app.is_running and self.app.future is not None and not self.app.future.done():
            self.app.exit()

    async def _tick(self) -> None:
        """While there is no connection, count the seconds."""
        while True:
            await asyncio.sleep(1)
            if self._model.link.state == "offline":
                self.app.invalidate()

    @property
    def cells(self) -> int:
        """How wide the screen is."""
        return self.app.output.get_size().columns

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
        style, words = self._notice
        return [((style, " "), *line) for line in wrap(((style, words),), cells - 2)[:TALLEST]] if words else []

    def prompt(self) -> str:
        """What stands before the box."""
        return {"edit": "✎ ", "reply": "↳ ", None: "> "}[self.composer.draft.work]

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
        self.app.invalidate()

    def heard(self, event: ClientEvent) -> None:
        match event:
            case Pending(room=room) if room == self._model.current:
                self.view.to_end()
            case Uploading(sent=sent, total=total) if sent < total:
                self.say(f"Uploading: {sizes.progress(sent, total)}")
            case Uploaded() | UploadFailed():
                if self._notice[1].startswith("Uploading"):
                    self._notice = ("", "")
            case Arrived(event=Message() as message) if message.user != self._model.me:
                self._ring(message)

    def _ring(self, message: Message) -> None:
        """The terminal's bell, for what concerns me and is not in sight."""
        talk = self._model.conversations.get(message.room)
        if talk is None or talk.name == self._model.current:
            return
        level = self.desk.keep.preferences(self.desk.place.server).of(talk.name)
        if level == "all" or (level == "mentions" and mentioned(message.text, self._model.me)):
            self.app.output.bell()

    def opened(self, talk: Conversation, unread: int) -> None:
        self._question = None
        self.view.show(talk.timeline)
        self.composer.open(talk.name)
        self.close_picker()

    def goto(self, seq: int) -> None:
        self.view.goto(str(seq))

    def say(self, sentence: str) -> None:
        self._notice = ("class:say", sentence)
        self.app.invalidate()

    def complain(self, sentence: str) -> None:
        self._notice = ("class:complain", sentence)
        self.app.invalidate()

    # --- what is typed --------------------------------------------------------------------------------------

    def _typed(self) -> None:
        if self._question is None:
            self._notice = ("", "")

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
        self._notice = ("", "")
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
        elif self._question is not None or self._notice[1]:
            self._question, self._notice = None, ("", "")
        elif not self.composer.leave():
            self.view.chosen = ""
            self.to_end()

    def answer(self, yes: bool) -> None:
        """To the question over the box."""
        do, self._question, self._notice = self._question, None, ("", "")
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
        if self._model.current is not None and self._model.my_last(self._model.current) is not None:
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
        self.app.layout.focus(picker.field)
        self.app.invalidate()

    def close_picker(self) -> None:
        """The conversation again."""
        if self.picker is not None:
            self.picker = None
            self.app.layout.focus(self._box)

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
        entries = [Entry(f"{key:<20}{what}") for key, what in keys.TOLD]
        entries += [Entry(f"{usage:<36}{what}") for usage, what in commands.usages()]
        self.list("Keys and commands", entries)

    def mouse(self) -> None:
        self.mouse_on = not self.mouse_on
        told = "scrolls and chooses; Shift marks text" if self.mouse_on else "marks text"
        self.say(f"The mouse {told} now.")

    def sent(self) -> None:
        self.to_end()

    def jump(self) -> None:
        """Ctrl+K."""
        self._jumping.open()

    def suspend(self) -> None:
        """Ctrl+Z."""
        self.app.suspend_to_background()

    def quit(self) -> None:
        self.end()
