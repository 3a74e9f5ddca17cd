"""What is written and not sent outlives the window: the drafts of all rooms, brought back and put away with `Keep`.

They are written down when a room is left or a message is sent, at the end, and after a pause; at no key. The files of
a draft are not among it: they have to be attached anew.
"""

import tkinter as tk
from typing import Final

from chatclient.desktop.composer import Composer
from chatclient.desktop.draft import About, Draft
from chatclient.desktop.takenback import TakenBack, stand_in
from chatclient.desktop.timers import Timers
from chatclient.keep import Keep
from chatclient.unsent import NOTHING, Unsent, worth_keeping

PAUSE: Final = 2_000
"""Milliseconds without a change."""


class KeptDrafts:
    """Brings back at once what was put away for this person at this server. `close` before the composer goes."""

    def __init__(
        self, clock: tk.Misc, keep: Keep, server: str, user: str, composer: Composer, taken: TakenBack
    ) -> None:
        self._keep, self._whose, self._composer, self._taken = keep, (server, user), composer, taken
        self._timers = Timers(clock)
        self._kept = keep.unsent(*self._whose)
        composer.drafts.restore({room: drafted(unsent) for room, unsent in self._kept.items()})
        taken.restore({room: list(map(drafted, unsent.refused)) for room, unsent in self._kept.items()})

    def soon(self) -> None:
        """Something else is written: put it away when the keys rest."""
        self._timers.later("pause", PAUSE, self.now)

    def now(self) -> None:
        """Put away what is written in all rooms, if it is not what was put away last."""
        self._timers.close()
        refused, drafts = self._taken.refused, self._composer.drafts.rooms()
        rooms = {
            room: put_away(drafts.get(room) or Draft(), tuple(map(put_away, refused.get(room, ()))))
            for room in drafts.keys() | refused.keys()
        }
        rooms = worth_keeping(rooms)
        if rooms != self._kept:
            self._kept = rooms
            self._keep.keep_unsent(*self._whose, rooms)

    def close(self) -> None:
        """Put it away for the last time."""
        self.now()


def put_away(draft: Draft, refused: tuple[Unsent, ...] = ()) -> Unsent:
    """A draft without its files."""
    before = put_away(draft.before) if draft.before is not None else NOTHING
    kept = Unsent(draft.text, before=before if before != NOTHING else None, refused=refused)
    if draft.about is None:
        return kept if draft.text.strip() or before != NOTHING or refused else NOTHING
    doing, row = draft.about
    words = draft.about.words if doing == "reply" else ""
    return Unsent(draft.text, doing, row.seq, row.user, row.name, row.clock, words, kept.before, refused)


def drafted(unsent: Unsent) -> Draft:
    """The draft that was put away."""
    before = drafted(unsent.before) if unsent.before is not None else None
    if not unsent.doing:
        return Draft(unsent.text, before=before)
    row = stand_in(unsent.seq, unsent.user, unsent.name, unsent.clock, unsent.words)
    return Draft(unsent.text, About(unsent.doing, row), before=before)
