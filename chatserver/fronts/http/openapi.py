"""`/openapi.json`: the HTTP API described by the rows that it is made of (OpenAPI 3.1), made once at the start."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from aiohttp import web

from chatserver.fronts.http import api, filespaths, hooks
from chatserver.fronts.http.answers import Failed
from chatserver.fronts.http.operations import Operation
from chatserver.fronts.http.schemas import JSON, REF, TOKEN, Schema, answer, answers, kind, parts, query
from chatserver.fronts.http.served import Served
from chatserver.fronts.http.slack import FORM, Payload
from shared import rules


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/openapi.json`."""
    body = msgspec.json.encode(document(served.context.settings.name))

    async def describe(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=JSON)

    return [web.get("/openapi.json", describe)]


def document(name: str) -> Schema:
    """The whole description of a server called so."""
    operations: Sequence[Operation] = (*api.OPERATIONS, *hooks.OPERATIONS)
    kinds: list[type] = [Failed, Payload, *filespaths.KINDS]
    for operation in operations:
        kinds += [kind for kind in (operation.query, operation.body, operation.answer) if kind is not None]
    _, components = msgspec.json.schema_components(kinds, ref_template=REF)
    paths: dict[str, Schema] = filespaths.paths(components)
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, components)
    paths[hooks.PLACE]["post"] = _incoming()
    used = _reachable(paths, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": name,
            "version": str(rules.PROTOCOL),
            "description": "Rooms, messages, search, files and webhooks. The token is that of a device that has signed "
            "in (`hello` on the wire); it never stands in an address.",
        },
        "paths": paths,
        "components": {
            "schemas": {each: components[each] for each in sorted(used)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation, components: Schema) -> Schema:
    about = answer(kind(operation.answer) if operation.answer is not None else None)
    told: Schema = {
        "operationId": operation.name,
        "summary": operation.about,
        "security": TOKEN,
        "parameters": [*parts(operation.path), *query(components, operation.query)],
        "responses": answers(**{f"_{operation.status}": about}),
    }
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": kind(operation.body)}}}
    return told


def _incoming() -> Schema:
    media = {"contentMediaType": JSON, "contentSchema": kind(Payload)}
    form = {"type": "object", "properties": {"payload": {"type": "string", **media}}, "required": ["payload"]}
    said = {"description": "It stands in the history", "content": {"text/plain": {"schema": {"const": "ok"}}}}
    return {
        "operationId": "post_by_hook",
        "summary": "Post by a hook, as programs post to one of Slack's",
        "security": [],
        "parameters": parts(hooks.PLACE),
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": kind(Payload)}, FORM: {"schema": form}},
        },
        "responses": answers(_200=said),
    }


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
