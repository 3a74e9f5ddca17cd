"""The bridge with a real Tk root: everything reaches the Tk thread, in order, a slice at a time, until it is closed."""

import asyncio
import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chatclient.bridge import SLICE, Bridge
from chatclient.client import ChatClient, Offline
from chatclient.events import Arrived, ClientEvent, Connecting, Disconnected, Rejected
from chatclient.wake import SocketWake, ThreadWake, Wake
from shared.errors import ParleyError
from tests.client.scripted import message

pytestmark = pytest.mark.desktop


class Telling(ChatClient):
    """A client that tells what it is given, and connects to nothing."""

    def __init__(self, *events: ClientEvent) -> None:
        super().__init__("localhost", 1, "alice", "0" * 64)
        self.given = events
        self.closed = False
        self.said: list[str] = []

    async def _stay_connected(self) -> None:
        for event in self.given:
            self._feed.tell(event)
        await asyncio.Event().wait()

    async def close(self) -> None:
        self.closed = True
        await super().close()

    async def echo(self, text: str) -> str:
        await asyncio.sleep(0)
        return text

    async def refuse(self) -> str:
        raise ParleyError("No.")

    async def never(self) -> str:
        await asyncio.Event().wait()
        return "never"


@pytest.fixture
def root(display: str) -> Iterator[tk.Tk]:
    root = tk.Tk()
    root.withdraw()
    yield root
    root.destroy()


@pytest.fixture
def bridged(root: tk.Tk) -> Iterator[Callable[..., Bridge]]:
    """Makes bridges on the root, and closes what the test left open."""
    made = list[Bridge]()

    def make(deliver: Callable[[list[ClientEvent]], None], *wake: Callable[..., Wake]) -> Bridge:
        made.append(Bridge(root, deliver, *wake))
        return made[-1]

    yield make
    for bridge in made:
        bridge.close()


@pytest.fixture(params=[SocketWake, ThreadWake])
def wake(request: pytest.FixtureRequest) -> Any:
    return request.param


class Taken:
    """What was delivered, on which thread, and how long each callback might take."""

    def __init__(self, cost: float = 0.0) -> None:
        self.events: list[ClientEvent] = []
        self.sizes: list[int] = []
        self.threads: set[threading.Thread] = set()
        self.cost = cost

    def __call__(self, events: list[ClientEvent]) -> None:
        self.events += events
        self.sizes.append(len(events))
        self.threads.add(threading.current_thread())
        if self.cost:
            time.sleep(self.cost * len(events))


def loop_until(root: tk.Tk, done: Callable[[], bool], seconds: float = 5.0) -> None:
    """Run Tk's main loop until this is so."""
    end = time.monotonic() + seconds

    def look() -> None:
        if done() or time.monotonic() > end:
            root.quit()
        else:
            root.after(2, look)

    root.after_idle(look)
    root.mainloop()
    assert done(), "it did not happen"


def test_events_and_answers_come_on_the_tk_thread_in_order(
    root: tk.Tk, bridged: Callable[..., Bridge], wake: Callable[..., Wake]
) -> None:
    taken, answers = Taken(), list[Any]()
    bridge = bridged(taken, wake)
    events = [Arrived(message(seq)) for seq in range(1, 501)]
    bridge.start(lambda: Telling(*events))
    bridge.call(lambda client: client.echo("hello"), answers.append)  # type: ignore[attr-defined]  # Telling's own
    bridge.call(lambda client: client.refuse(), answers.append)  # type: ignore[attr-defined]  # Telling's own
    loop_until(root, lambda: len(taken.events) == 500 and len(answers) == 2)
    assert taken.events == events
    assert taken.threads == {threading.current_thread()}
    assert sorted(map(str, answers)) == ["No.", "hello"]


def test_tell_runs_on_the_loop_in_order_even_before_there_is_a_client(
    root: tk.Tk, bridged: Callable[..., Bridge]
) -> None:
    clients, done = list[Telling](), threading.Event()
    bridge = bridged(Taken())

    def make() -> Telling:
        clients.append(Telling())
        return clients[0]

    bridge.start(make)
    for text in ("one", "two"):
        bridge.tell(lambda client, text=text: client.said.append(text))  # type: ignore[misc]  # binds the text of now
    bridge.tell(lambda client: 1 / 0)  # logged, and harmless
    bridge.tell(lambda client: done.set())
    assert done.wait(5)
    assert clients[0].said == ["one", "two"]
    bridge.close()
    assert clients[0].closed


