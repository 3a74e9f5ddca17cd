"""The members' panel and the card of one of them, with a real server and other people on it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import customtkinter as ctk
import pytest

from chatclient.address import parse
from chatclient.desktop.app import App, Options
from chatclient.desktop.card import Card
from chatclient.desktop.dialogs import Confirm
from chatclient.desktop.members import BannedLine, MemberLine, MembersPanel
from chatclient.desktop.rows import Label
from chatclient.keep import Keep
from shared.protocol import Role
from tests.desktop.house import Friend, House
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


class Garden(House):
    """bob's room with alice and carol in it, alice's window on it, and the panel open."""

    def __init__(self, app: App, server: ServerProcess, bob: Friend, carol: Friend, keep: Keep) -> None:
        super().__init__(app, server, bob, keep)
        self.carol = carol
        self.make("garden")
        bob.do("invite", "garden", user="carol")
        self.chat.open("garden")
        self.hands.until(self.chat.header._members.winfo_ismapped, "the count")
        self.hands.click(self.chat.header._members)
        self.sees("Online, 3", "alice", "bob", "carol")

    @property
    def panel(self) -> MembersPanel:
        return self.chat.beside.panel

    @property
    def lines(self) -> list[str]:
        """Labels and names in the panel, from the top down."""
        found = []
        for line in self.panel.rows.lines:
            match line:
                case Label(text=text):
                    found.append(text)
                case BannedLine(user=user):
                    found.append(user)
                case MemberLine(entry=entry):
                    found.append(entry.user)
        return found

    def sees(self, *lines: str) -> None:
        self.hands.until(lambda: self.lines == list(lines), f"{lines}, instead of {self.lines}")

    def entry(self, user: str) -> MemberLine:
        found = next(line for line in self.panel.rows.lines if isinstance(line, MemberLine) and line.entry.user == user)
        assert isinstance(found, MemberLine)
        return found

    def promote(self, role: Role = "moderator") -> None:
        """bob gives alice a role in the room, and her window knows."""
        self.bob.do("role", "garden", user="alice", role=role)
        self.hands.until(lambda: self.entry("alice").entry.role == role, "the role")

    def card(self, user: str) -> Card:
        """Click on somebody in the panel."""
        row = self.lines.index(user)
        top = sum(line.height for line in self.panel.rows.lines[:row])
        self.hands.click(self.panel.rows, 100, top + 22)
        card = self.app.overlay.current
        assert isinstance(card, Card) and card.subject.user == user
        return card

    def press(self, card: Card, step: int) -> None:
        """Click on a line at the foot of the card."""
        self.hands.click(card.rows, 100, 32 * step + 16)

    def confirm(self, *, question: str, yes: bool = True) -> None:
        dialog = self.app.overlay.current
        assert isinstance(dialog, Confirm)
        assert question in [getattr(child, "_title", "") for child in dialog.body.winfo_children()]
        self.hands.keys(*(("Return",) if yes else ("Escape",)))
        assert self.app.overlay.current is None


@pytest.fixture
def garden(root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garden]:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    root.geometry("1100x720+0+0")
    bob, carol = Friend(server.port, "bob"), Friend(server.port, "carol")
    keep = Keep(tmp_path / "home")
    app = App(root, keep, Options(server=parse(f"127.0.0.1:{server.port}"), user="alice"))
    try:
        yield Garden(app, server, bob, carol, keep)
    finally:
        app._bridge.close()
        bob.close()
        carol.close()


# --- the panel ----------------------------------------------------------------------------------------------------


def test_who_is_how_is_told_as_it_changes(garden: Garden) -> None:
    garden.bob.ask({"type": "status", "state": "busy", "note": "on the phone"}, "ok")
    garden.carol.ask({"type": "status", "state": "away", "note": "Lunch"}, "ok")
    garden.sees("Online, 2", "alice", "bob", "Away, 1", "carol")
    assert [garden.entry(user).entry.note for user in ("alice", "bob", "carol")] == [
        "You",
        "Busy: on the phone",
        "Lunch",
    ]
    garden.carol.close()
    garden.sees("Online, 2", "alice", "bob", "Offline, 1", "carol")


def test_who_comes_and_goes_is_told(garden: Garden) -> None:
    garden.carol.do("leave", "garden")
    garden.sees("Online, 2", "alice", "bob")
    garden.bob.do("invite", "garden", user="carol")
    garden.sees("Online, 3", "alice", "bob", "carol")


def test_the_list_is_narrowed_by_typing(garden: Garden) -> None:
    garden.hands.click(garden.panel.filter)
    garden.hands.type("CAR")
    garden.sees("Online, 1", "carol")
    garden.hands.type("x")
    assert garden.lines == []
    garden.hands.keys("BackSpace", "Down", "Return")
    card = garden.app.overlay.current
    assert isinstance(card, Card) and card.subject.user == "carol"


def test_without_a_server_nobody_is_known_to_be_here(garden: Garden) -> None:
    garden.server.kill()
    garden.sees("Members, 3", "alice", "bob", "carol")
    assert {garden.entry(user).entry.state for user in ("alice", "bob", "carol")} == {""}
    garden.server.start()
    garden.chat._deeds.retry_now()
    garden.sees("Online, 1", "alice", "Offline, 2", "bob", "carol")


def test_it_goes_along_to_other_rooms_and_rests_in_direct_conversations(garden: Garden) -> None:
    garden.make("kitchen")
    garden.chat.open("kitchen")
    garden.sees("Online, 2", "alice", "bob")
    garden.chat.message("bob")
    garden.hands.until(lambda: not garden.panel.winfo_ismapped(), "the end of the panel")
    garden.chat.open("garden")
    garden.sees("Online, 3", "alice", "bob", "carol")
    assert garden.panel.winfo_ismapped()
    garden.hands.click(garden.panel.filter)
    garden.hands.type("bo")
    garden.hands.click(garden.chat.header._members)
    garden.hands.until(lambda: not garden.panel.winfo_ismapped(), "the end of the panel")
    garden.hands.type("back to writing")
    assert garden.chat.composer.content == "back to writing"


@pytest.mark.parametrize(("width", "over"), [(1100, False), (900, False), (899, True), (700, True)])
def test_it_takes_from_the_conversation_or_covers_it(garden: Garden, width: int, over: bool) -> None:
    garden.app.root.geometry(f"{width}x720")
    garden.hands.until(lambda: garden.chat.winfo_width() == width, "the width")
    garden.hands.settle()
    left, talk = garden.panel.winfo_x(), garden.chat.talk.pane
    assert left + garden.panel.winfo_width() == width
    if over:
        assert left <= talk.winfo_x() and garden.panel.winfo_width() >= talk.winfo_width()
        garden.hands.keys("Escape")
        assert not garden.panel.winfo_ismapped() and talk.winfo_ismapped()
    else:
        assert garden.panel.winfo_width() == 264
        assert talk.winfo_x() + talk.winfo_width() == left


# --- the card -----------------------------------------------------------------------------------------------------


def test_message_and_mention(garden: Garden) -> None:
    garden.chat.composer.focus_in()
    garden.hands.type("well")
    card = garden.card("carol")
    garden.hands.click(card._mention)
    assert garden.app.overlay.current is None
    garden.hands.type("said")
    assert garden.chat.composer.content == "well @carol said"
    card = garden.card("bob")
    garden.hands.keys("Tab", "Return")
    garden.here("@alice,bob")
    assert card.subject.name == "bob"


def test_it_follows_what_happens_to_the_person(garden: Garden) -> None:
    card = garden.card("carol")
    assert (card.subject.word, card.subject.note, card.subject.me) == ("Online", "", False)
    garden.carol.ask({"type": "status", "state": "away", "note": "Lunch"}, "ok")
    garden.hands.until(lambda: card.subject.note == "Lunch", "the note")
    assert re.fullmatch(r"Away since \d\d:\d\d", card.subject.word)
    assert card.subject.since.startswith("On Parley since ")
    garden.bob.do("kick", "garden", user="carol")
    garden.hands.until(lambda: garden.app.overlay.current is None, "the end of the card")


def test_only_those_with_the_right_are_offered_it(garden: Garden) -> None:
    assert garden.card("carol").subject.steps == ()
    garden.app.overlay.close()
    garden.promote()
    assert garden.card("carol").subject.steps == ("mute", "promote", "kick", "ban")
    garden.app.overlay.close()
    assert garden.card("bob").subject.steps == (), "moderators cannot act on one another"
    garden.app.overlay.close()
    card = garden.card("alice")
    assert card.subject.steps == () and card.subject.me and not card._message.winfo_ismapped()


def test_somebody_is_muted_and_may_speak_again(garden: Garden) -> None:
    garden.promote()
    card = garden.card("carol")
    garden.press(card, 0)
    assert garden.app.overlay.current is card, "it asks for how long"
    garden.press(card, 1)
    garden.hands.until(lambda: garden.entry("carol").entry.note.startswith("Muted until "), "the mute")
    with pytest.raises(AssertionError, match="not_allowed"):
        garden.carol.do("post", "garden", text="may I?")
    card = garden.card("carol")
    assert card.subject.steps[0] == "unmute" and card.subject.muted.startswith("Muted until ")
    garden.press(card, 0)
    garden.hands.until(lambda: garden.entry("carol").entry.note == "", "the end of the mute")
    garden.carol.do("post", "garden", text="thank you")
    garden.hands.until(lambda: garden.texts == ["thank you"], "her words")


def test_who_is_removed_can_come_back(garden: Garden) -> None:
    garden.promote()
    garden.press(garden.card("carol"), 2)
    garden.confirm(question="Remove carol from garden?", yes=False)
    garden.carol.do("post", "garden", text="still here")
    garden.press(garden.card("carol"), 2)
    garden.confirm(question="Remove carol from garden?")
    garden.sees("Online, 2", "alice", "bob")
    garden.carol.do("join", "garden")
    garden.sees("Online, 3", "alice", "bob", "carol")


@pytest.mark.parametrize("by", ["the list", "a command"])
def test_who_is_banned_comes_back_when_that_is_lifted(garden: Garden, by: str) -> None:
    garden.promote()
    garden.press(garden.card("carol"), 3)
    garden.confirm(question="Ban carol from garden?")
    garden.sees("Online, 2", "alice", "bob", "Banned, 1", "carol")
    with pytest.raises(AssertionError, match="not_allowed"):
        garden.carol.do("join", "garden")
    if by == "the list":
        row = garden.lines.index("carol")
        garden.hands.click(garden.panel.rows, 100, sum(line.height for line in garden.panel.rows.lines[:row]) + 22)
        garden.confirm(question="Let carol back into garden?")
    else:
        garden.chat.composer.focus_in()
        garden.hands.type("/unban carol")
        garden.hands.keys("Return")
    rows = garden.chat.model.conversations["garden"].timeline
    garden.hands.until(
        lambda: any("carol" in rows.row(i).text and "ban" in rows.row(i).text for i in range(rows.count)), "the notice"
    )
    garden.hands.until(lambda: _joins(garden.carol), "the way back")
    garden.sees("Online, 3", "alice", "bob", "carol")


def _joins(friend: Friend) -> bool:
    try:
        friend.do("join", "garden")
    except AssertionError:
        return False
    return True


def test_a_moderator_is_made(garden: Garden) -> None:
    garden.promote()
    garden.press(garden.card("carol"), 1)
    garden.confirm(question="Make carol a moderator?")
    garden.hands.until(lambda: garden.entry("carol").entry.role == "moderator", "the role")


def test_an_owner_may_more(
    root: ctk.CTk, start_server: Callable[..., ServerProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    root.geometry("1100x720+0+0")
    server = start_server("--limits", "off")
    code = (server.data / "owner-invitation.txt").read_text().split()[-1]
    bob, carol = Friend(server.port, "bob"), Friend(server.port, "carol")
    link = parse(f"chat://127.0.0.1:{server.port}/?invite={code}")
    keep = Keep(tmp_path / "home")
    app = App(root, keep, Options(server=link, user="alice"))
    try:
        garden = Garden(app, server, bob, carol, keep)
        assert garden.entry("alice").entry.role == "owner"
        card = garden.card("bob")
        assert card.subject.steps == ("mute", "demote", "kick", "ban")
        garden.press(card, 1)
        garden.hands.until(lambda: garden.entry("bob").entry.role == "member", "the role")
        garden.chat.open("lobby")
        garden.sees("Online, 3", "alice", "bob", "carol")
        assert garden.card("carol").subject.steps == ("mute", "promote"), "nobody is sent away from the lobby"
    finally:
        app._bridge.close()
        bob.close()
        carol.close()
