"""The image viewer: one picture as large as the window allows, the others of the room under it.

It covers the whole window and has the keyboard: ← → leaf, + − 0 zoom, ↑ ↓ and Shift with ← → move what is zoomed, S
saves, Esc closes; Tab reaches the buttons. Reading and scaling a picture happens off the Tk thread, one at a time, and
only what is still wanted then is shown.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from PIL import Image, ImageTk

from chatclient.desktop.controls import IconButton
from chatclient.desktop.keyboard import holder
from chatclient.desktop.largepicture import Seen, seen_of
from chatclient.desktop.look import Look
from chatclient.desktop.operations import Picture
from chatclient.desktop.paint import Painted
from chatclient.desktop.pictures import Ask, Pictures
from chatclient.desktop.sights import Sight
from chatclient.desktop.zooming import Frame

HEAD: Final = 56
_BESIDE, _ROUND = 252, 190  # what the picture leaves free of the window's width and height
_TOP: Final = 12
_THUMB: Final = (80, 56)
_GAP: Final = 8
_FOOT: Final = 20
_NAV: Final = 40
_STEP: Final = 80  # pixels that a key moves what is zoomed
_LEAST: Final = 40

_Event: TypeAlias = "tk.Event[tk.Misc]"


class ViewerActs(NamedTuple):
    """What its buttons do; those with None are not there. `closed` comes when it is gone."""

    save: Callable[[Sight], object]
    closed: Callable[[], object]
    reply: Callable[[Sight], object] | None = None
    copy: Callable[[Sight], object] | None = None


class Viewer(Painted):
    """Covers its `root` until it is closed; then the keyboard is where it was."""

    def __init__(
        self,
        root: tk.Misc,
        look: Look,
        sights: Sequence[Sight],
        index: int,
        pictures: Pictures,
        ask: Ask,
        acts: ViewerActs,
    ) -> None:
        super().__init__(root, look, ground="side")
        self._sights, self.at = tuple(sights), index
        self._pictures, self._ask, self._acts = pictures, ask, acts
        self._before = holder(root)
        self._whole: Image.Image | None = None
        self._photo: ImageTk.PhotoImage | None = None
        self._broken = False
        self._wanted: Frame | None = None
        self._shown: Frame | None = None
        self._busy = False
        self._held = (0, 0)
        self.frame = self._first()
        self._unwatch = pictures.watch(self._thumb_came)
        self._buttons = self._made()
        self._listen()
        self.configure(takefocus=1)
        self.place(x=0, y=0, relwidth=1, relheight=1)
        tk.Misc.tkraise(self)
        self.focus_set()

    @property
    def sight(self) -> Sight:
        return self._sights[self.at]

    @property
    def ready(self) -> bool:
        """Whether what is wanted is shown."""
        return self._broken or (self._shown == self.frame and not self._busy)

    def close(self) -> None:
        if self.winfo_exists():
            self._unwatch()
            self.destroy()
            if self._before is not None and self._before.winfo_exists():
                self._before.focus_set()
            self._acts.closed()

    def leaf(self, step: int) -> None:
        """To the next picture (1) or the one before (-1), as far as there are any."""
        self.turn_to(max(0, min(len(self._sights) - 1, self.at + step)))

    def turn_to(self, index: int) -> None:
        if index != self.at:
            self.at = index
            self._whole, self._photo, self._shown, self._broken = None, None, None, False
            self.frame = self._first()
            self.repaint()

    def zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), or so that all of it is seen (0)."""
        self._show(self.frame.stepped(step) if step else self.frame.whole())

    def pan(self, x: float, y: float) -> None:
        """What is zoomed, by so many pixels of the window."""
        self._show(self.frame.moved(x, y))

    # --- parts ----------------------------------------------------------------------------------------------

    def _made(self) -> dict[str, IconButton]:
        acts = self._acts
        wanted: list[tuple[str, Callable[[], object] | None]] = [
            ("zoom-out", lambda: self.zoom(-1)),
            ("zoom-in", lambda: self.zoom(1)),
            ("reply", self._doing(acts.reply)),
            ("copy", self._doing(acts.copy)),
            ("download", self._doing(acts.save)),
            ("x", self.close),
        ]
        return {
            icon: IconButton(self, self.look, icon, do, ground="conv", fill="input" if icon == "x" else "")
            for icon, do in wanted
            if do is not None
        }

    def _doing(self, act: Callable[[Sight], object] | None) -> Callable[[], object] | None:
        return None if act is None else lambda: act(self.sight)

    def _listen(self) -> None:
        tag = f"viewer{id(self)}"
        doings: dict[str, Callable[[], object]] = {
            "<Escape>": self.close,
            "<Left>": lambda: self.leaf(-1),
            "<Right>": lambda: self.leaf(1),
            "<Prior>": lambda: self.leaf(-1),
            "<Next>": lambda: self.leaf(1),
            "<Home>": lambda: self.turn_to(0),
            "<End>": lambda: self.turn_to(len(self._sights) - 1),
            "<plus>": lambda: self.zoom(1),
            "<equal>": lambda: self.zoom(1),
            "<KP_Add>": lambda: self.zoom(1),
            "<minus>": lambda: self.zoom(-1),
            "<KP_Subtract>": lambda: self.zoom(-1),
            "<Key-0>": lambda: self.zoom(0),
            "<KP_0>": lambda: self.zoom(0),
            "<Up>": lambda: self.pan(0, -_STEP),
            "<Down>": lambda: self.pan(0, _STEP),
            "<Shift-Left>": lambda: self.pan(-_STEP, 0),
            "<Shift-Right>": lambda: self.pan(_STEP, 0),
            "<Key-s>": lambda: self._acts.save(self.sight),
            "<Control-s>": lambda: self._acts.save(self.sight),
            "<Tab>": lambda: self._stop(1),
            "<Shift-Tab>": lambda: self._stop(-1),
        }
        if self.tk.call("tk", "windowingsystem") == "x11":
            doings["<ISO_Left_Tab>"] = lambda: self._stop(-1)
        for sequence, do in doings.items():
            self.bind_class(tag, sequence, _handler(do))
        for widget in (self, *self._buttons.values()):
            widget.bindtags((tag, *widget.bindtags()))
        self.bind("<Button-1>", self._pressed)
        self.bind("<B1-Motion>", self._dragged)
        self.bind("<Motion>", self._moved)
        self.bind("<Button-4>", lambda _event: self.zoom(1))
        self.bind("<Button-5>", lambda _event: self.zoom(-1))
        self.bind("<MouseWheel>", lambda event: self.zoom(1 if event.delta > 0 else -1))

    def _stop(self, step: int) -> None:
        """Tab: from the picture over the buttons and back."""
        stops: list[tk.Misc] = [self, *self._buttons.values()]
        now = holder(self)
        stops[(stops.index(now) + step) % len(stops) if now in stops else 0].focus_set()

    # --- the picture ----------------------------------------------------------------------------------------

    def _room(self) -> tuple[int, int]:
        return max(_LEAST, self.wide - _BESIDE), max(_LEAST, self.high - _ROUND)

    def _first(self) -> Frame:
        return Frame((self.sight.file.width, self.sight.file.height), self._room())

    def _show(self, frame: Frame) -> None:
        if frame != self.frame:
            self.frame = frame
            self.repaint()

    def _want(self) -> None:
        """Have the frame of now drawn, after that which is being drawn."""
        if self._broken or self._busy or self._shown == self.frame:
            return
        self._busy = True
        sight, frame, whole = self.sight, self.frame, self._whole
        shape = self.look.theme.side if not frame.zoom else ""
        self._ask(
            sight.file,
            False,
            lambda path: seen_of(path, frame, whole, shape),
            lambda seen: self._came(sight, frame, seen),
        )

    def _came(self, sight: Sight, frame: Frame, seen: Any) -> None:
        self._busy = False
        if not self.winfo_exists():
            return
        if sight == self.sight:
            if isinstance(seen, Seen):
                self._whole, self._shown = seen.whole, frame
                self._photo = ImageTk.PhotoImage(seen.part, master=self)
            else:
                self._broken = True
        self.repaint()

    def _thumb_came(self, _file: str) -> None:
        self.repaint()

    # --- the mouse ------------------------------------------------------------------------------------------

    def _hit(self, x: int, y: int) -> Callable[[], object] | None:
        """What a click there does."""
        middle = HEAD + _TOP + self._room()[1] // 2
        if abs(y - middle) <= _NAV // 2:
            if 20 <= x < 20 + _NAV and self.at > 0:
                return lambda: self.leaf(-1)
            if 0 <= self.wide - 20 - x < _NAV and self.at < len(self._sights) - 1:
                return lambda: self.leaf(1)
        top = self.high - _FOOT - _THUMB[1]
        if top <= y < top + _THUMB[1]:
            for index, left in self._thumbs():
                if left <= x < left + _THUMB[0]:
                    return lambda: self.turn_to(index)
        return None

    def _pressed(self, event: _Event) -> None:
        self.focus_set()
        self._held = (event.x, event.y)
        act = self._hit(event.x, event.y)
        if act:
            act()

    def _dragged(self, event: _Event) -> None:
        if self.frame.zoom:
            self.pan(self._held[0] - event.x, self._held[1] - event.y)
            self._held = (event.x, event.y)

    def _moved(self, event: _Event) -> None:
        cursor = "hand2" if self._hit(event.x, event.y) else "fleur" if self.frame.zoom else ""
        if self["cursor"] != cursor:
            self.configure(cursor=cursor)

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        if self.frame.room != self._room():
            self.frame = self.frame._replace(room=self._room())
        self._paint_head()
        self._paint_picture()
        if len(self._sights) > 1:
            self._paint_thumbs()
        self._want()

    def _paint_head(self) -> None:
        pen, sight, row = self.pen, self.sight, self.sight.row
        pen.rectangle(0, 0, self.wide, HEAD, "conv")
        pen.rectangle(0, HEAD - 1, self.wide, 1, "border")
        right = self.wide - 14
        for icon in ("x", "download", "copy", "reply"):
            right = self._put(icon, right)
        pen.rectangle(right - 1, 18, 1, 20, "border")
        right = self._put("zoom-in", right - 13)
        words = self.frame.words
        pen.line(right - 22 - pen.width(words, "small_semibold") // 2, 28, words, "small_semibold", "text", "conv")
        right = self._put("zoom-out", right - 44 - 12) - 20
        if len(self._sights) > 1:
            count = f"{self.at + 1} of {len(self._sights)}"
            right = pen.line_end(right, 28, count, "small", "muted", "conv") - 12
        pen.avatar(row.user, 20, 12, 32, "conv")
        pen.line(64, 20, row.name or row.user, "body_bold", "text", "conv", width=max(1, right - 64))
        pen.line(64, 38, sight.about, "small", "muted", "conv", width=max(1, right - 64))

    def _put(self, icon: str, right: int) -> int:
        """A button that ends there; where the one before it does."""
        button = self._buttons.get(icon)
        if button is None:
            return right
        button.place(x=right - 32 - 4, y=8)
        return right - 32 - 12

    def _paint_picture(self) -> None:
        room, (wide, high) = self._room(), self.frame.shown
        x, y = self.wide // 2, HEAD + _TOP + room[1] // 2
        if self._photo is not None:
            self.create_image(x, y, image=self._photo)
        else:
            self.pen.box(x - wide // 2, y - high // 2, wide, high, min(12, wide // 2, high // 2), "quote", "side")
            if self._broken:
                self.pen.icon("image-off", x, y - 14, 32, "muted", "quote")
                words = "This picture cannot be shown."
                start = x - self.pen.width(words, "body") // 2
                self.pen.line(start, y + 18, words, "body", "muted", "quote")
        for icon, middle, there in (
            ("arrow-left", 20 + _NAV // 2, self.at > 0),
            ("arrow-right", self.wide - 20 - _NAV // 2, self.at < len(self._sights) - 1),
        ):
            if there:
                half = _NAV // 2
                self.pen.box(middle - half, y - half, _NAV, _NAV, half, "conv", "side", "field")
                self.pen.icon(icon, middle, y, 22, "text", "conv")

    def _thumbs(self) -> list[tuple[int, int]]:
        """The small pictures that are in sight, each with its left edge: the one of now among them."""
        step = _THUMB[0] + _GAP
        fits = max(1, (self.wide - 2 * _FOOT + _GAP) // step)
        count = len(self._sights)
        first = max(0, min(self.at - fits // 2, count - fits))
        shown = range(first, min(count, first + fits))
        left = (self.wide - len(shown) * step + _GAP) // 2
        return [(index, left + place * step) for place, index in enumerate(shown)]

    def _paint_thumbs(self) -> None:
        top, (wide, high) = self.high - _FOOT - _THUMB[1], _THUMB
        for index, left in self._thumbs():
            file = self._sights[index].file
            small = Picture(left, top, wide, high, file, (8, 8, 8, 8), "quote", "side")
            self.pen.picture(left, top, self._pictures.photo(small, self.look.theme))
            if index == self.at:
                self.pen.outline(left - 4, top - 4, wide + 8, high + 8, 12, "accent", 2)


def _handler(do: Callable[[], object]) -> Callable[[_Event], str]:
    def handle(_event: _Event) -> str:
        do()
        return "break"

    return handle
