"""A bot beside people on a real server: what it is told, what it can do, and where it goes on."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatclient import Deleted, Edited, Joined, Message, Reacted, Refused, Unreachable, connect
from chatclient.bots.state import StateError
from tests.bots.running import heard, person
from tests.processes import ServerProcess


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KEYRING", "off")


def bot(server: ServerProcess, home: Path, **more: Any) -> Any:
    return connect(f"chat://127.0.0.1:{server.port}", user="bot", home=home / "bot", **{"patience": 20.0, **more})


async def texts(chat: Any, room: str) -> list[str]:
    return [event.text for event in await chat.history(room, limit=200) if isinstance(event, Message)]


async def test_what_happens_comes_typed_and_in_order(server: ServerProcess, tmp_path: Path) -> None:
    async with person(server.port, "alice", tmp_path) as alice, bot(server, tmp_path) as chat:
        await chat.create("garden", "Plants")
        await alice.join("garden")
        said = await alice.send("garden", "hello @bot", files=[alice.attach(data=b"some bytes", name="note.txt")])
        await alice.edit(said, "hello bot")
        await alice.react(said, "👍")
        await alice.delete(said)
        await chat.send("garden", "my own words are no event")
        found = []
        async for event in chat.events():
            found.append(event)
            if isinstance(event, Deleted):
                break
        joined, message, edited, reacted, deleted = found
        assert isinstance(joined, Joined) and joined.user == "alice"
        assert isinstance(message, Message) and (message.room, message.user) == ("garden", "alice")
        assert message.mentions("bot") and not message.direct and [file.name for file in message.files] == ["note.txt"]
        assert isinstance(edited, Edited) and (edited.of, edited.text) == (message.seq, "hello bot")
        assert isinstance(reacted, Reacted) and reacted.emoji == "👍"
        assert deleted.of == message.seq


async def test_deeds(server: ServerProcess, tmp_path: Path) -> None:
    async with person(server.port, "alice", tmp_path) as alice, bot(server, tmp_path) as chat:
        await alice.join("garden", create=True)
        await chat.join("garden", create=True)
        asked = await alice.send("garden", "who is there?")
        path = tmp_path / "answer.txt"
        path.write_text("it is I")
        answer = await chat.reply(replace(asked, chat=chat), "I am", files=[path])
        await answer.edit("I am here")
        await chat.react(answer, "🎉")
        await chat.send("@alice", "psst")
        found = await alice.message("garden", answer.seq)
        assert found is not None and (found.text, found.reply_to, found.edited) == ("I am here", asked.seq, True)
        assert found.reactions == {"🎉": ("bot",)} and found.user == "bot"
        assert (await alice.fetch(found.files[0])).read_text() == "it is I"
        assert {room.room for room in await chat.rooms()} == {"garden", "lobby"}
        assert {member.user for member in await chat.members("garden")} == {"alice", "bot"}
        await chat.create("shed", private=True)
        with pytest.raises(Refused):
            await alice.send("shed", "may I?")
        await chat.invite("shed", "alice")
        await alice.send("shed", "thank you")
        assert [each.text for each in await chat.search("am here", room="garden")] == ["I am here"]
        assert await texts(alice, "@bot") == ["psst"]
        await answer.delete()
        gone = await alice.message("garden", answer.seq)
        assert gone is not None and gone.deleted and gone.text == ""
        await chat.leave("garden")
        with pytest.raises(Refused) as refused:
            await chat.send("garden", "still?")
        assert refused.value.code == "not_member"


async def test_two_that_make_a_room_at_once_are_both_in_it(server: ServerProcess, tmp_path: Path) -> None:
    async with person(server.port, "alice", tmp_path) as alice, bot(server, tmp_path) as chat:
        await asyncio.gather(*(each.join("garden", create=True) for each in (alice, chat)))
        assert {member.user for member in await chat.members("garden")} == {"alice", "bot"}


async def test_a_room_that_is_there_by_the_next_run_takes_no_deed_for_another(
    server: ServerProcess, tmp_path: Path
) -> None:
    """The first run makes the room, the second one joins it only: what follows bears the same ids in both."""
    async with person(server.port, "alice", tmp_path) as alice:
        async with bot(server, tmp_path):
            """Begins here."""
        await alice.send("lobby", "go")
        with pytest.raises(RuntimeError):
            async with bot(server, tmp_path) as chat:
                async for _ in chat.events():
                    await chat.join("den", create=True)
                    raise RuntimeError("as if it had been killed")
        async with bot(server, tmp_path) as chat:
            async for _ in chat.events():
                await chat.join("den", create=True)
                await chat.send("den", "here I am")
                break
            assert await texts(chat, "den") == ["here I am"]


async def test_the_same_key_is_the_same_deed(server: ServerProcess, tmp_path: Path) -> None:
    async with bot(server, tmp_path) as chat:
        first = await chat.send("lobby", "good morning", once="morning.1")
        again, beside = await asyncio.gather(*(chat.send("lobby", "good morning", once="morning.1") for _ in range(2)))
        assert first.seq == again.seq == beside.seq
        await chat.send("lobby", "good morning")
        assert await texts(chat, "lobby") == ["good morning"] * 2  # without a key it is another deed


async def test_commands_get_their_words(server: ServerProcess, tmp_path: Path) -> None:
    called = []
    chat = bot(server, tmp_path)

    @chat.command("remind")
    async def remind(message: Message, when: str, what: str = "nothing") -> None:
        called.append((message.user, when, what))
        await message.reply("noted")

    async with person(server.port, "alice", tmp_path) as alice, chat:
        running = asyncio.create_task(chat.run())
        await alice.send("lobby", "!remind 10m the soup\n is ready ")
        await alice.send("lobby", "!REMIND 5m")
        await alice.send("lobby", "!remind")
        await alice.send("lobby", "!unknown")
        await heard(alice, "!remind is used so: !remind WHEN [WHAT]")
        chat.stop()
        await running
        assert called == [("alice", "10m", "the soup\n is ready"), ("alice", "5m", "nothing")]
        assert (await texts(alice, "lobby")).count("noted") == 2


async def test_commands_run_beside_one_another_and_no_more_than_so_many(server: ServerProcess, tmp_path: Path) -> None:
    running, most = 0, 0
    full, go_on = asyncio.Event(), asyncio.Event()
    chat = bot(server, tmp_path, at_once=3)

    @chat.command("work")
    async def work(message: Message) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == 3:
            full.set()
        await go_on.wait()
        running -= 1
        await message.react("👍")

    async with person(server.port, "alice", tmp_path) as alice, chat:
        task = asyncio.create_task(chat.run())
        for _ in range(7):
            await alice.send("lobby", "!work")
        async with asyncio.timeout(10):
            await full.wait()
        go_on.set()
        reacted = 0
        async for event in alice.events():
            reacted += isinstance(event, Reacted)
            if reacted == 7:
                break
        chat.stop()
        await task
        assert most == 3


async def test_an_exception_in_a_command_is_logged_and_the_bot_goes_on(
    server: ServerProcess, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chat = bot(server, tmp_path)

    @chat.command("divide")
    async def divide(message: Message, number: str) -> None:
        await message.reply(str(10 // int(number)))

    async with person(server.port, "alice", tmp_path) as alice, chat:
        task = asyncio.create_task(chat.run())
        await alice.send("lobby", "!divide 0")
        await alice.send("lobby", "!divide 2")
        await heard(alice, "5")
        chat.stop()
        await task
    assert "ZeroDivisionError" in caplog.text and "The command divide failed" in caplog.text
    async with bot(server, tmp_path) as chat:
        assert chat._progress.through >= 3 and not chat._progress.done  # both count as handled


async def test_it_goes_on_where_it_stopped_and_handles_nothing_twice(server: ServerProcess, tmp_path: Path) -> None:
    seen: list[str] = []

    async def listen(until: str) -> None:
        async with bot(server, tmp_path) as chat, asyncio.timeout(20):
            async for event in chat.events():
                if isinstance(event, Message):
                    seen.append(event.text)
                    if event.text == until:
                        break

    async with bot(server, tmp_path):
        pass
    async with person(server.port, "alice", tmp_path) as alice:
        for number in range(5):
            await alice.send("lobby", f"before {number}")
        await listen("before 4")
        for number in range(5):
            await alice.send("lobby", f"while away {number}")
        removed = await alice.send("lobby", "taken away before the bot hears of it")
        await alice.delete(removed)
        await listen("while away 4")
    assert seen == [f"before {number}" for number in range(5)] + [f"while away {number}" for number in range(5)]


async def test_all_that_was_missed_comes_however_much_it_is(
    start_server: Callable[..., ServerProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a window would ask for (it takes the newest page then)."""
    monkeypatch.setattr("chatclient.catchup.SYNC_REACH", 5)
    monkeypatch.setattr("shared.rules.SYNC", 40)
    server = start_server("--limits", "off")
    async with bot(server, tmp_path):
        pass
    async with person(server.port, "alice", tmp_path) as alice:
        await asyncio.gather(*(alice.send("lobby", f"n{number}") for number in range(150)))
    async with bot(server, tmp_path) as chat, asyncio.timeout(30):
        found = []
        async for event in chat.events():
            if isinstance(event, Message):
                found.append(event.text)
            if len(found) == 150:
                break
    assert found == [f"n{number}" for number in range(150)]


