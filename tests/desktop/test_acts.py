"""What alice does with messages at her window, by mouse and by keys alone, and what bob hears of it."""

import pytest

from chatclient.desktop.recordline import RecordLine
from tests.desktop.house import House
from tests.desktop.messages import Messages

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("garden")]


# --- the bar and the menu -------------------------------------------------------------------------------------


def test_the_bar_stands_over_the_message_and_goes_with_the_pointer(house: House, messages: Messages) -> None:
    messages.sent("The plums are ripe, all of them, on every single tree")
    bar = house.chat.talk.acts.bar
    assert not bar.winfo_ismapped()
    messages.point("The plums")
    house.hands.until(bar.winfo_ismapped, "the bar")
    x, y, width, _ = messages.box("The plums")
    assert (bar.winfo_y(), bar.winfo_height()) == (y - 26, 36)
    assert bar.winfo_x() + bar.winfo_width() == x + width - 4
    house.hands.point(bar)
    assert bar.winfo_ismapped(), "it stays under the pointer"
    house.hands.point(house.chat.view, 40, 200)
    house.hands.until(lambda: not bar.winfo_ismapped(), "its end")


def test_the_bar_goes_when_the_conversation_scrolls(house: House, messages: Messages) -> None:
    for number in range(30):
        house.bob.do("post", "garden", text=f"line {number}")
    messages.row("line 29")
    house.hands.settle()
    messages.point("line 27")
    bar = house.chat.talk.acts.bar
    house.hands.until(bar.winfo_ismapped, "the bar")
    top = house.chat.view.top
    house.hands.click(bar, button=4)
    house.hands.until(lambda: not bar.winfo_ismapped(), "its end")
    assert house.chat.view.top < top, "the wheel on the bar scrolls what is under it"


def test_the_bar_follows_a_message_that_moved(house: House, messages: Messages) -> None:
    messages.sent("mine")
    messages.point("mine")
    bar = house.chat.talk.acts.bar
    house.hands.until(bar.winfo_ismapped, "the bar")
    before = bar.winfo_y()
    house.bob.do("post", "garden", text="under it")
    messages.row("under it")
    house.hands.settle()
    messages.point("mine")
    house.hands.until(bar.winfo_ismapped, "the bar again")
    assert bar.winfo_y() == messages.box("mine")[1] - 26 != before


def test_a_notice_and_a_tombstone_have_neither_bar_nor_menu(house: House, messages: Messages) -> None:
    seq = house.bob.do("post", "garden", text="oops")
    messages.row("oops")
    house.bob.do("delete", "garden", of=seq)
    house.hands.until(lambda: messages.rows[-1].kind == "tombstone", "the tombstone")
    tombstone = next(live for live in house.chat.view.live if live.row.kind == "tombstone")
    house.hands.point(house.chat.view, 200, tombstone.bottom - house.chat.view.top - 12)
    assert not house.chat.talk.acts.bar.winfo_ismapped()
    house.chat.talk.acts.menu(tombstone.row, 300, 300)
    assert house.app.overlay.current is None


def test_the_menu_offers_what_is_permitted_and_no_more(house: House, messages: Messages) -> None:
    house.bob.do("post", "garden", text="hers is another")
    messages.right_click("hers is another")
    others = ["Reply", "React", "Copy text", "Copy link", "Unread from here", "Show the record line"]
    assert messages.offered == others
    house.hands.keys("Escape")
    messages.sent("mine")
    messages.right_click("mine")
    assert messages.offered == [
        "Reply",
        "React",
        "Edit",
        "Copy text",
        "Copy link",
        "Show the record line",
        "Delete",
    ]


def test_the_bar_stays_while_its_menu_is_open(house: House, messages: Messages) -> None:
    messages.sent("mine")
    messages.point("mine")
    messages.press_bar("more")
    bar = house.chat.talk.acts.bar
    assert bar.winfo_ismapped() and messages.offered[0] == "Reply"
    assert messages.menu.winfo_y() + messages.menu.winfo_height() <= bar.winfo_rooty() - house.app.root.winfo_rooty()
    house.hands.keys("Escape")
    house.hands.until(lambda: not bar.winfo_ismapped(), "the end of both")


# --- reactions ------------------------------------------------------------------------------------------------


def test_a_reaction_from_the_bar_and_a_click_on_its_pill(house: House, messages: Messages) -> None:
    seq = house.bob.do("post", "garden", text="Who waters the beans?")
    messages.point("Who waters")
    messages.press_bar("❤️")
    heard = messages.heard("reacted")
    assert (heard["of"], heard["emoji"], heard["user"]) == (seq, "❤️", "alice")
    house.hands.until(lambda: messages.row("Who waters").reactions, "the pill")
    assert [(r.emoji, r.count, r.mine) for r in messages.row("Who waters").reactions] == [("❤️", 1, True)]
    assert house.keep.reactions[0] == "❤️"
    messages.click("Who waters", "react:❤️")
    assert messages.heard("reacted")["removed"] is True
    house.hands.until(lambda: not messages.row("Who waters").reactions, "the end of the pill")
    house.bob.do("react", "garden", of=seq, emoji="🚀")
    house.hands.until(lambda: messages.row("Who waters").reactions, "bob's")
    messages.click("Who waters", "react:🚀")
    house.hands.until(lambda: messages.row("Who waters").reactions[0].count == 2, "mine beside it")


# --- answers --------------------------------------------------------------------------------------------------


