"""Incoming webhooks over HTTP: making, listing and revoking them, and what is posted to their secret address."""

from collections.abc import Iterable
from typing import Final

import msgspec
from aiohttp import web
from msgspec import UNSET

from chatserver.accounts import Hook
from chatserver.fronts.http import asked as asked_
from chatserver.fronts.http import call, slack
from chatserver.fronts.http.api import fresh_id
from chatserver.fronts.http.kinds import Place, Title
from chatserver.fronts.http.operations import NO_CONTENT, Asked, Operation, route
from chatserver.fronts.http.served import Served
from chatserver.hooks import Hooks, no_such_hook
from shared.errors import Refused
from shared.protocol import Ok, Post

LONGEST: Final = 64
"""Characters of what may be a secret."""
PLACE: Final = "/hooks/{hook}"
"""A hook by its id, for who moderates the room; by its secret, for who posts."""


class NewHook(msgspec.Struct):
    """For which room, and as whom it posts."""

    room: Place
    name: Title


class HookInfo(msgspec.Struct, omit_defaults=True):
    """One hook. `user` is the name that its messages bear, `name` how that is shown, `by` who made it. `url` is told to
    its maker, once: whoever knows it can post."""

    id: str
    room: str
    name: str
    user: str
    by: str
    created: str
    url: str = ""


class HookList(msgspec.Struct):
    """The hooks of the rooms that one moderates, oldest first."""

    hooks: list[HookInfo]


def _told(hook: Hook, url: str = "") -> HookInfo:
    return HookInfo(hook.id, hook.room, hook.title, hook.name, hook.maker, hook.created, url)


async def _make(asked: Asked) -> HookInfo:
    here = _here(asked.request)
    hook, secret = await Hooks(asked.served.context).make(asked.device.name, asked.body.room, asked.body.name)
    return _told(hook, here + PLACE.format(hook=secret))


def _here(request: web.Request) -> str:
    """By which address the maker reaches this server. A proxy before us may speak TLS for us."""
    host = request.headers.get("Host", "")
    if not host or not host.isascii():
        raise Refused("bad_request", "The header Host is no address.")
    secure = request.headers.get("X-Forwarded-Proto", request.scheme).lower() == "https"
    return f"{'https' if secure else 'http'}://{host}"


async def _list(asked: Asked) -> HookList:
    return HookList([_told(hook) for hook in Hooks(asked.served.context).seen_by(asked.device.name)])


async def _revoke(asked: Asked) -> None:
    await Hooks(asked.served.context).revoke(asked.device.name, asked.part("hook"))


OPERATIONS: Final = (
    Operation(
        "make_hook",
        "POST",
        "/hooks",
        "A secret address by which programs post in a room that one moderates",
        _make,
        HookInfo,
        body=NewHook,
        status=201,
    ),
    Operation("list_hooks", "GET", "/hooks", "The hooks of the rooms that one moderates", _list, HookList),
    Operation(
        "revoke_hook",
        "DELETE",
        PLACE,
        "Nobody posts by this hook any more",
        _revoke,
        None,
        status=NO_CONTENT,
    ),
)


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/hooks`."""
    hooks = Hooks(served.context)

    async def incoming(request: web.Request) -> web.StreamResponse:
        secret = request.match_info["hook"]
        if len(secret) > LONGEST:
            raise no_such_hook()
        hook = hooks.opened_by(secret)
        data = await asked_.read(request)
        sent = asked_.decoded(slack.unpacked(data, request.content_type), slack.Payload)
        await hooks.enter(hook)
        post = Post(id=fresh_id() if sent.id is UNSET else sent.id, room=hook.room, text=slack.text(sent.text))
        hooks.opened_by(secret)  # revoked meanwhile is revoked
        await call.ask(served, request, hook.name, "", post, Ok)
        return web.Response(text="ok")

    return [*(route(served, operation) for operation in OPERATIONS), web.post(PLACE, incoming)]
