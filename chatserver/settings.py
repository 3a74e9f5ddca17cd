"""What the operator may choose: frozen settings from flags, environment and a TOML file, in that order of weight.

The environment names are the flags' in capitals (`PARLEY_PORT`); the TOML file has the same keys at its top level.
"""

import argparse
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from chatserver.accounts import Access
from shared import rules
from shared.errors import ParleyError

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PUBLIC: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s/?#@\[\]:,]+)(?::([0-9]{1,5}))?", re.ASCII)
MAX_FILE: Final = 1_000_000
Level = Literal["debug", "info", "warning", "error"]


class SettingsError(ParleyError):
    """A setting cannot be used; the sentence names it and what it may be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one server.

    access      open: a name is claimed by using it; invite: a new name needs a code; closed: no new names
    limits      False lifts the rate limits, for tests and benchmarks
    name        what clients call this server
    max_file    MiB that a file may have
    tls_cert    a PEM file with the certificate and its chain; with it all connections are TLS
    tls_key     a PEM file with its key; empty where it stands in the same file
    metrics     True tells its numbers to everybody who asks, not to this machine alone
    public      where people reach this server, HOST or HOST:PORT, as links of invitations say it
    patience    seconds until a client must have sent a whole first line
    """

    host: str = "127.0.0.1"
    port: int = rules.DEFAULT_PORT
    data: str = "history"
    access: Access | None = None
    limits: bool = True
    name: str = "Parley"
    log_level: Level = "info"
    public: str | None = None
    max_file: int = 100
    tls_cert: str = ""
    tls_key: str = ""
    metrics: bool = False
    patience: float = 10.0

    @property
    def admission(self) -> Access:
        """`access`, or what fits the address: open on loopback, invite where strangers can reach it."""
        return self.access or ("open" if self.host in LOOPBACK else "invite")

    def reached_at(self, port: int) -> str:
        """HOST:PORT for links: `public`, or the address listened on, `port` being the one listened on."""
        if self.public is None:
            return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"
        named = _PUBLIC.fullmatch(self.public)
        return self.public if named and named[2] else f"{self.public}:{port}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags; none has a default here, so that the file and the environment can speak."""
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", help=f"port to listen on ({rules.DEFAULT_PORT}; 0 picks a free one)")
    parser.add_argument("--data", help="folder of the history (history)")
    parser.add_argument("--access", help="who may claim a new name: open, invite or closed")
    parser.add_argument("--limits", help="on, or off to lift the rate limits")
    parser.add_argument("--name", help="what clients call this server (Parley)")
    parser.add_argument("--log-level", help="debug, info, warning or error")
    parser.add_argument("--public", help="HOST:PORT by which people reach this server, for the links of invitations")
    parser.add_argument("--max-file", help="MiB that a file may have (100)")
    parser.add_argument("--tls-cert", help="a PEM file with a certificate: all connections are TLS then")
    parser.add_argument("--tls-key", help="a PEM file with its key, where that is another file")
    parser.add_argument("--metrics", help="on, to tell /metrics to others than this machine (off)")
    parser.add_argument("--config", help="a TOML file with these settings")


def load(args: argparse.Namespace, environment: dict[str, str] | None = None) -> Settings:
    """The settings that flags, environment and file give together; `SettingsError` where one cannot be used."""
    environment = dict(os.environ) if environment is None else environment
    fields = list(Settings.__struct_fields__)
    config = args.config or environment.get("PARLEY_CONFIG")
    values: dict[str, Any] = _read(Path(config)) if config else {}
    values |= {field: environment[name] for field in fields if (name := f"PARLEY_{field.upper()}") in environment}
    values |= {field: value for field in fields if (value := getattr(args, field, None)) is not None}
    if unknown := values.keys() - set(Settings.__struct_fields__):
        raise SettingsError(f"{min(unknown)} is no setting. Known are {', '.join(fields)}.")
    for name in ("limits", "metrics"):
        if isinstance(value := values.get(name), str):
            values[name] = _switch(name, value)
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"A setting cannot be used: {str(error).replace(' - at `$.', ', in `')}.") from None
    if not 0 <= settings.port <= 65535:
        raise SettingsError(f"A port is a number from 0 to 65535, this one is {settings.port}.")
    if not 1 <= settings.max_file <= MAX_FILE:
        raise SettingsError(f"max_file is a number of MiB from 1 to {MAX_FILE:,}, this one is {settings.max_file:,}.")
    if settings.tls_key and not settings.tls_cert:
        raise SettingsError("tls_key needs tls_cert, the certificate that it belongs to.")
    if settings.public is not None:
        named = _PUBLIC.fullmatch(settings.public)
        if named is None or (named[2] and not 1 <= int(named[2]) <= 65535):
            raise SettingsError(f"public is HOST:PORT, such as chat.example:12345, not {settings.public[:80]}.")
    return settings


def _switch(name: str, value: str) -> bool:
    if value not in ("on", "off"):
        raise SettingsError(f"{name} is on or off, not {value}.")
    return value == "on"


def _read(path: Path) -> dict[str, Any]:
    try:
        return {key.replace("-", "_"): value for key, value in tomllib.loads(path.read_text("utf-8")).items()}
    except OSError as error:
        raise SettingsError(f"The settings in {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings in {path} are not TOML: {error}.") from None
