"""The dialogs and menus of the conversation window: which one opens from where, and what its result does.

Only one stands open at a time (`Overlay`). An answer that comes when its dialog is gone again is dropped.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Protocol

from chatclient.conversation import Conversation
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.dialogs import Confirm, CreateRoom, InvitePeople, NewRoom
from chatclient.desktop.invite_link import Clock, InviteLink
from chatclient.desktop.keys import Keys
from chatclient.desktop.lists import JoinRoom, MessagePerson
from chatclient.desktop.look import Look
from chatclient.desktop.oneline import topic_of
from chatclient.desktop.popover import Item, Menu, Overlay, Popover
from chatclient.desktop.switcher import Switcher
from chatclient.jump import Place
from chatclient.model import Changes, Model
from shared.protocol import MemberList, RoomInfo
from shared.rules import LOBBY, name_key


class Desk(Protocol):
    """What the window does for its dialogs."""

    def open(self, room: str) -> None: ...
    def go_to(self, room: str) -> None: ...
    def message(self, user: str) -> None: ...
    def expect(self, room: str) -> None: ...
    def members_came(self, room: str, members: MemberList) -> None: ...
    def rooms_came(self, rooms: list[RoomInfo]) -> None: ...
    def another_server(self) -> None: ...
    def show_members(self) -> None: ...
    def search_messages(self) -> None: ...
    def pick_date(self) -> None: ...
    def level_menu(self, talk: Conversation, opener: tk.Misc) -> None: ...


class Offers:
    def __init__(self, overlay: Overlay, look: Look, model: Model, deeds: Deeds, desk: Desk, clock: Clock) -> None:
        self._overlay = overlay
        self._look = look
        self._model = model
        self._deeds = deeds
        self._desk = desk
        self._clock = clock
        self._public: dict[str, RoomInfo] = {}

    def _while_open(self, popover: Popover, do: Callable[[], object]) -> None:
        if self._overlay.current is popover:
            do()

    # --- menus ----------------------------------------------------------------------------------------------

    def add_menu(self, opener: tk.Misc) -> None:
        """The plus over the rooms."""
        items = (
            Item("plus", "New room", self.new_room),
            Item("hash", "Join a room", self.join_room),
            Item("user", "Message a person", self.message_person),
            Item("leave", "Another server", self._desk.another_server),
        )
        self._overlay.show(Menu(self._overlay, self._look, items, opener))

    def room_menu(self, talk: Conversation, opener: tk.Misc) -> None:
        """The three dots over the conversation."""
        told = Item("bell", "Notifications…", lambda: self._desk.level_menu(talk, opener))
        found = Item("search", "Search messages", self._desk.search_messages)
        dated = Item("clock", "Go to a date", self._desk.pick_date)
        items = [Item("hash", "Jump to…", self.switcher), found, dated, told]
        if not talk.direct:
            items = [
                Item("plus", "Invite people", lambda: self.invite(talk)),
                *self._by_name(talk),
                Item("edit", "Set a topic", lambda: self.set_topic(talk)),
                Item("users", "Members", self._desk.show_members),
                found,
                dated,
                told,
            ]
            if talk.name != LOBBY:
                items.append(Item("leave", "Leave room", lambda: self.leave(talk), danger=True))
        self._overlay.show(Menu(self._overlay, self._look, items, opener))

    # --- dialogs --------------------------------------------------------------------------------------------

    def new_room(self, name: str = "") -> None:
        dialog = CreateRoom(
            self._overlay, self._look, create=self._create, taken=self._taken, go_to=self._desk.go_to, name=name
        )
        self._overlay.show(dialog)
        self._deeds.rooms(self._rooms_known, lambda _why: None)  # without them the server says what is taken

    def _create(self, room: NewRoom) -> None:
        self._desk.expect(room.name)
        self._deeds.create(room.name, room.topic, room.private, room.people)

    def _taken(self, name: str) -> str | None:
        key = name_key(name)
        names = [*self._model.conversations, *self._public]
        return next((other for other in names if name_key(other) == key), None)

    def _rooms_known(self, rooms: list[RoomInfo]) -> None:
        self._public = {info.room: info for info in rooms}
        self._desk.rooms_came(rooms)

    def refused(self, room: str, code: str, message: str) -> bool:
        """A room could not be made: True where the dialog is there to say so."""
        dialog = self._overlay.current
        if isinstance(dialog, CreateRoom):
            dialog.refused(room, code, message)
            return True
        return False

    def stands(self) -> None:
        """The room that was asked for is there: its dialog has nothing more to do."""
        if isinstance(self._overlay.current, CreateRoom):
            self._overlay.close()

    def join_room(self) -> None:
        mine = frozenset(self._model.conversations)
        dialog = JoinRoom(self._overlay, self._look, mine, self._desk.go_to)
        self._overlay.show(dialog)

        def came(rooms: list[RoomInfo]) -> None:
            self._rooms_known(rooms)
            self._while_open(dialog, lambda: dialog.answer(rooms))

        self._deeds.rooms(came, lambda why: self._while_open(dialog, lambda: dialog.failed(why)))

    def message_person(self) -> None:
        dialog = MessagePerson(self._overlay, self._look, self._model.me, self._desk.message)
        self._overlay.show(dialog)
        dialog.answer([talk.title for talk in self._model.directs()])
        self._deeds.members(
            LOBBY,
            lambda members: self._while_open(
                dialog, lambda: dialog.answer([member.user for member in members.members])
            ),
            lambda _why: None,  # a name can be typed without the list
        )

    def invite(self, talk: Conversation) -> None:
        """The invitation with its link."""
        room, place = ("", self._model.server) if talk.name == LOBBY else (talk.name, talk.title)
        dialog = InviteLink(self._overlay, self._look, room, place, self._deeds, self._clock)
        self._overlay.show(dialog)
        dialog.begin()

    def drawn(self, changes: Changes) -> None:
        """Somebody may have come by the invitation that is looked at."""
        dialog = self._overlay.current
        if changes.header and isinstance(dialog, InviteLink):
            dialog.look_again()

    def _by_name(self, talk: Conversation) -> tuple[Item, ...]:
        """Everybody is in the lobby already."""
        return () if talk.name == LOBBY else (Item("user", "Add by name", lambda: self.add_by_name(talk)),)

    def add_by_name(self, talk: Conversation) -> None:
        """Bring in people of this server."""

        def bring(user: str) -> None:
            self._deeds.invite(talk.name, user)

        self._overlay.show(InvitePeople(self._overlay, self._look, talk.title, bring))

    def set_topic(self, talk: Conversation) -> None:
        def change(topic: str) -> None:
            self._deeds.set_topic(talk.name, topic)

        self._overlay.show(topic_of(self._overlay, self._look, talk.title, talk.topic, change))

    def leave(self, talk: Conversation) -> None:
        back = "Only an invitation brings you back." if talk.private else "You can join it again at any time."
        question = Confirm(
            self._overlay,
            self._look,
            f"Leave {talk.title}?",
            back,
            "Leave room",
            "Stay",
            lambda: self._deeds.leave(talk.name),
        )
        self._overlay.show(question)

    def keys(self) -> None:
        self._overlay.show(Keys(self._overlay, self._look))

    # --- the switcher ---------------------------------------------------------------------------------------

    def switcher(self, visited: tuple[str, ...] = ()) -> None:
        current = self._model.current
        talks = [*self._model.rooms(), *self._model.directs()]
        switcher = Switcher(
            self._overlay, self._look, [_place(talk, talk.name == current) for talk in talks], visited, self._jump
        )
        self._overlay.show(switcher)

        def rooms_came(rooms: list[RoomInfo]) -> None:
            self._rooms_known(rooms)
            places = [Place("room", info.room, info.topic or "Join") for info in rooms]
            joinable = [place._replace(kind="join") for place in places if place.name not in self._model.conversations]
            self._while_open(switcher, lambda: switcher.answer(joinable))

        def people_came(listed: MemberList) -> None:
            places = [Place("person", member.user) for member in listed.members if member.user != self._model.me]
            self._while_open(switcher, lambda: switcher.answer(places))

        self._deeds.rooms(rooms_came, lambda _why: None)  # what is known is enough to jump
        self._deeds.members(LOBBY, people_came, lambda _why: None)

    def _jump(self, place: Place) -> None:
        if place.kind == "create":
            self.new_room(place.name)
        elif place.kind == "person":
            self._desk.message(place.name)
        else:
            self._desk.go_to(place.name)


def _place(talk: Conversation, here: bool) -> Place:
    if talk.direct:
        return Place("person", talk.title, unread=talk.unread, mentions=talk.mentions, here=here)
    note = "Private" if talk.private else talk.topic
    return Place("room", talk.name, note, talk.private, talk.unread, talk.mentions, here)
