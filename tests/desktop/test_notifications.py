"""What is told while the window is not in front, and what a click on it does; the number in the title and the icon."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import customtkinter as ctk
import pytest

from chatclient.desktop import windowicon
from chatclient.desktop.notify import DBus, Program
from chatclient.desktop.popover import Menu
from chatclient.desktop.sidebar import Room
from chatclient.keep import Keep
from chatclient.notify import Notification
from tests.desktop.house import House, living
from tests.processes import ServerProcess


class Fake:
    """Shows nothing, remembers everything, and clicks when the test says so. Runs on the bridge's loop."""

    def __init__(self) -> None:
        self.shown: list[Notification] = []
        self.clicks: dict[str, asyncio.Event] = {}
        self.loop: asyncio.AbstractEventLoop | None = None

    async def show(self, notification: Notification) -> bool:
        self.loop = asyncio.get_running_loop()
        self.shown.append(notification)
        click = self.clicks[notification.room] = asyncio.Event()
        await click.wait()
        return True

    def click(self, room: str) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.clicks[room].set)


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture
def house(
    root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: Fake
) -> Iterator[House]:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    with living(root, server, tmp_path / "home", fake) as made:
        yield made


def told(house: House, fake: Fake, room: str, text: str) -> list[Notification]:
    """bob says it, and then something that is told in any case; gives what was told of the first."""
    fake.shown.clear()
    house.bob.do("post", room, text=text)
    house.bob.do("post", "@alice", text="the end")
    house.hands.until(lambda: any(note.body == "the end" for note in fake.shown), "the notification")
    return [note for note in fake.shown if note.body != "the end"]


@pytest.mark.desktop
def test_direct_messages_and_mentions_are_told_and_a_room_is_quiet(house: House, fake: Fake) -> None:
    house.make("garden")
    with house.elsewhere():
        house.bob.do("post", "@alice", text="are you there?")
        house.hands.until(lambda: fake.shown == [Notification("bob", "are you there?", "@alice,bob")], "the first")
        assert told(house, fake, "garden", "weeds") == []
        assert told(house, fake, "garden", "@alice, weeds") == [
            Notification("bob in garden", "@alice, weeds", "garden")
        ]


@pytest.mark.desktop
def test_nothing_is_told_while_the_window_is_in_front(house: House, fake: Fake) -> None:
    house.make("garden")
    house.bob.do("post", "garden", text="@alice, weeds")
    house.hands.until(lambda: house.chat.model.conversations["garden"].unread == 1, "the message")
    with house.elsewhere():
        assert told(house, fake, "garden", "@alice, more weeds"), "the control: from elsewhere it is told"
    assert [note.body for note in fake.shown if "more" not in note.body] == ["the end"]


@pytest.mark.desktop
def test_a_click_leads_to_the_room(house: House, fake: Fake) -> None:
    house.make("garden")
    house.signed_in.open_settings()
    house.bob.do("post", "garden", text="@alice, weeds")
    house.hands.until(lambda: fake.shown, "the notification")
    fake.click("garden")
    house.here("garden")
    assert house.signed_in.settings is None
    house.hands.until(lambda: house.chat.model.focused, "the keyboard")
    assert house.chat.model.conversations["garden"].unread == 0


@pytest.mark.desktop
def test_a_room_can_be_told_of_in_whole_or_not_at_all(house: House, fake: Fake) -> None:
    house.make("garden")
    house.chat.open("garden")
    house.hands.click(house.chat.header._menu)
    menu = house.app.overlay.current
    assert isinstance(menu, Menu)
    place = [getattr(item, "text", "") for item in menu.rows.lines].index("Notifications…")
    house.hands.keys(*["Down"] * place, "Return")
    assert isinstance(house.app.overlay.current, Menu)
    house.hands.keys("Up", "Return")
    assert house.app.overlay.current is None
    assert Keep(house.keep.folder).preferences(f"127.0.0.1:{house.server.port}").rooms == {"garden": "nothing"}
    rooms = {line.name: line.muted for line in house.chat.sidebar.rows.lines if isinstance(line, Room)}
    assert rooms == {"garden": True, "lobby": False}
    with house.elsewhere():
        assert told(house, fake, "garden", "@alice, weeds") == []
        house.keep.notify(f"127.0.0.1:{house.server.port}", "garden", "all")
        assert told(house, fake, "garden", "weeds") == [Notification("bob in garden", "weeds", "garden")]


@pytest.mark.desktop
def test_the_text_can_be_kept_out(house: House, fake: Fake) -> None:
    house.keep.hide_text = True
    with house.elsewhere():
        house.bob.do("post", "@alice", text="the secret")
        house.hands.until(lambda: fake.shown, "the notification")
    assert "secret" not in f"{fake.shown}"


