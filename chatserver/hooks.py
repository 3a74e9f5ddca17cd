"""Incoming webhooks: a secret address by which a program posts in one room, without an account of its own.

A moderator of the room makes one and may revoke it. It has a name that nobody else can have and nobody signs in by,
and it is a member of its room like others: moderators can mute it or put it out, and then it does not post. Its name
and its place in the room are events of the history, under ids of the server's, so that what a crash cut short is
done at the next post, once.
"""

import secrets
import time
from typing import Final

from chatserver.accounts import Hook
from chatserver.accounts.picture import hash_token
from chatserver.commands.changes import no_such_room, resolve, standing, visible
from chatserver.rooms import Room
from chatserver.session import Context
from shared import rules
from shared.errors import Refused
from shared.protocol import Joined, Left, ProfileSet
from shared.record import timestamp

MOST: Final = 20
"""Webhooks of one room."""


class Hooks:
    """What can be done with webhooks. `user` is who asks."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._hub = context.hub
        self._kept = context.hub.accounts.hooks

    async def make(self, user: str, named: str, title: str) -> tuple[Hook, str]:
        """A new one, and its secret, which nobody can look up later."""
        self._context.take_change(user)
        room = self._moderated(user, named)
        title = rules.display_name(title)
        if not title:
            raise Refused("bad_request", "A hook needs a name: as whom is it to post?")
        there = sum(hook.room == room.name for hook in self._kept.all())
        if there >= MOST:
            raise Refused("too_large", f"{room.name} has {there} hooks, the limit is {MOST}. Revoke one first.")
        secret, now = secrets.token_urlsafe(24), timestamp(time.time_ns())
        name = self._kept.name_for(title)
        hook = Hook(secrets.token_hex(6), hash_token(secret), name, room.name, title, user, now)
        await self._kept.add(hook)
        await self.enter(hook)
        return hook, secret

    def seen_by(self, user: str) -> list[Hook]:
        """Those of the rooms that this person moderates, oldest first."""
        return [hook for hook in self._kept.all() if self._moderates(user, hook.room)]

    async def revoke(self, user: str, ident: str) -> None:
        """Nobody posts by it any more, and it leaves its room."""
        self._context.take_change(user)
        hook = self._kept.find(ident)
        if hook is None or not self._moderates(user, hook.room):
            raise no_such_hook()
        await self._kept.drop(hook.id)
        await self._hub.settled(hook.room)
        room = self._hub.rooms.by_name.get(hook.room)
        if room is not None and hook.name in room.members:
            left = Left(room=room.name, user=hook.name, by=user, id=f"~hook-end:{hook.id}")
            await self._hub.store_change(left)

    def opened_by(self, secret: str) -> Hook:
        """The one whose address this is."""
        hook = self._kept.opened_by(secret)
        if hook is None or self._hub.accounts.is_removed(hook.name):
            raise no_such_hook()
        return hook

    async def enter(self, hook: Hook) -> None:
        """See to it that it has its name and, unless it was put out since, its place in the room."""
        hub = self._hub
        room = hub.rooms.by_name.get(hook.room)
        if room is None or hook.name in room.members or hook.name in room.banned:
            return
        self._context.take_change(hook.name)  # one that was put out is looked up in the history at each post
        if hook.title != hook.name and not room.private:  # the event stands in the lobby, where all see it
            ident = f"~hook-name:{hook.id}"
            await hub.store(ProfileSet(room=rules.LOBBY, user=hook.name, id=ident, display=hook.title))
        await hub.settled(room.name)
        if hook.name not in room.members and hook.name not in room.banned:
            await hub.store_change(Joined(room=room.name, user=hook.name, by=hook.maker, id=f"~hook:{hook.id}"))

    def _moderated(self, user: str, named: str) -> Room:
        hub = self._hub
        room = visible(hub, user, resolve(hub, user, named))
        if room is None:
            raise no_such_room(named)
        if room.direct:
            raise Refused("not_allowed", "A direct conversation has no hooks.")
        if not self._moderates(user, room.name):
            raise Refused(
                "not_allowed", f"Only moderators of {room.name} and owners of this server may make hooks for it."
            )
        return room

    def _moderates(self, user: str, name: str) -> bool:
        room = visible(self._hub, user, name)
        return room is not None and standing(self._hub, room, user) in ("moderator", "owner")


def no_such_hook() -> Refused:
    """The one answer for a hook that is not there (any more), and for one that the asker may not know of."""
    return Refused("no_such_hook", "There is no such hook, or not any more.")
