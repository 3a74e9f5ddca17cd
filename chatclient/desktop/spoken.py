"""What becomes of a line from the composer: it is said, or its command is done. Raises `Refused` where it cannot be."""

from collections.abc import Callable
from typing import Any, Final

from chatclient import slash
from chatclient.conversation import Conversation
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.offers import Desk, Offers
from chatclient.model import Model
from shared.errors import Refused


class Spoken:
    def __init__(self, desk: Desk, offers: Offers, model: Model, deeds: Deeds) -> None:
        self._desk = desk
        self._model = model
        self._deeds = deeds
        self._do: Final[dict[type[Any], Callable[[Any], object]]] = {
            slash.Say: lambda said: desk.say(said.text),
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

    def say(self, line: str) -> None:
        """Do what the line means."""
        meaning = slash.meaning(line)
        self._do[type(meaning)](meaning)

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
