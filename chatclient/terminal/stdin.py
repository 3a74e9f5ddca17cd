"""Lines from the standard input, whatever it is: a terminal, a pipe, a file.

A thread of its own reads, because not every loop can wait for every kind of input. It holds no lock while it waits,
so that the program can end beside it.
"""

import asyncio
import codecs
import os
import threading
from collections import deque
from typing import Final

_CHUNK: Final = 65_536


class Lines:
    """Made on the loop's thread; reading begins with the first `next`."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._lines: deque[str] = deque()
        self._news = asyncio.Event()
        self._ended = False
        self._thread: threading.Thread | None = None

    async def next(self) -> str | None:
        """The next line without its end; None after the last one. What is no UTF-8 stands there as `�`."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name="parley input", daemon=True)
            self._thread.start()
        while not self._lines and not self._ended:
            self._news.clear()
            await self._news.wait()
        return self._lines.popleft() if self._lines else None

    def end(self) -> None:
        """Wait for no more lines."""
        self._ended = True
        self._lines.clear()
        self._news.set()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        begun = ""
        while True:
            try:
                chunk = os.read(self._descriptor, _CHUNK)
            except OSError:
                chunk = b""  # a terminal that went away
            *lines, begun = (begun + decoder.decode(chunk, final=not chunk)).split("\n")
            if not chunk and begun:
                lines.append(begun)
            try:
                self._loop.call_soon_threadsafe(self._came, [line.removesuffix("\r") for line in lines], not chunk)
            except RuntimeError:
                return  # the loop has ended
            if not chunk:
                return

    def _came(self, lines: list[str], last: bool) -> None:
        if not self._ended:
            self._lines.extend(lines)
            self._ended = last
            self._news.set()
