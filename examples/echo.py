"""A bot that says again what it is told: `!echo words`, and whatever is said to it alone.

python examples/echo.py chat://127.0.0.1:12345 ROOM
"""

import asyncio
import logging
import sys
from contextlib import suppress

from chatclient import Message, Refused, connect


async def main(server: str, room: str) -> None:
    async with connect(server, user="echo") as chat:

        @chat.command("echo")
        async def echo(message: Message, words: str) -> None:
            await message.reply(words)

        await chat.join(room, create=True)
        async for event in chat.events():
            if isinstance(event, Message) and event.direct:
                with suppress(Refused):  # it may be deleted by now
                    await event.reply(event.text)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    logging.basicConfig(level=logging.INFO)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
