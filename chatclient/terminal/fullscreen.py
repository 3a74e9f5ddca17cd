"""The terminal that the screen is shown on: layout, keys and colours put together, and what it takes to come and go.

prompt_toolkit compares what is to be seen with what is there and writes the difference, at most 20 times a second, so
that a busy room is cheap to look at over a slow line too.
"""

import asyncio
import signal
from contextlib import suppress
from typing import Final

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from chatclient.terminal import keys, layout
from chatclient.terminal.desk import Desk
from chatclient.terminal.palette import STYLES
from chatclient.terminal.screen import Screen

PAUSE: Final = 0.05
"""Seconds between two drawings, at least."""
ESCAPE: Final = 0.1
"""Seconds after which Esc is Esc, and no part of another key, whose parts come together over ssh too."""
_NO_WHEEL: Final = "\x1b[?1007l"
"""Terminals send ↑ for the wheel otherwise, which would edit the last message."""
_WHEEL: Final = "\x1b[?1007h"


class FullScreen:
    """`run` shows it until the person leaves, or `end` is called."""

    def __init__(self, desk: Desk) -> None:
        screen = self._screen = Screen(desk)
        self._ended = False
        built, self._box = layout.build(
            screen, screen.controls(), screen.composer.buffer, lambda: bool(screen.notice[1])
        )
        self._app: Application[None] = Application(
            layout=built,
            key_bindings=keys.bindings(screen, self.suspend),
            style=Style.from_dict(STYLES),
            full_screen=True,
            mouse_support=Condition(lambda: screen.mouse_on),
            color_depth=ColorDepth.from_env() or ColorDepth.DEPTH_4_BIT,  # NO_COLOR is heeded
            min_redraw_interval=PAUSE,
        )
        self._app.ttimeoutlen = self._app.timeoutlen = ESCAPE
        screen.terminal = self
        desk.face = screen
        self._model = desk.model

    async def run(self) -> int:
        """The exit code."""
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # Windows has no such signals
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.end)
        clock = asyncio.create_task(self._tick())
        try:
            if not self._ended:
                self._app.output.write_raw(_NO_WHEEL)
                await self._app.run_async(handle_sigint=False)
        finally:
            clock.cancel()
            self._app.output.write_raw(_WHEEL)
            self._app.output.flush()
        return 0

    async def _tick(self) -> None:
        """While there is no connection, count the seconds."""
        while True:
            await asyncio.sleep(1)
            if self._model.link.state == "offline":
                self.redraw()

    # --- what the screen needs ------------------------------------------------------------------------------

    @property
    def cells(self) -> int:
        """How wide it is."""
        return self._app.output.get_size().columns

    @property
    def rows(self) -> int:
        """How tall it is."""
        return self._app.output.get_size().rows

    def redraw(self) -> None:
        """Something is to be seen that was not."""
        self._app.invalidate()

    def focus(self, field: Buffer | None) -> None:
        """Give the keyboard to this field, or to the box."""
        self._app.layout.focus(field if field is not None else self._box)

    def bell(self) -> None:
        """Ring it."""
        self._app.output.bell()

    def suspend(self) -> None:
        """Ctrl+Z."""
        self._app.suspend_to_background()

    def end(self) -> None:
        """Leave. May be called more than once."""
        self._ended = True
        if self._app.is_running and self._app.future is not None and not self._app.future.done():
            self._app.exit()
