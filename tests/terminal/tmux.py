"""Terminals with the client in them: a tmux of its own, keys sent, screens read as a person would see them."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import ROOT

PATIENCE = 8.0
POLL = 0.02
SLOWEST_POLL = 0.12
"""Seconds between two looks, more and more of them: a terminal does not tell when it was drawn."""


class Tmux:
    """A tmux server with a socket of its own, and the terminals on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "tmux"
        self._opened: list[Terminal] = []
        self._count = 0

    def open(
        self, *words: str, home: Path, width: int = 80, height: int = 24, term: str = "screen-256color", **more: str
    ) -> "Terminal":
        """`python -m chatclient --terminal` with these words on its command line."""
        self._count += 1
        name = f"t{self._count}"
        environment = {"PARLEY_HOME": str(home), "PARLEY_KEYRING": "off", "TERM": term, "LANG": "C.UTF-8", **more}
        settings = " ".join(f"{key}={shlex.quote(value)}" for key, value in environment.items())
        command = shlex.join([sys.executable, "-X", "dev", "-m", "chatclient", "--terminal", *words])
        errors = self._folder / f"{name}.err"
        shell = f"cd {ROOT}; env {settings} {command} 2>{errors}; code=$?; echo; echo ended with $code; exec sleep 600"
        self.run("new-session", "-d", "-s", name, "-x", str(width), "-y", str(height), shell)
        if self._count == 1:
            self.run("set", "-g", "status", "off")
            self.run("set", "-g", "escape-time", "0")
            self.run("resize-window", "-t", name, "-x", str(width), "-y", str(height))
        terminal = Terminal(self, name, errors)
        self._opened.append(terminal)
        return terminal

    def run(self, *words: str) -> str:
        """A command of tmux."""
        command = ["tmux", "-u", "-S", str(self._socket), "-f", "/dev/null", *words]
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False, env=os.environ | {"LANG": "C.UTF-8"}
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def close(self) -> None:
        if self._opened:
            self.run("kill-server")


class Terminal:
    """One of them. `screen` is what is seen; `colours` the same with the terminal's own codes."""

    def __init__(self, tmux: Tmux, name: str, errors: Path) -> None:
        self._tmux = tmux
        self._name = name
        self._errors = errors

    def type(self, text: str) -> None:
        """As from a keyboard, letter by letter."""
        self._tmux.run("send-keys", "-t", self._name, "-l", text)

    def press(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, M-Up, C-k, PPage …"""
        self._tmux.run("send-keys", "-t", self._name, *keys)

    def enter(self, *lines: str) -> None:
        for line in lines:
            self.type(line)
            self.press("Enter")

    def paste(self, text: str) -> None:
        """As a terminal pastes, in brackets."""
        self._tmux.run("set-buffer", "-b", "pasted", text)
        self._tmux.run("paste-buffer", "-p", "-b", "pasted", "-t", self._name)

    def resize(self, width: int, height: int) -> None:
        self._tmux.run("resize-window", "-t", self._name, "-x", str(width), "-y", str(height))

    @property
    def screen(self) -> str:
        return self._tmux.run("capture-pane", "-p", "-t", self._name)

    @property
    def colours(self) -> str:
        return self._tmux.run("capture-pane", "-p", "-e", "-t", self._name)

    @property
    def pid(self) -> int:
        """Of the shell that started the client."""
        return int(self._ask("pane_pid"))

    @property
    def modes(self) -> str:
        """`1 1` while the alternate screen is shown and the mouse is taken."""
        return self._ask("alternate_on") + " " + self._ask("mouse_any_flag")

    def _ask(self, variable: str) -> str:
        return self._tmux.run("display-message", "-p", "-t", self._name, f"#{{{variable}}}").strip()

    @property
    def complaints(self) -> str:
        """What it wrote to its standard error."""
        return self._errors.read_text("utf-8")

    def shows(self, *texts: str) -> bool:
        screen = self.screen
        return all(text in screen for text in texts)

    def until(self, *texts: str, patience: float = PATIENCE) -> str:
        """Wait until all of these are to be seen; gives the screen."""
        return self.when(lambda screen: all(text in screen for text in texts), repr(texts), patience)

    def gone(self, text: str) -> str:
        """Wait until this is to be seen no more."""
        return self.when(lambda screen: text not in screen, f"{text!r} to go")

    def when(self, so: Callable[[str], bool], what: str, patience: float = PATIENCE) -> str:
        """Wait until the screen is like this."""
        deadline = time.monotonic() + patience
        pause = POLL
        while True:
            screen = self.screen
            if so(screen):
                return screen
            if time.monotonic() > deadline:
                pytest.fail(f"There was no {what} on this screen:\n{screen}\n{self.complaints}")
            time.sleep(pause)
            pause = min(pause * 1.2, SLOWEST_POLL)

    def ends(self) -> int:
        """Wait for the client to end; gives its exit code."""
        screen = self.until("ended with ", patience=20)
        return int(screen.split("ended with ")[1].split()[0])
