"""Events as they are told: messages with what became of them, or, in the order of what happened, less what was deleted.

The entries say by a bit which messages have anything to look up, so that the others cost nothing beside their line.
"""

from collections.abc import Collection, Iterable, Sequence

from chatserver.index.changes import Changes, State
from chatserver.index.lines import Lines
from chatserver.index.postings import CHANGED, GONE, Entry
from shared.protocol import AnyEvent, Edited, Message, Reacted


class Folding:
    """On the lines of the history and the states of its changed messages."""

    def __init__(self, lines: Lines, changes: Changes) -> None:
        self._lines = lines
        self._changes = changes

    def folded(self, entries: Sequence[Entry]) -> list[AnyEvent]:
        """The events of these entries, which are in the order of seq, each message as it is now."""
        events = self._lines.events(entries)
        states = self._changes.of(entry.seq for entry in entries if entry.mark & (CHANGED | GONE))
        edits = self._edits(states.values())
        for entry, event in zip(entries, events, strict=True):
            if not isinstance(event, Message):
                continue
            state = states.get(entry.seq)
            if entry.mark & GONE:
                blank(event, state)
            elif state is not None:
                event.reactions = {emoji: list(names) for emoji, names in state.reactions.items()} or None
                if state.edit:
                    event.text, event.edited = edits[state.edit].text, edits[state.edit].time
        return events

    def _edits(self, states: Collection[State]) -> dict[int, Edited]:
        """The newest edits of messages, by seq."""
        living = (state for state in states if state.edit and not state.deleted)
        entries = sorted(Entry(state.edit, state.offset, 0, state.size, 0) for state in living)
        return {event.seq: event for event in self._lines.events(entries) if isinstance(event, Edited)}

    def told_again(self, entries: Sequence[Entry]) -> list[AnyEvent]:
        """The events of these entries, which are in the order of seq, less what deleted messages held."""
        events = self._lines.events(entries)
        gone = self._gone(event.of for event in events if isinstance(event, Edited | Reacted))
        states = self._changes.of(entry.seq for entry in entries if entry.mark & GONE)
        for entry, event in zip(entries, events, strict=True):
            if isinstance(event, Message):
                if entry.mark & GONE:
                    blank(event, states.get(entry.seq))
            elif isinstance(event, Edited):
                if event.of in gone:
                    event.text = ""
            elif isinstance(event, Reacted) and event.of in gone:
                event.emoji, event.removed = "", True
        return events

    def of_gone(self, entry: Entry) -> bool:
        """Whether this is an edit of a message that was deleted, or a reaction to one."""
        [event] = self._lines.events([entry])
        return isinstance(event, Edited | Reacted) and event.of in self._gone([event.of])

    def _gone(self, seqs: Iterable[int]) -> frozenset[int]:
        """Those of these messages that were deleted."""
        return frozenset(seq for seq, state in self._changes.of(seqs).items() if state.deleted)


def blank(message: Message, state: State | None) -> None:
    """Leave nothing of a message but that it was there, and who took it away."""
    message.text, message.reply_to, message.files, message.deleted = "", 0, (), True
    message.deleted_by = state.by if state is not None else ""
