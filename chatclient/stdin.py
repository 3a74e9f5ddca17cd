"""Standard input, whatever it is: all of it, or line by line as it comes.

It is read by a thread of its own with the system's call alone, so that Ctrl+C and the end of the program wait for
nothing: Python's own stream would be locked at its exit by a read that never ends. No more is read ahead than is soon
taken.
"""

import asyncio
import codecs
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final

from shared.errors import Refused
from shared.rules import TEXT

CHUNK: Final = 64 * 1024
LONGEST: Final = 4 * TEXT + 2
"""Bytes of a text that is not too long yet, whatever it is written in, and of the end of its line."""
AHEAD: Final = 16
"""Chunks that are read before they are taken."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, Ctrl+C ends a question to somebody at the terminal: asyncio's handler would only take note of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def whole() -> str:
    """All of it, without the newlines at its end. `Refused` where it is longer than a message can be, or no text."""
    content = b""
    async for chunk in _chunks():
        content += chunk
        if b"\0" in chunk:
            raise Refused("bad_request", "Standard input is no text. Save it, and send it with --file PATH.")
        if len(content) > LONGEST:
            raise Refused("too_large", f"Standard input has over {TEXT:,} characters, which is the limit of a message.")
    return content.decode(errors="replace").rstrip("\r\n")


async def lines() -> AsyncIterator[str]:
    """Each line without its newline, to the end; what is no UTF-8 stands there as `�`. `Refused` at one too long."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    begun = ""
    async for chunk in _chunks():
        *complete, begun = (begun + decoder.decode(chunk)).split("\n")
        for line in complete:
            yield line.rstrip("\r")
        if len(begun) > LONGEST:
            raise Refused("too_large", f"A line of standard input has over {TEXT:,} characters, which is the limit.")
    begun += decoder.decode(b"", final=True)
    if begun:
        yield begun.rstrip("\r")


async def _chunks() -> AsyncIterator[bytes]:
    if sys.stdin is None:  # its number may be another file's by now
        raise Refused("bad_request", "There is no standard input to read a text from.")
    loop = asyncio.get_running_loop()
    read: asyncio.Queue[bytes] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)
    source = sys.stdin.fileno()

    def reading() -> None:
        while True:
            room.acquire()
            try:
                chunk = os.read(source, CHUNK)
            except OSError:
                chunk = b""  # a terminal that went away
            try:
                loop.call_soon_threadsafe(read.put_nowait, chunk)
            except RuntimeError:  # the loop is closed: nobody reads any more
                return
            if not chunk:
                return

    threading.Thread(target=reading, name="standard input", daemon=True).start()
    while chunk := await read.get():
        room.release()
        yield chunk
