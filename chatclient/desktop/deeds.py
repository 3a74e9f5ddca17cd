"""What the person does with the server: one method per change or question, over the bridge to the client.

Changes are told and forgotten here: what becomes of them comes back as events. Questions are asked and their answers
arrive on the Tk thread; an answer to a question that failed is one sentence.
"""

from collections.abc import Callable
from typing import TypeVar

from chatclient.bridge import Bridge
from shared.errors import ParleyError
from shared.protocol import Member, Page, RoomInfo

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

    def retry(self, ident: str) -> None:
        self._bridge.tell(lambda client: client.retry(ident))

    def discard(self, ident: str) -> None:
        self._bridge.tell(lambda client: client.discard(ident))

    def read(self, room: str, seq: int) -> None:
        """Everything up to `seq` was looked at."""
        self._bridge.tell(lambda client: client.read(room, seq))

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


def _either(done: Callable[[T], object], failed: Callable[[str], object]) -> Callable[[T | BaseException], None]:
    def answer(result: T | BaseException) -> None:
        if not isinstance(result, BaseException):
            done(result)
        elif isinstance(result, ParleyError):
            failed(str(result))
        else:
            raise result

    return answer
