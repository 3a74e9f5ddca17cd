"""A composer alone in a window, and everything that it asks of its owner."""

import tkinter as tk
from typing import Any

from chatclient.desktop.art import Art
from chatclient.desktop.attached import Attached, unfinished
from chatclient.desktop.composer import Composer, Doings
from chatclient.desktop.draft import About, Draft
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.look import Look
from chatclient.desktop.theme import LIGHT
from chatclient.rows import Row
from chatclient.slash import Say, meaning
from tests.desktop.hands import Hands


def doings(**instead: Any) -> Doings:
    """Nothing is done with anything, save with what is given."""

    def nothing(*_: object) -> None:
        return None

    usual: dict[str, Any] = dict.fromkeys(Doings._fields, nothing)
    usual |= {"send": lambda _draft: Draft(), "paste": lambda: False, "hindrance": unfinished}
    return Doings(**(usual | instead))


def row(text: str, *, seq: int = 7, user: str = "alice", **fields: Any) -> Row:
    """A stored message of 09:33."""
    plain = Row(str(seq), "message", seq, user, text, "09:33", user == "alice", "sent", "", "", False, True, True, user)
    return plain._replace(**fields)


class Desk:
    """A composer in a window, and what it sent."""

    def __init__(self, root: tk.Tk) -> None:
        self.sent: list[str] = []
        self.drafts: list[Draft] = []
        self.abouts: list[About | None] = []
        self.asked: list[str] = []
        self.dropped: list[Attached] = []
        self.retried: list[Attached] = []
        self.on_clipboard = False
        self.look = Look(LIGHT, Fonts(root), Art(root))
        asked = self.asked.append
        self.composer = Composer(
            root,
            self.look,
            doings(
                send=self._send,
                last=lambda: asked("last"),
                about=self.abouts.append,
                attach=lambda: asked("attach"),
                paste=self._paste,
                drop=self.dropped.append,
                retry=self.retried.append,
                emoji=lambda _opener: asked("emoji"),
            ),
        )
        self.composer.pack(side="bottom", fill="x")
        self.composer.open("garden", "Message garden")
        root.update()
        self.hands = Hands(root)
        self.composer.focus_in()
        self.hands.settle()

    def _send(self, draft: Draft) -> Draft:
        self.drafts.append(draft)
        if draft.editing:
            self.sent.append(draft.text)
            return draft.before or Draft()
        said = meaning(draft.text, with_files=bool(draft.files))
        assert isinstance(said, Say)
        self.sent.append(said.text)
        return Draft()

    def _paste(self) -> bool:
        self.asked.append("paste")
        return self.on_clipboard