def test_an_answer_by_the_bar(house: House, messages: Messages) -> None:
    seq = house.bob.do("post", "garden", text="Who waters the beans?")
    messages.point("Who waters")
    before = house.chat.composer.winfo_height()
    messages.press_bar("reply")
    house.hands.until(lambda: house.chat.composer.winfo_height() == before + 56, "the strip")
    assert house.app.root.focus_get() is house.chat.composer.text
    house.hands.type("I do")
    house.hands.keys("Return")
    heard = messages.heard("message")
    assert (heard["text"], heard["reply_to"]) == ("I do", seq)
    house.hands.until(lambda: house.chat.composer.winfo_height() == before, "the end of the strip")
    quote = messages.row("I do").reply
    assert quote is not None and (quote.user, quote.text) == ("bob", "Who waters the beans?")


def test_esc_leaves_an_answer_and_keeps_its_text(house: House, messages: Messages) -> None:
    house.bob.do("post", "garden", text="Who waters the beans?")
    messages.right_click("Who waters")
    house.hands.keys("r")
    assert house.chat.composer.draft.about is not None
    house.hands.type("perhaps")
    house.hands.keys("Escape")
    assert house.chat.composer.draft.about is None and house.chat.composer.content == "perhaps"
    house.hands.keys("Return")
    assert "reply_to" not in messages.heard("message")


def test_what_is_answered_may_be_deleted_meanwhile(house: House, messages: Messages) -> None:
    seq = house.bob.do("post", "garden", text="Who waters the beans?")
    messages.right_click("Who waters")
    house.hands.keys("r")
    house.hands.type("I do")
    house.bob.do("delete", "garden", of=seq)
    house.hands.until(lambda: house.chat.composer.draft.about is None, "the end of the strip")
    assert house.chat.composer.content == "I do"
    assert house.chat.composer.complaint == "The message that you answered was deleted."


# --- everything by the keyboard -------------------------------------------------------------------------------


def test_the_keyboard_alone_reaches_every_act(house: House, messages: Messages) -> None:
    seq = house.bob.do("post", "garden", text="first of bob")
    messages.sent("mine")
    house.hands.keys("shift+Tab", "shift+Tab")
    assert house.app.root.focus_get() is house.chat.view
    house.hands.keys("Up", "Menu")
    assert "Edit" not in messages.offered and "Reply" in messages.offered
    house.hands.keys("Return")
    house.hands.type("by keys")
    house.hands.keys("Return")
    assert messages.heard("message")["text"] == "mine"
    assert messages.heard("message")["reply_to"] == seq


# --- taking ---------------------------------------------------------------------------------------------------


def test_the_record_line_is_the_line_of_the_file(house: House, messages: Messages) -> None:
    row = messages.sent("Bring 3 buckets")
    messages.right_click("Bring")
    messages.choose("Show the record line")
    dialog = house.app.overlay.current
    assert isinstance(dialog, RecordLine)
    house.hands.until(lambda: dialog.line, "the line")
    lines = house.server.history.read_text("utf-8").splitlines()
    assert dialog.line == next(line for line in lines if line.startswith(f"{row.seq}\t"))
    house.hands.keys("Return")
    assert house.app.root.clipboard_get() == dialog.line
    assert dialog.button.text == "Copied"


def test_without_a_connection_the_record_line_says_why(house: House, messages: Messages) -> None:
    messages.sent("Bring 3 buckets")
    house.server.stop()
    house.hands.until(lambda: house.chat.model.link.state == "offline", "the end of the connection", 20)
    house.chat.talk.acts.show_record(messages.row("Bring"))
    dialog = house.app.overlay.current
    assert isinstance(dialog, RecordLine)
    house.hands.settle()
    assert dialog.line == "" and not dialog.button.enabled


def test_text_and_link_are_copied_and_the_link_leads_back(house: House, messages: Messages) -> None:
    row = messages.sent("*Bring* buckets")
    messages.right_click("*Bring*")
    house.hands.keys("ctrl+c")
    assert house.app.root.clipboard_get() == "*Bring* buckets"
    messages.right_click("*Bring*")
    messages.choose("Copy link")
    link = house.app.root.clipboard_get()
    assert link == f"chat://127.0.0.1:{house.server.port}/garden?message={row.seq}"
    house.chat.open("lobby")
    house.bob.do("post", "lobby", text=f"Look: {link}")
    messages.row("Look:")
    house.hands.settle()
    messages.click("Look:", link)
    house.here("garden")


def test_unread_from_here(house: House, messages: Messages) -> None:
    for text in ("one", "two", "three"):
        house.bob.do("post", "garden", text=text)
    messages.row("three")
    messages.right_click("two")
    house.hands.keys("u")
    house.hands.until(lambda: messages.row("two").unread, "the line")


# --- who may not speak ----------------------------------------------------------------------------------------


def test_the_box_is_closed_for_who_is_muted_and_opens_again(house: House, messages: Messages) -> None:
    house.hands.type("half a thought")
    house.bob.do("mute", "garden", user="alice", minutes=5)
    composer = house.chat.composer
    house.hands.until(lambda: composer.closed, "the closed box")
    assert composer._hint.cget("text").startswith("You can write again ")
    house.hands.type("more")
    house.hands.keys("Return")
    assert composer.content == "half a thought"
    house.bob.do("mute", "garden", user="alice", minutes=0)
    house.hands.until(lambda: not composer.closed, "the open box")
    composer.focus_in()
    house.hands.keys("Return")
    assert messages.heard("message")["text"] == "half a thought"
