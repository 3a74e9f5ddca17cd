"""The first screen: which server, under which name. It never blocks: `connect` starts, and `failed` may come back.

What is wrong stands under the field that it belongs to. Names are checked at once by the rules that the server
applies; what only the server can know is said in the same place, when it has said so. The field for a password comes
when the server asks for one; a link with an invitation takes the place of the field for the server once it is pasted,
or typed and left.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from chatclient import address
from chatclient.address import Address
from chatclient.desktop.brand import TOP, Brand, Footnote
from chatclient.desktop.controls import RING, Button
from chatclient.desktop.field import Field
from chatclient.desktop.invited import Invited
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Pen
from chatclient.desktop.panel import Panel
from chatclient.desktop.rows import Rows
from chatclient.desktop.smallline import SmallLine
from chatclient.desktop.story import Story
from chatclient.refusals import Place
from shared.errors import Refused
from shared.rules import user_name

FORM: Final = 480
_INNER: Final = 336
_HALVES: Final = 840  # under this width the right half goes
_FULL: Final = 660  # the height that form, hint and two recent servers take
_SERVER_HINT: Final = "An address, or an invitation link."
_NAME_HINT: Final = "Letters, digits, - _ and . in any script, at most 32."


class Wanted(NamedTuple):
    """What the person asks for: all parts are good by the rules. `password` None: not asked for yet."""

    address: Address
    user: str
    password: str | None = None


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
    """`show_recent` fills the list; `fill` the fields; `ask_password`, `failed` and `rest` end what `connect` began.

    `label` gives what a server is called, as far as this device knows.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        *,
        connect: Callable[[Wanted], object],
        cancel: Callable[[], object],
        label: Callable[[Address], str] = lambda place: place.short,
    ) -> None:
        super().__init__(master, "conv")
        self._connect = connect
        self._cancel = cancel
        self._label = label
        self._asked: tuple[str, str] | None = None
        self.invitation: Address | None = None
        self._story = Story(self, look)
        form = self._form = Panel(self, "conv")
        self._brand = Brand(form, look)
        self.server = Field(
            form,
            look,
            "Server",
            hint=_SERVER_HINT,
            on_change=self._server_changed,
            on_enter=self.submit,
        )
        self.invited = Invited(form, look)
        self.user = Field(form, look, "Your name", on_change=self._user_changed, on_enter=self.submit)
        self.password = Field(form, look, "Password", secret=True, on_enter=self.submit)
        self.button = Button(form, look, "Connect", self.submit, ground="conv", kind="primary", width=_INNER, height=40)
        self.other = Button(
            form, look, "Use another server", self._leave_invitation, ground="conv", kind="quiet", width=_INNER
        )
        self._forgotten = SmallLine(form, look, ground="conv", centred=True)
        self._recent_label = SmallLine(form, look, "Recent servers", ground="conv", font="small_bold", token="text")
        self.recent = Rows(form, look, ground="conv", ring=0)
        self._footnote = Footnote(form, look)
        self.server.entry.bind("<<Paste>>", lambda _event: self.after_idle(self._accept_invitation), add="+")
        self.server.entry.bind("<FocusOut>", lambda _event: self._leave_server(), add="+")
        self.on("<Configure>", self._resized)
        for widget in (self, self.server.entry, self.user.entry, self.password.entry, self.button):
            tk.Misc.bind(widget, "<Escape>", lambda _event: self._give_up())
        self._lay_out()

    # --- what the window says -------------------------------------------------------------------------------

    def show_recent(self, servers: Sequence[RecentServer]) -> None:
        self.recent.show(servers)
        self._lay_out()

    def fill(self, server: str, user: str) -> None:
        """Put these into the fields; the keyboard goes to the one that is still empty."""
        self._leave_invitation()
        self.server.set(server)
        self.user.set(user)
        self._accept_invitation()
        self.focus_in()

    def focus_in(self) -> None:
        """Give the keyboard to the first field that needs something."""
        if self._asked is not None:
            self.password.focus_in()
        elif self.invitation is None and (self.server.error or not self.server.text):
            self.server.focus_in()
        else:
            self.user.focus_in()

    def ask_password(self) -> None:
        """The server has a password for this name: there is a field for it until server or name change."""
        self.rest()
        self._asked = self._both()
        self.server.confirm(self._place_label())
        self._lay_out(self.password)

    def failed(self, field: Place, sentence: str) -> None:
        """It did not work: say why under the field that it belongs to."""
        self.rest()
        if field == "password" and self._asked is None:
            field = "user"
        if field == "server" and self.invitation is not None:
            self.invited.fail(sentence)
            self.user.focus_in()
            return
        at = {"user": self.user, "server": self.server, "password": self.password}[field]
        at.fail(sentence)
        at.focus_in()

    def rest(self) -> None:
        """Nothing is under way any more."""
        self.button.say(self._word())
        self.button.enable(True)

    # --- what the person does -------------------------------------------------------------------------------

    def submit(self) -> None:
        """Check the fields; connect where all are good."""
        if not self.button.enabled:
            return
        if self._accept_invitation() and not self.user.text.strip():
            return
        place = self._checked_server()
        name = self._checked_user()
        if place is None or name is None:
            (self.server if place is None else self.user).focus_in()
            return
        password = self.password.text if self._asked is not None else None
        if password == "":
            self.password.fail("Type the password.")
            self.password.focus_in()
            return
        self._quiet()
        self.button.say("Connecting…")
        self.button.enable(False)
        self._connect(Wanted(place, name, password))

    def _quiet(self) -> None:
        """Take back what was said to be wrong."""
        for field in (self.server, self.user, self.password):
            field.fail("")
        self.invited.fail("")

    def _checked_server(self) -> Address | None:
        if self.invitation is not None:
            return self.invitation
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
        self._unask()
        if self.user.text.strip():
            self._checked_user()

    def _server_changed(self) -> None:
        self._unask()

    def _leave_server(self) -> None:
        if self.button.enabled:
            self._accept_invitation()

    def _both(self) -> tuple[str, str]:
        return self.server.text.strip(), self.user.text.strip()

    def _unask(self) -> None:
        """The password was that of another name or server."""
        if self._asked is not None and self._asked != self._both():
            self._asked = None
            self.password.set("")
            self.server.confirm("")
            self._lay_out()

    def _give_up(self) -> str:
        if not self.button.enabled:
            self.rest()
            self._cancel()
        return "break"

    # --- invitations ----------------------------------------------------------------------------------------

    def _accept_invitation(self) -> bool:
        """Where the field holds a link with a code, show what it says; True where that is new."""
        if self.invitation is not None:
            return False
        try:
            place = address.parse(self.server.text)
        except Refused:
            return False
        if not place.invite:
            return False
        self.invitation = place
        self.invited.show(place, self._label(place))
        self._lay_out(self.user if holder(self) is self.server.entry else None)
        return True

    def _leave_invitation(self) -> None:
        if self.invitation is not None:
            self.invitation = None
            self.server.set("")
            self._lay_out(self.server)

    def _place_label(self) -> str:
        place = self._checked_server()
        return self._label(place) if place is not None else ""

    # --- layout ---------------------------------------------------------------------------------------------

    def _word(self) -> str:
        if self._asked is not None:
            return "Sign in"
        return f"Join {self._place_label()}" if self.invitation is not None else "Connect"

    def _lay_out(self, focus: Field | None = None) -> None:
        """Which parts there are, in their order, and the words that depend on them; the keyboard goes to `focus`.

        What comes is there before what goes is gone: the keyboard would be lost with a field that loses its place.
        """
        asked, invited = self._asked is not None, self.invitation is not None
        self._say(asked=asked, invited=invited)
        parts: list[tuple[tk.Misc, dict[str, Any]]] = []
        if not asked:
            parts.append((self._footnote, {"side": "bottom", "padx": RING, "pady": (0, 24)}))
        parts.append((self._brand, {"padx": RING}))
        parts.append((self.invited if invited else self.server, {"padx": RING, "pady": (28, 0)}))
        parts.append((self.user, {"padx": RING, "pady": (20 if invited else 16, 0)}))
        if asked:
            parts.append((self.password, {"padx": RING, "pady": (16, 0)}))
        parts.append((self.button, {"pady": (20 - RING, 0)}))
        if asked:
            parts.append((self._forgotten, {"padx": RING, "pady": (12 - RING, 0)}))
        if invited:
            parts.append((self.other, {"pady": (8 - 2 * RING, 0)}))
        elif self.recent.lines and not asked:
            parts.append((self._recent_label, {"padx": RING, "pady": (28 - RING, 0)}))
            parts.append((self.recent, {"fill": "both", "expand": True, "pady": (4, 16)}))
        before = self._form.pack_slaves()
        place = {"before": before[0]} if before else {}
        for part, options in parts:
            tk.Pack.pack_configure(part, **{"fill": "x", **options, **place})  # type: ignore[arg-type] # every part here packs
            place = {"after": part}
        if focus is not None:
            self.update_idletasks()
            focus.focus_in()
        wanted = {str(part) for part, _ in parts}
        for part in before:
            if str(part) not in wanted:
                part.pack_forget()

    def _say(self, *, asked: bool, invited: bool) -> None:
        """The words of the parts."""
        self._footnote.say(invited=invited)
        self.server.hint("" if asked else _SERVER_HINT)
        self.user.hint(_NAME_HINT if invited and not asked else "")
        self.user.entry.placeholder("As others will see it" if invited else "")
        if self.button.enabled:
            self.button.say(self._word())
        if asked:
            label = self._place_label()
            self._forgotten.say(f"Forgotten? The owner of {label} can set a new one.")
            self._brand.show("Welcome back", f"The name {self.user.text.strip()} has a password on {label}.")
        elif invited:
            self._brand.show("You are invited", "Choose a name, and you are in.")
        else:
            self._brand.show("Welcome", "Connect to a server to start talking.")

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        width, height = event.width, event.height
        halves = width >= _HALVES
        form = FORM if halves else width
        inner = min(_INNER, form - 48)
        left = 72 if halves else (form - inner) // 2
        self._brand.top(max(16, min(TOP, TOP - (_FULL - height))))
        self._form.put(x=left - RING, y=0, width=inner + 2 * RING, height=height)
        if halves:
            self._story.place(x=FORM, y=0, width=width - FORM, height=height)
        else:
            self._story.place_forget()
