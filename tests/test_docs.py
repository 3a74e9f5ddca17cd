"""The pages tell the truth: examples run, tables match the code, links lead somewhere."""

import argparse
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatserver import settings
from shared import record, when
from shared.protocol import EVENT_TYPES, AnyEvent
from tests.processes import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
OPERATIONS = "docs/operations.md"
TYPES = "Types and their fields"
MADE_LATER = {"screenshots/conversation-light.png", "screenshots/conversation-dark.png"}
"""What `make screenshots` makes."""


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page(name), re.DOTALL | re.MULTILINE)


def table(name: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = page(name).split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


# --- the history's format -------------------------------------------------------------------------------------


def sample() -> bytes:
    return blocks("docs/history-format.md", "history")[0].replace("⇥", "\t").encode()


def test_the_sample_of_the_history_is_a_history() -> None:
    header, *lines = sample().splitlines(keepends=True)
    _, chain = record.decode_header(header)
    events: list[AnyEvent] = []
    for line in lines:
        event, chain = record.decode(line, chain)
        events.append(event)
    assert [event.seq for event in events] == list(range(1, len(lines) + 1))
    assert [event.time for event in events] == sorted(event.time for event in events)
    assert {type(event) for event in events} == set(EVENT_TYPES.values()), "one sample of each type"


def test_the_table_of_types_is_the_record_s() -> None:
    fields = {row[0].strip("`"): re.findall(r"`(\w+\??)`", row[1]) for row in table("docs/history-format.md", TYPES)}
    assert fields == {
        name: sorted(
            field.key if field.required else f"{field.key}?"
            for field in record._FIELDS[cls]  # the one place that knows
        )
        for name, cls in EVENT_TYPES.items()
    }


def test_the_program_that_checks_the_chain_runs(tmp_path: Path) -> None:
    program = blocks("docs/history-format.md", "python")[0]
    history = tmp_path / "chat_history.txt"
    for contents, code in ((sample(), 0), (sample().replace(b"psst", b"pssT"), 1)):
        history.write_bytes(contents)
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == code
        assert ("20 lines are whole" in done.stdout) is (code == 0)
        assert ("line 8 was changed" in done.stderr) is (code == 1)


@pytest.mark.skipif(sys.platform == "win32", reason="these are examples for a POSIX shell")
def test_the_shell_examples_run(tmp_path: Path) -> None:
    (tmp_path / "chat_history.txt").write_bytes(sample())
    outputs = [shell(line, tmp_path) for line in blocks("docs/history-format.md", "sh")[0].splitlines()]
    assert "5 alice" in outputs[0] and "7 bob" in outputs[0]
    assert len(outputs[1].splitlines()) == 3
    assert outputs[2] == "2026-11-20 4\n"


def shell(line: str, folder: Path) -> str:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- running a server -----------------------------------------------------------------------------------------


def test_the_table_of_settings_is_the_program_s(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {row[0].strip("`"): (row[1].strip("`"), row[2].strip("`")) for row in table(OPERATIONS, "Settings")}
    parser = argparse.ArgumentParser()
    settings.add_arguments(parser)
    defaults = settings.load(parser.parse_args([]), {})
    flags = {action.option_strings[0] for action in parser._actions} - {"-h", "--config"}
    assert told.keys() == flags
    for flag, (variable, default) in told.items():
        field = flag.removeprefix("--").replace("-", "_")
        assert variable == f"PARLEY_{field.upper()}"
        value = getattr(defaults, field)
        assert default == {True: "on", False: "off", None: "by address"}.get(value, str(value))


def test_the_table_of_times_is_the_program_s() -> None:
    now = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    for row in table(OPERATIONS, "Reading the history"):
        for text in re.findall(r"`([^`…]+)`", row[0]):
            assert when.parse(text, now, UTC)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="these are examples for a POSIX shell")
def test_the_examples_of_replay_verify_and_import_run(tmp_path: Path) -> None:
    served = tmp_path / "srv"
    for folder in (tmp_path / "history", served):
        folder.mkdir()
        (folder / "chat_history.txt").write_bytes(sample())
    (tmp_path / "older.txt").write_text("alice|2020-11-20|09:12 AM|hello\n")
    lines = [line for name in ("README.md", OPERATIONS) for block in blocks(name, "sh") for line in block.splitlines()]
    lines = [line for line in lines if re.match(r"python -m chatserver (replay|verify|import)", line)]
    assert len(lines) >= 8
    for number, line in enumerate(lines):
        line = line.replace("/srv/parley", str(served)).replace("--speed 60", "--speed 1000000")
        if " import " in line:
            line = f"PARLEY_DATA={tmp_path / f'new{number}'} {line.replace(f'--data {served}', '')}"
        shell(line, tmp_path)


# --- all pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        assert target in MADE_LATER or (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_target_that_the_readme_names_is_one_of_make() -> None:
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    for path in PAGES:
        assert set(re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE)) <= targets


def test_the_names_of_files_in_the_architecture_exist() -> None:
    for name in re.findall(r"`((?:shared|chatserver|chatclient|tests|bench)/[\w/.]*)`", page("docs/architecture.md")):
        assert (ROOT / name).exists(), name
