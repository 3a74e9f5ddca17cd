"""Emoji inside a text widget: each one is a small picture there, because Tk draws raw ones wrongly or dies of them.

A picture counts as one index of Tk's, and its sequence is part of what the widget says: `content` and `between` give
the text as it was written. A column of Tk counts UTF-16 units; what it adds to one (`+2 indices`) counts signs.
"""

import tkinter as tk
from collections.abc import Iterator
from typing import Any, Final

from PIL import ImageTk

from chatclient.desktop import emoji
from chatclient.desktop.look import Look

_SIZE: Final = 18


class EmojiText(tk.Text):
    """A text widget that shows emoji as pictures on the ground that `dress_emoji` names."""

    def _begin(self, look: Look) -> None:
        """To be called once, when the widget is made."""
        self._emoji_look = look
        self._emoji_ground = look.theme.colour("input")
        self._sequences: dict[str, str] = {}
        self._held: dict[str, ImageTk.PhotoImage] = {}
        self.bind("<<Copy>>", lambda _event: self._copy(cut=False))
        self.bind("<<Cut>>", lambda _event: self._copy(cut=True))

    def insert(self, index: Any, chars: str, *args: Any) -> None:
        """As Tk's, and nothing raw is left to be drawn."""
        super().insert(index, chars, *args)
        self.settle_emoji()

    @property
    def content(self) -> str:
        return self.between("1.0", "end-1c")

    @property
    def empty(self) -> bool:
        """Is there nothing in it? To ask that takes no time, however much there is."""
        return bool(self.compare("end-1c", "==", "1.0"))

    def between(self, start: str, end: str) -> str:
        """The text from one index to another, emoji included."""
        return "".join(
            value if kind == "text" else self._sequences.get(value, "")
            for kind, value, _index in self._parts(start, end, "-text", "-image")
        )

    def _parts(self, start: str, end: str, *kinds: str) -> Iterator[tuple[str, str, str]]:
        """As tkinter's `dump`, which goes through a Python call for each: many times slower where there are many."""
        told = self.tk.splitlist(self.tk.call(str(self), "dump", *kinds, start, end))
        parts = map(str, told)
        return zip(parts, parts, parts, strict=True)

    def before_caret(self) -> str:
        """The line up to the caret."""
        return self.between("insert linestart", "insert")

    def take_back(self, count: int) -> None:
        """Delete the last so many characters before the caret, none of them an emoji."""
        self.delete(f"insert -{count} indices", "insert")

    def settle_emoji(self) -> bool:
        """Put a picture in the place of each raw emoji; True where there was one."""
        raw: list[tuple[str, str, str]] = []
        for _kind, value, index in self._parts("1.0", "end-1c", "-text"):
            line, _, column = index.partition(".")
            at = int(column)
            for part, is_emoji in emoji.split(value):
                end = at + len(part.encode("utf-16-le", "surrogatepass")) // 2
                if is_emoji:
                    raw.append((f"{line}.{at}", f"{line}.{end}", part))
                at = end
        for start, behind, sequence in reversed(raw):
            self.delete(start, behind)
            picture = self._picture(sequence)
            name = self.image_create(start, image=picture, align="center", padx=1)
            self._sequences[str(name)] = sequence
        return bool(raw)

    def dress_emoji(self, ground: str) -> None:
        """Draw them on this colour from now on."""
        if ground == self._emoji_ground:
            return
        self._emoji_ground = ground
        self._held.clear()
        for name in self.tk.splitlist(self.tk.call(str(self), "image", "names")):
            self.image_configure(name, image=self._picture(self._sequences[name]))

    def _picture(self, sequence: str) -> ImageTk.PhotoImage:
        picture = self._held.get(sequence)
        if picture is None:
            picture = self._emoji_look.art.emoji(sequence, _SIZE, self._emoji_ground)
            self._held[sequence] = picture  # one that nobody holds goes blank
        return picture

    def _copy(self, cut: bool) -> str:
        """Tk itself would leave the pictures out."""
        if self.tag_ranges("sel"):
            self.clipboard_clear()
            self.clipboard_append(self.between("sel.first", "sel.last"))
            if cut:
                self.delete("sel.first", "sel.last")
        return "break"
