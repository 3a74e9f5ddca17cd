"""A client in a process of its own, for tests that kill it: it queues what its lines say, and tells what becomes of it.

    python -m tests.client.sender PORT TOKEN SPOOL|- IDS

Standard input has one JSON list per line, a method of ChatClient and its arguments; standard output has one word for
each event and its id. It ends with its input.
"""

import asyncio
import json
import logging
import sys
from pathlib import Path

from chatclient.client import ChatClient


async def main(port: int, token: str, spool: str, ids: str) -> None:
    numbers = iter(range(1, 1_000_000))
    client = ChatClient(
        "127.0.0.1",
        port,
        "alice",
        token,
        spool=Path(spool) if spool != "-" else None,
        ids=lambda: f"{ids}{next(numbers)}",
        backoff=lambda attempt: 0.05,
    )
    running = asyncio.create_task(client.run())
    telling = asyncio.create_task(tell(client))
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        method, *arguments = json.loads(line)
        if method == "attach":
            print("attached", client.attach(data=arguments[0].encode(), name=arguments[1]), flush=True)
        else:
            getattr(client, method)(*arguments)
    await client.close()
    await asyncio.wait([running, telling])


async def tell(client: ChatClient) -> None:
    async for event in client.events():
        ident = getattr(event, "id", "") or getattr(event, "upload", "")
        print(type(event).__name__, ident, getattr(event, "message", ""), flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
