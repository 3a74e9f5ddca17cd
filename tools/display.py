"""A private X display: for window tests and screenshots, so that neither touches the developer's screen."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def private_display(width: int, height: int) -> Iterator[str]:
    """Runs an Xvfb of its own with 24-bit colour; gives its name, `:99`. `FileNotFoundError` where there is none."""
    reading, writing = os.pipe()
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    try:
        process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    with process, os.fdopen(reading, "rb") as pipe:
        try:
            yield ":" + pipe.readline().decode().strip()
        finally:
            process.terminate()
