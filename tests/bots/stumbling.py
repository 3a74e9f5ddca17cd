"""A bot that stops in the middle of its second answer until it is killed, for tests that do so.

    python -m tests.bots.stumbling PORT MARKED|PLAIN HALF|WHOLE [loop]

MARKED answers as bots do; PLAIN goes past what makes an answer one, for the control. HALF stops in the middle of
`!work` forever, WHOLE does not. With `loop` it answers in the body of its loop instead of as a command.

With DIE_AT=N in the environment it answers one question after another, and kills itself (SIGKILL) at the Nth moment:
before and after each deed, and each time that it writes down what it has done.
"""

import asyncio
import os
import random
import signal
import sys

from chatclient import Chat, Message, connect
from chatclient.bots.deeds import Deeds
from chatclient.bots.state import State

moments_left = int(os.environ.get("DIE_AT", "0"))


def moment() -> None:
    """Perhaps the last one."""
    global moments_left
    moments_left -= 1
    if moments_left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def watch() -> None:
    """Count the moments at which dying may matter."""
    write, do = State.write, Deeds._do_as

    def writing(self: State, *lines: tuple[str, tuple[object, ...]]) -> None:
        moment()
        write(self, *lines)
        moment()

    async def doing(self: Deeds, *what: object) -> object:
        moment()
        done = await do(self, *what)  # type: ignore[arg-type] # whatever it takes
        moment()
        return done

    State.write, Deeds._do_as = writing, doing  # type: ignore[method-assign, assignment] # for this process


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
    at_once = 1 if "DIE_AT" in os.environ else 16
    async with connect(f"chat://127.0.0.1:{port}", user="bot", at_once=at_once) as chat:
        if not loop:

            @chat.command("work")
            async def command(message: Message) -> None:
                await work(chat, message, how, end)

        print("ready", flush=True)
        async for event in chat.events():
            if isinstance(event, Message) and event.text == "!work":
                await work(chat, event, how, end)


watch()
asyncio.run(main(*sys.argv[1:]))
