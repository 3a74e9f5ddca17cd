"""Two people see one another at their windows: who is here, who writes, what was seen, and who may put whom out."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.screen import Screen, Window, wait_for
from tests.processes import ServerProcess
from tests.server.peer import Peer


def sees(window: Window, *words: str) -> bool:
    """Whether the window shows a text with all of these words in it."""
    return any(all(word in text for word in words) for text in window.texts() + window.labels())


async def make_garden(port: int) -> None:
    """Somebody without a window makes a room and brings both in."""
    carol = await Peer.sign_in(port, "carol")
    await carol.change("create", "garden")
    for name in ("alice", "bob"):
        assert (await carol.change("invite", "garden", user=name))["type"] == "ok"
    await carol.close()


@pytest.mark.slow
def test_people_see_one_another(screen: Screen, start_server: Callable[..., ServerProcess], tmp_path: Path) -> None:
    server = start_server("--name", "Harbour", "--limits", "off")
    owner = (server.data / "owner-invitation.txt").read_text("utf-8").strip()
    alice = screen.open(server.port, "alice", tmp_path / "alice", "--invite", owner)
    wait_for(lambda: "Harbour" in alice.title(), "alice's conversation")
    bob = screen.open(server.port, "bob", tmp_path / "bob")
    wait_for(lambda: sees(alice, "2 online") and sees(bob, "2 online"), "each to be shown as here")

    bob.focus()
    subprocess.run(["xdotool", "type", "--delay", "20", "hello al"], env=bob.environment, check=True, timeout=20)
    wait_for(lambda: sees(alice, "bob is typing"), "bob's writing in alice's window")
    assert not sees(bob, "typing"), "nobody is told of their own writing"
    bob.type("ice")
    wait_for(lambda: alice.shows("hello alice"), "bob's words")
    wait_for(lambda: not sees(alice, "bob is typing"), "the line to go with what was written")
    alice.focus()
    wait_for(lambda: sees(bob, "Seen by alice"), "what alice has seen")

    alice.type("/msg bob only you")
    wait_for(lambda: sees(bob, "only you"), "a direct message in the list")
    assert "(1)" in bob.title(), "and its count in the title"

    server.kill()
    wait_for(lambda: sees(alice, "does not answer"), "the banner")
    assert not sees(alice, "2 online"), "nobody is called here while nobody knows"
    server.start()
    wait_for(lambda: sees(alice, "2 online"), "both to be here again", 40)
    wait_for(lambda: "(1)" in bob.title(), "the unread to outlive the crash", 40)

    bob.type("/join nowhere")
    wait_for(lambda: sees(bob, "There is no room called nowhere"), "the refusal over the composer")
    asyncio.run(make_garden(server.port))
    for window in (alice, bob):
        wait_for(lambda window=window: "garden" in window.texts(), "the room in both lists")
    alice.focus()
    alice.press("ctrl+k")
    alice.type("garden")
    wait_for(lambda: alice.title().startswith("garden"), "the room at alice's window")
    alice.type("/kick bob")
    wait_for(lambda: sees(bob, "alice removed you from garden"), "the sentence for who was put out")
    wait_for(lambda: "garden" not in bob.texts(), "the room to go from bob's list")
    for window in (alice, bob):
        assert window.end() == 0
        assert window.output == ""
