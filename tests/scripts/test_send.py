"""`send`: what it posts, that it posts it once, and what the shell hears of it."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from array import array
from pathlib import Path

import pytest

from tests.client.test_exactly_once import Road
from tests.processes import PATIENCE, ROOT, ServerProcess
from tests.scripts.shell import Shell

pytestmark = pytest.mark.process

if sys.platform != "win32":
    import fcntl
    import termios


def texts(shell: Shell, room: str) -> list[str]:
    """What stands in the room."""
    lines = shell.do("export", room, "--format", "json").splitlines()
    return [event["text"] for event in map(json.loads, lines) if event["type"] == "message"]


def test_what_is_piped_in_is_one_message(alice: Shell, bob: Shell) -> None:
    assert alice.do("send", "ops", "--create", say="deploy done\n") == ""
    assert bob.do("send", "ops", say="several\nlines, 上海 😀\n\n") == ""  # it joins by itself
    assert bob.do("send", "#ops", "-", say=b"not \xff UTF-8") == ""
    assert bob.do("send", "ops", "of the command line") == ""
    assert texts(alice, "ops") == ["deploy done", "several\nlines, 上海 😀", "not \ufffd UTF-8", "of the command line"]


def test_to_a_person(alice: Shell, bob: Shell) -> None:
    alice.do("send", "lobby", "here I am")
    bob.do("send", "@alice", "psst")
    assert texts(alice, "@bob") == ["psst"]


def test_verbose_prints_the_number_which_can_be_answered(alice: Shell) -> None:
    seq = alice.do("send", "lobby", "a question", "--verbose").strip()
    alice.do("send", "lobby", "an answer", "--reply", seq)
    last = json.loads(alice.do("tail", "lobby", "--json", "--no-follow", "-n", "1"))
    assert (last["text"], last["reply_to"]) == ("an answer", int(seq))


def test_each_line_a_message(alice: Shell) -> None:
    assert alice.do("send", "lobby", "--lines", "--verbose", say="one\n\ntwo\r\nthree") == "2\n3\n4\n"
    assert texts(alice, "lobby") == ["one", "two", "three"]


def test_lines_go_out_as_they_come(alice: Shell, bob: Shell) -> None:
    bob.do("send", "lobby", "hello")
    with alice.running("send", "lobby", "--lines", "--verbose", say=True) as sending:
        sending.tell("first")
        sending.until("4")
        assert texts(bob, "lobby") == ["hello", "first"]
        code, said = sending.end(signal.SIGINT)  # while it reads on
    assert (code, said) == (130, "")


def test_files(alice: Shell, tmp_path: Path) -> None:
    note, empty = tmp_path / "note.txt", tmp_path / "more.bin"
    note.write_text("some words")
    empty.write_bytes(b"\0" * 300_000)
    alice.do("send", "lobby", "with these", "--file", str(note), "--file", str(empty))
    alice.do("send", "lobby", "--file", str(note))
    first, second = map(json.loads, alice.do("tail", "lobby", "--json", "--no-follow", "-n", "2").splitlines())
    assert [(file["name"], file["size"]) for file in first["files"]] == [("note.txt", 10), ("more.bin", 300_000)]
    assert (second["text"], second["files"]) == ("", first["files"][:1])
    missing = alice.run("send", "lobby", "--file", str(tmp_path / "none"))
    assert missing.returncode == 1 and missing.stderr == f"{tmp_path / 'none'} is no file that can be read.\n"


@pytest.mark.parametrize(
    ("words", "say", "code", "sentence"),
    [
        (("ops", "hello"), "", 1, "There is no room called ops. Give --create to make it.\n"),
        (("@nobody", "hello"), "", 1, "There is nobody called nobody here.\n"),
        (("lobby",), "\n", 1, "The text is empty. Write something first.\n"),
        (("lobby",), "x" * 16_001, 1, "The text has 16,001 characters, the limit is 16,000.\n"),
        (("lobby", "--reply", "4711", "hello"), "", 1, "There is no message 4,711 in lobby.\n"),
        (("lobby", "hello", "--lines"), "", 2, "--lines takes its messages from standard input alone"),
        (("lobby", "hello", "--user", "a b"), "", 2, "A name has 1 to 32 letters"),
        (("lobby", "hello", "--id", "a b"), "", 2, "An id has 1 to 64 letters"),
        ((), "", 2, "the following arguments are required: ROOM"),
    ],
)
def test_what_is_refused(standing_alice: Shell, words: tuple[str, ...], say: str, code: int, sentence: str) -> None:
    done = standing_alice.run("send", *words, say=say)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence.replace("4,711", "4711") in done.stderr.replace("4,711", "4711")
    assert code == 2 or len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("--lines",)])
def test_an_endless_input_is_refused_and_not_read(standing_alice: Shell, words: tuple[str, ...]) -> None:
    done = standing_alice.run("send", "lobby", *words, say="x" * 10_000_000)
    assert done.returncode == 1 and "over 16,000 characters" in done.stderr


def test_what_is_no_text_is_not_posted(standing_alice: Shell) -> None:
    done = standing_alice.run("send", "lobby", say=b"\x7fELF\x02\x01\x01\x00\x00")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Standard input is no text. Save it, and send it with --file PATH.\n"
    assert texts(standing_alice, "lobby") == ["hello"]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the pipe how much of it was read")
def test_ctrl_c_ends_it_while_its_input_goes_on(standing_alice: Shell) -> None:
    with standing_alice.running("send", "lobby", say=True) as sending:
        sending.tell("the first of many lines")
        assert sending.process.stdin is not None
        unread = array("i", [1])
        deadline = time.monotonic() + PATIENCE
        while unread[0]:
            assert time.monotonic() < deadline
            fcntl.ioctl(sending.process.stdin, termios.FIONREAD, unread)
            time.sleep(0.02)
        assert sending.end(signal.SIGINT) == (130, "")
    assert texts(standing_alice, "lobby") == ["hello"]


@pytest.mark.skipif(sys.platform == "win32", reason="closes streams as a POSIX shell does")
@pytest.mark.parametrize(
    ("closed", "words", "code", "said"),
    [
        ("<&-", "send lobby", 1, "There is no standard input to read a text from.\n"),
        ("<&-", "send lobby --lines", 1, "There is no standard input to read a text from.\n"),
        (">&-", "tail lobby --no-follow", 1, "Standard output cannot be written: not writable.\n"),
        (">&-", "export lobby", 1, "Standard output cannot be written: not writable.\n"),
        (">&-", "rooms", 1, "Standard output cannot be written: not writable.\n"),
        ("2>&-", "send nowhere hello", 1, ""),
    ],
)
def test_streams_that_the_shell_closed(standing_alice: Shell, closed: str, words: str, code: int, said: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m chatclient {words} {closed}', sys.executable],
        env=standing_alice.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_nobody_there(free_port: int, tmp_path: Path) -> None:
    done = Shell(tmp_path, free_port, "alice").run("send", "lobby", "hello", "--timeout", "0.5")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"Nothing answers at 127.0.0.1, port {free_port}.")


def test_somebody_there_who_says_nothing(server: ServerProcess, alice: Shell) -> None:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        done = alice.run("send", "lobby", "hello", "--timeout", "0.5")
    finally:
        os.kill(server.pid, signal.SIGCONT)
    assert (done.returncode, done.stderr) == (3, "The server does not answer. (Given up after 0.5 s.)\n")


def test_the_token_of_a_new_name_is_kept_and_is_for_nobody_else(alice: Shell, tmp_path: Path) -> None:
    alice.do("send", "lobby", "I am alice")
    kept = Path(alice.environment["PARLEY_HOME"]) / "tokens.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    alice.do("send", "lobby", "still")
    elsewhere = alice.run("send", "lobby", "me too", PARLEY_HOME=str(tmp_path / "elsewhere"))
    assert elsewhere.returncode == 1 and "alice" in elsewhere.stderr and len(elsewhere.stderr.splitlines()) == 1


def test_a_machine_brings_its_token_and_keeps_nothing(alice: Shell, tmp_path: Path) -> None:
    home = tmp_path / "machine"
    for text in ("first", "second"):
        done = alice.run(
            "send", "lobby", text, PARLEY_USER="machine", PARLEY_TOKEN="0123456789abcdef" * 4, PARLEY_HOME=str(home)
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert not (home / "tokens.json").exists() and not (home / "settings.json").exists()


def test_a_password_opens_the_name_on_another_device(alice: Shell, tmp_path: Path) -> None:
    first = alice.run("send", "lobby", "with a password", PARLEY_PASSWORD="correct horse")
    assert first.returncode == 0
    elsewhere = str(tmp_path / "elsewhere")
    assert alice.run("send", "lobby", "x", PARLEY_HOME=elsewhere, PARLEY_PASSWORD="wrong wrong!").returncode == 1
    assert alice.run("send", "lobby", "x", PARLEY_HOME=elsewhere, PARLEY_PASSWORD="correct horse").returncode == 0


def test_a_password_is_typed_at_a_terminal_or_not_at_all(alice: Shell) -> None:
    done = alice.run("send", "lobby", "--password", say="the message\n")
    assert done.returncode == 2 and done.stderr.startswith("There is no terminal to ask for the password on.")


AT_A_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "chatclient", "send", "lobby", "hello", "--password"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="types at a POSIX terminal")
@pytest.mark.parametrize(("typed", "code"), [(b"correct horse\n", 0), (b"\x03", 130)])
def test_the_question_for_the_password_is_answered_or_ended(alice: Shell, typed: bytes, code: int) -> None:
    keyboard, terminal = os.openpty()
    command = [sys.executable, "-c", AT_A_TERMINAL]
    it = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=alice.environment, cwd=ROOT)
    os.close(terminal)
    try:
        shown = b""
        while b"Password of alice: " not in shown:
            shown += os.read(keyboard, 1_000)
        os.write(keyboard, typed)
        assert it.wait(PATIENCE) == code
    finally:
        it.kill()
        it.wait()
        os.close(keyboard)


def test_without_server_and_user_it_is_as_the_last_time(alice: Shell) -> None:
    alice.do("send", "lobby", "the first sign-in of this device is remembered")
    for name in ("PARLEY_SERVER", "PARLEY_USER"):
        del alice.environment[name]
    alice.do("send", "lobby", "as alice")
    assert texts(alice, "lobby")[-1] == "as alice"
    nowhere = alice.run("send", "lobby", "x", PARLEY_HOME="/nonexistent")
    assert nowhere.returncode == 2 and nowhere.stderr.startswith("Which server?")


# --- once -----------------------------------------------------------------------------------------------------


async def test_an_answer_that_is_lost_on_its_way_costs_no_second_message(
    server: ServerProcess, alice: Shell, bob: Shell
) -> None:
    async with Road(server.port) as road:
        await asyncio.to_thread(alice.do, "send", "lobby", "before")
        place = f"127.0.0.1:{road.port}"
        with bob.running("tail", "lobby", "-n", "5") as seen:
            await asyncio.to_thread(seen.until, "before")
            words = ("--lines", "--server", place, "--user", "carol", "--verbose")
            with alice.running("send", "lobby", *words, say=True) as sending:
                sending.tell("here I am")
                await asyncio.to_thread(sending.until, "")
                road.down = False  # from here on nothing that the server says arrives
                sending.tell("once")
                await asyncio.to_thread(seen.until, "carol  once")
                road.cut()
                await asyncio.to_thread(sending.until, "")
                code, said = await asyncio.to_thread(sending.end)
        assert (code, said) == (0, "")
        assert (await asyncio.to_thread(texts, alice, "lobby")).count("once") == 1


async def test_no_answer_in_time_is_told_with_the_id_that_makes_it_once(server: ServerProcess, alice: Shell) -> None:
    alice.environment["PARLEY_TOKEN"] = "0123456789abcdef" * 4  # what is kept is kept for one address
    async with Road(server.port) as road:
        words = ("--server", f"127.0.0.1:{road.port}", "--lines", "--verbose", "--timeout", "2", "--id", "job")
        with alice.running("send", "lobby", *words, say=True, errors=True) as sending:
            sending.tell("first")
            await asyncio.to_thread(sending.until, "")
            road.down = False
            sending.tell("second")
            told = await asyncio.to_thread(sending.until, "with --id")
            assert "Whether it was posted is not known: with --id job.2 it is posted once." in told
            assert (await asyncio.to_thread(sending.end))[0] == 3
    await asyncio.to_thread(alice.do, "send", "lobby", "second", "--id", "job.2")
    assert await asyncio.to_thread(texts, alice, "lobby") == ["first", "second"]


def test_a_server_that_is_killed_and_comes_back_gets_it_once(server: ServerProcess, alice: Shell) -> None:
    alice.do("send", "lobby", "before")
    server.kill()
    with alice.running("send", "lobby", "during", "--verbose", "--timeout", "20") as sending:
        server.start()
        code, said = sending.end()
    assert (code, said, len(sending.lines)) == (0, "", 1)
    assert texts(alice, "lobby") == ["before", "during"]


def test_the_same_id_posts_once_however_often_it_is_sent(alice: Shell) -> None:
    numbers = {alice.do("send", "lobby", "done", "--id", "deploy-17", "--verbose") for _ in range(2)}
    assert len(numbers) == 1
    lines = [alice.do("send", "lobby", "--lines", "--id", "import", "--verbose", say="a\nb\n") for _ in range(2)]
    assert lines[0] == lines[1]
    assert texts(alice, "lobby") == ["done", "a", "b"]
    alice.do("send", "lobby", "done")  # the control: without the id it is another message
    assert texts(alice, "lobby") == ["done", "a", "b", "done"]
    other = alice.run("send", "lobby", "not done", "--id", "deploy-17")
    assert other.returncode == 1 and "deploy-17" in other.stderr
