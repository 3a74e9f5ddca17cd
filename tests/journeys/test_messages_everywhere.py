"""Two windows and a bot edit, delete, react, reply, attach and search, over a crash; all three and the file agree."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.bot import Bot
from tests.journeys.filed import folded
from tests.journeys.screen import Screen, Window, wait_for
from tests.processes import ServerProcess


def is_there(*windows: Window, text: str) -> None:
    for window in windows:
        wait_for(lambda window=window: text in window.texts(), f"{text!r} in a window", 40)


def is_gone(*windows: Window, text: str) -> None:
    for window in windows:
        wait_for(lambda window=window: text not in window.texts(), f"{text!r} to go", 40)


def rewrite_last(window: Window, text: str) -> None:
    """↑ in the empty box, everything anew, Enter."""
    window.focus()
    window.press("Up", "ctrl+a")
    window.type(text)


def on_newest(window: Window, *keys: str) -> None:
    """Choose the newest message by the keyboard, and press these."""
    window.focus()
    window.press("shift+Tab", "shift+Tab", *keys)


@pytest.mark.slow
def test_all_that_is_done_with_messages_over_a_crash(
    screen: Screen, start_server: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    server = start_server("--name", "Harbour", "--limits", "off")
    alice = screen.open(server.port, "alice", tmp_path / "alice")
    bob = screen.open(server.port, "bob", tmp_path / "bob")
    windows = (alice, bob)
    for window in windows:
        wait_for(lambda window=window: "Harbour" in window.title(), "the conversation")
    bot = Bot(server.port, "carol")
    try:
        alice.type("first draft")
        is_there(bob, text="first draft")
        rewrite_last(alice, "the plan is good")
        is_there(*windows, text="the plan is good")
        is_gone(*windows, text="first draft")
        plan = bot.seq("the plan is good")
        bot.ask(lambda: bot.client.react("lobby", plan, "👍"))
        bot.ask(lambda: bot.client.send("lobby", "I agree with it", reply_to=plan))
        is_there(*windows, text="I agree with it")
        on_newest(bob, "r")
        bob.type("so do I")
        is_there(*windows, text="so do I")
        on_newest(alice, "plus")
        alice.type_only("party pop")
        alice.press("Return")
        wait_for(lambda: [r.emoji for row in bot.rows() for r in row.reactions] == ["👍", "🎉"], "alice's reaction")
        alice.press("Escape")
        bot.ask(lambda: bot.client.send("lobby", "a slip of the bot"))
        is_there(*windows, text="a slip of the bot")

        server.kill()
        for window in windows:
            wait_for(lambda window=window: "Harbour does not answer." in " ".join(window.texts()), "the banner", 40)
        before = len(folded(server.history))
        rewrite_last(alice, "the plan is better now")
        bob.type("typed while nobody listens")
        slip = bot.seq("a slip of the bot")
        bot.ask(lambda: bot.client.delete("lobby", slip))
        bot.ask(lambda: bot.client.react("lobby", plan, "🚀"))
        bot.ask(lambda: bot.client.attach(data=picture(tmp_path), name="plan.png") and None)
        assert len(folded(server.history)) == before

        server.start()
        for window in windows:
            is_there(window, text="the plan is better now")
            is_there(window, text="typed while nobody listens")
            is_gone(window, text="a slip of the bot")
            wait_for(lambda window=window: "Waiting" not in window.texts(), "what waited to be delivered", 40)
        upload = bot.ask(lambda: bot.client.attach(data=picture(tmp_path), name="plan.png"))
        bot.ask(lambda: bot.client.send("lobby", "here it is drawn", files=[upload]))
        is_there(*windows, text="here it is drawn")

        bob.focus()
        bob.press("ctrl+f")
        bob.type_only("nobody listens")
        wait_for(lambda: "1 message in 1 room" in bob.texts(), "the hit")
        bob.press("Escape")

        said = folded(server.history)
        left = [message for message in said.values() if not message.deleted]
        assert [message.text for message in left] == [
            "the plan is better now",
            "I agree with it",
            "so do I",
            "typed while nobody listens",
            "here it is drawn",
        ], "each once, in one order"
        assert left[0].edited and left[0].reactions == {"👍": {"carol"}, "🚀": {"carol"}}
        assert left[2].reactions == {"🎉": {"alice"}} and left[4].files == ["plan.png"]
        for window in windows:
            wait_for(lambda window=window: window.shows(*(message.text for message in left)), "the file's order", 40)
            wait_for(lambda window=window: "carol deleted a message" in window.texts(), "the tombstone")
            for message in left:  # an answer shows what it answers once more
                answers = sum(other.reply_to == seq for other in left for seq, m in said.items() if m is message)
                assert window.texts().count(message.text) == 1 + answers
        rows = bot.rows()
        assert [row.text for row in rows if row.kind == "message"] == [message.text for message in left]
        for row in rows:
            told = {reaction.emoji: set(reaction.names) for reaction in row.reactions}
            wanted = (
                {} if said[row.seq].deleted else {e: names for e, names in said[row.seq].reactions.items() if names}
            )
            assert told == wanted
    finally:
        bot.end()
    for window in windows:
        assert window.end() == 0
        assert window.output == ""
    assert server.stop() == 0


def picture(folder: Path) -> bytes:
    path = folder / "plan.png"
    Image.new("RGB", (320, 200), (91, 91, 214)).save(path)
    return path.read_bytes()
