"""ChatClient against a scripted server: what it promises about order, ids and gaps.

Numbers in names are those of the promises: 1 a change goes out once and in order, 2 an event is told once and by seq.
"""

import asyncio

import pytest

from chatclient.client import Offline
from chatclient.events import (
    Arrived,
    Connected,
    Connecting,
    Delivered,
    Discarded,
    Disconnected,
    Failed,
    Pending,
    ReadUpTo,
)
from shared.errors import Refused
from shared.protocol import (
    Create,
    Error,
    History,
    Member,
    MemberList,
    Members,
    Ok,
    Page,
    Post,
    Read,
    ReadMark,
    Rooms,
    Sync,
    Synced,
)
from tests.client.scripted import TIME, Listener, Scripted, message, running, welcome


async def arrivals(listener: Listener, count: int) -> list[int]:
    return [(await listener.until(Arrived)).event.seq for _ in range(count)]


async def test_signs_in_and_tells_what_comes() -> None:
    async with Scripted() as server, running(server.port, invite="harbour-7") as listener:
        peer = await server.peer()
        hello = await peer.welcomed(welcome(tip=4))
        peer.say(message(5))
        assert (hello.user, hello.token, hello.invite, hello.protocol) == ("alice", "0" * 64, "harbour-7", 1)
        assert await listener.next() == Connecting(1)
        connected = await listener.next()
        assert isinstance(connected, Connected) and connected.fresh and connected.welcome.tip == 4
        assert await listener.next() == Arrived(message(5))


async def test_a_post_is_pending_then_delivered_then_echoed() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        ident = listener.client.send("lobby", "hello")
        pending = await listener.next()
        assert isinstance(pending, Pending) and (pending.id, pending.room, pending.text) == (ident, "lobby", "hello")
        await peer.store(1)
        assert await listener.next() == Delivered(ident, "lobby", 1, TIME)
        assert await listener.next() == Arrived(message(1, "alice", text="hello", ident=ident))


async def test_1_what_was_sent_offline_goes_out_in_order() -> None:
    async with Scripted() as server:
        client_ids = []
        async with running(server.port) as listener:
            client_ids = [listener.client.send("lobby", f"n{i}") for i in range(100)]
            peer = await server.peer()
            await peer.welcomed()
            stored = [await peer.store(seq) for seq in range(1, 101)]
            await listener.until(Delivered, lambda event: event.seq == 100)
        assert [post.id for post in stored] == client_ids
        assert [post.text for post in stored] == [f"n{i}" for i in range(100)]


async def test_1_at_most_64_are_on_their_way() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        for i in range(70):
            listener.client.send("lobby", f"n{i}")
        posts = [await peer.hear(Post) for _ in range(64)]
        question = asyncio.create_task(listener.client.rooms())
        await peer.hear(Rooms)  # overtakes the six that wait
        peer.say(Ok(id=posts[0].id, seq=1, time=TIME))
        assert (await peer.hear(Post)).text == "n64"
        question.cancel()
        await asyncio.wait([question])


async def test_1_a_lost_ok_sends_the_same_ids_again_in_order() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed(welcome(tip=3))
        await listener.until(Connected)
        sent = [listener.client.send("lobby", text) for text in ("one", "two", "three")]
        assert [(await peer.hear(Post)).id for _ in sent] == sent
        peer.say(message(4, "alice", text="one", ident=sent[0]))  # stored and echoed, but its ok is lost
        assert await arrivals(listener, 1) == [4]
        peer.hang_up()

        peer = await server.peer()
        await peer.welcomed(welcome(tip=4))
        assert [(await peer.hear(Post)).id for _ in sent] == sent
        peer.say(*[Ok(id=ident, seq=4 + i, time=TIME) for i, ident in enumerate(sent)])
        delivered = [await listener.until(Delivered) for _ in sent]
        assert [event.seq for event in delivered] == [4, 5, 6]


