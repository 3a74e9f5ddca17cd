"""People at real terminals: signing in, talking, unread counts, moving about, at 80 × 24 and 120 × 40."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import ServerProcess
from tests.terminal.conftest import Open, PeerAs
from tests.terminal.tmux import Terminal, Tmux

pytestmark = [pytest.mark.terminal, pytest.mark.slow]


def whole(screen: str, width: int, height: int) -> None:
    """Nothing runs over the edge or leaves the foot."""
    lines = screen.rstrip("\n").split("\n")
    assert len(lines) == height, screen
    assert all(len(line) <= width for line in lines)
    assert "F1 help" in lines[-1], screen


def conversation(screen: str) -> list[str]:
    """The middle of the screen, without the rooms."""
    return [line.partition("│")[2].strip() for line in screen.split("\n")]


async def test_a_talk_in_80_by_24_and_120_by_40(open_as: Open) -> None:
    alice = open_as("alice")
    bob = open_as("bob", width=120, height=40)
    for terminal in (alice, bob):
        terminal.until("# lobby  2 members", "Today")
    alice.enter("/create garden All about plants")
    alice.until("# garden", "All about plants")
    bob.enter("/join #garden")
    bob.until("# garden  2 members")
    alice.until("bob joined")
    words = "Has anybody watered the tomatoes? They looked rather dry this morning, and it will be hot."
    alice.enter(words)
    bob.until("alice  ", "They looked rather dry")
    bob.enter("Yes, this *morning*, @alice", "/react :thumbsup:")
    screen = alice.until("bob  ", "Yes, this morning, @alice", "👍 1")
    whole(screen, 80, 24)
    whole(bob.screen, 120, 40)
    said = conversation(screen)
    first = next(at for at, line in enumerate(said) if line.startswith("You  "))
    assert said[first + 1 : first + 3] == [
        "▏ Has anybody watered the tomatoes? They looked rather",
        "▏ dry this morning, and it will be hot.",
    ], "a long message goes over two lines, between words"
    assert said[first + 3] == "▏ 👍 1"
    assert [line for line in said if line.startswith("bob  ")], "others have their names over what they say"
    assert f"{words[:60]}" in bob.screen, "a wide screen takes more of it on a line"
    for terminal in (alice, bob):
        terminal.press("C-q")
        assert terminal.ends() == 0
        assert terminal.complaints == ""


async def test_unread_counts_mentions_and_ways_from_room_to_room(open_as: Open, peer_as: PeerAs) -> None:
    carol = await peer_as("carol")
    await carol.change("create", "garden")
    await carol.change("create", "ops")
    alice = open_as("alice")
    alice.until("# lobby  2 members")
    alice.enter("/join ops", "/join garden")
    alice.until("# garden  2 members")
    alice.press("M-Down")
    alice.until("# lobby  2 members")
    for text in ("one", "two @alice", "three"):
        await carol.change("post", "garden", text=text)
    await carol.change("post", "@alice", text="only you")
    screen = alice.when(lambda s: re.search(r"# garden +@1 3", s) is not None and "carol" in s, "count of garden")
    assert re.search(r"● carol +1", alice.until("People")), screen
    assert re.search(r"# ops +│", screen), "nothing is new in ops"

    alice.press("M-S-Down")
    screen = alice.until("only you", "New messages")
    assert not re.search(r"● carol +1", screen), "what is looked at is read"
    alice.press("M-S-Down")
    screen = alice.until("New messages", "two @alice", "three")
    assert not re.search(r"# garden +@", screen)
    alice.press("C-k")
    alice.until("Jump to")
    alice.type("ops")
    alice.until("> ops")
    alice.press("Enter")
    alice.until("# ops  2 members")
    alice.press("C-q")
    assert alice.ends() == 0

    back = open_as("alice")
    screen = back.until("# garden", "People")
    assert not re.search(r"# garden +@?\d", screen), "the server knows what was read"


async def test_reading_further_back_and_coming_to_the_newest_again(open_as: Open, peer_as: PeerAs) -> None:
    carol = await peer_as("carol")
    for number in range(300):
        await carol.send(type="post", id=f"n{number}", room="lobby", text=f"message number {number}")
    await carol.until(type="ok", id="n299")
    alice = open_as("alice")
    alice.until("message number 299")
    alice.press("C-Home")
    for _ in range(60):
        if "message number 0\n" in re.sub(r" +\n", "\n", alice.screen):
            break
        alice.press("PPage")
        alice.until("More below")
    alice.when(lambda screen: re.search(r"message number 0 *\n", screen) is not None, "first message")
    await carol.change("post", "lobby", text="something new")
    alice.enter("")
    assert not alice.shows("something new"), "who reads further up stays there"
    alice.press("C-End")
    alice.until("something new")
    assert not alice.shows("More below")


async def test_the_screen_follows_the_size_of_the_terminal(open_as: Open) -> None:
    alice = open_as("alice")
    alice.until("# lobby")
    text = "A message that is long enough to stand on two lines of a narrow terminal, and on one of a wide one."
    alice.enter(text)
    alice.until("A message that is long")
    alice.press("F2")
    screen = alice.when(lambda s: " 1 member " in s and "Rooms" not in s, "place for one of both in 80 columns")
    alice.resize(160, 40)
    screen = alice.until(text, "Rooms", "1 member ")
    whole(screen, 160, 40)
    alice.resize(50, 15)
    screen = alice.when(lambda s: "F1 help" in s and "Rooms" not in s, "narrow screen")
    whole(screen, 50, 15)
    alice.press("F1")
    alice.until("Keys and commands", "Enter ")
    alice.press("Escape")
    alice.gone("Keys and commands")
    alice.resize(80, 24)
    alice.press("F2")
    whole(alice.until("Rooms", "A message that is long"), 80, 24)
    alice.resize(20, 5)
    alice.resize(80, 24)
    whole(alice.until("Rooms", "A message that is long", "F1 help"), 80, 24)


async def test_it_works_in_terminals_of_every_kind(open_as: Open) -> None:
    kinds = ("xterm-256color", "screen", "tmux-256color", "vt220")
    opened = {term: open_as(f"user{at}", term=term) for at, term in enumerate(kinds)}
    for term, terminal in opened.items():
        terminal.until("# lobby", "F1 help")
        terminal.enter(f"hello **{term}**")
        terminal.until(f"▏ hello {term}")
        assert "38;2;" not in terminal.colours, "sixteen colours are enough"
        terminal.press("C-q")
        assert terminal.ends() == 0


async def test_signing_in(tmux: Tmux, harbour: ServerProcess, peer_as: PeerAs, tmp_path: Path) -> None:
    await peer_as("bob", password="correct horse battery")
    home = tmp_path / "new"
    new: Terminal = tmux.open(home=home)
    new.until("Server [localhost]:")
    new.enter(f"127.0.0.1:{harbour.port}")
    new.until("Name [")
    new.press("C-u")
    new.enter("bob")
    new.until("Password of bob:")
    new.enter("something else")
    new.until("That password does not open bob")
    new.enter("correct horse battery")
    screen = new.until("# lobby", "F1 help")
    assert "horse" not in screen
    new.press("C-q")
    assert new.ends() == 0
    again = tmux.open(home=home)
    again.until("# lobby", "● bob")
    again.press("C-d")
    assert again.ends() == 0


async def test_an_invitation_opens_the_server_and_its_room(
    tmux: Tmux, start_server: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    server = start_server("--limits", "off", "--access", "invite")
    owner = (server.data / "owner-invitation.txt").read_text("utf-8").strip()
    alice = tmux.open(f"127.0.0.1:{server.port}", "--user", "alice", home=tmp_path / "alice")
    alice.until("needs an invitation", "Invitation:")
    alice.enter(owner)
    alice.until("# lobby", "F1 help")
    alice.enter("/create private garden")
    alice.until("* garden  1 member")
    alice.enter("/invitation")
    link = re.search(r"chat://\S+", alice.until("within 7 days"))
    assert link is not None
    bob = tmux.open(link[0], "--user", "bob", home=tmp_path / "bob")
    bob.until("* garden  2 members")
    alice.enter("welcome")
    bob.until("  welcome")


async def test_who_takes_a_name_of_somebody_else_is_asked_for_another(open_as: Open, peer_as: PeerAs) -> None:
    await peer_as("bob")
    terminal = open_as("bob")
    terminal.until("bob belongs to somebody", "Name:")
    terminal.enter("b ob")
    terminal.until("This one has a space.")
    terminal.enter("bobby")
    terminal.until("# lobby", "● bobby")


async def test_where_no_server_answers_it_ends_with_a_sentence(tmux: Tmux, free_port: int, tmp_path: Path) -> None:
    """Nobody is left waiting before a screen that will not come."""
    nobody = tmux.open(f"127.0.0.1:{free_port}", "--user", "alice", home=tmp_path / "alice")
    assert nobody.ends() == 3
    assert "127.0.0.1" in nobody.complaints and "Traceback" not in nobody.complaints
