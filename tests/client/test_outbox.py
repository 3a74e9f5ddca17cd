"""The outbox: what goes out when, in which order, and again."""

from chatclient.drafts import Queued
from chatclient.outbox import Outbox
from shared.protocol import Edit, Leave, Post, SetProfile


def filled(count: int, window: int = 3) -> Outbox:
    outbox = Outbox(window)
    for i in range(1, count + 1):
        outbox.add(Post(id=f"c{i}", room="lobby", text="hello"))
    return outbox


def ids(changes: list[Queued]) -> list[str]:
    return [change.id for change in changes]


def test_a_window_at_a_time_in_order() -> None:
    outbox = filled(5)
    assert ids(outbox.take(0)) == ["c1", "c2", "c3"] and outbox.take(0) == []
    assert outbox.answered("c2") is not None and ids(outbox.take(0)) == ["c4"]
    assert outbox.answered("c2") is None
    assert len(outbox) == 4 and "c1" in outbox and "c2" not in outbox


def test_a_reconnect_sends_all_again_that_is_not_answered() -> None:
    outbox = filled(4)
    outbox.take(0)
    outbox.answered("c1")
    outbox.disconnected()
    assert ids(outbox.take(0)) == ["c2", "c3", "c4"]


def test_turned_away_waits_and_then_goes_one_at_a_time() -> None:
    outbox = filled(4)
    outbox.take(10)
    outbox.answered("c1")
    outbox.turned_away("c2", until=12)
    outbox.turned_away("c3", until=11)
    assert outbox.take(11.9) == [] and outbox.wait(11.5) == 0.5
    assert ids(outbox.take(12)) == ["c2"] and outbox.take(12) == [] and outbox.wait(12) is None
    outbox.answered("c2")
    assert ids(outbox.take(12)) == ["c3"]
    outbox.answered("c3")
    assert ids(outbox.take(12)) == ["c4"]
    outbox.answered("c4")
    for i in range(5, 8):
        outbox.add(Post(id=f"c{i}", room="lobby", text="hello"))
    assert ids(outbox.take(12)) == ["c5", "c6", "c7"]  # empty once: full speed again


def test_what_is_unknown_changes_nothing() -> None:
    outbox = filled(1)
    outbox.turned_away("other", until=99)
    assert ids(outbox.take(0)) == ["c1"] and outbox.wait(0) is None


def test_what_is_not_ready_holds_its_room_and_nothing_else() -> None:
    outbox = Outbox(4)
    waiting = Post(id="c1", room="lobby", text="", files=("~u1",))
    changes: list[Queued] = [
        waiting,
        Post(id="c2", room="lobby", text="behind it"),
        Edit(id="c3", room="lobby", of=1, text="of what stands"),
        Post(id="c4", room="garden", text="elsewhere"),
        SetProfile(id="c5", display="Alice"),
        Leave(id="c6", room="lobby"),
    ]
    for change in changes:
        outbox.add(change)
    assert ids(outbox.take(0, lambda change: change is not waiting)) == ["c3", "c4", "c5"]
    outbox.disconnected()
    assert ids(outbox.take(0, lambda change: change is not waiting)) == ["c3", "c4", "c5"]
    outbox.answered("c3")
    outbox.answered("c4")
    assert ids(outbox.take(0)) == ["c1", "c2", "c6"]
    assert outbox.take(0) == []
