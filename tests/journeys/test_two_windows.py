"""Two people at their windows: they talk, the server dies, they type on, it comes back, and everything is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared import record
from shared.protocol import Message
from tests.journeys.screen import Screen, Window, wait_for
from tests.processes import ServerProcess


def stored_texts(history: Path) -> list[str]:
    """The messages in the file, in its order, the chain checked on the way."""
    lines = history.read_bytes().splitlines(keepends=True)
    _, chain = record.decode_header(lines[0])
    texts = []
    for line in lines[1:]:
        event, chain = record.decode(line, chain)
        if isinstance(event, Message):
            texts.append(event.text)
    return texts


@pytest.mark.slow
def test_talk_kill_type_on_restart(screen: Screen, start_server: Callable[..., ServerProcess], tmp_path: Path) -> None:
    server = start_server("--name", "Harbour")
    alice = screen.open(server.port, "alice", tmp_path / "alice")
    bob = screen.open(server.port, "bob", tmp_path / "bob")
    windows = [alice, bob]
    for window in windows:
        wait_for(lambda window=window: "Harbour" in window.title(), "the conversation")

    said = []

    def say(window: Window, text: str) -> None:
        said.append(text)
        window.type(text)
        wait_for(lambda: window.shows(text), f"{text!r} in the speaker's own window")

    say(alice, "good morning bob")
    wait_for(lambda: bob.shows("good morning bob"), "alice's words in bob's window")
    say(bob, "good morning alice")
    say(alice, "let us see what a crash does")
    for window in windows:
        wait_for(lambda window=window: window.shows(*said), "the same order in both windows")

    server.kill()
    say(alice, "typed while the server is dead")
    say(bob, "bob types too")
    say(alice, "and once more")
    for window in windows:
        wait_for(lambda window=window: "Waiting" in window.texts(), "what waits to be marked")
    assert stored_texts(server.history) == said[:3], "nothing was stored while nobody ran"
    assert not alice.shows("bob types too")

    server.start()
    for window in windows:
        wait_for(lambda window=window: "Waiting" not in window.texts(), "what waited to be delivered", 40)
        wait_for(lambda window=window: all(window.texts().count(text) == 1 for text in said), "all, once", 40)
    say(bob, "welcome back")
    wait_for(lambda: alice.shows("welcome back"), "talk to go on")

    texts = stored_texts(server.history)
    assert sorted(texts) == sorted(said), "each word once in the file"
    mine = [text for text in texts if text in ("typed while the server is dead", "and once more")]
    assert mine == ["typed while the server is dead", "and once more"], "in the order they were typed"
    carol = screen.open(server.port, "carol", tmp_path / "carol")
    for window in (alice, bob, carol):
        wait_for(lambda window=window: window.shows(*texts), "the file's order in every window")
        assert all(window.texts().count(text) == 1 for text in said)

    for window in (alice, bob, carol):
        assert window.end() == 0
        assert window.output == ""
    assert server.stop() == 0


@pytest.mark.slow
def test_a_window_closed_and_opened_again_has_everything(
    screen: Screen, start_server: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    server = start_server()
    alice = screen.open(server.port, "alice", tmp_path / "alice")
    wait_for(lambda: "lobby" in alice.title(), "the conversation")
    alice.type("remember this")
    wait_for(lambda: "Waiting" not in alice.texts() and alice.shows("remember this"), "it to be said")
    assert alice.end() == 0
    server.stop()
    server.start()
    again = screen.open(server.port, "alice", tmp_path / "alice")
    wait_for(lambda: again.shows("remember this"), "it to be there again")
    stranger = screen.open(server.port, "Alice", tmp_path / "mallory")
    wait_for(
        lambda: any("belongs to somebody" in text for text in stranger.texts() + stranger.labels()),
        "the name to be refused beside its field",
    )
