"""What `/openapi.json` says is what the server does: schemathesis asks it everything that the document allows, and much
that it does not."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from chatserver.fronts.http.openapi import document
from tests.processes import ServerProcess
from tests.server.peer import Peer

TOKEN = "token of alice 0123456789"


CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}  # a 413 is one too
schema = schemathesis.openapi.from_dict(document("Parley"), config=SchemathesisConfig.from_dict(CONFIG))
ONE_OF_THREE = {"before", "after", "around"}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server where alice moderates a room and has said something."""
    server = ServerProcess(tmp_path_factory.mktemp("described"), ("--limits", "off"))
    server.start()
    asyncio.run(say_something(server.port))
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    assert "Traceback" not in "".join(server.output), "".join(server.output)


async def say_something(port: int) -> None:
    alice = await Peer.sign_in(port, "alice", TOKEN)
    await alice.change("create", "garden")
    await alice.change("post", "garden", text="hello")
    await alice.close()


def test_the_document_is_the_one_that_is_served(described: str) -> None:
    with urllib.request.urlopen(f"{described}/openapi.json") as answer:
        assert json.load(answer) == json.loads(json.dumps(document("Parley")))


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_server_does_what_it_says(case: Case, described: str) -> None:
    if len(case.path_parameters.get("room", "")) % 2:  # a room that is there, every other time
        case.path_parameters["room"] = "garden"
    if isinstance(case.body, dict) and isinstance(number := case.body.get("reply_to"), float) and number.is_integer():
        case.body["reply_to"] = int(number)  # JSON knows no difference, and msgspec one
    several = len(ONE_OF_THREE & set(case.query)) > 1  # which the document can say in words alone
    unlike = [positive_data_acceptance] if several else []
    case.call_and_validate(described, headers={"Authorization": f"Bearer {TOKEN}"}, excluded_checks=unlike)
