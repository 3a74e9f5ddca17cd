"""What this device remembers: servers, tokens, how the window looked, when to notify, what was not sent. Small JSON
files, 0600, replaced as a whole. Passwords are never among it.

A token is kept by the system's keyring, or, where there is none or it fails, in a file beside the others. Settings that
cannot be read are put aside and begun anew; a file of tokens that cannot be read is an error, because a token that is
lost locks its owner out.
"""

import hashlib
import logging
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

import msgspec
import platformdirs

from chatclient.notify import Level, Preferences
from chatclient.unsent import Unsent, worth_keeping
from shared.errors import ParleyError

Choice = Literal["system", "light", "dark"]
RECENT: Final = 8
IDLE_MINUTES: Final = 10
REACTIONS: Final = ("👍", "❤️", "😂")
"""What is offered to who has not reacted to anything yet."""
USED: Final = 200
SERVICE: Final = "Parley"
_UNFIT: Final = re.compile(r"[^\w.@-]")
_log = logging.getLogger(__name__)


class KeepError(ParleyError):
    """What this device remembers cannot be read or written; the sentence names the file."""


class Recent(NamedTuple):
    """A server that was used: `host:port`, the name there, what the server calls itself, when (UTC, as on the wire)."""

    server: str
    user: str
    label: str
    when: str


class _Server(msgspec.Struct, omit_defaults=True):
    """What is remembered of one server: the levels of rooms that have one of their own."""

    rooms: dict[str, Level] = {}


class _Settings(msgspec.Struct, omit_defaults=True):
    recent: list[Recent] = []
    theme: Choice = "system"
    geometry: str = ""
    level: Level = "mentions"
    hide_text: bool = False
    auto_away: bool = True
    idle_minutes: int = IDLE_MINUTES
    move_less: bool = False
    reactions: list[str] = []
    used: list[str] = []
    skin: int = 0
    servers: dict[str, _Server] = {}


