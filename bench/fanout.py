"""Deliveries: how many a second at saturation, and how late each is when there is air.

At saturation the speakers keep a window of posts under way that the witness has not seen yet, in chunks written at
once; what counts are the deliveries between two marks in time after a warm-up. At a fixed rate each post is due at a
time of its own, whatever became of those before it, and is as late as the time between then and a receiver's read.
"""

import bisect
import gc
import time
from itertools import cycle

import msgspec

from bench import checks
from bench.crowd import PATIENCE, Crowd
from bench.dialects import NUMBER, chunk_template, name
from bench.parley import Observer
from bench.process import BenchError, Server
from shared.protocol import Event, decode_server_line
from shared.rules import LOBBY


class Load(msgspec.Struct, kw_only=True):
    """How a run loads the server.

    window      posts under way at most, all speakers together
    chunk       posts in one write, 100 at most
    posts       a bound on the posts of one run, whatever the time says
    rate        posts a second of the run at a fixed rate
    """

    people: int = 100
    speakers: int = 50
    warm_seconds: float = 2.0
    seconds: float = 5.0
    window: int = 12_800
    chunk: int = 64
    posts: int = 3_000_000
    rate: int = 200
    rate_seconds: float = 10.0
    quiet_seconds: float = 0.5
    arrival_seconds: float = 5.0


class Saturation(msgspec.Struct, kw_only=True):
    """What one run at saturation gave. `idle` is the generator's share of time with nothing to read or write."""

    deliveries_per_second: float
    posts: int
    seconds: float
    gigabytes_per_second: float
    server_cpu: float
    cpu_seconds_per_million: float
    generator_idle: float
    index_behind_seconds: float | None = None


class Lateness(msgspec.Struct, kw_only=True):
    """What one run at a fixed rate gave, in milliseconds; `own_p99` is how late the generator was with its writes."""

    deliveries: int
    deliveries_per_second: float
    p50: float
    p99: float
    worst: float
    own_p99: float
    cpu_seconds_per_million: float


class Mark(msgspec.Struct):
    """A moment of a run: the bytes of every stream, the server's processor time, and idle seconds until then."""

    time: float
    received: list[int]
    cpu: float
    idle: float


def saturate(
    server: Server, crowd: Crowd, load: Load, observer: Observer | None
) -> tuple[Saturation, list[str], dict[int, int]]:
    """Load until the time or the posts are over, then read everything that is due.

    Returns the figures, the keys that were posted, and where the kept ends of the streams begin: for `checks`. The
    observer, where there is one, asks how long the index takes from the last delivery on.
    """
    crowd.align()
    crowd.keep_only({0, crowd.witness})
    template = chunk_template(crowd.dialect, load.chunk)
    gc.collect()
    gc.disable()
    try:
        marks, chunks = _drive(server, crowd, load, template)
    finally:
        gc.enable()
    posted = [f"{number:08d}.{i:02d}" for number in range(1, chunks + 1) for i in range(load.chunk)]
    crowd.posted += len(posted)
    begins = crowd.keep_all()
    _drain(crowd, len(posted))
    behind = _index_behind(crowd, observer) if observer else None
    first, last = marks
    seconds = last.time - first.time
    deliveries = sum(_lines_between(crowd, first.received, last.received))
    cpu = last.cpu - first.cpu
    figures = Saturation(
        deliveries_per_second=deliveries / seconds,
        posts=len(posted),
        seconds=seconds,
        gigabytes_per_second=(sum(last.received) - sum(first.received)) / seconds / 1e9,
        server_cpu=cpu / seconds,
        cpu_seconds_per_million=cpu / deliveries * 1e6,
        generator_idle=(last.idle - first.idle) / seconds,
        index_behind_seconds=behind,
    )
    return figures, posted, begins


def _drive(server: Server, crowd: Crowd, load: Load, template: bytes) -> tuple[tuple[Mark, Mark], int]:
    """The loop under load; returns the start and end marks and the number of chunks written."""
    clock, take, send, unsent = time.perf_counter, crowd.take, crowd.send, crowd.unsent
    pieces = crowd.kept[crowd.witness]
    assert pieces is not None
    turns = cycle(range(load.speakers))
    chunks = arrived = looked = 0
    idle = 0.0
    now = clock()
    begin, end = now + load.warm_seconds, now + load.warm_seconds + load.seconds
    first: Mark | None = None
    while True:
        busy = take()
        while looked < len(pieces):
            arrived += pieces[looked].count(b"\n")
            looked += 1
        if unsent:
            for place in list(unsent):
                busy += send(place, b"")
        while chunks * load.chunk - arrived < load.window and chunks * load.chunk < load.posts:
            place = next(turns)
            if place in unsent:
                break
            chunks += 1
            busy += 1
            send(place, template.replace(NUMBER, b"%08d" % chunks))
        before, now = now, clock()
        if not busy:
            idle += now - before
        if first is None and now >= begin:
            if chunks * load.chunk >= load.posts:
                raise BenchError(f"All {load.posts:,} posts were made before the warm-up was over: allow more of them.")
            first = Mark(now, crowd.received.copy(), server.cpu_seconds(), idle)
        if first is not None and (now >= end or chunks * load.chunk >= load.posts):
            return (first, Mark(now, crowd.received.copy(), server.cpu_seconds(), idle)), chunks


