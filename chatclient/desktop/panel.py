"""A plain area of CustomTkinter in a colour of the theme: the ground that the drawn parts stand on."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import customtkinter as ctk

from chatclient.desktop.look import pair


class Panel(ctk.CTkFrame):  # type: ignore[misc] # CustomTkinter has no types
    """It follows the appearance mode by itself. `ground` is a token of the theme."""

    def __init__(self, master: tk.Misc, ground: str, **size: Any) -> None:
        super().__init__(master, corner_radius=0, fg_color=pair(ground), bg_color=pair(ground), **size)

    def put(self, **where: Any) -> None:
        """As Tk's `place`; CustomTkinter's own takes no size."""
        tk.Place.place_configure(self, **where)

    def on(self, sequence: str, do: Callable[["tk.Event[tk.Misc]"], object]) -> None:
        """As Tk's `bind`; CustomTkinter's own binds to a canvas inside."""
        tk.Misc.bind(self, sequence, do, add="+")
