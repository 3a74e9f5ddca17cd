"""alice's window on a real server, and bob beside her on a plain socket."""

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import customtkinter as ctk

from chatclient.address import parse
from chatclient.desktop.app import App, Options
from chatclient.desktop.chat import Chat
from chatclient.desktop.notify import Notifier
from chatclient.desktop.signedin import SignedIn
from chatclient.keep import Keep
from tests.desktop.hands import Hands
from tests.processes import ServerProcess


class Friend:
    """Another person on the server, over a plain socket."""

    def __init__(self, port: int, user: str, **hello: object) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._file = self._socket.makefile("rb")
        token = secrets.token_hex(32)
        self.ask({"type": "hello", "protocol": 1, "user": user, "token": token, **hello}, "welcome")

    def ask(self, command: dict[str, Any], answer: str) -> dict[str, Any]:
        self._socket.sendall(json.dumps(command).encode() + b"\n")
        for line in self._file:
            said: dict[str, Any] = json.loads(line)
            assert said["type"] != "error", said
            if said["type"] == answer and said.get("id") == command.get("id"):
                return said
        raise AssertionError("the server hung up")

    def tell(self, kind: str, **fields: object) -> None:
        """What nothing answers: `typing`, `read`."""
        self._socket.sendall(json.dumps({"type": kind, **fields}).encode() + b"\n")

    def hear(self, kind: str) -> dict[str, Any]:
        """The next line of this kind."""
        for line in self._file:
            said: dict[str, Any] = json.loads(line)
            if said["type"] == kind:
                return said
        raise AssertionError("the server hung up")

    def do(self, kind: str, room: str, **fields: object) -> int:
        """One change; gives its seq."""
        command = {"type": kind, "id": secrets.token_hex(8), "room": room, **fields}
        return int(self.ask(command, "ok")["seq"])

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class House:
    """alice's window, her hands, and bob on the same server."""

    def __init__(self, app: App, server: ServerProcess, friend: Friend, keep: Keep) -> None:
        self.app = app
        self.server = server
        self.bob = friend
        self.keep = keep
        self.hands = Hands(app.root)
        self.hands.until(lambda: app.chat and app.chat.current, "the sign-in")
        self.hands.settle()

    @property
    def chat(self) -> Chat:
        assert self.app.chat is not None
        return self.app.chat

    @property
    def signed_in(self) -> SignedIn:
        assert self.app.signed_in is not None
        return self.app.signed_in

    @property
    def drawn(self) -> list[str]:
        """Every text on the conversation's canvas."""
        view = self.chat.view
        return [view.itemcget(item, "text") for item in view.find_all() if view.type(item) == "text"]

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Something else on the screen has the keyboard; afterwards this window again."""
        self.hands.keyboard_to_nobody()
        self.hands.until(lambda: not self.chat.model.focused, "the other window")
        yield
        self.app.root.focus_force()
        self.hands.until(lambda: self.chat.model.focused, "this window again")

    @property
    def texts(self) -> list[str]:
        """What stands in the open conversation."""
        assert self.chat.current is not None
        rows = self.chat.current.timeline
        return [row.text for row in map(rows.row, range(rows.count)) if row.kind == "message"]

    @property
    def states(self) -> list[str]:
        assert self.chat.current is not None
        rows = self.chat.current.timeline
        return [row.state for row in map(rows.row, range(rows.count)) if row.kind == "message"]

    def here(self, room: str) -> None:
        self.hands.until(lambda: self.chat.model.current == room, f"the room {room}")

    def make(self, room: str) -> None:
        """bob makes a room and brings alice in."""
        self.bob.do("create", room)
        self.bob.do("invite", room, user="alice")
        self.hands.until(lambda: room in self.chat.model.conversations, "the room")


@contextmanager
def living(root: ctk.CTk, server: ServerProcess, home: Path, notifier: Notifier | None = None) -> Iterator[House]:
    """alice signed in at 1100 × 720, bob beside her; both gone afterwards."""
    root.geometry("1100x720+0+0")
    friend = Friend(server.port, "bob")
    keep = Keep(home)
    app = App(root, keep, Options(server=parse(f"127.0.0.1:{server.port}"), user="alice"), notifier=notifier)
    yield House(app, server, friend, keep)
    app._bridge.close()
    friend.close()
