"""Browsers and programs in one room see the same events, in the same order, with the same contents."""

import asyncio
import random
from typing import Any

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all
from tests.web.webpeer import WebPeer

EVENTS = {"message", "edited", "deleted", "reacted", "joined", "left", "topic", "created"}
NAMES = ("alice", "bob", "carol", "dave", "erin", "frank")


def told(peer: Peer, room: str) -> list[Line]:
    """What a peer was told of a room, as it came."""
    return [line for line in peer.seen if line["type"] in EVENTS and line["room"] == room]


async def some_life(peer: Peer, rooms: list[str], chance: random.Random, deeds: int) -> None:
    """Post, edit, delete, react and wander, whatever comes of it; several on their way at once."""
    waiting: list[str] = []
    for count in range(deeds):
        room, ident = chance.choice(rooms), f"life-{count}"
        mine = [line["seq"] for line in peer.events("message") if line["user"] == peer.user and line["room"] == room]
        everybody = [line["seq"] for line in peer.events("message") if line["room"] == room]
        deed = chance.choice(("post", "post", "post", "edit", "delete", "react", "topic", "leave", "join"))
        fields: dict[str, Any] = {"type": deed, "id": ident, "room": room}
        if deed in ("edit", "delete", "react"):
            known = everybody if deed == "react" else mine
            fields["of"] = chance.choice(known) if known else 1
        if deed in ("post", "edit"):
            fields["text"] = chance.choice(("hello", "😀 上海", "x" * 15_000, "two\nlines", "<b>&amp;</b>", "\u2028"))
        if deed == "react":
            fields["emoji"] = chance.choice("👍🎉")
        if deed == "topic":
            fields["topic"] = f"topic {count}"
        if deed in ("leave", "join"):
            fields["room"] = rooms[-1]
        await peer.send(**fields)
        waiting.append(ident)
        while len(waiting) > 5:
            await answered(peer, waiting)
    while waiting:
        await answered(peer, waiting)


async def answered(peer: Peer, waiting: list[str]) -> None:
    """Read on until one of these has its answer."""
    while True:
        line = await peer.line()
        if line["type"] in ("ok", "error") and line.get("id") in waiting:
            waiting.remove(line["id"])
            return


@pytest.mark.parametrize("seed", range(3))
async def test_the_same_order_and_contents(server: ServerProcess, seed: int) -> None:
    chance = random.Random(seed)
    peers: list[Peer] = []
    for place, name in enumerate(NAMES):
        peers.append(await (WebPeer if place % 2 else Peer).sign_in(server.port, name))
    for room in ("garden", "attic"):
        await peers[0].change("create", room)
        for peer in peers[1:]:
            await peer.change("join", room)
    marks = {}
    for peer in peers:
        await peer.settle()
        marks[peer.user] = len(peer.seen)
    start = max(line["seq"] for line in peers[0].seen if "seq" in line)
    await asyncio.gather(
        *(some_life(peer, ["lobby", "garden", "attic"], random.Random(chance.random()), 60) for peer in peers)
    )
    last = (await peers[0].change("post", "lobby", text="the end"))["seq"]
    for peer in peers:
        if not any(line.get("seq") == last and line["type"] == "message" for line in peer.seen):
            await peer.until("message", seq=last)
        lines = [line for line in peer.seen[marks[peer.user] :] if line["type"] in EVENTS]
        seqs = [line["seq"] for line in lines]
        assert seqs == sorted(set(seqs)), f"{peer.user} saw events twice or out of order"
    whole = [line for line in told(peers[0], "garden") if line["seq"] > start]
    assert len(whole) > 20
    for peer in peers[1:]:
        assert [line for line in told(peer, "garden") if line["seq"] > start] == whole, type(peer)
    # Where they come and go: what both saw is the same, event for event.
    attic = {line["seq"]: line for line in told(peers[0], "attic")}
    for peer in peers[1:]:
        for line in told(peer, "attic"):
            assert attic.setdefault(line["seq"], line) == line
    await close_all(*peers)
