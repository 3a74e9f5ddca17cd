"""`chatclient rooms`: the rooms that one may see, and one's direct conversations."""

import argparse
from typing import Final

import msgspec
from rich.cells import cell_len

from chatclient.scripts.paper import json_line
from chatclient.scripts.running import session
from chatclient.stdout import in_unicode, write
from shared.protocol import RoomInfo, RoomState
from shared.transcript import safe

EPILOG = """\
  chatclient rooms
  chatclient rooms --json | jq -r 'select(.unread > 0) | .room'
"""
_HEAD: Final = ("room", "members", "unread", "topic")


class Listed(msgspec.Struct):
    """One line of `--json`. `with` is set for a direct conversation."""

    room: str
    topic: str
    members: int
    private: bool
    joined: bool
    unread: int = 0
    mentions: int = 0
    last: int = 0
    with_: str | None = msgspec.field(default=None, name="with")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How."""
    parser.add_argument("--json", action="store_true", help="one object a line")


async def run(asked: argparse.Namespace) -> None:
    """Print them: those one is in first."""
    async with session(asked) as here:
        rooms = listed(here.welcome.rooms, await here.errands.ask(here.client.rooms))
    if asked.json:
        in_unicode()
        write("".join(map(json_line, rooms)))
    else:
        write(table(rooms))


def listed(mine: list[RoomState], seen: list[RoomInfo]) -> list[Listed]:
    """Both as one list: rooms one is in by name, direct conversations, the others by name."""
    names = {state.room for state in mine}
    own = [
        Listed(
            room=state.room,
            topic=state.topic,
            members=state.members,
            private=state.private,
            joined=True,
            unread=state.unread,
            mentions=state.mentions,
            last=state.last,
            with_=state.with_,
        )
        for state in sorted(mine, key=lambda state: (state.with_ or "", state.room.casefold()))
    ]
    others = [
        Listed(room=info.room, topic=info.topic, members=info.members, private=info.private, joined=False)
        for info in sorted(seen, key=lambda info: info.room.casefold())
        if info.room not in names
    ]
    return own + others


def table(rooms: list[Listed]) -> str:
    """Columns parted by two spaces or more; the first is the room as commands name it, of which none has a space."""
    rows = [_HEAD, *(_row(room) for room in rooms)]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    lines = ("  ".join((*map(_padded, row, widths), row[-1])) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cell_len(cell))


def _row(room: Listed) -> tuple[str, ...]:
    name = f"@{room.with_}" if room.with_ else room.room
    return safe(name), str(room.members), str(room.unread) if room.joined else "-", safe(room.topic)