class Keep:
    """`folder` is made where it is missing. Change the attributes, then `save`.

    recent         newest first; `remember` puts one there, `forget` takes one away
    theme          "system", "light" or "dark"; geometry as Tk writes it, "" for none
    level          of notifications in rooms that have none of their own; hide_text: nothing of what a message says
    auto_away      be away after `idle_minutes` without input, at least one
    move_less      no movement on the screen that is not needed
    reactions      the emoji that were used last to react with, the newest first; `reacted` puts one there

    used           the emoji that were written or reacted with, as often as they were, the newest last
    skin           the skin tone of emoji, 0 for none to 5
    cache          where files are kept that were looked at or sent

    A server is `host:port`, as `Address.server` gives it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        home = os.environ.get("PARLEY_HOME")
        self.folder = folder or (Path(home) if home else platformdirs.user_config_path("parley", appauthor=False))
        own = folder or (Path(home) if home else None)
        self.cache = own / "cache" if own else platformdirs.user_cache_path("parley", appauthor=False) / "files"
        settings = self._read_settings()
        self.recent: list[Recent] = settings.recent[:RECENT]
        self.theme: Choice = settings.theme
        self.geometry = settings.geometry
        self.level: Level = settings.level
        self.hide_text = settings.hide_text
        self.auto_away = settings.auto_away
        self.idle_minutes = max(1, settings.idle_minutes)
        self.move_less = settings.move_less
        self.reactions = _reactions(settings.reactions)
        self.used = settings.used[-USED:]
        self.skin = min(max(settings.skin, 0), 5)
        self._servers = settings.servers

    def reacted(self, emoji: str) -> None:
        """Put this at the head of `reactions`. `save` is still to be called."""
        self.reactions = _reactions([emoji, *self.reactions])

    def picked(self, emoji: str) -> None:
        """Put this at the end of `used`. `save` is still to be called."""
        self.used = [*self.used, emoji][-USED:]

    def remember(self, server: str, user: str, label: str, when: str) -> None:
        """Put this at the head of `recent`. `save` is still to be called."""
        others = [known for known in self.recent if (known.server, known.user) != (server, user)]
        self.recent = [Recent(server, user, label, when), *others][:RECENT]

    def forget(self, server: str, user: str) -> None:
        """Take this out of `recent`, and what was written there and not sent; its token stays. `save` is still to be
        called."""
        self.keep_unsent(server, user, {})
        self.recent = [known for known in self.recent if (known.server, known.user) != (server, user)]

    def save(self) -> None:
        """Write the settings, or raise `KeepError`: say so to whoever changed one."""
        settings = _Settings(
            recent=self.recent,
            theme=self.theme if self.theme in get_args(Choice) else "system",
            geometry=self.geometry,
            level=self.level,
            hide_text=self.hide_text,
            auto_away=self.auto_away,
            idle_minutes=self.idle_minutes,
            move_less=self.move_less,
            reactions=self.reactions,
            used=self.used,
            skin=self.skin,
            servers={server: known for server, known in self._servers.items() if known != _Server()},
        )
        self._write(self.folder / "settings.json", msgspec.json.encode(settings))

    def save_quietly(self) -> None:
        """Write the settings after something that nobody asked to be remembered; a failure is logged alone."""
        try:
            self.save()
        except KeepError as error:
            _log.warning("%s", error)

    def preferences(self, server: str) -> Preferences:
        """Which of this server's messages to notify of, and how."""
        known = self._servers.get(server) or _Server()
        return Preferences(dict(known.rooms), self.level, self.hide_text)

    def notify(self, server: str, room: str, level: Level | None) -> None:
        """Give a room or direct conversation a level of its own; None takes it away. `save` is still to be called."""
        rooms = self._servers.setdefault(server, _Server()).rooms
        if level is None:
            rooms.pop(room, None)
        else:
            rooms[room] = level

    def waiting(self, server: str, user: str) -> Path:
        """Where to keep what waits to be sent to this server under this name. It need not be there yet."""
        return self.folder / "waiting" / _file_name(server, user)

    def unsent(self, server: str, user: str) -> dict[str, Unsent]:
        """What `keep_unsent` was given last, by room; nothing where that cannot be read, which is logged."""
        path = self._unsent(server, user)
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, Unsent])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            _log.warning("%s could not be read: %s", path, error)
            return {}

    def keep_unsent(self, server: str, user: str, rooms: Mapping[str, Unsent]) -> None:
        """Write down what stands in the boxes of these rooms, in the place of what was there; nothing leaves no file.
        A failure is logged alone: the boxes still have it."""
        path, worth = self._unsent(server, user), worth_keeping(rooms)
        try:
            if worth:
                self._write(path, msgspec.json.encode(worth))
            else:
                path.unlink(missing_ok=True)
        except (OSError, KeepError) as error:
            _log.warning("%s", error)

    def _unsent(self, server: str, user: str) -> Path:
        return self.folder / "unsent" / f"{_file_name(server, user)}.json"

    def token(self, server: str, user: str) -> str:
        """The token of this device for this name at this server; a new one is stored before it is returned.

        May take seconds, because a keyring may ask its owner: not for the Tk thread. `KeepError` where the file of
        tokens cannot be read or written.
        """
        name = f"{user}@{server}"
        found = _ask_keyring(name)
        if found:
            return found
        tokens = self._read_tokens()
        if name not in tokens:
            token = secrets.token_hex(32)
            if _tell_keyring(name, token):
                return token
            tokens[name] = token
            self._write(self.folder / "tokens.json", msgspec.json.encode(tokens))
        return tokens[name]

    # --- files ----------------------------------------------------------------------------------------------

    def _read_settings(self) -> _Settings:
        path = self.folder / "settings.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=_Settings)
        except FileNotFoundError:
            return _Settings()
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            aside = path.with_suffix(".broken")
            try:
                path.replace(aside)
            except OSError as why:
                raise KeepError(f"{path} is damaged and cannot be put aside: {why.strerror}.") from None
            _log.warning("%s could not be read (%s). It was put aside as %s.", path, error, aside.name)
            return _Settings()
        except OSError as error:
            raise KeepError(f"{path} cannot be read: {error.strerror}.") from None

    def _read_tokens(self) -> dict[str, str]:
        path = self.folder / "tokens.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise KeepError(f"{path} is damaged. Mend it or move it away, then try again.") from None
        except OSError as error:
            raise KeepError(f"{path} cannot be read: {error.strerror}.") from None

    def _write(self, path: Path, content: bytes) -> None:
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(file, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(path)
        except OSError as error:
            with suppress(OSError):  # there may be no folder to look into: what failed is told all the same
                fresh.unlink(missing_ok=True)
            raise KeepError(f"{path} cannot be written: {error.strerror}.") from None


def _file_name(server: str, user: str) -> str:
    """Of what is kept for this name at this server: no two have the same."""
    name = f"{user}@{server}"
    digest = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{_UNFIT.sub('_', name)[:40]}-{digest}"


def _reactions(used: list[str]) -> list[str]:
    """As many as are offered, each once."""
    return list(dict.fromkeys([*used, *REACTIONS]))[: len(REACTIONS)]


# --- the system's keyring -----------------------------------------------------------------------------------
# Its import is slow and its back ends fail in ways of their own, so that any failure means "there is none".


def _ask_keyring(name: str) -> str | None:
    if os.environ.get("PARLEY_KEYRING") == "off":
        return None
    try:
        import keyring

        return keyring.get_password(SERVICE, name)
    except Exception as error:
        _log.info("The system's keyring is not used: %s", error)
        return None


def _tell_keyring(name: str, token: str) -> bool:
    """Store it, and look whether it is there: some back ends take everything and keep nothing."""
    if os.environ.get("PARLEY_KEYRING") == "off":
        return False
    try:
        import keyring

        keyring.set_password(SERVICE, name, token)
        return keyring.get_password(SERVICE, name) == token
    except Exception as error:
        _log.info("The system's keyring is not used: %s", error)
        return False
