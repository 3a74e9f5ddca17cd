"""ChatClient and its connections: how they begin, what ends them, and that nothing of them is left behind."""

import asyncio
import socket

import pytest

from chatclient.client import ChatClient, Patience, backoff
from chatclient.events import (
    Arrived,
    Connected,
    Connecting,
    Disconnected,
    Pending,
    Rejected,
)
from shared.protocol import (
    Error,
    Goodbye,
    Hello,
    Message,
    Ping,
    Pong,
    Post,
    Read,
    encode_line,
)
from tests.client.scripted import TIME, Listener, Peer, Scripted, message, running, welcome


async def arrivals(listener: Listener, count: int) -> list[int]:
    return [(await listener.until(Arrived)).event.seq for _ in range(count)]


async def test_half_lines_and_unknown_kinds() -> None:
    whole = (
        encode_line(welcome())
        + b'{"type":"typing","room":"lobby","users":["bob"]}\n'
        + encode_line(message(1, text="line\nbreak, 上海 😀"))
    )
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.hear(Hello)
        for i in range(len(whole)):
            peer.say_raw(whole[i : i + 1])
            await asyncio.sleep(0)
        arrived = (await listener.until(Arrived)).event
        assert isinstance(arrived, Message) and arrived.text == "line\nbreak, 上海 😀"


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9.2\r\n", b'{"type":"message"}\n', b"\xff\xfe\n", b"[1]\n"])
async def test_what_is_not_the_protocol_is_said_plainly(said: bytes) -> None:
    async with Scripted() as server, running(server.port, backoff=lambda attempt: 60.0) as listener:
        peer = await server.peer()
        peer.say_raw(said)
        reason = (await listener.until(Disconnected)).reason
        assert (
            reason
            == f"What answers at 127.0.0.1, port {server.port} does not speak Parley's protocol. Check the address."
        )


async def test_silence_is_pinged_and_then_given_up() -> None:
    patience = Patience(connect=5, idle=0.05, answer=0.05)
    async with Scripted() as server, running(server.port, patience) as listener:
        peer = await server.peer()
        await peer.welcomed()
        for _ in range(3):  # answered pings keep it alive
            await peer.hear(Ping)
            peer.say(Pong(time=TIME))
        await peer.hear(Ping)
        assert (await listener.until(Disconnected)).reason.startswith("The server has said nothing for")
        await (await server.peer()).welcomed()
        await listener.until(Connected)


async def test_a_server_that_never_welcomes_is_given_up() -> None:
    async with Scripted() as server, running(server.port, Patience(connect=0.05)) as listener:
        await server.peer()
        assert (await listener.until(Disconnected)).reason == "The server does not answer the sign-in."


async def test_goodbye_is_the_reason() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        peer.say(Goodbye(code="shutting_down", message="Harbour is closing."))
        assert await listener.until(Disconnected) == Disconnected("Harbour is closing.", 0.0, "shutting_down")
        assert await peer.hang_up_heard()
        await (await server.peer()).welcomed()
        assert (await listener.until(Connecting)).attempt == 1


async def test_a_refused_sign_in_ends_it() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.hear(Hello)
        peer.say(Error(code="name_taken", message="alice belongs to somebody on Harbour."))
        rest = await listener.rest()
        assert rest == [Connecting(1), Rejected("name_taken", "alice belongs to somebody on Harbour.")]


async def test_a_sign_in_refused_for_now_is_tried_again() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.hear(Hello)
        peer.say(Error(code="rate_limited", message="Too many claims.", retry_after=0.02))
        assert await listener.until(Disconnected) == Disconnected("Too many claims.", 0.02, "rate_limited")
        await (await server.peer()).welcomed()
        await listener.until(Connected)


async def test_nothing_answers(free_port: int) -> None:
    async with running(free_port, backoff=lambda attempt: 60.0) as listener:
        lost = await listener.until(Disconnected)
        assert lost.reason == (
            f"Nothing answers at 127.0.0.1, port {free_port}. Check the address, or ask whether it is running."
        )
        assert lost.retry_in == 60.0
        listener.client.retry_now()
        assert await listener.next() == Connecting(2)


@pytest.mark.parametrize("host", ["localhost", "name with spaces", "x" * 70 + ".example"])
async def test_addresses_that_lead_nowhere(free_port: int, host: str) -> None:
    client = ChatClient(host, free_port, "alice", "0" * 64, backoff=lambda attempt: 60.0)
    task = asyncio.create_task(client.run())
    reason = (await Listener(client).until(Disconnected)).reason
    assert reason.startswith("Nothing answers at" if host == "localhost" else f"There is no computer called {host}")
    await client.close()
    await task


async def test_3_close_sends_what_was_queued_and_ends_everything() -> None:
    async with Scripted() as server:
        async with running(server.port) as listener:
            peer = await server.peer()
            await peer.welcomed()
            await listener.until(Connected)
            listener.client.send("lobby", "good night")
            listener.client.read("lobby", 5)
        assert (await peer.hear(Post)).text == "good night"
        assert (await peer.hear(Read)).seq == 5
        assert await peer.hang_up_heard()
        assert [type(event) for event in await listener.rest()] == [Pending]


@pytest.mark.parametrize("when", ["before run", "connecting", "online", "waiting"])
async def test_3_close_and_cancel_leave_no_task(when: str) -> None:
    async with Scripted() as server:
        before = asyncio.all_tasks()
        client = ChatClient("127.0.0.1", server.port, "alice", "0" * 64, backoff=lambda attempt: 60.0)
        if when == "before run":
            await client.close()
            await client.run()
        else:
            task = asyncio.create_task(client.run())
            peer = await server.peer()
            if when != "connecting":
                await peer.welcomed()
                await Listener(client).until(Connected)
            else:
                await Listener(client).until(Connecting)
            if when == "waiting":
                peer.hang_up()
                await Listener(client).until(Disconnected)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert asyncio.all_tasks() == before
        assert [event async for event in client.events()] == []  # it ends, and all was taken


@pytest.mark.slow
async def test_a_consumer_that_lags_stops_the_reading() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await server.peer()
        await peer.welcomed()
        await listener.until(Connected)
        text = "x" * 5_000
        peer.say(*[message(seq, text=text) for seq in range(1, 8_001)])
        peer.writer.transport.set_write_buffer_limits(high=1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await peer.writer.drain()  # 40 MB do not fit into the sockets, and nobody reads
        assert await arrivals(listener, 8_000) == list(range(1, 8_001))
        await peer.writer.drain()


async def test_the_socket_is_closed_after_a_foreign_answer() -> None:
    async with Scripted() as server, running(server.port, backoff=lambda attempt: 60.0) as listener:
        peer: Peer = await server.peer()
        peer.say_raw(b"hello\n")
        await listener.until(Disconnected)
        await peer.hear(Hello)
        assert await peer.hang_up_heard()


def test_backoff_doubles_to_half_a_minute() -> None:
    for attempt, longest in [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (500, 30.0)]:
        delays = [backoff(attempt) for _ in range(50)]
        assert longest * 0.8 <= min(delays) and max(delays) <= longest and len(set(delays)) > 1


def test_free_port_is_free(free_port: int) -> None:
    """The control of `test_nothing_answers`: the refusal comes from nobody listening."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", free_port))
