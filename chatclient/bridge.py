"""The asyncio thread, the Tk thread, and the only road between them.

Strategy: a client lives on a loop in a thread of its own. What it tells, and the answers to questions, go through one
queue in the order in which they came; the Tk thread is woken once and takes as many as fit into a few milliseconds.

Promises: `deliver` and `done` run on the Tk thread, and nothing runs there after `close`. `done` is called once for
each `call`, with `Offline` where its client was replaced. A callback that raises is reported by Tk and stops nothing.
"""

import asyncio
import gc
import logging
import sys
import threading
import time
import tkinter as tk
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from inspect import isawaitable
from typing import Any, Final, NamedTuple, TypeVar

from chatclient.client import ChatClient
from chatclient.events import ClientEvent, Rejected
from chatclient.questions import Offline
from chatclient.wake import DONT_WAIT, Wake, waker
from shared.errors import ParleyError

T = TypeVar("T")

SLICE: Final = 0.006
"""Seconds that one callback may take, so that the window stays at sixty pictures a second."""
FEWEST, MOST, FIRST = 4, 2_000, 64
_log = logging.getLogger(__name__)


class _Told(NamedTuple):
    event: ClientEvent
    client: object


class _Answered(NamedTuple):
    done: Callable[[Any], None]
    answer: Any


