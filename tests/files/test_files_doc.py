"""What `docs/protocol.md` and `/openapi.json` say of HTTP is what the server answers to."""

import re
from types import ModuleType
from typing import Any, Final, cast

from chatserver.fronts.http import ROUTES, api, files, health, hooks, metrics, openapi, page, ws
from chatserver.fronts.http.served import Served
from tests.processes import ROOT

PARTS: Final = (health, metrics, ws, files, api, hooks)


class _Anything:
    def __getattr__(self, name: str) -> "_Anything":
        return self


def routes(*parts: ModuleType) -> set[str]:
    served = Served(*(cast(Any, _Anything()) for _ in Served._fields))
    return {f"{route.method} {route.path}" for make in parts for route in make.routes(served)}


def test_every_route_stands_in_a_table() -> None:
    told = re.findall(r"^\| `([A-Z]+ /[^?`]*)", (ROOT / "docs/protocol.md").read_text("utf-8"), re.MULTILINE)
    makers = [make for make in ROUTES if make not in (page.routes, openapi.routes)]  # the page's files are many
    assert {make.__module__ for make in makers} == {part.__name__ for part in PARTS}
    assert set(told) == routes(*PARTS) | {"GET /openapi.json"}


def test_every_route_of_the_api_is_described() -> None:
    paths = openapi.document("Parley")["paths"]
    described = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert {each for each in described if not each.startswith("HEAD ")} == routes(api, files, hooks)
