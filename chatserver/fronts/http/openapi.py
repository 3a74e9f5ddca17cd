"""`/openapi.json`: the HTTP API described by the rows that it is made of (OpenAPI 3.1), made once at the start."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from aiohttp import web

from chatserver.fronts.http import api, hooks
from chatserver.fronts.http.answers import Failed
from chatserver.fronts.http.operations import Operation
from chatserver.fronts.http.served import Served
from chatserver.fronts.http.slack import FORM, Payload
from shared import rules

REF: Final = "#/components/schemas/{name}"
Schema = dict[str, Any]
_JSON: Final = "application/json"
_PARTS: Final = {
    "room": "A room by its name, or `@bob` for the conversation with bob",
    "hook": "The `id` of a hook; to post by it, what its `url` ends with",
}
_FAILED: Final = {
    "description": "Refused: the code says what kind of mistake it was, the message what to do",
    "content": {_JSON: {"schema": {"$ref": REF.format(name="Failed")}}},
}


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/openapi.json`."""
    body = msgspec.json.encode(document(served.context.settings.name))

    async def describe(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=_JSON)

    return [web.get("/openapi.json", describe)]


def document(name: str) -> Schema:
    """The whole description of a server called so."""
    operations: Sequence[Operation] = (*api.OPERATIONS, *hooks.OPERATIONS)
    kinds: list[type] = [Failed, Payload]
    for operation in operations:
        kinds += [kind for kind in (operation.query, operation.body, operation.answer) if kind is not None]
    _, components = msgspec.json.schema_components(kinds, ref_template=REF)
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, components)
    paths[hooks.PLACE]["post"] = _incoming()
    used = _reachable(paths, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": name,
            "version": str(rules.PROTOCOL),
            "description": "Rooms, messages, search and webhooks. The token is that of a device that has signed in "
            "(`hello` on the wire); it never stands in an address.",
        },
        "paths": paths,
        "components": {
            "schemas": {each: components[each] for each in sorted(used)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation, components: Schema) -> Schema:
    told: Schema = {
        "operationId": operation.name,
        "summary": operation.about,
        "security": [{"token": []}],
        "parameters": [*_parts(operation.path), *_query(components[operation.query.__name__])],
        "responses": {
            str(operation.status): _answer(operation.answer),
            "4XX": _FAILED,
            "5XX": _FAILED,
        },
    }
    if operation.body is not None:
        content = {_JSON: {"schema": {"$ref": REF.format(name=operation.body.__name__)}}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _incoming() -> Schema:
    payload = {"$ref": REF.format(name=Payload.__name__)}
    form = {"type": "object", "properties": {"payload": {"type": "string"}}, "required": ["payload"]}
    media = {"contentMediaType": _JSON, "contentSchema": payload}
    form["properties"] = {"payload": {"type": "string", **media}}
    return {
        "operationId": "post_by_hook",
        "summary": "Post by a hook, as programs post to one of Slack's",
        "security": [],
        "parameters": _parts(hooks.PLACE),
        "requestBody": {"required": True, "content": {_JSON: {"schema": payload}, FORM: {"schema": form}}},
        "responses": {
            "200": {"description": "It stands in the history", "content": {"text/plain": {"schema": {"const": "ok"}}}},
            "4XX": _FAILED,
            "5XX": _FAILED,
        },
    }


def _parts(path: str) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PARTS[name],
            "schema": {"type": "string", "minLength": 1},
        }
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query(schema: Schema) -> list[Schema]:
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": about}
        for name, about in schema.get("properties", {}).items()
    ]


def _answer(kind: type[msgspec.Struct] | None) -> Schema:
    if kind is None:
        return {"description": "Done"}
    return {"description": "Done", "content": {_JSON: {"schema": {"$ref": REF.format(name=kind.__name__)}}}}


def _reachable(paths: Schema, components: Schema) -> set[str]:
    """The schemas that the operations speak of, directly or through others."""
    found: set[str] = set()
    todo: list[Any] = [paths]
    while todo:
        match todo.pop():
            case {"$ref": str(ref)} if (name := ref.rpartition("/")[2]) not in found:
                found.add(name)
                todo.append(components[name])
            case dict() as mapping:
                todo += mapping.values()
            case list() as items:
                todo += items
    return found
