"""The conversation as the file has it, read without the product's own folding: what the clients are compared with."""

from pathlib import Path

from shared import record
from shared.protocol import Deleted, Edited, Message, Reacted


class Said:
    """One message as the file has it in the end."""

    def __init__(self, message: Message) -> None:
        self.room, self.user, self.text = message.room, message.user, message.text
        self.files = [file.name for file in message.files]
        self.reply_to = message.reply_to
        self.edited = self.deleted = False
        self.reactions: dict[str, set[str]] = {}

    @property
    def counts(self) -> dict[str, int]:
        """How many chose each emoji."""
        return {emoji: len(names) for emoji, names in self.reactions.items() if names}


def folded(history: Path) -> dict[int, Said]:
    """The messages by seq, every line of the file read and its chain checked."""
    lines = history.read_bytes().splitlines(keepends=True)
    _, chain = record.decode_header(lines[0])
    said: dict[int, Said] = {}
    for line in lines[1:]:
        event, chain = record.decode(line, chain)
        match event:
            case Message():
                said[event.seq] = Said(event)
            case Edited(of=of, text=text):
                said[of].text, said[of].edited = text, True
            case Deleted(of=of):
                said[of].deleted = True
            case Reacted(of=of, emoji=emoji, removed=True):
                said[of].reactions[emoji].discard(event.user)
            case Reacted(of=of, emoji=emoji):
                said[of].reactions.setdefault(emoji, set()).add(event.user)
    return said
