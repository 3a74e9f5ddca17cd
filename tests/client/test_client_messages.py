"""ChatClient and messages against a scripted server: edits, deletions, reactions, replies, and what a restart finds."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatclient.client import ChatClient
from chatclient.events import Changing, Connected, Delivered, Discarded, Failed, Pending
from shared.protocol import (
    Calendar,
    CalendarFound,
    Change,
    Delete,
    Edit,
    Error,
    Found,
    History,
    Join,
    Ok,
    Page,
    Post,
    React,
    Record,
    RecordLine,
    Search,
    SetProfile,
)
from tests.client.scripted import TIME, Peer, Scripted, running

HASH = "a" * 64


async def signed_in(server: Scripted, listener: Any) -> Peer:
    peer = await server.peer()
    await peer.welcomed()
    await listener.until(Connected)
    return peer


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        (lambda client: client.edit("@alice,bob", 4, "better"), Edit(id="c1", room="@bob", of=4, text="better")),
        (lambda client: client.edit("lobby", 4, "  "), Edit(id="c1", room="lobby", of=4, text="")),
        (lambda client: client.delete("@bob", 4), Delete(id="c1", room="@bob", of=4)),
        (lambda client: client.react("@bob", 4, "❤"), React(id="c1", room="@bob", of=4, emoji="❤️")),
        (
            lambda client: client.react("@bob", 4, "👍", remove=True),
            React(id="c1", room="@bob", of=4, emoji="👍", remove=True),
        ),
    ],
)
async def test_changes_of_messages(change: Callable[[ChatClient], str], sent: Edit | Delete | React) -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        ident = change(listener.client)
        room = "lobby" if sent.room == "lobby" else "@alice,bob"
        assert await listener.next() == Changing(ident, room, sent)
        assert await peer.hear(Change) == sent
        peer.say(Ok(id=ident, seq=9, time=TIME))
        assert await listener.next() == Delivered(ident, room, 9, TIME)


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        (lambda client: client.edit("lobby", 4, "x" * 16_001), "edit", "has 16,001 characters, the limit is 16,000."),
        (lambda client: client.react("lobby", 4, "no"), "react", "A reaction is one emoji and nothing else."),
        (lambda client: client.set_profile(picture="cat"), "profile", "A file is named by the SHA-256"),
        (lambda client: client.send("lobby", "x", files=["cat"]), "post", "A file is named by the SHA-256"),
        (lambda client: client.send("lobby", "", files=[HASH] * 2), "post", "One of the files is named twice."),
        (
            lambda client: client.send("lobby", "", files=[f"{i:064}" for i in range(11)]),
            "post",
            "A message has 11 files, the limit is 10.",
        ),
    ],
)
async def test_what_breaks_a_rule_fails_here(change: Callable[[ChatClient], str], kind: str, sentence: str) -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        change(listener.client)
        failed = await listener.until(Failed)
        assert failed.kind == kind and sentence in failed.message
        listener.client.join("garden")
        await peer.hear(Join)  # nothing else came


async def test_replies_and_files_by_hash() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        listener.client.send("lobby", " ", reply_to=7, files=[HASH])
        pending = await listener.until(Pending)
        assert (pending.text, pending.reply_to, [file.file for file in pending.files]) == ("", 7, [HASH])
        post = await peer.hear(Post)
        assert (post.text, post.reply_to, post.files) == ("", 7, (HASH,))


async def test_a_profile_says_only_what_changes() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        listener.client.set_profile(picture=HASH)
        listener.client.set_profile(display="", picture="")
        assert await peer.hear(SetProfile) == SetProfile(id="c1", picture=HASH)
        assert await peer.hear(SetProfile) == SetProfile(id="c2", display="", picture="")


async def test_a_refused_reply_is_retried_as_it_was() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        ident = listener.client.send("lobby", "so", reply_to=7, files=[HASH])
        await peer.hear(Post)
        peer.say(Error(id=ident, code="no_such_message", message="There is no message 7 in lobby."))
        await listener.until(Failed)
        again = listener.client.retry(ident)
        assert await listener.next() == Discarded(ident, "lobby")
        pending = await listener.until(Pending)
        assert (pending.id, pending.reply_to, [file.file for file in pending.files]) == (again, 7, [HASH])
        post = await peer.hear(Post)
        assert (post.id, post.text, post.reply_to, post.files) == (again, "so", 7, (HASH,))


async def test_questions_of_messages() -> None:
    async with Scripted() as server, running(server.port) as listener:
        client = listener.client
        peer = await signed_in(server, listener)

        async def answer() -> None:
            found = await peer.hear(Search)
            assert (found.text, found.room, found.user, found.before, found.limit) == ("上海", "@bob", "bob", 9, 5)
            peer.say(Found(ref=found.ref, messages=[], more=False, through=12))
            days = await peer.hear(Calendar)
            assert days.edges == (TIME, TIME)
            peer.say(CalendarFound(ref=days.ref, room="lobby", counts=[3], seqs=[1], first=TIME))
            record = await peer.hear(Record)
            peer.say(RecordLine(ref=record.ref, room="lobby", seq=record.seq, line="7\t…"))
            history = await peer.hear(History)
            assert (history.around, history.limit) == (7, 20)
            peer.say(Page(ref=history.ref, room="lobby", messages=[], more_before=True, more_after=True, through=12))

        script = asyncio.create_task(answer())
        assert (await client.search("上海", "@alice,bob", "bob", before=9, limit=5)).through == 12
        assert (await client.calendar("lobby", [TIME, TIME])).counts == [3]
        assert await client.record("lobby", 7) == "7\t…"
        assert (await client.around("lobby", 7, 20)).more_after
        await script


# --- restarts -------------------------------------------------------------------------------------------------


async def test_what_waits_is_told_again_and_sent_with_its_ids(tmp_path: Path) -> None:
    async with Scripted() as server:
        async with running(server.port, spool=tmp_path) as listener:
            client = listener.client
            idents = [
                client.send("lobby", "one", reply_to=3),
                client.edit("lobby", 2, "two"),
                client.delete("lobby", 1),
            ]
            idents += [client.react("@bob", 5, "👍"), client.join("garden"), client.send("garden", "six")]
            told = [await listener.until(kind) for kind in (Pending, Changing, Changing, Changing, Pending)]
            (await server.peer()).hang_up()
        async with running(server.port, spool=tmp_path, ids=iter("xyz").__next__) as listener:
            peer = await server.peer()
            await peer.welcomed()
            await listener.next()
            assert isinstance(await listener.next(), Connected)
            assert [await listener.next() for _ in told] == told
            listener.client.send("lobby", "seven")
            heard = [await peer.hear(Change) for _ in range(7)]
            assert [change.id for change in heard] == [*idents, "x"]
            assert isinstance(heard[0], Post) and heard[0].reply_to == 3
            peer.say(*[Ok(id=change.id, seq=7 + i, time=TIME) for i, change in enumerate(heard)])
            await listener.until(Delivered, lambda event: event.id == "x")
        async with running(server.port, spool=tmp_path) as listener:
            peer = await server.peer()
            await peer.welcomed()
            await listener.until(Connected)
            listener.client.send("lobby", "eight")
            assert (await peer.hear(Post)).text == "eight"  # the control: nothing else is left


async def test_without_a_spool_nothing_is_told_again() -> None:
    """The control of the one above."""
    async with Scripted() as server:
        async with running(server.port) as listener:
            listener.client.send("lobby", "one")
            await listener.until(Pending)
            (await server.peer()).hang_up()
        async with running(server.port) as listener:
            peer = await signed_in(server, listener)
            listener.client.send("lobby", "two")
            assert (await peer.hear(Post)).text == "two"


async def test_what_is_queued_before_the_connection_comes_after_what_was_left(tmp_path: Path) -> None:
    async with Scripted() as server:
        async with running(server.port, spool=tmp_path) as listener:
            listener.client.send("lobby", "one")
            (await server.peer()).hang_up()
        async with running(server.port, spool=tmp_path, ids=lambda: "x") as listener:
            listener.client.send("lobby", "two")
            assert [(await listener.until(Pending)).text for _ in range(2)] == ["one", "two"]
            peer = await server.peer()
            await peer.welcomed()
            assert [(await peer.hear(Post)).text for _ in range(2)] == ["one", "two"]


async def test_failed_posts_are_kept_until_retry_or_discard(tmp_path: Path) -> None:
    async with Scripted() as server:
        async with running(server.port, spool=tmp_path) as listener:
            peer = await signed_in(server, listener)
            for text in ("one", "two"):
                ident = listener.client.send("lobby", text)
                await peer.hear(Post)
                peer.say(Error(id=ident, code="not_member", message="You are not in lobby."))
                await listener.until(Failed)
            listener.client.send("lobby", "x" * 16_001)
            await listener.until(Failed)
            listener.client.edit("lobby", 7, "x" * 16_001)
            await listener.until(Failed)
        async with running(server.port, spool=tmp_path, ids=lambda: "x") as listener:
            peer = await signed_in(server, listener)
            told = [await listener.next() for _ in range(6)]
            assert [type(event) for event in told] == [Pending, Failed] * 3  # a failed edit is not kept
            assert isinstance(told[1], Failed) and told[1].message == "You are not in lobby."
            listener.client.discard("c2")
            listener.client.discard("c3")
            assert listener.client.retry("c1") == "x"
            assert (await peer.hear(Post)).text == "one"
            peer.say(Ok(id="x", seq=9, time=TIME))
            await listener.until(Delivered)
        async with running(server.port, spool=tmp_path) as listener:
            peer = await signed_in(server, listener)
            listener.client.send("lobby", "last")
            pending = await listener.next()
            assert isinstance(pending, Pending) and pending.text == "last"  # nothing else is told again


async def test_two_windows_do_not_send_the_same(tmp_path: Path) -> None:
    async with Scripted() as server:
        async with running(server.port, spool=tmp_path) as listener:
            listener.client.send("lobby", "left")
            (await server.peer()).hang_up()
        async with running(server.port, spool=tmp_path, ids=lambda: "x") as first:
            peers = [await signed_in(server, first)]
            assert (await peers[0].hear(Post)).text == "left"
            async with running(server.port, spool=tmp_path, ids=lambda: "y") as second:
                peers.append(await signed_in(server, second))
                second.client.send("lobby", "other")
                assert (await peers[1].hear(Post)).text == "other"
                assert (await second.until(Pending)).text == "other"
