"""`docs/protocol.md` tells the truth: its examples run against a server, its tables match the code."""

import json
import re
from typing import Any

import msgspec

from shared import protocol
from shared.errors import CODES
from tests.processes import ROOT, ServerProcess
from tests.server.peer import Peer, close_all

TEXT = (ROOT / "docs/protocol.md").read_text("utf-8")


def fits(expected: Any, actual: Any) -> bool:
    if expected == "…":
        return actual is not None
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(fits(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(fits, expected, actual))
    return bool(expected == actual)


async def next_line(peer: Peer, example: str) -> Any:
    """The next line; presence comes at its own times and is passed over where the example does not show it."""
    line = await peer.line()
    while line["type"] == "presence" and '"presence"' not in example:
        line = await peer.line()
    return line


async def test_the_examples_run(start_server: Any) -> None:
    server: ServerProcess = start_server()
    invitation = (server.data / "owner-invitation.txt").read_text().strip()
    peers: dict[str, Peer] = {}
    for name, body in re.findall(r"```session (\w+)\n(.*?)```", TEXT, re.DOTALL):
        peer = peers.get(name) or peers.setdefault(name, await Peer.connect(server.port))
        expected: list[Any] = []
        actual: list[Any] = []
        for line in body.splitlines():
            if line.startswith(">"):
                command = json.loads(line[1:])
                if command.get("user") == "alice":
                    command["invite"] = invitation  # the first person of a server is its owner
                await peer.send(**command)
            else:
                expected.append(json.loads(line[1:]))
                actual.append(await next_line(peer, body))
        for want in expected:  # an answer and the event that it tells of may come in either order
            got = next((got for got in actual if fits(want, got)), None)
            assert got is not None, f"the page says\n{json.dumps(want)}\nthe server\n" + "\n".join(
                map(json.dumps, actual)
            )
            actual.remove(got)
    await close_all(*peers.values())


def rows(heading: str) -> list[list[str]]:
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


def test_every_command_stands_in_a_table() -> None:
    commands = {cls.__struct_config__.tag: cls for cls in protocol.AnyCommand.__args__}
    told = {row[0]: row[1] for heading in ("Changes", "Questions", "Accounts") for row in rows(heading)}
    assert told.keys() == commands.keys()
    for name, fields in told.items():
        struct = commands[name]
        names = [field for field in struct.__struct_fields__ if field != "ref"]
        optional = set(names) & {f.name for f in msgspec.structs.fields(struct) if not f.required}
        assert set(re.findall(r"(\w+)\??", fields)) == set(names), name
        assert set(re.findall(r"(\w+)\?", fields)) == optional, name


def test_every_code_stands_in_the_table() -> None:
    assert {row[0] for row in rows("Errors")} == CODES
