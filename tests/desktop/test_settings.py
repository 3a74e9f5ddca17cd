"""The settings: reached by a key, acting at once, and what they change on the server. Real keys, a real server."""

import tkinter as tk
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import customtkinter as ctk
import pytest

from chatclient.desktop.devices import device, last_here
from chatclient.desktop.keys import Keys
from chatclient.desktop.oneline import OneLine
from chatclient.desktop.popover import Menu
from chatclient.desktop.settings import PAGES, Settings
from chatclient.desktop.settings_account import Account
from chatclient.desktop.settings_appearance import AppearancePage, window_picture
from chatclient.desktop.settings_notifications import Notifications
from chatclient.desktop.settings_page import Page
from chatclient.desktop.settings_servers import Servers
from chatclient.desktop.theme import DARK, LIGHT
from chatclient.keep import Keep
from shared.protocol import SessionInfo
from tests.desktop.house import Friend, House, living
from tests.processes import ServerProcess

P = TypeVar("P", bound=Page)
PASSWORD = "a calm sentence"


@pytest.fixture
def house(root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    keep = Keep(tmp_path / "home")
    keep.remember("192.0.2.20:12345", "alice", "School", "2026-11-12T09:00:00.000000Z")
    keep.save()
    with living(root, server, tmp_path / "home") as made:
        yield made


def settings(house: House) -> Settings:
    assert house.signed_in.settings is not None
    return house.signed_in.settings


def page(house: House, kind: type[P]) -> P:
    """Open the settings at this page."""
    house.signed_in.open_settings()
    settings(house).show([each for _, each in PAGES].index(kind))
    house.hands.settle()
    found = settings(house).page
    assert isinstance(found, kind)
    return found


@pytest.mark.desktop
def test_a_key_opens_them_over_all_and_esc_closes(house: House) -> None:
    house.hands.keys("ctrl+comma")
    assert settings(house).winfo_width() == house.app.root.winfo_width()
    assert not house.chat.composer.winfo_ismapped()
    house.bob.do("post", "lobby", text="hello")
    house.hands.until(lambda: house.chat.model.conversations["lobby"].unread == 1, "the message, unseen")
    house.hands.keys("Escape")
    assert house.signed_in.settings is None
    house.hands.until(lambda: house.chat.model.conversations["lobby"].unread == 0, "its being seen")
    assert house.app.root.focus_get() is house.chat.composer.text


@pytest.mark.desktop
def test_they_are_offered_at_the_foot_and_among_the_keys(house: House) -> None:
    house.hands.keys("ctrl+slash")
    keys = house.app.overlay.current
    assert isinstance(keys, Keys)
    assert any("Settings" in f"{line}" for line in keys.rows.lines)
    house.hands.keys("Escape")
    house.hands.click(house.chat.sidebar.oneself)
    assert isinstance(house.app.overlay.current, Menu)
    house.hands.keys("Up", "Return")
    assert settings(house).winfo_ismapped()


@pytest.mark.desktop
def test_the_arrows_lead_through_the_pages(house: House) -> None:
    house.hands.keys("ctrl+comma")
    house.hands.keys("Down", "Return")
    assert isinstance(settings(house).page, Notifications)
    house.hands.keys("Up", "Return")
    assert isinstance(settings(house).page, AppearancePage)


@pytest.mark.desktop
def test_narrow_they_show_the_pages_or_one_of_them(house: House) -> None:
    house.app.root.geometry("400x720+0+0")
    house.hands.settle()
    house.hands.keys("ctrl+comma")
    house.hands.settle()
    assert not settings(house).rows.winfo_ismapped() and settings(house).head.winfo_ismapped()
    house.hands.click(settings(house).head._pages)
    assert settings(house).rows.winfo_ismapped()
    house.hands.click(settings(house).rows, 60, 36 + 18)
    assert isinstance(settings(house).page, Notifications) and settings(house).head.winfo_ismapped()


def press(house: House, widget: tk.Misc) -> None:
    """Scroll to it, and click it."""
    settings(house)._area.see(widget)
    house.hands.settle()
    house.hands.click(widget)


# --- appearance -----------------------------------------------------------------------------------------------


@pytest.mark.desktop
def test_the_theme_is_chosen_by_its_picture(house: House) -> None:
    shown = page(house, AppearancePage)
    house.hands.click(shown.themes.choices[2])
    assert house.app.look.theme.name == "dark"
    assert shown.themes.choices[2].on and not shown.themes.choices[0].on
    assert Keep(house.keep.folder).theme == "dark"
    house.hands.click(shown.themes.choices[1])
    assert house.app.look.theme.name == "light"


def test_a_theme_is_pictured_in_its_own_colours() -> None:
    light, dark, both = (window_picture(192, 96, pair) for pair in ((LIGHT, LIGHT), (DARK, DARK), (LIGHT, DARK)))
    for point in ((20, 70), (60, 50)):
        assert both.getpixel(point) == light.getpixel(point) != dark.getpixel(point)
    assert both.getpixel((150, 10)) == dark.getpixel((150, 10)) != light.getpixel((150, 10))


@pytest.mark.desktop
def test_move_less_rests_the_dots(house: House) -> None:
    shown = page(house, AppearancePage)
    house.hands.click(shown.move_less)
    assert Keep(house.keep.folder).move_less
    house.hands.keys("Escape")
    house.bob.tell("typing", room="lobby")
    house.hands.until(house.chat.typing.winfo_ismapped, "the line")
    assert not house.chat.typing.moving


# --- notifications ----------------------------------------------------------------------------------------------


@pytest.mark.desktop
def test_what_is_told_is_chosen_by_a_click_on_its_line(house: House) -> None:
    shown = page(house, Notifications)
    assert [radio.on for radio in shown.levels] == [False, True, False]
    house.hands.click(shown.levels[0].master, 300, 30)
    assert [radio.on for radio in shown.levels] == [True, False, False]
    assert Keep(house.keep.folder).level == "all"
    house.hands.click(shown.levels[2])
    assert house.keep.level == "nothing"
    house.hands.click(shown.show_text)
    assert Keep(house.keep.folder).hide_text


@pytest.mark.desktop
def test_rooms_that_differ_are_listed_and_can_be_like_the_rest(house: House) -> None:
    place = f"127.0.0.1:{house.server.port}"
    house.keep.notify(place, "lobby", "nothing")
    shown = page(house, Notifications)
    [line] = shown._rooms.lines
    assert line.title == "lobby"
    house.hands.click(line.controls[0])
    assert isinstance(house.app.overlay.current, Menu)
    house.hands.keys("Up", "Return")
    assert Keep(house.keep.folder).preferences(place).rooms == {}
    house.hands.until(lambda: [line.title for line in shown._rooms.lines] != ["lobby"], "the list")


# --- account --------------------------------------------------------------------------------------------------


@pytest.mark.desktop
def test_the_name_that_others_see_is_changed(house: House) -> None:
    shown = page(house, Account)
    house.hands.click(shown.change)
    dialog = house.app.overlay.current
    assert isinstance(dialog, OneLine) and not dialog.button.enabled
    house.hands.type("Alice Adams")
    house.hands.keys("Return")
    house.hands.until(lambda: shown._me.lines[0].title == "Alice Adams", "the name")
    assert shown._me.lines[0].note.startswith("alice")
    assert house.chat.model.name_of("alice") == "Alice Adams"
    members = house.bob.ask({"type": "members", "room": "lobby"}, "member_list")["members"]
    assert "Alice Adams" in [member.get("display") for member in members]


def type_password(house: House, shown: Account, *words: str) -> None:
    """Into the fields, from the first that there is."""
    fields = [shown.password.old, shown.password.new, shown.password.again][-len(words) :]
    for field, word in zip(fields, words, strict=True):
        house.hands.click(field.entry)
        house.hands.keys("ctrl+a")
        house.hands.type(word)


@pytest.mark.desktop
def test_a_password_is_set_and_opens_a_second_device(house: House) -> None:
    shown = page(house, Account)
    assert not shown.password.old.winfo_ismapped()
    type_password(house, shown, "short", "short")
    house.hands.keys("Return")
    assert shown.password.new.error == "A password has at least 10 characters. This one has 5."
    type_password(house, shown, PASSWORD, "another sentence")
    house.hands.keys("Return")
    assert shown.password.again.error == "This is not the same."
    type_password(house, shown, PASSWORD, PASSWORD)
    house.hands.click(shown.password.button)
    house.hands.until(lambda: shown.password.old.winfo_ismapped(), "the answer")
    assert (shown.password.new.text, shown.password.again.text) == ("", "")
    Friend(house.server.port, "alice", password=PASSWORD).close()
    type_password(house, shown, "not the password", PASSWORD + "!", PASSWORD + "!")
    house.hands.keys("Return")
    house.hands.until(lambda: shown.password.old.error, "the refusal")


@pytest.mark.desktop
def test_devices_are_listed_and_signed_out(house: House) -> None:
    set_password(house)
    others = [Friend(house.server.port, "alice", password=PASSWORD, client=f"Phone {n}") for n in (1, 2, 3)]
    shown = page(house, Account)
    house.hands.until(lambda: len(shown.devices.lines) == 4, "the devices")
    assert [line.tag for line in shown.devices.lines] == ["This one", "", "", ""]
    assert [line.title for line in shown.devices.lines[1:]] == ["Phone 1", "Phone 2", "Phone 3"]
    press(house, shown.devices.lines[1].controls[0])
    house.hands.until(lambda: [line.title for line in shown.devices.lines[1:]] == ["Phone 2", "Phone 3"], "its end")
    assert others[0].hear("goodbye")
    button = shown._devices_head._control
    assert button is not None and getattr(button, "text", "") == "Sign out of the other 2"
    press(house, button)
    house.hands.until(lambda: len(shown.devices.lines) == 1, "their end")
    assert others[1].hear("goodbye") and others[2].hear("goodbye")
    assert shown._devices_head._control is None
    for other in others:
        other.close()


def set_password(house: House) -> None:
    """Without the form."""
    done: list[bool] = []
    house.signed_in._deeds.set_password(PASSWORD, None, lambda: done.append(True), lambda why: pytest.fail(why))
    house.hands.until(lambda: done, "the password")


@pytest.mark.desktop
def test_receipts_are_told_until_they_are_switched_off(house: House) -> None:
    seq = house.bob.do("post", "@alice", text="one")
    house.hands.until(lambda: "@alice,bob" in house.chat.model.conversations, "the first")
    house.chat.open("@alice,bob")
    assert house.bob.hear("read")["seq"] == seq
    shown = page(house, Account)
    house.hands.click(shown.receipts)
    house.hands.until(lambda: not house.chat.model.receipts, "the answer")
    house.hands.keys("Escape")
    set_password(house)
    phone = Friend(house.server.port, "alice", password=PASSWORD)
    seq = house.bob.do("post", "@alice", text="two")
    house.hands.until(lambda: house.texts[-1] == "two", "the second")
    assert phone.hear("read")["seq"] == seq, "my own devices know"
    phone.close()
    house.bob.tell("ping")
    assert '"type":"read"' not in heard_until_pong(house.bob)


def heard_until_pong(friend: Friend) -> str:
    """What a friend heard up to the answer of their ping."""
    heard = ""
    for line in friend._file:
        heard += line.decode()
        if '"pong"' in heard:
            return heard
    raise AssertionError("the server hung up")


@pytest.mark.desktop
def test_away_by_itself_is_switched_off_and_remembered(house: House) -> None:
    shown = page(house, Account)
    assert house.signed_in.oneself.idle.due is not None
    house.hands.click(shown.auto_away)
    assert house.signed_in.oneself.idle.due is None
    assert not Keep(house.keep.folder).auto_away
    house.hands.click(shown.auto_away)
    house.hands.click(shown.minutes)
    house.hands.keys("Up", "Return")
    assert Keep(house.keep.folder).idle_minutes == 60


@pytest.mark.desktop
def test_without_a_connection_a_switch_goes_back_and_says_why(house: House) -> None:
    house.server.kill()
    house.hands.until(house.chat.banner.winfo_manager, "the banner")
    shown = page(house, Account)
    settings(house).head.complain("")
    house.hands.click(shown.receipts)
    house.hands.until(lambda: settings(house).head.complaint, "the sentence")
    assert shown.receipts.on and house.chat.model.receipts


# --- servers ----------------------------------------------------------------------------------------------------


@pytest.mark.desktop
def test_a_server_is_forgotten(house: House) -> None:
    shown = page(house, Servers)
    here, school = shown.servers.lines
    assert (here.words, here.mark, here.controls) == ("Connected", "online", [])
    assert (school.title, school.words, school.mark) == ("School", "Not connected", "offline")
    house.hands.click(school.controls[0])
    house.hands.until(lambda: len(shown.servers.lines) == 1, "the list")
    assert [recent.label for recent in Keep(house.keep.folder).recent] == ["Parley"]


@pytest.mark.desktop
def test_another_server_leads_to_the_sign_in(house: House) -> None:
    shown = page(house, Servers)
    house.hands.click(shown.servers.lines[1].controls[1])
    house.hands.until(lambda: house.app.signin, "the sign-in")
    assert house.app.signed_in is None and house.app.chat is None
    assert house.app.signin is not None and house.app.signin.server.text == "192.0.2.20"


# --- words --------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"here": True, "current": True, "address": "127.0.0.1"}, "Here now"),
        ({"here": True, "address": "192.0.2.14"}, "Here now, from 192.0.2.14"),
        ({"seen": "2026-11-20T08:01:02.000000Z"}, "Today at 08:01"),
        ({"seen": "2026-11-19T18:04:00.000000Z", "address": "192.0.2.14"}, "Yesterday at 18:04, from 192.0.2.14"),
        ({"seen": "2026-11-12T18:04:00.000000Z", "address": "192.0.2.31"}, "12 November, from 192.0.2.31"),
        ({"created": "2025-11-12T18:04:00.000000Z"}, "12 November 2025"),
        ({}, "Not here"),
    ],
)
def test_when_a_device_was_here(fields: dict[str, object], said: str) -> None:
    assert last_here(SessionInfo(session="x", **fields), NOW) == said


def test_a_device_by_what_it_says_of_itself() -> None:
    assert device("parley") == ("Parley", "monitor")
    assert device("Firefox on Windows") == ("Firefox on Windows", "globe")
    assert device(" ") == ("A device", "monitor")
