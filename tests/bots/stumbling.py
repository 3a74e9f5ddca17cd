"""A bot that stops in the middle of its second answer until it is killed, for tests that do so.

    python -m tests.bots.stumbling PORT MARKED|PLAIN HALF|WHOLE [loop]

MARKED answers as bots do; PLAIN goes past what makes an answer one, for the control. HALF stops in the middle of
`!work` forever, WHOLE does not. With `loop` it answers in the body of its loop instead of as a command.
"""

import asyncio
import random
import sys

from chatclient import Chat, Message, connect


async def answer(chat: Chat, message: Message, text: str, how: str) -> None:
    if how == "MARKED":
        await message.reply(text)
        return
    client = chat.client
    chat._ids.give("")
    await chat._errands.done(client.send(message.room, text, message.seq))


async def work(chat: Chat, message: Message, how: str, end: str) -> None:
    await answer(chat, message, "one", how)
    await answer(chat, message, f"a number: {random.random()}", how)  # other words in each run
    print("half", message.seq, flush=True)
    if end == "HALF":
        await asyncio.Event().wait()
    await answer(chat, message, "two", how)
    print("whole", message.seq, flush=True)


async def main(port: str, how: str, end: str, *loop: str) -> None:
    async with connect(f"chat://127.0.0.1:{port}", user="bot") as chat:
        if not loop:

            @chat.command("work")
            async def command(message: Message) -> None:
                await work(chat, message, how, end)

        print("ready", flush=True)
        async for event in chat.events():
            if isinstance(event, Message) and event.text == "!work":
                await work(chat, event, how, end)


asyncio.run(main(*sys.argv[1:]))
