"""docs/scripts.md and docs/bots.md tell the truth: their commands and programs run, their tables are the code's."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import chatclient
from chatclient import Chat, Message
from chatclient.__main__ import COMMANDS, main
from chatclient.scripts import running
from tests.bots.running import heard, person, program
from tests.processes import PATIENCE, ROOT, ServerProcess
from tests.scripts.shell import Shell
from tests.test_docs import blocks, page, table

SCRIPTS, BOTS = "docs/scripts.md", "docs/bots.md"


@pytest.mark.skipif(sys.platform == "win32", reason="these are examples for a POSIX shell")
def test_the_commands_run(alice: Shell, bob: Shell, tmp_path: Path) -> None:
    bob.do("send", "lobby", "I am here")
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "chatclient").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chatclient "$@"\n')
    (tools / "jq").write_text("#!/bin/sh\ncat\n")  # whoever has it not, reads what it would read
    for tool in tools.iterdir():
        tool.chmod(0o755)
    environment = {**alice.environment, "PATH": f"{tools}:{os.environ['PATH']}"}
    said = {}
    for line in "".join(blocks(SCRIPTS, "sh")).splitlines():
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), line
        said[line] = done.stdout
    everything = said["chatclient tail ops --no-follow"]
    assert all(text in everything for text in ("makes the room", "deploy done", "CHANGELOG.md", "one", "two"))
    assert said['chatclient search "deploy done" --room ops --from alice'].endswith("  alice  deploy done\n")
    assert (tmp_path / "ops.html").read_text("utf-8").startswith("<!doctype html>")
    assert bob.do("tail", "@alice", "--no-follow").endswith("Lunch?\n")
    assert "ci  Build 17 is green" in alice.do("tail", "ops", "--no-follow", "-n", "1")


def test_the_exit_codes_are_those_of_the_scripts() -> None:
    told = {int(row[0]) for row in table(SCRIPTS, "How they end")}
    assert told == {running.DONE, running.REFUSED, running.USAGE, running.UNREACHABLE, running.INTERRUPTED}


def test_every_option_that_the_page_names_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit, match="0"):
            main([name, "--help"])
    helps = capsys.readouterr().out
    for option in set(re.findall(r"(?<=[`\s])--[a-z]+(?:-[a-z]+)*", page(SCRIPTS))) - {"--help"}:
        assert option in helps, option


async def test_the_bot_of_the_page_runs(server: ServerProcess, tmp_path: Path) -> None:
    source = tmp_path / "helper.py"
    source.write_text(blocks(BOTS, "python")[0].replace("12345", str(server.port)))
    async with person(server.port, "alice", tmp_path) as alice:
        await alice.create("ops")
        async with program(tmp_path, str(source)):
            async for event in alice.events():
                if isinstance(event, chatclient.Joined) and event.user == "helper" and event.room == "ops":
                    break
            await alice.send("ops", "!remind 10m the soup")
            await heard(alice, "I will say the soup in 10m.")
            await alice.send("ops", "thank you @helper")
            async for event in alice.events():
                if isinstance(event, chatclient.Reacted):
                    assert event.emoji == "👋"
                    break
            async with person(server.port, "bob", tmp_path) as bob:
                await bob.join("ops")
                await heard(alice, "Welcome, bob!")


def test_the_table_of_deeds_is_the_chat_s() -> None:
    told = [cell for row in table(BOTS, "Deeds") for cell in re.findall(r"`(\w+)(?:\(([^)]*)\))?`", row[0])]
    for name, arguments in told:
        deed = getattr(Chat, name)
        if isinstance(deed, property):
            continue
        parameters = inspect.signature(deed).parameters
        assert {word.strip().rstrip("=") for word in arguments.split(",") if word} <= parameters.keys(), name
    public = {name for name in dir(Chat) if not name.startswith("_")}
    assert public - {name for name, _ in told} == {"command", "events", "run", "stop", "user"}


def test_every_name_that_the_page_imports_or_tells_of_is_public() -> None:
    section = page(BOTS).split("## Events")[1].split("## Deeds")[0]
    for name in set(re.findall(r"`([A-Z][A-Za-z]+)`", section)) - {"Message"}:
        assert hasattr(chatclient, name), name
    assert chatclient.Message is Message
    fields = re.findall(r"`(\w+)(?:\(name\))?`", section.split("`Message` has ")[1].split(". The")[0])
    assert all(hasattr(Message, name) or name in Message.__dataclass_fields__ for name in fields)
    assert (ROOT / "examples" / "bridge.py").exists()
