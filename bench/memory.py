"""What a connection costs in memory: the server's resident set with idle people signed in, less that with none."""

import time

import msgspec

from bench.crowd import Crowd
from bench.process import BenchError, Server

LONGEST = 15.0
"""Seconds after which a server that still grows or sends is not idle."""


class Memory(msgspec.Struct, kw_only=True):
    """Resident bytes of the server with nobody there, and for each connection where there are so many."""

    alone: int
    per_connection: dict[int, int]


def measure_memory(server: Server, crowd: Crowd, counts: list[int], settle_seconds: float) -> Memory:
    """Let people in up to each of these counts; `crowd` has room for the largest and nobody has come yet.

    The resident set is read when it has not grown for `settle_seconds`: a server imports HTTP behind its open port.
    """
    alone = _settled(server, crowd, settle_seconds)
    per_connection = {}
    for count in counts:
        crowd.enter(until=count)
        per_connection[count] = (_settled(server, crowd, settle_seconds) - alone) // count
    return Memory(alone=alone, per_connection=per_connection)


def _settled(server: Server, crowd: Crowd, settle_seconds: float) -> int:
    """The resident set once all is read and it has stopped growing."""
    began = since = time.monotonic()
    size = server.resident_bytes()
    while (now := time.monotonic()) - since < settle_seconds:
        if crowd.take() or server.resident_bytes() > size:
            size, since = server.resident_bytes(), now
        if now - began > LONGEST:
            raise BenchError(f"After {LONGEST:g} s the server is still growing or sending.")
        time.sleep(0.01)
    return server.resident_bytes()