async def test_other_bots_are_no_events_unless_they_are_asked_for(server: ServerProcess, tmp_path: Path) -> None:
    async with (
        connect(f"127.0.0.1:{server.port}", user="other", home=tmp_path / "other") as other,
        connect(f"127.0.0.1:{server.port}", user="curious", home=tmp_path / "curious", bots=True, own=True) as curious,
        bot(server, tmp_path) as chat,
    ):
        await other.send("lobby", "I am a bot")
        await curious.send("lobby", "so am I")
        found = []
        async for event in curious.events():
            found += [event.text] if isinstance(event, Message) else []
            if "so am I" in found:
                break
        assert found == ["I am a bot", "so am I"]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                async for event in chat.events():
                    assert not isinstance(event, Message)


async def test_the_server_dies_and_comes_back(server: ServerProcess, tmp_path: Path) -> None:
    chat = bot(server, tmp_path)

    @chat.command("ask")
    async def ask(message: Message) -> None:
        await message.reply(f"{len(await chat.members('lobby'))} people")

    async with person(server.port, "alice", tmp_path) as alice, chat:
        task = asyncio.create_task(chat.run())
        await alice.send("lobby", "!ask")
        await heard(alice, "2 people")
        server.kill()
        sending = asyncio.create_task(alice.send("lobby", "!ask"))
        server.start()
        await sending
        await heard(alice, "2 people")
        chat.stop()
        await task
        assert (await texts(alice, "lobby")).count("2 people") == 2


