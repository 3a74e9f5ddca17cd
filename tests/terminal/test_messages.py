"""What people do with messages at a terminal: edit, answer, react, delete, complete, send files; and hostile texts."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.processes import ServerProcess
from tests.terminal.conftest import Open, PeerAs

pytestmark = [pytest.mark.terminal, pytest.mark.slow]


async def test_editing_answering_reacting_and_deleting(open_as: Open, peer_as: PeerAs, harbour: ServerProcess) -> None:
    bob = await peer_as("bob")
    alice = open_as("alice")
    alice.until("# lobby  2 members")
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

    answer = await bob.change("post", "lobby", text="Fine by me", reply_to=mine)
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
    assert alice.complaints == ""


async def test_a_refused_command_stays_to_be_mended(open_as: Open) -> None:
    alice = open_as("alice")
    alice.until("# lobby")
    for line, sentence in {
        "/nothing": "There is no command /nothing.",
        "/react what": "A reaction is one emoji and nothing else.",
        "/delete": "There is no message here that you can delete.",
        "/attach /no/such/file": "There is no file /no/such/file.",
        "/join nowhere": "There is no room called nowhere",
        "/status tired": "One is online, away or busy",
    }.items():
        alice.enter(line)
        alice.until(sentence)
        assert line == "/join nowhere" or f"> {line}" in alice.screen, "it can be mended"
        alice.press("C-c")
        alice.gone(sentence)


async def test_completing_with_tab(open_as: Open, peer_as: PeerAs) -> None:
    await peer_as("bob")
    carol = await peer_as("carol")
    await carol.change("create", "garden")
    alice = open_as("alice")
    alice.until("# lobby  3 members")
    alice.enter("/join garden")
    alice.until("# garden  2 members")
    alice.press("M-Down")
    alice.until("# lobby  3 members")
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


async def test_lines_that_are_long_or_many_or_pasted(open_as: Open, peer_as: PeerAs) -> None:
    bob = await peer_as("bob")
    alice = open_as("alice")
    alice.until("# lobby  2 members")
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


async def test_hostile_texts_command_nothing(open_as: Open, peer_as: PeerAs) -> None:
    bob = await peer_as("bob")
    alice = open_as("alice", height=40)
    alice.until("# lobby  2 members")
    for text in HOSTILE:
        await bob.change("post", "lobby", text=text)
    await bob.change("post", "lobby", text="z" + "\u0301" * 400 + " end of marks")
    await bob.change("topic", "lobby", topic="topic \x1b[31m red")
    screen = alice.until("end of marks", r"topic \x1b[31m red")
    for shown in HOSTILE.values():
        assert shown in screen, shown
    assert "│ " in screen.split("\n")[0], "nothing was cleared"
    rooms = {line.index("│") for line in screen.split("\n") if "│" in line}
    assert rooms == {20}, "every line is as wide as was thought"
    assert re.search(r"\x1b\[31m red", alice.colours) is None
    await bob.change("post", "lobby", text="w" * 15_000)
    alice.until("wwwww" * 10)
    assert alice.complaints == ""


async def test_files_are_sent_listed_and_saved(open_as: Open, tmp_path: Path) -> None:
    content = bytes(range(256)) * 200
    (tmp_path / "alice notes.bin").write_bytes(content)
    (tmp_path / "to").mkdir()
    alice = open_as("alice")
    bob = open_as("bob")
    for terminal in (alice, bob):
        terminal.until("# lobby  2 members")
    alice.enter(f'/attach "{tmp_path}/alice notes.bin" for you')
    alice.until("[alice notes.bin 50 KB]")
    bob.until("  for you", "[alice notes.bin 50 KB]")
    bob.enter("/files")
    bob.until("1  alice notes.bin", "50 KB, alice")
    bob.press("Escape")
    bob.gone("┌")
    bob.enter(f"/files save 1 {tmp_path}/to")
    bob.until("Saved as")
    saved = (tmp_path / "to" / "alice notes.bin").read_bytes()
    assert hashlib.sha256(saved).digest() == hashlib.sha256(content).digest()


async def test_searching_leads_to_the_message(open_as: Open, peer_as: PeerAs) -> None:
    bob = await peer_as("bob")
    await bob.change("post", "lobby", text="the needle is here")
    for number in range(150):
        await bob.send(type="post", id=f"n{number}", room="lobby", text=f"straw {number}")
    await bob.until(type="ok", id="n149")
    alice = open_as("alice")
    alice.until("straw 149")
    alice.press("C-f")
    alice.type("needle")
    alice.press("Enter")
    alice.until("Found: needle", "bob: the needle is here")
    alice.press("Enter")
    screen = alice.until("  the needle is here", "straw 10", "More below")
    assert "straw 149" not in screen
    alice.press("Escape")
    alice.until("straw 149")


async def test_messages_for_one_person_and_for_everybody(open_as: Open, peer_as: PeerAs) -> None:
    bob = await peer_as("bob")
    alice = open_as("alice")
    alice.until("# lobby  2 members")
    alice.enter("/create quiet")
    alice.until("# quiet")
    alice.enter("/all hear hear")
    assert (await bob.until("message"))["room"] == "lobby"
    alice.enter("/msg bob only you")
    assert (await bob.until("message"))["room"] == "@alice,bob"
    alice.until("● bob  online", "▏ only you")
    alice.enter("/status busy writing", "/nick Al")
    alice.until("⊘ Al ")
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
