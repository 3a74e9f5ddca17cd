"""The program with its window: what it is made of, how it starts and how it ends.

One CustomTkinter root shows the sign-in or the conversation. The client lives behind the bridge on a thread of its
own. However the window is closed, by its button, by a signal or with a dead server, the bridge ends first, what this
device remembers is written, and nothing is left running.
"""

import gc
import logging
import time
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

import customtkinter as ctk

from chatclient.address import Address, parse
from chatclient.bridge import Bridge
from chatclient.client import ChatClient
from chatclient.days import seconds, wire_time
from chatclient.desktop import captions, fonts, shortcuts
from chatclient.desktop.appearance import Appearance, theme_name
from chatclient.desktop.art import Art
from chatclient.desktop.chat import Chat
from chatclient.desktop.ending import ending_on_signals
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.geometry import LEAST, Screen, fitting
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look, pair
from chatclient.desktop.notify import Notifier
from chatclient.desktop.notify import notifier as system_notifier
from chatclient.desktop.popover import Overlay
from chatclient.desktop.signedin import SignedIn, Window
from chatclient.desktop.signin import RecentServer, SignIn, Wanted
from chatclient.desktop.theme import THEMES
from chatclient.desktop.windowicon import WindowIcon
from chatclient.events import ClientEvent, Connected, Disconnected, Rejected
from chatclient.identity import Identity
from chatclient.keep import Choice, Keep, KeepError, Recent
from chatclient.model import Model
from chatclient.refusals import place_of, refusal
from chatclient.zone import LocalZone
from shared.errors import ParleyError

_log = logging.getLogger(__name__)


class NoDisplay(ParleyError):
    """There is no screen that a window could open on."""


class Options(NamedTuple):
    """What the command line asks for; empty where it says nothing."""

    server: Address | None = None
    user: str = ""
    theme: Choice | None = None
    geometry: str = ""


