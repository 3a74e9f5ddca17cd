"""The program with its window: what it is made of, how it starts and how it ends.

One CustomTkinter root shows the sign-in or the conversation. The client lives behind the bridge on a thread of its
own. However the window is closed, by its button, by a signal or with a dead server, the bridge ends first, what this
device remembers is written, and nothing is left running.
"""

import logging
import time
import tkinter as tk
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

import customtkinter as ctk

from chatclient.address import Address, parse
from chatclient.bridge import Bridge
from chatclient.client import ChatClient
from chatclient.days import seconds, wire_time
from chatclient.desktop import captions, fonts, shortcuts
from chatclient.desktop.art import Art
from chatclient.desktop.chat import Chat, Outside
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.ending import ending_on_signals
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.geometry import LEAST, Screen, fitting
from chatclient.desktop.look import Look, pair, repaint
from chatclient.desktop.popover import Item, Menu, Overlay
from chatclient.desktop.refusals import refusal
from chatclient.desktop.signin import RecentServer, SignIn, Wanted
from chatclient.desktop.theme import THEMES
from chatclient.desktop.zone import LocalZone
from chatclient.events import ClientEvent, Connected, Disconnected, Rejected
from chatclient.keep import Choice, Keep, KeepError
from chatclient.model import Model
from shared.errors import ParleyError