async def test_1_what_was_answered_is_not_sent_again() -> None:
    """The control of the one above: an ok that came makes the difference."""
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        listener.client.send("lobby", "one")
        second = listener.client.send("lobby", "two")
        await peer.store(1)
        await listener.until(Delivered)
        peer.hang_up()
        peer = await server.peer()
        await peer.welcomed(welcome(tip=1))
        assert (await peer.hear(Post)).id == second


async def test_2_catches_up_page_by_page_with_live_events_between() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed(welcome(tip=10))
        peer.say(message(12))
        assert await arrivals(listener, 1) == [12]
        peer.hang_up()

        peer = await server.peer()
        await peer.welcomed(welcome(tip=20))
        assert (await listener.until(Connected)).fresh is False
        first = await peer.hear(Sync)
        assert first.after == 12
        peer.say(message(21), message(22))  # live, while pages are on their way
        peer.say(Synced(ref=first.ref, events=[message(13), message(15)], more=True, through=16))
        second = await peer.hear(Sync)
        assert second.after == 16
        peer.say(Synced(ref=second.ref, events=[message(17), message(20), message(21)], more=False, through=21))
        peer.say(message(22), message(23))
        assert await arrivals(listener, 7) == [13, 15, 17, 20, 21, 22, 23]


async def test_2_without_a_gap_nothing_is_asked() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed(welcome(tip=10))
        await listener.until(Connected)
        peer.hang_up()
        peer = await server.peer()
        await peer.welcomed(welcome(tip=10))
        assert (await listener.until(Connected)).fresh is False
        listener.client.send("lobby", "the first thing that is said")
        await peer.hear(Post)


@pytest.mark.parametrize(
    ("tip", "epoch", "fresh"),
    [
        (10_010, "e1", False),
        (10_011, "e1", True),  # beyond reach
        (12, "e2", True),  # another history
        (9, "e1", True),  # the history lost what we saw
    ],
)
async def test_2_a_gap_out_of_reach_or_another_epoch_is_fresh(tip: int, epoch: str, fresh: bool) -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed(welcome(tip=10))
        await listener.until(Connected)
        peer.hang_up()
        peer = await server.peer()
        await peer.welcomed(welcome(tip=tip, epoch=epoch))
        assert (await listener.until(Connected)).fresh is fresh
        if fresh:
            peer.say(message(tip + 1))
            assert await arrivals(listener, 1) == [tip + 1]
        else:
            assert (await peer.hear(Sync)).after == 10


async def test_2_a_sync_that_is_refused_starts_afresh() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed(welcome(tip=10))
        peer.hang_up()
        peer = await server.peer()
        await peer.welcomed(welcome(tip=20))
        asked = await peer.hear(Sync)
        peer.say(Error(ref=asked.ref, code="rate_limited", message="Too fast.", retry_after=0.01))
        asked = await peer.hear(Sync)
        peer.say(Error(ref=asked.ref, code="bad_request", message="No."))
        await (await server.peer()).welcomed(welcome(tip=20))
        connections = [await listener.until(Connected) for _ in range(3)]
        assert [event.fresh for event in connections] == [True, False, True]


async def test_1_rate_limited_waits_and_keeps_id_and_order() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        sent = [listener.client.send("lobby", text) for text in ("one", "two", "three")]
        for _ in sent:
            post = await peer.hear(Post)
            peer.say(Error(id=post.id, code="rate_limited", message="Too fast.", retry_after=0.05))
        begun = asyncio.get_running_loop().time()
        again = [(await peer.store(seq)).id for seq in (1, 2, 3)]
        assert again == sent
        assert asyncio.get_running_loop().time() - begun >= 0.04
        told = [await listener.next() for _ in range(9)]
        assert not any(isinstance(event, Failed) for event in told)


