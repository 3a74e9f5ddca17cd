"""A list over the conversation to choose from: places to jump to, what was found, files, the keys."""

from collections.abc import Callable, Sequence
from typing import Final

from prompt_toolkit.buffer import Buffer

from chatclient.terminal.cells import fit, padded, width
from chatclient.terminal.doing import Entry
from chatclient.terminal.drawing import Line

MOST: Final = 14


class Picker:
    """`find` gives the entries for what was typed, and is asked again as that changes."""

    def __init__(self, title: str, find: Callable[[str], Sequence[Entry]], hint: str = "") -> None:
        self.title = title
        self.hint = hint
        self.find = find
        self.entries: Sequence[Entry] = ()
        self.at = 0
        self._first = 0
        self.field = Buffer(multiline=False, on_text_changed=lambda _: self.refresh())
        self.refresh()

    def refresh(self, keep: bool = False) -> None:
        """Ask for the entries again; begin at the first."""
        self.entries = self.find(self.field.text)
        self.at = min(self.at, max(len(self.entries) - 1, 0)) if keep else 0

    def step(self, step: int) -> None:
        self.at = max(0, min(self.at + step, len(self.entries) - 1))

    def chosen(self) -> Entry | None:
        return self.entries[self.at] if self.at < len(self.entries) else None

    def clicked(self, y: int) -> None:
        """This line of those in sight was chosen with the mouse."""
        self.step(self._first + y - self.at)

    def draw(self, cells: int, height: int) -> list[Line]:
        """The entries in sight, with the chosen one among them."""
        if not self.entries:
            return [(("class:dim", fit("  Nothing", cells)),)]
        self._first = min(max(0, self.at - height + 1, min(self._first, self.at)), max(len(self.entries) - height, 0))
        return [
            self._line(entry, self._first + number == self.at, cells)
            for number, entry in enumerate(self.entries[self._first : self._first + height])
        ]

    def _line(self, entry: Entry, here: bool, cells: int) -> Line:
        style = "class:here" if here else ""
        note = fit(entry.note, cells // 2)
        text = padded(f" {entry.text}", cells - width(note) - 2)
        return (style, text), (style or "class:dim", f" {note} ")
