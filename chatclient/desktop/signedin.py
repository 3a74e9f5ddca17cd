"""What stands while somebody is signed in: the conversation, how I am shown, notifications, the settings."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from chatclient.address import Address
from chatclient.bridge import Bridge
from chatclient.conversation import Conversation
from chatclient.desktop.alerts import Alerts
from chatclient.desktop.appearance import Appearance
from chatclient.desktop.chat import Chat, Outside
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.faces import Faces
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look, repaint
from chatclient.desktop.notify import Notifier
from chatclient.desktop.oneself import Oneself
from chatclient.desktop.popover import Item, Menu, Overlay
from chatclient.desktop.settings import Settings
from chatclient.desktop.settings_page import World
from chatclient.desktop.windowicon import WindowIcon
from chatclient.events import ClientEvent, Connected
from chatclient.keep import Keep, Recent
from chatclient.model import Model
from chatclient.notify import Level, Preferences

LEVELS: Final[tuple[tuple[Level, str, str], ...]] = (
    ("all", "bell", "Every message"),
    ("mentions", "user", "What concerns me"),
    ("nothing", "bell-off", "Nothing"),
)


class Window(NamedTuple):
    """What whoever is signed in finds there."""

    root: tk.Tk
    overlay: Overlay
    look: Look
    keep: Keep
    bridge: Bridge
    notifier: Notifier
    appearance: Appearance
    icon: WindowIcon
    save: Callable[[], object]
    connect: Callable[[Recent], object]
    another_server: Callable[[], object]
    tz: tzinfo


class SignedIn:
    """Made after a welcome; `close` when another server or nobody is there instead."""

    def __init__(self, window: Window, model: Model, place: Address) -> None:
        self._window = window
        self._model = model
        self._server = place.server
        self._deeds = Deeds(window.bridge)
        self.settings: Settings | None = None
        outside = Outside(
            place=place,
            keep=window.keep,
            title=self._title,
            theme_menu=window.appearance.menu,
            another_server=window.another_server,
            oneself=lambda opener: self.oneself.menu(opener),
            heard=self._heard,
            levels=self._levels,
            level_menu=self._level_menu,
            looks=self._looks_changed,
        )
        self._faces = Faces(window.look.art, self._deeds, self._draw_faces)
        self._redraw: str | None = None
        self.chat = Chat(window.overlay, window.look, model, self._deeds, outside, tz=window.tz)
        self.chat.pack(fill="both", expand=True)
        self.chat.typing.rest(window.keep.move_less)
        self.oneself = Oneself(
            window.overlay,
            window.look,
            model,
            self._deeds,
            window.keep,
            settings=self.open_settings,
            complain=self.chat.complain,
        )
        self._alerts = Alerts(model, window.bridge, window.notifier, self._preferences, self._to_the_front)

    def close(self) -> None:
        if self.settings is not None:
            self.settings.destroy()
        if self._redraw is not None:
            self._window.root.after_cancel(self._redraw)
        self._faces.clear()
        self.oneself.close()
        self.chat.destroy()
        self._window.icon.show(0)

    def _heard(self, events: Sequence[ClientEvent]) -> None:
        self._alerts.heard(events)
        self.oneself.heard(events)
        if self.settings is not None:
            self.settings.heard(events)
        if any(isinstance(event, Connected) for event in events):
            self._faces.again()

    def _looks_changed(self) -> None:
        """Somebody is shown differently, by another picture perhaps."""
        self._faces.show(self._model.pictures)

    def _draw_faces(self) -> None:
        """Avatars look otherwise: many pictures come at once, and are drawn once."""
        if self._redraw is None:
            self._redraw = self._window.root.after_idle(self._draw_again)

    def _draw_again(self) -> None:
        self._redraw = None
        repaint(self._window.root)

    def _title(self, title: str) -> None:
        self._window.root.title(title)
        self._window.icon.show(self._model.badge)

    def saved(self, why_not: str) -> None:
        """What this device remembers was written, or could not be: that is said over the box, and on the page of the
        settings that lies over it."""
        if why_not:
            self.chat.complain(why_not)
        if self.settings is not None:
            self.settings.head.complain(why_not)

    # --- keys -----------------------------------------------------------------------------------------------

    def look_here(self, focused: bool) -> None:
        """The window got or lost the keyboard. Under the settings nobody sees the conversation."""
        self.chat.look_here(focused and self.settings is None)

    def escape(self) -> None:
        """Back, by one step."""
        if self._window.overlay.current is not None:
            self._window.overlay.close()
        elif self.settings is not None:
            self.close_settings()
        else:
            self.chat.escape()

    def switcher(self) -> None:
        self.close_settings()
        self.chat.switcher()

    def attach(self) -> None:
        if self._window.overlay.current is None and self.settings is None:
            self.chat.talk.attachments.choose()

    def step(self, step: int, *, unread: bool = False) -> None:
        if self._window.overlay.current is None and self.settings is None:
            self.chat.step(step, unread=unread)

    # --- notifications --------------------------------------------------------------------------------------

    def _preferences(self) -> Preferences:
        return self._window.keep.preferences(self._server)

    def _levels(self) -> Mapping[str, Level]:
        """Of rooms that have one of their own."""
        return self._preferences().rooms

    def _level_menu(self, talk: Conversation, opener: tk.Misc) -> None:
        """What to be told of this room."""
        now, window = self._preferences().of(talk.name), self._window
        items = [
            Item(icon, text, self._leveller(talk.name, level), chosen=level == now) for level, icon, text in LEVELS
        ]
        window.overlay.show(Menu(window.overlay, window.look, items, opener))

    def _leveller(self, room: str, level: Level) -> Callable[[], object]:
        def choose() -> None:
            self._window.keep.notify(self._server, room, level)
            self._changed()

        return choose

    def _to_the_front(self, room: str) -> None:
        """A notification was clicked."""
        root = self._window.root
        root.deiconify()
        root.lift()
        root.focus_force()
        self.close_settings()
        if room in self._model.conversations:
            self.chat.open(room)

    # --- settings -------------------------------------------------------------------------------------------

    def open_settings(self) -> None:
        """Over the whole window, until Esc."""
        if self.settings is not None:
            return
        window = self._window
        window.overlay.close()
        world = World(
            overlay=window.overlay,
            look=window.look,
            keep=window.keep,
            model=self._model,
            deeds=self._deeds,
            server=self._server,
            tz=window.tz,
            appearance=window.appearance,
            save=self._changed,
            connect=window.connect,
            another_server=window.another_server,
            idle=self.oneself.prefer,
            still=self.chat.typing.rest,
            draw=self.chat.draw,
        )
        self.chat.pack_forget()
        self.settings = Settings(window.root, world, self.close_settings)
        self.settings.pack(fill="both", expand=True)
        self.settings.first_focus()
        self.look_here(False)

    def close_settings(self) -> None:
        if self.settings is not None:
            window = self._window
            window.overlay.close()
            self.settings.destroy()
            self.settings = None
            self.chat.pack(fill="both", expand=True)
            self.chat.composer.focus_in()
            self.look_here(holder(window.root) is not None)

    def _changed(self) -> None:
        """Something that is remembered is another now."""
        self._window.save()
        self.chat.drawing.sidebar()
