"""Settings, account: how I am called, my password, what others see of me, and my devices."""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from chatclient import days
from chatclient.desktop.controls import Button
from chatclient.desktop.devices import device, last_here
from chatclient.desktop.oneline import own_name
from chatclient.desktop.ownpicture import OwnPicture
from chatclient.desktop.password import PasswordForm
from chatclient.desktop.popover import Item, Menu
from chatclient.desktop.settings_card import Setting
from chatclient.desktop.settings_page import Chip, Page, World, switch
from chatclient.events import Arrived, ClientEvent, Connected
from shared.protocol import MemberList, ProfileSet, SessionInfo
from shared.rules import LOBBY

T = TypeVar("T")
_MINUTES: Final = (5, 10, 20, 30, 60)
_OFFLINE: Final = "That needs a connection. Try again when the server is back."


class Account(Page):
    title = "Account"

    def __init__(self, master: tk.Misc, world: World, complain: Callable[[str], object]) -> None:
        super().__init__(master, world, complain)
        self._since = ""
        self.picture = OwnPicture(self, world.deeds, self._failed, complain)
        self._me = self.card(above=24)
        self.heading("Password")
        self.password = PasswordForm(self, self.look, world.model.has_password, self._set_password)
        self.password.pack(fill="x")
        self.heading("What others see")
        self._shown()
        self._devices_head = self.heading("Devices")
        self.devices = self.card()
        self.sessions: list[SessionInfo] = []
        self._show_me()
        self._ask()

    def heard(self, events: Sequence[ClientEvent]) -> None:
        me = self.world.model.me
        self.picture.heard(events)
        if any(isinstance(event, Connected) for event in events):
            self._ask()
        if any(isinstance(e, Arrived) and isinstance(e.event, ProfileSet) and e.event.user == me for e in events):
            self._show_me()

    def _ask(self) -> None:
        self._show_devices(self.sessions)
        self.world.deeds.sessions(self._alive(self._show_devices), self._alive(self._failed))
        self.world.deeds.members(LOBBY, self._alive(self._members_came), lambda _why: None)  # the rest can do without

    def _alive(self, do: Callable[[T], object]) -> Callable[[T], object]:
        """What to do with an answer, unless the page is gone when it comes."""
        return lambda answer: self.winfo_exists() and do(answer)

    def _failed(self, why: str) -> None:
        self.complain(why if self.world.model.link.state == "online" else _OFFLINE)

    # --- my name --------------------------------------------------------------------------------------------

    def _members_came(self, listed: MemberList) -> None:
        self._since = next((member.since for member in listed.members if member.user == self.world.model.me), "")
        self._show_me()

    def _show_me(self) -> None:
        model = self.world.model
        called = model.name_of(model.me)
        words = [model.me] if called != model.me else []
        moment = days.moment(self._since, self.world.tz)
        if moment is not None:
            words.append(f"On {model.server} since {moment.day} {days.MONTHS[moment.month - 1]} {moment.year}")
        self.change = Button(self._me, self.look, "Change name", self._change_name, ground="card")
        self.change_picture = Button(self._me, self.look, "Picture", self._picture_menu, ground="card")
        line = Setting(
            called,
            ", ".join(words) or f"On {model.server}",
            avatar=model.me,
            avatar_size=56,
            least=88,
            font="title",
            tag="Owner" if model.owner else "",
            tag_icon="crown",
            controls=[self.change_picture, self.change],
        )
        self._me.show([line])

    def _picture_menu(self) -> None:
        model, world = self.world.model, self.world
        items = [Item("image", "Choose a picture…", self.picture.choose)]
        if model.me in model.pictures:
            items.append(Item("trash", "Remove the picture", self.picture.remove, danger=True))
            world.overlay.show(Menu(world.overlay, self.look, items, self.change_picture))
        else:
            self.picture.choose()

    def _change_name(self) -> None:
        model, world = self.world.model, self.world
        called = model.name_of(model.me)
        current = called if called != model.me else ""
        world.overlay.show(own_name(world.overlay, self.look, model.me, current, world.deeds.set_profile))

    # --- my password ----------------------------------------------------------------------------------------

    def _set_password(self, new: str, old: str | None) -> None:
        self.complain("")

        def done() -> None:
            self.world.model.password_set()
            if self.winfo_exists():
                self.password.stands()

        self.world.deeds.set_password(new, old, done, self._alive(self.password.failed))

    # --- what others see --------------------------------------------------------------------------------------

    def _shown(self) -> None:
        world, keep, card = self.world, self.world.keep, self.card()
        self.receipts = switch(card, self.look, world.model.receipts, self._prefer)
        self.auto_away = switch(card, self.look, keep.auto_away, lambda _on: self._idle())
        choices = sorted({*_MINUTES, keep.idle_minutes})
        self.minutes = Chip(
            card,
            world,
            [("clock", f"{minutes} minutes") for minutes in choices],
            lambda index: self._idle(choices[index]),
        )
        self.minutes.show(choices.index(keep.idle_minutes))
        card.show(
            [
                Setting(
                    "How far I have read",
                    "In direct conversations and rooms of up to 20. Off: you see nobody else's either",
                    controls=[self.receipts],
                    click=self.receipts.press,
                ),
                Setting(
                    "Away by itself",
                    "When nothing moves in this window for so long",
                    controls=[self.minutes, self.auto_away],
                ),
            ]
        )

    def _prefer(self, receipts: bool) -> None:
        self.complain("")
        world = self.world

        def done() -> None:
            world.draw(world.model.prefer(receipts))

        def failed(why: str) -> None:
            self.receipts.on = not receipts
            self.receipts.repaint()
            self._failed(why)

        world.deeds.prefer(receipts, done, self._alive(failed))

    def _idle(self, minutes: int = 0) -> None:
        keep = self.world.keep
        keep.idle_minutes = minutes or keep.idle_minutes
        keep.auto_away = self.auto_away.on
        self.world.save()
        self.world.idle(keep.idle_minutes, keep.auto_away)

    # --- my devices -----------------------------------------------------------------------------------------

    def _show_devices(self, sessions: list[SessionInfo]) -> None:
        self.sessions = sorted(sessions, key=lambda session: (not session.current, not session.here, session.created))
        now = datetime.now(self.world.tz)
        lines = []
        for session in self.sessions:
            out = Button(self.devices, self.look, "Sign out", self._signer(session), ground="card", height=28)
            controls = [] if session.current else [out]
            tag = "This one" if session.current else ""
            name, icon = device(session.client)
            lines.append(Setting(name, last_here(session, now), icon=icon, tag=tag, controls=controls))
        self.devices.show(lines or [Setting("Asking the server…")])
        others = len([session for session in self.sessions if not session.current])
        many = f"Sign out of the other {others}" if others > 1 else ""
        self._devices_head.offer(
            Button(self._devices_head, self.look, many, self._sign_out_others, ground="conv", kind="danger", height=28)
            if many
            else None
        )

    def _signer(self, session: SessionInfo) -> Callable[[], object]:
        return lambda: self._sign_out([session])

    def _sign_out_others(self) -> None:
        self._sign_out([session for session in self.sessions if not session.current])

    def _sign_out(self, sessions: Sequence[SessionInfo]) -> None:
        self.complain("")
        deeds = self.world.deeds
        for session in sessions:
            deeds.sign_out(session.session, lambda: None, self._alive(self._failed))
        deeds.sessions(self._alive(self._show_devices), self._alive(self._failed))
