"""Files that are dropped on the window from outside, by the tkdnd extension of Tk.

It is loaded into this window's interpreter. Where it cannot be loaded the window works without it, and the log says
so. While files are held over the conversation a line runs round it and words say what letting go does.
"""

import logging
import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.underneath import underneath

_LINE: Final = 2
_WORDS: Final = "Drop to add to the message"
_HIGH: Final = 40
_FILES: Final = "DND_Files"
_log = logging.getLogger(__name__)


class DropTarget:
    """`whole` takes files while `open_` says so; `dropped` gets them. The words stand on `view`."""

    def __init__(
        self,
        whole: tk.Misc,
        view: tk.Canvas,
        look: Look,
        dropped: Callable[[Sequence[Path]], object],
        open_: Callable[[], bool],
    ) -> None:
        self._whole, self._view = whole, view
        self._look = look
        self._dropped = dropped
        self._open = open_
        self._shown: list[tk.Misc] = []
        self.loaded = _load(whole)
        if self.loaded:
            self._listen()

    @property
    def lit(self) -> bool:
        """Whether files are held over it."""
        return bool(self._shown)

    def _listen(self) -> None:
        whole, path = self._whole, str(self._whole)
        call = whole.tk.call
        call("tkdnd::drop_target", "register", path, _FILES)
        events = (
            ("<<DropEnter>>", lambda _data: self._enter()),
            ("<<DropPosition>>", lambda _data: self._action()),
            ("<<DropLeave>>", lambda _data: self._leave()),
            (f"<<Drop:{_FILES}>>", self._drop),
        )
        for sequence, do in events:
            command = whole.register(do)  # tkdnd takes what the script gives as the action
            call("bind", path, sequence, f"{command} %D")

    def _action(self) -> str:
        return "copy" if self._open() else "refuse_drop"

    def _enter(self) -> str:
        if self._open() and not self._shown:
            self.light()
        return self._action()

    def _leave(self) -> str:
        self.dark()
        return "refuse_drop"

    def _drop(self, data: str) -> str:
        self.dark()
        paths = [Path(name) for name in self._whole.tk.splitlist(data)]
        if not paths or not self._open():
            return "refuse_drop"
        self._whole.after_idle(lambda: self._dropped(paths))  # whoever let go waits for the answer
        return "copy"

    def light(self) -> None:
        """The line and the words."""
        whole, colour = self._whole, self._look.theme.colour
        edges = (
            {"x": 0, "y": 0, "relwidth": 1, "height": _LINE},
            {"x": 0, "rely": 1, "y": -_LINE, "relwidth": 1, "height": _LINE},
            {"x": 0, "y": 0, "width": _LINE, "relheight": 1},
            {"relx": 1, "x": -_LINE, "y": 0, "width": _LINE, "relheight": 1},
        )
        for edge in edges:
            line = tk.Frame(whole, background=colour("accent"), borderwidth=0)
            line.place(**edge)  # type: ignore[arg-type] # the tables' values are what place takes
            self._shown.append(line)
        self._shown.append(_Words(self._view, self._look))

    def dark(self) -> None:
        while self._shown:
            self._shown.pop().destroy()


class _Words(Painted):
    """In the middle of the conversation, over whatever stands there."""

    def __init__(self, view: tk.Canvas, look: Look) -> None:
        width = int(look.fonts.font("body_semibold").measure(_WORDS)) + 64
        super().__init__(view, look, ground="conv", width=width, height=_HIGH)
        x, y = (view.winfo_width() - width) // 2, (view.winfo_height() - _HIGH) // 2
        right, bottom = x + width - 1, y + _HIGH - 1
        nw, ne, se, sw = (underneath(view, *at) for at in ((x, y), (right, y), (right, bottom), (x, bottom)))
        self._corners = (nw, ne, se, sw)
        self.place(x=x, y=y)

    def paint(self) -> None:
        self.pen.box(0, 0, self.wide, _HIGH, 12, "own", self._corners)
        self.pen.icon("clip", 24, _HIGH // 2, 18, "own_text", "own")
        self.pen.line(42, _HIGH // 2, _WORDS, "body_semibold", "own_text", "own")


def _load(widget: tk.Misc) -> bool:
    """tkdnd into this interpreter. What it raises depends on the system that it was built for."""
    try:
        from tkinterdnd2 import TkinterDnD

        TkinterDnD.require(widget.winfo_toplevel())
    except (ImportError, RuntimeError, tk.TclError, OSError) as error:
        _log.warning("Files cannot be dropped on this window: %s", error)
        return False
    return True
