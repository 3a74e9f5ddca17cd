"""`connect`: who a bot is, at which server, and how it is told what."""

import os
from pathlib import Path

from chatclient import address as addresses
from chatclient.bots.chat import Chat
from chatclient.identity import identity


def connect(
    address: str | None = None,
    user: str | None = None,
    *,
    token: str | None = None,
    password: str | None = None,
    invite: str | None = None,
    state: Path | None = None,
    home: Path | None = None,
    own: bool = False,
    bots: bool = False,
    at_once: int = 16,
    sign: str = "!",
    patience: float | None = None,
) -> Chat:
    """A bot, for `async with`, which signs it in.

    address    chat://HOST:PORT (chats:// with TLS), HOST:PORT, or an invitation's link; else PARLEY_SERVER
    user       the bot's name; else PARLEY_USER. It is claimed where it is new
    token      else PARLEY_TOKEN, where the address is of the environment too; else the one that this device keeps
    password   for a name that is new to this device
    state      the file for what the bot remembers; else one for this name and server in Parley's folder
    home       Parley's folder; else PARLEY_HOME, or the system's place for settings
    own, bots  give also what the bot itself did, what other bots did
    at_once    commands that are handled at the same time
    sign       what commands begin with
    patience   seconds that the first sign-in and every deed may take; None: as long as the server is away

    `Refused`, `Unnamed`, `Unreachable`, `KeepError`, `StateError` come out of `async with`.
    """
    environment = os.environ if address is None else {}
    where = addresses.parse(address) if address is not None else None
    who = identity(where, user or os.environ.get("PARLEY_USER", ""), environment)
    who = who._replace(token=token or who.token, password=password or who.password, invite=invite or who.invite)
    return Chat(who, home=home, state=state, own=own, bots=bots, at_once=at_once, sign=sign, patience=patience)
