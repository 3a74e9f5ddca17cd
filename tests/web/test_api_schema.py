"""What `/openapi.json` says is what the server does: schemathesis asks it everything that the document allows, and much
that it does not."""

import asyncio
import json
import re
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from chatserver.fronts.http.openapi import document
from shared import rules
from shared.errors import Refused
from tests.files.caller import Caller
from tests.files.samples import picture
from tests.processes import NewServer, standing

TOKEN = "token of alice ".ljust(40, ".")

CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}  # a 413 is one too
schema = schemathesis.openapi.from_dict(document("Parley"), config=SchemathesisConfig.from_dict(CONFIG))
ONE_OF_THREE = {"before", "after", "around"}


class Described(NamedTuple):
    """A server where alice moderates a room, has said something and has sent a picture."""

    address: str
    file: str


@pytest.fixture(scope="module")
def described(new_server: NewServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    with standing(new_server(tmp_path_factory.mktemp("described"), ("--limits", "off"))) as server:
        yield Described(f"http://127.0.0.1:{server.port}", asyncio.run(say_something(server.port)))


async def say_something(port: int) -> str:
    """The hash of her picture."""
    alice = await Caller.sign_in(port, "alice")
    assert alice.token == TOKEN
    await alice.change("create", "garden")
    file = await alice.upload(picture(), "roses.png")
    await alice.post("garden", file, text="hello")
    await alice.close()
    return file


def test_the_document_is_the_one_that_is_served(described: Described) -> None:
    with urllib.request.urlopen(f"{described.address}/openapi.json") as answer:
        assert json.load(answer) == json.loads(json.dumps(document("Parley")))


def said_in_words_alone(case: Case) -> bool:
    """Whether the request breaks a rule that a schema cannot say."""
    query = case.query or {}
    match case.operation.definition.raw["operationId"]:
        case "read_messages":
            return len(ONE_OF_THREE & set(query)) > 1
        case "search":
            return not query.get("text") and query.get("files") not in (True, "true")
        case "upload_file":
            return "upload" in query or not is_file_name(query.get("name", ""))
        case str(name):
            return name.startswith("download_") and "Range" in (case.headers or {})
    return False


def is_file_name(name: object) -> bool:
    try:
        return bool(rules.file_name(str(name)))
    except Refused:
        return False


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_server_does_what_it_says(case: Case, described: Described) -> None:
    if len(case.path_parameters.get("room", "")) % 2:  # a room that is there, every other time
        case.path_parameters["room"] = "garden"
    if re.fullmatch("[0-9a-f]{63}[0-7]", case.path_parameters.get("file", "")):  # and so with files
        case.path_parameters["file"] = described.file
    if isinstance(case.body, dict) and isinstance(number := case.body.get("reply_to"), float) and number.is_integer():
        case.body["reply_to"] = int(number)  # JSON knows no difference, and msgspec one
    unlike = [positive_data_acceptance] if said_in_words_alone(case) else []
    case.call_and_validate(described.address, headers={"Authorization": f"Bearer {TOKEN}"}, excluded_checks=unlike)
