"""Whether a page may open a WebSocket here: only the one that this server itself serves. PURE.

A browser says from which page a connection comes (`Origin`), a program says nothing. The page must come from the host
that was asked. On loopback that is not enough: a page of anybody's can give its own name the address 127.0.0.1, and
then it asks a server that believes to be among friends. So there the host must be a name that only this machine has.
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from shared.errors import Refused

_PORTS: Final = {"http": 80, "https": 443}


def check(origin: str | None, host: str | None, *, loopback: bool, public: str | None) -> None:
    """`not_allowed` for a page from elsewhere. `loopback`: the server listens there alone; `public` is HOST[:PORT]."""
    if origin is None:
        return
    page = _place(origin)
    if page is None or page != _place(f"{origin.partition(':')[0]}://{host}"):
        raise Refused("not_allowed", "A page from elsewhere may not connect here.")
    name = page[0]
    if loopback and not _is_here(name) and name != _host(public):
        told = f"This server is for its own machine. To be reached as {name[:80]} it needs --public {name[:80]}."
        raise Refused("not_allowed", told)


def names_this_machine(host: str) -> bool:
    """Whether this `Host` is a name that only this machine has, or an address."""
    name = _host(host)
    return name is not None and _is_here(name)


def _host(public: str | None) -> str | None:
    place = _place(f"http://{public}") if public else None
    return place[0] if place else None


def _place(address: str) -> tuple[str, int] | None:
    """Host and port of an address; None where it is none."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None or parts.scheme not in _PORTS:
        return None
    return parts.hostname, port


def _is_here(host: str) -> bool:
    """Names that nobody can point at this machine from outside: addresses, and localhost."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
