"""What the desk asks by itself: a server that says "too fast" is asked again when it said, and not faster for that."""

import asyncio
from datetime import UTC
from pathlib import Path
from typing import Any

from chatclient.address import Address
from chatclient.client import ChatClient
from chatclient.events import Connected
from chatclient.keep import Keep
from chatclient.model import Model
from chatclient.terminal.desk import Desk
from shared.errors import Refused
from shared.protocol import MemberList, Message, Page, RoomState, Welcome

WAIT = 0.05
WELCOME = Welcome(
    protocol=1,
    server="Harbour",
    epoch="e1",
    user="alice",
    time="2026-11-20T09:12:00.000000Z",
    tip=7,
    limits={},
    rooms=[RoomState(room="lobby", members=2, last=7, read=7)],
)


class Hasty(ChatClient):
    """A server's answers: `refusals` times that it was asked too fast, then the page."""

    def __init__(self, refusals: int) -> None:
        super().__init__("127.0.0.1", 1, "alice", "a token of alice")
        self._refusals = refusals
        self.asked: list[float] = []

    async def history(self, room: str, **_: Any) -> Page:
        self.asked.append(asyncio.get_running_loop().time())
        if len(self.asked) <= self._refusals:
            raise Refused("rate_limited", "Too fast, wait 0.1 s and send it again.", WAIT)
        said = Message(seq=7, time=WELCOME.time, room=room, user="bob", id="b7", text="here at last")
        return Page(room=room, messages=[said], more_before=False, more_after=False, through=7)

    async def members(self, room: str) -> MemberList:
        return MemberList(room=room, members=[])


class Blank:
    """A face that shows all at once, and so asks for what is missing whenever anything is drawn."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.complaints: list[str] = []
        self.shown = asyncio.Event()

    def drawn(self, changes: object) -> None:
        talk = self._desk.current
        if talk is not None:
            self._desk.older(talk)
            if talk.timeline.count:
                self.shown.set()

    def heard(self, event: object) -> None: ...
    def opened(self, talk: object, unread: int) -> None: ...
    def goto(self, seq: int) -> None: ...
    def say(self, sentence: str) -> None: ...

    def complain(self, sentence: str) -> None:
        self.complaints.append(sentence)


async def test_a_page_is_asked_for_as_fast_as_the_server_lets(tmp_path: Path) -> None:
    client = Hasty(refusals=3)
    desk = Desk(client, Model("alice", "Harbour", UTC, 0.0), Keep(tmp_path), Address("127.0.0.1"), UTC)
    desk.face = face = Blank(desk)
    desk.begin(Connected(WELCOME, fresh=True))
    async with asyncio.timeout(5):
        await face.shown.wait()
    await desk.close()
    assert len(client.asked) == 4 and face.complaints == []
    assert all(later - sooner >= WAIT * 0.9 for sooner, later in zip(client.asked, client.asked[1:], strict=False))
