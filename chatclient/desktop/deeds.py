"""What the person does with the server: one method per change or question, over the bridge to the client.

Changes are told and forgotten here: what becomes of them comes back as events. Questions are asked and their answers
arrive on the Tk thread; an answer to a question that failed is one sentence.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PIL import Image

from chatclient.bridge import Bridge
from chatclient.client import ChatClient
from chatclient.desktop.smallpicture import small
from chatclient.questions import Offline
from shared.errors import ParleyError
from shared.protocol import (
    CalendarFound,
    File,
    Found,
    GivenRole,
    InvitationInfo,
    MemberList,
    OwnState,
    Page,
    RoomInfo,
    SessionInfo,
)

T = TypeVar("T")
PAGE = 60


class Deeds:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    # --- changes --------------------------------------------------------------------------------------------

    def send(self, room: str, text: str, reply_to: int = 0, files: Sequence[str] = ()) -> None:
        """`files`: ids of uploads. The message waits until they are up."""
        self._bridge.tell(lambda client: client.send(room, text, reply_to, files))

    def edit(self, room: str, of: int, text: str) -> None:
        self._bridge.tell(lambda client: client.edit(room, of, text))

    def delete(self, room: str, of: int) -> None:
        self._bridge.tell(lambda client: client.delete(room, of))

    def react(self, room: str, of: int, emoji: str, remove: bool) -> None:
        self._bridge.tell(lambda client: client.react(room, of, emoji, remove))

    def create(self, room: str, topic: str, private: bool, people: tuple[str, ...]) -> None:
        """Make a room and bring these people in. They are asked in after it: the outbox keeps the order."""
        self._bridge.tell(lambda client: client.create(room, topic, private))
        for user in people:
            self.invite(room, user)

    def join(self, room: str) -> None:
        self._bridge.tell(lambda client: client.join(room))

    def leave(self, room: str) -> None:
        self._bridge.tell(lambda client: client.leave(room))

    def invite(self, room: str, user: str) -> None:
        self._bridge.tell(lambda client: client.invite(room, user))

    def set_topic(self, room: str, topic: str) -> None:
        self._bridge.tell(lambda client: client.set_topic(room, topic))

    def kick(self, room: str, user: str) -> None:
        """Out of the room; the way back stays open."""
        self._bridge.tell(lambda client: client.kick(room, user))

    def ban(self, room: str, user: str) -> None:
        self._bridge.tell(lambda client: client.ban(room, user))

    def unban(self, room: str, user: str) -> None:
        self._bridge.tell(lambda client: client.unban(room, user))

    def mute(self, room: str, user: str, minutes: int) -> None:
        """`minutes` 0 lifts it."""
        self._bridge.tell(lambda client: client.mute(room, user, minutes))

    def set_role(self, room: str, user: str, role: GivenRole) -> None:
        self._bridge.tell(lambda client: client.set_role(room, user, role))

    def retry(self, ident: str) -> None:
        self._bridge.tell(lambda client: client.retry(ident))

    def discard(self, ident: str) -> None:
        self._bridge.tell(lambda client: client.discard(ident))

    def drop_upload(self, upload: str) -> None:
        self._bridge.tell(lambda client: client.drop_upload(upload))

    def retry_upload(self, upload: str) -> None:
        self._bridge.tell(lambda client: client.retry_upload(upload))

    def set_profile(self, display: str | None = None, picture: str | None = None) -> None:
        """What others are to call me (empty: by my name), and my picture (empty: none); None stays as it is."""
        self._bridge.tell(lambda client: client.set_profile(display, picture))

    def read(self, room: str, seq: int) -> None:
        """Everything up to `seq` was looked at."""
        self._bridge.tell(lambda client: client.read(room, seq))

    def typing(self, room: str) -> None:
        """A key was pressed in this room's box."""
        self._bridge.tell(lambda client: client.typing(room))

    def retry_now(self) -> None:
        self._bridge.tell(lambda client: client.retry_now())

    # --- questions ------------------------------------------------------------------------------------------

    def history(
        self, room: str, before: int | None, done: Callable[[Page], object], failed: Callable[[str], object]
    ) -> None:
        self._bridge.call(lambda client: client.history(room, before=before, limit=PAGE), _either(done, failed))

    def around(
        self,
        room: str,
        seq: int,
        done: Callable[[Page], object],
        failed: Callable[[str], object],
        limit: int = PAGE,
    ) -> None:
        """What stands round an entry, and the entry."""
        self._bridge.call(lambda client: client.around(room, seq, limit), _either(done, failed))

    def newer(self, room: str, after: int, done: Callable[[Page], object], failed: Callable[[str], object]) -> None:
        self._bridge.call(lambda client: client.history(room, after=after, limit=PAGE), _either(done, failed))

    def search(
        self,
        text: str,
        room: str,
        user: str,
        since: str | None,
        files: bool,
        before: int,
        done: Callable[[Found], object],
        failed: Callable[[str], object],
    ) -> None:
        """Messages that hold this; "" for all rooms, and for anybody. `before` 0: the newest."""
        self._bridge.call(
            lambda client: client.search(
                text, room=room or None, user=user or None, since=since, files=files, before=before or None
            ),
            _either(done, failed),
        )

    def calendar(
        self,
        room: str,
        edges: Sequence[str],
        done: Callable[[CalendarFound], object],
        failed: Callable[[str], object],
    ) -> None:
        """How much was said between each two of these times."""
        self._bridge.call(lambda client: client.calendar(room, edges), _either(done, failed))

    def record(self, room: str, seq: int, done: Callable[[str], object], failed: Callable[[str], object]) -> None:
        """The line of the record itself."""
        self._bridge.call(lambda client: client.record(room, seq), _either(done, failed))

    def rooms(self, done: Callable[[list[RoomInfo]], object], failed: Callable[[str], object]) -> None:
        self._bridge.call(lambda client: client.rooms(), _either(done, failed))

    def members(self, room: str, done: Callable[[MemberList], object], failed: Callable[[str], object]) -> None:
        self._bridge.call(lambda client: client.members(room), _either(done, failed))

    def invitations(self, done: Callable[[list[InvitationInfo]], object], failed: Callable[[str], object]) -> None:
        """Those that I made."""
        self._bridge.call(lambda client: client.invitations(), _either(done, failed))

    def make_invitation(
        self,
        room: str,
        uses: int,
        days: int,
        done: Callable[[InvitationInfo], object],
        failed: Callable[[str], object],
    ) -> None:
        """`uses` and `days` 0: without end."""
        self._bridge.call(lambda client: client.make_invitation(room or None, uses, days), _either(done, failed))

    def revoke(self, code: str, done: Callable[[], object], failed: Callable[[str], object]) -> None:
        """Nobody comes in by this invitation any more."""
        self._bridge.call(lambda client: client.revoke(code), _either(lambda _nothing: done(), failed))

    # --- files ----------------------------------------------------------------------------------------------

    def attach(
        self,
        path: Path | None,
        data: bytes | None,
        name: str,
        done: Callable[[str], object],
        failed: Callable[[str], object],
    ) -> None:
        """Begin to upload this file, or these bytes under a name; `done` gets the id of the upload."""

        async def attached(client: ChatClient) -> str:
            return client.attach(path, data, name)

        self._bridge.call(attached, _either(done, failed))

    def small(self, source: Path | bytes, done: Callable[[Image.Image | None], object]) -> None:
        """How a picture looks, small; None for what is no picture."""
        self.beside(lambda: small(source), done)

    def beside(self, work: Callable[[], T], done: Callable[[T | None], object]) -> None:
        """Do something that takes its time beside the window; `done` gets None where it was given up."""

        def answer(result: T | BaseException) -> None:
            if isinstance(result, BaseException) and not isinstance(result, ParleyError):
                raise result
            done(None if isinstance(result, BaseException) else result)

        self._bridge.call(lambda _client: asyncio.to_thread(work), answer)

    def picture(
        self, file: File, thumb: bool, work: Callable[[Path], T], done: Callable[[T | BaseException], None]
    ) -> None:
        """Have a file here (`thumb`: small), and let `work` read it beside the window."""

        async def fetched(client: ChatClient) -> T:
            return await asyncio.to_thread(work, await client.fetch(file.file, thumb))

        self._bridge.call(fetched, done)

    def save(self, file: str, to: Path, done: Callable[[Path], object], failed: Callable[[str], object]) -> None:
        """Put a file where the person wants it, in the place of what is there; `done` gets where that is."""
        self._bridge.call(lambda client: client.save(file, to, replace=True), _either(done, failed))

    # --- myself ---------------------------------------------------------------------------------------------

    def status(self, state: OwnState, note: str, failed: Callable[[str], object]) -> None:
        """How I am shown. Without a connection it is told after the next sign-in, and that is no failure."""

        def answer(result: BaseException | None) -> None:
            if isinstance(result, BaseException) and not isinstance(result, Offline):
                failed(_sentence(result))

        self._bridge.call(lambda client: client.status(state, note), answer)

    def prefer(self, receipts: bool, done: Callable[[], object], failed: Callable[[str], object]) -> None:
        self._bridge.call(lambda client: client.prefer(receipts), _either(lambda _nothing: done(), failed))

    def set_password(
        self, new: str, old: str | None, done: Callable[[], object], failed: Callable[[str], object]
    ) -> None:
        self._bridge.call(lambda client: client.set_password(new, old), _either(lambda _nothing: done(), failed))

    def sessions(self, done: Callable[[list[SessionInfo]], object], failed: Callable[[str], object]) -> None:
        """My devices."""
        self._bridge.call(lambda client: client.sessions(), _either(done, failed))

    def sign_out(self, session: str, done: Callable[[], object], failed: Callable[[str], object]) -> None:
        self._bridge.call(lambda client: client.sign_out(session), _either(lambda _nothing: done(), failed))


def _either(done: Callable[[T], object], failed: Callable[[str], object]) -> Callable[[T | BaseException], None]:
    def answer(result: T | BaseException) -> None:
        if not isinstance(result, BaseException):
            done(result)
        else:
            failed(_sentence(result))

    return answer


def _sentence(error: BaseException) -> str:
    """What to say of it; what is a fault of the program is raised instead."""
    if isinstance(error, ParleyError):
        return str(error)
    raise error
