"""What people do with a message: answer it, react to it, edit it, delete it, copy it, look at its record line.

The menu, the bar over the message, the keys and the clicks in it all end here. Which of it is permitted says the row
(`Row.deeds`); what becomes of it comes back as events.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from chatclient.address import Address
from chatclient.conversation import Conversation
from chatclient.desktop import hoverbar
from chatclient.desktop.composer import Composer
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.dialogs import Confirm
from chatclient.desktop.draft import About, Draft
from chatclient.desktop.hover import Box
from chatclient.desktop.hoverbar import HoverBar
from chatclient.desktop.look import Look
from chatclient.desktop.messagemenu import Deed, MessageMenu
from chatclient.desktop.popover import Overlay, Popover
from chatclient.desktop.recordline import RecordLine
from chatclient.keep import Keep
from chatclient.model import Changes, Model
from chatclient.rows import Row
from shared.rules import message_text

Pick = Callable[[tk.Misc | Box, Callable[[str], object]], object]


class Desk(Protocol):
    """What the window does for it."""

    @property
    def current(self) -> Conversation | None: ...
    def draw(self, changes: Changes) -> None: ...
    def complain(self, sentence: str) -> None: ...


class Means(NamedTuple):
    """What it works with. `place` is the server, for links; `pick` opens the emoji picker at a widget, or
    at a box of the window."""

    overlay: Overlay
    look: Look
    model: Model
    deeds: Deeds
    keep: Keep
    place: Address
    pick: Pick


class Acts:
    def __init__(self, means: Means, desk: Desk, view: ConversationView, composer: Composer) -> None:
        self._means = means
        self._desk = desk
        self._view = view
        self._composer = composer
        self._model, self._deeds = means.model, means.deeds
        bar = hoverbar.Acts(self.toggle, self.pick, self.reply, self._menu_at)
        self.bar = HoverBar(view, means.look, lambda: means.keep.reactions, bar)
        self._done: Final[dict[str, Callable[[Row, str], object]]] = {
            "retry": lambda row, _: self._deeds.retry(_ident(row)),
            "discard": lambda row, _: self._deeds.discard(_ident(row)),
            "react": self.toggle,
        }
        for pressed in ("<r>", "<R>", "<plus>", "<e>", "<E>", "<u>", "<U>", "<Delete>"):
            view.bind(pressed, lambda _event, pressed=pressed: self._pressed(pressed), add="+")

    @property
    def _room(self) -> str:
        return self._model.current or ""

    # --- from the conversation ------------------------------------------------------------------------------

    def act(self, row: Row, action: str) -> bool:
        """Something in the message was clicked; False where it is nothing of these."""
        name, _, rest = action.partition(":")
        if name not in self._done:
            return False
        self._done[name](row, rest)
        return True

    def hover(self, row: Row | None, box: Box | None) -> None:
        """The pointer is on this message, or on none."""
        if row is None or box is None:
            self.bar.leave()
        else:
            self.bar.at(row, box)

    def drawn(self, changes: Changes) -> None:
        """Rows are others than before."""
        if self._room in changes.timelines:
            self._see_bar()
            self._see_about()

    def _see_bar(self) -> None:
        row = self.bar.row
        if row is not None and not self.bar.held and self._now(row) != row:
            self.bar.gone()

    def _see_about(self) -> None:
        """What is edited or answered may be deleted now."""
        about = self._composer.draft.about
        now = self._now(about.row) if about is not None else None
        if about is not None and now is not None and now.kind == "tombstone":
            words = "edited" if about.doing == "edit" else "answered"
            text = self._composer.content
            self._composer.leave()
            if text.strip() and about.doing == "edit" and self._composer.draft.empty:
                self._composer.write(text)
            self._desk.complain(f"The message that you {words} was deleted.")

    def _now(self, row: Row) -> Row | None:
        """The row as it is now; None where it is not held any more."""
        talk = self._desk.current
        index = talk.timeline.index(row.key) if talk is not None else None
        return talk.timeline.row(index) if talk is not None and index is not None else None

    # --- the menu -------------------------------------------------------------------------------------------

    def menu(self, row: Row, x: int, y: int) -> None:
        """Its menu, at a point of the screen."""
        self.bar.gone()
        self._open_menu(row, (x, y, 0, 0))

    def _menu_at(self, row: Row, opener: tk.Misc) -> None:
        self.bar.hold(True)
        self.bar.repaint()
        box = (opener.winfo_rootx(), opener.winfo_rooty(), opener.winfo_width(), opener.winfo_height())
        self._open_menu(row, box)

    def _open_menu(self, row: Row, box: Box) -> None:
        groups = self._groups(row)
        if not any(groups):
            self.bar.hold(False)
            return
        means = self._means
        means.overlay.show(MessageMenu(means.overlay, means.look, groups, box, lambda: self.bar.hold(False)))

    def _groups(self, row: Row) -> Sequence[Sequence[Deed]]:
        """What may be done with it, in the order of the menu."""
        may = row.deeds
        sent = (
            ("retry", Deed("retry", "Retry", lambda: self._deeds.retry(_ident(row)))),
            ("discard", Deed("trash", "Discard", lambda: self._deeds.discard(_ident(row)), danger=True)),
        )
        answer = (
            ("reply", Deed("reply", "Reply", lambda: self.reply(row), "R", "<r>")),
            ("react", Deed("react", "React", lambda: self.pick(row, self._beside(row)), "+", "<plus>")),
            ("edit", Deed("edit", "Edit", lambda: self.edit(row), "E", "<e>")),
        )
        take = (
            ("copy", Deed("copy", "Copy text", lambda: self.copy(original(row)), "Ctrl C", "<Control-c>")),
            ("link", Deed("link", "Copy link", lambda: self.copy_link(row))),
            ("unread", Deed("unread", "Unread from here", lambda: self.unread_from(row), "U", "<u>")),
            ("record", Deed("record", "Show the record line", lambda: self.show_record(row))),
        )
        away = (("delete", Deed("trash", "Delete", lambda: self.delete(row), "Del", "<Delete>", danger=True)),)
        failed = [deed for _, deed in sent] if row.state == "failed" else []
        return [failed, *([deed for name, deed in group if name in may] for group in (answer, take, away))]

    def _pressed(self, pressed: str) -> str | None:
        """A key of the menu, on the message that the keyboard is on."""
        talk, key = self._desk.current, self._view.cursor.key
        index = talk.timeline.index(key) if talk is not None and key else None
        if talk is None or index is None:
            return None
        for group in self._groups(talk.timeline.row(index)):
            for deed in group:
                if deed.pressed.lower() == pressed.lower():
                    deed.command()
                    return "break"
        return None

    # --- answering and reacting -----------------------------------------------------------------------------

    def reply(self, row: Row) -> None:
        self._composer.reply(row)

    def toggle(self, row: Row, emoji: str) -> None:
        """React with this, or do not any more."""
        mine = any(reaction.emoji == emoji and reaction.mine for reaction in (self._now(row) or row).reactions)
        if row.seq and "react" in row.deeds:
            if not mine:
                self._means.keep.reacted(emoji)
            self._deeds.react(self._room, row.seq, emoji, mine)

    def pick(self, row: Row, near: tk.Misc | Box) -> None:
        """Choose any emoji to react with."""
        self._means.pick(near, lambda emoji: self.toggle(row, emoji))

    def _beside(self, row: Row) -> Box:
        """Its bubble in the window, as far as that is in sight."""
        view, root = self._view, self._means.overlay.root
        live = next((live for live in view.live if live.row.key == row.key), None)
        x, y, width, height = view.hover.box(live) if live is not None else (0, 0, view.winfo_width(), 0)
        top, bottom = max(0, y), min(view.winfo_height(), y + height)
        left, down = view.winfo_rootx() - root.winfo_rootx(), view.winfo_rooty() - root.winfo_rooty()
        return left + x, down + top, width, max(0, bottom - top)

    # --- editing and deleting -------------------------------------------------------------------------------

    def edit(self, row: Row) -> None:
        self._composer.edit(row, original(row))

    def edit_last(self) -> None:
        """The newest message of mine in the open conversation, if it may be edited."""
        row = self._model.my_last(self._room)
        if row is not None and "edit" in row.deeds:
            self.edit(row)

    def about(self, about: About | None) -> None:
        """Another message is edited now, or none: the ring goes round it."""
        self._view.ring(about.row.key if about is not None and about.doing == "edit" else None)

    def edited(self, draft: Draft) -> Draft | None:
        """Store the edit; gives the draft that stood there before. An emptied text asks whether to delete: None."""
        assert draft.about is not None
        row, room = self._now(draft.about.row) or draft.about.row, self._room
        rest = draft.before or Draft()
        if not draft.text.strip() and not row.files:
            self._ask_to_delete(row, lambda: self._composer.sent(room, draft, rest))
            return None
        text = message_text(draft.text, with_files=bool(row.files))
        if text != original(row):
            self._deeds.edit(room, row.seq, text)
        return rest

    def delete(self, row: Row) -> None:
        self._ask_to_delete(row, lambda: None)

    def _ask_to_delete(self, row: Row, then: Callable[[], object]) -> None:
        room = self._room

        def delete() -> None:
            self._deeds.delete(room, row.seq)
            then()

        whose = "" if row.own else f" {row.name or row.user} wrote it."
        files = " Its files go with it." if row.files else ""
        question = Confirm(
            self._means.overlay,
            self._means.look,
            "Delete this message?",
            f"It is gone for everybody, and nothing brings it back.{files}{whose}",
            "Delete",
            "Keep",
            delete,
        )
        self._means.overlay.show(question)

    # --- taking ---------------------------------------------------------------------------------------------

    def copy(self, text: str) -> None:
        self._view.clipboard_clear()
        self._view.clipboard_append(text)

    def copy_link(self, row: Row) -> None:
        self.copy(self._means.place._replace(room=self._room, invite=None, message=row.seq).text)
        self._composer.complain("The link is on the clipboard.", fine=True)

    def unread_from(self, row: Row) -> None:
        self._desk.draw(self._model.unread_from(self._room, row.seq))

    def show_record(self, row: Row) -> None:
        overlay = self._means.overlay
        dialog = RecordLine(overlay, self._means.look, self.copy)
        overlay.show(dialog)
        self._deeds.record(
            self._room,
            row.seq,
            lambda line: _while_open(overlay, dialog, lambda: dialog.show(line)),
            lambda why: _while_open(overlay, dialog, lambda: dialog.fail(why)),
        )


def original(row: Row) -> str:
    """The text as it was written."""
    return f"/me {row.text}" if row.kind == "action" else row.text


def _ident(row: Row) -> str:
    """Of a message that is not stored yet."""
    return row.key.removeprefix("~")


def _while_open(overlay: Overlay, popover: Popover, do: Callable[[], object]) -> None:
    if overlay.current is popover:
        do()
