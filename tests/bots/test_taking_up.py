"""Where a client takes up that kept its place: `CatchUp` with what an earlier run had seen."""

import pytest

from chatclient.catchup import CatchUp
from shared.protocol import Message, Synced, Welcome


def welcome(tip: int, epoch: str = "e1", reach: int = 100) -> Welcome:
    return Welcome(
        protocol=1,
        server="Harbour",
        epoch=epoch,
        user="bot",
        time="",
        tip=tip,
        limits={"sync_reach": reach},
        rooms=[],
    )


def said(seq: int) -> Message:
    return Message(seq=seq, time="", room="lobby", user="alice", id=str(seq), text=str(seq))


@pytest.mark.parametrize(
    ("catchup", "tip", "fresh", "asking"),
    [
        (CatchUp(), 50, True, False),
        (CatchUp(40, "e1"), 50, False, True),
        (CatchUp(50, "e1"), 50, False, False),
        (CatchUp(60, "e1"), 50, True, False),
        (CatchUp(40, "e0"), 50, True, False),
        (CatchUp(40, None), 50, False, True),
        (CatchUp(40, "e1"), 5_000, True, False),
        (CatchUp(40, "e1", whole=True), 5_000_000, False, True),
        (CatchUp(60, None, whole=True), 50, True, False),
    ],
)
def test_the_first_welcome(catchup: CatchUp, tip: int, fresh: bool, asking: bool) -> None:
    assert (catchup.welcome(welcome(tip)), catchup.asking) == (fresh, asking)


def test_all_that_was_missed_comes_in_order_and_once() -> None:
    catchup = CatchUp(3, "e1", whole=True)
    catchup.welcome(welcome(1_000))
    assert catchup.live(said(1_001)) == []
    told = catchup.synced(Synced(events=[said(4), said(500)], more=True, through=500))
    told += catchup.synced(Synced(events=[said(1_000), said(1_001)], more=False, through=1_001))
    told += catchup.live(said(1_002))
    assert [event.seq for event in told] == [4, 500, 1_000, 1_001, 1_002]
    assert catchup.welcome(welcome(1_002, epoch="e2"))  # another history is another history from then on
