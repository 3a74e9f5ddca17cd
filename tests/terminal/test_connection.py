"""The server dies under somebody at a terminal, and what was typed meanwhile goes out once; and the client dies."""

import os
import signal
import subprocess

import pytest

from tests.processes import ServerProcess
from tests.terminal.conftest import Open, PeerAs
from tests.terminal.tmux import Terminal, Tmux

pytestmark = [pytest.mark.terminal, pytest.mark.slow]


def texts(server: ServerProcess) -> list[str]:
    """What was said, by the file."""
    lines = server.history.read_text("utf-8").splitlines()
    return [line.split("text=")[1].split("\t")[0] for line in lines if "\tmessage\t" in line]


async def test_what_is_typed_while_the_server_is_dead_goes_out_once(
    open_as: Open, harbour: ServerProcess, peer_as: PeerAs
) -> None:
    alice = open_as("alice")
    bob = open_as("bob", width=120, height=40)
    for terminal in (alice, bob):
        terminal.until("# lobby  2 members")
    alice.enter("before")
    bob.until("  before")
    harbour.kill()
    alice.until("○ No connection.", "Trying again in")
    alice.enter("meanwhile one", "/me waits", "meanwhile two")
    screen = alice.until("meanwhile two (waiting)", "○ No connection. 3 waiting.")
    assert "meanwhile one (waiting)" in screen
    bob.enter("bob was here too")
    bob.until("bob was here too (waiting)")
    harbour.start()
    for terminal in (alice, bob):
        terminal.enter("/retry")
        screen = terminal.until("F1 help", "meanwhile two", "bob was here too", "* alice waits")
        terminal.gone("(waiting)")
    bob.enter("after")
    alice.until("  after")
    assert sorted(texts(harbour)) == sorted(
        ["before", "meanwhile one", "/me waits", "meanwhile two", "bob was here too", "after"]
    )
    for terminal in (alice, bob):
        shown = terminal.screen
        assert all(shown.count(text) == 1 for text in ("meanwhile one", "meanwhile two", "bob was here too"))
        assert terminal.complaints == ""


async def test_what_was_not_sent_outlives_the_client(open_as: Open, harbour: ServerProcess) -> None:
    alice = open_as("alice")
    alice.until("# lobby", "F1 help")
    harbour.kill()
    alice.until("Trying again in")
    alice.enter("written in vain?")
    alice.until("written in vain? (waiting)")
    os.kill(client_pid(alice), signal.SIGKILL)
    alice.until("ended with 137")
    harbour.start()
    again = open_as("alice")
    again.until("▏ written in vain?")
    again.gone("(waiting)")
    again.gone("(sending)")
    assert texts(harbour) == ["written in vain?"]


def client_pid(terminal: Terminal) -> int:
    """The process in this terminal, below its shell."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(terminal.pid)], capture_output=True, text=True, check=True
    )
    return int(listed.stdout.split()[0])


async def test_a_signal_leaves_the_terminal_as_it_was(open_as: Open) -> None:
    alice = open_as("alice")
    alice.until("# lobby", "F1 help")
    os.kill(client_pid(alice), signal.SIGTERM)
    assert alice.ends() == 0
    assert "F1 help" not in alice.screen, "the screen of before is back"
    assert alice.modes == "0 0", "neither the other screen nor the mouse is left on"


async def test_who_is_signed_out_is_told_so(open_as: Open, tmux: Tmux, peer_as: PeerAs) -> None:
    first = await peer_as("alice", password="correct horse battery")
    home = open_as("alice")
    home.until("Password of alice:")
    home.enter("correct horse battery")
    home.until("# lobby", "F1 help")
    listed = await first.ask(type="sessions")
    other = next(each["session"] for each in listed["sessions"] if not each.get("current"))
    await first.ask(type="sign_out", session=other)
    assert home.ends() == 1
    assert home.complaints.strip().endswith(".") and "Traceback" not in home.complaints
