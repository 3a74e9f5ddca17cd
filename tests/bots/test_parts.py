"""The parts of a bot by themselves: its place, its state, its commands, the ids of its deeds."""

import contextvars
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatclient.bots.calls import Commands, Unfit
from chatclient.bots.marks import Handling, begin, by_bot, mark
from chatclient.bots.message import Message
from chatclient.bots.progress import Progress
from chatclient.bots.state import State, StateError
from chatclient.errands import Ids
from shared.rules import command_id

# --- progress -------------------------------------------------------------------------------------------------


def test_the_place_never_passes_what_is_in_hand() -> None:
    progress = Progress(10)
    assert all(progress.came(seq) for seq in (11, 13, 14, 20))
    progress.handled(14)
    assert (progress.through, progress.done) == (10, {14})
    progress.handled(11)
    assert (progress.through, progress.done) == (12, {14})
    progress.handled(13)
    assert (progress.through, progress.done) == (19, set())
    progress.handled(20)
    progress.handled(20)
    assert (progress.through, progress.done) == (20, set())


def test_what_was_handled_beyond_the_place_is_not_handled_again() -> None:
    progress = Progress(10, {9, 12})
    assert [progress.came(seq) for seq in (10, 11, 12, 13)] == [False, True, False, True]
    progress.handled(11)
    assert (progress.through, progress.done) == (12, set())


@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_moment_each_event_is_handled_to_its_end_once(seed: int) -> None:
    """Events end in any order; the bot is killed again and again, and each run goes on from what the last one kept."""
    dice = random.Random(seed)
    ended: list[int] = []
    kept = (0, set[int]())
    while kept[0] < 60:
        progress, in_hand = Progress(*kept), []
        for seq in range(kept[0] + 1, 61):
            if progress.came(seq):
                in_hand.append(seq)
            while len(in_hand) > 5 or (in_hand and seq == 60):
                done = in_hand.pop(dice.randrange(len(in_hand)))
                ended.append(done)
                progress.handled(done)
                kept = (progress.through, set(progress.done))
            if dice.random() < 0.05:
                break  # killed
    assert sorted(ended) == list(range(1, 61))


# --- state ----------------------------------------------------------------------------------------------------


def test_the_state_outlives_the_program(tmp_path: Path) -> None:
    path = tmp_path / "bots" / "helper.sqlite3"
    state = State(path)
    assert (state.epoch, state.through, state.failed) == ("", 0, 0)
    state.begin("e1", 5)
    progress = state.progress()
    for seq in (6, 7, 8):
        progress.came(seq)
    progress.handled(8)
    state.keep(progress, 8)
    state.fail(6)
    state.notes["soup"] = {"due": 1.5, "for": ["alice", "bob"]}
    state.notes["tea"] = None
    state.close()
    assert path.stat().st_mode & 0o777 == 0o600
    state = State(path)
    progress = state.progress()
    assert (state.epoch, progress.through, progress.done, state.failed) == ("e1", 5, {8}, 6)
    assert dict(state.notes) == {"soup": {"due": 1.5, "for": ["alice", "bob"]}, "tea": None}
    del state.notes["tea"]
    assert list(state.notes) == ["soup"] and len(state.notes) == 1 and "tea" not in state.notes
    with pytest.raises(KeyError):
        del state.notes["tea"]
    for seq in (6, 7, 8):
        if progress.came(seq):
            progress.handled(seq)
            state.keep(progress, seq)
    state.keep(progress)
    state.close()
    state = State(path)
    assert (state.through, state.progress().done) == (8, set())
    state.begin("e2", 3)
    assert (state.epoch, state.progress().through, state.failed) == ("e2", 3, 0)
    state.close()


def test_a_state_that_is_in_use_or_damaged_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "state"
    state = State(path)
    with pytest.raises(StateError, match="Another run of this bot has"):
        State(path)
    state.close()
    with pytest.raises(StateError, match="cannot be used"):
        state.begin("e", 1)
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StateError, match="cannot be used"):
        State(path)
    with pytest.raises(StateError, match="cannot be used"):
        State(tmp_path)


# --- commands -------------------------------------------------------------------------------------------------


async def remind(message: Message, when: str, what: str) -> None:
    """Two words, the last takes the rest."""


async def count(message: Message, *words: str) -> None:
    """As many as there are."""


async def ping(message: Message) -> None:
    """None."""


async def greet(message: Message, whom: str = "all") -> None:
    """One that may be missing."""


@pytest.fixture
def commands() -> Commands:
    commands = Commands("!")
    for handler in (remind, count, ping, greet):
        commands.add(handler.__name__, handler)
    return commands


def said(text: str) -> Message:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    return Message(7, moment, "garden", "alice", text, chat=None)  # type: ignore[arg-type]  # nothing is answered here


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("!remind 10m the soup\nis ready  ", "remind", ["10m", "the soup\nis ready"]),
        ("  !Remind\t10m soup", "remind", ["10m", "soup"]),
        ("!remind 10m", "remind", None),
        ("!count", "count", []),
        ("!count a  b\nc", "count", ["a", "b", "c"]),
        ("!ping", "ping", []),
        ("!ping and more", "ping", []),
        ("!greet", "greet", []),
        ("!greet bob and carol", "greet", ["bob and carol"]),
        ("!unknown", "", None),
        ("! ping", "", None),
        ("ping", "", None),
        ("say !ping", "", None),
        ("!", "", None),
    ],
)
def test_what_a_command_is_called_with(commands: Commands, text: str, name: str, words: list[str] | None) -> None:
    called = commands.called(said(text))
    assert (called[0].name if called else "") == name
    if called and words is not None:
        assert called[0].arguments(called[1]) == words
    elif called:
        with pytest.raises(Unfit, match="!remind is used so: !remind WHEN WHAT"):
            called[0].arguments(called[1])


def test_a_name_has_one_handler(commands: Commands) -> None:
    with pytest.raises(ValueError, match="There is a command PING already"):
        commands.add("PING", ping)


# --- ids ------------------------------------------------------------------------------------------------------


def test_ids_are_made_of_what_is_handled() -> None:
    first, second = Handling(17, "remind"), Handling(17, "remind")
    ids = [first.next_id() for _ in range(3)]
    assert ids == [second.next_id() for _ in range(3)] and len(set(ids)) == 3
    assert set(ids).isdisjoint({Handling(17, "echo").next_id(), Handling(18, "remind").next_id()})
    assert all(by_bot(ident) and command_id(ident) for ident in ids)
    assert all(first.gave(ident) for ident in ids) and not first.gave(Handling(18, "remind").next_id())
    contextvars.copy_context().run(within, Handling(17, "remind"), ids)
    assert mark() != mark() and by_bot(mark()) and not by_bot("a1")


def within(now: Handling, ids: list[str]) -> None:
    begin(now)
    assert [mark(), mark()] == ids[:2] and mark("key") == "bot:key"
    now.over = True  # as for a task that a handler has left behind
    assert mark() not in ids and mark() != mark()


def test_an_id_that_was_given_is_for_one_change() -> None:
    ids = Ids()
    ids.give("mine")
    assert ids() == "mine" and ids() != "mine"
