"""One person at each way in: a window, the page, a terminal, a bot. Each does and shows the same in its own manner."""

import asyncio
import concurrent.futures
import json
import re
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from chatclient import Message, connect
from tests.journeys.screen import Window
from tests.scripts.shell import Shell
from tests.terminal.tmux import Terminal
from tests.web.browser import BOX, Visitor, expect, script

T = TypeVar("T")
_PILLS = re.compile(r"(\S+) (\d+)(?:\s|$)")


class Shown(NamedTuple):
    """One message as a way shows it: its text, whether it is marked as edited, how many chose each emoji."""

    text: str
    edited: bool
    counts: dict[str, int]


class Way(Protocol):
    """Somebody who talks in the lobby."""

    async def say(self, text: str) -> None: ...

    async def edit_last(self, text: str) -> None:
        """Another text for what they said last."""

    async def react_to_newest(self) -> None:
        """With 👍, to the last message; once more takes it back."""

    async def alone(self) -> None:
        """Wait until it says that the server is away."""

    async def agrees(self, messages: Sequence[Shown]) -> bool:
        """Whether it shows just these messages, in this order."""

    async def counts(self, room: str, unread: int, mentions: int) -> bool:
        """Whether it shows so many unread messages of this room, and so many of them for this person."""

    async def online(self, names: set[str]) -> bool:
        """Whether it shows just these people of the lobby as here."""


async def until(condition: Callable[[], Any], what: str, patience: float = 40.0) -> None:
    """Look again and again until it holds, while the loop goes on. The condition may be a coroutine's function."""
    deadline = time.monotonic() + patience
    while True:
        found = condition()
        if await found if asyncio.iscoroutine(found) else found:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:g} s for {what}")
        await asyncio.sleep(0.05)


class AtWindow:
    """The desktop window, by key presses; read from what is drawn on its canvases."""

    def __init__(self, window: Window) -> None:
        self.window = window

    async def say(self, text: str) -> None:
        self.window.type(text)

    async def edit_last(self, text: str) -> None:
        self.window.focus()
        self.window.press("Up", "ctrl+a")
        self.window.type(text)

    async def react_to_newest(self) -> None:
        self.window.focus()
        self.window.press("shift+Tab", "shift+Tab", "plus")
        self.window.type_only("thumbs up")
        self.window.press("Return", "Escape")

    async def alone(self) -> None:
        await until(lambda: "Harbour does not answer." in " ".join(self.window.texts()), "the window's banner")

    async def agrees(self, messages: Sequence[Shown]) -> bool:
        """Emoji are pictures here: a reaction is its number alone."""
        texts = self.window.texts()
        mine = {message.text for message in messages}
        found: list[Shown] = []
        for text in texts[texts.index("Today") :] if "Today" in texts else ():
            if text in mine:
                found.append(Shown(text, False, {}))
            elif found and text.startswith("edited "):
                found[-1] = found[-1]._replace(edited=True)
            elif found and text.isdigit():
                found[-1].counts[f"{len(found[-1].counts)}"] = int(text)
        return _without_signs(found) == _without_signs(messages)

    async def counts(self, room: str, unread: int, mentions: int) -> bool:
        """The badge has one number: the mentions, or else the unread messages."""
        texts = self.window.texts()
        beside = texts[texts.index(room, texts.index("Rooms")) + 1]
        return beside == str(mentions or unread) if unread else not beside.isdigit()

    async def online(self, names: set[str]) -> bool:
        """Their number stands under the name of the server."""
        return f"{len(names)} online" in self.window.texts()


