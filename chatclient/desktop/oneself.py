"""How I am shown to others: the menu at the foot, the note, and "away" by itself after some minutes without a hand on
the keyboard or the pointer.
"""

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from chatclient.desktop.deeds import Deeds
from chatclient.desktop.look import Look
from chatclient.desktop.oneline import own_note
from chatclient.desktop.popover import Item, Menu, Overlay
from chatclient.events import ClientEvent, Connected, PresenceChanged
from chatclient.idle import Idle
from chatclient.keep import Keep
from chatclient.model import Model
from chatclient.people import WORDS
from shared.protocol import OwnState

OWN: Final[tuple[OwnState, ...]] = ("online", "away", "busy")
_AGAIN: Final = 5.0
"""Seconds between two tries to be online again, after another device said away."""


class Oneself:
    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        model: Model,
        deeds: Deeds,
        keep: Keep,
        *,
        settings: Callable[[], object],
        complain: Callable[[str], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._overlay = overlay
        self._look = look
        self._model = model
        self._deeds = deeds
        self._settings = settings
        self._complain = complain
        self._clock = clock
        self._told = -_AGAIN
        self._timer: str | None = None
        busy: OwnState = "busy" if model.person(model.me).state == "busy" else "online"
        self.idle = Idle(clock(), keep.idle_minutes, keep.auto_away, busy)
        self._wait()

    def close(self) -> None:
        if self._timer is not None:
            self._overlay.root.after_cancel(self._timer)
            self._timer = None

    # --- the menu -------------------------------------------------------------------------------------------

    def menu(self, opener: tk.Misc) -> None:
        now = self._model.person(self._model.me).state
        items = [Item("", WORDS[state], self._chooser(state), chosen=state == now, presence=state) for state in OWN]
        items.append(Item("edit", "Set a note", self.set_note))
        if self._note:
            items.append(Item("x", "Clear the note", lambda: self._say(self.idle.state, "")))
        items.append(Item("sliders", "Settings", self._settings))
        self._overlay.show(Menu(self._overlay, self._look, items, opener, above=True))

    def _chooser(self, state: OwnState) -> Callable[[], object]:
        return lambda: self.choose(state)

    def choose(self, state: OwnState) -> None:
        """Be shown like this until I say otherwise."""
        self._say(self.idle.choose(state), self._note)
        self._wait()

    def set_note(self) -> None:
        def say(text: str) -> None:
            self._say(self.idle.state, text)

        self._overlay.show(own_note(self._overlay, self._look, self._note, say))

    @property
    def _note(self) -> str:
        return self._model.person(self._model.me).note

    def _say(self, state: OwnState, text: str) -> None:
        self._told = self._clock()
        self._deeds.status(state, text, self._complain)

    # --- by itself ------------------------------------------------------------------------------------------

    def prefer(self, minutes: int, enabled: bool) -> None:
        """After how long to be away, or whether at all."""
        self._tell(self.idle.prefer(minutes, enabled))
        self._wait()

    def active(self) -> None:
        """A key was pressed, or the pointer moved in the window."""
        now = self._clock()
        state = self.idle.input(now)
        if state is not None:
            self._tell(state)
            self._wait()
        elif self._elsewhere_away and now - self._told > _AGAIN:
            self._tell("online")

    @property
    def _elsewhere_away(self) -> bool:
        """Another device of mine went away by itself, while I am at this one."""
        return self.idle.state == "online" and self._model.person(self._model.me).state == "away"

    def heard(self, events: Sequence[ClientEvent]) -> None:
        """What was chosen on another device counts here too; away may have come by itself, and does not."""
        if not any(isinstance(event, Connected | PresenceChanged) for event in events):
            return
        state = self._model.person(self._model.me).state
        mine = self.idle.state
        if (state == "busy" and mine != "busy") or (state == "online" and mine == "busy"):
            self.idle.choose(state)
            self._wait()

    def _tell(self, state: OwnState | None) -> None:
        if state is not None:
            self._say(state, self._note)

    def _wait(self) -> None:
        """Come back when it is time to be away."""
        self.close()
        due = self.idle.due
        if due is not None:
            self._timer = self._overlay.root.after(max(1, int((due - self._clock()) * 1000) + 1), self._due)

    def _due(self) -> None:
        self._timer = None
        self._tell(self.idle.tick(self._clock()))
        self._wait()
