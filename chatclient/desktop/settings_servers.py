"""Settings, servers: those that were used on this device, to go to or to forget."""

import tkinter as tk
from collections.abc import Callable, Sequence

from chatclient.address import parse
from chatclient.desktop.controls import Button
from chatclient.desktop.settings_card import Setting
from chatclient.desktop.settings_page import Offer, Page, World
from chatclient.events import ClientEvent, Connected, Disconnected
from chatclient.keep import Recent


class Servers(Page):
    title = "Servers"

    def __init__(self, master: tk.Misc, world: World, complain: Callable[[str], object]) -> None:
        super().__init__(master, world, complain)
        self.heading("Yours")
        self.servers = self.card()
        self._show()
        Offer(self, self.look, "Another server", world.another_server, icon="plus").pack(fill="x", pady=(16, 0))

    def heard(self, events: Sequence[ClientEvent]) -> None:
        if any(isinstance(event, Connected | Disconnected) for event in events):
            self._show()

    def _show(self) -> None:
        self.servers.show([self._line(recent) for recent in self.world.keep.recent])

    def _line(self, recent: Recent) -> Setting:
        model, look, card = self.world.model, self.look, self.servers
        here = (recent.server, recent.user) == (self.world.server, model.me)
        online = here and model.link.state == "online"
        controls = []
        if not here:
            connect = Button(card, look, "Connect", lambda: self.world.connect(recent), ground="card", height=28)
            forget = Button(card, look, "Forget", lambda: self._forget(recent), ground="card", height=28)
            controls = [forget, connect]
        return Setting(
            recent.label,
            f"{recent.user} on {parse(recent.server).short}",
            avatar=recent.label,
            square=True,
            font="body_semibold",
            words="Connected" if online else "Trying again" if here else "Not connected",
            mark="online" if online else "away" if here else "offline",
            controls=controls,
        )

    def _forget(self, recent: Recent) -> None:
        """Out of the list; the token stays, so that coming back is possible."""
        self.world.keep.forget(recent.server, recent.user)
        self.world.save()
        self.after_idle(self._show)
