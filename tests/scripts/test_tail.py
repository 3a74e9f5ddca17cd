"""`tail`: where it begins, that it follows without a gap or a repetition, and how it ends."""

import asyncio
import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.bots.running import person
from tests.processes import PATIENCE, ROOT, ServerProcess
from tests.scripts.shell import CHATCLIENT, Shell

pytestmark = pytest.mark.process


def events(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def test_it_begins_with_the_last_entries(alice: Shell) -> None:
    alice.do("send", "lobby", "--lines", say="".join(f"n{number}\n" for number in range(250)))
    last = events(alice.do("tail", "lobby", "--no-follow", "--json").splitlines())
    assert [event["text"] for event in last] == [f"n{number}" for number in range(240, 250)]
    many = events(alice.do("tail", "lobby", "--no-follow", "--json", "-n", "220").splitlines())  # more than a page
    assert [event["text"] for event in many] == [f"n{number}" for number in range(30, 250)]
    all_of_it = events(alice.do("tail", "lobby", "--no-follow", "--json", "--since", "1h").splitlines())
    assert [event["seq"] for event in all_of_it] == list(range(1, 252))
    assert alice.do("tail", "lobby", "--no-follow", "--since", "2099-01-01") == ""
    assert alice.do("tail", "lobby", "--no-follow", "-n", "0") == ""
    text = alice.do("tail", "lobby", "--no-follow", "-n", "1").splitlines()
    assert len(text) == 2 and text[0].startswith("── ") and text[1].endswith("  alice  n249")


def test_it_prints_what_comes_and_what_becomes_of_it(server: ServerProcess, alice: Shell, bob: Shell) -> None:
    alice.do("send", "ops", "before", "--create")
    with alice.running("tail", "ops", "--json") as tail:
        tail.until("before")
        bob.do("send", "lobby", "in another room")
        seq = int(bob.do("send", "ops", "hello\x1b[2J alice", "--verbose"))
        said = json.loads(tail.until("hello"))
        assert (said["type"], said["room"], said["user"], said["seq"]) == ("message", "ops", "bob", seq)
        assert not any("another room" in line for line in tail.lines)
        assert tail.end(signal.SIGINT) == (130, "")
    with bob.running("tail", "ops") as tail:
        shown = tail.until("hello")
        assert "\x1b" not in shown and "hello\\u001B[2J alice" in shown  # nothing steers the reader's terminal
    follows = [*events(alice.do("tail", "ops", "--json", "--no-follow").splitlines())]
    assert [event["type"] for event in follows] == ["created", "message", "joined", "message"]


def test_nothing_is_lost_or_repeated_while_the_server_dies_and_comes_back(
    server: ServerProcess, alice: Shell, bob: Shell
) -> None:
    alice.do("send", "lobby", "begin")
    with bob.running("tail", "lobby", "--json", "-n", "200") as tail:
        tail.until("begin")
        with alice.running("send", "lobby", "--lines", "--timeout", "30", say=True) as sending:
            for number in range(60):
                sending.tell(f"n{number}")
                if number in (20, 40):
                    tail.until(f'"n{number - 5}"')
                    server.kill()
                    server.start()
            assert sending.end() == (0, "")
        alice.do("send", "lobby", "end")
        tail.until('"end"')
        seen = events(tail.lines)
    stored = [line.split("\t") for line in server.history.read_text("utf-8").splitlines()[1:]]
    assert [event["seq"] for event in seen] == [int(columns[0]) for columns in stored]
    assert [event["text"] for event in seen if event["type"] == "message"] == [
        "begin",
        *(f"n{number}" for number in range(60)),
        "end",
    ]


def test_a_later_run_goes_on_after_the_last_number(alice: Shell, bob: Shell) -> None:
    first = int(alice.do("send", "lobby", "first", "--verbose"))
    alice.do("send", "lobby", "second")
    with alice.running("tail", "lobby", "--json", "--after", str(first)) as tail:
        assert json.loads(tail.until(""))["text"] == "second"
        bob.do("send", "lobby", "third")
        tail.until("third")
        assert [event["type"] for event in events(tail.lines)] == ["message", "joined", "message"]
    with alice.running("tail", "lobby", "--after", "4711", errors=True) as tail:
        tail.until("The history of this server ends with 5, before 4711")
        bob.do("send", "lobby", "fourth")
        tail.until("fourth")


@pytest.mark.parametrize("follow", [(), ("--no-follow",)])
def test_head_ends_it_at_once(alice: Shell, follow: tuple[str, ...]) -> None:
    """Without a further line to print: nothing is said in the room any more."""
    alice.do("send", "lobby", "--lines", say="".join(f"n{number}\n" for number in range(9)))
    words = (*CHATCLIENT, "tail", "lobby", *follow)
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=alice.environment, cwd=ROOT
    ) as tail:
        head = subprocess.run(("head", "-n", "1"), stdin=tail.stdout, capture_output=True, check=True, timeout=PATIENCE)
        assert tail.stdout is not None and tail.stderr is not None
        tail.stdout.close()
        assert tail.wait(PATIENCE) == 0 and tail.stderr.read() == b""
    assert head.stdout.decode().startswith("── ")


def test_rooms_that_one_is_not_in(server: ServerProcess, alice: Shell, bob: Shell) -> None:
    alice.do("send", "ops", "hello", "--create")
    refused = bob.run("tail", "ops")
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "You are not in ops. Join it first.\n")
    for words in ((), ("--join",)):
        missing = bob.run("tail", "shed", *words)
        assert (missing.returncode, missing.stderr) == (1, "There is no room called shed.\n")
    with bob.running("tail", "ops", "--join") as tail:
        tail.until("alice  hello")
        tail.until("bob joined")


async def test_who_is_put_out_hears_of_it(server: ServerProcess, bob: Shell, tmp_path: Path) -> None:
    async with person(server.port, "alice", tmp_path) as alice:
        await alice.create("ops")
        with bob.running("tail", "ops", "--join") as tail:
            await asyncio.to_thread(tail.until, "bob joined")
            alice.client.kick("ops", "bob")
            await asyncio.to_thread(tail.until, "alice removed bob")
            assert await asyncio.to_thread(tail.end) == (1, "bob is not in ops any more.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("lobby", "--since", "soon"), "'soon' is no time."),
        (("lobby", "--since", "1h", "-n", "3"), "not allowed with argument"),
        (("lobby", "--after", "3", "--no-follow"), "--no-follow does not go on"),
        (("lobby", "-n", "-3"), "0 or more"),
        (("lobby", "--timeout", "never"), "seconds are a number over 0"),
    ],
)
def test_command_lines_that_make_no_sense(standing_alice: Shell, words: tuple[str, ...], sentence: str) -> None:
    done = standing_alice.run("tail", *words)
    assert (done.returncode, done.stdout) == (2, "") and sentence in done.stderr


def test_a_full_disk_is_told(alice: Shell) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    alice.do("send", "lobby", "hello")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            (*CHATCLIENT, "tail", "lobby", "--no-follow"),
            stdout=full,
            stderr=subprocess.PIPE,
            env=alice.environment,
            cwd=ROOT,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1 and done.stderr == b"Standard output cannot be written: No space left on device.\n"
