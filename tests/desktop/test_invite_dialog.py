"""The invitation: its link and its code, its terms, copying and turning off; then with a real server and a guest."""

import tkinter as tk
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import customtkinter as ctk
import pytest
import segno

from chatclient.address import parse
from chatclient.days import wire_time
from chatclient.desktop import qr
from chatclient.desktop.app import App, Options
from chatclient.desktop.art import Art
from chatclient.desktop.dialogs import InvitePeople
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.invite_link import DAYS, USES, Clock, InviteLink, used
from chatclient.desktop.look import Look
from chatclient.desktop.popover import Menu, Overlay
from chatclient.desktop.theme import LIGHT
from chatclient.keep import Keep
from shared.protocol import InvitationInfo
from tests.desktop.hands import Hands
from tests.desktop.house import Friend, House
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop

NOW = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)


def invitation(
    code: str = "7Q2M-K4XD", *, days: float = 7, uses: int = 5, used_by: tuple[str, ...] = ()
) -> InvitationInfo:
    link = f"chat://harbour.example:12345/garden?invite={code}"
    expires = wire_time(NOW + timedelta(days=days)) if days else ""
    return InvitationInfo(code=code, link=link, room="garden", uses=uses, used_by=list(used_by), expires=expires)


class Server:
    """Answers at once, in the dialog's place of the wire; `silent` holds the answers back."""

    def __init__(self, *standing: InvitationInfo) -> None:
        self.standing = list(standing)
        self.made: list[tuple[str, int, int]] = []
        self.revoked: list[str] = []
        self.refusal = ""
        self.silent = False
        self.held: list[Callable[[], object]] = []

    def invitations(self, done: Callable[[list[InvitationInfo]], object], failed: Callable[[str], object]) -> None:
        done(self.standing)

    def make_invitation(
        self,
        room: str,
        uses: int,
        days: int,
        done: Callable[[InvitationInfo], object],
        failed: Callable[[str], object],
    ) -> None:
        self.made.append((room, uses, days))
        if self.refusal:
            failed(self.refusal)
            return
        info = invitation(f"MADE-{len(self.made):04}", days=days, uses=uses)
        if self.silent:
            self.held.append(lambda: done(info))
        else:
            done(info)

    def revoke(self, code: str, done: Callable[[], object], failed: Callable[[str], object]) -> None:
        self.revoked.append(code)
        done()


class Stage:
    """The dialog over an empty window."""

    def __init__(self, root: tk.Tk) -> None:
        self.overlay = Overlay(root, lambda _x, _y: "conv")
        self.look = Look(LIGHT, Fonts(root), Art(root))
        self.root = root
        self.hands = Hands(root)

    def open(self, server: Server) -> InviteLink:
        clock = Clock(NOW.timestamp, UTC)
        dialog = InviteLink(self.overlay, self.look, "garden", "garden", server, clock)
        self.overlay.show(dialog)
        dialog.begin()
        self.hands.settle()
        return dialog


@pytest.fixture
def stage(root: tk.Tk) -> Iterator[Stage]:
    root.geometry("1100x720+0+0")
    root.update()
    made = Stage(root)
    yield made
    made.overlay.close()


