"""`export`, `rooms` and `search` at a real server, and that none of the scripts needs a screen or Tk."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatclient import Chat, Message
from tests.bots.running import person
from tests.processes import PATIENCE, ROOT, ServerProcess
from tests.scripts.shell import Shell

pytestmark = pytest.mark.process

LINES = 215
"""More than a page."""
WITHOUT_TK = """
import sys
for name in ("tkinter", "_tkinter", "customtkinter", "tkinterdnd2"):
    sys.modules[name] = None
from chatclient.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


async def talk(server: ServerProcess, home: Path) -> None:
    """A conversation of several pages, with some of everything."""
    async with person(server.port, "alice", home) as alice, person(server.port, "bob", home) as bob:
        await alice.create("garden", "What <grows>")
        await bob.join("garden")
        roses = await alice.send("garden", "**roses** & <script>alert(1)</script>")
        await bob.reply(in_hands_of(bob, roses), "what for?")
        tulips = await bob.send("garden", "tullips")
        await tulips.edit("tulips, with `code`")
        await alice.react((tulips.room, tulips.seq), "🌷")
        wrong = await alice.send("garden", "a secret")
        await alice.delete(wrong)
        await bob.send("garden", "see https://harbour.example/a?b=1&c=2", files=[bob.attach(data=b"x", name="<b>.txt")])
        for number in range(LINES):
            bob.client.send("garden", f"line {number}")
        await bob.send("garden", "the last")
        await bob.send("@alice", "between us")


def in_hands_of(chat: Chat, message: Message) -> Message:
    """A message as somebody else has it."""
    return replace(message, chat=chat)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shell, Shell]]:
    """alice's and bob's shells after that conversation, of which nothing is changed any more."""
    folder = tmp_path_factory.mktemp("talk")
    server = ServerProcess(folder / "history", ("--limits", "off"))
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLEY_KEYRING", "off")
        asyncio.run(talk(server, folder), debug=True)
    yield Shell(folder, server.port, "alice"), Shell(folder, server.port, "bob")
    server.kill()


def test_export(readers: tuple[Shell, Shell], tmp_path: Path) -> None:
    alice, _ = readers
    entries = [json.loads(line) for line in alice.do("export", "garden", "--format", "json").splitlines()]
    texts = [entry.get("text") for entry in entries]
    assert [entry["seq"] for entry in entries] == sorted({entry["seq"] for entry in entries})
    assert (len(entries), texts[-1]) == (LINES + 8, "the last")
    assert texts[7:-1] == [f"line {number}" for number in range(LINES)]
    edited, deleted = entries[4], entries[5]
    assert (edited["text"], edited["reactions"]) == ("tulips, with `code`", {"🌷": ["alice"]})
    assert edited["edited"] and deleted["deleted"] and deleted["text"] == ""

    text = alice.do("export", "garden")
    assert "  alice  **roses** & <script>alert(1)</script>\n" in text
    assert "(to alice: roses & <script>alert(1)</script>)" in text
    assert "tulips, with `code` (edited)\n" in text and "🌷 alice\n" in text and "alice deleted a message\n" in text
    assert "[<b>.txt, 1 bytes]" in text and "a secret" not in text and "tullips" not in text

    page = tmp_path / "garden.html"
    assert alice.do("export", "garden", "--format", "html", "--out", str(page)) == ""
    html = page.read_text("utf-8")
    assert "<strong>roses</strong> &amp; &lt;script&gt;alert(1)&lt;/script&gt;" in html and "<script" not in html
    assert "What &lt;grows&gt;" in html and "[&lt;b&gt;.txt, 1 bytes]" in html and "a secret" not in html
    assert '<a href="https://harbour.example/a?b=1&amp;c=2" rel=' in html and html.count("https://") == 2
    assert html.rstrip().endswith("</html>") and "🌷 alice" in html and 'class="edited"' in html

    markdown = alice.do("export", "garden", "--format", "md")
    assert "**roses** \\& \\<script\\>alert(1)\\</script\\>" in markdown and "a secret" not in markdown
    assert "tulips, with `code`" in markdown and "**bob** " in markdown

    assert alice.do("export", "garden", "--until", "yesterday") == ""
    nothing = alice.run("export", "garden", "--since", "2026-01-02", "--until", "2026-01-01")
    assert nothing.returncode == 2 and "nothing lies between them" in nothing.stderr
    assert len(alice.do("export", "garden", "--since", "today", "--format", "json").splitlines()) == LINES + 8
    assert "between us" in alice.do("export", "@bob")
    assert alice.run("export", "shed").stderr == "There is no room called shed.\n"
    failed = alice.run("export", "shed", "--out", str(page))
    assert failed.returncode == 1 and page.read_text("utf-8") == html
    assert [path.name for path in tmp_path.glob("*.html*")] == ["garden.html"]
    nowhere = alice.run("export", "garden", "--out", "/nonexistent/x")
    assert (
        nowhere.returncode == 1 and nowhere.stderr == "/nonexistent/x cannot be written: No such file or directory.\n"
    )


def test_rooms_and_search(readers: tuple[Shell, Shell]) -> None:
    alice, bob = readers
    rows = [line.split() for line in alice.do("rooms").splitlines()]
    assert rows[0] == ["room", "members", "unread", "topic"]
    assert [row[0] for row in rows[1:]] == ["garden", "lobby", "@bob"]
    assert rows[1][1:] == ["2", str(LINES + 4), "What", "<grows>"]
    told = {room["room"]: room for room in map(json.loads, bob.do("rooms", "--json").splitlines())}
    assert told["@alice,bob"]["with"] == "alice" and told["garden"]["joined"]

    found = alice.do("search", "line 21").splitlines()
    assert [line.split("  ")[-1] for line in found[2:]] == [
        "line 21",
        *(f"line {number}" for number in range(210, LINES)),
    ]
    assert found[1] == "#garden"
    everything = alice.do("search", "line", "--limit", "0", "--json").splitlines()
    assert [json.loads(line)["text"] for line in everything] == [f"line {number}" for number in range(LINES)]
    some = alice.do("search", "line", "--limit", "3", "--json", "--room", "garden", "--from", "bob").splitlines()
    assert [json.loads(line)["text"] for line in some] == [f"line {number}" for number in range(LINES - 3, LINES)]
    assert alice.do("search", "line", "--from", "alice") == ""
    assert alice.do("search", "line", "--until", "yesterday") == alice.do("search", "a secret") == ""
    assert "between us" in alice.do("search", "between", "--room", "@bob")
    refused = alice.run("search", "")
    assert refused.returncode == 1 and len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["send", "tail", "export", "rooms", "search"])
def test_neither_a_screen_nor_tk_is_needed(standing_alice: Shell, name: str) -> None:
    words = {"send": ("lobby", "x"), "tail": ("lobby", "--no-follow"), "export": ("lobby",), "search": ("hello",)}
    command = [sys.executable, "-c", WITHOUT_TK, name, *words.get(name, ())]
    done = subprocess.run(
        command, env=standing_alice.environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_window_says_what_is_missing_where_tk_is(tmp_path: Path) -> None:
    """The control: without a subcommand it is the window, which does need them."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TK], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1 and done.stderr.startswith("The window needs Tk, which this Python lacks")


def test_importing_chatclient_costs_nothing() -> None:
    program = "import sys, chatclient; print(*(name for name in sys.modules if name.split('.')[0] in sys.argv))"
    done = subprocess.run(
        [sys.executable, "-c", program, "chatclient", "msgspec", "shared"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "chatclient\n"
