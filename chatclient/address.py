"""Where a server is, as people write it. PURE.

Accepts `harbour.example`, `harbour.example:7000`, `[::1]:7000`, `::1`, and an invitation or room link
`chat://HOST:PORT/ROOM?invite=CODE`, where `message=SEQ` may name a message. `chats://` is the same over TLS. Anything
else is refused with one sentence that can stand beside a field.
"""

import re
from ipaddress import IPv6Address
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from shared.errors import Refused
from shared.rules import DEFAULT_PORT

SCHEME = "chat"
TLS = "chats"
_HOST = re.compile(r"[^\s/?#@\[\]:,]+")
_SEQ = re.compile(r"[0-9]{1,18}", re.ASCII)
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)


class Address(NamedTuple):
    """A server, how to speak to it, and what a link says besides: the room to open, the invitation to show, and the
    message of the room (its seq, 0 for none)."""

    host: str
    port: int = DEFAULT_PORT
    room: str = ""
    invite: str | None = None
    message: int = 0
    tls: bool = False

    @property
    def server(self) -> str:
        """`host:port`, the port always there, after `chats://` with TLS: the key under which this device remembers a
        server."""
        return f"{self._before}{self._host}:{self.port}"

    @property
    def short(self) -> str:
        """As people write it: the port only where it is not the usual one."""
        return f"{self._before}{self._host}" if self.port == DEFAULT_PORT else self.server

    @property
    def text(self) -> str:
        """As it stands in a field: the link again where an invitation, a room or a message belongs to it."""
        if not self.room and self.invite is None:
            return self.short
        asked = {"invite": self.invite, "message": self.message or None}
        query = urlencode({key: value for key, value in asked.items() if value is not None}, quote_via=quote)
        place = f"{TLS if self.tls else SCHEME}://{self._host}:{self.port}/{quote(self.room)}"
        return f"{place}?{query}" if query else place

    @property
    def _before(self) -> str:
        return f"{TLS}://" if self.tls else ""

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
    if parts.scheme not in (SCHEME, TLS):
        raise Refused("bad_request", f"A link to a server begins with {SCHEME}://, this one with {parts.scheme}://.")
    if not parts.netloc:
        raise Refused("bad_request", "This link names no server. Ask for it again.")
    host, port = _host_port(parts.netloc)
    asked = parse_qs(parts.query)
    (code,), (message,) = asked.get("invite", [None])[:1], asked.get("message", ["0"])[:1]
    seq = int(message) if _SEQ.fullmatch(message) else 0
    return Address(host, port, unquote(parts.path).strip("/"), code, seq, parts.scheme == TLS)


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
