"""What becomes of a line from the composer: it is said, or its command is done. Raises `Refused` where it cannot be."""

from collections.abc import Callable
from typing import Any, Final, Protocol

from chatclient import slash
from chatclient.conversation import Conversation
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.draft import Draft
from chatclient.desktop.offers import Offers
from chatclient.model import Model
from shared.errors import Refused


class Desk(Protocol):
    """What the window does for it."""

    def post(self, text: str, draft: Draft) -> None: ...
    def go_to(self, room: str) -> None: ...
    def message(self, user: str) -> None: ...


class Spoken:
    def __init__(self, desk: Desk, offers: Offers, model: Model, deeds: Deeds) -> None:
        self._desk = desk
        self._model = model
        self._deeds = deeds
        self._do: Final[dict[type[Any], Callable[[Any], object]]] = {
            slash.SetName: lambda said: deeds.set_profile(said.display),
            slash.Join: lambda said: desk.go_to(said.room),
            slash.Leave: lambda _said: deeds.leave(self._room().name),
            slash.Tell: self._tell,
            slash.SetTopic: lambda said: deeds.set_topic(self._room().name, said.topic),
            slash.Invite: lambda said: deeds.invite(self._room().name, said.user),
            slash.Kick: lambda said: deeds.kick(self._room().name, said.user),
            slash.Ban: lambda said: deeds.ban(self._room().name, said.user),
            slash.Unban: lambda said: deeds.unban(self._room().name, said.user),
            slash.Help: lambda _said: offers.keys(),
        }

    def say(self, draft: Draft) -> Draft:
        """Do what it means; gives what is left of it. A command leaves the files and the message that is answered."""
        meaning = slash.meaning(draft.text, with_files=bool(draft.files))
        if isinstance(meaning, slash.Say):
            self._desk.post(meaning.text, draft)
            return Draft()
        self._do[type(meaning)](meaning)
        return Draft(about=draft.about, files=draft.files)

    def _tell(self, said: slash.Tell) -> None:
        talk = self._model.direct_with(said.user)
        if said.text:
            self._deeds.send(talk.name, said.text)
        self._desk.message(said.user)

    def _room(self) -> Conversation:
        talk = self._model.conversations.get(self._model.current or "")
        if talk is None or talk.direct:
            raise Refused("bad_request", "That is something for rooms. This is a direct conversation.")
        return talk