class AtPage:
    """The page in Chromium."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    async def say(self, text: str) -> None:
        await self.visitor.say(text)

    async def edit_last(self, text: str) -> None:
        await self.page.locator(BOX).press("ArrowUp")
        await expect(self.page.get_by_text("Editing your message")).to_be_visible()
        await self.visitor.say(text)

    async def react_to_newest(self) -> None:
        await self.page.locator("article").last.hover()
        await self.page.get_by_role("button", name="React with 👍").click()

    async def alone(self) -> None:
        await expect(self.page.locator(".banner")).to_contain_text("Harbour does not answer.")

    async def agrees(self, messages: Sequence[Shown]) -> bool:
        return [Shown(*message) for message in await self.visitor.run(script("shown"))] == list(messages)

    async def counts(self, room: str, unread: int, mentions: int) -> bool:
        told = f", {unread} unread" if unread else ""
        named = f", {mentions} for you" if mentions else ""
        return await self.page.get_by_role("button", name=f"{room}{told}{named}", exact=True).count() == 1

    async def online(self, names: set[str]) -> bool:
        """Their number stands under the name of the server."""
        return await self.page.locator(".side-top [role=status]").inner_text() == f"{len(names)} online"


class AtTerminal:
    """The terminal client in tmux; read from its screen."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    async def say(self, text: str) -> None:
        self.terminal.enter(text)

    async def edit_last(self, text: str) -> None:
        self.terminal.press("Up")
        await until(lambda: self.terminal.shows("Editing:"), "the message to edit")
        self.terminal.press("C-e", "C-u")
        self.terminal.enter(text)

    async def react_to_newest(self) -> None:
        self.terminal.enter("/react 👍")

    async def alone(self) -> None:
        await until(lambda: self.terminal.shows("No connection"), "the terminal's banner")

    async def agrees(self, messages: Sequence[Shown]) -> bool:
        mine = {message.text for message in messages}
        found: list[Shown] = []
        for line in self.terminal.screen.splitlines():
            text = line.partition("│")[2].strip(" ▏")
            if (bare := text.removesuffix(" (edited)")) in mine:
                found.append(Shown(bare, bare != text, {}))
            elif found and text and not text[0].isascii():
                found[-1].counts.update({emoji: int(count) for emoji, count in _PILLS.findall(text)})
        return found == list(messages)

    async def counts(self, room: str, unread: int, mentions: int) -> bool:
        lines = (line.partition("│")[0].split() for line in self.terminal.screen.splitlines())
        shown = next(words for words in lines if words[1:2] == [room])
        return shown[2:] == [f"@{mentions}"] * bool(mentions) + [str(unread)] * bool(unread)

    async def online(self, names: set[str]) -> bool:
        """The list of members, which F2 shows, has a shape for each."""
        beside = (line.split("│")[-1].split() for line in self.terminal.screen.splitlines() if line.count("│") == 2)
        return {words[1] for words in beside if words[:1] == ["●"]} == names


class AsBot:
    """A program on `chatclient.connect`, with a loop of its own on a thread, as it would have in its process."""

    def __init__(self, port: int, user: str, home: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"bot {user}")
        self._thread.start()
        self._shell = Shell(home, port, user)
        self.chat = connect(f"chat://127.0.0.1:{port}", user=user, home=home / user, patience=60.0)
        self.do(self.chat.__aenter__())

    def begin(self, deed: Coroutine[Any, Any, T]) -> "concurrent.futures.Future[T]":
        """Begun, and perhaps done later: while the server is away a deed waits."""
        return asyncio.run_coroutine_threadsafe(deed, self._loop)

    def do(self, deed: Coroutine[Any, Any, T]) -> T:
        """Done, when this returns."""
        return self.begin(deed).result(60)

    async def say(self, text: str) -> None:
        self._last = self.do(self.chat.send("lobby", text))

    async def edit_last(self, text: str) -> None:
        self.do(self._last.edit(text))

    async def react_to_newest(self) -> None:
        self.do(self._messages()[-1].react("👍"))

    async def alone(self) -> None:
        """Nothing to wait for: what it does from now on waits for the server."""

    async def agrees(self, messages: Sequence[Shown]) -> bool:
        found = self._messages()
        return [
            Shown(said.text, said.edited, {emoji: len(names) for emoji, names in said.reactions.items()})
            for said in found
        ] == list(messages)

    async def counts(self, room: str, unread: int, mentions: int) -> bool:
        """A bot looks at no list of rooms; a script under its name does."""
        return counts_at(self._shell, room) == (unread, mentions)

    async def online(self, names: set[str]) -> bool:
        members = self.do(self.chat.members("lobby"))
        return {member.user for member in members if member.state == "online"} == names

    def end(self) -> None:
        """Sign off."""
        self.do(self.chat.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _messages(self) -> list[Message]:
        return [event for event in self.do(self.chat.history("lobby")) if isinstance(event, Message)]


def counts_at(shell: Shell, room: str) -> tuple[int, int]:
    """Unread messages and mentions as `chatclient rooms --json` tells them."""
    rooms = [json.loads(line) for line in shell.do("rooms", "--json").splitlines()]
    found = next(told for told in rooms if told["room"] == room)
    return found["unread"], found["mentions"]


def _without_signs(messages: Sequence[Shown]) -> list[tuple[str, bool, list[int]]]:
    return [(text, edited, list(counts.values())) for text, edited, counts in messages]
