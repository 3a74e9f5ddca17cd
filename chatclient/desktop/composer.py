"""Where messages are written: the box, its buttons, and above them what the message is about, its files, and what went
wrong.

Each conversation keeps its own draft. An edit puts the draft that stood there aside, and brings it back. What cannot
be sent stays in the box, and the line above says why.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple

from chatclient.desktop import tiles
from chatclient.desktop.above import Above
from chatclient.desktop.attached import Attached
from chatclient.desktop.controls import RING, IconButton
from chatclient.desktop.draft import About, Draft, Drafts
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.textbox import LINE, Heard, TextBox
from chatclient.desktop.tiles import Tiles
from chatclient.rows import Row
from shared.errors import Refused
from shared.rules import TEXT

_BOX: Final = 48
_COMPLAINT: Final = 24
_BUTTON: Final = 36
_ICON: Final = 32
_LEFT: Final = 43  # from the edge of the box to the text, past the clip
_RIGHT: Final = 90  # from the text to the edge of the box, past both buttons


class Doings(NamedTuple):
    """What is done with what is written.

    send      what is in the box; gives what stands there next, None where it stays. `Refused` where it cannot be sent
    typing    is told the room at every key that writes a message there
    written   something else stands in the box; left: what stood there was sent, or another room was opened
    last      ↑ in the empty box
    about     another message is edited or replied to, or none any more
    attach    the clip; paste: whether there were files on the clipboard, which were taken
    drop      take this file out; retry: send it up again
    hindrance why a message with these files cannot be sent yet, "" where it can
    emoji     the smile, given what its picker opens at
    """

    send: Callable[[Draft], Draft | None]
    typing: Callable[[str], object]
    written: Callable[[], object]
    left: Callable[[], object]
    last: Callable[[], object]
    about: Callable[[About | None], object]
    attach: Callable[[], object]
    paste: Callable[[], bool]
    drop: Callable[[Attached], object]
    retry: Callable[[Attached], object]
    hindrance: Callable[[list[Attached]], str]
    emoji: Callable[[tk.Misc], object]


class Composer(Painted):
    """`text` is the box itself. `open` brings the draft of a conversation, `draft` is what is in it now."""

    def __init__(self, master: tk.Misc, look: Look, doings: Doings) -> None:
        super().__init__(master, look, ground="conv", height=_BOX + 16)
        self._do = doings
        self._drafts = Drafts()
        self._complaint, self._fine = "", False
        self._filled: str | None = None
        self._closed = False
        self._margin = 20
        self._above = Above(self, look, self.leave)
        self._tiles = Tiles(self, look, doings.drop, doings.retry)
        self._clip = IconButton(self, look, "clip", doings.attach, ground="input", ring=0)
        self.text = TextBox(self, look, Heard(self.submit, self._changed, self._letter, doings.last, self._paste))
        self._smile = IconButton(self, look, "smile", lambda: doings.emoji(self._smile), ground="input", ring=0)
        self._hint = tk.Label(self, font=look.fonts["body"], borderwidth=0, padx=0, pady=0, anchor="w", cursor="xterm")
        self._button = IconButton(
            self, look, "send", self.submit, ground="input", size=_BUTTON, fill="own", ink="own_text", ring=0
        )
        self._buttons = {self._clip: _ICON, self._smile: _ICON, self._button: _BUTTON}
        for widget in (self.text, *self._buttons):
            for sequence in ("<FocusIn>", "<FocusOut>"):
                widget.bind(sequence, lambda _event: self.repaint(), add="+")
        self._hint.bind("<Button-1>", lambda _event: self.focus_in())
        self.bind("<Button-1>", lambda _event: self.focus_in())

    # --- what the window asks -------------------------------------------------------------------------------

    def open(self, room: str, hint: str) -> None:
        """Write to this room: what was written there and not sent comes back."""
        if room != self._drafts.room:
            self._take(self.drafts.open(room))
            self.complain("")
            self._do.left()
        self.hint(hint)

    def hint(self, hint: str) -> None:
        """What stands in the empty box."""
        if self._hint.cget("text") != hint:
            self._hint.configure(text=hint)

    def close(self, closed: bool) -> None:
        """Nothing can be written here now, and the hint says why; or it can again. The draft stays."""
        if closed != self._closed:
            self._closed = closed
            self.text.configure(state="disabled" if closed else "normal", takefocus=not closed)
            for button in self._buttons:
                button.enable(not closed)
            self._arrange()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def draft(self) -> Draft:
        """What is in it, as it stands."""
        return self.drafts.now

    @property
    def drafts(self) -> Drafts:
        """Those of all conversations, as they stand."""
        self._drafts.now.text = self.content
        return self._drafts

    @property
    def content(self) -> str:
        return self.text.content

    @property
    def complaint(self) -> str:
        """What the line above says, or nothing."""
        return self._complaint

    def complain(self, sentence: str, *, fine: bool = False) -> None:
        """Say over the box what is wrong, or what went well; an empty sentence takes it back."""
        if sentence != self._complaint:
            self._complaint, self._fine = sentence, fine
            self._arrange()

    def margin(self, margin: int) -> None:
        """The room left and right of the box, and under it where the window is narrow."""
        if margin != self._margin:
            self._margin = margin
            self._arrange()

    def focus_in(self) -> None:
        self.text.focus_set()

    def mention(self, user: str) -> None:
        """Put this name where the caret is, with an @ and a space, and go on writing there."""
        self.text.mention(user)
        self.focus_in()

    def write(self, text: str) -> None:
        """Put this where the caret is, and go on writing there."""
        self.text.write(text)
        self.focus_in()

    # --- what the message is about --------------------------------------------------------------------------

    def edit(self, row: Row, text: str) -> None:
        """Write this message of mine anew, beginning with its text; what is in the box comes back afterwards."""
        draft = self.draft
        before = draft.before if draft.editing else draft
        self._take(Draft(text, About("edit", row), before=before))
        self.complain("")
        self.focus_in()

    def give_back(self, room: str, draft: Draft) -> bool:
        """Let what was refused go on in its room; False where something else is written there."""
        given = self.drafts.give_back(room, draft)
        if given and room == self._drafts.room:
            self._take(self._drafts.now)
        return given

    def reply(self, row: Row) -> None:
        """Let what is written be an answer to this message."""
        self._end_edit()
        self._drafts.now.about = About("reply", row)
        self._take(self.draft)
        self.focus_in()

    def leave(self) -> bool:
        """Edit or answer nothing any more: True where something was."""
        if self._drafts.now.about is None:
            return False
        if not self._end_edit():
            self._drafts.now.about = None
            self._take(self.draft)
        return True

    def _end_edit(self) -> bool:
        if not self._drafts.now.editing:
            return False
        self._take(self._drafts.now.before or Draft())
        self.complain("")
        return True

    def _take(self, draft: Draft) -> None:
        self._drafts.now = draft
        self._fill(draft.text)
        self._above.show(draft.about)
        self._button.change("check" if draft.editing else "send")
        self._clip.enable(not draft.editing and not self._closed)
        self.files_changed()
        self._do.about(draft.about)
        self._do.written()

    def _fill(self, text: str) -> None:
        if text != self.content:
            self._filled = text
            self.text.configure(state="normal")
            self.text.put(text)
            self.text.configure(state="disabled" if self._closed else "normal")

    # --- files ----------------------------------------------------------------------------------------------

    def files_changed(self) -> None:
        """Other files go with the message, or one is up, or failed."""
        self._tiles.show(self._drafts.now.files)
        self._button.enable(not self._closed and not self.hindered)
        self._arrange()

    @property
    def hindered(self) -> str:
        """Why what is in it cannot be sent because of its files; "" where it can."""
        return self._do.hindrance(self._drafts.now.files)

    def progressed(self) -> None:
        """A file is further up than before."""
        self._tiles.progressed()

    # --- sending --------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Send what is in the box, if it can be sent."""
        if self._closed or (self.draft.empty and not self._drafts.now.editing):
            return
        room, draft = self._drafts.room, self.draft
        if self.hindered:
            self.complain(self.hindered)
            return
        try:
            rest = self._do.send(draft)
        except Refused as refused:
            self.complain(refused.message)
            return
        if rest is not None:
            self.sent(room, draft, rest)

    def sent(self, room: str, draft: Draft, rest: Draft) -> None:
        """This draft is done with, and this is what is left to be sent in its place."""
        if self._drafts.now is draft:
            self._take(rest)
            self.complain("")
        elif self._drafts.rooms().get(room) is draft:  # the line took us to another room
            self._drafts.put(room, rest)
        self._do.left()

    def _paste(self) -> bool:
        return not self._drafts.now.editing and self._do.paste()

    def _letter(self, char: str) -> None:
        """Tell of a letter that will stand in a message. A command is nobody's business while it is written."""
        if (char if self.text.empty else self.text.between("1.0", "1.0 +1 indices")) != "/":
            self._do.typing(self._drafts.room)

    # --- growing --------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        length = len(self.content)
        filled, self._filled = self._filled, None
        if filled != self.content:  # what is said of a text that was put here stays until a key
            self.complain(f"{length:,} characters, the limit is {TEXT:,}." if length > TEXT else "")
        self._arrange()
        self._do.written()

    @property
    def _top(self) -> int:
        """Where the box begins, under the line of what is wrong."""
        return _COMPLAINT if self._complaint else 0

    @property
    def _over(self) -> int:
        """What stands in the box over the text."""
        return self._above.tall + (tiles.EDGE + tiles.HIGH if self._drafts.now.files else 0)

    @property
    def _tall(self) -> int:
        lines = 1 if self._closed else self.text.lines
        return _BOX + self._over + (lines - 1) * LINE

    def _arrange(self) -> None:
        """As high as it needs to be, everything in its place."""
        height = self._top + self._tall + min(16, self._margin)
        if int(self.cget("height")) != height:
            self.configure(height=height)
        self.repaint()

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        wider = event.width != self.wide
        super()._resized(event)
        if wider:
            self.text.measure()
            self._arrange()

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        pen, margin, top, height = self.pen, self._margin, self._top, self._tall
        width = self.wide - 2 * margin
        if self._complaint:
            icon, token = ("check", "muted") if self._fine else ("alert", "danger")
            pen.icon(icon, margin + 9, 10, 16, token, "conv")
            pen.line(margin + 23, 10, self._complaint, "small", token, "conv", width=width - 24)
        focused = holder(self) is self.text and not self._closed
        line, line_width = ("accent", 2) if focused else ("border", 1)
        pen.box(margin, top, width, height, 12, "input", "conv", line, line_width)
        self._above.paint(pen, margin, top, width)
        if self._drafts.now.files:
            y = top + self._above.tall + tiles.EDGE
            self._tiles.place(x=margin + tiles.EDGE, y=y, width=max(1, width - 2 * tiles.EDGE), height=tiles.HIGH)
        else:
            self._tiles.place_forget()
        self._paint_box(margin, top + self._over, width, height - self._over)

    def _paint_box(self, left: int, top: int, width: int, height: int) -> None:
        right, middle = left + width, top + height - _BOX // 2
        room = max(1, width - _LEFT - _RIGHT)
        self.text.dress("input")
        middles = (left + 23, right - 66, right - 6 - _BUTTON // 2)
        for (button, size), x in zip(self._buttons.items(), middles, strict=True):
            button.place(x=x - size // 2, y=middle - size // 2)
            if button.focused:
                edge, side = size // 2 + RING, size + 2 * RING
                self.pen.outline(x - edge, middle - edge, side, side, button.radius + RING, "accent", 2)
        if self._closed:
            self.text.place_forget()
        else:
            self.text.place(x=left + _LEFT, y=top + 14, width=room, height=self.text.lines * LINE)
        if not self.text.empty and not self._closed:
            self._hint.place_forget()
        else:
            colour = self.pen.colour
            self._hint.configure(background=colour("input"), foreground=colour("muted"))
            caret = 0 if self._closed else 3
            self._hint.place(x=left + _LEFT + caret, y=top + 14, width=max(1, room - caret), height=LINE)
