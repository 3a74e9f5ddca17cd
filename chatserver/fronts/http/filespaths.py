"""How `/openapi.json` describes files: what goes up and down is no JSON, so these paths are no rows of operations."""

from typing import Final

from chatserver.files.pictures import KINDS as PICTURES
from chatserver.fronts.http.answers import Failed
from chatserver.fronts.http.files import SMALL, Complete, Reached, UploadQuery
from chatserver.fronts.http.schemas import TOKEN, Schema, answer, answers, kind, parts, query
from shared.protocol import File

KINDS: Final = (File, UploadQuery, Reached, Complete)
"""The structs that the paths speak of."""
_BYTES: Final = "application/octet-stream"
_ASKED: Final = (
    ("Range", "One range of bytes: `bytes=0-99`, `bytes=100-`, `bytes=-10`; several, or nonsense, give the whole"),
    ("If-Range", "The `ETag` that the range is of; the whole where it is another one now"),
    ("If-None-Match", "The `ETag` of what one has: `304` where it is the same"),
)
_TOLD: Final = {
    "ETag": "The hash, in quotes",
    "Accept-Ranges": "`bytes`",
    "Cache-Control": "For this person alone, for ever: a hash never means other bytes",
}


def paths(components: Schema) -> dict[str, Schema]:
    """`/files` and `/uploads`; `components` are the schemas of `KINDS`."""
    return {
        "/files": {"post": _up(components)},
        "/uploads/{upload}": {
            "get": _asked("upload_progress", "How far an upload is, for a day", "/uploads/{upload}")
            | {"responses": answers(_200=answer({"anyOf": [kind(Reached), kind(Complete)]}))},
            "delete": _asked("drop_upload", "An upload is not wanted any more", "/uploads/{upload}")
            | {"responses": answers(_204=answer(None))},
        },
        "/files/{file}": _down("file", "A file's bytes; what is no picture comes as a download", (*PICTURES, _BYTES)),
        "/files/{file}/thumb": _down("thumbnail", "A small picture of a picture, 480 pixels at most", (SMALL,)),
    }


def _asked(name: str, about: str, path: str) -> Schema:
    return {"operationId": name, "summary": about, "security": TOKEN, "parameters": parts(path)}


def _up(components: Schema) -> Schema:
    return {
        "operationId": "upload_file",
        "summary": "Send a file, whole or in parts",
        "description": "Whole: `name` alone. In parts: `upload` is an id of the client's, `size` the bytes in all, and "
        "`offset` from where on these come. After a break ask how far it is and go on from there. `409` with an offset "
        "says that it goes on there; `409` with an error that the id was used for another file.",
        "security": TOKEN,
        "parameters": query(components, UploadQuery),
        "requestBody": {"description": "The bytes as they are", "content": {_BYTES: {"schema": {}}}},
        "responses": answers(
            _201=answer(kind(File), "All of it is there: post it by its `file`"),
            _202=answer(kind(Reached), "A part of it is there"),
            _409=answer({"anyOf": [kind(Reached), kind(Failed)]}, "It goes on elsewhere"),
        ),
    }


def _down(name: str, about: str, kinds: tuple[str, ...]) -> Schema:
    path = "/files/{file}" if name == "file" else "/files/{file}/thumb"
    headers = {header: {"description": why, "schema": {"type": "string"}} for header, why in _TOLD.items()}
    content: Schema = {media: {"schema": {}} for media in kinds}
    ranged = {"description": "The bytes that the header says", "schema": {"type": "string", "pattern": "^bytes "}}
    whole = {"description": "The bytes", "headers": headers, "content": content}
    said = [
        {"name": header, "in": "header", "required": False, "description": why, "schema": {"type": "string"}}
        for header, why in _ASKED
    ]
    same = {"description": "It is the same", "headers": {"ETag": headers["ETag"]}}
    told = _asked(f"download_{name}", about, path)
    told["parameters"] += said
    got = told | {
        "responses": answers(
            _200=whole,
            _206={"description": "A part of it", "headers": headers | {"Content-Range": ranged}, "content": content},
            _304=same,
        )
    }
    looked = told | {
        "operationId": f"look_at_{name}",
        "summary": f"{about}: the headers alone",
        "responses": {"200": {"description": "It is there", "headers": headers}, "304": same}
        | {status: {"description": "Refused"} for status in ("4XX", "5XX")},
    }
    return {"get": got, "head": looked}
