"""The load generator's own ceiling: how fast it takes lines from a server that does nothing but write them."""

import sys
import time
from pathlib import Path

import msgspec

from bench.crowd import Crowd
from bench.dialects import ParleyLines, Step
from bench.process import Server

LINE_BYTES = 245
"""About what one delivery of a text of 100 bytes has on Parley's wire."""


class Ceiling(msgspec.Struct, kw_only=True):
    """What the generator took from the blaster."""

    lines_per_second: float
    gigabytes_per_second: float
    blaster_cpu: float


class _Silent(ParleyLines):
    """The blaster wants nothing said to it."""

    def enter(self, place: int) -> list[Step]:
        return []


def measure_ceiling(folder: Path, people: int, seconds: float) -> Ceiling:
    """Read from the blaster exactly as under load: two streams kept, of the others the bytes counted."""
    command = [sys.executable, "-m", "bench.peers.blaster", str(people), str(seconds + 1), str(LINE_BYTES)]
    with Server(command, folder) as server, Crowd(_Silent(), server.port, people, 0, 0.0, 0.0) as crowd:
        crowd.keep_only({0, crowd.witness})
        crowd.enter()
        lines = looked = 0
        pieces = crowd.kept[crowd.witness]
        assert pieces is not None
        begin = time.perf_counter() + 0.2
        while time.perf_counter() < begin:
            crowd.take()
        began, before, cpu = time.perf_counter(), sum(crowd.received), server.cpu_seconds()
        while (now := time.perf_counter()) < began + seconds:
            crowd.take()
            lines += sum(piece.count(b"\n") for piece in pieces[looked:])
            looked = len(pieces)
        size = sum(crowd.received) - before
        return Ceiling(
            lines_per_second=size / LINE_BYTES / (now - began),
            gigabytes_per_second=size / (now - began) / 1e9,
            blaster_cpu=(server.cpu_seconds() - cpu) / (now - began),
        )
