"""Settings, notifications: what to be told of, what such a notification shows, and the rooms that differ."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.settings_card import Setting
from chatclient.desktop.settings_page import Chip, Page, Radio, World, switch
from chatclient.notify import Level

_LEVELS: Final[tuple[tuple[Level, str, str], ...]] = (
    ("all", "Every message", "In every room that you are in"),
    ("mentions", "What concerns me", "Direct messages, and your name"),
    ("nothing", "Nothing", "Unread counts still show in the sidebar"),
)
_ROOM_LEVELS: Final[tuple[tuple[Level | None, str, str], ...]] = (
    ("all", "bell", "Every message"),
    ("mentions", "user", "What concerns me"),
    ("nothing", "bell-off", "Nothing"),
    (None, "x", "As everywhere"),
)


class Notifications(Page):
    title = "Notifications"

    def __init__(self, master: tk.Misc, world: World, complain: Callable[[str], object]) -> None:
        super().__init__(master, world, complain)
        keep = world.keep
        self.heading("Tell me about")
        card = self.card()
        self.levels = [
            Radio(card, self.look, self._leveller(level), ground="card", on=level == keep.level)
            for level, _, _ in _LEVELS
        ]
        card.show(
            [
                Setting(text, note, before=radio, click=radio.press)
                for (_, text, note), radio in zip(_LEVELS, self.levels, strict=True)
            ]
        )
        self.heading("How")
        card = self.card()
        self.show_text = switch(card, self.look, not keep.hide_text, self._show_text)
        note = "Off: only the name of the sender"
        card.show(
            [Setting("Show the text of the message", note, controls=[self.show_text], click=self.show_text.press)]
        )
        self._own = self.heading("Different in these rooms")
        self._rooms = self.card()
        self._show_rooms()

    def _leveller(self, level: Level) -> Callable[[], object]:
        def choose() -> None:
            self.world.keep.level = level
            self.world.save()
            for (each, _, _), radio in zip(_LEVELS, self.levels, strict=True):
                radio.turn(each == level)

        return choose

    def _show_text(self, shown: bool) -> None:
        self.world.keep.hide_text = not shown
        self.world.save()

    # --- rooms with a level of their own ----------------------------------------------------------------------

    def _show_rooms(self) -> None:
        model = self.world.model
        rooms = self.world.keep.preferences(self.world.server).rooms
        mine = [talk for talk in (*model.rooms(), *model.directs()) if talk.name in rooms]
        lines = []
        for talk in mine:
            chip = Chip(
                self._rooms, self.world, [(icon, text) for _, icon, text in _ROOM_LEVELS], self._teller(talk.name)
            )
            chip.show([level for level, _, _ in _ROOM_LEVELS].index(rooms[talk.name]))
            icon = "user" if talk.direct else "lock" if talk.private else "hash"
            lines.append(Setting(talk.title, icon=icon, icon_size=18, controls=[chip], least=48))
        self._rooms.show(lines or [Setting("None. The menu of a room has it.", least=48)])

    def _teller(self, room: str) -> Callable[[int], object]:
        def choose(index: int) -> None:
            self.world.keep.notify(self.world.server, room, _ROOM_LEVELS[index][0])
            self.world.save()
            self.after_idle(self._show_rooms)  # not while its own menu still closes

        return choose
