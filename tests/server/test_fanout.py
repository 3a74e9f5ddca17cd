"""Delivery by rings: the guarantees F1 to F3 of `chatserver.fanout`, under every order of entering and leaving."""

import asyncio
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from chatserver.fanout import SLICE, Fanout
from chatserver.mailbox import Mailbox, Rounds
from shared.protocol import Message


class Wire(asyncio.WriteTransport):
    """A transport that keeps what is written; `hold` makes it hold bytes back."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def abort(self) -> None:
        raise AssertionError("nobody aborts here")

    def seqs(self) -> list[int]:
        return [json.loads(line)["seq"] for line in b"".join(self.written).splitlines()]


class Steps:
    """The part of a loop that the fan-out uses, turned by hand."""

    def __init__(self) -> None:
        self.calls: list[tuple] = []

    def call_soon(self, call, *args) -> None:
        self.calls.append((call, args))

    def turn(self) -> None:
        calls, self.calls = self.calls, []
        for call, args in calls:
            call(*args)


def message(seq: int, room: str) -> Message:
    return Message(seq=seq, room=room, user="alice", id=str(seq), text="x")


ROOMS = ("lobby", "garden", "kitchen")
memberships = st.frozensets(st.sampled_from(ROOMS))
deeds = st.one_of(
    st.tuples(st.just("publish"), st.lists(st.sampled_from(ROOMS), min_size=1, max_size=5)),
    st.tuples(st.just("place"), st.tuples(st.integers(0, 59), memberships)),
    st.tuples(st.just("turn"), st.none()),
)


@settings(max_examples=200, deadline=None)
@given(start=st.lists(memberships, min_size=1, max_size=60), script=st.lists(deeds, max_size=40))
def test_everybody_gets_what_is_theirs_once_and_in_order(start, script) -> None:
    loop = Steps()
    fanout, rounds = Fanout(loop, 0), Rounds(loop)
    wires = [Wire() for _ in start]
    boxes = [Mailbox(wire, None, rounds) for wire in wires]
    inside = dict(enumerate(start))
    expected: list[list[int]] = [[] for _ in start]
    for box, rooms in zip(boxes, start, strict=True):
        fanout.place(box, rooms)
    seq = 0
    for deed, detail in script:
        if deed == "publish":
            events = []
            for room in detail:
                seq += 1
                events.append(message(seq, room))
                for who, rooms in inside.items():
                    if room in rooms:
                        expected[who].append(seq)
            fanout.publish(events)
        elif deed == "place":
            who, rooms = detail[0] % len(boxes), detail[1]
            inside[who] = rooms
            fanout.place(boxes[who], rooms)
        else:
            loop.turn()
    while loop.calls:
        loop.turn()
    assert [wire.seqs() for wire in wires] == expected


def test_one_turn_of_the_loop_writes_to_a_slice() -> None:
    loop = Steps()
    fanout, rounds = Fanout(loop, 0), Rounds(loop)
    wires = [Wire() for _ in range(3 * SLICE)]
    for wire in wires:
        fanout.place(Mailbox(wire, None, rounds), frozenset({"lobby"}))
    fanout.publish([message(1, "lobby")])
    assert sum(bool(wire.written) for wire in wires) == SLICE
    fanout.publish([message(2, "lobby")])
    while loop.calls:
        loop.turn()
    assert all(wire.seqs() == [1, 2] for wire in wires)
    # Who was visited late got both in one write.
    assert {len(wire.written) for wire in wires} == {1, 2}


def test_a_piece_of_one_room_is_shared() -> None:
    loop = Steps()
    fanout, rounds = Fanout(loop, 0), Rounds(loop)
    wires = [Wire() for _ in range(3)]
    rooms = [frozenset({"lobby"}), frozenset({"lobby", "garden"}), frozenset({"lobby", "kitchen"})]
    kept: list[bytes] = []
    for wire, subscribed in zip(wires, rooms, strict=True):
        wire.write = kept.append  # type: ignore[method-assign]  # the very objects, not their copies
        fanout.place(Mailbox(wire, None, rounds), subscribed)
    fanout.publish([message(1, "lobby")])
    assert len(kept) == 3
    assert kept[0] == kept[1] == kept[2]