class Bridge:
    """Made and closed on the Tk thread, and called from nowhere else.

    deliver    gets the client's events, some at a time, in order; it should take no longer than it must, because
               how many come at once follows from how long it took
    """

    def __init__(
        self,
        root: tk.Misc,
        deliver: Callable[[list[ClientEvent]], None],
        wake: Callable[[tk.Misc, Callable[[], None]], Wake] = waker,
    ) -> None:
        self._root = root
        self._deliver = deliver
        self._queue: deque[_Told | _Answered] = deque()
        self._awake = False
        self._size = FIRST
        self._rest: str | None = None
        self._client: ChatClient | None = None
        self._running: asyncio.Task[None] | None = None
        self._current: object = None
        self._calls: set[asyncio.Task[None]] = set()
        self._early: list[Callable[[], None]] = []
        self._closed = False
        # What an earlier window left must not be collected on the other thread: Tcl ends the process for that.
        gc.collect()
        self._wake = wake(root, self._woken)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run_loop, name="parley-net", daemon=True)
        self._thread.start()

    # --- on the Tk thread -----------------------------------------------------------------------------------

    def start(self, make_client: Callable[[], ChatClient]) -> None:
        """Run this client; an earlier one is closed first, and nothing of it is delivered any more.

        `make_client` runs on the loop's thread, where it may wait for a keyring. Where it raises, `Rejected` with the
        code "local" is delivered, as where the client itself fails.
        """
        self._current = token = object()
        self._on_loop(lambda: self._replace(make_client, token))

    def call(self, question: Callable[[ChatClient], Awaitable[T]], done: Callable[[T | BaseException], None]) -> None:
        """Ask the client something; `done` gets the answer, or the exception instead."""
        self._on_loop(lambda: self._ask(question, done))

    def tell(self, change: Callable[[ChatClient], Any]) -> None:
        """Have the client do something, without an answer. What it raises is logged."""
        self._on_loop(lambda: self._do(change))

    def close(self) -> None:
        """Close the client and end the thread; nothing is delivered after this."""
        if self._closed:
            return
        self._closed = True
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        while self._thread.is_alive():
            # It may be waiting for this thread, where the collector gave it an image of Tk to delete.
            self._root.tk.dooneevent(DONT_WAIT)
            self._thread.join(0.005)
        self._wake.close()
        if self._rest is not None:
            self._root.after_cancel(self._rest)
        self._queue.clear()

    def _on_loop(self, what: Callable[[], None]) -> None:
        if not self._closed:
            self._loop.call_soon_threadsafe(what)

    def _woken(self) -> None:
        if self._rest is None and not self._closed:
            self._drain()

    def _drain(self) -> None:
        """Hand on as much as fits into a slice; the rest after Tk had the time to draw."""
        self._rest = None
        self._awake = False
        until = time.perf_counter() + SLICE
        while self._queue and time.perf_counter() < until:
            self._hand_on()
            if self._closed:
                return
        if self._queue:
            self._awake = True
            # Not through the wake: a file that is always readable would starve Tk's redrawing.
            self._rest = self._root.after(1, self._drain)

    def _hand_on(self) -> None:
        """The next answer, or the next run of events, no longer than what was quick enough before."""
        first = self._queue[0]
        if isinstance(first, _Answered):
            self._queue.popleft()
            self._guarded(first.done, first.answer)
            return
        events: list[ClientEvent] = []
        while self._queue and len(events) < self._size:
            item = self._queue[0]
            if isinstance(item, _Answered):
                break
            self._queue.popleft()
            if item.client is self._current:
                events.append(item.event)
        if not events:
            return
        begun = time.perf_counter()
        self._guarded(self._deliver, events)
        took = time.perf_counter() - begun
        if took > SLICE / 2:
            self._size = max(FEWEST, min(self._size, len(events)) // 2)
        elif len(events) == self._size and took < SLICE / 8:
            self._size = min(MOST, self._size * 2)

    def _guarded(self, callback: Callable[[Any], None], argument: Any) -> None:
        try:
            callback(argument)
        except Exception:
            # Raised through a file handler it would end the main loop; this is where Tk reports a command's error.
            self._root.nametowidget(".").report_callback_exception(*sys.exc_info())

    # --- on the loop's thread -------------------------------------------------------------------------------

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _put(self, item: _Told | _Answered) -> None:
        self._queue.append(item)
        if not self._awake:
            self._awake = True
            self._wake.wake()

    def _replace(self, make_client: Callable[[], ChatClient], token: object) -> None:
        earlier = [*self._calls, *([self._running] if self._running else [])]
        self._client, self._early = None, []
        self._running = self._loop.create_task(self._run(make_client, token, earlier))

    async def _run(
        self, make_client: Callable[[], ChatClient], token: object, earlier: list[asyncio.Task[None]]
    ) -> None:
        try:
            await _ended(earlier)
            client = self._client = make_client()
            running = self._loop.create_task(client.run())
            early, self._early = self._early, []
            for what in early:
                what()
            try:
                async for event in client.events():
                    self._put(_Told(event, token))
                await running
            finally:
                await client.close()
                await asyncio.wait([running])
        except ParleyError as error:
            self._put(_Told(Rejected("local", str(error)), token))
        except Exception as error:
            _log.exception("The client failed")
            self._put(_Told(Rejected("local", f"Parley itself failed: {error}"), token))

    def _ask(self, question: Callable[[ChatClient], Awaitable[Any]], done: Callable[[Any], None]) -> None:
        if self._client is None and self._running is not None:
            self._early.append(lambda: self._ask(question, done))
            return
        self._begin(self._answer(self._client, question, done))

    def _do(self, change: Callable[[ChatClient], Any]) -> None:
        if self._client is None and self._running is not None:
            self._early.append(lambda: self._do(change))
            return
        if self._client is None:
            _log.warning("There is no client yet that this could be told to")
            return
        try:
            result = change(self._client)
        except Exception:
            _log.exception("The client would not do this")
            return
        if isawaitable(result):
            self._begin(_awaited(result))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _answer(
        self, client: ChatClient | None, question: Callable[[ChatClient], Awaitable[Any]], done: Callable[[Any], None]
    ) -> None:
        answer: Any
        try:
            if client is None:
                raise Offline("There is no connection to the server now.")
            answer = await question(client)
        except asyncio.CancelledError:
            answer = Offline("The connection was given up before the answer came.")
        except Exception as error:
            answer = error
        self._put(_Answered(done, answer))

    async def _end(self) -> None:
        await _ended(asyncio.all_tasks() - {asyncio.current_task()})
        self._loop.stop()


async def _ended(tasks: Iterable[asyncio.Task[Any] | None]) -> None:
    """Cancel these, and wait until they are done."""
    some = [task for task in tasks if task is not None]
    for task in some:
        task.cancel()
    if some:
        await asyncio.wait(some)


async def _awaited(result: Awaitable[Any]) -> None:
    try:
        await result
    except Exception:
        _log.exception("The client would not do this")
