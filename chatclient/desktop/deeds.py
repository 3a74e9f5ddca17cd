"""What the person does with the server: one method per change or question, over the bridge to the client.

Changes are told and forgotten here: what becomes of them comes back as events. Questions are asked and their answers
arrive on the Tk thread; an answer to a question that failed is one sentence.
"""

from collections.abc import Callable
from typing import TypeVar

from chatclient.bridge import Bridge
from chatclient.questions import Offline
from shared.errors import ParleyError
from shared.protocol import GivenRole, InvitationInfo, Member, OwnState, Page, RoomInfo, SessionInfo

T = TypeVar("T")
PAGE = 60


class Deeds:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    # --- changes --------------------------------------------------------------------------------------------

    def send(self, room: str, text: str) -> None:
        self._bridge.tell(lambda client: client.send(room, text))

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

    def set_profile(self, display: str) -> None:
        """What others are to call me; empty: by my name."""
        self._bridge.tell(lambda client: client.set_profile(display))

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

    def rooms(self, done: Callable[[list[RoomInfo]], object], failed: Callable[[str], object]) -> None:
        self._bridge.call(lambda client: client.rooms(), _either(done, failed))

    def members(self, room: str, done: Callable[[list[Member]], object], failed: Callable[[str], object]) -> None:
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