_THEMES: Final[tuple[tuple[Choice, str, str], ...]] = (
    ("light", "sun", "Light"),
    ("dark", "moon", "Dark"),
    ("system", "monitor", "Like the system"),
)
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

    def __init__(self, root: ctk.CTk, keep: Keep, options: Options, tz: tzinfo | None = None) -> None:
        self.root = root
        self._keep = keep
        self._tz = tz or LocalZone()
        self._choice: Choice = options.theme or keep.theme
        self._wanted: Wanted | None = None
        self._ended = False
        self.look = Look(THEMES[_theme_name(self._choice)], Fonts(root), Art(root))
        self.overlay = Overlay(root, self._ground_at)
        self._bridge = Bridge(root, self._deliver)
        self.signin: SignIn | None = None
        self.chat: Chat | None = None
        self._dress(options.geometry or keep.geometry)
        self._show_signin()
        self._begin(options)
        self._next_day()

    def _dress(self, geometry: str) -> None:
        root, art = self.root, self.look.art
        root.title("Parley")
        root.minsize(*LEAST)
        root.geometry(fitting(geometry, Screen(root.winfo_screenwidth(), root.winfo_screenheight())))
        ground = THEMES["light"].conv
        self._icons = [art.mark(size, "#5B5BD6", "#FFFFFF", ground) for size in (64, 32, 16)]
        root.iconphoto(True, *self._icons)
        root.unbind_all("<Button-1>")  # CustomTkinter gives the keyboard to whatever is clicked
        root.protocol("WM_DELETE_WINDOW", self.end)
        root.bind("<FocusIn>", self._focus_moved, add="+")
        root.bind("<FocusOut>", self._focus_moved, add="+")
        shortcuts.bind(
            root,
            {
                "<Control-k>": self._switcher,
                "<Control-slash>": self._keys,
                "<Alt-Up>": lambda: self._step(-1),
                "<Alt-Down>": lambda: self._step(1),
                "<Alt-Shift-Up>": lambda: self._step(-1, unread=True),
                "<Alt-Shift-Down>": lambda: self._step(1, unread=True),
                "<Escape>": self._escape,
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
        try:
            self._keep.save()
        except KeepError as error:
            _log.warning("%s", error)
            if self.chat is not None and not self._ended:
                self.chat.complain(str(error))

    # --- signing in -----------------------------------------------------------------------------------------

    def _show_signin(self) -> SignIn:
        if self.chat is not None:
            self.overlay.close()
            self.chat.destroy()
            self.chat = None
        if self.signin is None:
            self.root.title("Parley")
            self.signin = SignIn(self.root, self.look, connect=self._connect, cancel=self._hang_up)
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
        place, user = wanted
        keep = self._keep

        def make() -> ChatClient:
            token = keep.token(place.server, user)  # on the bridge's thread: a keyring may take its time
            return ChatClient(place.host, place.port, user, token, invite=place.invite)

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
                case Disconnected(reason=reason):
                    self._hang_up()
                    self._show_signin().failed("server", reason)
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
        outside = Outside(self.root.title, self._theme_menu, self._another_server)
        self.chat = Chat(self.overlay, self.look, model, Deeds(self._bridge), outside, place=place.short, tz=self._tz)
        self.chat.pack(fill="both", expand=True)
        if place.room:
            self.chat.expect(place.room)
            if all(state.room != place.room for state in welcome.rooms):
                self.chat.go_to(place.room)
        self._save()

    def _rejected(self, event: Rejected) -> None:
        assert self._wanted is not None
        place, user = self._wanted
        label = next((known.label for known in self._keep.recent if known.server == place.server), place.short)
        self._bridge.tell(lambda client: client.close())
        field, sentence = refusal(event, user, label, invited=place.invite is not None)
        signin = self._show_signin()
        if not signin.server.text:
            signin.fill(place.short, user)
        signin.failed(field, sentence)

    def _another_server(self) -> None:
        self._hang_up()
        signin = self._show_signin()
        signin.fill("", self._wanted.user if self._wanted else "")

    # --- theme ----------------------------------------------------------------------------------------------

    def _theme_menu(self, opener: tk.Misc) -> None:
        if self.chat is None:
            return
        items = [
            Item(icon, text, _Choose(self, choice), chosen=choice == self._choice) for choice, icon, text in _THEMES
        ]
        self.overlay.show(Menu(self.overlay, self.look, items, opener, above=True))

    def choose_theme(self, choice: Choice) -> None:
        """Change it now, and remember it."""
        self._choice = self._keep.theme = choice
        self._save()
        name = _theme_name(choice)
        if name != self.look.theme.name:
            self.look.theme = THEMES[name]
            ctk.set_appearance_mode(name)
            repaint(self.root)

    def _ground_at(self, x: int, y: int) -> str:
        return self.chat.ground_at(x, y) if self.chat is not None else "conv"

    # --- keys and focus -------------------------------------------------------------------------------------

    def _focus_moved(self, _event: "tk.Event[tk.Misc]") -> None:
        self.root.after_idle(self._look_here)

    def _look_here(self) -> None:
        if self.chat is not None:
            self.chat.look_here(self.root.focus_displayof() is not None)

    def _switcher(self) -> None:
        if self.chat is not None:
            self.chat.switcher()

    def _keys(self) -> None:
        if self.chat is not None:
            self.chat.offers.keys()

    def _step(self, step: int, *, unread: bool = False) -> None:
        if self.chat is not None and self.overlay.current is None:
            self.chat.step(step, unread=unread)

    def _next_day(self) -> None:
        """A moment after midnight "Today" is yesterday."""
        if self.chat is not None:
            self.chat.draw(self.chat.model.tick(time.time()))
        now = datetime.now(self._tz)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), self._tz)
        self.root.after(int((tomorrow - now).total_seconds() * 1000) + 1000, self._next_day)

    def _escape(self) -> None:
        if self.chat is None:
            return
        if self.overlay.current is not None:
            self.overlay.close()
        else:
            self.chat.back()


@dataclass(frozen=True)
class _Recall:
    """Fills both fields from a recent server, and connects."""

    signin: SignIn
    server: str
    user: str

    def __call__(self) -> None:
        self.signin.fill(self.server, self.user)
        self.signin.submit()


@dataclass(frozen=True)
class _Choose:
    app: App
    choice: Choice

    def __call__(self) -> None:
        self.app.choose_theme(self.choice)


def _theme_name(choice: Choice) -> str:
    if choice != "system":
        return choice
    return "dark" if ctk.AppearanceModeTracker.detect_appearance_mode() else "light"


def main(options: Options) -> None:
    """Open the window and stay until it is closed. `NoDisplay`, `KeepError`."""
    keep = Keep()
    fonts.register()
    choice = options.theme or keep.theme
    ctk.set_appearance_mode(_theme_name(choice))  # never "system": it starts a process every 30 ms to ask
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
    App(root, keep, options).run()
