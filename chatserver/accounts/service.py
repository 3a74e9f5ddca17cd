"""Who may speak under which name: the picture in memory, and the store behind it on a thread of its own.

Reading is from memory. What must last is awaited: it stands on the disk first, then in memory, in the order in which
the thread did it, so that memory never holds what the file does not. Read markers, and when somebody was last here,
move in memory at once and are written with the next `flush`: losing the last seconds of them costs nobody a message.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar

from chatserver.accounts import invitations
from chatserver.accounts.hooks import Hooks
from chatserver.accounts.picture import Account, Device, Invitation, Picture, Preferences, hash_token
from chatserver.accounts.schema import new_session
from chatserver.accounts.store import Store, unknown_code
from shared import rules
from shared.errors import Refused
from shared.protocol import OwnState

logger = logging.getLogger(__name__)

Access = Literal["open", "invite", "closed"]
T = TypeVar("T")


class Accounts:
    """All accounts of one server. Names are as their owners wrote them (`person` gives that), unless it is said.

    hooks   the names that are webhooks'
    """

    def __init__(self, path: Path) -> None:
        """Open, create or migrate; blocking. `AccountsError` where that cannot be done."""
        self._store = Store(path)
        self._picture: Picture = self._store.load()
        self._reads: dict[tuple[str, str], int] = {}
        self._seen: dict[str, str] = {}
        self._used: dict[str, Device] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="accounts")
        self.hooks = Hooks(self._store, self._change, lambda: self._picture)

    # --- people -----------------------------------------------------------------------------------------------

    def person(self, name: str) -> str | None:
        """The name as its owner wrote it, or None where nobody has it or a look-alike of it."""
        return self._picture.names.get(rules.name_key(name))

    def is_owner(self, name: str) -> bool:
        """True for who used the owner's invitation, or was made one by the operator."""
        account = self._picture.people.get(name)
        return account is not None and account.owner

    def is_removed(self, name: str) -> bool:
        """True for a name that is taken and that nobody can use."""
        account = self._picture.people.get(name)
        return account is not None and account.removed

    def owner(self) -> str:
        """The first owner of the server, empty where there is none yet."""
        return next((account.name for account in self._picture.people.values() if account.owner), "")

    def has_people(self) -> bool:
        """False until the first name is claimed."""
        return bool(self._picture.people)

    def password(self, name: str) -> str | None:
        """The hash of the password, None where none is set."""
        account = self._picture.people.get(name)
        return account.password if account else None

    async def claim(
        self, name: str, token: str, *, now: str, invite: Invitation | None = None, password: str | None = None
    ) -> Device:
        """The name belongs to this token from now on; on the disk when this returns. `password` is a hash."""
        account = Account(name, invite is not None and invite.owner, password)
        device = Device(new_session(), name, hash_token(token), created=now)
        code = invite.code if invite else None

        def done(_: None) -> None:
            self._picture.add_person(account)
            self._picture.add_device(device)
            self._used_up(code, name)

        await self._change(lambda: self._store.claim(account, device, code, now), done)
        return device

    async def set_password(self, name: str, new: str, instead_of: str | None) -> bool:
        """Both are hashes. False where the password is another than `instead_of` by now."""

        def done(replaced: bool) -> None:
            if replaced:
                self._picture.people[name].password = new

        return await self._change(lambda: self._store.set_password(name, new, instead_of), done)

    # --- devices ----------------------------------------------------------------------------------------------

    def device(self, name: str, token: str) -> Device | None:
        """The device of this person with this token."""
        return self._picture.tokens.get((name, hash_token(token)))

    def bearer(self, token: str) -> Device | None:
        """The device with this token, whoever's it is; None where nobody has it, or where it opens several names."""
        found = self._picture.bearers.get(hash_token(token), {})
        return next(iter(found.values())) if len(found) == 1 else None

    def has_device(self, name: str, session: str) -> bool:
        """False once the device was signed out."""
        return session in self._picture.devices.get(name, ())

    def devices(self, name: str) -> list[Device]:
        """Those of one person, the one last used first."""
        devices = self._picture.devices.get(name, {}).values()
        return sorted(devices, key=lambda device: (device.seen, device.created), reverse=True)

    async def add_device(self, name: str, token: str, password: str, *, now: str) -> Device:
        """Another device for who knew the password with this hash."""
        device = Device(new_session(), name, hash_token(token), created=now)
        return await self._change(
            lambda: self._store.add_device(device, password), lambda added: self._picture.add_device(added)
        )

    async def drop_device(self, name: str, session: str) -> None:
        """Sign it out: its token opens nothing any more."""
        await self._change(
            lambda: self._store.drop_device(name, session), lambda _: self._picture.drop_device(name, session)
        )

    def mark_used(self, name: str, session: str, *, now: str, client: str | None = None, address: str = "") -> None:
        """The device is in use; what is empty stays as it was."""
        if device := self._picture.devices.get(name, {}).get(session):
            device.seen = now
            device.client = device.client if client is None else client
            device.address = address or device.address
            self._used[session] = device

    # --- invitations ------------------------------------------------------------------------------------------

    def invitation(self, code: str) -> Invitation | None:
        """The invitation with this code, however it was typed; None where there is none (any more)."""
        return self._picture.invitations.get(invitations.written(code))

    def invitations(self) -> list[Invitation]:
        """All, oldest first, over or not."""
        return list(self._picture.invitations.values())

    def admit(self, name: str, access: Access, invite: str | None, now: str) -> Invitation | None:
        """By which invitation a new name may be claimed, None for without; `Refused` for who may not."""
        invitation = self.invitation(invite) if invite else None
        if invitation is not None:
            invitations.check(invitation, name, now)
        elif access == "closed":
            raise Refused("not_allowed", "This server is closed to new names. Ask its owner for an account.")
        elif invite:
            raise unknown_code()
        elif access == "invite":
            raise Refused("invite_needed", "This server needs an invitation. Paste the link that you were given.")
        if (invitation is None or not invitation.name) and self._is_kept(name, now):
            raise Refused("name_taken", f"{name} is kept for somebody who was invited. Choose another name.")
        return invitation

    def _is_kept(self, name: str, now: str) -> bool:
        key = rules.name_key(name)
        named = (found for found in self._picture.invitations.values() if found.name)
        return any(rules.name_key(found.name) == key and not invitations.is_over(found, now) for found in named)

    async def invite(self, invitation: Invitation) -> None:
        """A new invitation. Its code must be one that there is not."""

        def done(_: None) -> None:
            self._picture.invitations[invitation.code] = invitation

        await self._change(lambda: self._store.invite(invitation), done)

    async def use_invitation(self, code: str, name: str, now: str) -> None:
        """Somebody who has an account uses it (the owner's makes them one); `invite_needed` where it is over."""
        await self._change(lambda: self._store.use(code, name, now), lambda _: self._used_up(code, name))

    def _used_up(self, code: str | None, name: str) -> None:
        invitation = self._picture.invitations.get(code or "")
        if invitation is None:
            return
        if invitation.owner:
            self._picture.people[name].owner = True
        if invitation.owner or invitation.name:
            del self._picture.invitations[invitation.code]
        elif name not in invitation.used_by:
            invitation.used_by.append(name)

    async def revoke(self, code: str) -> None:
        """Nobody can use it any more."""
        await self._change(lambda: self._store.revoke(code), lambda _: self._picture.invitations.pop(code, None))

    def invitation_for_owner(self, make: Callable[[], str]) -> str | None:
        """The code that makes its first user the owner: made at the first start, None once it was used. Blocking."""
        code = next((found.code for found in self._picture.invitations.values() if found.owner), None)
        if code is None and not self.has_people():
            code = make()
            invitation = Invitation(code, owner=True)
            self._store.invite(invitation)
            self._picture.invitations[code] = invitation
        return code

    def leave_address(self, address: str) -> None:
        """Tell the operator's commands where people reach this server. Blocking; fails with a warning alone."""
        try:
            if self._store.fact("address") != address:
                self._store.put_fact("address", address)
        except sqlite3.Error as error:
            logger.warning("the accounts cannot be written: %s", error)

    # --- preferences, and what may be lost for a moment ---------------------------------------------------------

    def preferences(self, name: str) -> Preferences:
        """What this person chose, or what holds for who chose nothing."""
        account = self._picture.people.get(name)
        return account.preferences if account else Preferences()

    async def prefer(
        self, name: str, *, receipts: bool | None = None, state: OwnState | None = None, note: str | None = None
    ) -> None:
        """Choose; what is None stays. On the disk when this returns."""

        def merged() -> Preferences:
            return self._picture.people[name].preferences.but(receipts, state, note)

        def done(_: None) -> None:
            self._picture.people[name].preferences = merged()

        if merged() != self.preferences(name):
            await self._change(lambda: self._store.prefer(name, receipts, state, note), done)

    def seen(self, name: str) -> str:
        """When this person was last here, as in events; empty where nobody knows."""
        account = self._picture.people.get(name)
        return account.seen if account else ""

    def mark_seen(self, name: str, time: str) -> None:
        """They were here at this time. Written with the next `flush`."""
        if account := self._picture.people.get(name):
            account.seen = self._seen[name] = time

    def read(self, name: str, room: str) -> int:
        """Up to which seq this person has read this room, 0 for not at all."""
        return self._picture.reads.get(name, {}).get(room, 0)

    def mark_read(self, name: str, room: str, seq: int) -> bool:
        """Move the marker on; False where it stood there or further. Written with the next `flush`."""
        marks = self._picture.reads.setdefault(name, {})
        if seq <= marks.get(room, 0):
            return False
        marks[room] = self._reads[name, room] = seq
        return True

    async def flush(self) -> None:
        """Write what moved. Where the disk refuses it stays in memory for the next time."""
        if not (self._reads or self._seen or self._used):
            return
        reads, seen, used = self._reads, self._seen, self._used
        self._reads, self._seen, self._used = {}, {}, {}
        rows = [(name, room, seq) for (name, room), seq in reads.items()]
        devices = list(used.values())
        try:
            await self._change(lambda: self._store.keep(rows, list(seen.items()), devices))
        except Refused as error:
            logger.warning("read markers cannot be written, they wait: %s", error)
            self._reads, self._seen, self._used = reads | self._reads, seen | self._seen, used | self._used

    # --- the thread -------------------------------------------------------------------------------------------

    async def refresh(self) -> bool:
        """Take in what the operator's commands wrote beside this server; True where there was something."""

        def look() -> Picture | None:
            return self._store.load() if self._store.changed() else None

        try:
            return await self._change(look, self._take_in) is not None
        except Refused:  # the disk does not answer, and that was logged: what memory holds goes on
            return False

    def _take_in(self, picture: Picture | None) -> None:
        if picture is None:
            return
        self._picture = picture
        for (name, room), seq in self._reads.items():
            picture.reads.setdefault(name, {})[room] = seq
        for name, time in self._seen.items():
            if account := picture.people.get(name):
                account.seen = time
        for session, device in self._used.items():
            if kept := picture.devices.get(device.name, {}).get(session):
                kept.client, kept.seen, kept.address = device.client, device.seen, device.address

    async def _change(self, write: Callable[[], T], apply: Callable[[T], object] | None = None) -> T:
        """`write` on the thread, then `apply` on the loop; several in the order in which they were begun."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def succeed(result: T) -> None:
            if apply:
                apply(result)
            if not answer.done():
                answer.set_result(result)

        def fail(error: BaseException) -> None:
            if not answer.done():
                answer.set_exception(error)

        def work() -> None:
            try:
                result = write()
            except sqlite3.Error as error:
                logger.error("the accounts cannot be written: %s", error)
                told = "The server cannot keep this right now. Try again later."
                loop.call_soon_threadsafe(fail, Refused("storage_full", told))
            except Exception as error:
                loop.call_soon_threadsafe(fail, error)
            else:
                loop.call_soon_threadsafe(succeed, result)

        self._thread.submit(work)
        return await answer

    async def close(self) -> None:
        """Write what waits and close."""
        await self.flush()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._store.close)
        self._thread.shutdown()
