"""Telling the system that links to Parley (`chat://…`, `chats://…`) are opened by this program, for who asks for it.

Linux and the BSDs: an entry for the desktop in the person's own folder, and `xdg-mime` to choose it where it is there.
Windows: some values under HKEY_CURRENT_USER. macOS knows schemes of application bundles alone, which this program is
not. Nothing is written for other people, and doing it again replaces what was there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from chatclient.address import SCHEME, TLS
from shared.errors import ParleyError

ENTRY: Final = "parley-links.desktop"
_RESERVED: Final = frozenset('"`$\\')
_PATIENCE: Final = 20.0


class LinksError(ParleyError):
    """The system was not told; the sentence says why."""


def register(command: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Let `command` and a link behind it open links; gives a sentence on what was done. `LinksError`."""
    if sys.platform == "win32":
        return _windows(command)
    if sys.platform == "darwin":
        raise LinksError(
            "macOS gives links to applications only, and Parley is not one yet. Paste the link into the field for the "
            "server, or run: python -m chatclient LINK"
        )
    return _desktop(command, environment)


# --- Linux ----------------------------------------------------------------------------------------------------


def desktop_entry(command: Sequence[str]) -> str:
    """The entry by the Desktop Entry Specification 1.5; `%u` is where the link goes."""
    words = " ".join([*map(_quoted, command), "%u"])
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=Parley",
        "Comment=Chat on a server of your own",
        f"Exec={words}",
        "Terminal=false",
        "NoDisplay=true",
        f"MimeType=x-scheme-handler/{SCHEME};x-scheme-handler/{TLS};",
    )
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    """A word of `Exec`: quoted by its rules, then escaped once more as every string of the file is."""
    quoted = '"' + "".join(f"\\{char}" if char in _RESERVED else char for char in word) + '"'
    return quoted.replace("\\", "\\\\").replace("%", "%%")


def _desktop(command: Sequence[str], environment: Mapping[str, str]) -> str:
    home = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    path = Path(home) / "applications" / ENTRY
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(desktop_entry(command), encoding="utf-8")
    except OSError as error:
        raise LinksError(f"{path} cannot be written: {error.strerror}.") from None
    _tell(["update-desktop-database", str(path.parent)], environment)
    chosen = _tell(["xdg-mime", "default", ENTRY, f"x-scheme-handler/{SCHEME}", f"x-scheme-handler/{TLS}"], environment)
    said = f"{path} was written."
    if chosen:
        return f"{said} Links that begin with {SCHEME}:// now open Parley."
    return f"{said} xdg-mime is not here to choose it: choose Parley when a link is opened for the first time."


def _tell(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Run it, where it is there; whether it was done."""
    if shutil.which(command[0], path=environment.get("PATH")) is None:
        return False
    try:
        done = subprocess.run(command, env=dict(environment), capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


# --- Windows --------------------------------------------------------------------------------------------------


def registry_values(command: Sequence[str]) -> dict[str, dict[str, str]]:
    """The keys under HKEY_CURRENT_USER and their values; the empty name is a key's own value."""
    values: dict[str, dict[str, str]] = {}
    for scheme in (SCHEME, TLS):
        root = rf"Software\Classes\{scheme}"
        values[root] = {"": "URL:Parley", "URL Protocol": ""}
        values[rf"{root}\shell\open\command"] = {"": f'{subprocess.list2cmdline(command)} "%1"'}
    return values


def _windows(command: Sequence[str]) -> str:
    if sys.platform == "win32":
        import winreg

        try:
            for key, values in registry_values(command).items():
                with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as handle:
                    for name, value in values.items():
                        winreg.SetValueEx(handle, name, 0, winreg.REG_SZ, value)
        except OSError as error:
            raise LinksError(f"The registry cannot be written: {error.strerror}.") from None
    return f"Links that begin with {SCHEME}:// now open Parley."


def own_command(executable: str = sys.executable) -> list[str]:
    """How this program is started again, from whatever folder. `LinksError` where it is not installed."""
    python = Path(executable)
    windows = sys.platform == "win32"
    script = python.with_name("chatclient.exe" if windows else "chatclient")
    if not script.exists():
        raise LinksError(f"Parley is not installed for {python}, so that nothing can start it. Run: pip install .")
    if windows:  # the script would open a console
        return [str(python.with_name("pythonw.exe")), "-m", "chatclient"]
    return [str(script)]
