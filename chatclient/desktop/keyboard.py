"""Which part of the window has the keyboard."""

import tkinter as tk


def holder(widget: tk.Misc) -> tk.Misc | None:
    """The part that has it, None where it is with another program. While a dialog of Tk's own stands open, which Python
    has no widget for, it is with the window."""
    try:
        return widget.focus_displayof()
    except KeyError:
        return widget.winfo_toplevel()