@pytest.mark.desktop
def test_a_notifier_that_fails_harms_nothing(house: House, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(notification: Notification) -> bool:
        fake.shown.append(notification)
        raise RuntimeError("no")

    monkeypatch.setattr(fake, "show", broken)
    with house.elsewhere():
        house.bob.do("post", "@alice", text="one")
        house.hands.until(lambda: fake.shown, "the first")
        house.bob.do("post", "@alice", text="two")
        house.hands.until(lambda: len(fake.shown) == 2, "the second")


@pytest.mark.desktop
def test_the_title_and_the_icon_bear_the_number(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    before = windowicon.picture
    monkeypatch.setattr(windowicon, "picture", lambda size, count: drawn.append(count) or before(size, count))
    house.bob.do("post", "@alice", text="one")
    house.bob.do("post", "@alice", text="two")
    house.hands.until(lambda: house.app.root.title() == "(2) lobby · Parley", "the title")
    assert drawn[-3:] == [2, 2, 2]
    house.chat.message("bob")
    house.hands.settle()
    assert house.app.root.title() == "bob · Parley"
    assert drawn[-3:] == [0, 0, 0]


def test_the_icon_says_how_many_at_every_size() -> None:
    for size in windowicon.SIZES:
        pictures = [windowicon.picture(size, count).tobytes() for count in (0, 1, 2, 12, 100)]
        assert len(set(pictures)) >= 4, f"at {size}"
        assert windowicon.picture(size, 100).tobytes() == windowicon.picture(size, 5_000).tobytes()


# --- the system's own -----------------------------------------------------------------------------------------


class Service:
    """A notification service on a bus of its own. `able`: what it says that it can."""

    def __init__(self, router: Any, able: list[str]) -> None:
        self._router = router
        self._able = able
        self.shown: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self._number = 0

    async def run(self) -> None:
        from jeepney import MessageType, new_method_return

        while True:
            call = await self._router.receive()
            if call.header.message_type is not MessageType.method_call:
                continue
            name = call.header.fields[3]
            if name == "GetCapabilities":
                await self._router.send(new_method_return(call, "as", (self._able,)))
            elif name == "Notify":
                self._number = call.body[1] or self._number + 1
                await self._router.send(new_method_return(call, "u", (self._number,)))
                await self.shown.put((self._number, *call.body))

    async def signal(self, name: str, *body: object) -> None:
        from jeepney import DBusAddress, new_signal

        place = DBusAddress("/org/freedesktop/Notifications", interface="org.freedesktop.Notifications")
        await self._router.send(new_signal(place, name, "us" if name == "ActionInvoked" else "uu", body))


@asynccontextmanager
async def bus(monkeypatch: pytest.MonkeyPatch, able: list[str]) -> AsyncIterator[Service]:
    """A private bus with a notification service."""
    pytest.importorskip("jeepney")
    from jeepney import message_bus
    from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection

    if not shutil.which("dbus-daemon"):
        pytest.skip("notifications over D-Bus need dbus-daemon: apt-get install dbus")
    daemon = await asyncio.create_subprocess_exec(
        "dbus-daemon", "--session", "--nofork", "--print-address", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert daemon.stdout is not None
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", (await daemon.stdout.readline()).decode().strip())
        async with await open_dbus_connection() as connection:
            async with DBusRouter(connection) as router:
                await Proxy(message_bus, router).RequestName("org.freedesktop.Notifications")
            service = Service(connection, able)
            running = asyncio.create_task(service.run())
            yield service
            running.cancel()
            await asyncio.wait([running])
    finally:
        daemon.terminate()
        await daemon.wait()


async def test_dbus_shows_it_and_hears_the_click(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bus(monkeypatch, ["body", "body-markup", "actions"]) as service:
        shown = asyncio.create_task(DBus().show(Notification("bob", "1 < 2 & <b>so on</b>", "@alice,bob")))
        number, app, replaces, _icon, title, body, actions, _hints, _timeout = await service.shown.get()
        assert (app, replaces, title) == ("Parley", 0, "bob")
        assert body == "1 &lt; 2 &amp; &lt;b&gt;so on&lt;/b&gt;", "no text of a message becomes markup"
        assert actions == ["default", "Open"]
        await service.signal("ActionInvoked", number + 1, "default")
        await service.signal("ActionInvoked", number, "default")
        assert await shown


async def test_dbus_puts_the_next_of_a_room_in_the_place_of_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bus(monkeypatch, ["body"]) as service:
        notifier = DBus()
        first = asyncio.create_task(notifier.show(Notification("bob", "a < b", "garden")))
        (
            number,
            *_,
        ) = await service.shown.get()
        await asyncio.sleep(0)
        second = asyncio.create_task(notifier.show(Notification("bob", "two", "garden")))
        again = await service.shown.get()
        assert again[2] == number
        await service.signal("NotificationClosed", number, 2)
        assert (await first, await second) == (False, False)


async def test_dbus_can_be_cancelled_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bus(monkeypatch, ["body"]) as service:
        shown = asyncio.create_task(DBus().show(Notification("bob", "text", "garden")))
        await service.shown.get()
        shown.cancel()
        await asyncio.wait([shown])
        assert shown.cancelled()


async def test_without_a_bus_nothing_is_shown_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("jeepney")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    assert not await DBus().show(Notification("bob", "text", "garden"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert not await DBus().show(Notification("bob", "text", "garden"))


async def test_a_program_gets_the_words_in_its_environment(tmp_path: Path) -> None:
    out = tmp_path / "out"
    program = Program(("/bin/sh", "-c", f'printf "%s|%s" "$PARLEY_TITLE" "$PARLEY_BODY" > {out}'))
    assert not await program.show(Notification("bob", '"; rm -rf $HOME', "garden"))
    assert out.read_text("utf-8") == 'bob|"; rm -rf $HOME'
    assert not await Program(("/nowhere/program",)).show(Notification("bob", "text", "garden"))
