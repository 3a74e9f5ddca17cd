"""Files of messages: a picture is looked at, everything else is put where the person wants it."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog
from typing import Final, Protocol

from chatclient.conversation import Conversation
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.look import Look
from chatclient.desktop.pictured import is_picture
from chatclient.desktop.pictures import Pictures
from chatclient.desktop.sights import Sight, around
from chatclient.desktop.viewer import Viewer, ViewerActs
from chatclient.rows import Row
from shared.protocol import File

AskWhere = Callable[[tk.Misc, str], str]


def ask_where(parent: tk.Misc, name: str) -> str:
    """The system's own dialog; "" where it was cancelled."""
    return str(filedialog.asksaveasfilename(parent=parent, title="Save the file", initialfile=name) or "")


class Desk(Protocol):
    """What the window does for it. `say` tells what went well, `complain` what did not."""

    @property
    def current(self) -> Conversation | None: ...
    def complain(self, sentence: str) -> None: ...
    def say(self, sentence: str) -> None: ...
    def reply(self, row: Row) -> None: ...


class OpenFile:
    """`ask` opens the dialog for where to save. `viewer` is what shows a picture now, over the whole window."""

    def __init__(
        self, root: tk.Misc, look: Look, deeds: Deeds, pictures: Pictures, desk: Desk, ask: AskWhere = ask_where
    ) -> None:
        self._root = root
        self._look = look
        self._deeds = deeds
        self._pictures = pictures
        self._desk = desk
        self.ask = ask
        self.viewer: Viewer | None = None
        self._done: Final[dict[str, Callable[[Row, int], object]]] = {
            "open-file": self._open,
            "save-file": lambda row, index: self.save(row.files[index]),
        }

    def act(self, row: Row, action: str) -> bool:
        """A file of the message was clicked; False where it was nothing of these."""
        name, _, index = action.partition(":")
        if name not in self._done or not index.isdecimal() or int(index) >= len(row.files):
            return False
        self._done[name](row, int(index))
        return True

    def close(self) -> None:
        """Show no picture any more."""
        if self.viewer is not None:
            self.viewer.close()

    def _open(self, row: Row, index: int) -> None:
        talk = self._desk.current
        place = talk.timeline.index(row.key) if talk is not None else None
        if talk is None or place is None or not is_picture(row.files[index]):
            self.save(row.files[index])
            return
        self.close()
        sights, at = around(talk.timeline, place, index)
        acts = ViewerActs(save=lambda sight: self.save(sight.file), closed=self._closed, reply=self._reply)
        self.viewer = Viewer(self._root, self._look, sights, at, self._pictures, self._deeds.picture, acts)

    def _closed(self) -> None:
        self.viewer = None

    def _reply(self, sight: Sight) -> None:
        self.close()
        if "reply" in sight.row.deeds:
            self._desk.reply(sight.row)

    def save(self, file: File) -> None:
        """Ask where, and put it there."""
        where = self.ask(self._root, file.name)
        if where:
            self._deeds.save(file.file, Path(where), self._saved, self._desk.complain)

    def _saved(self, path: Path) -> None:
        self._desk.say(f"Saved as {path.name}.")
