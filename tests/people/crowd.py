"""A thousand people on plain sockets, read as fast as one process can: asyncio would be busy with itself."""

import json
import selectors
import socket
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 60.0
Line = dict[str, Any]


class Voice:
    """One person's connection. Of what it hears it keeps the welcome and the presence lines, and counts the rest."""

    def __init__(self, port: int, user: str) -> None:
        self.user = user
        self.welcome: Line | None = None
        self.presence: list[Line] = []
        self.answers = 0
        self.texts = 0
        self._rest = b""
        self.socket = socket.create_connection(("127.0.0.1", port))

    def say(self, **fields: Any) -> None:
        self.socket.sendall(json.dumps(fields).encode() + b"\n")

    def hello(self) -> None:
        self.say(type="hello", protocol=1, user=self.user, token=f"token of {self.user} 0123456789")

    def hear(self) -> None:
        *lines, self._rest = (self._rest + self.socket.recv(1 << 18)).split(b"\n")
        for line in lines:
            if line.startswith(b'{"type":"presence"'):
                self.presence.append(json.loads(line))
            elif line.startswith(b'{"type":"welcome"'):
                self.welcome = json.loads(line)
            elif line.startswith(b'{"type":"ok"'):
                self.answers += 1
            elif line.startswith(b'{"type":"message"'):
                self.texts += 1
            else:
                assert not line.startswith(b'{"type":"error"'), line

    def states(self) -> dict[str, str]:
        """Everybody as this connection was told, the last word counting."""
        assert self.welcome is not None
        told = [self.welcome["people"], *(line["users"] for line in self.presence)]
        return {name: person.get("state", "offline") for people in told for name, person in people.items()}


class Crowd:
    """Many voices, heard in turn."""

    def __init__(self, port: int, names: list[str]) -> None:
        self.voices = [Voice(port, name) for name in names]
        self._selector = selectors.DefaultSelector()
        for voice in self.voices:
            self._selector.register(voice.socket, selectors.EVENT_READ, voice)

    def until(self, what: Callable[[], bool]) -> None:
        """Hear on until it is so."""
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, "it never came to that"
            for key, _ in self._selector.select(0.05):
                key.data.hear()

    def close(self) -> None:
        self._selector.close()
        for voice in self.voices:
            voice.socket.close()