@pytest.mark.parametrize("code", ["not_member", "storage_full", "id_reused", "something_new"])
async def test_refused_changes_fail_and_are_forgotten(code: str) -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        ident = listener.client.send("lobby", "one")
        await peer.hear(Post)
        peer.say(Error(id=ident, code=code, message="No."))
        assert await listener.until(Failed) == Failed(ident, "lobby", "post", code, "No.")
        again = listener.client.retry(ident)
        assert await listener.next() == Discarded(ident, "lobby")
        assert again != ident and (await listener.until(Pending)).id == again
        post = await peer.hear(Post)
        assert (post.id, post.text) == (again, "one")
        assert listener.client.retry(ident) == ""


async def test_shutting_down_stays_in_the_outbox() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        ident = listener.client.send("lobby", "one")
        await peer.hear(Post)
        peer.say(Error(id=ident, code="shutting_down", message="Harbour is closing."))
        assert (await listener.until(Disconnected)).reason == "Harbour is closing."
        peer = await server.peer()
        await peer.welcomed()
        assert (await peer.hear(Post)).id == ident


async def test_bad_input_fails_at_once_and_reaches_nobody() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        client = listener.client
        client.send("lobby", "x" * 16_001)
        assert isinstance(await listener.next(), Pending)
        failed = await listener.next()
        assert isinstance(failed, Failed)
        assert (failed.kind, failed.code) == ("post", "too_large")
        assert failed.message == "The text has 16,001 characters, the limit is 16,000."
        client.create("two words")
        assert (await listener.until(Failed)).message.endswith("This one has a space.")
        client.set_topic("lobby", "x" * 251)
        client.invite("lobby", "")
        assert [(await listener.until(Failed)).kind for _ in range(2)] == ["topic", "invite"]
        client.send("lobby", "half a pair: \ud83d, a whole one: \ud83d\ude00")
        assert (await peer.hear(Post)).text == "half a pair: \ufffd, a whole one: 😀"


async def test_other_changes_and_direct_names() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        ident = listener.client.create("garden", "Plants", private=True)
        created = await peer.hear(Create)
        assert (created.id, created.room, created.topic, created.private) == (ident, "garden", "Plants", True)
        peer.say(Ok(id=ident, seq=1, time=TIME))
        assert await listener.next() == Delivered(ident, "garden", 1, TIME)
        for room in ("@bob", "@alice,bob"):
            listener.client.send(room, "hello")
            assert (await listener.until(Pending)).room == "@alice,bob"
            assert (await peer.hear(Post)).room == "@bob"


async def test_questions() -> None:
    async with Scripted() as server, running(server.port) as listener:
        client = listener.client
        with pytest.raises(Offline):
            await client.rooms()
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)

        async def answer() -> None:
            asked = await peer.hear(History)
            assert (asked.room, asked.before, asked.limit) == ("lobby", 9, 50)
            members = await peer.hear(Members)
            peer.say(MemberList(ref=members.ref, room="lobby", members=[Member(user="bob")]))
            peer.say(Page(ref=asked.ref, room="lobby", messages=[], more_before=False, more_after=True, through=9))
            refused = await peer.hear(Members)
            peer.say(Error(ref=refused.ref, code="no_such_room", message="There is no room called attic."))
            await peer.hear(Rooms)
            peer.hang_up()

        script = asyncio.create_task(answer())
        page, members = await asyncio.gather(client.history("lobby", before=9), client.members("lobby"))
        assert page.more_after and [member.user for member in members.members] == ["bob"]
        with pytest.raises(Refused, match="attic"):
            await client.members("attic")
        with pytest.raises(Offline, match="broke"):
            await client.rooms()
        await script


async def test_read_markers_are_collected_and_told() -> None:
    async with Scripted() as server, running(server.port) as listener:
        listener.client.read("lobby", 3)
        peer = await server.peer()
        await peer.welcomed()
        read = await peer.hear(Read)
        assert (read.room, read.seq) == ("lobby", 3)
        for seq in (4, 6, 5):
            listener.client.read("@alice,bob", seq)
        read = await peer.hear(Read)
        assert (read.room, read.seq) == ("@bob", 6)
        peer.say(ReadMark(room="lobby", user="alice", seq=7))
        assert await listener.until(ReadUpTo) == ReadUpTo("lobby", 7)
