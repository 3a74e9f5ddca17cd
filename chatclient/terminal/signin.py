"""Signing in at a terminal, before there is a conversation: a few questions, on lines of their own.

What the command line, the environment or this device knows is not asked again. Another name, a password or an
invitation is asked for where the server wants one and there is somebody to ask; where not, its sentence is the end.
"""

import asyncio
import getpass
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from chatclient.address import Address, parse
from chatclient.days import wire_time
from chatclient.events import ClientEvent, Connected, Disconnected, Rejected
from chatclient.identity import Identity, Unnamed, identity
from chatclient.keep import Keep
from chatclient.model import Model
from chatclient.refusals import refusal
from chatclient.terminal.desk import Desk
from chatclient.zone import LocalZone
from shared.errors import ParleyError, Refused
from shared.rules import user_name


class NoConnection(ParleyError):
    """The server cannot be reached, or does not answer."""


class NotSignedIn(ParleyError):
    """The server would not, or nobody answered its question."""


class Asker(Protocol):
    """Who answers questions; None where nobody does (any more)."""

    def line(self, question: str, default: str = "") -> str | None: ...
    def secret(self, question: str) -> str | None: ...
    def say(self, sentence: str) -> None: ...


class Wanted(NamedTuple):
    """Where to sign in, as whom, with what. `token` "": the one that this device keeps."""

    place: Address
    user: str
    password: str | None = None
    token: str = ""


class SignedIn(NamedTuple):
    """`running` is the client's task; `first` its welcome, which the desk was not told yet; `events` what follows."""

    desk: Desk
    running: asyncio.Task[None]
    first: Connected
    events: AsyncIterator[ClientEvent]


async def sign_in(keep: Keep, asker: Asker, server: Address | None, user: str) -> SignedIn:
    """Somebody at a server. `NoConnection`, `NotSignedIn`, `KeepError`, `SpoolError` where that cannot be."""
    wanted = _wanted(keep, asker, server, user)
    while True:
        asker.say(f"Connecting to {wanted.place.short} as {wanted.user} …")
        outcome = await _tried(keep, wanted)
        if isinstance(outcome, SignedIn):
            return outcome
        wanted = _other(keep, asker, wanted, outcome)


def _wanted(keep: Keep, asker: Asker, server: Address | None, user: str) -> Wanted:
    """As the command line says, the environment, this device; or whoever is asked."""
    if server is None and os.environ.get("PARLEY_SERVER"):
        server = parse(os.environ["PARLEY_SERVER"])
    while True:
        try:
            found = identity(server, user, os.environ, keep.recent)
            return Wanted(found.address._replace(invite=found.invite), found.user, found.password, found.token)
        except Unnamed:
            if server is None:
                server = _server(asker)
            else:
                user = _name(asker, _login())


def _server(asker: Asker) -> Address:
    while True:
        try:
            return parse(_answered(asker, "Server", "localhost"))
        except Refused as refused:
            asker.say(refused.message)


def _name(asker: Asker, default: str) -> str:
    while True:
        try:
            return user_name((_answered(asker, "Name", default)).strip())
        except Refused as refused:
            asker.say(refused.message)


def _answered(asker: Asker, question: str, default: str = "") -> str:
    answer = asker.line(question, default)
    if answer is None:
        raise NotSignedIn(f"{question} missing: name it on the command line, as in --terminal HOST:PORT --user NAME.")
    return answer.strip() or default


def _login() -> str:
    """The name at this machine, where it would do as a name here."""
    try:
        return user_name(getpass.getuser())
    except (Refused, OSError, KeyError):
        return ""


async def _tried(keep: Keep, wanted: Wanted) -> SignedIn | Rejected:
    place, user, password, token = wanted
    who = Identity(place, user, token, invite=place.invite, password=password)
    client = who.lasting(await asyncio.to_thread(who.key, keep), keep)
    running = asyncio.create_task(client.run(), name="parley client")
    events = client.events()
    try:
        async for event in events:
            match event:
                case Connected(welcome=welcome):
                    keep.remember(place.server, welcome.user, welcome.server, wire_time(datetime.now(UTC)))
                    keep.save()
                    tz = LocalZone()
                    model = Model(welcome.user, welcome.server, tz, time.time())
                    return SignedIn(Desk(client, model, keep, place, tz), running, event, events)
                case Disconnected(reason=reason):
                    raise NoConnection(reason)
                case Rejected():
                    await client.close()
                    await running
                    return event
        await running
        raise NoConnection("The connection ended before the server had answered.")
    except BaseException:
        await client.close()
        await asyncio.wait([running])
        raise


def _other(keep: Keep, asker: Asker, wanted: Wanted, why: Rejected) -> Wanted:
    """What to try instead, after this was refused."""
    place, user, password, token = wanted
    label = next((known.label for known in keep.recent if known.server == place.server), place.short)
    invited = place.invite is not None
    field, sentence = refusal(why, user, label, invited=invited, password=password is not None)
    sentence = sentence or why.message
    if why.code == "bad_credentials":
        if password is not None:
            asker.say(sentence)
        secret = asker.secret(f"Password of {user}")
        if secret:
            return wanted._replace(password=secret)
    elif why.code == "invite_needed" and not invited:
        asker.say(sentence)
        code = asker.line("Invitation")
        if code and code.strip():
            return wanted._replace(place=place._replace(invite=_code(code.strip())))
    elif field == "user":
        asker.say(sentence)
        other = asker.line("Name")
        while other is not None:
            try:
                return Wanted(place, user_name(other.strip()), token=token)
            except Refused as refused:
                asker.say(refused.message)
                other = asker.line("Name")
    raise NotSignedIn(sentence)


def _code(text: str) -> str:
    """The code of an invitation out of its link, or by itself."""
    return (parse(text).invite or "") if "://" in text else text
