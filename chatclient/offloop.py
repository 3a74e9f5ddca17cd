"""Work in a thread beside the loop that is not left to itself: who gives it up waits for its end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def off_loop(work: Callable[[], T], stop: Callable[[], object] = lambda: None) -> T:
    """What `work` gives. Where this is cancelled, `stop` is called, and the thread's end waited for."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # nobody wants to know it any more
        raise
