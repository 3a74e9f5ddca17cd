"""What stands round a conversation fits its place and loses first what matters least."""

from datetime import UTC

import pytest

from chatclient.events import Disconnected
from chatclient.jump import Place
from chatclient.model import Model
from chatclient.terminal import jumping, panels
from chatclient.terminal.cells import columns


def foot(cells: int) -> str:
    """What the foot says while there is no connection."""
    model = Model("alice", "Harbour", UTC, 0.0)
    model.apply(Disconnected("Nothing answers at 127.0.0.1, port 12345.", 8.0), 0.0)
    line = panels.status(model, 0.0, cells)
    assert columns(line) == cells
    return "".join(text for _, text in line).strip()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (120, "○ No connection. Trying again in 8 s, /retry now. Nothing answers at 127.0.0.1, port 12345."),
        (80, "○ No connection. Trying again in 8 s, /retry now."),
        (40, "○ No connection."),
        (10, "○ No con…"),
    ],
)
def test_the_foot_says_no_half_sentences_but_the_first(cells: int, said: str) -> None:
    assert foot(cells) == said


@pytest.mark.parametrize(
    ("place", "note"),
    [
        (Place("room", "garden", unread=3, mentions=1), "1 mention, 3 unread"),
        (Place("room", "garden", unread=3, mentions=2), "2 mentions, 3 unread"),
        (Place("room", "garden", unread=3), "3 unread"),
        (Place("person", "bob", unread=2, mentions=2), "2 unread"),
        (Place("room", "garden"), ""),
    ],
)
def test_how_a_place_to_jump_to_tells_what_is_unread(place: Place, note: str) -> None:
    assert jumping.unread(place) == note