async def test_one_program_at_a_time_has_the_state(server: ServerProcess, tmp_path: Path) -> None:
    async with bot(server, tmp_path):
        with pytest.raises(StateError, match="Another run of this bot"):
            await bot(server, tmp_path).__aenter__()
    async with bot(server, tmp_path):
        pass


async def test_a_sign_in_that_is_refused_comes_out_of_the_beginning(server: ServerProcess, tmp_path: Path) -> None:
    async with bot(server, tmp_path):
        with pytest.raises(Refused) as refused:
            await connect(f"127.0.0.1:{server.port}", user="bot", home=tmp_path / "elsewhere").__aenter__()
    assert refused.value.code == "name_taken"


async def test_nobody_there(free_port: int, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="Nothing answers"):
        await connect(f"127.0.0.1:{free_port}", user="bot", home=tmp_path, patience=0.3).__aenter__()


async def test_signed_out_by_somebody_the_bot_ends_with_the_reason(server: ServerProcess, tmp_path: Path) -> None:
    async with bot(server, tmp_path) as chat:
        (session,) = await chat.client.sessions()

        async def listen() -> None:
            async for _ in chat.events():
                pass

        listening = asyncio.create_task(listen())
        await chat.client.sign_out(session.session)
        with pytest.raises(Refused) as refused:
            async with asyncio.timeout(10):
                await listening
        assert refused.value.code in ("bad_credentials", "name_taken")


async def test_an_event_that_fails_twice_is_passed_over(
    server: ServerProcess, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def listen() -> list[str]:
        found = []
        async with bot(server, tmp_path) as chat, asyncio.timeout(10):
            async for event in chat.events():
                if isinstance(event, Message):
                    found.append(event.text)
                    if event.text == "poison":
                        raise LookupError
                    if event.text == "last":
                        break
        return found

    async with bot(server, tmp_path):
        pass
    async with person(server.port, "alice", tmp_path) as alice:
        for text in ("first", "poison", "last"):
            await alice.send("lobby", text)
    for _ in range(2):
        with pytest.raises(LookupError):
            await listen()
    assert await listen() == ["last"]
    assert [record.levelno for record in caplog.records if "passed over" in record.message] == [logging.ERROR]
