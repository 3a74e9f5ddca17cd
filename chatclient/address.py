"""Where a server is, as people write it. PURE.

Accepts `harbour.example`, `harbour.example:7000`, `[::1]:7000`, `::1`, and an invitation or room link
`chat://HOST:PORT/ROOM?invite=CODE`. Anything else is refused with one sentence that can stand beside a field.
"""

import re
from ipaddress import IPv6Address
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

from shared.errors import Refused
from shared.rules import DEFAULT_PORT

SCHEME = "chat"
_HOST = re.compile(r"[^\s/?#@\[\]:,]+")
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)


class Address(NamedTuple):
    """A server, and what a link says besides: the room to open and the invitation to show."""

    host: str
    port: int = DEFAULT_PORT
    room: str = ""
    invite: str | None = None

    @property
    def server(self) -> str:
        """`host:port`, the port always there: the key under which this device remembers a server."""
        return f"{self._host}:{self.port}"

    @property
    def short(self) -> str:
        """As people write it: the port only where it is not the usual one."""
        return self._host if self.port == DEFAULT_PORT else self.server

    @property
    def text(self) -> str:
        """As it stands in a field: the link again where an invitation or a room belongs to it."""
        if not self.room and self.invite is None:
            return self.short
        code = f"?invite={quote(self.invite)}" if self.invite is not None else ""
        return f"{SCHEME}://{self.server}/{quote(self.room)}{code}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse(text: str) -> Address:
    """The address that a person typed or pasted, or `Refused` with what is wrong with it."""
    text = text.strip()
    if not text:
        raise Refused("bad_request", "Type the address of a server, such as localhost or harbour.example.")
    if "://" in text:
        return _link(text)
    host, port = _host_port(text)
    return Address(host, port)


def _link(text: str) -> Address:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Refused("bad_request", "This link is damaged. Ask for it again.") from None
    if parts.scheme != SCHEME:
        raise Refused("bad_request", f"A link to a server begins with {SCHEME}://, this one with {parts.scheme}://.")
    if not parts.netloc:
        raise Refused("bad_request", "This link names no server. Ask for it again.")
    host, port = _host_port(parts.netloc)
    codes = parse_qs(parts.query).get("invite", [])
    return Address(host, port, unquote(parts.path).strip("/"), codes[0] if codes else None)


def _host_port(text: str) -> tuple[str, int]:
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise Refused("bad_request", "An address with colons is written like [::1]:12345.")
        return _ip6(host), _port(rest[1:]) if rest else DEFAULT_PORT
    if text.count(":") > 1:
        return _ip6(text), DEFAULT_PORT
    host, colon, port = text.partition(":")
    if not _HOST.fullmatch(host):
        raise Refused("bad_request", "An address is a name or a number, such as localhost or harbour.example:12345.")
    return host, _port(port) if colon else DEFAULT_PORT


def _ip6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise Refused("bad_request", f"“{text}” is no address. One with colons is written like [::1]:12345.") from None


def _port(text: str) -> int:
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= 65_535:
        raise Refused("bad_request", f"A port is a number from 1 to 65535, this one is “{text}”.")
    return int(text)
