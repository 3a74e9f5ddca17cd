"""What `docs/protocol.md` says of HTTP is what the server answers to."""

import re
from typing import Any, cast

from chatserver.fronts.http import ROUTES, openapi, page
from chatserver.fronts.http.served import Served
from tests.processes import ROOT


class _Anything:
    def __getattr__(self, name: str) -> "_Anything":
        return self


def test_every_route_stands_in_a_table() -> None:
    told = re.findall(r"^\| `([A-Z]+ /[^?`]*)", (ROOT / "docs/protocol.md").read_text("utf-8"), re.MULTILINE)
    served = Served(*(cast(Any, _Anything()) for _ in Served._fields))
    makers = [make for make in ROUTES if make not in (page.routes, openapi.routes)]  # the page's files are many
    routes = {f"{route.method} {route.path}" for make in makers for route in make(served)}
    assert set(told) == routes | {"GET /openapi.json"}
