"""A bridge between two servers: what is said in a room here is said in the room of that name there, and the other way.

    python examples/bridge.py chat://127.0.0.1:12345 chat://chat.example.org:12345 ROOM [ROOM …]

Names stand before the words. Replies, edits and deletions go along, files are brought over. Nothing comes back: what
the bridge wrote, and what other bots wrote, is no event for it.
"""

import asyncio
import logging
import sys

from chatclient import Chat, Deleted, Edited, Event, Message, Refused, connect


def text_of(user: str, text: str) -> str:
    return f"**{user}**: {text}" if text else f"**{user}**:"


async def carry(event: Event, here: Chat, there: Chat) -> None:
    """One event to the other side. `there.notes` knows the number that a message of here has there, and the reverse."""
    if isinstance(event, Message):
        files = [there.attach(await here.fetch(file), name=file.name) for file in event.files]
        reply_to = there.notes.get(f"{event.room}/{event.reply_to}", 0)
        # The key makes it one message there, also where the bridge is killed before it has taken note of it.
        sent = await there.send(
            event.room, text_of(event.user, event.text), reply_to=reply_to, files=files, once=f"bridge.{event.seq}"
        )
        there.notes[f"{event.room}/{event.seq}"] = sent.seq
        here.notes[f"{event.room}/{sent.seq}"] = event.seq
    elif isinstance(event, Edited | Deleted) and (seq := there.notes.get(f"{event.room}/{event.of}")):
        if isinstance(event, Deleted):
            await there.delete((event.room, seq), once=f"bridge.{event.seq}")
        else:
            await there.edit((event.room, seq), text_of(event.user, event.text), once=f"bridge.{event.seq}")


async def copy(here: Chat, there: Chat, rooms: list[str]) -> None:
    """Everything that happens here, one after another, so that its order is kept."""
    async for event in here.events():
        if event.room in rooms:
            try:
                await carry(event, here, there)
            except Refused as refused:
                logging.warning("Event %d of %s stays here: %s", event.seq, event.room, refused)


async def main(one: str, other: str, *rooms: str) -> None:
    async with connect(one, user="bridge") as here, connect(other, user="bridge") as there:
        for side in (here, there):
            for room in rooms:
                await side.join(room, create=True)
        async with asyncio.TaskGroup() as both:
            both.create_task(copy(here, there, list(rooms)))
            both.create_task(copy(there, here, list(rooms)))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    logging.basicConfig(level=logging.INFO)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
