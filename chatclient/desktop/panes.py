"""Where the rooms, the conversation and what is opened beside it stand.

Rooms and conversation are side by side, or in a narrow window one at a time. A panel takes its width from the
conversation at the right, or where the window is too small for both covers the conversation.
"""

import tkinter as tk
from typing import Final

from chatclient.desktop import sidebar
from chatclient.desktop.panel import Panel

NARROW: Final = 720
"""Windows under this width show the rooms or the conversation."""
PANEL: Final = 264
COVERS: Final = 900
"""Windows under this width show the conversation or the panel beside it."""


class Panes:
    """Places its two panes on `whole`; `resized` and `arrange` are for `whole` to call."""

    def __init__(self, whole: Panel, rooms: Panel, talk: Panel) -> None:
        self._whole = whole
        self._rooms, self._talk = rooms, talk
        self._edge = Panel(whole, "border", width=1)
        self.narrow = False
        self.rooms_shown = False
        """In a narrow window: the rooms are in sight, not the conversation."""
        self._panel: Panel | None = None
        self._width, self._covers = PANEL, COVERS

    def resized(self, width: int) -> bool:
        """Whether the window became narrow, or is it no more."""
        if (width < NARROW) == self.narrow:
            return False
        self.narrow = not self.narrow
        self.rooms_shown = False
        return True

    def turn_to(self, *, rooms: bool) -> None:
        """In a narrow window: show these."""
        if self.narrow and rooms != self.rooms_shown:
            self.rooms_shown = rooms
            self.arrange()

    def beside(self, panel: Panel | None, width: int = PANEL, covers: int = COVERS) -> None:
        """Have this panel beside the conversation, or none. In windows under `covers` it covers the conversation."""
        if panel is not self._panel:
            self._width, self._covers = width, covers
            if self._panel is not None:
                tk.Place.place_forget(self._panel)
            self._panel = panel
            self.arrange()

    @property
    def covered(self) -> bool:
        """Whether the panel hides the conversation."""
        return self._panel is not None and self._whole.winfo_width() < self._covers

    def ground_at(self, x: int) -> str:
        """The colour token of the pane at this x."""
        if self._panel is not None and self._panel.winfo_ismapped() and x >= self._panel.winfo_x():
            return "side"
        side = self.rooms_shown if self.narrow else x < sidebar.WIDTH
        return "side" if side else "conv"

    def arrange(self) -> None:
        rooms = not self.narrow or self.rooms_shown
        talk = not self.narrow or not self.rooms_shown
        left = 0 if self.narrow else sidebar.WIDTH + 1
        if rooms:
            width = self._whole.winfo_width() if self.narrow else sidebar.WIDTH
            self._rooms.put(x=0, y=0, width=width, relheight=1)
            self._edge.put(x=sidebar.WIDTH, y=0, width=1, relheight=1)
        if talk:
            taken = self._arrange_panel(left)
            self._talk.put(x=left, y=0, relwidth=1, width=-left - taken, relheight=1)
        elif self._panel is not None:
            tk.Place.place_forget(self._panel)
        for part, shown in ((self._rooms, rooms), (self._edge, not self.narrow), (self._talk, talk)):
            if not shown:
                tk.Place.place_forget(part)

    def _arrange_panel(self, left: int) -> int:
        """Place the panel, if there is one; gives the width that it takes from the conversation."""
        if self._panel is None:
            return 0
        over = self.covered
        if over:
            self._panel.put(x=left, relx=0, y=0, relwidth=1, width=-left, relheight=1)
        else:
            self._panel.put(x=-self._width, relx=1, y=0, relwidth=0, width=self._width, relheight=1)
        tk.Misc.tkraise(self._panel)
        return 0 if over else self._width
