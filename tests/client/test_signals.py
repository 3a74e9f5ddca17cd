"""What is told in passing: how often typing is told, and which status after a sign-in."""

from chatclient.signals import TYPING, Signals
from shared.protocol import Person, Read, SetStatus, Typing


def test_typing_is_told_again_after_three_seconds() -> None:
    signals = Signals()
    told = [now for now in (0.0, 0.1, 2.9, TYPING, 3.1, 5.9, 6.0) if signals.typing("lobby", now)]
    assert told == [0.0, 3.0, 6.0]
    assert signals.typing("garden", 6.1) == Typing(ref="typing", room="garden")
    assert signals.typing("lobby", 6.2) is None
    signals.said("lobby")
    assert signals.typing("lobby", 6.3)


def test_markers_go_out_once_and_never_back() -> None:
    signals = Signals()
    for seq in (4, 9, 7):
        signals.read("@alice,bob", seq)
    assert signals.take_markers("alice") == [Read(ref="read", room="@bob", seq=9)]
    assert signals.take_markers("alice") == []


def test_which_status_is_told() -> None:
    signals = Signals()
    assert signals.to_tell(Person(state="online")) is None
    signals.shown(Person(state="busy"))
    assert signals.to_tell(None) is None  # chosen elsewhere, and never here
    signals.chosen(SetStatus(ref="q1", state="busy", note="call"))
    assert signals.to_tell(None) == SetStatus(ref="status", state="busy", note="call")
    assert signals.to_tell(Person(state="busy", note="call")) is None
    signals.shown(Person(state="offline"))  # nobody chooses that
    signals.shown(None)
    assert signals.to_tell(Person(state="online")) is not None
