"""The list over the composer that completes what is being typed. The keyboard stays in the text.

Tab inserts what is chosen, and so does Enter after an arrow was used; ↑↓ choose, Esc closes. A `:shortcode:` that was
typed whole becomes its emoji by itself.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient import completing
from chatclient.completing import Offer
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted, Pen
from chatclient.desktop.popover import RADIUS, Overlay
from chatclient.desktop.rows import Label, Line, Rows
from chatclient.desktop.textbox import TextBox

WIDTH: Final = 280
_FOOT: Final = 32
_OVER: Final = 8
_HEADS: Final = {"@": "In this room", "#": "Rooms"}
_HINTS: Final = ("↑↓ Choose", "Tab Insert", "Esc Close")


class _Choice(NamedTuple):
    """One offer. An emoji stands on one line, everything else on two."""

    offer: Offer
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return {"emoji": 36, "all": 54}.get(self.offer.kind, 44)

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        offer = self.offer
        if offer.kind == "all":
            pen.rectangle(-5, y + 4, width + 10, 1, "popover_line")
            y += 10
        height = 36 if offer.kind == "emoji" else 44
        fill, middle = "popover_row" if lit else ground, y + height // 2
        if lit:
            pen.box(0, y, width, height, 8, fill, ground)
        right = pen.line_end(width - 8, middle, "Tab", "tiny", "muted", fill) - 8 if lit else width - 8
        if offer.kind == "emoji":
            pen.emoji(offer.insert, 23, middle, 22, fill)
            x = pen.line(44, middle, offer.label[: offer.mark], "body_bold", "text", fill)
            pen.line(x, middle, offer.label[offer.mark :], "body", "text", fill, width=right - x)
            return
        if offer.kind == "person":
            pen.avatar(offer.about, 10, y + 6, 32, fill, presence=offer.state)
        elif offer.kind == "all":
            pen.box(10, y + 6, 32, 32, 16, "badge", fill)
            pen.icon("users", 26, middle, 16, "badge_text", "badge")
        else:
            pen.icon("hash", 26, middle, 18, "muted", fill)
        pen.line(54, y + 14, offer.label, "body", "text", fill, width=right - 54)
        pen.line(54, y + 32, offer.note, "small", "muted", fill, width=right - 54)


class Completion(Painted):
    """Watches a text box. `offered` gives what there is for a token; `used` is told an emoji that was inserted."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        text: TextBox,
        offered: Callable[[str], Sequence[Offer]],
        used: Callable[[str], object],
    ) -> None:
        super().__init__(overlay.root, look, ground="popover")
        self._overlay, self._text, self._offered, self._used = overlay, text, offered, used
        self._token = ""
        self._refused = ""
        self._moved = False
        self._placed = (0, 0, 0, 0)
        self.rows = Rows(self, look, ground="popover", keyboard=False)
        tag = f"completion{id(self)}"
        text.bindtags((tag, *text.bindtags()))
        for key, do in {
            "<Tab>": lambda: self._take(),
            "<Return>": lambda: self._moved and self._take(),
            "<KP_Enter>": lambda: self._moved and self._take(),
            "<Up>": lambda: self._step(-1),
            "<Down>": lambda: self._step(1),
            "<Escape>": lambda: self._refuse(),
        }.items():
            text.bind_class(tag, key, lambda _event, do=do: "break" if self.shown and do() else None)  # type: ignore[misc] # mypy infers no type for a lambda with defaults
        text.bind("<KeyRelease>", lambda _event: self.look_again(), add="+")
        text.bind("<ButtonRelease-1>", lambda _event: self.look_again(), add="+")
        text.bind("<FocusOut>", lambda _event: self.close(), add="+")

    @property
    def shown(self) -> bool:
        return bool(self._token)

    def look_again(self) -> None:
        """See what stands before the caret now."""
        before = self._text.before_caret()
        code, emoji = completing.finished(before)
        if code:
            self._insert(code, emoji, "")
            return
        token = completing.token(before)
        if token != self._refused:
            self._refused = ""
        if not token or self._refused:
            self.close()
        elif token != self._token:
            self.refresh(token)

    def refresh(self, token: str = "") -> None:
        """Show what there is for this token, or again for the one that is shown."""
        token = token or self._token
        found = list(self._offered(token)) if token else []
        if not found:
            self.close()
            return
        same = token == self._token
        self._token = token
        lines: list[Line] = [Label(_HEADS[token[0]], 10, 16, 32)] if token[0] in _HEADS else []
        first = len(lines)
        lines += [_Choice(offer, lambda offer=offer: self._choose(offer)) for offer in found]  # type: ignore[misc] # as above
        self._moved = self._moved and same
        self.rows.show(lines, self.rows.cursor if same and self._moved else first)
        self._arrange()
        self.repaint()

    def known_more(self) -> None:
        """There may be other offers for the same token now."""
        if self._token:
            self.refresh()
        elif holder(self._text) is self._text:
            self.look_again()

    def close(self) -> None:
        """Offer nothing."""
        if self._token:
            self._token, self._moved = "", False
            self.place_forget()

    def _refuse(self) -> bool:
        self._refused = self._token
        self.close()
        return True

    def _step(self, step: int) -> bool:
        self._moved = True
        self.rows.step(step)
        return True

    def _take(self) -> bool:
        self.rows.choose()
        return True

    def _choose(self, offer: Offer) -> None:
        self._insert(self._token, offer.insert, " ")
        if offer.kind == "emoji":
            self._used(offer.insert)
        self._text.focus_set()

    def _insert(self, token: str, text: str, after: str) -> None:
        self.close()
        self._text.take_back(len(token))
        self._text.write(text + after)

    # --- place and drawing ----------------------------------------------------------------------------------

    def _arrange(self) -> None:
        root, text = self._overlay.root, self._text
        height = self.rows.total + 10 + _FOOT
        box = text.bbox(f"insert -{len(self._token)} indices") or text.bbox("insert") or (0, 0, 0, 0)
        left = text.winfo_rootx() - root.winfo_rootx() + box[0] - 12
        above = text.master.winfo_rooty() - root.winfo_rooty()
        x = max(8, min(left, root.winfo_width() - WIDTH - 8))
        y = max(8, above - _OVER - height)
        self._placed = (x, y, WIDTH, height)
        self.place(x=x, y=y, width=WIDTH, height=height)
        tk.Misc.tkraise(self)
        self.rows.place(x=5, y=5, width=WIDTH - 10, height=self.rows.total)

    def paint(self) -> None:
        pen, (x, y, width, height) = self.pen, self._placed
        grounds = self._overlay.grounds(x, y, width, height)
        pen.box(0, 0, width, height, RADIUS, "popover", grounds, "popover_line")
        foot = height - _FOOT
        pen.rectangle(1, foot, width - 2, 1, "popover_line")
        at = 17
        for hint in _HINTS:
            at = pen.line(at, foot + _FOOT // 2, hint, "small", "muted", "popover") + 14
