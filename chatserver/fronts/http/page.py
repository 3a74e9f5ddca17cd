"""The page: what lies in `chatserver/web`, read and hashed once at the start.

`index.html` is `/`, everything else stands below `/assets/` by its path. A browser asks anew each time and gets 304
where it has the same: an update of the server is never half a page. Nothing that the page shows may run: what it may
load, it loads from here, and there is no script in its text.
"""

import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from aiohttp import web

from chatserver.fronts.http import ranges
from chatserver.fronts.http.answers import Handler
from chatserver.fronts.http.served import Served

FOLDER: Final = Path(__file__).parents[2] / "web"
INDEX: Final = "index.html"
KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}
"""What is served, by its ending; anything else in the folder is not."""
PACKED: Final = frozenset({".html", ".css", ".js", ".json", ".txt", ".svg", ".webmanifest"})
"""What gets smaller by gzip."""
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""Everything from here, nothing inline, no HTML made of text (the last two), and no other page around this one."""
HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}


class Asset(NamedTuple):
    """One file, ready to be sent: as it is, and packed where that is smaller. Tags are in quotes."""

    kind: str
    body: bytes
    tag: str
    packed: bytes = b""


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/` and `/assets/…`."""
    assets = read(FOLDER)
    return [web.get(_address(name), _sender(asset)) for name, asset in assets.items()]


def read(folder: Path) -> dict[str, Asset]:
    """All files of a folder that can be served, by their path in it; blocking."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if kind := KINDS.get(path.suffix):
            body = path.read_bytes()
            packed = gzip.compress(body, mtime=0) if path.suffix in PACKED else b""
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            name = path.relative_to(folder).as_posix()
            found[name] = Asset(kind, body, tag, packed if len(packed) < len(body) else b"")
    return found


def _address(name: str) -> str:
    return "/" if name == INDEX else f"/assets/{name}"


def _sender(asset: Asset) -> Handler:
    async def send(request: web.Request) -> web.StreamResponse:
        # The tag is that of what is meant, weak where it comes packed: either form says that one has this file.
        packed = bool(asset.packed) and takes_gzip(request.headers.get("Accept-Encoding", ""))
        headers = HEADERS | {"ETag": f"W/{asset.tag}" if packed else asset.tag}
        if ranges.matches(request.headers.get("If-None-Match"), asset.tag):
            return web.Response(status=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
        headers["Content-Type"] = asset.kind
        return web.Response(body=asset.packed if packed else asset.body, headers=headers)

    return send


def takes_gzip(header: str) -> bool:
    """Whether `Accept-Encoding` names gzip and does not rule it out (RFC 9110, section 12.5.3)."""
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "x-gzip"):
            return weight.replace(" ", "").rstrip("0") not in ("q=", "q=0.")
    return False
