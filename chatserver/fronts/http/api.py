"""The HTTP API: what a script needs without a connection of its own. Every row becomes a command of the wire."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec
from aiohttp import web
from msgspec import UNSET, UnsetType

from chatserver.commands.search import MOST
from chatserver.fronts.http.kinds import Hashes, Ident, Seq, Sought, Text, Time, told
from chatserver.fronts.http.operations import Asked, Operation, route
from chatserver.fronts.http.served import Served
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Found, Ok, Page, RoomList


class PageQuery(msgspec.Struct, forbid_unknown_fields=True):
    """One of `before`, `after` and `around` (a `seq`), or none for the newest."""

    before: Seq | UnsetType = UNSET
    after: Seq | UnsetType = UNSET
    around: Seq | UnsetType = UNSET
    limit: Annotated[int, told(minimum=1, maximum=rules.PAGE)] = 50


class SearchQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`text` anywhere in a message, which may be left out where `files` asks for messages that bear some; from `since`
    on, before `until`; ask on with the `before` of the answer."""

    text: Sought = ""
    room: str | UnsetType = UNSET
    user: str | UnsetType = UNSET
    since: Time | UnsetType = UNSET
    until: Time | UnsetType = UNSET
    files: bool = False
    before: Seq | UnsetType = UNSET
    limit: Annotated[int, told(minimum=1, maximum=MOST)] = 50


class NewMessage(msgspec.Struct):
    """`id` makes it happen once, however often it is sent; without one every request is a message. `reply_to` is the
    `seq` of a message of this room, `files` the SHA-256 of files that one sent."""

    text: Text
    reply_to: Seq = 0
    files: Hashes = ()
    id: Ident | UnsetType = UNSET


async def _rooms(asked: Asked) -> RoomList:
    return await asked.ask(protocol.Rooms(), RoomList)


async def _page(asked: Asked) -> Page:
    return await asked.ask(protocol.History(room=asked.part("room"), **_given(asked.query)), Page)


async def _post(asked: Asked) -> Ok:
    sent: NewMessage = asked.body
    ident = fresh_id() if sent.id is UNSET else sent.id
    post = protocol.Post(id=ident, room=asked.part("room"), text=sent.text, reply_to=sent.reply_to, files=sent.files)
    return await asked.ask(post, Ok)


async def _search(asked: Asked) -> Found:
    given = _given(asked.query)
    given |= {edge: _moment(given[edge]) for edge in ("since", "until") if edge in given}
    return await asked.ask(protocol.Search(**given), Found)


def _given(query: msgspec.Struct) -> dict[str, Any]:
    return {key: value for key, value in msgspec.structs.asdict(query).items() if value is not UNSET}


def _moment(text: str) -> str:
    """A time of any zone (RFC 3339) in the form of events."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    except (ValueError, OverflowError):
        raise Refused("bad_request", "A time has a date, a clock and a zone: 2026-11-20T05:44:27Z.") from None


def fresh_id() -> str:
    """For a change whose sender gave none."""
    return f"http:{secrets.token_hex(12)}"


OPERATIONS: Final = (
    Operation("list_rooms", "GET", "/api/rooms", "The rooms that one is in or may join", _rooms, RoomList),
    Operation(
        "read_messages", "GET", "/api/rooms/{room}/messages", "A page of a room's messages", _page, Page, PageQuery
    ),
    Operation(
        "post_message",
        "POST",
        "/api/rooms/{room}/messages",
        "Post a message; the answer comes when it stands in the history",
        _post,
        Ok,
        body=NewMessage,
        status=201,
    ),
    Operation("search", "GET", "/api/search", "Messages of one's rooms that hold a text", _search, Found, SearchQuery),
)


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/api/…`."""
    return [route(served, operation) for operation in OPERATIONS]
