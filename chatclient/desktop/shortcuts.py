"""The keys that work everywhere in the window, wherever the keyboard is.

They hang on the window itself, to which Tk passes every key last. What the classes of Tk's own widgets would do with
them before (Ctrl+K cuts a line there) is taken away, for this window's interpreter alone.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final

_CLASSES: Final = ("Text", "Entry")


def bind(root: tk.Misc, keys: dict[str, Callable[[], object]]) -> None:
    """`keys`: what each sequence, such as `<Control-k>`, does. With Caps Lock too."""
    for sequence, do in keys.items():
        for each in _spellings(sequence):
            root.bind(each, lambda _event, do=do: _done(do))  # type: ignore[misc] # mypy infers no type for a lambda with defaults
            for name in _CLASSES:
                root.bind_class(name, each, _nothing)


def _spellings(sequence: str) -> tuple[str, ...]:
    head, _, key = sequence.rpartition("-")
    if len(key) == 2 and key[0].isalpha():  # "k>"
        return sequence, f"{head}-{key.upper()}"
    return (sequence,)


def _done(do: Callable[[], object]) -> str:
    do()
    return "break"


def _nothing(_event: "tk.Event[tk.Misc]") -> None:
    """Leave the key to the window."""
