"""A bot that reminds: `!remind 10m soup`, `!reminders`, `!forget 17`. What was asked for outlives the bot.

python examples/reminder.py chat://127.0.0.1:12345 ROOM
"""

import asyncio
import logging
import re
import sys
import time

from chatclient import Chat, Message, Refused, connect

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int | None:
    """What `90s`, `10m`, `2h` or `1d` come to; None for anything else."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    return int(match[1]) * UNITS[match[2]] if match else None


async def remind(chat: Chat, number: str) -> None:
    """Wait until this reminder is due, post it, and forget it: should we be killed in between, `once` posts it once."""
    reminder = chat.notes[number]
    await asyncio.sleep(reminder["due"] - time.time())
    if number in chat.notes:
        try:
            await chat.send(reminder["room"], f"@{reminder['user']} {reminder['what']}", once=f"reminder.{number}")
        except Refused as refused:
            logging.warning("Reminder %s cannot be posted: %s", number, refused)
        chat.notes.pop(number, None)


async def main(server: str, room: str) -> None:
    async with connect(server, user="reminder") as chat, asyncio.TaskGroup() as waiting:
        for number in chat.notes:
            waiting.create_task(remind(chat, number))

        @chat.command("remind")
        async def add(message: Message, when: str, what: str) -> None:
            after = seconds(when)
            if after is None:
                await message.reply(f"{when} is no time. Say 90s, 10m, 2h or 1d.")
                return
            number = str(message.seq)
            due = message.time.timestamp() + after
            chat.notes[number] = {"room": message.room, "user": message.user, "due": due, "what": what}
            waiting.create_task(remind(chat, number))
            await message.reply(f"In {when}, then. (To stop me: !forget {number})")

        @chat.command("forget")
        async def forget(message: Message, number: str) -> None:
            found = chat.notes.get(number)
            if found is None or found["user"] != message.user:
                await message.reply(f"You have no reminder {number}.")
                return
            del chat.notes[number]
            await message.react("👍")

        @chat.command("reminders")
        async def show(message: Message) -> None:
            mine = [f"{number}: {note['what']}" for number, note in chat.notes.items() if note["user"] == message.user]
            await message.reply("\n".join(mine) or "You have none.")

        await chat.join(room, create=True)
        await chat.run()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    logging.basicConfig(level=logging.INFO)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
