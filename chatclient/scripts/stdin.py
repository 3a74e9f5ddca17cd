"""Standard input: all of it, or line by line as it comes.

Lines are read by a thread of their own with the system's call alone, so that Ctrl+C and the end of the program wait for
nothing: Python's own stream would be locked at its exit by a read that never ends.
"""

import asyncio
import codecs
import os
import sys
import threading
from collections.abc import AsyncIterator
from typing import Final

from shared.errors import Refused
from shared.rules import TEXT

CHUNK: Final = 64 * 1024
LONGEST: Final = 4 * TEXT + 2
"""Bytes of a text that is not too long yet, whatever it is written in, and of the end of its line."""
AHEAD: Final = 16
"""Chunks that are read before they are taken."""


def whole() -> str:
    """All of it, without the newlines at its end. `Refused` where it is longer than a message can be."""
    content = sys.stdin.buffer.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise Refused("too_large", f"Standard input has over {TEXT:,} characters, which is the limit of a message.")
    return content.decode(errors="replace").rstrip("\r\n")


async def lines() -> AsyncIterator[str]:
    """Each line without its newline, to the end."""
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)
    source = sys.stdin.fileno()

    def read() -> None:
        while True:
            room.acquire()
            try:
                chunk = os.read(source, CHUNK)
            except OSError:
                chunk = b""
            try:
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            except RuntimeError:  # the loop is closed: nobody reads any more
                return
            if not chunk:
                return

    threading.Thread(target=read, name="standard input", daemon=True).start()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    begun = ""
    while chunk := await chunks.get():
        room.release()
        *complete, begun = (begun + decoder.decode(chunk)).split("\n")
        for line in complete:
            yield line.rstrip("\r")
        if len(begun) > LONGEST:
            raise Refused("too_large", f"A line of standard input has over {TEXT:,} characters, which is the limit.")
    begun += decoder.decode(b"", final=True)
    if begun:
        yield begun.rstrip("\r")
