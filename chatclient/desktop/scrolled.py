"""An area that scrolls what stands in it where that is higher: by the wheel, the keys, and to what has the keyboard."""

import tkinter as tk
from typing import Final

from chatclient.desktop.panel import Panel

_STEP: Final = 48
_THUMB: Final = 6


class Scrolled(Panel):
    """Put the contents into `inner`, whose width is at most `widest`, then call `watch`."""

    def __init__(self, master: tk.Misc, ground: str, *, widest: int) -> None:
        super().__init__(master, ground)
        self._widest = widest
        self._margin = 40
        self._offset = 0
        self.inner = Panel(self, ground)
        self._thumb = Panel(self, "thumb", width=_THUMB, height=1)
        self.inner.on("<Configure>", lambda _event: self._arrange())
        self.on("<Configure>", lambda _event: self._arrange())
        self._tag = f"scrolled{id(self)}"
        for sequence, step in (("<Button-4>", -_STEP), ("<Button-5>", _STEP), ("<Prior>", -400), ("<Next>", 400)):
            self.bind_class(self._tag, sequence, lambda _event, step=step: self.scroll(step))
        self.bind_class(self._tag, "<MouseWheel>", lambda event: self.scroll(-_STEP if event.delta > 0 else _STEP))
        self.bind_class(self._tag, "<FocusIn>", lambda event: self.see(event.widget))

    def margin(self, margin: int) -> None:
        self._margin = margin
        self._arrange()

    def to_top(self) -> None:
        self._offset = 0
        self._arrange()

    def scroll(self, pixels: int) -> None:
        self._offset += pixels
        self._arrange()

    def see(self, widget: tk.Misc) -> None:
        """Have this widget of the contents in sight."""
        top = widget.winfo_rooty() - self.inner.winfo_rooty()
        bottom = top + widget.winfo_height()
        if top < self._offset or bottom > self._offset + self.winfo_height():
            self._offset = max(min(self._offset, top - 16), bottom + 16 - self.winfo_height())
            self._arrange()

    def watch(self) -> None:
        """Listen to the wheel over everything that is inside now."""
        todo: list[tk.Misc] = [self]
        while todo:
            widget = todo.pop()
            todo += widget.winfo_children()
            tags = widget.bindtags()
            if self._tag not in tags:
                tk.Misc.bindtags(widget, (*tags, self._tag))

    def _arrange(self) -> None:
        high, whole = self.winfo_height(), self.inner.winfo_reqheight()
        self._offset = max(0, min(self._offset, whole - high))
        width = min(self._widest, self.winfo_width() - 2 * self._margin)
        self.inner.put(x=self._margin, y=-self._offset, width=max(1, width))
        if whole > high > 0:
            length = max(24, high * high // whole)
            self._thumb.put(
                relx=1, x=-4 - _THUMB, y=(high - length) * self._offset // (whole - high), width=_THUMB, height=length
            )
            self._thumb.lift()
        else:
            tk.Place.place_forget(self._thumb)
