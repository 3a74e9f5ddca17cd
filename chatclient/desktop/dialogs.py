"""The dialogs about one room: make it, bring people in, leave it.

A dialog checks what is typed by the shared rules at once, keeps its button off until it is good, and hands the
result to the one who opened it. It knows neither the client nor the model.
"""

import tkinter as tk
from collections.abc import Callable
from typing import NamedTuple

from chatclient.desktop.controls import RING, Button, Toggle
from chatclient.desktop.field import Field
from chatclient.desktop.look import Look
from chatclient.desktop.names import NamesField
from chatclient.desktop.paint import Painted
from chatclient.desktop.panel import Panel
from chatclient.desktop.popover import PAD, Overlay, Popover
from shared.errors import Refused
from shared.rules import ROOM_NAME, room_name, topic


class Dialog(Popover):
    """A box with a title, its contents in `inner`, and buttons at the lower right."""

    top = 120

    def __init__(self, overlay: Overlay, look: Look, title: str, *, width: int = 440) -> None:
        super().__init__(overlay, look, width)
        self.titled(title)
        self.inner = Panel(self.body, "popover")
        self.inner.pack(fill="both", expand=True, padx=PAD - RING, pady=(0, 24 - RING))

    def add(self, widget: tk.Misc, above: int) -> None:
        """One more part under the others. `above`: the gap over it."""
        tk.Pack.pack_configure(widget, fill="x", padx=RING, pady=(above, 0))  # type: ignore[arg-type] # every widget here packs

    def finish_with(
        self, word: str, command: Callable[[], object], *, kind: str = "primary", other: str = "Cancel"
    ) -> Button:
        """The buttons; gives the one that does it."""
        row = Panel(self.inner, "popover")
        row.pack(fill="x", pady=(24 - RING, 0))
        cancel = Button(row, self.look, other, self.close, ground="popover")
        do = Button(row, self.look, word, command, ground="popover", kind=kind)
        do.pack(side="right")
        cancel.pack(side="right")
        return do


class NewRoom(NamedTuple):
    """What the dialog asks for. `people` are brought in as soon as it stands."""

    name: str
    topic: str
    private: bool
    people: tuple[str, ...]


class CreateRoom(Dialog):
    """`taken` gives the room that already has a name, as it is written there, or None."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        *,
        create: Callable[[NewRoom], object],
        taken: Callable[[str], str | None],
        go_to: Callable[[str], object],
        name: str = "",
    ) -> None:
        super().__init__(overlay, look, "New room")
        self._make = create
        self._taken = taken
        self._go_to = go_to
        self._asked = ""
        self.name = Field(
            self.inner,
            look,
            "Name",
            ground="popover",
            icon="hash",
            limit=ROOM_NAME,
            on_change=self._changed,
            on_enter=self.submit,
        )
        self.topic = Field(
            self.inner,
            look,
            "Topic",
            aside="if you like",
            ground="popover",
            on_change=self._changed,
            on_enter=self.submit,
        )
        self.private = _Private(self.inner, look)
        self.people = NamesField(
            self.inner, look, "Bring in", aside="if you like", ground="popover", on_enter=self.submit
        )
        self.add(self.name, 0)
        self.add(self.topic, 16)
        self.private.pack(fill="x", pady=(20, 0))
        self.add(self.people, 20)
        self.button = self.finish_with("Create room", self.submit)
        self.name.set(name)
        self._changed()

    def typed(self) -> bool:
        return bool(self.name.text or self.topic.text or self.people.typed)

    def submit(self) -> None:
        if not self.button.enabled or not self.people.finish():
            return
        self._asked = room_name(self.name.text.strip())
        self.button.say("Creating…")
        self.button.enable(False)
        self._make(NewRoom(self._asked, topic(self.topic.text), self.private.on, tuple(self.people.names)))

    def refused(self, name: str, code: str, message: str) -> None:
        """The server did not make it: say why beside its name."""
        if name != self._asked:
            return
        self.button.say("Create room")
        if code == "room_exists":
            self._say_taken(name)
        else:
            self.name.fail(message)
        self.button.enable(False)
        self.name.focus_in()

    def _say_taken(self, name: str) -> None:
        self.name.fail(
            f"There is a room called {name} already. Choose another name, or",
            (f"open {name}", lambda: self._open(name)),
        )

    def _open(self, name: str) -> None:
        self.close()
        self._go_to(name)

    def _changed(self) -> None:
        self.button.say("Create room")
        self.button.enable(self._check_name() and self._check_topic())

    def _check_name(self) -> bool:
        typed = self.name.text.strip()
        if not typed:
            return False
        try:
            name = room_name(typed)
        except Refused as refused:
            self.name.fail(refused.message)
            return False
        there = self._taken(name)
        if there is not None:
            self._say_taken(there)
            return False
        return True

    def _check_topic(self) -> bool:
        try:
            topic(self.topic.text)
        except Refused as refused:
            self.topic.fail(refused.message)
            return False
        return True


class _Private(Painted):
    """The line with the lock, what private means, and the switch."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="popover", height=40)
        self._toggle = Toggle(self, look, ground="popover", command=self.repaint)
        self.bind("<ButtonRelease-1>", lambda _event: self._toggle.press())

    @property
    def on(self) -> bool:
        return self._toggle.on

    def paint(self) -> None:
        left, text = RING, RING + 56
        self.pen.box(left, 0, 40, 40, 10, "hover", "popover")
        self.pen.icon("lock", left + 20, 20, 20, "muted", "hover")
        self.pen.line(text, 11, "Private", "body", "text", "popover")
        about = "Only members see it, its files and its history"
        self.pen.line(text, 31, about, "small", "muted", "popover", width=self.wide - text - 60)
        self._toggle.place(x=self.wide - 40 - 2 * RING, y=8 - RING)


class InvitePeople(Dialog):
    """Bring people of this server into a room, by their names."""

    def __init__(self, overlay: Overlay, look: Look, room: str, invite: Callable[[str], object]) -> None:
        super().__init__(overlay, look, f"Add people to {room}")
        self._invite = invite
        self.people = NamesField(
            self.inner, look, "Names", ground="popover", on_change=self._changed, on_enter=self.submit
        )
        self.add(self.people, 0)
        self.button = self.finish_with("Add", self.submit)
        self._changed()

    def typed(self) -> bool:
        return self.people.typed

    def submit(self) -> None:
        if self.people.finish() and self.people.names:
            for name in self.people.names:
                self._invite(name)
            self.close()

    def _changed(self) -> None:
        self.button.enable(self.people.typed and not self.people.error)


class Confirm(Dialog):
    """One question, and two words to answer it with."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        question: str,
        consequence: str,
        word: str,
        other: str,
        command: Callable[[], object],
    ) -> None:
        super().__init__(overlay, look, question)
        self._command = command
        self.add(_Sentence(self.inner, look, consequence), 0)
        self.button = self.finish_with(word, self._confirmed, kind="danger", other=other)

    def first_focus(self) -> None:
        self.button.focus_set()

    def _confirmed(self) -> None:
        self.close()
        self._command()


class _Sentence(Painted):
    def __init__(self, master: tk.Misc, look: Look, text: str) -> None:
        super().__init__(master, look, ground="popover", height=20)
        self._text = text

    def paint(self) -> None:
        bottom = self.pen.block(0, 0, self._text, "body", "muted", self.wide, 20, "popover")
        if int(self.cget("height")) != bottom:
            self.configure(height=bottom)
