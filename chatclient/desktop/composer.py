"""Where messages are written: a box that grows to six lines, its send button, and a line above for what went wrong.

Enter sends, Shift+Enter breaks the line; while an input method composes, Enter belongs to it. Each room keeps its own
draft. What cannot be sent stays in the box, and the line above says why.
"""

import sys
import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import RING, IconButton
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from shared.errors import Refused
from shared.rules import TEXT

LINES: Final = 6
_LINE: Final = 20
_BOX: Final = 48
_ABOVE: Final = 24
_ALT: Final = 0 if sys.platform == "darwin" else 0x20000 if sys.platform == "win32" else 0x8
_CONTROL: Final = 0x4
"""In the state of a key: a shortcut, not a letter. (On macOS Option writes letters.)"""
_MANY: Final = 2_000
"""From so many characters on the box is full: counting the lines of a long paste would take its time."""


class Composer(Painted):
    """`send` is given the text and raises `Refused` where it cannot be sent: then the text stays.

    `on_type` is told the room at every key that writes a message there.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        send: Callable[[str], object],
        on_type: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(master, look, ground="conv", height=_BOX + 16)
        self._send = send
        self._on_type = on_type
        self._room = ""
        self._drafts: dict[str, str] = {}
        self._complaint = ""
        self._composing = False
        self._margin = 20
        self._lines = 1
        linespace = look.fonts.font("body").metrics("linespace")
        lead = max(0, _LINE - linespace)
        self.text = tk.Text(
            self,
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
        self._hint = tk.Label(self, font=look.fonts["body"], borderwidth=0, padx=0, pady=0, anchor="w", cursor="xterm")
        self._button = IconButton(
            self, look, "send", self.submit, ground="input", size=36, fill="own", ink="own_text", ring=0
        )
        self._bind_keys()

    def _bind_keys(self) -> None:
        text = self.text
        text.bind("<Key>", self._keyed)
        text.bind("<Return>", self._entered)
        text.bind("<KP_Enter>", self._entered)
        text.bind("<Shift-Return>", self._broken)
        text.bind("<Shift-KP_Enter>", self._broken)
        text.bind("<Tab>", lambda _event: self._leave(text.tk_focusNext()))
        text.bind("<Shift-Tab>", lambda _event: self._leave(text.tk_focusPrev()))
        text.bind("<Control-a>", self._select_all)
        text.bind("<<Modified>>", self._modified)
        text.bind("<FocusIn>", lambda _event: self.repaint())
        text.bind("<FocusOut>", lambda _event: self.repaint())
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self._button.bind(sequence, lambda _event: self.repaint(), add="+")
        text.bind("<<TkStartIMEMarkedText>>", lambda _event: self._compose(True))
        text.bind("<<TkEndIMEMarkedText>>", lambda _event: self._compose(False))
        text.bind("<<TkClearIMEMarkedText>>", lambda _event: self._compose(False))
        self._hint.bind("<Button-1>", lambda _event: text.focus_set())
        self.bind("<Button-1>", lambda _event: text.focus_set())

    # --- what the window asks -------------------------------------------------------------------------------

    def open(self, room: str, hint: str) -> None:
        """Write to this room: what was written there and not sent comes back."""
        if room != self._room:
            self._drafts[self._room] = self.content
            self._room = room
            self._replace(self._drafts.pop(room, ""))
            self.complain("")
        self.hint(hint)

    def hint(self, hint: str) -> None:
        """What stands in the empty box."""
        if self._hint.cget("text") != hint:
            self._hint.configure(text=hint)

    @property
    def content(self) -> str:
        return self.text.get("1.0", "end-1c")

    @property
    def complaint(self) -> str:
        """What the line above says, or nothing."""
        return self._complaint

    def complain(self, sentence: str) -> None:
        """Say over the box what is wrong; an empty sentence takes it back."""
        if sentence != self._complaint:
            self._complaint = sentence
            self._fit()
            self.repaint()

    def margin(self, margin: int) -> None:
        """The room left and right of the box, and under it where the window is narrow."""
        if margin != self._margin:
            self._margin = margin
            self._fit()
            self.repaint()

    def focus_in(self) -> None:
        self.text.focus_set()

    def mention(self, user: str) -> None:
        """Put this name where the caret is, with an @ and a space, and go on writing there."""
        before = self.text.get("insert-1c") if self.text.compare("insert", ">", "1.0") else " "
        self.text.insert("insert", f"{'' if before.isspace() else ' '}@{user} ")
        self.text.see("insert")
        self.focus_in()

    def submit(self) -> None:
        """Send what is in the box, if it can be sent."""
        text = self.content
        if not text.strip():
            return
        room = self._room
        try:
            self._send(text)
        except Refused as refused:
            self.complain(refused.message)
            return
        if self._room != room:  # the line took us to another room, and was put away as a draft of this one
            self._drafts.pop(room, None)
            return
        self._replace("")
        self.complain("")

    def _replace(self, text: str) -> None:
        self.text.delete("1.0", "end")
        self.text.insert("1.0", text)
        self.text.edit_reset()
        self._grow()

    # --- keys -----------------------------------------------------------------------------------------------

    def _keyed(self, event: "tk.Event[tk.Misc]") -> None:
        """Tell of a letter that will stand in a message. A command is nobody's business while it is written."""
        letter = bool(event.char) and event.char.isprintable() and not int(event.state) & (_ALT | _CONTROL)
        if letter and self._on_type is not None and not (self.content or event.char).startswith("/"):
            self._on_type(self._room)

    def _entered(self, _event: "tk.Event[tk.Misc]") -> str | None:
        if self._composing:
            return None
        self.submit()
        return "break"

    def _broken(self, _event: "tk.Event[tk.Misc]") -> str:
        if self.text.tag_ranges("sel"):
            self.text.delete("sel.first", "sel.last")
        self.text.insert("insert", "\n")
        self.text.see("insert")
        return "break"

    def _leave(self, to: tk.Misc | None) -> str:
        if to is not None:
            to.focus_set()
        return "break"

    def _select_all(self, _event: "tk.Event[tk.Misc]") -> str:
        self.text.tag_add("sel", "1.0", "end-1c")
        return "break"

    def _compose(self, composing: bool) -> None:
        self._composing = composing

    # --- growing --------------------------------------------------------------------------------------------

    def _modified(self, _event: "tk.Event[tk.Misc]") -> None:
        if self.text.edit_modified():
            self.text.edit_modified(False)
            length = len(self.content)
            over = f"{length:,} characters, the limit is {TEXT:,}." if length > TEXT else ""
            self.complain(over)
            self._grow()

    def _grow(self) -> None:
        lines = min(LINES, self._count_lines())
        if lines != self._lines:
            self._lines = lines
            self._fit()
        self.repaint()

    def _count_lines(self) -> int:
        if len(self.content) > _MANY:
            return LINES
        counted = self.text.tk.call(str(self.text), "count", "-update", "-displaylines", "1.0", "end")
        return max(1, int(counted))

    def _fit(self) -> None:
        bottom = min(16, self._margin)
        height = _BOX + (self._lines - 1) * _LINE + bottom + (_ABOVE if self._complaint else 0)
        if int(self.cget("height")) != height:
            self.configure(height=height)

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        wider = event.width != self.wide
        super()._resized(event)
        if wider:
            self._grow()

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        pen, margin = self.pen, self._margin
        top = _ABOVE if self._complaint else 0
        height = _BOX + (self._lines - 1) * _LINE
        width = self.wide - 2 * margin
        if self._complaint:
            pen.icon("alert", margin + 9, 10, 16, "danger", "conv")
            pen.line(margin + 23, 10, self._complaint, "small", "danger", "conv", width=width - 24)
        focused = self.focus_displayof() is self.text
        line, line_width = ("accent", 2) if focused else ("border", 1)
        pen.box(margin, top, width, height, 12, "input", "conv", line, line_width)
        colour = pen.colour
        self.text.configure(
            background=colour("input"),
            foreground=colour("text"),
            insertbackground=colour("accent"),
            selectbackground=colour("selected"),
            selectforeground=colour("text"),
        )
        self.text.place(x=margin + 13, y=top + 14, width=max(1, width - 13 - 50), height=self._lines * _LINE)
        x, y = margin + width - 6 - 36, top + height - 6 - 36
        if self._button.focused:
            pen.outline(x - RING, y - RING, 36 + 2 * RING, 36 + 2 * RING, 10 + RING, "accent", 2)
        self._button.place(x=x, y=y)
        if self.content:
            self._hint.place_forget()
        else:
            self._hint.configure(background=colour("input"), foreground=colour("muted"))
            self._hint.place(x=margin + 16, y=top + 14, width=max(1, width - 16 - 50), height=_LINE)
