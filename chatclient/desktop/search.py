"""The search beside the conversation: asks while one types, shows what was found, and leads to it.

One question at a time is of interest: the answer to another than the last is dropped. Moving over the hits shows each
where it was said; the panel stays open until it is closed, or until Enter or a click takes a hit in a window that it
covers.
"""

import tkinter as tk
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final, Protocol

from chatclient import searching
from chatclient.conversation import Conversation
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.panes import Panes
from chatclient.desktop.popover import Item, Menu, Overlay
from chatclient.desktop.searchpanel import WIDTH, Actions, SearchPanel
from chatclient.events import Arrived, ClientEvent
from chatclient.model import Model
from chatclient.searching import SPANS, Hit, Query
from shared.protocol import Deleted, Edited, Found, Message

SETTLE: Final = 180
"""Milliseconds without a key before it is asked."""
SLOW: Final = 300
"""Milliseconds after which it says that it searches."""
COVERS: Final = 1000
PEOPLE: Final = 12


class Desk(Protocol):
    """What the window does for it."""

    @property
    def current(self) -> Conversation | None: ...
    def show(self, room: str, seq: int) -> None: ...
    def beside_closed(self) -> None: ...


class Search:
    """`open` is whether the panel is there."""

    def __init__(
        self,
        master: tk.Misc,
        overlay: Overlay,
        look: Look,
        model: Model,
        deeds: Deeds,
        desk: Desk,
        panes: Panes,
        tz: tzinfo,
    ) -> None:
        self._overlay, self._look, self._model, self._deeds = overlay, look, model, deeds
        self._desk, self._panes, self._tz = desk, panes, tz
        self.query = Query()
        self.open = False
        self._asked = 0
        self._found: list[Message] = []
        self._more = 0
        self._timer: str | None = None
        self.panel = SearchPanel(
            master,
            look,
            Actions(self.close, self._typed, self._choices, self._clear, self._look_at, self._take, self._older),
        )
        self._draw_chips()
        self.panel.say(_BEFORE)

    # --- open or not ------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Open it, or give its field the keyboard."""
        if not self.open:
            self.open = True
            self._panes.beside(self.panel, WIDTH, COVERS)
            self.panel.ready()
        self.panel.field.entry.focus_set()
        self.panel.field.entry.select_all()

    def toggle(self) -> None:
        """What the button with the magnifying glass does."""
        if self.open:
            self.close()
        else:
            self.show()

    @property
    def has_keyboard(self) -> bool:
        focus = holder(self._overlay.root)
        return self.open and focus is not None and str(focus).startswith(f"{self.panel}.")

    def close(self) -> None:
        """Away with it; what was found is there when it opens again."""
        if self.open:
            self.open = False
            self._panes.beside(None)
            self._desk.beside_closed()

    def destroy(self) -> None:
        """Nothing is asked any more."""
        self._cancel()
        self._asked += 1

    # --- asking -----------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        self.query = self.query._replace(text=self.panel.field.text)
        self._again(SETTLE)

    def _again(self, wait: int = 1) -> None:
        self._cancel()
        self._asked += 1
        if not self.query.ready:
            self._found, self._more = [], 0
            self.panel.say(_BEFORE)
            return
        self._timer = self.panel.after(wait, self._ask)

    def _cancel(self) -> None:
        if self._timer is not None:
            self.panel.after_cancel(self._timer)
            self._timer = None

    def _ask(self) -> None:
        asked = self._asked
        self._timer = self.panel.after(SLOW, lambda: self.panel.say("Searching…"))
        self._question(0, lambda found: self._came(asked, found), lambda why: self._failed(asked, why))

    def _older(self) -> None:
        """The hits before those that are shown."""
        if self._more:
            asked, before, self._more = self._asked, self._more, 0
            self._question(
                before,
                lambda found: self._came_older(asked, found),
                lambda why: self._failed_older(asked, before, why),
            )

    def _question(self, before: int, came: Callable[[Found], object], failed: Callable[[str], object]) -> None:
        query = self.query
        since = searching.since(query.span, self._now())
        self._deeds.search(query.text.strip(), query.room, query.user, since, query.files, before, came, failed)

    def _came(self, asked: int, found: Found) -> None:
        if asked == self._asked:
            self._cancel()
            self._found, self._more = list(found.messages), found.before if found.more else 0
            self.refresh()
            if not self._found:
                if self._more:
                    self._older()  # what was looked through so far holds none
                else:
                    self.panel.say(searching.nothing(self.query))

    def _came_older(self, asked: int, found: Found) -> None:
        if asked == self._asked:
            self._found += found.messages
            self._more = found.before if found.more else 0
            self.refresh()
            if not found.messages and self._more:
                self._older()
            elif not self._found:
                self.panel.say(searching.nothing(self.query))

    def _failed_older(self, asked: int, before: int, why: str) -> None:
        """They are asked for again where the end of what is there comes into sight once more."""
        if asked == self._asked:
            self._more = before
            if not self._found:
                self.panel.say(why)

    def _failed(self, asked: int, why: str) -> None:
        if asked == self._asked:
            self._cancel()
            self.panel.say(why)

    def refresh(self) -> None:
        """Show what was found."""
        text = self.query.text
        groups = searching.groups(self._found, text, self._now(), self._tz, self._model.name_of)
        if groups:
            count = searching.headline(len(self._found), len(groups), bool(self._more))
            self.panel.show(groups, self._title, count)

    def heard(self, event: ClientEvent) -> None:
        """A message that is shown here may have been changed or taken away."""
        if self.open and isinstance(event, Arrived) and isinstance(event.event, Edited | Deleted):
            changed = (event.event.room, event.event.of)
            if any((message.room, message.seq) == changed for message in self._found):
                self._again()

    def _title(self, room: str) -> tuple[str, bool]:
        talk = self._model.conversations.get(room)
        return (self._model.name_of(talk.title) if talk.direct else talk.title, talk.direct) if talk else (room, False)

    def _now(self) -> datetime:
        return datetime.now(self._tz)

    # --- filters ----------------------------------------------------------------------------------------------

    def _draw_chips(self) -> None:
        query = self.query
        room = f"In {self._title(query.room)[0]}" if query.room else "All rooms"
        self.panel.chip("room", room, on=bool(query.room))
        user = f"From {self._model.name_of(query.user)}" if query.user else "Anybody"
        self.panel.chip("user", user, on=bool(query.user))
        self.panel.chip("span", SPANS[query.span], on=bool(query.span))
        self.panel.chip("files", "With files" if query.files else "Files", on=query.files)

    def _narrow(self, **filters: object) -> None:
        self.query = self.query._replace(**filters)  # type: ignore[arg-type] # the fields of a Query, as named here
        self._draw_chips()
        self._again()
        self.panel.field.entry.focus_set()

    def _clear(self, name: str) -> None:
        self._narrow(**{name: Query()._asdict()[name]})

    def _choices(self, name: str, opener: tk.Misc) -> None:
        if name == "files":
            self._narrow(files=True)
            return
        makers = {"room": self._rooms, "user": self._people, "span": self._spans}
        items = [
            Item(icon, text, lambda value=value: self._narrow(**{name: value}))  # type: ignore[misc] # as elsewhere
            for icon, text, value in makers[name]()
        ]
        self._overlay.show(Menu(self._overlay, self._look, items, opener))

    def _rooms(self) -> list[tuple[str, str, str]]:
        here = self._desk.current
        talks = [*self._model.rooms(), *self._model.directs()]
        talks.sort(key=lambda talk: talk is not here)
        return [("users" if talk.direct else "hash", self._title(talk.name)[0], talk.name) for talk in talks]

    def _people(self) -> list[tuple[str, str, str]]:
        here = self._desk.current
        names = [message.user for message in self._found]
        if here is not None:
            names += sorted(here.roster, key=str.casefold)
        names += sorted(self._model.people, key=str.casefold)
        return [("users", self._model.name_of(name), name) for name in list(dict.fromkeys(names))[:PEOPLE]]

    def _spans(self) -> list[tuple[str, str, str]]:
        return [("clock", text, span) for span, text in SPANS.items() if span]

    # --- going there ------------------------------------------------------------------------------------------

    def _look_at(self, hit: Hit) -> None:
        """Show it where it was said; the keyboard stays here."""
        self._desk.show(hit.room, hit.seq)
        self.panel.field.entry.focus_set()

    def _take(self, hit: Hit) -> None:
        self.close()
        self._desk.show(hit.room, hit.seq)


_BEFORE: Final = "Type at least 2 letters. Parts of words are found too."
