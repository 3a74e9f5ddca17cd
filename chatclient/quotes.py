"""Messages that others reply to and that are not held themselves: their start, as far as a quote shows it. Pure."""

from typing import Final

from chatclient import days
from chatclient.alter import Change, altered
from chatclient.entries import PLAIN, Extra, Gone, Said, Spoken, extra_of
from shared.protocol import Message

START: Final = 200
"""Characters of a text that a quote may show."""
_KEPT: Final = 5 * START
"""Characters that are kept of it, with its marks."""


class Quotes:
    """`wanted`: seqs of originals that nobody told yet."""

    def __init__(self) -> None:
        self.wanted: set[int] = set()
        self._known: dict[int, tuple[Spoken, Extra]] = {}
        self._through: dict[int, int] = {}

    def get(self, seq: int) -> tuple[Spoken, Extra] | None:
        return self._known.get(seq)

    def want(self, seq: int) -> None:
        """A reply to this one is held."""
        if seq and seq not in self._known:
            self.wanted.add(seq)

    def told(self, seq: int, message: Message | None, through: int = 0) -> bool:
        """The original, with all changes up to `through` in it; None where it cannot be had."""
        if seq in self._known and through < self._through.get(seq, 0):
            return False
        if message is None or message.deleted:
            spoken: Spoken = Gone(seq, 0, message.user if message else "", message.deleted_by if message else "")
        else:
            spoken = Said(seq, days.seconds(message.time), message.user, message.text)
        self._through[seq] = through
        return self.keep(seq, spoken, extra_of(message) if message else PLAIN)

    def keep(self, seq: int, spoken: Spoken, extra: Extra) -> bool:
        """The original as it is known from elsewhere. True where its quotes show something else from now on."""
        if isinstance(spoken, Said):
            spoken = Said(spoken.seq, spoken.at, spoken.user, spoken.text[:_KEPT])
        shown, before = seq in self.wanted or seq in self._known, self._known.get(seq)
        self._known[seq] = spoken, Extra(files=extra.files)
        self.wanted.discard(seq)
        return shown and self._known[seq] != before

    def change(self, event: Change) -> bool:
        """What happens to an original shows in its quotes. True where one is shown otherwise now."""
        known = self._known.get(event.of)
        if known is None or event.seq <= self._through.get(event.of, 0):
            return False
        return self.keep(event.of, *altered(*known, event, event.user))
