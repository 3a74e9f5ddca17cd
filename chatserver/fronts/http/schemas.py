"""The pieces that a description of the API is made of (OpenAPI 3.1)."""

import re
from typing import Any, Final

import msgspec

from chatserver.fronts.http.answers import Failed

Schema = dict[str, Any]
REF: Final = "#/components/schemas/{name}"
JSON: Final = "application/json"
TOKEN: Final[list[Schema]] = [{"token": []}]
"""Who asks bears the token of a device."""
_PARTS: Final[dict[str, Schema]] = {
    "room": {"description": "A room by its name, or `@bob` for the conversation with bob"},
    "hook": {"description": "The `id` of a hook; to post by it, what its `url` ends with"},
    "file": {"description": "The SHA-256 of its bytes", "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
    "upload": {"description": "The id that the client gave the upload"},
}


def kind(of: type) -> Schema:
    """A struct by its name."""
    return {"$ref": REF.format(name=of.__name__)}


def answer(schema: Schema | None, about: str = "Done") -> Schema:
    """An answer of JSON, or one without a body."""
    if schema is None:
        return {"description": about}
    return {"description": about, "content": {JSON: {"schema": schema}}}


REFUSED: Final = answer(kind(Failed), "Refused: the code says what kind of mistake it was, the message what to do")


def answers(**by_status: Schema) -> Schema:
    """These (`_200` and so on), and the refusals."""
    return {status[1:]: about for status, about in by_status.items()} | {"4XX": REFUSED, "5XX": REFUSED}


def parts(path: str) -> list[Schema]:
    """The parts of a path that stand in braces."""
    common = {"in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return [{"name": name} | common | _PARTS[name] for name in re.findall(r"\{(\w+)\}", path)]


def query(components: Schema, of: type[msgspec.Struct]) -> list[Schema]:
    """The fields of a struct, as they stand behind the `?`."""
    schema = components[of.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": about}
        for name, about in schema.get("properties", {}).items()
    ]
