"""The first screen: which server, under which name. It never blocks: `connect` starts, and `failed` may come back.

What is wrong stands under the field that it belongs to. Names are checked at once by the rules that the server
applies; what only the server can know is said in the same place, when it has said so.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient import address
from chatclient.address import Address
from chatclient.desktop.controls import RING, Button
from chatclient.desktop.field import Field
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted, Pen
from chatclient.desktop.panel import Panel
from chatclient.desktop.rows import Rows
from chatclient.desktop.story import Story
from shared.errors import Refused
from shared.rules import user_name

FORM: Final = 480
_INNER: Final = 336
_HALVES: Final = 840  # under this width the right half goes
_TOP: Final = 88
_FULL: Final = 660  # the height that form, hint and two recent servers take

_HINT: Final = (
    ("No server yet? Run ", "small"),
    ("python -m chatserver", "code_small"),
    (", then connect to ", "small"),
    ("localhost", "code_small"),
    (".", "small"),
)


class Wanted(NamedTuple):
    """What the person asks for: both parts are good by the rules."""

    address: Address
    user: str


class RecentServer(NamedTuple):
    """A server that this device was on: a click fills both fields and connects."""

    label: str
    server: str
    user: str
    when: str
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 52

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = "hover" if lit else ground
        if lit:
            pen.box(0, y, width, 52, 8, fill, ground)
        pen.avatar(self.label, RING, y + 8, 36, fill, square=True)
        start = pen.line_end(width - RING, y + 26, self.when, "tiny", "muted", fill)
        room = start - 12 - 52
        pen.line(52, y + 18, self.label, "body", "text", fill, width=room)
        pen.line(52, y + 36, f"{self.user} on {self.server}", "small", "muted", fill, width=room)


class SignIn(Panel):
    """`show_recent` fills the list; `fill` the fields; `failed` and `rest` end what `connect` began."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        *,
        connect: Callable[[Wanted], object],
        cancel: Callable[[], object],
    ) -> None:
        super().__init__(master, "conv")
        self._connect = connect
        self._cancel = cancel
        self._story = Story(self, look)
        form = self._form = Panel(self, "conv")
        self._brand = _Brand(form, look)
        self.server = Field(
            form,
            look,
            "Server",
            hint="An address, or an invitation link.",
            on_change=self._server_changed,
            on_enter=self.submit,
        )
        self.user = Field(form, look, "Your name", on_change=self._user_changed, on_enter=self.submit)
        self.button = Button(form, look, "Connect", self.submit, ground="conv", kind="primary", width=_INNER, height=40)
        self._recent_label = _RecentLabel(form, look)
        self.recent = Rows(form, look, ground="conv", ring=0)
        self._hint = _Hint(form, look)
        self._brand.pack(fill="x", padx=RING)
        self.server.pack(fill="x", padx=RING, pady=(28, 0))
        self.user.pack(fill="x", padx=RING, pady=(16, 0))
        self.button.pack(fill="x", pady=(20 - RING, 0))
        self._hint.pack(side="bottom", fill="x", padx=RING, pady=(0, 24))
        self.on("<Configure>", self._resized)
        for widget in (self, self.server.entry, self.user.entry, self.button):
            tk.Misc.bind(widget, "<Escape>", lambda _event: self._give_up())

    # --- what the window says -------------------------------------------------------------------------------

    def show_recent(self, servers: Sequence[RecentServer]) -> None:
        self.recent.show(servers)
        if servers:
            self._recent_label.pack(fill="x", padx=RING, pady=(28 - RING, 0))
            self.recent.pack(fill="both", expand=True, pady=(4, 16))
        else:
            self._recent_label.pack_forget()
            self.recent.pack_forget()

    def fill(self, server: str, user: str) -> None:
        """Put these into the fields; the keyboard goes to the one that is still empty."""
        self.server.set(server)
        self.user.set(user)
        self.focus_in()

    def focus_in(self) -> None:
        """Give the keyboard to the first field that needs something."""
        (self.server if self.server.error or not self.server.text else self.user).focus_in()

    def failed(self, field: str, sentence: str) -> None:
        """It did not work: say why under the field (`server` or `user`) that it belongs to."""
        self.rest()
        at = self.user if field == "user" else self.server
        at.fail(sentence)
        at.focus_in()

    def rest(self) -> None:
        """Nothing is under way any more."""
        self.button.say("Connect")
        self.button.enable(True)

    # --- what the person does -------------------------------------------------------------------------------

    def submit(self) -> None:
        """Check both fields; connect where both are good."""
        if not self.button.enabled:
            return
        place = self._checked_server()
        name = self._checked_user()
        if place is None or name is None:
            (self.server if place is None else self.user).focus_in()
            return
        self.server.fail("")
        self.user.fail("")
        self.button.say("Connecting…")
        self.button.enable(False)
        self._connect(Wanted(place, name))

    def _checked_server(self) -> Address | None:
        try:
            return address.parse(self.server.text)
        except Refused as refused:
            self.server.fail(refused.message)
            return None

    def _checked_user(self) -> str | None:
        try:
            return user_name(self.user.text.strip())
        except Refused as refused:
            self.user.fail(refused.message)
            return None

    def _user_changed(self) -> None:
        if self.user.text.strip():
            self._checked_user()

    def _server_changed(self) -> None:
        try:
            invited = address.parse(self.server.text).invite is not None
        except Refused:
            invited = False
        self._brand.show(invited)

    def _give_up(self) -> str:
        if not self.button.enabled:
            self.rest()
            self._cancel()
        return "break"

    # --- layout ---------------------------------------------------------------------------------------------

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        width, height = event.width, event.height
        halves = width >= _HALVES
        form = FORM if halves else width
        inner = min(_INNER, form - 48)
        left = 72 if halves else (form - inner) // 2
        self._brand.top(max(16, min(_TOP, _TOP - (_FULL - height))))
        self._form.put(x=left - RING, y=0, width=inner + 2 * RING, height=height)
        if halves:
            self._story.place(x=FORM, y=0, width=width - FORM, height=height)
        else:
            self._story.place_forget()


class _Brand(Painted):
    """The mark, and what this screen is for."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=_TOP + 132)
        self._top = _TOP
        self._invited = False

    def top(self, top: int) -> None:
        if top != self._top:
            self._top = top
            self.configure(height=top + 132)
            self.repaint()

    def show(self, invited: bool) -> None:
        if invited != self._invited:
            self._invited = invited
            self.repaint()

    def paint(self) -> None:
        words = ("Welcome", "Connect to a server to start talking.")
        if self._invited:
            words = ("You are invited", "Choose a name, and you are in.")
        self.pen.mark(-3, self._top, 56, "own", "own_text", "conv")
        self.pen.line(0, self._top + 92, words[0], "welcome", "text")
        self.pen.line(0, self._top + 122, words[1], "body", "muted", width=self.wide)


class _RecentLabel(Painted):
    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=16)

    def paint(self) -> None:
        self.pen.line(0, 8, "Recent servers", "small_bold", "text")


class _Hint(Painted):
    """Where a server comes from, for those who have none."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=32)

    def paint(self) -> None:
        bottom = self.pen.prose(0, 0, _HINT, "muted", self.wide, 16)
        if int(self.cget("height")) != bottom:
            self.configure(height=bottom)