def test_a_flood_comes_in_slices_and_tk_draws_between(
    root: tk.Tk, bridged: Callable[..., Bridge], wake: Callable[..., Wake]
) -> None:
    taken = Taken(cost=0.0002)
    bridge = bridged(taken, wake)
    drawn = 0

    def idle() -> None:
        nonlocal drawn
        drawn += 1
        root.after(1, lambda: root.after_idle(idle))

    idle()
    events = [Arrived(message(seq)) for seq in range(1, 2_001)]
    bridge.start(lambda: Telling(*events))
    loop_until(root, lambda: len(taken.events) == 2_000)
    assert taken.events == events
    assert sorted(taken.sizes)[len(taken.sizes) // 2] * taken.cost <= SLICE * 1.5
    assert drawn > 10
    for timer in root.tk.splitlist(root.tk.call("after", "info")):
        root.after_cancel(timer)


def test_a_quick_consumer_gets_many_at_once(root: tk.Tk, bridged: Callable[..., Bridge]) -> None:
    """The control of the one above: the size follows from the cost."""
    taken = Taken()
    bridge = bridged(taken)
    bridge.start(lambda: Telling(*[Arrived(message(seq)) for seq in range(1, 20_001)]))
    loop_until(root, lambda: len(taken.events) == 20_000)
    assert max(taken.sizes) > 100


def test_a_second_client_replaces_the_first(root: tk.Tk, bridged: Callable[..., Bridge]) -> None:
    taken, answers = Taken(), list[Any]()
    first = Telling(Connecting(1))
    bridge = bridged(taken)
    bridge.start(lambda: first)
    loop_until(root, lambda: len(taken.events) == 1)
    bridge.call(lambda client: client.never(), answers.append)  # type: ignore[attr-defined]  # Telling's own
    bridge.start(lambda: Telling(Disconnected("second", 1.0)))
    bridge.call(lambda client: client.echo("new"), answers.append)  # type: ignore[attr-defined]  # Telling's own
    loop_until(root, lambda: len(taken.events) == 2 and len(answers) == 2)
    assert taken.events == [Connecting(1), Disconnected("second", 1.0)]
    assert isinstance(answers[0], Offline) and answers[1] == "new"
    assert first.closed


def test_without_a_client_a_question_is_offline(root: tk.Tk, bridged: Callable[..., Bridge]) -> None:
    answers = list[Any]()
    bridge = bridged(Taken())
    bridge.call(lambda client: client.rooms(), answers.append)
    loop_until(root, lambda: bool(answers))
    assert isinstance(answers[0], Offline)


def test_a_client_that_cannot_be_made_is_rejected(root: tk.Tk, bridged: Callable[..., Bridge]) -> None:
    taken = Taken()
    bridge = bridged(taken)

    def fail() -> ChatClient:
        raise ParleyError("tokens.json is damaged.")

    bridge.start(fail)
    loop_until(root, lambda: bool(taken.events))
    assert taken.events == [Rejected("local", "tokens.json is damaged.")]


def test_what_a_callback_raises_is_reported_and_stops_nothing(root: tk.Tk, bridged: Callable[..., Bridge]) -> None:
    reported, taken = list[BaseException](), Taken()
    root.report_callback_exception = lambda kind, problem, trace: reported.append(problem)  # type: ignore[method-assign]  # Tk's hook

    def deliver(events: list[ClientEvent]) -> None:
        taken(events)
        raise ValueError("in the window")

    bridge = bridged(deliver)
    bridge.start(lambda: Telling(Connecting(1), Connecting(2)))
    loop_until(root, lambda: len(taken.events) == 2)
    assert {str(problem) for problem in reported} == {"in the window"}


def test_nothing_comes_after_close(root: tk.Tk, bridged: Callable[..., Bridge], wake: Callable[..., Wake]) -> None:
    taken, answers = Taken(cost=0.001), list[Any]()
    bridge = bridged(taken, wake)
    bridge.start(lambda: Telling(*[Arrived(message(seq)) for seq in range(1, 5_001)]))
    bridge.call(lambda client: client.never(), answers.append)  # type: ignore[attr-defined]  # Telling's own
    loop_until(root, lambda: len(taken.events) > 10)
    bridge.close()
    bridge.close()
    count = len(taken.events)
    bridge.tell(lambda client: client.send("lobby", "too late"))
    root.after(50, lambda: root.setvar("later", "1"))
    root.wait_variable("later")
    assert len(taken.events) == count < 5_000 and answers == []
    assert root.tk.splitlist(root.tk.call("after", "info")) == ()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("parley-")]


def test_a_wake_is_quick(root: tk.Tk, wake: Callable[..., Wake]) -> None:
    came = list[float]()
    woken = wake(root, lambda: came.append(time.perf_counter()))
    delays = []
    for _ in range(20):
        count = len(came)
        begun = time.perf_counter()
        threading.Timer(0.002, woken.wake).start()
        loop_until(root, lambda count=count: len(came) > count)  # type: ignore[misc]  # binds the count of now
        delays.append(came[-1] - begun - 0.002)
    woken.close()
    assert sorted(delays)[10] < 0.02