def _drain(crowd: Crowd, posts: int) -> None:
    """Read until the witness has all posts and every stream has what that entails."""
    deadline = time.monotonic() + PATIENCE
    pieces = crowd.kept[crowd.witness]
    assert pieces is not None
    looked = arrived = 0
    while arrived < posts:
        crowd.take()
        for place in list(crowd.unsent):
            crowd.send(place, b"")
        arrived += sum(piece.count(b"\n") for piece in pieces[looked:])
        looked = len(pieces)
        if time.monotonic() > deadline:
            raise BenchError(f"{arrived:,} of {posts:,} posts had arrived {PATIENCE:g} s after the load.")


def _index_behind(crowd: Crowd, observer: Observer) -> float:
    """Seconds from now until the index knows the newest event that the witness got."""
    pieces = crowd.kept[crowd.witness]
    assert pieces is not None
    began = time.perf_counter()
    newest = decode_server_line(b"".join(pieces[-2:]).splitlines()[-1])
    assert isinstance(newest, Event)
    observer.wait_until_indexed(LOBBY, PATIENCE, newest.seq)
    return time.perf_counter() - began


def _lines_between(crowd: Crowd, first: list[int], last: list[int]) -> list[int]:
    """How many messages each stream brought between two marks, given by its bytes.

    A listener's bytes are a part of the witness's stream, so its lines are counted exactly. A speaker's bytes hold
    answers too: they are taken to be spread evenly, which over a window of seconds is right to a few hundred lines.
    """
    pieces = crowd.kept[crowd.witness]
    assert pieces is not None
    starts, lines = [0], [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
        lines.append(lines[-1] + piece.count(b"\n"))
    total = starts[-1]
    due = crowd.dialect.answer_bytes(b"".join(pieces))

    def lines_until(received: int, answers: int) -> int:
        at = min(received * total // (total + answers), total)
        place = min(bisect.bisect_right(starts, at), len(pieces)) - 1
        return lines[place] + pieces[place].count(b"\n", 0, at - starts[place])

    answers = [due[name(place)] for place in range(crowd.people)]
    return [lines_until(b, own) - lines_until(a, own) for a, b, own in zip(first, last, answers, strict=True)]


def pace(server: Server, crowd: Crowd, load: Load) -> tuple[Lateness, list[str]]:
    """Posts at a fixed rate, every stream read in full; returns the figures and the keys posted."""
    crowd.align("steady")
    clock = time.perf_counter
    posts = int(load.rate * load.rate_seconds)
    keys = [f"{number:08d}" for number in range(1, posts + 1)]
    lines = [crowd.dialect.post(key) for key in keys]
    crowd.posted += posts
    crowd.stamps = [[] for _ in range(crowd.people)]
    own: list[float] = []
    gc.collect()
    gc.disable()
    try:
        cpu, began = server.cpu_seconds(), clock()
        due = [began + 0.05 + i / load.rate for i in range(posts)]
        for i, when in enumerate(due):
            while clock() < when:
                crowd.take()
            own.append(clock() - when)
            crowd.send(i % load.speakers, lines[i])
        _drain(crowd, posts)
        cpu = server.cpu_seconds() - cpu
        seconds = due[-1] - due[0] + 1 / load.rate
        crowd.quieten()
    finally:
        gc.enable()
    late = sorted(_lateness(crowd, dict(zip(keys, due, strict=True))))
    crowd.stamps = None
    return Lateness(
        deliveries=len(late),
        deliveries_per_second=len(late) / seconds,
        p50=late[len(late) // 2] * 1e3,
        p99=late[len(late) * 99 // 100] * 1e3,
        worst=late[-1] * 1e3,
        own_p99=sorted(own)[len(own) * 99 // 100] * 1e3,
        cpu_seconds_per_million=cpu / len(late) * 1e6,
    ), keys


def _lateness(crowd: Crowd, due: dict[str, float]) -> list[float]:
    """Seconds from when a post was due to the read that completed it, for every post and every receiver."""
    assert crowd.stamps is not None
    late: list[float] = []
    for place, stamps in enumerate(crowd.stamps):
        at, stamp = 0, 0
        for line in b"".join(crowd.kept[place] or ()).splitlines(keepends=True):
            at += len(line)
            while stamps[stamp][1] < at:
                stamp += 1
            if not crowd.dialect.is_answer(line):
                said = crowd.dialect.messages(line)[0]
                late.append(stamps[stamp][0] - due[said.text.partition(" ")[0]])
    return late


def measure_steady(server: Server, crowd: Crowd, load: Load) -> Lateness:
    """`pace`, checked: everybody got everything."""
    figures, keys = pace(server, crowd, load)
    checks.check_streams(crowd, keys, {})
    return figures


def measure_saturation(server: Server, crowd: Crowd, load: Load, observer: Observer | None) -> Saturation:
    """`saturate`, checked: everybody got everything, and nothing more comes."""
    figures, posted, begins = saturate(server, crowd, load, observer)
    crowd.quieten()
    checks.check_streams(crowd, posted, begins)
    return figures
