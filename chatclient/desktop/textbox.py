"""The text that is being written: a bare box of Tk that grows with its lines, and the keys that mean something in it.

Enter sends, Shift+Enter breaks the line; while an input method composes, Enter belongs to it. ↑ in an empty box and
what is pasted are told to its owner first.
"""

import sys
import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple

from chatclient.desktop.emojitext import EmojiText
from chatclient.desktop.look import Look

LINES: Final = 6
"""To so many lines it grows; from then on it scrolls."""
LINE: Final = 20
_ALT: Final = 0 if sys.platform == "darwin" else 0x20000 if sys.platform == "win32" else 0x8
_SHIFT: Final = 0x1
_CONTROL: Final = 0x4
"""In the state of a key: a shortcut, not a letter. (On macOS Option writes letters.)"""


class Heard(NamedTuple):
    """Who is told what. `paste` gives True where it took what lies on the clipboard; `up` is ↑ in an empty box."""

    entered: Callable[[], object]
    changed: Callable[[], object]
    letter: Callable[[str], object]
    up: Callable[[], object]
    paste: Callable[[], bool]


class TextBox(EmojiText):
    """`lines` is how many of its lines are shown."""

    def __init__(self, master: tk.Misc, look: Look, heard: Heard) -> None:
        linespace = look.fonts.font("body").metrics("linespace")
        lead = max(0, LINE - linespace)
        super().__init__(
            master,
            font=look.fonts["body"],
            wrap="word",
            undo=True,
            borderwidth=0,
            highlightthickness=0,
            padx=0,
            pady=0,
            spacing1=lead // 2,
            spacing2=lead,
            spacing3=lead - lead // 2,
            insertwidth=2,
            height=1,
            width=1,
        )
        self._begin(look)
        self._look = look
        self._heard = heard
        self._composing = False
        self._dress = ("", "")
        self.lines = 1
        self._bind_keys()

    def _bind_keys(self) -> None:
        self.bind("<Key>", self._keyed)
        self.bind("<Return>", self._entered)
        self.bind("<KP_Enter>", self._entered)
        self.bind("<Shift-Return>", self._broken)
        self.bind("<Shift-KP_Enter>", self._broken)
        self.bind("<Up>", self._up)
        self.bind("<Tab>", lambda _event: self._leave(self.tk_focusNext()))
        self.bind("<Shift-Tab>", lambda _event: self._leave(self.tk_focusPrev()))
        self.bind("<Control-a>", self._select_all)
        self.bind("<<Paste>>", self._pasted)
        self.bind("<<Modified>>", self._modified)
        self.bind("<<TkStartIMEMarkedText>>", lambda _event: self._compose(True))
        self.bind("<<TkEndIMEMarkedText>>", lambda _event: self._compose(False))
        self.bind("<<TkClearIMEMarkedText>>", lambda _event: self._compose(False))

    # --- what its owner asks --------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        """Have this text in it instead; it cannot be undone, and the caret stands behind it."""
        self.delete("1.0", "end")
        self.insert("1.0", text)
        self.mark_set("insert", "end-1c")
        self.see("insert")
        self.edit_reset()
        self.measure()

    def write(self, text: str) -> None:
        """Put this in where the caret is, in the place of what is selected."""
        self._drop_selected()
        self.insert("insert", text)
        self.see("insert")

    def mention(self, user: str) -> None:
        """Put this name where the caret is, with an @ and a space."""
        before = self.before_caret()[-1:] or " "
        self.insert("insert", f"{'' if before.isspace() else ' '}@{user} ")
        self.see("insert")

    def measure(self) -> None:
        """Count its lines again, after its width changed."""
        self.lines = self._count()

    def _count(self) -> int:
        """At most `LINES`: Tk's own way to count looks at all of a long text, at every key."""
        ask, at = self.tk.call, "1.0"
        for lines in range(1, LINES):
            below = str(ask(str(self), "index", f"{at} +1 display lines"))
            if self.compare(below, ">", "end-1c") or self._starts(below) == self._starts(at):
                return lines
            at = below
        return LINES

    def _starts(self, index: str) -> str:
        """Where the line of the screen starts that this stands on."""
        return self.index(f"{index} display linestart")

    def dress(self, ground: str) -> None:
        """In the colours of the moment."""
        colour = self._look.theme.colour
        dress = (self._look.theme.name, ground)
        if dress == self._dress:  # to configure a text means to lay all of it out again
            return
        self._dress = dress
        self.configure(
            background=colour(ground),
            foreground=colour("text"),
            insertbackground=colour("accent"),
            selectbackground=colour("selected"),
            selectforeground=colour("text"),
        )
        self.dress_emoji(colour(ground))

    # --- keys -----------------------------------------------------------------------------------------------

    def _keyed(self, event: "tk.Event[tk.Misc]") -> None:
        letter = bool(event.char) and event.char.isprintable() and not int(event.state) & (_ALT | _CONTROL)
        if letter:
            self._heard.letter(event.char)

    def _entered(self, _event: "tk.Event[tk.Misc]") -> str | None:
        if self._composing:
            return None
        self._heard.entered()
        return "break"

    def _broken(self, _event: "tk.Event[tk.Misc]") -> str:
        self.write("\n")
        return "break"

    def _up(self, event: "tk.Event[tk.Misc]") -> str | None:
        if self._composing or self.content or int(event.state) & (_SHIFT | _CONTROL | _ALT):
            return None
        self._heard.up()
        return "break"

    def _leave(self, to: tk.Misc | None) -> str:
        if to is not None:
            to.focus_set()
        return "break"

    def _select_all(self, _event: "tk.Event[tk.Misc]") -> str:
        self.tag_add("sel", "1.0", "end-1c")
        return "break"

    def _pasted(self, _event: "tk.Event[tk.Misc]") -> str | None:
        return "break" if self._heard.paste() else None

    def _compose(self, composing: bool) -> None:
        self._composing = composing

    def _drop_selected(self) -> None:
        if self.tag_ranges("sel"):
            self.delete("sel.first", "sel.last")

    def _modified(self, _event: "tk.Event[tk.Misc]") -> None:
        if self.edit_modified():
            self.edit_modified(False)
            self.settle_emoji()
            self.edit_modified(False)
            self.measure()
            self._heard.changed()
