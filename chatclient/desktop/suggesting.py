"""What is offered while one types, out of what the window knows: emoji of this device, people of the room, rooms."""

from collections.abc import Callable

from chatclient import completing, emojis
from chatclient.completing import Offer
from chatclient.conversation import Conversation
from chatclient.desktop.asking import Asking
from chatclient.desktop.completion import Completion
from chatclient.desktop.look import Look
from chatclient.desktop.popover import Overlay
from chatclient.desktop.textbox import TextBox
from chatclient.keep import Keep
from chatclient.model import Model


class Suggesting:
    """`current` is the conversation that is written to."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        text: TextBox,
        model: Model,
        keep: Keep,
        asking: Asking,
        current: Callable[[], Conversation | None],
    ) -> None:
        self._model, self._keep, self._asking, self._current = model, keep, asking, current
        self.list = Completion(overlay, look, text, self._offers, self._used)

    def drawn(self) -> None:
        """The model changed: who is in the room may be known now."""
        self.list.known_more()

    def _offers(self, token: str) -> list[Offer]:
        talk = self._current()
        if talk is None:
            return []
        if token.startswith("@"):
            self._asking.roster(talk)
        return completing.offers(token, self._model, talk, self._keep.used, emojis.TONES[self._keep.skin])

    def _used(self, emoji: str) -> None:
        self._keep.picked(emoji)
        self._keep.save_quietly()
