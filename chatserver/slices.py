"""Work that can wait for messages: a few steps of it in every turn of the loop.

A piece of work is an iterator; what it does before it yields is one step, a write to one connection or so. In between
the loop looks at its sockets and the log, so that a thousand people can be told something and nobody waits for it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

STEPS: Final = 25
"""Steps in one turn of the loop, all work together."""
_END: Final = object()


class Clock(Protocol):
    """The part of an event loop that telling things needs; `time` in seconds."""

    def time(self) -> float: ...

    def call_soon(self, callback: Callable[..., object], *args: Any) -> object: ...

    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> object: ...


class Slices:
    """Works off what is added, first come first served."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._work: deque[Iterator[None]] = deque()

    def add(self, work: Iterator[None]) -> None:
        """Begin in the next turn, or when what was added before is done."""
        if not self._work:
            self._clock.call_soon(self._turn)
        self._work.append(work)

    def _turn(self) -> None:
        steps = STEPS
        try:
            while steps and self._work:
                steps -= 1
                if next(self._work[0], _END) is _END:
                    self._work.popleft()
        except BaseException:
            self._work.popleft()
            raise
        finally:
            if self._work:
                self._clock.call_soon(self._turn)
