"""The bare line of text inside a field: no border of its own, colours of the theme, Ctrl+A takes all."""

import tkinter as tk
from typing import Any

from chatclient.desktop.look import Look


class Entry(tk.Entry):
    """`dress` gives it the colours of the moment. `placeholder` shows while it is empty, beside the caret."""

    def __init__(
        self, master: tk.Misc, look: Look, variable: tk.StringVar, *, placeholder: str = "", font: Any = ""
    ) -> None:
        font = font or look.fonts["body"]
        super().__init__(
            master,
            textvariable=variable,
            font=font,
            borderwidth=0,
            highlightthickness=0,
            insertwidth=2,
            insertborderwidth=0,
            exportselection=False,  # what is selected on its own must not replace what was selected elsewhere
        )
        self._look = look
        self._variable = variable
        self._placeholder = tk.Label(master, text=placeholder, font=font, borderwidth=0, padx=0, pady=0, cursor="xterm")
        self._placeholder.bind("<Button-1>", lambda _event: self.focus_set())
        self.bind("<Control-a>", self._select_all)
        self.bind("<FocusOut>", lambda _event: self.selection_clear(), add="+")

    def placeholder(self, text: str) -> None:
        """Other words to show while it is empty; from the next time on that it is put in its place."""
        self._placeholder.configure(text=text)

    def select_all(self) -> None:
        self.select_range(0, "end")
        self.icursor("end")

    def _select_all(self, _event: "tk.Event[tk.Misc]") -> str:
        self.select_all()
        return "break"

    def put(self, left: int, middle: int, width: int, ground: str) -> None:
        """Place it with its text from x = `left` on, in the colours of the moment."""
        colour = self._look.theme.colour
        self.configure(
            background=colour(ground),
            foreground=colour("text"),
            insertbackground=colour("accent"),
            selectbackground=colour("selected"),
            selectforeground=colour("text"),
        )
        self.place(x=left - 1, y=middle - 13, width=max(1, width + 2), height=26)
        if self._variable.get() or not self._placeholder.cget("text"):
            self._placeholder.place_forget()
        else:
            self._placeholder.configure(background=colour(ground), foreground=colour("muted"))
            self._placeholder.place(x=left + 3, y=middle - 10, height=20)
