"""Edits that the server refused: what was written in them is not lost.

Such an edit goes on where it was written, as if it had not been sent; where its message was deleted, its text stands in
the box alone. Where something else was begun in that room meanwhile, a bar over the box offers it instead, until it is
taken up or discarded.
"""

from chatclient.desktop.composer import Composer
from chatclient.desktop.draft import About, Draft
from chatclient.desktop.takenbar import TakenBar
from chatclient.events import Changing, ClientEvent, Delivered, Failed
from chatclient.model import Model
from chatclient.rows import Row
from shared.protocol import Edit


class TakenBack:
    """`refused` has what is offered, by room, the oldest first."""

    def __init__(self, model: Model, composer: Composer, bar: TakenBar) -> None:
        self._model, self._composer, self._bar = model, composer, bar
        self._on_the_way: dict[str, Changing] = {}
        self.refused: dict[str, list[Draft]] = {}
        self._room = ""
        bar.serve(again=self._again, discard=self._discard)

    def restore(self, refused: dict[str, list[Draft]]) -> None:
        """What was offered another time. No room is open yet."""
        self.refused = {room: drafts for room, drafts in refused.items() if drafts}

    def look_at(self, room: str) -> None:
        """This room is open."""
        self._room = room
        self._show()

    def heard(self, event: ClientEvent) -> None:
        """An event of the client, which the model knows already."""
        match event:
            case Changing(change=Edit()):
                self._on_the_way[event.id] = event
            case Delivered(id=ident):
                self._on_the_way.pop(ident, None)
            case Failed(id=ident) if ident in self._on_the_way:
                self._give_back(self._on_the_way.pop(ident))

    def _give_back(self, changing: Changing) -> None:
        room, edit = changing.room, changing.change
        assert isinstance(edit, Edit)
        about = About("edit", self._row(room, edit.of))
        draft = Draft(edit.text, about if about.row.kind != "tombstone" else None)
        if edit.text and not self._composer.give_back(room, draft):
            self.refused.setdefault(room, []).append(Draft(edit.text, about))
            self._show()

    def _row(self, room: str, seq: int) -> Row:
        talk = self._model.conversations.get(room)
        index = talk.timeline.index(str(seq)) if talk is not None else None
        return talk.timeline.row(index) if talk is not None and index is not None else stand_in(seq, self._model.me)

    # --- the bar ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        offered = self.refused.get(self._room)
        self._bar.show(offered[0].text if offered else "")

    def _take(self) -> Draft:
        offered = self.refused[self._room]
        first = offered.pop(0)
        if not offered:
            del self.refused[self._room]
        self._show()
        return first

    def _again(self) -> None:
        draft = self._take()
        assert draft.about is not None
        row = self._row(self._room, draft.about.row.seq)
        if row.kind == "tombstone":
            self._composer.write(draft.text)
        else:
            self._composer.edit(row, draft.text)

    def _discard(self) -> None:
        self._take()
        self._composer.focus_in()


def stand_in(seq: int, user: str, name: str = "", clock: str = "", words: str = "") -> Row:
    """A message that is not loaded: what the composer shows of it."""
    return Row(str(seq), "message", seq, user, words, clock, False, "sent", "", "", False, True, True, name)
