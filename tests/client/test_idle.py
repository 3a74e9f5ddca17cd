"""Away by itself: after how long, back with the next input, and never over what was chosen by hand."""

import pytest

from chatclient.idle import Idle
from shared.protocol import OwnState


def test_away_after_ten_minutes_and_back_with_the_next_input() -> None:
    idle = Idle(1_000.0)
    assert idle.due == 1_600
    assert idle.input(1_100) is None and idle.due == 1_700
    assert idle.tick(1_699) is None
    assert idle.tick(1_700) == "away" and idle.state == "away" and idle.due is None
    assert idle.tick(2_000) is None  # told once
    assert idle.input(2_500) == "online" and idle.state == "online"
    assert idle.input(2_501) is None and idle.due == 3_101


@pytest.mark.parametrize("state", ["busy", "away"])
def test_what_was_chosen_by_hand_stands(state: OwnState) -> None:
    idle = Idle(0.0)
    assert idle.choose(state) == state and idle.due is None
    assert idle.tick(10_000) is None and idle.input(10_001) is None and idle.state == state
    assert idle.choose("online") == "online"
    assert idle.tick(10_601) == "away"


def test_chosen_while_away_by_itself() -> None:
    idle = Idle(0.0)
    assert idle.tick(600) == "away"
    idle.choose("busy")  # on another device, say
    assert idle.input(601) is None and idle.state == "busy"


def test_a_person_who_was_busy_before_stays_it() -> None:
    idle = Idle(0.0, chosen="busy")
    assert idle.state == "busy" and idle.due is None and idle.tick(10_000) is None


def test_minutes_and_switching_off() -> None:
    idle = Idle(0.0, minutes=2)
    assert idle.tick(119) is None and idle.tick(120) == "away"
    assert idle.prefer(2, enabled=False) == "online" and idle.due is None
    assert idle.tick(10_000) is None
    assert idle.prefer(3, enabled=True) is None and idle.due == 180
