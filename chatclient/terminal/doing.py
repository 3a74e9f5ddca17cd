"""What becomes of a line that was entered: it is said, or its command is done. Raises `Refused` where it cannot be.

Changes are told to the client and forgotten here: what becomes of them comes back as events. Questions run beside,
and their answers are listed by whoever shows them (`Hands`).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Protocol

import platformdirs

from chatclient import slash
from chatclient.conversation import Conversation
from chatclient.days import clock, local, seconds
from chatclient.gist import action, gist
from chatclient.questions import Offline
from chatclient.rows import Row
from chatclient.sizes import size
from chatclient.terminal import commands
from chatclient.terminal.cells import fit
from chatclient.terminal.desk import Desk
from shared.errors import Refused
from shared.protocol import File, Message
from shared.rules import LOBBY, message_text

LOOK: Final = 500
"""Rows in which it is looked for files, and for the last message."""
FOUND: Final = 50
WHERE: Final = 20
"""Cells for the name of the room in which something was found."""
Work = Literal["edit", "reply"]


class Entry(NamedTuple):
    """One line of a list; `choose` is what choosing it does, None where that is nothing."""

    text: str
    note: str = ""
    choose: Callable[[], object] | None = None


class Hands(Protocol):
    """What the screen, or the plain mode, does for it."""

    def chosen(self) -> Row | None: ...
    def begin(self, work: Work, row: Row) -> None: ...
    def confirm(self, question: str, do: Callable[[], object]) -> None: ...
    def list(self, title: str, entries: Sequence[Entry]) -> None: ...
    def members(self, talk: Conversation) -> None: ...
    def help(self) -> None: ...
    def mouse(self) -> None: ...
    def sent(self) -> None: ...
    def quit(self) -> None: ...


class Doing:
    def __init__(self, desk: Desk, hands: Hands) -> None:
        self._desk = desk
        self._hands = hands
        self._client = desk.client
        self._model = desk.model
        room: Callable[[], str] = lambda: self._room().name  # noqa: E731 # one word for what ten lines below need
        client = desk.client
        self._do: Final[dict[type[Any], Callable[[Any], object]]] = {
            slash.Say: lambda said: self.say(said.text),
            slash.SetName: lambda said: client.set_profile(said.display),
            slash.Join: lambda said: desk.go_to(said.room),
            slash.Leave: lambda _: client.leave(room()),
            slash.Tell: self._tell,
            slash.SetTopic: lambda said: client.set_topic(room(), said.topic),
            slash.Invite: lambda said: client.invite(room(), said.user),
            slash.Kick: lambda said: client.kick(room(), said.user),
            slash.Ban: lambda said: client.ban(room(), said.user),
            slash.Unban: lambda said: client.unban(room(), said.user),
            slash.Help: lambda _: hands.help(),
            commands.Everybody: lambda said: client.send(LOBBY, said.text),
            commands.Edit: self._edit,
            commands.Delete: lambda _: self._delete(),
            commands.Reply: self._reply,
            commands.React: self._react,
            commands.Search: lambda said: desk.ask(self._search(said.text), desk.face.complain),
            commands.Files: lambda _: self._list_files(),
            commands.Save: self._save,
            commands.Attach: self._attach,
            commands.Create: self._create,
            commands.Members: lambda _: hands.members(self._here()),
            commands.Rooms: lambda _: desk.ask(self._rooms(), desk.face.complain),
            commands.Invitation: lambda _: desk.ask(self._invitation(), desk.face.complain),
            commands.Status: lambda said: desk.ask(self._status(said), desk.face.complain),
            commands.Retry: lambda _: self._retry(),
            commands.Discard: lambda _: self._discard(),
            commands.Mouse: lambda _: hands.mouse(),
            commands.Quit: lambda _: hands.quit(),
        }

    def enter(self, line: str) -> str:
        """Do what this line means; gives the id of the change that was queued for it, "" for none."""
        meaning = commands.meaning(line)
        change = self._do[type(meaning)](meaning)
        return change if isinstance(change, str) else ""

    # --- saying ---------------------------------------------------------------------------------------------

    def say(self, text: str, reply_to: int = 0, files: Sequence[str] = ()) -> str:
        """Say this where the person is; gives the id of the message."""
        ident = self._client.send(self._here().name, text, reply_to, files)
        self._hands.sent()
        return ident

    def _tell(self, said: slash.Tell) -> str:
        talk = self._model.direct_with(said.user)
        self._desk.open(talk.name)
        return self._client.send(talk.name, said.text) if said.text else ""

    def _attach(self, said: commands.Attach) -> str:
        path = _path(said.path)
        try:
            there = path.is_file()
        except OSError:  # of a name that is longer than a file's can be
            there = False
        if not there:
            raise Refused("bad_request", f"There is no file {path}.")
        return self.say(message_text(said.text, with_files=True), files=[self._client.attach(path)])

    def _create(self, said: commands.Create) -> str:
        self._desk.expect(said.room)
        return self._client.create(said.room, said.topic, said.private)

    # --- a message ------------------------------------------------------------------------------------------

    def _edit(self, said: commands.Edit) -> str:
        row = self._hands.chosen() or self._mine()
        if row is None or "edit" not in row.deeds:
            raise Refused("bad_request", "There is no message of yours here that can be edited.")
        if said.text:
            return self.edit(row, said.text)
        self._hands.begin("edit", row)
        return ""

    def edit(self, row: Row, text: str) -> str:
        """Give my message another text; an empty one asks whether to delete it."""
        if not text.strip() and not row.files:
            self.delete(row)
            return ""
        text = message_text(text, with_files=bool(row.files))
        return self._client.edit(self._here().name, row.seq, text) if text != original(row) else ""

    def _delete(self) -> None:
        row = self._hands.chosen() or self._mine()
        if row is None or "delete" not in row.deeds:
            raise Refused("bad_request", "There is no message here that you can delete.")
        self.delete(row)

    def delete(self, row: Row) -> None:
        room = self._here().name
        words = gist(original(row), row.files, 60)
        whose = "" if row.own else f" of {row.name or row.user}"
        self._hands.confirm(f"Delete “{words}”{whose} for everybody?", lambda: self._client.delete(room, row.seq))

    def _reply(self, said: commands.Reply) -> str:
        row = self._hands.chosen() or self._last(lambda row: not row.own and "reply" in row.deeds)
        if row is None or "reply" not in row.deeds:
            raise Refused("bad_request", "There is no message here to reply to.")
        if said.text:
            return self.say(said.text, row.seq)
        self._hands.begin("reply", row)
        return ""

    def _react(self, said: commands.React) -> str:
        row = self._hands.chosen() or self._last(lambda row: not row.own and "react" in row.deeds)
        row = row or self._last(lambda row: "react" in row.deeds)
        if row is None or "react" not in row.deeds:
            raise Refused("bad_request", "There is no message here to react to.")
        mine = any(each.emoji == said.emoji and each.mine for each in row.reactions)
        return self._client.react(self._here().name, row.seq, said.emoji, mine)

    def _retry(self) -> None:
        row = self._last(lambda row: row.state == "failed")
        if row is not None:
            self._client.retry(row.key.removeprefix("~"))
        else:
            self._client.retry_now()

    def _discard(self) -> None:
        row = self._last(lambda row: row.state == "failed")
        if row is None:
            raise Refused("bad_request", "Nothing here has failed to be sent.")
        self._client.discard(row.key.removeprefix("~"))

    def _mine(self) -> Row | None:
        """My last message; `Refused` while it is on its way, so that none before it is taken for it."""
        row = self._last(lambda row: row.own and row.kind in ("message", "action"))
        if row is not None and not row.seq:
            raise Refused("bad_request", "Your last message is not stored yet. Wait a moment, or choose another.")
        return row

    def _last(self, fits: Callable[[Row], bool]) -> Row | None:
        """The newest row here that is like this."""
        rows = self._here().timeline
        for at in range(rows.count - 1, max(rows.count - LOOK, 0) - 1, -1):
            row = rows.row(at)
            if fits(row):
                return row
        return None

    # --- files ----------------------------------------------------------------------------------------------

    def _files(self) -> list[tuple[File, Row]]:
        """Those of the newest messages that are loaded, the newest first."""
        rows = self._here().timeline
        near = (rows.row(at) for at in range(rows.count - 1, max(rows.count - LOOK, 0) - 1, -1))
        return [(file, row) for row in near for file in row.files if not file.file.startswith("~")]

    def _list_files(self) -> None:
        files = self._files()
        if not files:
            raise Refused("bad_request", "No file was sent here lately.")
        self._hands.list(
            "Files",
            [
                Entry(
                    f"{number}  {file.name}",
                    f"{size(file.size)}, {row.name or row.user} {row.clock}",
                    lambda number=number: self._save(commands.Save(number, "")),  # type: ignore[misc] # binds
                )
                for number, (file, row) in enumerate(files, 1)
            ],
        )

    def _save(self, said: commands.Save) -> None:
        chosen = self._hands.chosen()
        files = [file for file, _ in self._files()]
        if chosen is not None and chosen.files:
            files = list(chosen.files)
        if not 0 < said.number <= len(files):
            raise Refused("bad_request", f"There is no file {said.number} here. /files lists them.")
        file = files[said.number - 1]
        to = _path(said.to) if said.to else platformdirs.user_downloads_path()
        try:
            to = to if said.to and not to.is_dir() else to / file.name
            to.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused("bad_request", f"{to} cannot be written: {error.strerror or error}.") from None
        self._desk.ask(self._saved(file, to), self._desk.face.complain)

    async def _saved(self, file: File, to: Path) -> None:
        self._desk.face.say(f"Saved as {await self._client.save(file.file, to)}")

    # --- questions ------------------------------------------------------------------------------------------

    async def _search(self, text: str) -> None:
        found = await self._client.search(text, limit=FOUND)
        if not found.messages:
            self._desk.face.say(f"Nothing found for “{text}”.")
            return
        title = f"Found: {text}{', the newest' if found.more else ''}"
        self._hands.list(title, [self._hit(message) for message in found.messages])

    def _hit(self, message: Message) -> Entry:
        when = local(seconds(message.time), self._desk.tz)
        talk = self._model.conversations.get(message.room)
        where = talk.title if talk is not None else message.room
        name, does = self._model.name_of(message.user), action(message.text)
        words = gist(does or message.text, message.files, 200)
        return Entry(
            f"* {name} {words}" if does else f"{name}: {words}",
            f"{fit(where, WHERE)} {when.day}.{when.month}. {clock(when)}",
            lambda: self._desk.show(message.room, message.seq),
        )

    async def _rooms(self) -> None:
        rooms = await self._client.rooms()
        self._desk.draw(self._model.rooms_listed(rooms))
        entries = []
        for info in sorted(rooms, key=lambda info: info.room.casefold()):
            mine = "" if info.room in self._model.conversations else "join: "
            go: Callable[[], object] = lambda room=info.room: self._desk.go_to(room)  # type: ignore[misc]  # noqa: E731 # binds
            entries.append(Entry(f"#{info.room}  {mine}{info.topic}".rstrip(" :"), f"{info.members:,}", go))
        self._hands.list("Rooms", entries)

    async def _invitation(self) -> None:
        talk = self._desk.current
        room = talk.name if talk is not None and not talk.direct and talk.name != LOBBY else None
        made = await self._client.make_invitation(room)
        self._desk.face.say(f"{made.link} lets {made.uses:,} people in within 7 days.")

    async def _status(self, said: commands.Status) -> None:
        try:
            await self._client.status(said.state, said.note)
        except Offline:
            self._desk.face.say(f"You are shown as {said.state} when there is a connection again.")
        else:
            self._desk.face.say(f"You are shown as {said.state} now.")

    # --- where ----------------------------------------------------------------------------------------------

    def _here(self) -> Conversation:
        talk = self._desk.current
        if talk is None:
            raise Refused("bad_request", "No conversation is open. /join room opens one.")
        return talk

    def _room(self) -> Conversation:
        talk = self._here()
        if talk.direct:
            raise Refused("bad_request", "That is something for rooms. This is a direct conversation.")
        return talk


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # ~ of somebody who is unknown here
        return Path(text)


def original(row: Row) -> str:
    """The text as it was written."""
    return f"/me {row.text}" if row.kind == "action" else row.text