class App:
    """Made on the main thread; `run` returns when the window is closed."""

    def __init__(
        self,
        root: ctk.CTk,
        keep: Keep,
        options: Options,
        tz: tzinfo | None = None,
        notifier: Notifier | None = None,
    ) -> None:
        self.root = root
        self._keep = keep
        self._tz = tz or LocalZone()
        self._notifier = notifier or system_notifier()
        self._wanted: Wanted | None = None
        self._ended = False
        choice = options.theme or keep.theme
        self.look = Look(THEMES[theme_name(choice)], Fonts(root), Art(root))
        self.overlay = Overlay(root, self._ground_at)
        self.appearance = Appearance(self.overlay, self.look, keep, choice, self._save)
        self._icon = WindowIcon(root)
        self._bridge = Bridge(root, self._deliver)
        self.signin: SignIn | None = None
        self.chat: Chat | None = None
        self.signed_in: SignedIn | None = None
        self._dress(options.geometry or keep.geometry)
        self._show_signin()
        self._begin(options)
        self._next_day()

    def _dress(self, geometry: str) -> None:
        root = self.root
        root.title("Parley")
        root.minsize(*LEAST)
        root.geometry(fitting(geometry, Screen(root.winfo_screenwidth(), root.winfo_screenheight())))
        root.unbind_all("<Button-1>")  # CustomTkinter gives the keyboard to whatever is clicked
        root.protocol("WM_DELETE_WINDOW", self.end)
        for sequences, do in ((("<FocusIn>", "<FocusOut>"), self._focus_moved), (("<Key>", "<Motion>"), self._active)):
            for sequence in sequences:
                root.bind(sequence, do, add="+")
        shortcuts.bind(
            root,
            {
                "<Control-k>": self._here(lambda here: here.switcher()),
                "<Control-f>": self._here(lambda here: here.chat.search.show()),
                "<Control-g>": self._here(lambda here: here.chat.pick_date()),
                "<Control-slash>": self._here(lambda here: here.chat.offers.keys()),
                "<Control-o>": self._here(lambda here: here.attach()),
                "<Control-comma>": self._here(lambda here: here.open_settings()),
                "<Alt-Up>": self._here(lambda here: here.step(-1)),
                "<Alt-Down>": self._here(lambda here: here.step(1)),
                "<Alt-Shift-Up>": self._here(lambda here: here.step(-1, unread=True)),
                "<Alt-Shift-Down>": self._here(lambda here: here.step(1, unread=True)),
                "<Escape>": self._here(lambda here: here.escape()),
            },
        )

    def run(self) -> None:
        """Show the window until it is closed."""
        with ending_on_signals(self.root, self.end):
            self.root.mainloop()
            self.end()

    def end(self) -> None:
        """Close everything, in order. May be called more than once."""
        if self._ended:
            return
        self._ended = True
        self._keep.geometry = self.root.geometry()
        self._save()
        self._bridge.close()
        self.root.destroy()

    def _save(self) -> None:
        why_not = ""
        try:
            self._keep.save()
        except KeepError as error:
            _log.warning("%s", error)
            why_not = str(error)
        if self.signed_in is not None and not self._ended:
            self.signed_in.saved(why_not)

    # --- signing in -----------------------------------------------------------------------------------------

    def _show_signin(self) -> SignIn:
        if self.chat is not None:
            self.overlay.close()
            assert self.signed_in is not None
            self.signed_in.close()
            self.signed_in = self.chat = None
        if self.signin is None:
            self.root.title("Parley")
            self.signin = SignIn(
                self.root, self.look, connect=self._connect, cancel=self._hang_up, label=self._label_of
            )
            self.signin.pack(fill="both", expand=True)
            self._show_recent(self.signin)
        return self.signin

    def _show_recent(self, signin: SignIn) -> None:
        now = datetime.now(self._tz)
        lines = []
        for recent in self._keep.recent:
            when = datetime.fromtimestamp(seconds(recent.when), self._tz)
            day = "Today" if when.date() == now.date() else captions.when(when, now)
            short = parse(recent.server).short
            lines.append(RecentServer(recent.label, short, recent.user, day, _Recall(signin, short, recent.user)))
        signin.show_recent(lines)

    def _label_of(self, place: Address) -> str:
        """What a server calls itself, if this device was there; else its address."""
        return next((known.label for known in self._keep.recent if known.server == place.server), place.short)

    def _begin(self, options: Options) -> None:
        """Fill the fields from the command line or from the last time; connect where that says enough."""
        assert self.signin is not None
        last = self._keep.recent[0] if self._keep.recent else None
        if options.server is None:
            place = parse(last.server).short if last else ""
            self.signin.fill(place, options.user or (last.user if last else ""))
            return
        known = next((recent for recent in self._keep.recent if recent.server == options.server.server), None)
        user = options.user or (known.user if known else "")
        self.signin.fill(options.server.text, user)
        if options.user:
            self.signin.submit()

    def _connect(self, wanted: Wanted) -> None:
        self._wanted = wanted
        place, user, password = wanted
        keep = self._keep

        def make() -> ChatClient:
            who = Identity(place, user, invite=place.invite, password=password)
            return who.lasting(who.key(keep), keep)  # on the bridge's thread: a keyring may take its time

        self._bridge.start(make)

    def _hang_up(self) -> None:
        self._bridge.tell(lambda client: client.close())

    def _deliver(self, events: list[ClientEvent]) -> None:
        for index, event in enumerate(events):
            if self.chat is not None:
                rejected = next((event for event in events[index:] if isinstance(event, Rejected)), None)
                self.chat.deliver(events[index:])
                if rejected is not None:
                    self._rejected(rejected)
                return
            match event:
                case Connected():
                    self._enter(event)
                    assert self.chat is not None
                    self.chat.deliver(events[index:])
                    return
                case Disconnected(reason=reason, code=code):
                    self._hang_up()
                    self._show_signin().failed(place_of(code), reason)
                    return
                case Rejected():
                    self._rejected(event)
                    return

    def _enter(self, event: Connected) -> None:
        """Signed in for the first time: the conversation takes the place of the form."""
        assert self._wanted is not None
        place, welcome = self._wanted.address, event.welcome
        self._keep.remember(place.server, welcome.user, welcome.server, wire_time(datetime.now(UTC)))
        if self.signin is not None:
            self.signin.destroy()
            self.signin = None
        model = Model(welcome.user, welcome.server, self._tz, time.time())
        window = Window(
            root=self.root,
            overlay=self.overlay,
            look=self.look,
            keep=self._keep,
            bridge=self._bridge,
            notifier=self._notifier,
            appearance=self.appearance,
            icon=self._icon,
            save=self._save,
            connect=self._again,
            another_server=self._another_server,
            tz=self._tz,
        )
        self.signed_in = SignedIn(window, model, place)
        self.chat = self.signed_in.chat
        if place.room:
            self.chat.expect(place.room, place.message)
            there = any(state.room == place.room for state in welcome.rooms)
            if not there and place.invite is None:  # an invitation brings us in by itself
                self.chat.go_to(place.room, place.message)
        self._save()

    def _rejected(self, event: Rejected) -> None:
        assert self._wanted is not None
        place, user, password = self._wanted
        self._bridge.tell(lambda client: client.close())
        signin = self._show_signin()
        if not signin.server.text:
            signin.fill(place.short, user)
        if event.code == "bad_credentials":
            signin.ask_password()
        field, sentence = refusal(
            event, user, self._label_of(place), invited=place.invite is not None, password=password is not None
        )
        if sentence:
            signin.failed(field, sentence)

    def _another_server(self, place: str = "") -> None:
        self._hang_up()
        signin = self._show_signin()
        signin.fill(place, self._wanted.user if self._wanted else "")

    def _again(self, recent: Recent) -> None:
        """To a server that was used before."""
        self._another_server()
        assert self.signin is not None
        _Recall(self.signin, parse(recent.server).short, recent.user)()

    def _ground_at(self, x: int, y: int) -> str:
        return self.chat.ground_at(x, y) if self.chat is not None else "conv"

    # --- keys and focus -------------------------------------------------------------------------------------

    def _focus_moved(self, _event: "tk.Event[tk.Misc]") -> None:
        self.root.after_idle(self._look_here)

    def _look_here(self) -> None:
        if self.signed_in is not None:
            self.signed_in.look_here(holder(self.root) is not None)

    def _active(self, _event: "tk.Event[tk.Misc]") -> None:
        if self.signed_in is not None:
            self.signed_in.oneself.active()

    def _here(self, do: Callable[[SignedIn], object]) -> Callable[[], object]:
        """What a key does, for as long as somebody is signed in."""
        return lambda: self.signed_in is not None and do(self.signed_in)

    def _next_day(self) -> None:
        """A moment after midnight "Today" is yesterday."""
        if self.chat is not None:
            self.chat.draw(self.chat.model.tick(time.time()))
        now = datetime.now(self._tz)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), self._tz)
        self.root.after(int((tomorrow - now).total_seconds() * 1000) + 1000, self._next_day)


@dataclass(frozen=True)
class _Recall:
    """Fills both fields from a recent server, and connects."""

    signin: SignIn
    server: str
    user: str

    def __call__(self) -> None:
        self.signin.fill(self.server, self.user)
        self.signin.submit()


def main(options: Options) -> None:
    """Open the window and stay until it is closed. `NoDisplay`, `KeepError`."""
    keep = Keep()
    fonts.register()
    choice = options.theme or keep.theme
    ctk.set_appearance_mode(theme_name(choice))  # never "system": it starts a process every 30 ms to ask
    ctk.deactivate_automatic_dpi_awareness()
    # Both of CustomTkinter's timers ask every 30 and 100 ms for what is never asked here: they are told to rest.
    ctk.AppearanceModeTracker.update_loop_running = True
    ctk.ScalingTracker.update_loop_running = True
    try:
        root = ctk.CTk(fg_color=pair("conv"), className="Parley")
    except tk.TclError as error:
        raise NoDisplay(
            f"There is no display to open a window on: {error}. Start Parley on a desktop, or set DISPLAY."
        ) from None
    gc.freeze()  # modules and the names of emoji stay: looking through them again would hold the window for 10 ms
    App(root, keep, options).run()
