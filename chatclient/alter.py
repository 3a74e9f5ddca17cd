"""How a change of a message alters it: an event of the history, or a change of the reader's that waits. Pure.

Doing the same once more alters nothing, and nothing brings back what was deleted.
"""

from msgspec.structs import replace

from chatclient.entries import PLAIN, Extra, Gone, Said, Spoken
from shared.protocol import Delete, Deleted, Edit, Edited, React, Reacted

Change = Edited | Deleted | Reacted
"""A stored change of a message."""
Wish = Edit | Delete | React
"""A change that the reader asked for."""


def altered(spoken: Spoken, extra: Extra, change: Change | Wish, by: str) -> tuple[Spoken, Extra]:
    """The message after this change by this person."""
    if isinstance(spoken, Gone):
        known = spoken.by or not isinstance(change, Deleted | Delete)
        return spoken if known else replace(spoken, by=by), PLAIN
    match change:
        case Edited(text="") | Edit(text="") if not extra.files:
            return spoken, extra  # an edit that is told without its text: the message was deleted after it
        case Edited(text=text) | Edit(text=text):
            return Said(spoken.seq, spoken.at, spoken.user, text), replace(extra, edited=True)
        case Deleted() | Delete():
            return Gone(spoken.seq, spoken.at, spoken.user, by), PLAIN
        case Reacted(emoji=emoji, removed=removed) | React(emoji=emoji, remove=removed):
            return spoken, _reacted(extra, emoji, by, removed)


def _reacted(extra: Extra, emoji: str, user: str, removed: bool) -> Extra:
    names = extra.reactions.get(emoji, ())
    if (user in names) is not removed:
        return extra
    names = tuple(name for name in names if name != user) if removed else (*names, user)
    reactions = {**extra.reactions, emoji: names}
    if not names:
        del reactions[emoji]
    return replace(extra, reactions=reactions)