# --- the code -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [124, 200])
def test_the_code_is_black_on_white_and_says_the_link(root: tk.Tk, size: int) -> None:
    link = invitation().link
    picture = qr.picture(link, size).convert("L")
    rows = [bytes(row) for row in segno.make(link, micro=False, error="l").matrix]
    unit = picture.width // len(rows)
    assert picture.size == (unit * len(rows),) * 2 and size - picture.width < len(rows), "whole pixels, as many as fit"
    seen = [
        bytes(picture.getpixel((x * unit + unit // 2, y * unit + unit // 2)) == 0 for x in range(len(rows)))
        for y in range(len(rows))
    ]
    assert seen == rows
    assert {colour for _, colour in picture.getcolors() or []} == {0, 255}


def test_a_text_that_is_too_long_for_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        qr.picture("x" * 2_000, 124)


# --- the dialog ---------------------------------------------------------------------------------------------------


def test_it_finds_the_invitation_that_still_works(stage: Stage) -> None:
    over = invitation("OVER-0001", days=-1)
    full = invitation("FULL-0001", uses=1, used_by=("dave",))
    other = InvitationInfo(code="ELSE-0001", link="chat://harbour.example/kitchen?invite=ELSE-0001", room="kitchen")
    server = Server(other, over, invitation("GOOD-0001", days=3, used_by=("frank", "grace")), full)
    dialog = stage.open(server)
    assert server.made == []
    assert dialog.invitation is not None and dialog.invitation.code == "GOOD-0001"
    assert dialog.link.entry.get() == dialog.invitation.link
    assert (DAYS[dialog.days.chosen or 0][1], USES[dialog.uses.chosen or 0][1]) == ("7 days", "5 times")
    assert used(dialog.invitation) == "Used by 2 of 5: frank, grace"
    assert dialog.until.text == "This link works until Monday, 23 November, 09:40."


def test_it_makes_one_where_there_is_none(stage: Stage) -> None:
    server = Server()
    dialog = stage.open(server)
    assert server.made == [("garden", 5, 7)]
    assert dialog.until.text == "This link works until Friday, 27 November, 09:40."
    assert dialog.off.enabled and dialog.again.enabled and dialog.link.button.enabled


def test_other_terms_make_another_and_drop_the_one_that_nobody_has(stage: Stage) -> None:
    server = Server()
    dialog = stage.open(server)
    width = dialog.uses.winfo_width()
    stage.hands.click(dialog.uses, width - 20)
    assert server.made[-1] == ("garden", 0, 7) and server.revoked == ["MADE-0001"]
    dialog.days.focus_set()
    stage.hands.keys("Right", "Right")
    assert server.made[-1] == ("garden", 0, 0)
    assert dialog.until.text == "This link works until you turn it off."
    assert server.revoked == ["MADE-0001", "MADE-0002", "MADE-0003"]


def test_one_that_was_copied_or_used_stays(stage: Stage) -> None:
    server = Server(invitation(used_by=("frank",)))
    dialog = stage.open(server)
    stage.hands.click(dialog.again)
    assert server.made == [("garden", 5, 7)] and server.revoked == []
    stage.hands.click(dialog.link.button)
    stage.hands.click(dialog.again)
    assert len(server.made) == 2 and server.revoked == []


def test_an_answer_that_is_too_late_is_dropped(stage: Stage) -> None:
    server = Server()
    server.silent = True
    dialog = stage.open(server)
    dialog.days.choose(0)
    first, second = server.held
    second()
    assert dialog.invitation is not None and dialog.invitation.code == "MADE-0002"
    first()
    assert dialog.invitation.code == "MADE-0002" and server.revoked == ["MADE-0001"]
    dialog.days.choose(1)
    stage.overlay.close()
    server.held[-1]()  # nobody is there to show it to


def test_copied_for_two_seconds(stage: Stage) -> None:
    dialog = stage.open(Server())
    stage.hands.click(dialog.link.button)
    assert dialog.link.button.text == "Copied"
    assert stage.root.clipboard_get() == dialog.link.entry.get()
    stage.hands.until(lambda: dialog.link.button.text == "Copy", "the old word", 4)


def test_the_link_is_copied_by_hand_and_cannot_be_changed(stage: Stage) -> None:
    dialog = stage.open(Server())
    link = dialog.link.entry.get()
    stage.root.clipboard_clear()
    stage.hands.keys("Tab")
    stage.hands.type("x")
    stage.hands.keys("ctrl+c")
    assert stage.root.clipboard_get() == dialog.link.entry.get() == link


def test_turned_off_it_is_gone_until_another_is_made(stage: Stage) -> None:
    server = Server()
    dialog = stage.open(server)
    stage.hands.click(dialog.off)
    assert server.revoked == ["MADE-0001"] and dialog.link.entry.get() == ""
    assert not dialog.off.enabled and not dialog.link.button.enabled and dialog.again.enabled
    stage.hands.click(dialog.again)
    assert dialog.invitation is not None and dialog.invitation.code == "MADE-0002"
    assert server.revoked == ["MADE-0001"]


def test_who_may_not_is_told(stage: Stage) -> None:
    server = Server()
    server.refusal = "Only an owner makes invitations here."
    dialog = stage.open(server)
    assert dialog.invitation is None and not dialog.link.button.enabled
    assert server.refusal in dialog.said._texts


@pytest.mark.parametrize(
    ("uses", "used_by", "said"),
    [
        (5, (), "Nobody used it yet"),
        (1, ("frank",), "Used by 1 of 1: frank"),
        (0, ("frank", "grace"), "Used by 2: frank, grace"),
    ],
)
def test_who_came_by_it(uses: int, used_by: tuple[str, ...], said: str) -> None:
    assert used(invitation(uses=uses, used_by=used_by)) == said


# --- with a server ------------------------------------------------------------------------------------------------


@pytest.fixture
def house(root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    root.geometry("1100x720+0+0")
    friend = Friend(server.port, "bob")
    keep = Keep(tmp_path / "home")
    app = App(root, keep, Options(server=parse(f"127.0.0.1:{server.port}"), user="alice"))
    try:
        yield House(app, server, friend, keep)
    finally:
        app._bridge.close()
        friend.close()


def test_a_guest_comes_by_the_link_into_the_room(house: House) -> None:
    house.make("garden")
    house.chat.open("garden")
    house.hands.click(house.chat.header._menu)
    menu = house.app.overlay.current
    assert isinstance(menu, Menu)
    house.hands.keys("Return")
    dialog = house.app.overlay.current
    assert isinstance(dialog, InviteLink)
    house.hands.until(lambda: dialog.invitation, "the invitation")
    place = parse(dialog.link.entry.get())
    assert (place.port, place.room) == (house.server.port, "garden") and place.invite
    guest = Friend(place.port, "frank", invite=place.invite)
    try:
        guest.do("post", "garden", text="hello, I was invited")
        house.hands.until(lambda: house.texts == ["hello, I was invited"], "the guest's words")
        house.hands.until(lambda: dialog.said._texts[2] == "Used by 1 of 5: frank", "the guest on the invitation")
    finally:
        guest.close()
    house.app.overlay.close()
    assert house.chat.current is not None
    house.chat.offers.invite(house.chat.current)
    again = house.app.overlay.current
    assert isinstance(again, InviteLink)
    house.hands.until(lambda: again.invitation, "the same invitation")
    assert again.invitation is not None
    assert (again.invitation.code, again.invitation.used_by) == (place.invite, ["frank"])
    house.hands.click(again.off)
    house.hands.until(lambda: again.invitation is None, "the end of the link")


def test_somebody_is_still_added_by_name(house: House) -> None:
    house.make("garden")
    carol = Friend(house.server.port, "carol")
    try:
        house.chat.open("garden")
        house.hands.click(house.chat.header._menu)
        house.hands.keys("Down", "Return")
        assert isinstance(house.app.overlay.current, InvitePeople)
        house.hands.type("carol")
        house.hands.keys("Return", "Return")
        house.hands.until(lambda: house.chat.model.conversations["garden"].members == 3, "the third member")
    finally:
        carol.close()
