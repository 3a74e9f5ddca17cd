"""What `docs/protocol.md` says of HTTP is what the server answers to."""

import re
from typing import cast

from chatserver.files import Files
from chatserver.fronts.http import ROUTES
from chatserver.fronts.http.served import Served
from chatserver.session import Context
from tests.processes import ROOT


class _Anything:
    def __getattr__(self, name: str) -> "_Anything":
        return self


def test_every_route_stands_in_the_table() -> None:
    section = (ROOT / "docs/protocol.md").read_text("utf-8").split("\n## Files over HTTP\n")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `([A-Z]+ /[^?`]*)", section, re.MULTILINE))
    served = Served(cast(Context, _Anything()), cast(Files, _Anything()))
    routes = {f"{route.method} {route.path}" for make in ROUTES for route in make(served)}
    assert told == routes
