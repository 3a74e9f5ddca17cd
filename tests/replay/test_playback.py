"""The rhythm of a replay, and the bar: with a clock of its own, so that an hour takes no time."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from chatserver.playback import BLOCK, Bar, Playback, play_all
from shared.transcript import Entry, Transcript

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves; it keeps what had been written at each moment that somebody slept at."""

    def __init__(self, out: io.StringIO) -> None:
        self.now = 100.0
        self.written: dict[float, str] = {}
        self._out = out

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.written[self.now - 100.0] = self._out.getvalue()
        self.now += seconds


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def entries(*seconds: float) -> list[tuple[Entry, int]]:
    return [
        (Entry(START + timedelta(seconds=second), "general", "alice", f"at {second:g}", notice=False), 10 * number)
        for number, second in enumerate(seconds, 1)
    ]


def play(found: list[tuple[Entry, int]], speed: float | None, err: io.StringIO) -> tuple[Time, io.StringIO]:
    out = io.StringIO()
    time = Time(out)
    transcript = Transcript(width=None, colour=False, rooms=False)
    bar = Bar(err, "history", 100, time.clock)
    playback = Playback(transcript, out, bar, speed, clock=time.clock, sleep=time.sleep)
    play_all(found, playback)
    bar.hide()
    return time, out


@pytest.mark.parametrize(("speed", "lasted"), [(1.0, 3600.0), (60.0, 60.0), (0.5, 7200.0)])
def test_pauses_are_kept_times_the_speed(speed: float, lasted: float) -> None:
    time, out = play(entries(0, 10, 3600), speed, io.StringIO())
    assert time.now - 100.0 == pytest.approx(lasted)
    assert "at 10" not in time.written[0.0] and "at 0" in time.written[0.0]
    assert "at 10" in time.written[max(time.written)] and "at 3600" not in time.written[max(time.written)]
    assert out.getvalue().endswith("at 3600\n")


def test_max_never_waits() -> None:
    time, out = play(entries(0, 10, 3600), None, io.StringIO())
    assert time.written == {}
    assert out.getvalue().count("at ") == 3


def test_lines_that_run_backwards_do_not_wait() -> None:
    time, _ = play(entries(0, -50, 5), 1.0, io.StringIO())
    assert time.now - 100.0 == pytest.approx(5)


def test_the_bar_comes_after_a_second_on_a_terminal_only() -> None:
    for speed, stream, shown in (
        (1.0, Terminal(), True),
        (1.0, io.StringIO(), False),
        (None, Terminal(), False),
        (100.0, Terminal(), False),
    ):
        play(entries(0, 20), speed, stream)
        assert ("%" in stream.getvalue()) is shown, (speed, stream)


def test_the_bar_is_gone_when_something_is_written() -> None:
    bar_seen: list[bool] = []

    class Out(io.StringIO):
        def write(self, text: str) -> int:
            bar_seen.append(bar.shown)
            return super().write(text)

    out = Out()
    time = Time(out)
    bar = Bar(Terminal(), "history", 100, time.clock)
    transcript = Transcript(width=None, colour=False, rooms=False)
    playback = Playback(transcript, out, bar, 1.0, clock=time.clock, sleep=time.sleep)
    play_all(entries(0, 20, 40), playback)
    assert bar_seen == [False, False, False]


def test_a_long_history_is_written_in_blocks() -> None:
    sizes: list[int] = []

    class Out(io.StringIO):
        def write(self, text: str) -> int:
            sizes.append(len(text))
            return super().write(text)

    bar = Bar(io.StringIO(), "history", 100)
    playback = Playback(Transcript(width=None, colour=False, rooms=False), Out(), bar, None)
    play_all(entries(*range(20_000)), playback)
    assert len(sizes) > 2
    assert max(sizes) < BLOCK + 200
