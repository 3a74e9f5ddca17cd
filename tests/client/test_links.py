"""Telling the system who opens `chat://` links."""

import os
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from chatclient.links import ENTRY, LinksError, desktop_entry, own_command, register, registry_values

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the desktop entry is Linux's")


def exec_words(entry: str) -> list[str]:
    """The words of `Exec` as the specification reads them: first as a string of the file, then as an argument list."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys differ in case here
    parser.read_string(entry)
    assert parser["Desktop Entry"]["MimeType"] == "x-scheme-handler/chat;x-scheme-handler/chats;"
    line = parser["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    words = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', line)
    return [re.sub(r"\\(.)", r"\1", quoted or plain).replace("%%", "%") for quoted, plain in words]


@pytest.mark.parametrize(
    "path", ["/usr/bin/chatclient", "/home/alice/my chat/chatclient", '/odd/"quoted"/$x/`y`/chatclient', "/100%/c"]
)
def test_the_entry_starts_what_was_asked_for(path: str) -> None:
    assert exec_words(desktop_entry([path, "-m", "chatclient"])) == [path, "-m", "chatclient", "%u"]


@linux
def test_the_entry_is_written_and_chosen(tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "xdg-mime"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n')
    tool.chmod(0o755)
    environment = {"XDG_DATA_HOME": str(tmp_path / "data"), "PATH": str(tool.parent)}
    said = register(["/opt/chatclient"], environment)
    written = tmp_path / "data" / "applications" / ENTRY
    assert exec_words(written.read_text()) == ["/opt/chatclient", "%u"]
    assert (tmp_path / "asked").read_text().split() == [
        "default",
        ENTRY,
        "x-scheme-handler/chat",
        "x-scheme-handler/chats",
    ]
    assert said.endswith("Links that begin with chat:// now open Parley.")
    tool.unlink()
    assert "choose Parley when a link is opened" in register(["/opt/chatclient"], environment)


@linux
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(LinksError, match="cannot be written"):
        register(["/opt/chatclient"], {"XDG_DATA_HOME": str(tmp_path / "data"), "PATH": ""})


def test_windows_keys() -> None:
    keys = registry_values([r"C:\Program Files\Python\pythonw.exe", "-m", "chatclient"])
    assert keys[r"Software\Classes\chat"]["URL Protocol"] == ""
    opened = keys[r"Software\Classes\chat\shell\open\command"][""]
    assert opened == r'"C:\Program Files\Python\pythonw.exe" -m chatclient "%1"'
    assert keys[r"Software\Classes\chats\shell\open\command"][""] == opened


def test_what_is_not_installed_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(LinksError, match="is not installed"):
        own_command(str(tmp_path / "python"))


@linux
def test_the_command(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-m", "chatclient", "--register-links"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    script = Path(sys.executable).with_name("chatclient")
    if script.exists():
        assert done.returncode == 0, done.stderr
        assert exec_words((tmp_path / "applications" / ENTRY).read_text()) == [str(script), "%u"]
    else:
        assert (done.returncode, "is not installed" in done.stderr) == (1, True)
