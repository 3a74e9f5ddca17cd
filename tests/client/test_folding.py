"""In whatever order events, pages and answers come, what is shown in the end is a plain fold of the history."""

import pytest

from shared.protocol import Edited
from tests.client.history import ROOM
from tests.client.world import World


def lived(seed: int) -> None:
    world = World(seed)
    world.model.open(ROOM)
    for _ in range(4):
        for _ in range(40):
            world.step()
        world.settle()
        world.check()


@pytest.mark.parametrize("seed", range(24))
def test_the_end_is_what_a_plain_fold_says(seed: int) -> None:
    lived(seed)


@pytest.mark.slow
def test_the_end_is_what_a_plain_fold_says_many_times() -> None:
    for seed in range(1_000, 1_080):
        lived(seed)


def test_the_world_is_rich_enough() -> None:
    """The interleavings do reach what they are made for."""
    seen: set[str] = set()
    for seed in range(12):
        world = World(seed)
        world.model.open(ROOM)
        for _ in range(100):
            world.step()
            timeline = world.timeline
            rows = [timeline.row(i) for i in range(timeline.count)]
            seen |= {row.kind for row in rows} | {f"change {row.change}" for row in rows if row.change}
            seen |= {"edited" for row in rows if row.edited} | {"reactions" for row in rows if row.reactions}
            seen |= {"gone quote" for row in rows if row.reply and row.reply.gone}
            seen |= {"quote" for row in rows if row.reply and row.reply.text}
            seen.add("attached" if timeline.attached else "detached")
            if timeline.complete:
                seen.add("complete")
            if world.model.wants:
                seen.add("wants")
    assert seen >= {
        "message", "notice", "tombstone", "action", "change waiting", "edited", "reactions", "gone quote", "quote",
        "attached", "detached", "complete", "wants",
    }  # fmt: skip


def test_the_check_can_fail() -> None:
    world = World(3)
    world.model.open(ROOM)
    for _ in range(60):
        world.step()
    world.settle()
    world.do_ask_older()
    world.settle()
    world.check()
    said = next(row.seq for row in world.plain() if row.kind == "message")
    world.history.add(Edited, "bob", of=said, text="nobody told")
    with pytest.raises(AssertionError):
        world.check()
