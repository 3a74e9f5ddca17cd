"""What the store holds, as it lies in memory: people, their devices, invitations, and how far each has read. PURE."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from shared import rules
from shared.protocol import OwnState


class Preferences(NamedTuple):
    """What a person chose. `receipts`: others see how far they have read; `state` and `note`: how they are shown."""

    receipts: bool = True
    state: OwnState = "online"
    note: str = ""

    def but(self, receipts: bool | None, state: OwnState | None, note: str | None) -> "Preferences":
        """These, with what is not None in its place."""
        return Preferences(
            self.receipts if receipts is None else receipts,
            self.state if state is None else state,
            self.note if note is None else note,
        )


@dataclass(slots=True)
class Account:
    """One name. `password` is its argon2id hash, `seen` when the person was here last; a removed name stays taken.

    hook    it is a webhook's, and nobody signs in by it
    """

    name: str
    owner: bool = False
    password: str | None = None
    removed: bool = False
    seen: str = ""
    preferences: Preferences = field(default_factory=Preferences)
    hook: bool = False


@dataclass(slots=True)
class Device:
    """One token of a person. `session` is its id; times as in events, empty where nobody knows."""

    session: str
    name: str
    hash: bytes
    client: str = ""
    created: str = ""
    seen: str = ""
    address: str = ""


@dataclass(slots=True)
class Invitation:
    """One code.

    owner    makes the one who uses it the server's owner
    name     the only name that may be claimed with it; empty for any
    room     where it leads; empty for nowhere in particular
    maker    whose invitation it is; empty for the operator's
    uses     how many people may use it, 0 for any number
    expires  until when, empty for ever
    """

    code: str
    owner: bool = False
    name: str = ""
    room: str = ""
    maker: str = ""
    uses: int = 1
    expires: str = ""
    used_by: list[str] = field(default_factory=list)


class Hook(NamedTuple):
    """An incoming webhook: who knows its secret posts in the one room under its name.

    id      by which it is listed and revoked; no secret
    hash    of the secret, which is kept nowhere
    name    the name that is kept for it
    title   as its maker called it, and as it is shown
    """

    id: str
    hash: bytes
    name: str
    room: str
    title: str
    maker: str
    created: str


def hash_token(token: str) -> bytes:
    """A token is 256 random bits, so one SHA-256 is enough to keep it."""
    return hashlib.sha256(token.encode()).digest()


class Picture:
    """Everything, by what it is asked for."""

    def __init__(self) -> None:
        self.people: dict[str, Account] = {}
        self.names: dict[str, str] = {}
        self.devices: dict[str, dict[str, Device]] = {}
        self.tokens: dict[tuple[str, bytes], Device] = {}
        self.bearers: dict[bytes, dict[str, Device]] = {}
        self.invitations: dict[str, Invitation] = {}
        self.reads: dict[str, dict[str, int]] = {}
        self.hooks: dict[str, Hook] = {}
        self.secrets: dict[bytes, Hook] = {}

    def add_person(self, account: Account) -> None:
        """A name that was claimed."""
        self.people[account.name] = account
        self.names[rules.name_key(account.name)] = account.name

    def add_device(self, device: Device) -> None:
        """A token that opens its name from now on."""
        self.devices.setdefault(device.name, {})[device.session] = device
        self.tokens[device.name, device.hash] = device
        self.bearers.setdefault(device.hash, {})[device.session] = device

    def drop_device(self, name: str, session: str) -> None:
        """The token opens nothing any more."""
        if device := self.devices.get(name, {}).pop(session, None):
            del self.tokens[name, device.hash]
            bearers = self.bearers[device.hash]
            del bearers[session]
            if not bearers:
                del self.bearers[device.hash]

    def add_hook(self, hook: Hook) -> None:
        """A webhook whose secret opens its room from now on."""
        self.hooks[hook.id] = hook
        self.secrets[hook.hash] = hook

    def drop_hook(self, ident: str) -> None:
        """Its secret opens nothing any more; its name stays taken."""
        if hook := self.hooks.pop(ident, None):
            del self.secrets[hook.hash]
            self.people[hook.name].removed = True
