"""What people do with messages at a terminal: edit, answer, react, delete, complete, send files; and hostile texts.

All of it at one terminal, alice's, at one server; each test has a room of its own, which nothing else is said in.
"""

import hashlib
import itertools
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer, close_all
from tests.terminal.tmux import Terminal, Tmux

pytestmark = [pytest.mark.terminal, pytest.mark.slow]

_rooms = itertools.count(1)


class Table(NamedTuple):
    """A room with bob and carol, who have no terminal, and alice, who looks at it."""

    room: str
    alice: Terminal
    bob: Peer
    carol: Peer


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server of all of them."""
    server = ServerProcess(tmp_path_factory.mktemp("harbour"), ("--limits", "off", "--name", "Harbour"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def shared_alice(
    terminals: Tmux, harbour: ServerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    """alice, signed in."""
    home = tmp_path_factory.mktemp("homes") / "alice"
    terminal = terminals.open(f"127.0.0.1:{harbour.port}", "--user", "alice", home=home)
    terminal.until("# lobby", "F1 help", patience=20)
    yield terminal
    terminal.press("C-q")
    assert terminal.ends() == 0


@pytest.fixture
async def table(harbour: ServerProcess, shared_alice: Terminal) -> AsyncIterator[Table]:
    """alice looks at an empty room with the two others; nothing was complained of at the end."""
    bob, carol = await Peer.sign_in(harbour.port, "bob"), await Peer.sign_in(harbour.port, "carol")
    try:
        room = f"room{next(_rooms)}"
        await bob.change("create", room)
        await carol.change("join", room)
        shared_alice.resize(80, 24)
        shared_alice.press("Escape")
        shared_alice.press("C-c")
        shared_alice.enter(f"/join {room}")
        shared_alice.until(f"# {room}  3 members")
        await bob.until("joined", room=room, user="alice")
        yield Table(room, shared_alice, bob, carol)
        assert shared_alice.complaints == ""
    finally:
        await close_all(bob, carol)


async def test_messages_for_one_person_and_for_everybody(table: Table) -> None:
    _, alice, bob, _ = table
    alice.enter("/create quiet")
    alice.until("# quiet")
    alice.enter("/all hear hear")
    assert (await bob.until("message"))["room"] == "lobby"
    alice.enter("/msg bob only you")
    assert (await bob.until("message"))["room"] == "@alice,bob"
    alice.until("● bob  online", "▏ only you")
    alice.enter("/status busy writing", "/nick Al")
    alice.until("⊘ Al ")
    alice.enter("/status online", "/nick alice")
    alice.until("● alice ")  # the sooner the fewer came and went before: this test is the first
    alice.enter("/rooms")
    alice.until("┌", "#lobby", "#quiet")
    alice.press("Escape")
    alice.gone("┌")
    alice.enter("/help")
    alice.until("Keys and commands", "Break the line")
    alice.type("react")
    alice.until("/react emoji")
    alice.press("Escape")
    alice.gone("┌")
    alice.enter("/invitation")
    alice.until("chat://127.0.0.1:", "lets 5 people in")


async def test_editing_answering_reacting_and_deleting(table: Table) -> None:
    room, alice, bob, _ = table
    alice.enter("Lunch at twelv?")
    alice.until("▏ Lunch at twelv?")
    mine = (await bob.until("message"))["seq"]

    alice.press("Up")
    alice.until("Editing: Lunch at twelv?", "✎ Lunch at twelv?")
    alice.press("BSpace")
    alice.enter("e?")
    alice.until("▏ Lunch at twelve? (edited)")
    assert (await bob.until("edited", of=mine))["text"] == "Lunch at twelve?"
    alice.press("Up")
    alice.until("Editing")
    alice.press("Escape")
    alice.gone("Editing")

    answer = await bob.change("post", room, text="Fine by me", reply_to=mine)
    alice.until("↳ alice: Lunch at twelve?", "  Fine by me")
    alice.enter("/react :tada:")
    assert (await bob.until("reacted", of=answer["seq"]))["emoji"] == "🎉"
    alice.until("🎉 1")
    alice.enter("/react 🎉")
    assert (await bob.until("reacted", of=answer["seq"]))["removed"]
    alice.gone("🎉 1")

    alice.press("C-Up")
    alice.when(lambda _: "\x1b[7m" in alice.colours.split("Fine by me")[0].split("twelve?")[-1], "mark on it")
    alice.press("M-r")
    alice.until("Answering bob: Fine by me")
    alice.enter("See you then")
    assert (await bob.until("message", user="alice"))["reply_to"] == answer["seq"]
    alice.until("▏ ↳ bob: Fine by me", "▏ See you then")

    alice.press("C-Up", "C-Up", "C-Up")
    alice.enter("/reply to the first")
    assert (await bob.until("message", user="alice", text="to the first"))["reply_to"] == mine
    alice.when(lambda screen: "▏ to the first" in screen and "(sending)" not in screen, "stored reply")
    alice.enter("/delete")
    alice.until("Delete “to the first” for everybody?")
    alice.press("n")
    alice.gone("for everybody?")
    alice.enter("/delete")
    alice.until("for everybody?")
    alice.press("y")
    await bob.until("deleted")
    alice.until("✗ alice deleted a message")


async def test_a_refused_command_stays_to_be_mended(table: Table) -> None:
    alice = table.alice
    for line, sentence in {
        "/nothing": "There is no command /nothing.",
        "/react what": "A reaction is one emoji and nothing else.",
        "/delete": "There is no message here that you can delete.",
        "/attach /no/such/file": "There is no file /no/such/file.",
        "/attach ~nobody-here/cat.png": "There is no file ~nobody-here/cat.png.",
        "/join nowhere": "There is no room called nowhere",
        "/status tired": "One is online, away or busy",
    }.items():
        alice.enter(line)
        alice.until(sentence)
        assert line == "/join nowhere" or f"> {line}" in alice.screen, "it can be mended"
        alice.press("C-c")
        alice.gone(sentence)
    alice.enter(f"/attach {'x' * 300}")  # a longer name than a file can have
    alice.until("There is no file")


async def test_completing_with_tab(table: Table) -> None:
    room, alice, _, carol = table
    await carol.change("create", "garden")
    alice.enter("/join garden")
    alice.until("# garden  2 members")
    alice.enter(f"/join {room}")
    alice.until(f"# {room}  3 members")
    alice.type("@bo")
    alice.press("Tab")
    alice.until("> @bob")
    alice.type("see #gar")
    alice.press("Tab")
    alice.until("> @bob see #garden")
    alice.type(":rocke")
    alice.press("Tab")
    alice.until("> @bob see #garden 🚀")
    alice.type(":wave:")
    alice.press("Enter")
    alice.until("▏ @bob see #garden 🚀 👋")
    alice.type("/attach ~nobody-here/")
    alice.press("Tab")
    alice.press("C-c")
    alice.gone("/attach")
    alice.type("/inv")
    alice.press("Tab")
    alice.until("/invitation", "/invite")
    alice.press("Tab")
    alice.until("> /invite")
    alice.press("Enter")  # takes it, and sends nothing
    alice.type("car")
    alice.press("Tab")
    alice.until("> /invite carol")
    alice.press("C-c")
    alice.gone("/invite")


async def test_lines_that_are_long_or_many_or_pasted(table: Table) -> None:
    _, alice, bob, _ = table
    alice.type("one")
    alice.press("M-Enter")
    alice.type("two")
    alice.press("C-j")
    alice.type("three")
    alice.press("Enter")
    assert (await bob.until("message"))["text"] == "one\ntwo\nthree"
    alice.paste("four\nfive\n/six")
    alice.until("> four", "  /six")
    alice.press("Enter")
    assert (await bob.until("message"))["text"] == "four\nfive\n/six", "what is pasted is not sent by itself"
    alice.paste("word " * 200)
    screen = alice.until("F1 help", "word word")
    assert "five" in screen, "a long text leaves the conversation in sight"
    alice.press("Enter")
    assert (await bob.until("message"))["text"] == "word " * 200


HOSTILE = {
    "\x1b[2J\x1b[1;1Hgone": r"\x1b[2J\x1b[1;1Hgone",
    "\x1b]0;title\x07 bell": r"\x1b]0;title\x07 bell",
    "\x9b31mred\x9c": r"\x9b31mred\x9c",
    "a\rb\x08c\x7fd": "b\\x08c\\x7fd",
    "\u202etxt.exe\u202c": r"\u202etxt.exe\u202c",
    "zero\u200bwidth\u200d\ufeff": "zerowidth",
    "family 👨‍👩‍👧 end": "family :family_man_woman_girl: end",
    "tone 👍🏽 end": "tone 👍 end",
    "heart ❤️ end": "heart ❤ end",
    "flag 🇩🇪 end": "flag :de: end",
    "wide 上海上海 end": "wide 上海上海 end",
    "tab\tend": "tab    end",
}


async def test_hostile_texts_command_nothing(table: Table) -> None:
    room, alice, bob, _ = table
    alice.resize(80, 40)
    for text in HOSTILE:
        await bob.change("post", room, text=text)
    await bob.change("post", room, text="z" + "\u0301" * 400 + " end of marks")
    await bob.change("topic", room, topic="topic \x1b[31m red")
    screen = alice.until("end of marks", r"topic \x1b[31m red")
    for shown in HOSTILE.values():
        assert shown in screen, shown
    assert "│ " in screen.split("\n")[0], "nothing was cleared"
    rooms = {line.index("│") for line in screen.split("\n") if "│" in line}
    assert rooms == {20}, "every line is as wide as was thought"
    assert re.search(r"\x1b\[31m red", alice.colours) is None
    await bob.change("post", room, text="w" * 15_000)
    alice.until("wwwww" * 10)


async def test_files_are_sent_listed_and_saved(
    table: Table, terminals: Tmux, harbour: ServerProcess, tmp_path: Path
) -> None:
    room, alice, *_ = table
    link = f"chat://127.0.0.1:{harbour.port}/{room}"
    dave = terminals.open(link, "--user", "dave", home=tmp_path / "dave")
    content = bytes(range(256)) * 200
    (tmp_path / "alice notes.bin").write_bytes(content)
    (tmp_path / "to").mkdir()
    for terminal in (alice, dave):
        terminal.until(f"# {room}  4 members")
    alice.enter(f'/attach "{tmp_path}/alice notes.bin" for you')
    alice.until("[alice notes.bin 50 KB]")
    dave.until("  for you", "[alice notes.bin 50 KB]")
    dave.enter("/files")
    dave.until("1  alice notes.bin", "50 KB, alice")
    dave.press("Escape")
    dave.gone("┌")
    dave.enter(f"/files save 1 {tmp_path}/to")
    dave.until("Saved as")
    dave.enter("/files save 1 /proc/no-such-folder/notes.bin")
    dave.until("cannot be written")
    dave.press("C-q")
    assert dave.ends() == 0 and dave.complaints == ""
    saved = (tmp_path / "to" / "alice notes.bin").read_bytes()
    assert hashlib.sha256(saved).digest() == hashlib.sha256(content).digest()


async def test_searching_leads_to_the_message(
    table: Table, terminals: Tmux, harbour: ServerProcess, tmp_path: Path
) -> None:
    room, _, bob, _ = table
    await bob.change("post", room, text="the needle is here")
    for number in range(150):
        await bob.send(type="post", id=f"n{number}", room=room, text=f"straw {number}")
    await bob.until(type="ok", id="n149")
    link = f"chat://127.0.0.1:{harbour.port}/{room}"
    erin = terminals.open(link, "--user", "erin", home=tmp_path / "erin")  # who has not loaded all of that
    erin.until("straw 149", patience=20)
    erin.press("C-f")
    erin.type("needle")
    erin.press("Enter")
    erin.until("Found: needle", "bob: the needle is here")
    erin.press("Enter")
    screen = erin.until("  the needle is here", "straw 10", "More below")
    assert "straw 149" not in screen
    erin.press("Escape")
    erin.until("straw 149")
    erin.press("C-q")
    assert erin.ends() == 0 and erin.complaints == ""
